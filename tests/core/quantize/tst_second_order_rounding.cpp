// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/second_order_rounding.h"

#include "quantize_world.h"

using namespace hefstudio;

namespace {

// Correlated inputs: each column is mostly its neighbour.
InputMoments correlated(std::size_t columns, std::size_t block, std::mt19937 &random)
{
    std::normal_distribution<double> normal;
    InputMoments moments{columns, block, {}};
    for (std::size_t b = 0; b < moments.blocks(); ++b)
        moments.matrices.emplace_back(moments.blockSize(b) * moments.blockSize(b), 0);
    for (int sample = 0; sample < 500; ++sample) {
        std::vector<double> x(columns);
        double common = 0;
        for (double &value : x) {
            common = 0.9 * common + normal(random);
            value = std::round(10 * common);
        }
        for (std::size_t b = 0; b < moments.blocks(); ++b) {
            const std::size_t n = moments.blockSize(b);
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = 0; j < n; ++j)
                    moments.matrices[b][i * n + j] += x[b * block + i] * x[b * block + j];
        }
    }
    return moments;
}

double outputError(const InputMoments &moments, std::span<const double> real, double scale,
                   std::span<const double> rounded)
{
    double sum = 0;
    for (std::size_t b = 0; b < moments.blocks(); ++b) {
        const std::size_t n = moments.blockSize(b), first = b * moments.block;
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j)
                sum += (real[first + i] - rounded[first + i] * scale) *
                       moments.matrices[b][i * n + j] *
                       (real[first + j] - rounded[first + j] * scale);
    }
    return sum;
}

} // namespace

TEST(SecondOrderRounding, HalvesTheErrorOfTheSumOnCorrelatedInputs)
{
    std::mt19937 random(3);
    std::uniform_real_distribution<double> uniform(-1, 1);
    for (const std::size_t block : {24, 10}) {
        const InputMoments moments = correlated(24, block, random);
        const SecondOrderRounding rounding(moments, 8);
        double nearestError = 0, ownError = 0;
        for (std::size_t row = 0; row < 8; ++row) {
            std::vector<double> real(24), rounded(24);
            for (std::size_t k = 0; k < real.size(); ++k) {
                real[k] = uniform(random);
                rounded[k] = std::nearbyint(real[k] / 0.1);
            }
            const double before = outputError(moments, real, 0.1, rounded);
            rounding.round(row, real, 0.1, rounded);
            const double after = outputError(moments, real, 0.1, rounded);
            EXPECT_LE(after, before);
            nearestError += before;
            ownError += after;
            for (const double q : rounded) {
                EXPECT_EQ(q, std::nearbyint(q));
                EXPECT_LE(std::abs(q), 127);
            }
        }
        EXPECT_LT(ownError, nearestError / 2) << block;
    }
}

TEST(SecondOrderRounding, LeavesTheNearestIntegersWhereNothingWasSeen)
{
    const InputMoments silent{4, 4, {std::vector<double>(16, 0)}};
    const InputMoments none{4, 4, {}};
    for (const InputMoments *moments : {&silent, &none}) {
        const std::vector<double> real{0.12, -0.3, 0.77, 0};
        std::vector<double> rounded{1, -3, 8, 0};
        const std::vector<double> before = rounded;
        SecondOrderRounding(*moments, 1).round(0, real, 0.1, rounded);
        EXPECT_EQ(rounded, before);
    }
}
