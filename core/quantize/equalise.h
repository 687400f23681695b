// Activation equalisation: flattens the ranges of a tensor's channels, so that one scale suits them
// all. Between two convolutions with a positively homogeneous function between them, channel c of
// the value is divided by S_c and the weights that read it are multiplied by S_c; the network
// computes the same (Nagel et al. 2019, arXiv 1906.04721, in the form that looks at activations).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/statistics.h"
#include "graph/graph.h"

#include <memory>
#include <span>

namespace hefstudio {

struct Equalisation {
    std::shared_ptr<const Graph> graph; // same layers, names and ids; other weights
    int tensors = 0;                    // how many values were equalised
};

// `channels` by TensorId, from calibration. S_c = (A_c / A_max)^β with A_c the largest magnitude in
// channel c; β is 1 where every reader is depthwise (its weights have a scale per channel anyway)
// and ½ elsewhere, where small channels would otherwise lose weight precision. S_c is at least
// 1/16, and rounded to a power of two's eighth so that the weights do not hang on the last bit of a
// statistic.
Equalisation equaliseActivations(const Graph &graph, std::span<const ChannelStatistics> channels);

} // namespace hefstudio
