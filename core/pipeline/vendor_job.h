// The job for the vendor's compiler that a recipe describes: the model prepared for its parser, the
// calibration samples as the chip will see them, the head's meaning, and what we predict.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "heads/head_layout.h"
#include "recipe/settings.h"
#include "vendor/job_bundle.h"

#include <stop_token>

namespace hefstudio {

struct ExportedJob {
    std::string network;
    std::string arch;
    std::size_t samples = 0;
    std::optional<VendorPrediction> prediction;
    std::string sourceModelSha256;
    std::vector<std::pair<std::string, std::string>> calibrationFiles; // file → digest
    Ledger ledger;
    Diagnostics warnings; // what the vendor's parser may still refuse
};

// The chip's name as the compiler's command line has it: ours, and those that only the vendor's
// compiler serves ("hailo10h"). Diagnostics: device.unknown.
Result<std::string> vendorChip(const std::string &name);

// The runtime's decoding for a head, its layers given by the outputs' names. Diagnostics:
// convert.nms-unsupported.
Result<VendorNms> vendorNms(const HeadLayout &head, const ConversionSettings &settings);

// Diagnostics: those of preparing, of the input contract, of the calibration set and of
// writeJobBundle; pipeline.no-calibration, vendor.script-path, detect.no-head.
Result<ExportedJob> exportVendorJob(const ConversionSettings &settings,
                                    const std::filesystem::path &folder, std::stop_token stop,
                                    const EventSink &sink);

} // namespace hefstudio
