// The outer shell of a HEF: header versions 0 to 3, the sections behind it, the checksum. Works on
// a span of bytes it does not own and never trusts a size. What the message inside says is the
// business of hef_reader.h.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace hefstudio {

inline constexpr std::uint32_t hefMagic =
    0x01484546; // 0x01 "HEF", big-endian like all numbers here

enum class HefChecksum { md5, crc32, xxh3 };

struct HefHeader {
    std::uint32_t version = 0; // 0 to 3
    std::uint64_t headerBytes = 0;
    HefChecksum checksum = HefChecksum::md5;
    std::string storedChecksum;             // lower-case hex in the order of the file
    std::optional<std::uint64_t> protoHash; // version 3 of compiler 5.1 and later, when not 0
};

struct HefSection {
    std::uint64_t offset = 0; // from the start of the file
    std::uint64_t size = 0;

    std::uint64_t end() const { return offset + size; }
    friend bool operator==(const HefSection &, const HefSection &) = default;
};

// A container whose section sizes were checked against the bytes.
struct HefFile {
    std::string name; // for diagnostics
    std::span<const std::byte> bytes;
    HefHeader header;
    HefSection proto;
    HefSection ccws; // configuration words; without the padding before them in version 3
    HefSection additionalInfo;
    HefSection tail; // bytes past the declared end; HailoRT refuses most such files
    std::uint64_t paddingBytes = 0;
    std::uint64_t ccwOrigin = 0; // what pointer actions and external resources count from

    std::span<const std::byte> of(const HefSection &section) const
    {
        return bytes.subspan(section.offset, section.size);
    }
    std::uint64_t declaredEnd() const { return tail.offset; }
};

// Structure only, no hashing. Diagnostics: hef.not-a-hef, hef.unsupported-version,
// hef.invalid-header, hef.truncated.
Result<HefFile> parseHefContainer(std::span<const std::byte> bytes, const std::string &name);

// The checksum over everything the header declares, and the message's own hash where there is one.
// Diagnostics: hef.hash-mismatch.
Result<void> verifyHashes(const HefFile &file);

} // namespace hefstudio
