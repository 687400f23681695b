// How the chip's part of a network would be mapped and how fast it would run: the mapping and the
// profile of core, with what views look up by layer. Made off the GUI thread; everything about time
// is predicted.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "profile/profile.h"

#include <memory>
#include <stop_token>

namespace hefstudio {

struct ModelEstimate {
    std::shared_ptr<const Graph> graph; // the device graph
    std::vector<int> bits;              // by TensorId
    DeviceModel device;
    Mapping mapping;
    Profile profile;
    std::vector<int> contextOf;         // by layer; -1 for inputs
    std::vector<double> millisecondsOf; // by layer, of one frame in one unsplit piece
    std::vector<int> clusterOf;         // by layer: where most of it computes; -1 for inputs
    double totalMs = 0;                 // of millisecondsOf
};

struct EstimateChoices {
    std::string chip = "hailo8l";
    std::string link; // empty: the chip's first
    std::vector<int> batches{1, 2, 4, 8, 16, 32};
};

// Diagnostics: those of findDevice and mapToDevice.
Result<std::shared_ptr<const ModelEstimate>> estimateModel(std::shared_ptr<const Graph> graph,
                                                           const EstimateChoices &choices,
                                                           std::stop_token stop);

} // namespace hefstudio
