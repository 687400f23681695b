// Weights and biases as integers: symmetric per output channel, the scale searched for the least
// squared error, the bias at the accumulator's scale with the mean error of the rounding taken out.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace hefstudio {

// Σ x·xᵀ over sampled positions, x the stored inputs (in units of their scale) that one output
// reads. Sums of integers, so exact in any order. Long rows are cut into blocks, whose errors are
// taken as independent: the work grows with the cube of a block.
struct InputMoments {
    std::size_t columns = 0; // of a row of weights
    std::size_t block = 1;   // columns of a block; the last one may be shorter
    std::vector<std::vector<double>> matrices; // by group of outputs, then block; row by row

    std::size_t blocks() const { return (columns + block - 1) / block; }
    std::size_t blockSize(std::size_t b) const { return std::min(block, columns - b * block); }
};

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
    // The same means of the values as they arrive in integers, when they were measured: the shift
    // that rounding and clipping before this layer cause is then taken out, too.
    std::vector<double> storedMeans;
    // Second moments of the inputs at each pair of weights, one matrix for each group of rows; null:
    // each weight is rounded by itself.
    const InputMoments *moments = nullptr;
};

QuantisedWeights quantiseWeights(const WeightRows &rows);

} // namespace hefstudio
