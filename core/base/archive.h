// ZIP and tar archives of untrusted origin, read whole into memory within stated limits, and small
// ones written with the same bytes for the same content. Nothing is ever unpacked to disk here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "base/file.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace hefstudio {

enum class ArchiveForm {
    zip, // by its directory at the end; foreign bytes may stand before it
    tar, // ustar, pax or GNU; plain or packed with gzip, bzip2, xz or zstd
};

// What an archive may grow to. A small archive that unpacks to much more than its own size is an
// attack, not a model: `maxGrowth` bounds the ratio once `freeBytes` are exceeded.
struct ArchiveLimits {
    std::size_t maxMembers = 65536;
    std::uint64_t maxMemberBytes = std::uint64_t(4) << 30;
    std::uint64_t maxTotalBytes = std::uint64_t(4) << 30;
    std::uint64_t freeBytes = std::uint64_t(64) << 20;
    std::uint64_t maxGrowth = 100;
};

struct ArchiveMember {
    std::string name; // relative, never leaves its folder
    Bytes bytes;

    friend bool operator==(const ArchiveMember &, const ArchiveMember &) = default;
};

// Which members are wanted, by name and the size the archive states for it; the others are skipped
// without being unpacked where the form allows it.
using ArchiveFilter = std::function<bool(const std::string &name, std::uint64_t statedBytes)>;

// Files in the order of the archive; folders are left out. Diagnostics: archive.malformed,
// archive.unsafe-name (absolute, or with ".."), archive.unsafe-member (link or device),
// archive.duplicate, archive.too-large.
Result<std::vector<ArchiveMember>> readArchive(std::span<const std::byte> bytes, ArchiveForm form,
                                               const std::string &nameForErrors,
                                               const ArchiveLimits &limits = {},
                                               const ArchiveFilter &wanted = {});

// Does the name stay inside the folder it would be unpacked into, on every system?
bool isSafeMemberName(std::string_view name);

// A ZIP with stored members, the time stamps of 1980-01-01, no comment. `precedingBytes` is what
// stands before it in its file: offsets count from the start of that file, as Python's append mode
// writes them. Diagnostics: archive.too-large past what the form without ZIP64 can say.
Result<Bytes> zipBytes(std::span<const ArchiveMember> members, std::uint64_t precedingBytes = 0);

// A plain pax tar in blocks of 10 240 bytes, mode 0644, time stamp 0.
Result<Bytes> tarBytes(std::span<const ArchiveMember> members);

} // namespace hefstudio
