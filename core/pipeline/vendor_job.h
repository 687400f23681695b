// The job for the vendor's compiler that a recipe describes: the model prepared for its parser, and
// the calibration samples as the chip will see them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "recipe/settings.h"
#include "vendor/job_bundle.h"

#include <stop_token>

namespace hefstudio {

struct ExportedJob {
    std::string network;
    std::size_t samples = 0;
    Ledger ledger;
    Diagnostics warnings; // what the vendor's parser may still refuse
};

// Diagnostics: those of preparing, of the input contract, of the calibration set and of
// writeJobBundle; pipeline.no-calibration.
Result<ExportedJob> exportVendorJob(const ConversionSettings &settings,
                                    const std::filesystem::path &folder, std::stop_token stop,
                                    const EventSink &sink);

} // namespace hefstudio
