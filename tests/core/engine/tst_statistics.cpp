// Statistics must be exact and must not depend on the order or grouping of what they are shown.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/statistics.h"

#include "random_nets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <numeric>

using namespace hefstudio;
using namespace hefstudio::test;

namespace {

constexpr int side = TensorStatistics::binsPerSide;

TensorStatistics of(const std::vector<float> &values)
{
    TensorStatistics statistics;
    statistics.add(values);
    return statistics;
}

// Values of very different sizes, in runs, with zeros of both signs.
std::vector<float> mixedValues(Dice &dice, std::size_t count)
{
    std::vector<float> values;
    while (values.size() < count) {
        const float size = std::ldexp(1.0F, static_cast<int>(dice.between(-40, 12)));
        const std::int64_t run = dice.between(1, 300);
        const bool isZero = dice.between(0, 4) == 0;
        for (std::int64_t i = 0; i < run && values.size() < count; ++i)
            values.push_back(isZero ? (dice.coin() ? 0.0F : -0.0F) : dice.real(-size, size));
    }
    return values;
}

// The same numbers one value at a time in plain integers.
struct Obvious {
    __int128 sum = 0, squares = 0;
    float low = 0, high = 0;
    std::vector<std::uint64_t> bins = std::vector<std::uint64_t>(2 * side, 0);
    int exponent = -32;

    explicit Obvious(const std::vector<float> &values)
    {
        low = *std::ranges::min_element(values);
        high = *std::ranges::max_element(values);
        while (std::max(std::abs(low), std::abs(high)) >= std::ldexp(1024.0, exponent))
            ++exponent;
        for (const float value : values) {
            const double x = value;
            sum += static_cast<__int128>(std::nearbyint(x * 0x1p24));
            squares += static_cast<__int128>(std::nearbyint(x * x * 0x1p16));
            const int bin = static_cast<int>(std::floor(std::ldexp(std::abs(x), -exponent)));
            ++bins[static_cast<std::size_t>(x < 0 ? side - 1 - bin : side + bin)];
        }
    }
};

} // namespace

TEST(TensorStatistics, CountsFewValuesAsAReaderWould)
{
    // Largest magnitude 4: bins are 1/128 wide.
    const TensorStatistics statistics = of({1, -2, 4, 0});
    EXPECT_EQ(statistics.count(), 4U);
    EXPECT_EQ(statistics.minimum(), -2);
    EXPECT_EQ(statistics.maximum(), 4);
    EXPECT_DOUBLE_EQ(statistics.mean(), 0.75);
    EXPECT_DOUBLE_EQ(statistics.secondMoment(), 21.0 / 4);
    EXPECT_EQ(statistics.binExponent(), -7);
    EXPECT_EQ(statistics.histogram()[side + 0], 1U);
    EXPECT_EQ(statistics.histogram()[side + 128], 1U);
    EXPECT_EQ(statistics.histogram()[side + 512], 1U);
    EXPECT_EQ(statistics.histogram()[side - 1 - 256], 1U);
}

TEST(TensorStatistics, NothingSeenIsEmpty)
{
    const TensorStatistics statistics = of({});
    EXPECT_EQ(statistics, TensorStatistics());
    EXPECT_EQ(statistics.quantile(0.5), 0);
    EXPECT_EQ(statistics.mean(), 0);
}

TEST(TensorStatistics, CountsStrangeValuesApart)
{
    const float nan = std::numeric_limits<float>::quiet_NaN(), inf = INFINITY;
    const TensorStatistics statistics = of({nan, 1, -inf, 3, inf});
    EXPECT_EQ(statistics.notFinite(), 3U);
    EXPECT_EQ(statistics.count(), 2U);
    EXPECT_EQ(statistics.minimum(), 1);
    EXPECT_EQ(statistics.maximum(), 3);
    EXPECT_DOUBLE_EQ(statistics.mean(), 2);
    EXPECT_EQ(of({nan, nan}).count(), 0U);
}

TEST(TensorStatistics, SurvivesTheLargestAndSmallestFloats)
{
    const float largest = std::numeric_limits<float>::max();
    const TensorStatistics statistics =
        of({largest, -largest, std::numeric_limits<float>::denorm_min()});
    EXPECT_EQ(statistics.binExponent(), 118);
    EXPECT_EQ(statistics.histogram().front(), 1U);
    EXPECT_EQ(statistics.histogram().back(), 1U);
    EXPECT_EQ(statistics.histogram()[side], 1U);
    EXPECT_EQ(statistics.mean(), 0);
}

TEST(TensorStatistics, QuantilesOfAUniformSpreadAreLinear)
{
    std::vector<float> values(10001);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i) / 10000.0F - 0.25F;
    const TensorStatistics statistics = of(values);
    for (const double fraction : {0.0, 0.1, 0.25, 0.5, 0.999, 1.0})
        EXPECT_NEAR(statistics.quantile(fraction), fraction - 0.25, 2e-3) << fraction;
}

