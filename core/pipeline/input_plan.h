// What the network expects of its input, and how calibration samples become that: the facts the
// user states, else those the exporter left in the file, each with its evidence. What stays unknown
// is asked for, never assumed in silence. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ledger.h"
#include "calibration/calibration_set.h"
#include "graph/graph.h"
#include "recipe/settings.h"

namespace hefstudio {

struct InputPlan {
    std::string inputName; // the graph's input tensor
    Shape shape;
    // A picture: raw 0…255 enter the HEF and the normalisation is folded into the network. Else the
    // samples are the network's own real values.
    bool isPicture = false;
    Normalization normalization;
    PreprocessOptions preprocess;
    // What a network that takes pictures was trained on, where that is stated or evident, also for
    // samples that are real values already.
    std::optional<Normalization> trainedOn{};
};

struct InputPlans {
    std::vector<InputPlan> inputs; // in the graph's order
    Ledger ledger;
};

// Diagnostics: input.contract-unknown, input.not-a-picture, input.normalization-channels.
Result<InputPlans> planInputs(const Graph &graph, const CalibrationSet &set,
                              const ConversionSettings &settings);

} // namespace hefstudio
