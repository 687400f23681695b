// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/schema.h"

#include <algorithm>
#include <array>

namespace hefstudio {

namespace {

// The words of the tables, as types.
namespace label {
constexpr auto singular = FieldLabel::singular;
constexpr auto optional = FieldLabel::optional;
constexpr auto member = FieldLabel::member;
constexpr auto repeated = FieldLabel::repeated;
} // namespace label
namespace kind {
[[maybe_unused]] constexpr auto int32 = FieldKind::int32;
constexpr auto uint32 = FieldKind::uint32;
constexpr auto uint64 = FieldKind::uint64;
constexpr auto boolean = FieldKind::boolean;
constexpr auto float32 = FieldKind::float32;
constexpr auto float64 = FieldKind::float64;
constexpr auto string = FieldKind::string;
constexpr auto bytes = FieldKind::bytes;
constexpr auto enumeration = FieldKind::enumeration;
constexpr auto message = FieldKind::message;
} // namespace kind

// A type name of the table stands for a message or an enumeration; only one of the two resolves.
constexpr MessageId messageNamed(std::string_view name)
{
    constexpr std::string_view names[] = {
#define HEF_MESSAGE(name) #name,
#define HEF_FIELD(number, label, kind, type, name, major, minor, meaning)
#define HEF_MESSAGE_END(name)
#include "hef/schema_messages.inc"
#undef HEF_MESSAGE
#undef HEF_FIELD
#undef HEF_MESSAGE_END
    };
    for (std::size_t i = 0; i < std::size(names); ++i) {
        if (names[i] == name)
            return static_cast<MessageId>(i);
    }
    return MessageId::none;
}

constexpr EnumId enumNamed(std::string_view name)
{
    constexpr std::string_view names[] = {
#define HEF_ENUM(name) #name,
#define HEF_VALUE(value, name, major, minor, goneMajor, goneMinor, meaning)
#define HEF_ENUM_END(name)
#include "hef/schema_enums.inc"
#undef HEF_ENUM
#undef HEF_VALUE
#undef HEF_ENUM_END
    };
    for (std::size_t i = 0; i < std::size(names); ++i) {
        if (names[i] == name)
            return static_cast<EnumId>(i);
    }
    return EnumId::none;
}

constexpr std::optional<SchemaRelease> goneIn(int major, int minor)
{
    return major == 0 ? std::nullopt : std::optional(SchemaRelease{major, minor});
}

// Each array ends with an empty row, because some messages have no field.
// clang-format off
#define HEF_MESSAGE(name) constexpr FieldInfo fieldsOf##name[] = {
#define HEF_FIELD(number, label_, kind_, type, name, major, minor, meaning) \
    FieldInfo{number, label::label_, kind::kind_, #name, messageNamed(#type), enumNamed(#type), \
              {major, minor}, meaning},
#define HEF_MESSAGE_END(name) FieldInfo{}};
#include "hef/schema_messages.inc"
#undef HEF_MESSAGE
#undef HEF_FIELD
#undef HEF_MESSAGE_END

constexpr MessageInfo messages[] = {
#define HEF_MESSAGE(name) \
    MessageInfo{MessageId::name, #name, std::span(fieldsOf##name).first(std::size(fieldsOf##name) - 1)},
#define HEF_FIELD(number, label, kind, type, name, major, minor, meaning)
#define HEF_MESSAGE_END(name)
#include "hef/schema_messages.inc"
#undef HEF_MESSAGE
#undef HEF_FIELD
#undef HEF_MESSAGE_END
};

#define HEF_ENUM(name) constexpr EnumValueInfo valuesOf##name[] = {
#define HEF_VALUE(value, name, major, minor, goneMajor, goneMinor, meaning) \
    EnumValueInfo{value, #name, {major, minor}, goneIn(goneMajor, goneMinor), meaning},
#define HEF_ENUM_END(name) };
#include "hef/schema_enums.inc"
#undef HEF_ENUM
#undef HEF_VALUE
#undef HEF_ENUM_END

constexpr EnumInfo enums[] = {
#define HEF_ENUM(name) EnumInfo{EnumId::name, #name, valuesOf##name},
#define HEF_VALUE(value, name, major, minor, goneMajor, goneMinor, meaning)
#define HEF_ENUM_END(name)
#include "hef/schema_enums.inc"
#undef HEF_ENUM
#undef HEF_VALUE
#undef HEF_ENUM_END
};
// clang-format on

} // namespace

const FieldInfo *MessageInfo::field(std::uint32_t number) const
{
    // Most messages number their fields 1, 2, 3 …
    if (number >= 1 && number <= fields.size() && fields[number - 1].number == number)
        return &fields[number - 1];
    const auto found = std::ranges::lower_bound(fields, number, {}, &FieldInfo::number);
    return found != fields.end() && found->number == number ? &*found : nullptr;
}

const FieldInfo *MessageInfo::field(std::string_view wanted) const
{
    const auto found = std::ranges::find(fields, wanted, &FieldInfo::name);
    return found == fields.end() ? nullptr : &*found;
}

const EnumValueInfo *EnumInfo::value(std::uint32_t wanted) const
{
    const EnumValueInfo *best = nullptr;
    for (const EnumValueInfo &candidate : values) {
        if (candidate.value == wanted && (!best || best->gone))
            best = &candidate;
    }
    return best;
}

const MessageInfo &messageInfo(MessageId id)
{
    return messages[static_cast<std::size_t>(id)];
}
const EnumInfo &enumInfo(EnumId id)
{
    return enums[static_cast<std::size_t>(id)];
}
std::span<const MessageInfo> allMessages()
{
    return messages;
}
std::span<const EnumInfo> allEnums()
{
    return enums;
}

} // namespace hefstudio
