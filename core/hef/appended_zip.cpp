// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/appended_zip.h"

#include <algorithm>

namespace hefstudio {

namespace {

constexpr std::uint32_t endMark = 0x06054b50;
constexpr std::uint32_t entryMark = 0x02014b50;
constexpr std::uint32_t localMark = 0x04034b50;
constexpr std::size_t endBytes = 22;
constexpr std::size_t entryBytes = 46;
constexpr std::size_t longestComment = 0xffff;

std::uint32_t littleEndian(std::span<const std::byte> bytes, std::uint64_t offset, int count)
{
    std::uint32_t value = 0;
    for (int i = count - 1; i >= 0; --i)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[offset + std::uint64_t(i)]);
    return value;
}

// Position of the end record whose comment reaches the end of the file exactly.
std::optional<std::uint64_t> findEnd(std::span<const std::byte> bytes)
{
    if (bytes.size() < endBytes)
        return std::nullopt;
    const std::uint64_t last = bytes.size() - endBytes;
    const std::uint64_t first = last - std::min<std::uint64_t>(last, longestComment);
    for (std::uint64_t at = last + 1; at-- > first;) {
        if (littleEndian(bytes, at, 4) == endMark &&
            littleEndian(bytes, at + 20, 2) == bytes.size() - at - endBytes)
            return at;
    }
    return std::nullopt;
}

} // namespace

std::optional<AppendedZip> findAppendedZip(const HefFile &file)
{
    const auto bytes = file.bytes;
    const auto end = findEnd(bytes);
    if (!end)
        return std::nullopt;
    const std::uint64_t count = littleEndian(bytes, *end + 10, 2);
    const std::uint64_t directoryBytes = littleEndian(bytes, *end + 12, 4);
    const std::uint64_t statedOffset = littleEndian(bytes, *end + 16, 4);
    if (directoryBytes > *end)
        return std::nullopt;
    // Offsets count from the file's start, or from the ZIP's when a tool glued it on.
    const std::uint64_t directory = *end - directoryBytes;
    if (statedOffset > directory)
        return std::nullopt;
    const std::uint64_t shift = directory - statedOffset;
    AppendedZip zip;
    zip.offset = directory;
    std::uint64_t at = directory;
    for (std::uint64_t i = 0; i < count; ++i) {
        if (at + entryBytes > *end || littleEndian(bytes, at, 4) != entryMark)
            return std::nullopt;
        const std::uint64_t nameBytes = littleEndian(bytes, at + 28, 2);
        const std::uint64_t rest =
            nameBytes + littleEndian(bytes, at + 30, 2) + littleEndian(bytes, at + 32, 2);
        const std::uint64_t local = shift + littleEndian(bytes, at + 42, 4);
        if (at + entryBytes + rest > *end || local + 4 > directory ||
            littleEndian(bytes, local, 4) != localMark)
            return std::nullopt;
        std::string name;
        for (const std::byte b : bytes.subspan(at + entryBytes, nameBytes)) {
            const auto c = std::to_integer<unsigned char>(b);
            name += c < 0x20 || c >= 0x7f ? '?' : static_cast<char>(c);
        }
        zip.entries.push_back(std::move(name));
        zip.offset = std::min(zip.offset, local);
        at += entryBytes + rest;
    }
    zip.size = bytes.size() - zip.offset;
    zip.isSealed = file.tail.size == 0;
    return zip;
}

} // namespace hefstudio
