// Weights and biases as integers: symmetric per output channel, the scale searched for the least
// squared error, the bias at the accumulator's scale with the mean error of the rounding taken out.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hefstudio {

struct QuantisedWeights {
    std::vector<std::int8_t> values;
    std::vector<float> scales;      // one per output channel
    std::vector<std::int32_t> bias; // at scale inputScale · scales[o]
    std::vector<double> accumulatorScales;
    double accumulatorBound = 0; // the largest real magnitude a sum can have
};

// The weights as rows, one per output channel.
struct WeightRows {
    std::vector<float> values;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::vector<float> bias; // one per row, or empty
    // Mean of the real input at each weight over the outputs it contributes to (rows × columns or
    // columns; empty: unknown). The mean error of a row is added to its bias.
    std::vector<double> inputMeans;
    double inputScale = 1;   // of the operand
    double inputBound = 255; // its largest real magnitude
};

QuantisedWeights quantiseWeights(const WeightRows &rows);

} // namespace hefstudio
