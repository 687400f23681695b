// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/field_text.h"

#include "hef/message_view.h"

#include <array>
#include <charconv>
#include <ctime>

namespace hefstudio {

namespace {

constexpr std::size_t mostBytesShown = 16;
constexpr std::size_t mostNumbersShown = 16;

std::string hexText(std::span<const std::byte> bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const std::byte b : bytes.first(std::min(bytes.size(), mostBytesShown))) {
        text += text.empty() ? "" : " ";
        text += digits[std::to_integer<unsigned>(b) >> 4];
        text += digits[std::to_integer<unsigned>(b) & 15];
    }
    return bytes.size() > mostBytesShown ? text + " …" : text;
}

std::string blobText(std::span<const std::byte> bytes)
{
    return bytes.empty() ? bytesText(0) : bytesText(bytes.size()) + ": " + hexText(bytes);
}

std::string oneNumberText(const FieldInfo &field, std::uint64_t value)
{
    switch (field.kind) {
    case FieldKind::int32:
        return std::to_string(numberFromWire<std::int32_t>(value));
    case FieldKind::uint32:
        return std::to_string(numberFromWire<std::uint32_t>(value));
    case FieldKind::boolean:
        return value != 0 ? "true" : "false";
    case FieldKind::float32:
        return numberText(numberFromWire<float>(value));
    case FieldKind::float64:
        return numberText(numberFromWire<double>(value));
    case FieldKind::enumeration: {
        const auto number = static_cast<std::uint32_t>(value);
        const EnumValueInfo *known = enumInfo(field.enumeration).value(number);
        return std::to_string(number) + (known ? ' ' + std::string(known->name) : std::string());
    }
    default:
        return std::to_string(value);
    }
}

std::string packedText(const FieldInfo &field, std::span<const std::byte> bytes)
{
    std::string text = "[";
    std::size_t count = 0;
    for (std::size_t at = 0; at < bytes.size(); ++count) {
        std::uint64_t value = 0;
        if (field.wireType() == WireType::varint) {
            if (!readVarint(bytes, at, value))
                break;
        } else {
            const std::size_t width = field.wireType() == WireType::fixed32 ? 4 : 8;
            if (bytes.size() - at < width)
                break;
            for (std::size_t i = 0; i < width; ++i)
                value |= std::to_integer<std::uint64_t>(bytes[at + i]) << 8 * i;
            at += width;
        }
        if (count < mostNumbersShown)
            text += (count == 0 ? "" : ", ") + oneNumberText(field, value);
    }
    if (count > mostNumbersShown)
        text += ", … " + groupedText(count) + " in all";
    return text + "]";
}

template<class Number> std::string shortest(Number value)
{
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end.ptr};
}

} // namespace

std::string groupedText(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::ptrdiff_t at = std::ptrdiff_t(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), " ");
    return digits;
}

std::string countedText(std::uint64_t number, const char *noun)
{
    return groupedText(number) + ' ' + noun + (number == 1 ? "" : "s");
}

std::string bytesText(std::uint64_t bytes)
{
    return countedText(bytes, "byte");
}

std::string dateText(std::uint64_t milliseconds)
{
    const auto seconds = static_cast<std::time_t>(milliseconds / 1000);
    std::tm utc{};
    std::array<char, 64> text{};
    // A hostile stamp may lie beyond what a calendar holds.
    constexpr std::uint64_t year9999 = 253402300799ULL * 1000;
    if (milliseconds > year9999 || !gmtime_r(&seconds, &utc) ||
        std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &utc) == 0)
        return "an impossible time";
    return text.data();
}

std::string clustersText(std::uint32_t bitmap)
{
    std::string text;
    for (int cluster = 0; cluster < 32; ++cluster) {
        if ((bitmap >> cluster & 1) != 0)
            text += (text.empty() ? "clusters " : ", ") + std::to_string(cluster);
    }
    return text.empty() ? "no cluster" : text;
}

std::string quotedText(std::string_view text)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string quoted = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            quoted += "\\x";
            quoted += digits[byte >> 4];
            quoted += digits[byte & 15];
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

std::string numberText(double value)
{
    // A float of the file keeps its few digits.
    const auto single = static_cast<float>(value);
    return static_cast<double>(single) == value ? shortest(single) : shortest(value);
}

std::string fieldTypeText(const FieldInfo &field)
{
    static constexpr std::array names{"int32", "uint32", "uint64", "bool",
                                      "float", "double", "string", "bytes"};
    if (field.kind == FieldKind::message)
        return std::string(messageInfo(field.message).name);
    if (field.kind == FieldKind::enumeration)
        return std::string(enumInfo(field.enumeration).name);
    return names[static_cast<std::size_t>(field.kind)];
}

std::string fieldValueText(const FieldInfo &field, const WireField &wire)
{
    if (field.kind == FieldKind::string)
        return quotedText(asText(wire.payload));
    if (field.kind == FieldKind::bytes)
        return blobText(wire.payload);
    return wire.type == WireType::bytes ? packedText(field, wire.payload)
                                        : oneNumberText(field, wire.value);
}

std::string unknownValueText(const WireField &wire)
{
    switch (wire.type) {
    case WireType::bytes:
    case WireType::group:
        return blobText(wire.payload);
    default:
        return std::to_string(wire.value);
    }
}

std::string messageLine(MessageId id, std::span<const std::byte> message)
{
    std::string line;
    for (const FieldInfo &field : messageInfo(id).fields) {
        WireReader reader(message);
        WireField wire;
        bool isThere = false;
        while (!isThere && reader.next(wire))
            isThere = wire.number == field.number && wire.type == field.wireType();
        const bool isSkipped = !isThere && (!field.isNumber() || field.isRepeated());
        if (isSkipped)
            continue;
        if (!line.empty())
            line += ", ";
        line += field.name;
        line += ' ';
        if (field.kind == FieldKind::message)
            line += '(' + messageLine(field.message, wire.payload) + ')';
        else
            line += isThere ? fieldValueText(field, wire) : oneNumberText(field, 0);
    }
    return line;
}

} // namespace hefstudio
