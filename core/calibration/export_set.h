// A chosen set as files: a list (SET.json), a folder of copies, or one array of what the chip will
// see, uint8 [count, height, width, channels]. Arrays are written sample by sample: memory does not
// grow with their number. Each comes with a manifest in the form of set_file.h that holds a digest
// of every file. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "calibration/calibration_set.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

enum class ExportForm { list, folder, npy, npz };
// By the ending: .json, .npy, .npz, or none for a folder; nothing for any other.
std::optional<ExportForm> exportFormOf(const std::filesystem::path &target);

struct ExportRequest {
    std::filesystem::path target;
    ExportForm form = ExportForm::list;
    PreprocessOptions preprocess; // of pictures that become an array
    std::string inputName;        // of the array in an .npz; "images" where it is empty
    // For the manifest.
    std::vector<std::filesystem::path> sources;
    std::string strategy = "all";
    std::uint64_t seed = 0;
    int threads = 0;
};

struct Exported {
    std::filesystem::path target;
    std::filesystem::path manifest; // the same for a list
    std::size_t samples = 0;
    std::uint64_t bytes = 0; // of the target
};

// A folder must be absent or empty. Sends progress of the stage "write". Diagnostics: cancelled,
// calib.size-needed, calib.nothing-left, calib.folder-not-empty, those of loading and writing.
Result<Exported> exportSet(const CalibrationSet &set, const ExportRequest &request,
                           std::stop_token stop, const EventSink &sink);

} // namespace hefstudio
