// Functions and factors as integers: the tables and output stages that lowering gives its layers.
// Plain double arithmetic with base/math.h, so that every machine makes the same tables.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ops/integer_layer.h"
#include "quantize/observer.h"

#include <functional>
#include <span>

namespace hefstudio {

using RealFunction = std::function<double(double)>;

// The table of `function` from integers that mean `from` to integers that mean `to`.
FunctionTable makeTable(const RealFunction &function, const TensorQuantisation &from,
                        const TensorQuantisation &to);

// The stage from an accumulator of the given real scales (one, or one per channel) through a fused
// activation to the output. ReLU, clip and the leaky kinds become clamps and factors; every other
// function becomes a table over a 16-bit pre-activation. `accumulatorBound` is the largest real
// magnitude the accumulator can have; it only matters for functions whose useful range is unknown.
// `channelScales` (empty: all 1) are the factors of the output's channels: channel c is stored as
// its real value divided by them.
OutputStage makeStage(std::span<const double> accumulatorScales, const ScalarFunction &activation,
                      const TensorQuantisation &output, double accumulatorBound,
                      std::span<const float> channelScales = {});

// Does the activation need no table?
bool isClampOrSlope(const ScalarFunction &function);

// The arguments between which the function is neither saturated nor beyond the output's range.
ValueRange usefulArguments(const ScalarFunction &function, const TensorQuantisation &output,
                           double accumulatorBound);

} // namespace hefstudio
