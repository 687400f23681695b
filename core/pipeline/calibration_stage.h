// The calibrate stage: every sample decoded and run once through the float network, in any number
// of workers, with the statistics of every value as the result. SPDX-License-Identifier:
// GPL-3.0-or-later
#pragma once

#include "engine/calibration_run.h"
#include "pipeline/input_plan.h"

#include <span>
#include <stop_token>

namespace hefstudio {

// "avx2", "avx512"; anything else is automatic.
InstructionSet instructionSetFromName(std::string_view name);

// Every count-th sample from index on: a part of a set for one of several processes.
struct Shard {
    std::size_t index = 0, count = 1;
};

struct CalibrationRequest {
    std::shared_ptr<const Graph> graph;
    const CalibrationSet &set;
    const InputPlans &plans;
    BadImagePolicy onBadImage = BadImagePolicy::stop;
    int threads = 0;
    InstructionSet isa = InstructionSet::automatic;
    // 0: all samples. Else a rehearsal on this many, evenly spread over the set, that reports
    // nothing.
    std::size_t rehearsalSamples = 0;
    bool keepInputs = false; // of every sample, for algorithms that need more than statistics
    ChannelScales scales{}; // see CalibrationRunOptions
    Shard shard{};
    // Of every file of a set of pictures, where they are known already (stage_digest.h).
    std::span<const std::pair<std::string, std::string>> digests{};
};

struct CalibrationOutcome {
    CalibrationStatistics statistics;
    std::vector<std::vector<Tensor>> inputs{}; // by sample, when asked for
    // Name relative to the set's folder and digest of each sample used, in set order.
    std::vector<std::pair<std::string, std::string>> samples{};
    std::vector<std::size_t> sampleIndices{}; // of the same, among the usable ones of the set
    std::size_t usableSamples = 0;            // of the whole set, whatever the shard
};

// Sends the ledger row that compares the number of samples with what the vendor's tools ask for.
// Diagnostics: calib.*, cancelled.
Result<CalibrationOutcome> runCalibration(const CalibrationRequest &request, std::stop_token stop,
                                          const EventSink &sink);

// The inputs that a rehearsal would keep, without running the network. Diagnostics: calib.*,
// cancelled.
Result<std::vector<std::vector<Tensor>>> loadRehearsalInputs(const CalibrationRequest &request,
                                                             std::stop_token stop);

} // namespace hefstudio
