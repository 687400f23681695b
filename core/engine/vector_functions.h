// Functions of one float, written so that compilers vectorise loops over them. Errors are absolute
// ones of about 10⁻⁷ of the largest value, which is float rounding for a network.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/vector_clones.h"

#include <cstdint>
#include <cstring>

namespace hefstudio {

// eˣ within 2 units in the last place for −87 ≤ x ≤ 88, outside as at these ends.
HEFSTUDIO_INLINE float quickExp(float x)
{
    x = x < -87.0F ? -87.0F : x;
    x = x > 88.0F ? 88.0F : x;
    constexpr float shift = 12582912.0F; // 1.5·2^23: adding it rounds to an integer
    const float n = (x * 1.44269504F + shift) - shift;
    const float r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
    float sum = 1.9875691500e-4F;
    sum = sum * r + 1.3981999507e-3F;
    sum = sum * r + 8.3334519073e-3F;
    sum = sum * r + 4.1665795894e-2F;
    sum = sum * r + 1.6666665459e-1F;
    sum = sum * r + 5.0000001201e-1F;
    sum = sum * r * r + r + 1.0F;
    const std::int32_t exponent = (static_cast<std::int32_t>(n) + 127) << 23;
    float scale = 0;
    static_assert(sizeof scale == sizeof exponent);
    std::memcpy(&scale, &exponent, sizeof scale);
    return sum * scale;
}

HEFSTUDIO_INLINE float quickSigmoid(float x)
{
    return 1.0F / (1.0F + quickExp(-x));
}

HEFSTUDIO_INLINE float quickTanh(float x)
{
    const float s = x * x;
    const float nearZero = x * (1 + s * (-1.0F / 3 + s * (2.0F / 15 - s * (17.0F / 315))));
    const float far = 1.0F - 2.0F / (quickExp(2 * x) + 1.0F);
    return s < 0.04F ? nearZero : far;
}

// Near zero its series; further out Abramowitz and Stegun, formula 7.1.26, within 1.5·10⁻⁷.
HEFSTUDIO_INLINE float quickErf(float x)
{
    const float s = x * x;
    const float series =
        x * 1.128379167F *
        (1 + s * (-1.0F / 3 + s * (1.0F / 10 + s * (-1.0F / 42 + s * (1.0F / 216 - s / 1320)))));
    const float magnitude = x < 0 ? -x : x;
    const float t = 1.0F / (1.0F + 0.3275911F * magnitude);
    float sum = 1.061405429F;
    sum = sum * t - 1.453152027F;
    sum = sum * t + 1.421413741F;
    sum = sum * t - 0.284496736F;
    sum = sum * t + 0.254829592F;
    const float far = 1.0F - sum * t * quickExp(-s);
    return s < 0.25F ? series : (x < 0 ? -far : far);
}

} // namespace hefstudio
