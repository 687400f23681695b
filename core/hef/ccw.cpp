// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/ccw.h"

namespace hefstudio {

namespace {

constexpr std::size_t unit = 8; // records are whole multiples of it, and start with as many bytes
constexpr std::size_t wordBytes = 4;

std::uint32_t littleEndian32(std::span<const std::byte> bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < wordBytes; ++i)
        value |= std::to_integer<std::uint32_t>(bytes[at + i]) << 8 * i;
    return value;
}

} // namespace

CcwListing listCcw(std::span<const std::byte> bytes)
{
    CcwListing listing;
    std::size_t at = 0;
    while (bytes.size() - at >= unit) {
        const std::uint32_t last = littleEndian32(bytes, at);
        const std::uint32_t address = littleEndian32(bytes, at + wordBytes);
        if (last == 0 && address == 0) {
            ++listing.noOperations;
            at += unit;
            continue;
        }
        const std::uint64_t words = std::uint64_t(last) + 1;
        const std::uint64_t size = unit + (words * wordBytes + unit - 1) / unit * unit;
        if (size > bytes.size() - at)
            break;
        listing.records.push_back({at, address, static_cast<std::uint32_t>(words)});
        listing.words += words;
        at += static_cast<std::size_t>(size);
    }
    listing.restBytes = bytes.size() - at;
    return listing;
}

} // namespace hefstudio
