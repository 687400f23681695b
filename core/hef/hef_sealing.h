// Puts a ZIP at the end of a HEF so that the file stays a valid HEF and is a valid ZIP at once, and
// takes it off again, to the byte. HailoRT compares the file's length and hash with its header, so
// a ZIP that is only glued on is refused by most releases; a sealed one is counted in:
//
//   version 0: an unused field of the message (4000) at its very end; length and MD5 follow
//   version 1, 2: the configuration section grows; CRC-32 or XXH3 follows
//   version 3: the additional information grows (never the configuration, which is mapped into the
//              device); XXH3 follows, the hash of the message alone stays
//
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/archive.h"
#include "hef/hef_container.h"

namespace hefstudio {

enum class ZipPlacement {
    sealed,   // counted in by the header: every HailoRT takes the file
    appended, // behind what the header declares: most releases of HailoRT refuse the file
};

// The HEF without the ZIP at its end, however it was put there; the same bytes when it has none.
// Diagnostics: hef.hash-mismatch (a damaged file is not touched), metadata.zip-misplaced.
Result<Bytes> withoutZip(const HefFile &file);

// The HEF with these members as its ZIP; one it had before is gone. Diagnostics: those of
// withoutZip, archive.too-large (a HEF of 4 GiB and more), metadata.tail.
Result<Bytes> withZip(const HefFile &file, std::span<const ArchiveMember> members,
                      ZipPlacement placement = ZipPlacement::sealed);

// Members of the ZIP at the end; empty when there is none. At most 16 MiB each, 64 MiB together.
// Diagnostics: archive.*.
Result<std::vector<ArchiveMember>> membersOfZip(const HefFile &file);

} // namespace hefstudio
