// A YOLO data set description (data.yaml): where its pictures lie and what its classes are called.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <filesystem>
#include <string>
#include <vector>

namespace hefstudio {

struct DataYaml {
    // Each entry a folder, or a list of pictures (.txt); as the file names them, resolved against
    // its `path` and its own folder.
    std::vector<std::filesystem::path> train, validation, test;
    std::vector<std::string> names; // in class order
};

// Diagnostics: calib.data-yaml with the line, those of readFile.
Result<DataYaml> readDataYaml(const std::filesystem::path &file);

// The pictures of `entries`, each once, sorted. Entries that are absent are left out. Diagnostics:
// those of reading a list.
Result<std::vector<std::filesystem::path>>
picturesOf(const std::vector<std::filesystem::path> &entries);

} // namespace hefstudio
