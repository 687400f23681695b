// The quantisation of every tensor: observed ranges, joined where layers pass integers through
// unchanged, so that a slice, a reshape or a concatenation costs no rounding.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ledger.h"
#include "quantize/observer.h"

#include <optional>
#include <span>
#include <vector>

namespace hefstudio {

struct RangeOptions {
    // By TensorId, 8 or 16; empty means 8 everywhere. A group that shares a scale takes the widest.
    std::vector<int> bits;
    // By position in graph.inputs: a quantisation that is settled already (raw pictures: scale 1,
    // zero point 0). Missing entries come from the statistics.
    std::vector<std::optional<TensorQuantisation>> inputs;
    // By TensorId: the observer that the user chose; empty or nothing: the policy's choice.
    std::vector<std::optional<RangeMethod>> methods;
    // Overrides of the observed range, by tensor.
    std::vector<std::pair<TensorId, ValueRange>> ranges;
};

struct TensorRanges {
    std::vector<TensorQuantisation> tensors; // by TensorId
    std::vector<RangeMethod> methods;        // by TensorId
    Ledger ledger;                           // widths that were raised
};

// Statistics by TensorId. Constants keep the default quantisation.
TensorRanges assignRanges(const Graph &graph, std::span<const TensorStatistics> statistics,
                          const RangeOptions &options);

} // namespace hefstudio
