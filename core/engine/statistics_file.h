// Statistics on disk, so that a calibration set can be divided among processes: each writes what
// its part of the pictures showed, and merging all parts gives the bytes of one run over the whole
// set. The file says which samples it has seen, not who saw them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "engine/calibration_run.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace hefstudio {

struct StatisticsFile {
    // What must be equal in files that are merged: digests and settings by name, the tensors.
    std::vector<std::pair<std::string, std::string>> basis;
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> tensors; // name, shape
    struct Sample {
        std::size_t index = 0; // in the whole set
        std::string name;
        std::string digest;
        friend bool operator==(const Sample &, const Sample &) = default;
    };
    std::size_t setSize = 0;
    std::vector<Sample> samples; // ascending
    // By the graph's tensors, like `tensors`.
    CalibrationStatistics statistics;

    bool isComplete() const { return samples.size() == setSize; }
};

std::string statisticsText(const StatisticsFile &file); // JSON; the same for equal statistics
// Diagnostics: calib.statistics-file.
Result<StatisticsFile> readStatisticsText(const std::string &text, const std::string &name);

// Diagnostics: calib.statistics-mismatch (with what differs), calib.statistics-overlap (with the
// sample both have seen).
Result<StatisticsFile> mergeStatistics(std::span<const StatisticsFile> files,
                                       std::span<const std::string> names);

} // namespace hefstudio
