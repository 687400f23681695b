// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/fixed_point.h"

#include <cmath>

namespace hefstudio {

namespace {

constexpr std::int64_t saturation = std::int64_t(1) << 62;

} // namespace

double FixedPoint::real() const
{
    return std::ldexp(static_cast<double>(multiplier), -shift);
}

FixedPoint fixedPoint(double value)
{
    if (value == 0 || value != value)
        return {};
    if (std::isinf(value))
        return {value > 0 ? INT32_MAX : -INT32_MAX, 0};
    int exponent = 0;
    const double fraction = std::frexp(value, &exponent); // [0.5, 1) in magnitude, exact
    std::int64_t multiplier = roundHalfEven(std::ldexp(fraction, 31));
    if (multiplier == (std::int64_t(1) << 31) || multiplier == -(std::int64_t(1) << 31)) {
        multiplier /= 2;
        ++exponent;
    }
    const int shift = 31 - exponent;
    if (shift > FixedPoint::maximumShift)
        return {};
    if (shift < 0)
        return {value > 0 ? INT32_MAX : -INT32_MAX, 0};
    return {static_cast<std::int32_t>(multiplier), shift};
}

std::int64_t rescaleWide(std::int64_t accumulator, FixedPoint by, Rounding mode)
{
    if (by.shift >= FixedPoint::maximumShift)
        return 0; // |product| < 2^94 is less than half a unit
    const __int128 product = static_cast<__int128>(accumulator) * by.multiplier;
    __int128 rounded = product;
    if (by.shift > 0) {
        const __int128 half = static_cast<__int128>(1) << (by.shift - 1);
        rounded = (product + half) >> by.shift;
        const __int128 mask = (static_cast<__int128>(1) << by.shift) - 1;
        if (mode == Rounding::halfEven && (product & mask) == half)
            rounded &= ~static_cast<__int128>(1);
    }
    if (rounded > saturation)
        return saturation;
    if (rounded < -saturation)
        return -saturation;
    return static_cast<std::int64_t>(rounded);
}

std::int64_t roundHalfEven(double value)
{
    constexpr double limit = 9.2e18;
    if (!(value == value))
        return 0;
    if (value >= limit)
        return static_cast<std::int64_t>(limit);
    if (value <= -limit)
        return -static_cast<std::int64_t>(limit);
    const double below = std::floor(value);
    const double rest = value - below; // exact
    auto rounded = static_cast<std::int64_t>(below);
    if (rest > 0.5 || (rest == 0.5 && (rounded & 1) != 0))
        ++rounded;
    return rounded;
}

std::uint64_t integerSquareRoot(unsigned __int128 value)
{
    // One result bit per step, from the top: no rounding question, 64 steps.
    unsigned __int128 root = 0;
    for (int bit = 63; bit >= 0; --bit) {
        const unsigned __int128 candidate = root | (static_cast<unsigned __int128>(1) << bit);
        if (candidate * candidate <= value)
            root = candidate;
    }
    return static_cast<std::uint64_t>(root);
}

} // namespace hefstudio
