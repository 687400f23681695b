// Finds the ZIP that tools leave at the end of a HEF (labels, metadata), sealed into the header or
// plainly appended. Lists it only; reading the entries is left to the metadata's own reader.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/hef_container.h"

#include <optional>
#include <string>
#include <vector>

namespace hefstudio {

struct AppendedZip {
    std::uint64_t offset = 0; // of the first local header, from the start of the file
    std::uint64_t size = 0;   // to the end of the file
    bool isSealed = false;    // inside what the header declares
    std::vector<std::string> entries;
};

// Nothing when there is none, or when its directory does not hold together.
std::optional<AppendedZip> findAppendedZip(const HefFile &file);

} // namespace hefstudio
