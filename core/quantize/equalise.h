// Equalisation of channels: a value's channel c is stored as x_c / S_c, so that one scale per tensor
// suits channels of unlike magnitude; whoever reads it multiplies its weights by S_c, so the network
// computes the same (the form of Nagel et al. 2019, arXiv 1906.04721, that looks at activations).
// Curved functions are no obstacle: the output stage behind them has a factor per channel.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/channel_scales.h"
#include "engine/statistics.h"
#include "graph/graph.h"

#include <span>

namespace hefstudio {

struct Equalisation {
    ChannelScales scales;
    int tensors = 0; // how many values have factors
};

// `channels` by TensorId, from calibration. Channels that move together (through pools, sums,
// concatenations …) share a factor; channels that reach anything but weights keep 1, as do outputs.
// S_c = (A_c / A_max)^β with A_c the largest magnitude seen; β is, for each set of tensors that
// hang together, the one of five between 0 and 1 with the least predicted noise at the readers:
// rounding of the values against rounding of the multiplied weights. S_c is at least 1/64, in
// eighths of an octave so that the weights do not hang on the last bit of a statistic.
Equalisation equaliseChannels(const Graph &graph, std::span<const ChannelStatistics> channels);

} // namespace hefstudio
