// Typed handles for filling a MessageNode, one class a message of schema_messages.inc:
// edit::ProtoHEFHeader(node).set_hw_arch(...). A handle points into the tree and is copied freely;
// the tree must outlive it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/message_node.h"
#include "hef/message_view.h"

namespace hefstudio {

template<class T> std::uint64_t numberToWire(T value)
{
    if constexpr (std::is_same_v<T, float>)
        return std::bit_cast<std::uint32_t>(value);
    else if constexpr (std::is_same_v<T, double>)
        return std::bit_cast<std::uint64_t>(value);
    else if constexpr (std::is_same_v<T, std::int32_t>)
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(value)); // sign-extended
    else
        return static_cast<std::uint64_t>(value);
}

class MessageEdit {
public:
    explicit MessageEdit(MessageNode &node) : m_node(&node) {}
    MessageNode &node() const { return *m_node; }

private:
    MessageNode *m_node;
};

namespace edit {
// clang-format off
#define HEF_MESSAGE(name) class name;
#define HEF_FIELD(number, label, kind, type, name, major, minor, meaning)
#define HEF_MESSAGE_END(name)
#include "hef/schema_messages.inc"
#undef HEF_MESSAGE
#undef HEF_FIELD
#undef HEF_MESSAGE_END

#define HEF_SET_NUMBER(no, name, T) \
    void set_##name(T value) const { node().setNumber(no, numberToWire<T>(value)); }
#define HEF_ADD_NUMBER(no, name, T) \
    void add_##name(T value) const { node().addNumber(no, numberToWire<T>(value)); }
#define HEF_SET_singular_int32(no, type, name) HEF_SET_NUMBER(no, name, std::int32_t)
#define HEF_SET_singular_uint32(no, type, name) HEF_SET_NUMBER(no, name, std::uint32_t)
#define HEF_SET_singular_uint64(no, type, name) HEF_SET_NUMBER(no, name, std::uint64_t)
#define HEF_SET_singular_boolean(no, type, name) HEF_SET_NUMBER(no, name, bool)
#define HEF_SET_singular_float32(no, type, name) HEF_SET_NUMBER(no, name, float)
#define HEF_SET_singular_float64(no, type, name) HEF_SET_NUMBER(no, name, double)
#define HEF_SET_singular_enumeration(no, type, name) HEF_SET_NUMBER(no, name, proto::type)
#define HEF_SET_optional_uint32(no, type, name) HEF_SET_NUMBER(no, name, std::uint32_t)
#define HEF_SET_singular_string(no, type, name) \
    void set_##name(std::string_view text) const { node().setBytes(no, asBytes(text)); }
#define HEF_SET_singular_bytes(no, type, name) \
    void set_##name(std::span<const std::byte> bytes) const { node().setBytes(no, bytes); }
#define HEF_SET_singular_message(no, type, name) \
    template<class Edit = type> Edit mutable_##name() const { return Edit(node().child(no)); }
#define HEF_SET_member_message(no, type, name) HEF_SET_singular_message(no, type, name)
#define HEF_SET_repeated_float32(no, type, name) HEF_ADD_NUMBER(no, name, float)
#define HEF_SET_repeated_float64(no, type, name) HEF_ADD_NUMBER(no, name, double)
#define HEF_SET_repeated_uint32(no, type, name) HEF_ADD_NUMBER(no, name, std::uint32_t)
#define HEF_SET_repeated_string(no, type, name) \
    void add_##name(std::string_view text) const { node().addBytes(no, asBytes(text)); }
#define HEF_SET_repeated_message(no, type, name) \
    template<class Edit = type> Edit add_##name() const { return Edit(node().addChild(no)); } \
    template<class Edit = type> Edit mutable_##name(std::size_t index) const \
    { \
        return Edit(*node().childAt(no, index)); \
    }

#define HEF_MESSAGE(name) \
    class name : public MessageEdit { \
    public: \
        using MessageEdit::MessageEdit;
#define HEF_FIELD(no, label, kind, type, name, major, minor, meaning) \
        HEF_SET_##label##_##kind(no, type, name) \
        void clear_##name() const { node().clear(no); }
#define HEF_MESSAGE_END(name) };
#include "hef/schema_messages.inc"
#undef HEF_MESSAGE
#undef HEF_FIELD
#undef HEF_MESSAGE_END
#undef HEF_SET_NUMBER
#undef HEF_ADD_NUMBER
#undef HEF_SET_singular_int32
#undef HEF_SET_singular_uint32
#undef HEF_SET_singular_uint64
#undef HEF_SET_singular_boolean
#undef HEF_SET_singular_float32
#undef HEF_SET_singular_float64
#undef HEF_SET_singular_enumeration
#undef HEF_SET_optional_uint32
#undef HEF_SET_singular_string
#undef HEF_SET_singular_bytes
#undef HEF_SET_singular_message
#undef HEF_SET_member_message
#undef HEF_SET_repeated_float32
#undef HEF_SET_repeated_float64
#undef HEF_SET_repeated_uint32
#undef HEF_SET_repeated_string
#undef HEF_SET_repeated_message
// clang-format on
} // namespace edit

} // namespace hefstudio
