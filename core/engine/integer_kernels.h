// Inner loops of the integer engine, made for several instruction sets. Every set computes the same
// integers; which one runs is chosen by integerKernels(), so that tests can force each of them.
// Pictures are channels-last: "row" below means one position with all its channels.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/integer_instruction_set.h"

#include <cstddef>
#include <cstdint>

namespace hefstudio::integer_kernels {

// Lanes of the widest set: arrays of factors are padded to a multiple of it, plus one.
inline constexpr std::int64_t lanes = 16;

// rescale() of core/ops for many channels, on 32-bit accumulators:
//   a' = clamp(a, -limit, limit) << preshift, v = ((high 32 bits of a'·multiplier) + half) >> shift.
// integer_stage.cpp brings every factor into this form; limit and preshift are null where no factor
// needs them.
struct Factors {
    const std::int32_t *multiplier = nullptr;
    const std::int32_t *half = nullptr;
    const std::int32_t *shift = nullptr;
    const std::int32_t *limit = nullptr;
    const std::int32_t *preshift = nullptr;
};

// An OutputStage on 32-bit accumulators.
struct Stage {
    Factors factors;
    Factors negative; // multiplier null: as `factors`
    Factors gain;     // multiplier null: none
    std::int32_t zeroPoint = 0;
    std::int32_t low = 0, high = 255;
    std::int32_t gainZeroPoint = 0;
    // A function of a 16-bit index by interpolation: `pairs` holds neighbouring points, less
    // 2^15 + an offset, as two 16-bit halves; result = (Σ pair·weight + pairAdd) >> pairShift.
    const std::int32_t *pairs = nullptr;
    std::int32_t pairAdd = 0, pairShift = 0;
    // Any other function: all results. Null with `pairs` null: no function.
    const std::int32_t *results = nullptr;
    std::int32_t indexMaximum = 0;
    bool isWide = false; // stores uint16
};

// One factor, one accumulator of 64 bits at a time; the rare shifts below 33 are not for it.
struct WideStage {
    const std::int64_t *multiplier = nullptr; // one or one per channel
    const std::int64_t *half = nullptr;       // 2^(r-33)
    const std::int64_t *shift = nullptr;      // r-32
    std::int32_t zeroPoint = 0;
    std::int32_t low = 0, high = 255;
    bool isPerChannel = false;
    bool isWide = false;
};

struct Kernels {
    const char *name;
    // Pixels of `channels` accumulators (dense rows of accumulatorStride) plus bias per channel, to
    // stored integers at output + pixel · outputStride (in elements). The sum wraps; the true one
    // fits 32 bits.
    void (*finish)(const Stage &stage, const std::int32_t *accumulators,
                   std::int64_t accumulatorStride, const std::int32_t *bias, std::int64_t pixels,
                   std::int64_t channels, void *output, std::int64_t outputStride);
    // sums[pixel][o] = Σ_k patches[pixel][k] · weights[k][o] for 16-bit patches of `pairs` pairs and
    // weights in the order [block of 16 outputs][pair][16 outputs][2]; sums has rows of 16 · blocks.
    void (*multiply)(const std::int16_t *patches, std::int64_t pixels, std::int64_t pairs,
                     const std::int16_t *weights, std::int64_t blocks, std::int32_t *sums);
    // Depthwise: sums[x][c] = Σ_tap rows[tap][x · step + c] · weights[tap][c], 16 bits each.
    // `rows` are pointers to the first pixel's tap.
    void (*depthwise)(const std::uint8_t *const *rows, std::int64_t taps, std::int64_t step,
                      const std::int16_t *weights, std::int64_t pixels, std::int64_t channels,
                      std::int32_t *sums);
    // Each byte through a table of 256.
    void (*look)(const std::uint8_t *from, std::int64_t count, const std::uint8_t *table,
                 std::uint8_t *to);
    // sums[i] = m0·(a[i] − z0) + m1·(b[i] − z1)
    void (*addBytes)(const std::uint8_t *a, const std::uint8_t *b, std::int32_t m0, std::int32_t m1,
                     std::int32_t constant, std::int64_t count, std::int32_t *sums);
    // sums[i] = (a[i] − z0)(b[i] − z1)
    void (*multiplyBytes)(const std::uint8_t *a, const std::uint8_t *b, std::int32_t z0,
                          std::int32_t z1, std::int64_t count, std::int32_t *sums);
    void (*maximum)(const std::uint8_t *const *rows, std::int64_t count, std::int64_t bytes,
                    std::uint8_t *to);
    // sums[i] += from[i]
    void (*accumulate)(const std::uint8_t *from, std::int64_t count, std::int32_t *sums);
    std::int64_t (*sum)(const std::uint8_t *from, std::int64_t count);
    // The stored integers of 64-bit accumulators.
    void (*finishWide)(const WideStage &stage, const std::int64_t *accumulators, std::int64_t count,
                       void *output);
};

// The widest set this machine has that `limit` allows.
const Kernels &integerKernels(IntegerInstructionSet limit);

// One per set; defined in the file that is compiled for it, called only where the machine has it.
extern const Kernels baseKernels;
#if defined(__x86_64__)
extern const Kernels avx2Kernels;
extern const Kernels avx512Kernels;
extern const Kernels vnniKernels;
#endif

} // namespace hefstudio::integer_kernels