TEST(TensorStatistics, MatchTheObviousArithmetic)
{
    Dice dice(1);
    for (const std::size_t count : {1, 15, 16, 17, 1000, 1025, 4099, 32768, 70001}) {
        std::vector<float> values = mixedValues(dice, count);
        if (dice.coin())
            values[count / 2] = 3e6F; // too large for the quick sums
        const Obvious wanted(values);
        const TensorStatistics statistics = of(values);
        EXPECT_EQ(statistics.count(), count);
        EXPECT_EQ(statistics.minimum(), wanted.low);
        EXPECT_EQ(statistics.maximum(), wanted.high);
        EXPECT_EQ(statistics.binExponent(), wanted.exponent);
        EXPECT_EQ(statistics.histogram(), wanted.bins);
        const auto n = static_cast<double>(count);
        EXPECT_EQ(statistics.mean(), static_cast<double>(wanted.sum) / 0x1p24 / n);
        EXPECT_EQ(statistics.secondMoment(), static_cast<double>(wanted.squares) / 0x1p16 / n);
    }
}

TEST(TensorStatistics, AnyOrderAndGroupingGivesTheSame)
{
    Dice dice(2);
    for (int round = 0; round < 60; ++round) {
        std::vector<float> values =
            mixedValues(dice, static_cast<std::size_t>(dice.between(1, 60000)));
        if (round % 3 == 0)
            values[values.size() / 3] = dice.real(1e5F, 1e30F);
        if (round % 5 == 0)
            values[values.size() / 2] = std::numeric_limits<float>::quiet_NaN();
        const TensorStatistics whole = of(values);

        for (std::size_t i = values.size(); i > 1; --i)
            std::swap(values[i - 1], values[static_cast<std::size_t>(
                                         dice.between(0, static_cast<std::int64_t>(i) - 1))]);
        std::vector<TensorStatistics> parts(static_cast<std::size_t>(dice.between(1, 6)));
        for (std::size_t begin = 0; begin < values.size();) {
            const auto size = std::min<std::size_t>(
                values.size() - begin, static_cast<std::size_t>(dice.between(1, 20000)));
            parts[static_cast<std::size_t>(
                      dice.between(0, static_cast<std::int64_t>(parts.size()) - 1))]
                .add(std::span(values).subspan(begin, size));
            begin += size;
        }
        while (parts.size() > 1) {
            const auto last = static_cast<std::int64_t>(parts.size()) - 1;
            const auto from = static_cast<std::size_t>(dice.between(0, last));
            const auto to = (from + static_cast<std::size_t>(dice.between(1, last))) % parts.size();
            parts[to].merge(parts[from]);
            parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(from));
        }
        EXPECT_EQ(parts.front(), whole) << "round " << round;
    }
}

TEST(ChannelStatistics, BothOrdersOfAPictureAgree)
{
    Dice dice(3);
    for (int round = 0; round < 40; ++round) {
        const Shape shape{dice.between(1, 2), dice.between(1, 40), dice.between(1, 30),
                          dice.between(1, 30)};
        Tensor plain = dice.tensor(shape, -100, 100);
        if (round % 4 == 0)
            plain.as<float>()[0] = round % 8 == 0 ? 1e20F : INFINITY;
        std::vector<float> last;
        const auto values = plain.as<float>();
        const std::int64_t area = shape[2] * shape[3];
        for (std::int64_t n = 0; n < shape[0]; ++n)
            for (std::int64_t i = 0; i < area; ++i)
                for (std::int64_t c = 0; c < shape[1]; ++c)
                    last.push_back(values[static_cast<std::size_t>((n * shape[1] + c) * area + i)]);
        ChannelStatistics a, b;
        a.add(values, shape);
        b.add(last, shape, true);
        EXPECT_EQ(a, b);
        ASSERT_EQ(a.channels(), static_cast<std::size_t>(shape[1]));
        if (round % 4 == 0)
            continue;
        const auto first = values.first(static_cast<std::size_t>(area));
        if (shape[0] == 1) {
            EXPECT_EQ(a.minimum(0), *std::ranges::min_element(first));
            EXPECT_EQ(a.maximum(0), *std::ranges::max_element(first));
            EXPECT_NEAR(
                a.mean(0),
                std::accumulate(first.begin(), first.end(), 0.0) / static_cast<double>(area), 1e-6);
        }
        ChannelStatistics twice = a, merged = a;
        twice.add(values, shape);
        merged.merge(a);
        EXPECT_EQ(twice, merged);
    }
}

TEST(ChannelStatistics, OtherRanksCountAlongTheLastAxis)
{
    ChannelStatistics statistics;
    statistics.add(std::vector<float>{1, 10, 3, -10}, Shape{2, 2});
    EXPECT_EQ(statistics.minimum(0), 1);
    EXPECT_EQ(statistics.maximum(0), 3);
    EXPECT_EQ(statistics.minimum(1), -10);
    EXPECT_DOUBLE_EQ(statistics.mean(0), 2);
    EXPECT_EQ(statistics.count(1), 2U);
}

TEST(ChannelStatistics, AKnownBoundChangesNothing)
{
    std::vector<float> values(6 * 7 * 5);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = std::sin(static_cast<float>(i)) * 1000;
    const Shape shape{1, 6, 7, 5};
    for (const float strange : {0.0F, std::numeric_limits<float>::infinity(),
                                std::numeric_limits<float>::quiet_NaN(), 1e30F}) {
        for (const bool isLast : {false, true}) {
            TensorStatistics tensor, wantedTensor;
            ChannelStatistics channels, wanted;
            for (int round = 0; round < 2; ++round) {
                values[17] = round == 1 ? strange : 1.0F;
                addToBoth(tensor, channels, values, shape, isLast);
                wantedTensor.add(values);
                wanted.add(values, shape, isLast);
            }
            EXPECT_EQ(tensor, wantedTensor) << strange;
            EXPECT_EQ(channels, wanted) << strange;
        }
    }
}
