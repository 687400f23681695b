// The doctor's whole visit: every sample looked at once, in any number of threads, then judged by
// what was seen. Looking decodes and takes seconds; judging again, after samples were left out or
// put back by hand, takes milliseconds. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "calibration/calibration_set.h"
#include "calibration/doctor.h"
#include "calibration/picture_facts.h"
#include "calibration/picture_measures.h"
#include "calibration/set_labels.h"

#include <array>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

// One sample as seen.
struct SampleLook {
    std::string brokenId;          // why it cannot be decoded; empty: it can
    std::uint64_t contentHash = 0; // of the file's or the sample's bytes
    std::optional<PictureFacts> facts;
    std::optional<PictureMeasures> measures; // nothing for data that are no pictures
    bool isChanged = false;                  // not the bytes that the SET.json states
    // Of arrays, over all inputs.
    double low = 0, high = 0;
    std::int64_t notFinite = 0;
};

struct SetLooks {
    std::vector<SampleLook> samples;
    std::optional<SetLabels> labels;
};

// Sends progress of the stage "look". Diagnostics: cancelled. What is wrong with a sample is no
// failure of this.
Result<SetLooks> lookAtSet(const CalibrationSet &set, int threads, std::stop_token stop,
                           const EventSink &sink);

struct Finding {
    Diagnostic diagnostic;
    std::vector<std::size_t> samples; // it is about; empty: about the set as a whole
};

struct JudgeOptions {
    std::vector<ExpectedInput> inputs; // what the network takes, where it is known
    // A folder that looks like what the network will meet.
    const SetLooks *reference = nullptr;
};

// What is wrong with these samples (indices of the set, sorted), the gravest first. Ids, with
// errors first: calib.broken-pictures, calib.changed-files, calib.mixed-ranges and those of
// examine(); warnings: calib.too-few, calib.duplicates, calib.near-duplicates, calib.blurred,
// calib.dark, calib.bright, calib.empty-pictures, calib.already-normalised, calib.size-outliers,
// calib.small-pictures, calib.channel-order-suspected, calib.classes-missing,
// calib.double-normalised, calib.own-values, calib.drift; notes: calib.no-tuning, calib.unlabelled.
// Findings about samples have the fix "leave-out-samples".
std::vector<Finding> judge(const CalibrationSet &set, const SetLooks &looks,
                           std::span<const std::size_t> samples, const JudgeOptions &options);

// The samples that a finding's fix leaves out: all it is about, but for duplicates, of which one
// stays. Findings that are better dealt with otherwise (wrong layout) have none.
bool leavesOut(const Finding &finding);

// Counts of samples that the published tools ask for: 64 to calibrate, 1024 for the algorithms that
// tune weights.
inline constexpr std::size_t samplesToCalibrate = 64;
inline constexpr std::size_t samplesToTune = 1024;

// Samples without a counterpart among the reference's: farther from their nearest one than
// reference pictures are from each other.
std::vector<std::size_t> unlike(const SetLooks &looks, std::span<const std::size_t> samples,
                                const SetLooks &reference);

} // namespace hefstudio
