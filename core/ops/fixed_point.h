// Real factors as integers: value ≈ multiplier · 2^-shift with 31 significant bits. The rounding of
// every requantisation in the product is written here and nowhere else: half up, once.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace hefstudio {

enum class Rounding { halfUp, halfEven };

struct FixedPoint {
    std::int32_t multiplier = 0; // 0, or 2^30 ≤ |multiplier| < 2^31 when made by fixedPoint()
    std::int32_t shift = 0;      // 0…maximumShift

    static constexpr std::int32_t maximumShift = 95;
    double real() const;
    friend bool operator==(const FixedPoint &, const FixedPoint &) = default;
};

// The nearest fixed-point number. Factors below 2^-65 become zero, factors from 2^31 on saturate;
// not-a-number becomes zero. Compute `value` from scales that were rounded to float32 first.
FixedPoint fixedPoint(double value);

// floor((accumulator · multiplier + 2^(shift-1)) / 2^shift) for half up, without overflow for any
// accumulator; saturated at ±2^62. The wide form is used when the accumulator needs more than 32
// bits; both give the same number wherever both apply.
std::int64_t rescaleWide(std::int64_t accumulator, FixedPoint by, Rounding mode = Rounding::halfUp);

template<Rounding mode = Rounding::halfUp>
inline std::int64_t rescale(std::int64_t accumulator, FixedPoint by)
{
    if (accumulator != static_cast<std::int32_t>(accumulator))
        return rescaleWide(accumulator, by, mode);
    if (by.shift > 62)
        return 0; // |product| < 2^62 is less than half a unit
    const std::int64_t product = accumulator * by.multiplier;
    if (by.shift == 0)
        return product;
    const std::int64_t half = std::int64_t(1) << (by.shift - 1);
    const std::int64_t rounded = (product + half) >> by.shift;
    if constexpr (mode == Rounding::halfEven) {
        const std::int64_t mask = (std::int64_t(1) << by.shift) - 1;
        if ((product & mask) == half)
            return rounded & ~std::int64_t(1);
    }
    return rounded;
}

// Nearest integer of a finite real number, ties to even; saturated to the int64 range. Used where
// constants are made (biases, tables), never on data.
std::int64_t roundHalfEven(double value);

// floor(√value).
std::uint64_t integerSquareRoot(unsigned __int128 value);

} // namespace hefstudio
