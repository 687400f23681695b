// SET.json: a calibration set as a list of files, each with its digest, written by `hefc calib
// build` and read wherever a set is. The same form is the manifest beside exported folders and
// arrays. Paths are relative to the file wherever that can be said; they are only ever opened as
// pictures or arrays. Schema: resources/schemas/calibration-set.schema.json.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hefstudio {

struct SetFileSample {
    std::filesystem::path file;      // absolute, or relative to the working folder
    std::optional<std::int64_t> row; // of an array file
    std::string sha256;              // of the file; of the sample's bytes for a row
};

struct SetFile {
    std::vector<std::filesystem::path> sources; // what it was made from; for people only
    std::string strategy;                       // "all", "random", "diverse", "per-class"
    std::uint64_t seed = 0;
    // Of an exported array: the file whose rows the samples are, in order. Empty: a list of files.
    std::filesystem::path exported;
    std::vector<SetFileSample> samples;
};

// The file's name of the manifest inside of an exported folder.
inline constexpr const char *setFileName = "calibration-set.json";

// Diagnostics: calib.set-malformed with the key path, json.malformed, those of readFile.
Result<SetFile> readSetFile(const std::filesystem::path &file);
// Diagnostics: those of writeFileAtomically.
Result<void> writeSetFile(const std::filesystem::path &file, const SetFile &set);

} // namespace hefstudio
