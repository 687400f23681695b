// One layer of the float graph as one layer in integers, given the quantisation of its tensors.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/channel_scales.h"
#include "engine/statistics.h"
#include "graph/graph.h"
#include "ops/integer_layer.h"
#include "quantize/weights.h"

#include <span>

namespace hefstudio {

struct Lowering {
    const Graph &graph;
    std::span<const TensorQuantisation> tensors; // by TensorId
    std::span<const ChannelStatistics> channels; // by TensorId; empty: no bias correction
    const ChannelScales &scales;
    // Measured in lock step, for the layer at hand: means of the first operand's channels as stored
    // and as they should be, both real; moments for second-order rounding. Empty: not measured.
    std::vector<double> storedMeans{};
    std::vector<double> wantedMeans{};
    const InputMoments *moments = nullptr;
};

struct LoweredLayer {
    IntegerLayer integer;
    std::vector<float> weightScales; // of layers with weights: one per row
};

// Diagnostics: quantize.unsupported-layer, with the fix to cut before the layer.
Result<LoweredLayer> lowerLayer(const Lowering &lowering, const Layer &layer);

} // namespace hefstudio
