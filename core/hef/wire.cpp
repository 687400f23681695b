// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/wire.h"

namespace hefstudio {

namespace {

constexpr std::size_t longestVarint = 10;
constexpr int deepestGroup = 100; // as protobuf

} // namespace

bool readLongVarint(std::span<const std::byte> bytes, std::size_t &at, std::uint64_t &value)
{
    std::uint64_t result = 0;
    for (std::size_t i = 0; i < longestVarint && i < bytes.size() - at; ++i) {
        const auto byte = std::to_integer<std::uint64_t>(bytes[at + i]);
        result |= (byte & 0x7f) << 7 * i;
        if (byte < 0x80) {
            at += i + 1;
            value = result;
            return true;
        }
    }
    return false;
}

bool WireReader::readRare(WireField &field)
{
    field.value = 0;
    field.payload = {};
    switch (field.type) {
    case WireType::fixed64:
    case WireType::fixed32: {
        const std::size_t size = field.type == WireType::fixed64 ? 8 : 4;
        if (m_bytes.size() - m_at < size)
            return false;
        for (std::size_t i = 0; i < size; ++i)
            field.value |= std::to_integer<std::uint64_t>(m_bytes[m_at + i]) << 8 * i;
        m_at += size;
        return true;
    }
    case WireType::group:
        return skipGroup(field, m_at);
    default: // the end of a group that never began, or no type at all
        return false;
    }
}

bool WireReader::nextOf(std::uint32_t number, WireType type, WireField &field)
{
    while (next(field))
        if (field.number == number && field.type == type)
            return true;
    return false;
}

bool findField(std::span<const std::byte> bytes, std::uint32_t number, WireType type,
               WireField &field)
{
    WireReader reader(bytes);
    return reader.nextOf(number, type, field);
}

// Iterative: nesting is bounded by a count, not by the stack.
bool WireReader::skipGroup(WireField &field, std::size_t content)
{
    std::uint32_t open[deepestGroup] = {field.number};
    int depth = 1;
    while (depth > 0) {
        const std::size_t end = m_at;
        std::uint64_t tag = 0;
        if (!readVarint(m_bytes, m_at, tag) || tag >> 32 != 0 || tag >> 3 == 0)
            return false;
        const auto number = static_cast<std::uint32_t>(tag >> 3);
        std::uint64_t value = 0;
        switch (static_cast<WireType>(tag & 7)) {
        case WireType::varint:
            if (!readVarint(m_bytes, m_at, value))
                return false;
            break;
        case WireType::fixed64:
            value = 8;
            break;
        case WireType::fixed32:
            value = 4;
            break;
        case WireType::bytes:
            if (!readVarint(m_bytes, m_at, value))
                return false;
            break;
        case WireType::group:
            if (depth == deepestGroup)
                return false;
            open[depth++] = number;
            continue;
        case WireType::groupEnd:
            if (open[--depth] != number)
                return false;
            field.payload = m_bytes.subspan(content, end - content);
            continue;
        default:
            return false;
        }
        if ((tag & 7) != 0) {
            if (value > m_bytes.size() - m_at)
                return false;
            m_at += static_cast<std::size_t>(value);
        }
    }
    return true;
}

std::size_t varintBytes(std::uint64_t value)
{
    std::size_t bytes = 1;
    while (value >>= 7)
        ++bytes;
    return bytes;
}

void appendVarint(Bytes &to, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        to.push_back(std::byte(value | 0x80));
    to.push_back(std::byte(value));
}

void appendTag(Bytes &to, std::uint32_t number, WireType type)
{
    appendVarint(to, std::uint64_t(number) << 3 | static_cast<std::uint64_t>(type));
}

void appendFixed(Bytes &to, std::uint64_t value, std::size_t bytes)
{
    for (std::size_t i = 0; i < bytes; ++i)
        to.push_back(std::byte(value >> 8 * i));
}

} // namespace hefstudio
