// The result of a job, wherever it ran: found in the job's folder, compared with the digests the
// job was made and finished with, verified as a chip HEF for the chip that was asked for, given its
// labels and decoding facts, and set beside what was predicted.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "vendor/job_bundle.h"
#include "vendor/log_tracker.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hefstudio {

// One figure as predicted before the run and as the compiler's file has it.
struct PredictionRow {
    std::string what; // "contexts", "frames per second", "bytes loaded"
    double predicted = 0;
    double found = 0;
};

struct VendorResult {
    std::string network, arch, preset;
    std::string sourceModel;       // file name of the user's model
    std::string sourceModelSha256; // empty for jobs that do not state it
    std::vector<std::pair<std::string, std::string>> calibration; // file → digest, of the job
    std::string compiler;          // version; empty where it was not told
    Bytes hef;                     // with its metadata
    std::string compilerSha256;    // of the HEF as the compiler wrote it
    std::filesystem::path archive; // the compiled HAR in the job's folder; empty: none
    std::vector<std::string> outputs;
    int contexts = 0;
    double compilerFps = 0; // the compiler's own estimate
    std::vector<PredictionRow> comparison;
    std::vector<VendorLayerNoise> noise;
    Diagnostics warnings;
};

// Reads only. `output` is the name in messages. Diagnostics: vendor.no-job, vendor.no-result,
// vendor.result-malformed, vendor.result-of-another-job, vendor.result-changed,
// vendor.result-other-chip, vendor.result-is-emulation, vendor.result-broken, those of reading;
// warnings: vendor.result-outputs, those of attaching metadata.
Result<VendorResult> readVendorResult(const std::filesystem::path &job, const std::string &output);

// Result and comparison as a JSON object, for `hefc vendor import --json` and reports.
std::string vendorResultJson(const VendorResult &result, int indent = 2);

} // namespace hefstudio
