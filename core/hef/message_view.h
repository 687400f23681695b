// Typed, read-only windows onto the messages of a HEF, one class a message of schema_messages.inc:
// proto::ProtoHEFHeader(bytes).hw_arch(). A window is a span; nothing is decoded before it is asked
// for, nothing is copied, absent fields read as 0 or empty as in protobuf. Looking for a field
// costs one pass over its message, which stops at the first hit: messages given to a window must
// have passed checkMessage() (message_check.h), which sees to it that no field stands there twice.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/schema.h"

#include <bit>
#include <iterator>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hefstudio {

namespace proto {
// clang-format off
#define HEF_ENUM(name) enum name : std::uint32_t {
#define HEF_VALUE(value, name, major, minor, goneMajor, goneMinor, meaning) name = value,
#define HEF_ENUM_END(name) };
#include "hef/schema_enums.inc"
#undef HEF_ENUM
#undef HEF_VALUE
#undef HEF_ENUM_END
// clang-format on
} // namespace proto

inline std::string_view asText(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

// The value of one number on the wire.
template<class T> T numberFromWire(std::uint64_t value)
{
    if constexpr (std::is_same_v<T, float>)
        return std::bit_cast<float>(static_cast<std::uint32_t>(value));
    else if constexpr (std::is_same_v<T, double>)
        return std::bit_cast<double>(value);
    else if constexpr (std::is_same_v<T, bool>)
        return value != 0;
    else
        return static_cast<T>(value);
}

template<class T> constexpr WireType wireTypeOf()
{
    if constexpr (std::is_same_v<T, float>)
        return WireType::fixed32;
    else if constexpr (std::is_same_v<T, double>)
        return WireType::fixed64;
    else
        return WireType::varint;
}

// The entries of a repeated message or string field, in order. Item is made from the entry's bytes.
template<class Item> class FieldRange {
public:
    class Iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = Item;
        using difference_type = std::ptrdiff_t;
        using reference = Item;
        using pointer = void;

        Iterator() = default;
        Iterator(std::span<const std::byte> bytes, std::uint32_t number)
            : m_reader(bytes), m_number(number)
        {
            ++*this;
        }
        Item operator*() const
        {
            if constexpr (std::is_same_v<Item, std::string_view>)
                return asText(m_field.payload);
            else
                return Item(m_field.payload);
        }
        Iterator &operator++()
        {
            m_isAtEnd = !m_reader.nextOf(m_number, WireType::bytes, m_field);
            return *this;
        }
        Iterator operator++(int)
        {
            Iterator before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(const Iterator &a, const Iterator &b)
        {
            return a.m_isAtEnd == b.m_isAtEnd &&
                   (a.m_isAtEnd || a.m_field.whole.data() == b.m_field.whole.data());
        }

    private:
        WireReader m_reader;
        WireField m_field;
        std::uint32_t m_number = 0;
        bool m_isAtEnd = true;
    };

    FieldRange() = default;
    FieldRange(std::span<const std::byte> bytes, std::uint32_t number)
        : m_bytes(bytes), m_number(number)
    {
    }
    Iterator begin() const { return Iterator(m_bytes, m_number); }
    Iterator end() const { return Iterator(); }
    bool empty() const { return begin() == end(); }
    std::size_t size() const // one pass
    {
        return static_cast<std::size_t>(std::distance(begin(), end()));
    }
    Item operator[](std::size_t index) const // one pass; an empty item past the end
    {
        for (const Item &item : *this) {
            if (index-- == 0)
                return item;
        }
        return Item();
    }

private:
    std::span<const std::byte> m_bytes;
    std::uint32_t m_number = 0;
};

class MessageView {
public:
    MessageView() = default;
    explicit MessageView(std::span<const std::byte> bytes) : m_bytes(bytes) {}
    std::span<const std::byte> bytes() const { return m_bytes; }

protected:
    bool find(std::uint32_t number, WireType type, WireField &field) const
    {
        return findField(m_bytes, number, type, field);
    }
    bool isPresent(std::uint32_t number, WireType type) const
    {
        WireField field;
        return find(number, type, field);
    }
    template<class T> T readNumber(std::uint32_t number) const
    {
        WireField field;
        return find(number, wireTypeOf<T>(), field) ? numberFromWire<T>(field.value) : T();
    }
    std::span<const std::byte> readPayload(std::uint32_t number) const
    {
        WireField field;
        return find(number, WireType::bytes, field) ? field.payload : std::span<const std::byte>();
    }
    // Packed, one by one, or both.
    template<class T> std::vector<T> readNumbers(std::uint32_t number) const;
    // The member of the oneof that is set; 0 when none is. Every member is a message.
    std::uint32_t memberAmong(std::uint64_t numbers) const
    {
        WireReader reader(m_bytes);
        WireField field;
        while (reader.next(field)) {
            if (field.number < 64 && (numbers >> field.number & 1) != 0 &&
                field.type == WireType::bytes)
                return field.number;
        }
        return 0;
    }

private:
    std::span<const std::byte> m_bytes;
};

template<class T> std::vector<T> MessageView::readNumbers(std::uint32_t number) const
{
    std::vector<T> all;
    WireReader reader(m_bytes);
    WireField field;
    while (reader.next(field)) {
        if (field.number != number)
            continue;
        if (field.type == wireTypeOf<T>())
            all.push_back(numberFromWire<T>(field.value));
        if (field.type != WireType::bytes)
            continue;
        constexpr WireType type = wireTypeOf<T>();
        for (std::size_t at = 0; at < field.payload.size();) {
            std::uint64_t value = 0;
            if constexpr (type == WireType::varint) {
                if (!readVarint(field.payload, at, value))
                    break;
            } else {
                if (field.payload.size() - at < sizeof(T))
                    break;
                for (std::size_t i = 0; i < sizeof(T); ++i)
                    value |= std::to_integer<std::uint64_t>(field.payload[at + i]) << 8 * i;
                at += sizeof(T);
            }
            all.push_back(numberFromWire<T>(value));
        }
    }
    return all;
}

// The classes. Getters of messages are templates only so that a class may be named before it is
// complete.
namespace proto {
// clang-format off
#define HEF_MESSAGE(name) class name;
#define HEF_FIELD(number, label, kind, type, name, major, minor, meaning)
#define HEF_MESSAGE_END(name)
#include "hef/schema_messages.inc"
#undef HEF_MESSAGE
#undef HEF_FIELD
#undef HEF_MESSAGE_END

#define HEF_BIT_singular(number) 0
#define HEF_BIT_optional(number) 0
#define HEF_BIT_repeated(number) 0
#define HEF_BIT_member(number) std::uint64_t(1) << (number)
#define HEF_MESSAGE(name) inline constexpr std::uint64_t membersOf##name = 0
#define HEF_FIELD(number, label, kind, type, name, major, minor, meaning) | (HEF_BIT_##label(number))
#define HEF_MESSAGE_END(name) ;
#include "hef/schema_messages.inc"
#undef HEF_MESSAGE
#undef HEF_FIELD
#undef HEF_MESSAGE_END
#undef HEF_BIT_singular
#undef HEF_BIT_optional
#undef HEF_BIT_repeated
#undef HEF_BIT_member

#define HEF_ONE_NUMBER(no, name, T) T name() const { return readNumber<T>(no); }
#define HEF_GET_singular_int32(no, type, name) HEF_ONE_NUMBER(no, name, std::int32_t)
#define HEF_GET_singular_uint32(no, type, name) HEF_ONE_NUMBER(no, name, std::uint32_t)
#define HEF_GET_singular_uint64(no, type, name) HEF_ONE_NUMBER(no, name, std::uint64_t)
#define HEF_GET_singular_boolean(no, type, name) HEF_ONE_NUMBER(no, name, bool)
#define HEF_GET_singular_float32(no, type, name) HEF_ONE_NUMBER(no, name, float)
#define HEF_GET_singular_float64(no, type, name) HEF_ONE_NUMBER(no, name, double)
#define HEF_GET_singular_enumeration(no, type, name) \
    type name() const { return static_cast<type>(readNumber<std::uint32_t>(no)); }
#define HEF_GET_singular_string(no, type, name) \
    std::string_view name() const { return asText(readPayload(no)); }
#define HEF_GET_singular_bytes(no, type, name) \
    std::span<const std::byte> name() const { return readPayload(no); }
#define HEF_GET_singular_message(no, type, name) \
    bool has_##name() const { return isPresent(no, WireType::bytes); } \
    template<class Message = type> Message name() const { return Message(readPayload(no)); }
#define HEF_GET_member_message(no, type, name) HEF_GET_singular_message(no, type, name)
#define HEF_GET_optional_uint32(no, type, name) \
    bool has_##name() const { return isPresent(no, WireType::varint); } \
    HEF_ONE_NUMBER(no, name, std::uint32_t)
#define HEF_GET_repeated_float32(no, type, name) \
    std::vector<float> name() const { return readNumbers<float>(no); }
#define HEF_GET_repeated_float64(no, type, name) \
    std::vector<double> name() const { return readNumbers<double>(no); }
#define HEF_GET_repeated_uint32(no, type, name) \
    std::vector<std::uint32_t> name() const { return readNumbers<std::uint32_t>(no); }
#define HEF_GET_repeated_string(no, type, name) \
    FieldRange<std::string_view> name() const { return {bytes(), no}; }
#define HEF_GET_repeated_message(no, type, name) \
    FieldRange<type> name() const { return {bytes(), no}; }

#define HEF_MESSAGE(name) \
    class name : public MessageView { \
    public: \
        static constexpr MessageId id = MessageId::name; \
        static constexpr std::uint64_t members = membersOf##name; \
        using MessageView::MessageView; \
        std::uint32_t member() const { return memberAmong(members); }
#define HEF_FIELD(no, label, kind, type, name, major, minor, meaning) \
        static constexpr std::uint32_t name##_number = no; \
        HEF_GET_##label##_##kind(no, type, name)
#define HEF_MESSAGE_END(name) };
#include "hef/schema_messages.inc"
#undef HEF_MESSAGE
#undef HEF_FIELD
#undef HEF_MESSAGE_END
#undef HEF_ONE_NUMBER
#undef HEF_GET_singular_int32
#undef HEF_GET_singular_uint32
#undef HEF_GET_singular_uint64
#undef HEF_GET_singular_boolean
#undef HEF_GET_singular_float32
#undef HEF_GET_singular_float64
#undef HEF_GET_singular_enumeration
#undef HEF_GET_singular_string
#undef HEF_GET_singular_bytes
#undef HEF_GET_singular_message
#undef HEF_GET_member_message
#undef HEF_GET_optional_uint32
#undef HEF_GET_repeated_float32
#undef HEF_GET_repeated_float64
#undef HEF_GET_repeated_uint32
#undef HEF_GET_repeated_string
#undef HEF_GET_repeated_message
// clang-format on
} // namespace proto

} // namespace hefstudio
