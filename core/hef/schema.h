// The schema of the message in a HEF as a table compiled in: messages, fields, enumerations, each
// with the first release that has it and a sentence on what it means. Superset of HailoRT 4.6 to
// 5.2; the rows are in schema_messages.inc and schema_enums.inc.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/wire.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hefstudio {

struct SchemaRelease {
    int major = 0;
    int minor = 0;

    std::string text() const { return std::to_string(major) + '.' + std::to_string(minor); }
    friend auto operator<=>(const SchemaRelease &, const SchemaRelease &) = default;
};

enum class FieldKind : std::uint8_t {
    int32,
    uint32,
    uint64,
    boolean,
    float32,
    float64,
    string,
    bytes,
    enumeration,
    message,
};

enum class FieldLabel : std::uint8_t {
    singular,
    optional, // explicit presence
    member,   // of the message's oneof; no message has two
    repeated,
};

// clang-format off
enum class MessageId : std::uint16_t {
#define HEF_MESSAGE(name) name,
#define HEF_FIELD(number, label, kind, type, name, major, minor, meaning)
#define HEF_MESSAGE_END(name)
#include "hef/schema_messages.inc"
#undef HEF_MESSAGE
#undef HEF_FIELD
#undef HEF_MESSAGE_END
    none,
};

enum class EnumId : std::uint16_t {
#define HEF_ENUM(name) name,
#define HEF_VALUE(value, name, major, minor, goneMajor, goneMinor, meaning)
#define HEF_ENUM_END(name)
#include "hef/schema_enums.inc"
#undef HEF_ENUM
#undef HEF_VALUE
#undef HEF_ENUM_END
    none,
};
// clang-format on

struct FieldInfo {
    std::uint32_t number = 0;
    FieldLabel label = FieldLabel::singular;
    FieldKind kind = FieldKind::bytes;
    std::string_view name;
    MessageId message = MessageId::none; // kind message
    EnumId enumeration = EnumId::none;   // kind enumeration
    SchemaRelease since;
    std::string_view meaning;

    bool isRepeated() const { return label == FieldLabel::repeated; }
    // How one value travels; repeated numbers may also come packed into one bytes field.
    WireType wireType() const
    {
        switch (kind) {
        case FieldKind::float32:
            return WireType::fixed32;
        case FieldKind::float64:
            return WireType::fixed64;
        case FieldKind::string:
        case FieldKind::bytes:
        case FieldKind::message:
            return WireType::bytes;
        default:
            return WireType::varint;
        }
    }
    bool isNumber() const { return wireType() != WireType::bytes; }
};

struct MessageInfo {
    MessageId id = MessageId::none;
    std::string_view name;
    std::span<const FieldInfo> fields; // by number

    // Nullptr when the schema has no such field.
    const FieldInfo *field(std::uint32_t number) const;
    const FieldInfo *field(std::string_view name) const;
};

struct EnumValueInfo {
    std::uint32_t value = 0;
    std::string_view name;
    SchemaRelease since;
    std::optional<SchemaRelease> gone; // first release without it
    std::string_view meaning;
};

struct EnumInfo {
    EnumId id = EnumId::none;
    std::string_view name;
    std::span<const EnumValueInfo> values;

    const EnumValueInfo *value(std::uint32_t value) const; // the newest name; nullptr when unknown
};

const MessageInfo &messageInfo(MessageId id);
const EnumInfo &enumInfo(EnumId id);
std::span<const MessageInfo> allMessages();
std::span<const EnumInfo> allEnums();
inline constexpr MessageId rootMessage = MessageId::ProtoHEFHef;

} // namespace hefstudio
