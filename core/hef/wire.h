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
bool readVarint(std::span<const std::byte> bytes, std::size_t &at, std::uint64_t &value);

class WireReader {
public:
    WireReader() = default;
    explicit WireReader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    // The next field; false at the end and at the first byte that is no field.
    bool next(WireField &field);
    // True when next() stopped before the end.
    bool isBroken() const { return m_isBroken; }

private:
    bool broken();
    bool skipGroup(WireField &field, std::size_t tag);

    std::span<const std::byte> m_bytes;
    std::size_t m_at = 0;
    bool m_isBroken = false;
};

// Canonical encodings: shortest varints.
void appendVarint(Bytes &to, std::uint64_t value);
void appendTag(Bytes &to, std::uint32_t number, WireType type);
void appendFixed(Bytes &to, std::uint64_t value, std::size_t bytes); // little-endian
std::size_t varintBytes(std::uint64_t value);

} // namespace hefstudio
