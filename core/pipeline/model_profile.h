// The answer of `hefc profile`, for a model (mapped on the spot) or a built-in HEF (as recorded
// when it was made). Everything in it is predicted.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <filesystem>
#include <span>
#include <stop_token>
#include <string>

namespace hefstudio {

struct FileProfile {
    std::string text;
    std::string json;
};

// `arch` empty: the HEF's own chip, or Hailo-8L for a model. Diagnostics: those of opening, mapping
// and profiling; profile.vendor-hef, profile.no-record, profile.other-chip, profile.other-batch.
Result<FileProfile> profileFile(const std::filesystem::path &file, const std::string &arch,
                                std::span<const int> batches, std::stop_token stop);

} // namespace hefstudio
