// Float graph and statistics in, integers out: the quantise stage of a conversion.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "engine/calibration_run.h"
#include "quantize/quantized_graph.h"
#include "quantize/ranges.h"

#include <memory>
#include <stop_token>

namespace hefstudio {

enum class BiasCorrection {
    off,
    channelMeans, // the mean error of the rounded weights, from the means of the channels
    measured,     // that and the shift of the values before: needs samples
};
enum class WeightRounding {
    nearest,
    secondOrder, // see second_order_rounding.h: needs samples
};

// Pictures that go through the network while it becomes integers, layer by layer.
struct QuantizeSamples {
    std::vector<std::vector<Tensor>> pictures; // real inputs, in the graph's order
    std::vector<ChannelStatistics> channels;   // of the float network on the same pictures
};

struct QuantizeOptions {
    // Width per tensor, settled input quantisations, overridden ranges. The presets differ in the
    // widths only: `fast` leaves them empty, `balanced` and `accurate` name wide tensors.
    RangeOptions ranges;
    BiasCorrection biasCorrection = BiasCorrection::channelMeans;
    WeightRounding rounding = WeightRounding::nearest;
    std::shared_ptr<const QuantizeSamples> samples; // null: none
    int threads = 0;
    InstructionSet isa = InstructionSet::automatic;
    ChannelScales channelScales; // the statistics must have been taken with the same
};

// The quantisation of a raw picture whose normalisation was folded into the graph.
inline constexpr TensorQuantisation rawPictureQuantisation{1, 0, 8};

// Layers without an integer form are
// all listed in one failure. Ledger rows and warnings go to the sink. Diagnostics:
// quantize.unsupported-layer, quantize.no-statistics, cancelled; warnings: quantize.not-finite.
Result<std::shared_ptr<const QuantizedGraph>> quantizeGraph(std::shared_ptr<const Graph> graph,
                                                            const CalibrationStatistics &statistics,
                                                            const QuantizeOptions &options,
                                                            std::stop_token stop = {},
                                                            const EventSink &sink = {});

} // namespace hefstudio
