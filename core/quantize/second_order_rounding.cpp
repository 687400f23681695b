// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/second_order_rounding.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hefstudio {
namespace {

constexpr double damping = 0.01; // of the mean of the diagonal: directions that were hardly seen
constexpr double largestWeight = 127;

// Lower L with A = L·Lᵀ in place of A's lower half; false when A is not positive definite.
bool factorise(std::vector<double> &a, std::size_t n)
{
    for (std::size_t j = 0; j < n; ++j) {
        double *rowJ = a.data() + j * n;
        for (std::size_t i = j; i < n; ++i) {
            double *rowI = a.data() + i * n;
            double sum = rowI[j];
            for (std::size_t k = 0; k < j; ++k)
                sum -= rowI[k] * rowJ[k];
            if (i == j) {
                if (!(sum > 0))
                    return false;
                rowJ[j] = std::sqrt(sum);
            } else {
                rowI[j] = sum / rowJ[j];
            }
        }
    }
    return true;
}

// inverse(A) from its factor: columns of inverse(L), then inverse(L)ᵀ·inverse(L).
std::vector<double> inverseFromFactor(const std::vector<double> &lower, std::size_t n)
{
    std::vector<double> inverse(n * n, 0); // row c holds column c of inverse(L)
    for (std::size_t c = 0; c < n; ++c) {
        double *column = inverse.data() + c * n;
        column[c] = 1 / lower[c * n + c];
        for (std::size_t i = c + 1; i < n; ++i) {
            const double *row = lower.data() + i * n;
            double sum = 0;
            for (std::size_t k = c; k < i; ++k)
                sum -= row[k] * column[k];
            column[i] = sum / row[i];
        }
    }
    std::vector<double> result(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = 0;
            for (std::size_t k = i; k < n; ++k)
                sum += inverse[i * n + k] * inverse[j * n + k];
            result[i * n + j] = result[j * n + i] = sum;
        }
    }
    return result;
}

// Σ over pairs of columns: the expected squared error of the sum, but for a constant factor.
double expectedError(const std::vector<double> &moments, std::span<const double> real,
                     double scale, std::span<const double> rounded)
{
    const std::size_t n = real.size();
    std::vector<double> difference(n);
    for (std::size_t k = 0; k < n; ++k)
        difference[k] = real[k] - rounded[k] * scale;
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        double row = 0;
        for (std::size_t j = 0; j < n; ++j)
            row += moments[i * n + j] * difference[j];
        sum += difference[i] * row;
    }
    return sum;
}

} // namespace

SecondOrderRounding::SecondOrderRounding(const InputMoments &moments, std::size_t rows)
    : m_moments(moments)
{
    if (moments.matrices.empty())
        return;
    const std::size_t groups = moments.matrices.size() / moments.blocks();
    m_rowsPerGroup = std::max<std::size_t>(1, rows / std::max<std::size_t>(1, groups));
    for (std::size_t which = 0; which < moments.matrices.size(); ++which) {
        const std::vector<double> &h = moments.matrices[which];
        const std::size_t n = moments.blockSize(which % moments.blocks());
        Block &block = m_blocks.emplace_back();
        block.order.resize(n);
        std::iota(block.order.begin(), block.order.end(), std::size_t(0));
        std::ranges::stable_sort(block.order, [&](std::size_t a, std::size_t b) {
            return h[a * n + a] > h[b * n + b];
        });
        double trace = 0;
        for (std::size_t i = 0; i < n; ++i)
            trace += h[i * n + i];
        const double extra = damping * trace / static_cast<double>(n);
        if (!(extra > 0))
            continue;
        std::vector<double> sorted(n * n);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j)
                sorted[i * n + j] = h[block.order[i] * n + block.order[j]] + (i == j ? extra : 0);
        if (!factorise(sorted, n))
            continue;
        std::vector<double> inverse = inverseFromFactor(sorted, n);
        if (!factorise(inverse, n))
            continue;
        block.factor.resize(n * n);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = i; j < n; ++j)
                block.factor[i * n + j] = inverse[j * n + i];
    }
}

void SecondOrderRounding::round(std::size_t row, std::span<const double> real, double scale,
                                std::vector<double> &rounded) const
{
    if (m_blocks.empty() || real.size() != m_moments.columns)
        return;
    const std::size_t blocks = m_moments.blocks();
    const std::size_t group = std::min(row / m_rowsPerGroup, m_blocks.size() / blocks - 1);
    for (std::size_t b = 0; b < blocks; ++b) {
        const std::size_t first = b * m_moments.block;
        const std::size_t count = m_moments.blockSize(b);
        roundBlock(group * blocks + b, real.subspan(first, count), scale,
                   std::span(rounded).subspan(first, count));
    }
}

void SecondOrderRounding::roundBlock(std::size_t which, std::span<const double> real, double scale,
                                     std::span<double> rounded) const
{
    const Block &block = m_blocks[which];
    const std::size_t n = real.size();
    if (block.factor.empty())
        return;
    std::vector<double> left(n); // what is left to represent, in the block's order
    for (std::size_t i = 0; i < n; ++i)
        left[i] = real[block.order[i]];
    std::vector<double> found(n);
    for (std::size_t i = 0; i < n; ++i) {
        const double q = std::clamp(std::nearbyint(left[i] / scale), -largestWeight, largestWeight);
        found[block.order[i]] = q;
        const double *column = block.factor.data() + i * n;
        const double error = (left[i] - q * scale) / column[i];
        for (std::size_t j = i + 1; j < n; ++j)
            left[j] -= error * column[j];
    }
    const std::vector<double> &h = m_moments.matrices[which];
    if (expectedError(h, real, scale, found) < expectedError(h, real, scale, rounded))
        std::ranges::copy(found, rounded.begin());
}

} // namespace hefstudio
