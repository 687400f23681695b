// The answer of `hefc profile`: for a model (mapped on the spot), a built-in HEF (as recorded when it
// was made) or a vendor's HEF (what its public fields say). Everything in it is predicted.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

struct FileProfile {
    std::string text;
    std::string json;
};

struct ProfileRequest {
    std::filesystem::path file;
    std::string arch;                  // empty: the HEF's own chip, or Hailo-8L for a model
    std::filesystem::path deviceFile;  // a device model of the user's own, instead of `arch`
    std::string link;                  // by name, "PCIe Gen2 x1"; empty: the device's first
    std::vector<int> batches{1, 8};
    std::optional<int> contexts;       // exactly this many; models only
    std::vector<std::filesystem::path> sharing; // other models that use the device in turn
};

// Diagnostics: those of opening, mapping and profiling; profile.no-record, profile.other-chip,
// profile.other-batch, profile.models-only, device.unknown-link.
Result<FileProfile> profileFile(const ProfileRequest &request, std::stop_token stop);

} // namespace hefstudio
