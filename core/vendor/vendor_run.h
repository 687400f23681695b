// One run of the vendor's compiler over a job bundle: started in a session of its own, so that it
// outlives whoever started it, and followed by the log it writes. The folder of the job is the
// run's identity: a lock that the compiler itself holds says whether it runs, and keeps a second
// one out. Whoever comes later can attach, see everything from the beginning, and stop it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "vendor/log_tracker.h"
#include "vendor/toolchain.h"

#include <chrono>
#include <filesystem>
#include <stop_token>

namespace hefstudio {

struct VendorRunRequest {
    std::filesystem::path job; // a bundle
    Toolchain toolchain;
    bool isRootless = false; // of the container engine
    bool usesGpu = false;    // hand the container the GPUs; an environment sees them anyway
    bool resumes = false;    // go on behind the last stage that finished, of the same job
};

struct VendorRun {
    std::filesystem::path job;
    Toolchain toolchain;
    std::string container; // its name; empty for an environment
    int process = 0;       // child of this process; 0 for a run that was attached to
    std::int64_t startedMs = 0;
};

// Folder of everything the run writes.
std::filesystem::path vendorResultsFolder(const std::filesystem::path &job);

// The command of a run, without a shell. Nothing of a job or a recipe is in it but its folder:
// program, image and interpreter come from the user's list of toolchains.
std::vector<std::string> vendorRunCommand(const VendorRunRequest &request,
                                          const std::string &container);

// Diagnostics: vendor.no-job, vendor.run-active (another run has the folder),
// vendor.program-missing, vendor.program-not-started, file.not-writable.
Result<VendorRun> startVendorRun(const VendorRunRequest &request);

// A run that is going on or has ended. Diagnostics: vendor.no-run, json.malformed.
Result<VendorRun> attachVendorRun(const std::filesystem::path &job);

bool isVendorRunActive(const std::filesystem::path &job);

struct VendorRunEnd {
    VendorRunFacts facts;
    VendorLogCounts counts;
    Diagnostics warnings; // of the tracker, for a run that went well
};

// Follows from the first line of the log to the end of the run. A stop request ends the run; it
// goes on when the caller just leaves. `limit` counts from the start of the run; zero: none.
// Diagnostics: those of the log tracker, vendor.run-failed, vendor.run-killed, vendor.run-timeout,
// vendor.engine-unusable, cancelled.
Result<VendorRunEnd> followVendorRun(const VendorRun &run, std::chrono::milliseconds limit,
                                     std::stop_token stop, const EventSink &sink);

// Ends the run and all it started: asked first, killed after two seconds.
void stopVendorRun(const VendorRun &run);

} // namespace hefstudio
