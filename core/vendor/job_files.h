// Text files of resources/vendor that are part of the program.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace hefstudio {

struct JobFile {
    std::string_view name;
    std::string_view content;
};
std::span<const JobFile> jobFiles();       // the same in every bundle
std::span<const JobFile> toolchainFiles(); // facts of the compiler's releases, and the probe

} // namespace hefstudio
