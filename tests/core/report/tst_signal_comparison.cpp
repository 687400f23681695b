// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/signal_comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace hefstudio {
namespace {

using Values = std::vector<float>;

SignalComparison compared(const Values &truth, const Values &found)
{
    SignalComparison signal;
    signal.add(truth, found);
    return signal;
}

TEST(SignalComparison, EqualArrays)
{
    const auto signal = compared({1, -2, 3}, {1, -2, 3});
    EXPECT_EQ(signal.snrDb(), 200);
    EXPECT_DOUBLE_EQ(signal.cosine(), 1);
    EXPECT_EQ(signal.worst().error(), 0);
}

// Σ truth² = 100, Σ error² = 1.
TEST(SignalComparison, TwentyDecibels)
{
    const auto signal = compared({6, 8}, {6, 9});
    EXPECT_NEAR(signal.snrDb(), 20, 1e-12);
    EXPECT_EQ(signal.worst().index, 1);
    EXPECT_EQ(signal.worst().found, 9);
    EXPECT_NEAR(signal.cosine(), (36 + 72) / (10 * std::sqrt(117.0)), 1e-12);
    // Range 2, mean square error ½.
    EXPECT_NEAR(signal.psnrDb(), 10 * std::log10(8.0), 1e-12);
}

TEST(SignalComparison, MergingIsAddingBehind)
{
    SignalComparison whole;
    whole.add(Values{1, 2}, Values{1, 2.5F});
    whole.add(Values{-3}, Values{-2});
    SignalComparison merged = compared({1, 2}, {1, 2.5F});
    merged.merge(compared({-3}, {-2}));
    EXPECT_DOUBLE_EQ(merged.snrDb(), whole.snrDb());
    EXPECT_DOUBLE_EQ(merged.cosine(), whole.cosine());
    EXPECT_DOUBLE_EQ(merged.psnrDb(), whole.psnrDb());
    EXPECT_EQ(merged.worst().truth, -3);
}

TEST(SignalComparison, WhatIsNotFiniteIsCountedApart)
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const auto signal = compared({nan, 1}, {0, 1});
    EXPECT_EQ(signal.notFinite(), 1);
    EXPECT_EQ(signal.count(), 1);
    EXPECT_EQ(signal.snrDb(), 200);
}

TEST(SignalComparison, NothingAgainstSomethingIsNoAgreement)
{
    EXPECT_EQ(compared({0, 0}, {1, 0}).snrDb(), -200);
    EXPECT_EQ(compared({0, 0}, {1, 0}).cosine(), 0);
    EXPECT_EQ(compared({0, 0}, {0, 0}).cosine(), 1);
}

} // namespace
} // namespace hefstudio
