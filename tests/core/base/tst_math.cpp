// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/math.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

void expectClose(double found, double wanted, double x)
{
    EXPECT_LE(std::abs(found - wanted), 1e-12 * std::abs(wanted) + 1e-300) << "at " << x;
}

} // namespace

TEST(Math, AgreesWithTheLibraryToTwelveDigits)
{
    for (double x = -30; x <= 30; x += 0.0137) {
        expectClose(exactExp(x), std::exp(x), x);
        expectClose(exactTanh(x), std::tanh(x), x);
        expectClose(exactSigmoid(x), 1 / (1 + std::exp(-x)), x);
        EXPECT_NEAR(exactErf(x), std::erf(x), 1e-13) << x;
        EXPECT_NEAR(exactLog(std::exp(x)), std::log(std::exp(x)), 1e-12) << x;
    }
    expectClose(exactTanh(1e-9), std::tanh(1e-9), 1e-9);
}

TEST(Math, HasTheRightLimits)
{
    EXPECT_EQ(exactExp(1000), INFINITY);
    EXPECT_EQ(exactExp(-1000), 0);
    EXPECT_EQ(exactExp(0), 1);
    EXPECT_EQ(exactTanh(50), 1);
    EXPECT_EQ(exactErf(-50), -1);
    EXPECT_EQ(exactLog(1), 0);
    EXPECT_EQ(exactLog(0), -INFINITY);
    EXPECT_NEAR(exactExp(-740) / std::exp(-740), 1, 1e-2); // subnormal: few bits are left
}
