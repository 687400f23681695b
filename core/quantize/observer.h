// From the statistics of one tensor to the range its integers will cover. Which observer is used
// for which tensor is a policy, written down in README.md of this room and reported per tensor.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/statistics.h"
#include "graph/graph.h"
#include "ops/integer_layer.h"

#include <optional>
#include <string_view>

namespace hefstudio {

// Real limits; real 0 always lies inside.
struct ValueRange {
    double low = 0;
    double high = 0;

    double width() const { return high - low; }
    friend bool operator==(const ValueRange &, const ValueRange &) = default;
};

enum class RangeMethod {
    minMax,
    percentile, // 0.01 % and 99.99 % of the mass
    meanSquare, // the limits with the least squared error
    entropy,    // the limits whose 256 levels lose the least information
    bounds,     // what the function can give at most
    given,      // stated by the caller
};
std::string_view rangeMethodName(RangeMethod method); // "min-max"
std::optional<RangeMethod> rangeMethodFromName(std::string_view name);

struct RangeChoice {
    ValueRange range;
    RangeMethod method = RangeMethod::minMax;
};

ValueRange minMaxRange(const TensorStatistics &statistics);
ValueRange percentileRange(const TensorStatistics &statistics, double fraction = 0.9999);
// Shrinks each side between 1 and 0.3 of the extremes, coordinate by coordinate.
ValueRange meanSquareRange(const TensorStatistics &statistics, int bits);
// Shrinks both sides between 1 and 0.3 of the extremes to the least divergence (Kullback and
// Leibler) of the histogram from its form in 256 levels, what lies outside counted at the limits.
ValueRange entropyRange(const TensorStatistics &statistics);
// The range that an observer gives; `bounds` and `given` are no observers and count as min-max.
ValueRange observedRange(const TensorStatistics &statistics, RangeMethod method, int bits);
// Expected squared error per value of 2^bits levels over the range: rounding inside, clipping
// outside.
double expectedSquaredError(const TensorStatistics &statistics, const ValueRange &range, int bits);

// The policy of preset `fast` for the output of one layer.
RangeChoice chooseRange(const Graph &graph, const Layer &layer, const TensorStatistics &statistics,
                        int bits);

// Scale (a float32) and zero point of a range; an empty range becomes [0, 1].
TensorQuantisation quantisationOf(const ValueRange &range, int bits);
ValueRange rangeOf(const TensorQuantisation &quantisation);

} // namespace hefstudio
