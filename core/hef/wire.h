// The encoding protocol buffers use on the wire, field by field, over bytes it does not own. Knows
// no schema; every length is checked, groups (which no HEF uses) are passed over as a whole.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace hefstudio {

enum class WireType : std::uint8_t {
    varint = 0,
    fixed64 = 1,
    bytes = 2,
    group = 3,
    groupEnd = 4,
    fixed32 = 5,
};

struct WireField {
    std::uint32_t number = 0;
    WireType type = WireType::varint;
    std::uint64_t value = 0;            // varint and fixed types
    std::span<const std::byte> payload; // bytes: the content; group: all between its two tags
    std::span<const std::byte> whole;   // tag included
};

// Reads one varint of at most 10 bytes; nothing is consumed on failure.
bool readLongVarint(std::span<const std::byte> bytes, std::size_t &at, std::uint64_t &value);
inline bool readVarint(std::span<const std::byte> bytes, std::size_t &at, std::uint64_t &value)
{
    if (at < bytes.size() && bytes[at] < std::byte(0x80)) { // by far the most common
        value = std::to_integer<std::uint64_t>(bytes[at++]);
        return true;
    }
    if (bytes.size() > 1 && at < bytes.size() - 1 && bytes[at + 1] < std::byte(0x80)) {
        value = (std::to_integer<std::uint64_t>(bytes[at]) & 0x7f) |
                std::to_integer<std::uint64_t>(bytes[at + 1]) << 7;
        at += 2;
        return true;
    }
    return readLongVarint(bytes, at, value);
}

// A whole HEF is read in some ten thousand steps of this, so they stand in line where it counts.
class WireReader {
public:
    WireReader() = default;
    explicit WireReader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    // The next field; false at the end and at the first byte that is no field.
    bool next(WireField &field);
    // The next one of this number and type.
    bool nextOf(std::uint32_t number, WireType type, WireField &field);
    // True when next() stopped before the end.
    bool isBroken() const { return m_isBroken; }

private:
    bool broken()
    {
        m_isBroken = true;
        return false;
    }
    bool readRare(WireField &field); // what is neither varint nor bytes
    bool skipGroup(WireField &field, std::size_t tag);

    std::span<const std::byte> m_bytes;
    std::size_t m_at = 0;
    bool m_isBroken = false;
};

inline bool WireReader::next(WireField &field)
{
    if (m_isBroken || m_at == m_bytes.size())
        return false;
    const std::size_t start = m_at;
    std::uint64_t tag = 0;
    if (!readVarint(m_bytes, m_at, tag) || tag >> 32 != 0 || tag >> 3 == 0)
        return broken();
    field.number = static_cast<std::uint32_t>(tag >> 3);
    field.type = static_cast<WireType>(tag & 7);
    std::uint64_t value = 0;
    if (field.type == WireType::varint) {
        if (!readVarint(m_bytes, m_at, value))
            return broken();
        field.payload = {};
        field.value = value;
    } else if (field.type == WireType::bytes) {
        if (!readVarint(m_bytes, m_at, value) || value > m_bytes.size() - m_at)
            return broken();
        field.payload = m_bytes.subspan(m_at, static_cast<std::size_t>(value));
        field.value = 0;
        m_at += static_cast<std::size_t>(value);
    } else if (!readRare(field)) {
        return broken();
    }
    field.whole = m_bytes.subspan(start, m_at - start);
    return true;
}

// The first field of this number and type among these bytes.
bool findField(std::span<const std::byte> bytes, std::uint32_t number, WireType type,
               WireField &field);

// Canonical encodings: shortest varints.
void appendVarint(Bytes &to, std::uint64_t value);
void appendTag(Bytes &to, std::uint32_t number, WireType type);
void appendFixed(Bytes &to, std::uint64_t value, std::size_t bytes); // little-endian
std::size_t varintBytes(std::uint64_t value);

} // namespace hefstudio
