// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_sealing.h"

#include "base/hash.h"
#include "hef/appended_zip.h"

#include <array>
#include <limits>

namespace hefstudio {
namespace {

// ProtoHEFHef uses fields 1 to 7; readers skip what they do not know.
constexpr std::uint64_t zipField = 4000;
constexpr std::uint64_t lengthDelimited = 2;
constexpr std::uint64_t lastKnownField = 7;

constexpr ArchiveLimits metadataLimits{.maxMembers = 256,
                                       .maxMemberBytes = std::uint64_t(16) << 20,
                                       .maxTotalBytes = std::uint64_t(64) << 20};

void putBigEndian(Bytes &to, std::size_t offset, std::uint64_t value, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        to[offset + i] = std::byte(value >> 8 * (count - 1 - i));
}

std::uint64_t bigEndian(std::span<const std::byte> bytes, std::size_t offset, std::size_t count)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[offset + i]);
    return value;
}

Bytes varint(std::uint64_t value)
{
    Bytes bytes;
    for (; value >= 0x80; value >>= 7)
        bytes.push_back(std::byte((value & 0x7f) | 0x80));
    bytes.push_back(std::byte(value));
    return bytes;
}

// The header's field that counts the ZIP of a sealed file.
struct SizeField {
    std::size_t offset;
    std::size_t bytes;
};
SizeField sizeField(std::uint32_t headerVersion)
{
    static constexpr std::array<SizeField, 4> fields{{{8, 4}, {16, 8}, {20, 8}, {32, 8}}};
    return fields[headerVersion];
}

void writeChecksum(Bytes &bytes, const HefHeader &header)
{
    const auto covered = std::span<const std::byte>(bytes).subspan(header.headerBytes);
    switch (header.checksum) {
    case HefChecksum::md5: {
        const auto digest = md5(covered);
        std::ranges::copy(digest, bytes.begin() + 16);
        break;
    }
    case HefChecksum::crc32:
        putBigEndian(bytes, 12, crc32(covered), 4);
        break;
    case HefChecksum::xxh3:
        putBigEndian(bytes, 12, xxh3_64(covered), 8);
        break;
    }
}

std::optional<std::uint64_t> readVarint(std::span<const std::byte> bytes, std::uint64_t &at)
{
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
        const auto next = std::to_integer<std::uint64_t>(bytes[at++]);
        value |= (next & 0x7f) << shift;
        if (next < 0x80)
            return value;
    }
    return std::nullopt;
}

// Where the field that carries the ZIP begins: the last one of the message, unknown to HailoRT, its
// content reaching from the ZIP's start to the message's end.
std::optional<std::uint64_t> findCarrier(const HefFile &file, std::uint64_t zipOffset)
{
    const auto message = file.of(file.proto);
    std::uint64_t at = 0;
    while (at < message.size()) {
        const std::uint64_t start = at;
        const auto tag = readVarint(message, at);
        if (!tag)
            return std::nullopt;
        std::uint64_t size = 0;
        switch (*tag & 7) {
        case 0:
            if (!readVarint(message, at))
                return std::nullopt;
            break;
        case 1:
            size = 8;
            break;
        case 2:
            if (const auto length = readVarint(message, at))
                size = *length;
            else
                return std::nullopt;
            break;
        case 5:
            size = 4;
            break;
        default:
            return std::nullopt;
        }
        if (size > message.size() - at)
            return std::nullopt;
        if ((*tag & 7) == lengthDelimited && *tag >> 3 > lastKnownField &&
            file.proto.offset + at == zipOffset && at + size == message.size())
            return file.proto.offset + start;
        at += size;
    }
    return std::nullopt;
}

Diagnostic misplaced(const HefFile &file, std::uint64_t offset)
{
    return Diagnostic("metadata.zip-misplaced", Place{.file = file.name, .offset = offset});
}

