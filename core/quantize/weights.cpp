// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/weights.h"

#include "ops/fixed_point.h"
#include "quantize/second_order_rounding.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace hefstudio {

namespace {

constexpr double largestWeight = 127;
constexpr double largestBias = 2147483647.0;

// Nearest integer, ties to even, for magnitudes below 2^51: vectorises where a function call would
// not, and is the same number (double addition rounds to nearest even).
inline double nearest(double value)
{
    constexpr double magic = 6755399441055744.0; // 1.5·2^52
    return (value + magic) - magic;
}

double squaredError(std::span<const float> row, double scale)
{
    const double inverse = 1 / scale;
    double sum = 0;
    for (const float weight : row) {
        const double q = std::clamp(nearest(weight * inverse), -largestWeight, largestWeight);
        const double error = weight - q * scale;
        sum += error * error;
    }
    return sum;
}

// The scale with the least squared error among 21 between 0.8 and 1 of the largest magnitude.
float searchScale(std::span<const float> row)
{
    double largest = 0;
    for (const float weight : row)
        largest = std::max(largest, std::abs(static_cast<double>(weight)));
    if (!(largest > 0) || !std::isfinite(largest))
        return 0;
    const auto plain = static_cast<float>(largest / largestWeight);
    if (!(plain > std::numeric_limits<float>::min()))
        return 0;
    float best = plain;
    if (row.size() == 1)
        return best;
    double least = squaredError(row, best);
    for (int step = 1; step <= 20; ++step) {
        const auto scale = static_cast<float>(largest * (1 - 0.01 * step) / largestWeight);
        const double error = squaredError(row, scale);
        if (error < least) {
            least = error;
            best = scale;
        }
    }
    return best;
}

} // namespace

QuantisedWeights quantiseWeights(const WeightRows &rows)
{
    std::optional<SecondOrderRounding> rounding;
    if (rows.moments)
        rounding.emplace(*rows.moments, static_cast<std::size_t>(rows.rows));
    QuantisedWeights result;
    result.values.resize(rows.values.size());
    const auto columns = static_cast<std::size_t>(rows.columns);
    for (std::size_t o = 0; o < static_cast<std::size_t>(rows.rows); ++o) {
        const std::span<const float> row = std::span(rows.values).subspan(o * columns, columns);
        double bias = rows.bias.empty() ? 0 : static_cast<double>(rows.bias[o]);
        if (!std::isfinite(bias))
            bias = 0;
        float scale = searchScale(row);
        // A bias beyond 31 bits coarsens the weights instead of wrapping; half the range stays free
        // for the sum.
        const double biasScale = std::abs(bias) / (largestBias / 2) / rows.inputScale;
        if (static_cast<double>(scale) < biasScale)
            scale = std::nextafter(static_cast<float>(biasScale), INFINITY);
        if (!(scale > 0))
            scale = 1;
        const auto wide = static_cast<double>(scale);
        double meanError = 0;
        double bound = std::abs(bias);
        std::vector<double> real(columns), rounded(columns);
        for (std::size_t k = 0; k < columns; ++k) {
            real[k] = std::isfinite(row[k]) ? static_cast<double>(row[k]) : 0.0;
            rounded[k] = std::clamp(nearest(real[k] / wide), -largestWeight, largestWeight);
        }
        if (rounding)
            rounding->round(o, real, wide, rounded);
        const auto &stored = rows.storedMeans.empty() ? rows.inputMeans : rows.storedMeans;
        for (std::size_t k = 0; k < columns; ++k) {
            result.values[o * columns + k] = static_cast<std::int8_t>(rounded[k]);
            bound += std::abs(rounded[k] * wide) * rows.inputBound;
            if (!rows.inputMeans.empty()) {
                const std::size_t at = rows.inputMeans.size() == columns ? k : o * columns + k;
                meanError += real[k] * rows.inputMeans[at] - rounded[k] * wide * stored[at];
            }
        }
        const double accumulatorScale = rows.inputScale * wide;
        const std::int64_t q = roundHalfEven((bias + meanError) / accumulatorScale);
        result.bias.push_back(static_cast<std::int32_t>(
            std::clamp<std::int64_t>(q, -std::int64_t(largestBias), std::int64_t(largestBias))));
        result.scales.push_back(scale);
        result.accumulatorScales.push_back(accumulatorScale);
        result.accumulatorBound = std::max(result.accumulatorBound, bound);
    }
    return result;
}

} // namespace hefstudio
