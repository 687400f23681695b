// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_container.h"

#include "base/hash.h"

#include <array>

namespace hefstudio {

namespace {

constexpr std::uint64_t commonPrefixBytes = 12;
constexpr std::array<std::uint64_t, 4> headerBytesByVersion{32, 28, 44, 56};
constexpr std::uint64_t maxProtoBytes = std::uint64_t(1) << 30;

std::uint64_t bigEndian(std::span<const std::byte> bytes, std::size_t offset, std::size_t count)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[offset + i]);
    return value;
}

std::string hex(std::span<const std::byte> bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const std::byte b : bytes) {
        text += digits[std::to_integer<unsigned>(b) >> 4];
        text += digits[std::to_integer<unsigned>(b) & 15];
    }
    return text;
}

std::string hexBigEndian(std::uint64_t value, int bytes)
{
    std::array<std::byte, 8> raw{};
    for (int i = 0; i < bytes; ++i)
        raw[static_cast<std::size_t>(i)] = std::byte(value >> 8 * (bytes - 1 - i));
    return hex(std::span(raw).first(static_cast<std::size_t>(bytes)));
}

Diagnostic at(std::string_view id, const std::string &name, std::uint64_t offset)
{
    return Diagnostic(id, Place{.file = name, .offset = offset});
}

// Sizes as the header states them, unchecked.
struct Declared {
    std::uint64_t proto = 0;
    std::uint64_t padding = 0;
    std::uint64_t ccwsWithPadding = 0;
    std::uint64_t additionalInfo = 0;
};

Declared readVersionPart(std::span<const std::byte> bytes, HefHeader &header)
{
    Declared declared;
    declared.proto = bigEndian(bytes, 8, 4);
    switch (header.version) {
    case 0:
        header.checksum = HefChecksum::md5;
        header.storedChecksum = hex(bytes.subspan(16, 16));
        break;
    case 1:
        header.checksum = HefChecksum::crc32;
        header.storedChecksum = hex(bytes.subspan(12, 4));
        declared.ccwsWithPadding = bigEndian(bytes, 16, 8);
        break;
    case 2:
        header.checksum = HefChecksum::xxh3;
        header.storedChecksum = hex(bytes.subspan(12, 8));
        declared.ccwsWithPadding = bigEndian(bytes, 20, 8);
        break;
    default:
        header.checksum = HefChecksum::xxh3;
        header.storedChecksum = hex(bytes.subspan(12, 8));
        declared.ccwsWithPadding = bigEndian(bytes, 20, 8);
        declared.padding = bigEndian(bytes, 28, 4);
        declared.additionalInfo = bigEndian(bytes, 32, 8);
        if (const std::uint64_t hash = bigEndian(bytes, 40, 8))
            header.protoHash = hash;
        break;
    }
    return declared;
}

} // namespace

Result<HefFile> parseHefContainer(std::span<const std::byte> bytes, const std::string &name)
{
    const bool isShort = bytes.size() < commonPrefixBytes;
    if (isShort || bigEndian(bytes, 0, 4) != hefMagic)
        return fail(
            at("hef.not-a-hef", name, 0).with("size", std::string(isShort ? "short" : "enough")));
    HefFile file;
    file.name = name;
    file.bytes = bytes;
    const std::uint64_t version = bigEndian(bytes, 4, 4);
    if (version >= headerBytesByVersion.size())
        return fail(at("hef.unsupported-version", name, 4)
                        .with("version", static_cast<std::int64_t>(version)));
    file.header.version = static_cast<std::uint32_t>(version);
    file.header.headerBytes = headerBytesByVersion[version];

    const auto truncated = [&](std::uint64_t expected, const char *part) {
        return fail(at("hef.truncated", name, bytes.size())
                        .with("expected", static_cast<std::int64_t>(expected))
                        .with("actual", static_cast<std::int64_t>(bytes.size()))
                        .with("part", std::string(part)));
    };
    if (bytes.size() < file.header.headerBytes)
        return truncated(file.header.headerBytes, "header");
    const Declared declared = readVersionPart(bytes, file.header);

    const auto invalid = [&](std::uint64_t offset, const char *field, std::uint64_t value) {
        return fail(at("hef.invalid-header", name, offset)
                        .with("field", std::string(field))
                        .with("value", std::to_string(value)));
    };
    if (declared.proto == 0 || declared.proto > maxProtoBytes)
        return invalid(8, "hef_proto_size", declared.proto);
    if (declared.padding > declared.ccwsWithPadding)
        return invalid(28, "hef_padding_size", declared.padding);
    // Each summand is compared with what is left, so that no sum can wrap.
    std::uint64_t left = bytes.size() - file.header.headerBytes;
    std::uint64_t offset = file.header.headerBytes;
    const auto take = [&](std::uint64_t size) -> std::optional<HefSection> {
        if (size > left)
            return std::nullopt;
        const HefSection section{offset, size};
        offset += size;
        left -= size;
        return section;
    };
    constexpr std::uint64_t absurd = std::uint64_t(1) << 62;
    if (declared.ccwsWithPadding > absurd)
        return invalid(file.header.version == 1 ? 16 : 20, "ccws_size", declared.ccwsWithPadding);
    if (declared.additionalInfo > absurd)
        return invalid(32, "additional_info_size", declared.additionalInfo);
    const std::uint64_t expected = file.header.headerBytes + declared.proto +
                                   declared.ccwsWithPadding + declared.additionalInfo;
    const auto proto = take(declared.proto);
    const auto padding = proto ? take(declared.padding) : std::nullopt;
    const auto ccws = padding ? take(declared.ccwsWithPadding - declared.padding) : std::nullopt;
    const auto additional = ccws ? take(declared.additionalInfo) : std::nullopt;
    if (!additional)
        return truncated(expected, "sections");
    file.proto = *proto;
    file.paddingBytes = declared.padding;
    file.ccws = *ccws;
    file.additionalInfo = *additional;
    file.tail = HefSection{offset, left};
    // Version 0 keeps its words inside the message: nothing counts from an origin there.
    file.ccwOrigin = file.header.version == 0 ? 0 : file.ccws.offset;
    return file;
}

Result<void> verifyHashes(const HefFile &file)
{
    const auto mismatch = [&](std::uint64_t offset, const char *kind, const std::string &stored,
                              const std::string &computed) {
        return at("hef.hash-mismatch", file.name, offset)
            .with("kind", std::string(kind))
            .with("stored", stored)
            .with("computed", computed);
    };
    Diagnostics all;
    const auto covered =
        file.bytes.subspan(file.header.headerBytes, file.declaredEnd() - file.header.headerBytes);
    std::string computed;
    const char *kind = "XXH3";
    std::uint64_t offset = 12;
    switch (file.header.checksum) {
    case HefChecksum::md5:
        kind = "MD5";
        offset = 16;
        computed = hex(md5(covered));
        break;
    case HefChecksum::crc32:
        kind = "CRC-32";
        computed = hexBigEndian(crc32(covered), 4);
        break;
    case HefChecksum::xxh3:
        computed = hexBigEndian(xxh3_64(covered), 8);
        break;
    }
    if (computed != file.header.storedChecksum)
        all.push_back(mismatch(offset, kind, file.header.storedChecksum, computed));
    if (file.header.protoHash) {
        const std::uint64_t found = xxh3_64(file.of(file.proto));
        if (found != *file.header.protoHash)
            all.push_back(mismatch(40, "message XXH3", hexBigEndian(*file.header.protoHash, 8),
                                   hexBigEndian(found, 8)));
    }
    if (!all.empty())
        return fail(std::move(all));
    return {};
}

} // namespace hefstudio
