// The quantise stage: a preset spelled out as one decision per layer, changed where the user said
// so, and the network turned into integers by it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "heads/end_nodes.h"
#include "pipeline/calibration_stage.h"
#include "quantize/quantize_graph.h"
#include "quantize/sensitivity.h"
#include "recipe/settings.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

struct QuantizeRequest {
    std::shared_ptr<const Graph> graph;
    const CalibrationStatistics &statistics;
    const InputPlans &plans;
    std::span<const EndNodeProposal> ends; // by output
    const ChannelScales &channelScales;
    // The rehearsal's pictures, and what the float network's channels look like on them; for
    // balanced and accurate.
    std::span<const std::vector<Tensor>> samples;
    std::span<const ChannelStatistics> sampleChannels;
    const ConversionSettings &settings;
};

// One row of what a preset came to; what a recipe's `layers` can change is marked *.
struct LayerDecision {
    std::string layer;
    std::string kind;
    int bits = 8;         // * of the layer's output
    std::string observer; // * "min-max", …: where the range came from
    double low = 0, high = 0;
    bool isEqualised = false;
    std::string rounding;       // "nearest", "second-order"; empty for layers without weights
    std::string biasCorrection; // "channel-means", "measured"; empty likewise
    // What this value's rounding alone adds to the outputs, in dB below them; NaN: not measured.
    double outputSnr = 0;
    std::string why; // of bits other than 8
};

struct QuantizeOutcome {
    std::shared_ptr<const QuantizedGraph> quantized;
    std::vector<LayerDecision> table; // in the order of the layers
};

// Share of the multiply-accumulates that may read 16-bit values in preset accurate.
inline constexpr double wideBudget = 0.5;

// Sends ledger rows. Diagnostics: those of quantizeGraph and measureSensitivity; pipeline.unknown-layer.
Result<QuantizeOutcome> runQuantization(const QuantizeRequest &request, std::stop_token stop,
                                        const EventSink &sink);

} // namespace hefstudio
