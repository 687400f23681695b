// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/fixed_point.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace hefstudio;

namespace {

// floor((a·m + 2^(r-1)) / 2^r) by division, without shifts of negative numbers.
std::int64_t halfUpByDivision(std::int64_t accumulator, FixedPoint by)
{
    if (by.shift == 0)
        return accumulator * by.multiplier;
    const __int128 unit = static_cast<__int128>(1) << by.shift;
    const __int128 sum = static_cast<__int128>(accumulator) * by.multiplier + unit / 2;
    __int128 quotient = sum / unit;
    if (quotient * unit > sum)
        --quotient;
    return static_cast<std::int64_t>(quotient);
}

} // namespace

TEST(FixedPoint, HoldsAFactorTo31Bits)
{
    for (int exponent = -40; exponent <= 2; ++exponent) {
        for (const double fraction : {0.5, 0.6789, 0.75, 0.99999999999}) {
            const double value = std::ldexp(fraction, exponent);
            const FixedPoint made = fixedPoint(value);
            EXPECT_GE(made.multiplier, 1 << 30);
            EXPECT_NEAR(made.real() / value, 1, 1e-9);
            EXPECT_EQ(fixedPoint(-value).multiplier, -made.multiplier);
        }
    }
}

TEST(FixedPoint, TakesTheEndsWithoutHarm)
{
    EXPECT_EQ(fixedPoint(0), FixedPoint{});
    EXPECT_EQ(fixedPoint(NAN), FixedPoint{});
    EXPECT_EQ(fixedPoint(1e-300), FixedPoint{});
    EXPECT_EQ(fixedPoint(1e300).multiplier, INT32_MAX);
    EXPECT_EQ(fixedPoint(-INFINITY).multiplier, -INT32_MAX);
    EXPECT_EQ(fixedPoint(1), (FixedPoint{1 << 30, 30}));
}

TEST(Rescale, IsTheIdentityForFactorOne)
{
    for (const std::int64_t value : {0LL, 1LL, -1LL, 255LL, -65535LL, 1LL << 40, -(1LL << 50)})
        EXPECT_EQ(rescale(value, fixedPoint(1)), value);
}

TEST(Rescale, RoundsHalvesUp)
{
    const FixedPoint half = fixedPoint(0.5);
    EXPECT_EQ(rescale(1, half), 1);
    EXPECT_EQ(rescale(-1, half), 0);
    EXPECT_EQ(rescale(3, half), 2);
    EXPECT_EQ(rescale(-3, half), -1);
    EXPECT_EQ(rescale<Rounding::halfEven>(1, half), 0);
    EXPECT_EQ(rescale<Rounding::halfEven>(3, half), 2);
    EXPECT_EQ(rescale<Rounding::halfEven>(-1, half), 0);
    EXPECT_EQ(rescale<Rounding::halfEven>(-3, half), -2);
}

TEST(Rescale, EqualsDivisionForEverySmallAccumulator)
{
    for (int exponent = -40; exponent <= 2; ++exponent) {
        const FixedPoint by = fixedPoint(std::ldexp(0.7310585786, exponent));
        for (std::int64_t accumulator = -3000; accumulator <= 3000; ++accumulator) {
            ASSERT_EQ(rescale(accumulator, by), halfUpByDivision(accumulator, by))
                << accumulator << " 2^" << exponent;
            ASSERT_EQ(rescaleWide(accumulator, by), rescale(accumulator, by));
        }
    }
}

TEST(Rescale, EqualsDivisionForRandomAccumulatorsOfEveryWidth)
{
    std::mt19937_64 random(7);
    for (int i = 0; i < 300000; ++i) {
        const int width = static_cast<int>(random() % 62) + 1;
        const auto accumulator =
            static_cast<std::int64_t>(random() >> (64 - width)) * (random() % 2 ? 1 : -1);
        const FixedPoint by{static_cast<std::int32_t>((1U << 30) + random() % (1U << 30)) *
                                (random() % 2 ? 1 : -1),
                            static_cast<std::int32_t>(31 + random() % 60)};
        ASSERT_EQ(rescale(accumulator, by), halfUpByDivision(accumulator, by))
            << accumulator << " * " << by.multiplier << " >> " << by.shift;
    }
}

TEST(Rescale, SaturatesInsteadOfWrapping)
{
    EXPECT_EQ(rescale(std::int64_t(1) << 62, {INT32_MAX, 0}), std::int64_t(1) << 62);
    EXPECT_EQ(rescale(INT64_MIN, {INT32_MAX, 1}), -(std::int64_t(1) << 62));
    EXPECT_EQ(rescale(INT64_MAX, {INT32_MAX, FixedPoint::maximumShift}), 0);
}

TEST(RoundHalfEven, TiesGoToTheEvenNeighbour)
{
    EXPECT_EQ(roundHalfEven(0.5), 0);
    EXPECT_EQ(roundHalfEven(1.5), 2);
    EXPECT_EQ(roundHalfEven(-0.5), 0);
    EXPECT_EQ(roundHalfEven(-1.5), -2);
    EXPECT_EQ(roundHalfEven(2.5000001), 3);
    EXPECT_EQ(roundHalfEven(NAN), 0);
    EXPECT_GT(roundHalfEven(INFINITY), std::int64_t(1) << 62);
}

TEST(IntegerSquareRoot, IsTheFloorOfTheRoot)
{
    for (std::uint64_t n = 0; n < 2000; ++n) {
        const std::uint64_t root = integerSquareRoot(n);
        EXPECT_LE(root * root, n);
        EXPECT_GT((root + 1) * (root + 1), n);
    }
    const unsigned __int128 large =
        static_cast<unsigned __int128>(0xFFFFFFFFFFFFFFFF) * 0xFFFFFFFFFFFFFFFF;
    EXPECT_EQ(integerSquareRoot(large), 0xFFFFFFFFFFFFFFFF);
    EXPECT_EQ(integerSquareRoot(large - 1), 0xFFFFFFFFFFFFFFFE);
}
