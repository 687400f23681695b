// A message of a HEF as a tree that can be changed and written: what the writer fills, and what a
// file becomes when it is edited. Fields keep the order they have in the file; what the schema does
// not know is kept byte for byte, so encode() gives back the bytes decode() was given wherever the
// varints in them were the shortest possible. The typed setters are in message_edit.h.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "hef/schema.h"

#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace hefstudio {

enum class MessageForm {
    asWritten, // every field where it stands
    merged,    // fields given twice become one, as protobuf reads them
};

class MessageNode {
public:
    explicit MessageNode(MessageId id) : m_id(id) {}
    MessageNode(MessageNode &&) = default;
    MessageNode &operator=(MessageNode &&) = default;

    // Borrows from `bytes`, which must outlive the tree. Nothing when they are no message or nested
    // more than 100 deep.
    static std::optional<MessageNode> decode(MessageId id, std::span<const std::byte> bytes,
                                             MessageForm form = MessageForm::asWritten);
    Bytes encode() const;

    MessageId id() const { return m_id; }

    // Numbers as they travel (floats as their bits). A singular field of 0 is not written unless
    // its presence counts.
    void setNumber(std::uint32_t number, std::uint64_t value);
    void addNumber(std::uint32_t number, std::uint64_t value); // repeated: packed
    void setBytes(std::uint32_t number, std::span<const std::byte> bytes);
    void addBytes(std::uint32_t number, std::span<const std::byte> bytes);
    // The child stays where it is while its parent lives. Of a oneof, the other members go.
    MessageNode &child(std::uint32_t number); // made when absent
    MessageNode &addChild(std::uint32_t number);
    // Entry `index` of a repeated message; nullptr when there are fewer.
    MessageNode *childAt(std::uint32_t number, std::size_t index);
    std::size_t count(std::uint32_t number) const;
    void clear(std::uint32_t number);
    void eraseAt(std::uint32_t number, std::size_t index);

private:
    struct Field {
        std::uint32_t number = 0;
        WireType type = WireType::varint;
        std::uint64_t value = 0;
        // Bytes of the file, bytes of our own, or a message; a group keeps its tags.
        std::variant<std::span<const std::byte>, Bytes, std::unique_ptr<MessageNode>> content;
    };

    bool read(std::span<const std::byte> bytes, MessageForm form, int depth);
    bool readField(const WireField &from, MessageForm form, int depth);
    const FieldInfo &info(std::uint32_t number) const;
    Field *find(std::uint32_t number, WireType type);
    Field &insert(std::uint32_t number, WireType type);
    void clearOtherMembers(std::uint32_t number);
    std::size_t measure() const;
    void write(Bytes &to) const;

    MessageId m_id;
    std::vector<Field> m_fields;
    mutable std::size_t m_size = 0; // of the encoding, while one is made
};

} // namespace hefstudio
