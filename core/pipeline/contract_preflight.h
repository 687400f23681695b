// A look before the work: the float network on a few pictures, under what the file or the user says
// of its input. Where nothing is said, or nothing is found that way, the usual alternatives of
// value range and colour order are tried too and ranked by what they find. The choice stays the
// user's. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/calibration_set.h"
#include "recipe/settings.h"

#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace hefstudio {

// One way to feed the network, and what it finds in the pictures.
struct PreflightTrial {
    Normalization normalization;
    ColorOrder color = ColorOrder::rgb;
    bool isStated = false; // by the file or the user; else an alternative
    // Detectors: boxes of a score of 0.25 and more, after suppression. Classifiers: pictures whose
    // best class has a probability of 0.5 and more.
    std::int64_t found = 0;
    double confidence = 0; // mean over the pictures of the best score or probability
};

enum class PreflightMeasure { detections, classes };
std::string_view preflightMeasureName(PreflightMeasure measure); // as the enumerator

struct Preflight {
    PreflightMeasure measure = PreflightMeasure::detections;
    std::int64_t pictures = 0;
    // The stated way alone where it finds something, else all, best first: by confidence, then by
    // what is found.
    std::vector<PreflightTrial> trials;

    bool isRanking() const { return trials.size() > 1; }
};

// `settings` state end nodes, shapes and what the user knows of the input. Takes the first four
// pictures. Diagnostics: preflight.no-measure (neither a detector of known coding nor a
// classifier), those of opening and running, cancelled.
Result<Preflight> preflightContract(const std::filesystem::path &model,
                                    const ConversionSettings &settings,
                                    const CalibrationSet &pictures, std::stop_token stop = {});

} // namespace hefstudio