// Cuts a sealed ZIP off and takes it out of the header.
Result<Bytes> unsealed(const HefFile &file, const AppendedZip &zip)
{
    std::uint64_t end = zip.offset;
    if (file.header.version == 0) {
        const auto carrier = findCarrier(file, zip.offset);
        if (!carrier || *carrier <= file.proto.offset)
            return fail(misplaced(file, zip.offset));
        end = *carrier;
    } else {
        // The ZIP must lie wholly in the section whose size counts it.
        const HefSection &section = file.header.version == 3 ? file.additionalInfo : file.ccws;
        if (zip.offset < section.offset)
            return fail(misplaced(file, zip.offset));
    }
    Bytes bytes(file.bytes.begin(), file.bytes.begin() + static_cast<std::ptrdiff_t>(end));
    const auto field = sizeField(file.header.version);
    const auto size = bigEndian(bytes, field.offset, field.bytes);
    putBigEndian(bytes, field.offset, size - (file.bytes.size() - end), field.bytes);
    writeChecksum(bytes, file.header);
    return bytes;
}

} // namespace

Result<std::vector<ArchiveMember>> membersOfZip(const HefFile &file)
{
    if (!findAppendedZip(file))
        return std::vector<ArchiveMember>();
    return readArchive(file.bytes, ArchiveForm::zip, file.name, metadataLimits);
}

Result<Bytes> withoutZip(const HefFile &file)
{
    if (auto intact = verifyHashes(file); !intact)
        return passOn(std::move(intact));
    const auto zip = findAppendedZip(file);
    if (!zip)
        return Bytes(file.bytes.begin(), file.bytes.end());
    if (zip->isSealed)
        return unsealed(file, *zip);
    if (zip->offset < file.declaredEnd())
        return fail(misplaced(file, zip->offset));
    return Bytes(file.bytes.begin(), file.bytes.begin() + static_cast<std::ptrdiff_t>(zip->offset));
}

Result<Bytes> withZip(const HefFile &file, std::span<const ArchiveMember> members,
                      ZipPlacement placement)
{
    auto bytes = withoutZip(file);
    if (!bytes)
        return bytes;
    const auto bare = parseHefContainer(*bytes, file.name);
    if (!bare)
        return std::unexpected(bare.error());
    if (bare->tail.size > 0)
        return fail(
            Diagnostic("metadata.tail", Place{.file = file.name, .offset = bare->tail.offset})
                .with("bytes", static_cast<std::int64_t>(bare->tail.size)));
    const bool isSealed = placement == ZipPlacement::sealed;
    Bytes carrier;
    if (isSealed && file.header.version == 0) {
        // The ZIP's size does not depend on where it stands.
        const auto draft = zipBytes(members);
        if (!draft)
            return passOn(Result<Bytes>(std::unexpected(draft.error())));
        carrier = varint(zipField << 3 | lengthDelimited);
        const Bytes length = varint(draft->size());
        carrier.insert(carrier.end(), length.begin(), length.end());
    }
    const HefHeader header = bare->header;
    const auto zip = zipBytes(members, bytes->size() + carrier.size());
    if (!zip)
        return std::unexpected(zip.error());
    const auto added = carrier.size() + zip->size();
    bytes->insert(bytes->end(), carrier.begin(), carrier.end());
    bytes->insert(bytes->end(), zip->begin(), zip->end());
    if (isSealed) {
        const auto field = sizeField(header.version);
        const auto size = bigEndian(*bytes, field.offset, field.bytes) + added;
        if (field.bytes == 4 && size > std::numeric_limits<std::uint32_t>::max())
            return fail(Diagnostic("archive.too-large", Place{.file = file.name})
                            .with("what", std::string("the HEF"))
                            .with("limit", std::int64_t(0xffffffff)));
        putBigEndian(*bytes, field.offset, size, field.bytes);
        writeChecksum(*bytes, header);
    }
    return bytes;
}

} // namespace hefstudio
