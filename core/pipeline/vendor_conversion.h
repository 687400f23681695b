// The vendor back end of a conversion: the job written, run by the user's own compiler, its result
// verified, completed and put where the conversion wants it. The work folder lies beside the
// result; it goes when all went well and stays, for another try, when it did not.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pipeline/conversion.h"
#include "vendor/toolchain.h"
#include "vendor/vendor_result.h"

namespace hefstudio {

// "OUT.hef.job".
std::filesystem::path vendorJobFolder(const std::filesystem::path &output);
// "<model>.hef" beside the model.
std::filesystem::path defaultChipOutput(const std::filesystem::path &model);

// Diagnostics: those of exportVendorJob, chooseToolchain, startVendorRun, followVendorRun and
// readVendorResult.
Result<ConversionResult> convertWithVendor(const ConversionSettings &settings,
                                           const VendorBackend &backend, std::stop_token stop,
                                           const EventSink &sink);

// Follows a run that was started before, here or by another process, and finishes it: the HEF goes
// to `output`. Diagnostics as above, without those of starting.
struct FinishedVendorRun {
    VendorResult result;
    std::string sha256; // of the file written
    Ledger ledger;      // what the run lowered
    std::vector<StageTime> stages;
};
Result<FinishedVendorRun> finishVendorRun(const std::filesystem::path &job,
                                          const std::filesystem::path &output,
                                          const VendorBackend &backend, std::stop_token stop,
                                          const EventSink &sink);

// Takes the result of a job that ran anywhere, without its log. Diagnostics: those of
// readVendorResult and of writing.
Result<FinishedVendorRun> importVendorRun(const std::filesystem::path &job,
                                          const std::filesystem::path &output,
                                          const EventSink &sink);

// Writes into a recipe's lock what made the result; the recipe must be the job's. Diagnostics:
// vendor.result-of-another-job, those of reading and writing recipes.
Result<void> completeRecipe(const std::filesystem::path &recipe, const FinishedVendorRun &run,
                            const Toolchain &toolchain);

} // namespace hefstudio
