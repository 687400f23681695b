// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/math.h"

#include <bit>
#include <cstdint>
#include <limits>

namespace hefstudio {
namespace {

constexpr double ln2High = 0x1.62e42fefa0000p-1; // 32 significant bits, so that n·ln2High is exact
constexpr double ln2Low = 0x1.cf79abc9e3b3ap-40;
constexpr double infinity = std::numeric_limits<double>::infinity();

// 2^n·x for n in the range of normal numbers, twice where the result is subnormal.
double scaleByPowerOfTwo(double x, int n)
{
    if (n < -1022)
        return scaleByPowerOfTwo(x * 0x1p-512, n + 512);
    if (n > 1023)
        return scaleByPowerOfTwo(x * 0x1p512, n - 512);
    return x * std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52);
}

// e^r for |r| ≤ ln2/2 by its Taylor series; the term r^15/15! is below 1e-19.
double expOfSmall(double r)
{
    double sum = 1.0;
    for (int k = 14; k >= 1; --k)
        sum = 1.0 + sum * r / k;
    return sum;
}

// erf for |x| < 2.5: the series Σ 2^n x^(2n+1)/(1·3·5…(2n+1)), all terms of one sign.
double erfSeries(double x)
{
    const double square = x * x;
    double term = x;
    double sum = x;
    for (int n = 1; n < 80; ++n) {
        term *= 2 * square / (2 * n + 1);
        sum += term;
        if (term < sum * 1e-17 && term > -sum * 1e-17 && n > 4)
            break;
    }
    return 2 * 0.56418958354775628695 * exactExp(-square) * sum; // 1/√π
}

// erfc for x ≥ 2.5 by its continued fraction, evaluated from the far end.
double erfcFraction(double x)
{
    double fraction = x;
    for (int k = 60; k >= 1; --k)
        fraction = x + (k / 2.0) / fraction;
    return exactExp(-x * x) * 0.56418958354775628695 / fraction;
}

} // namespace

double exactExp(double x)
{
    if (x != x)
        return x;
    if (x > 709.782712893384)
        return infinity;
    if (x < -745.2)
        return 0;
    const double scaled = x * 1.44269504088896340736; // 1/ln 2
    const int n = static_cast<int>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    const double r = (x - n * ln2High) - n * ln2Low;
    return scaleByPowerOfTwo(expOfSmall(r), n);
}

double exactLog(double x)
{
    if (!(x > 0))
        return x == 0 ? -infinity : std::numeric_limits<double>::quiet_NaN();
    if (x == infinity)
        return x;
    int exponent = 0;
    if (x < 0x1p-1022) { // subnormal
        x *= 0x1p54;
        exponent = -54;
    }
    auto bits = std::bit_cast<std::uint64_t>(x);
    exponent += static_cast<int>(bits >> 52) - 1023;
    double mantissa = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
    if (mantissa > 1.41421356237309504880) {
        mantissa /= 2;
        ++exponent;
    }
    // log m = 2·artanh(s), s = (m−1)/(m+1), |s| ≤ 0.172: s^27/27 is below 1e-21.
    const double s = (mantissa - 1) / (mantissa + 1);
    const double square = s * s;
    double sum = 0;
    for (int k = 25; k >= 1; k -= 2)
        sum = sum * square + 1.0 / k;
    return exponent * ln2High + (2 * s * sum + exponent * ln2Low);
}

double exactTanh(double x)
{
    if (x != x)
        return x;
    if (x < 0)
        return -exactTanh(-x);
    if (x > 22)
        return 1;
    if (x < 0.1) { // the quotient below loses digits here: Taylor up to x^15
        const double q = x * x;
        return x *
               (1 + q * (-1.0 / 3 +
                         q * (2.0 / 15 + q * (-17.0 / 315 +
                                              q * (62.0 / 2835 + q * (-1382.0 / 155925 +
                                                                      q * (21844.0 / 6081075)))))));
    }
    const double e = exactExp(-2 * x);
    return (1 - e) / (1 + e);
}

double exactErf(double x)
{
    if (x != x)
        return x;
    if (x < 0)
        return -exactErf(-x);
    if (x > 6)
        return 1;
    return x < 2.5 ? erfSeries(x) : 1 - erfcFraction(x);
}

double exactSigmoid(double x)
{
    if (x >= 0)
        return 1 / (1 + exactExp(-x));
    const double e = exactExp(x);
    return e / (1 + e);
}

} // namespace hefstudio
