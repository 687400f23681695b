// Float graph and statistics in, integers out: the quantise stage of a conversion.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "quantize/channel_means.h"
#include "quantize/quantized_graph.h"
#include "quantize/ranges.h"

#include <memory>
#include <span>
#include <stop_token>

namespace hefstudio {

struct QuantizeOptions {
    // Width per tensor, settled input quantisations, overridden ranges. The presets differ in the
    // widths only: `fast` leaves them empty, `balanced` and `accurate` name wide tensors.
    RangeOptions ranges;
    // Means of the layers' inputs; without them there is no bias correction.
    const ChannelMeans *channelMeans = nullptr;
};

// The quantisation of a raw picture whose normalisation was folded into the graph.
inline constexpr TensorQuantisation rawPictureQuantisation{1, 0, 8};

// `statistics` by TensorId (those of constants are not read). Layers without an integer form are
// all listed in one failure. Ledger rows and warnings go to the sink. Diagnostics:
// quantize.unsupported-layer, quantize.no-statistics, cancelled; warnings: quantize.not-finite.
Result<std::shared_ptr<const QuantizedGraph>>
quantizeGraph(std::shared_ptr<const Graph> graph, std::span<const TensorStatistics> statistics,
              const QuantizeOptions &options, std::stop_token stop = {},
              const EventSink &sink = {});

} // namespace hefstudio
