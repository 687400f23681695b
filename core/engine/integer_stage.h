// Output stages in the form that the engine's loops take: every factor, table and limit checked for
// what 32-bit lanes can hold, and a slow but equal way for whatever they cannot.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/integer_kernels.h"
#include "ops/integer_layer.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace hefstudio {

class PreparedStage {
public:
    // For rows of `channels` accumulators. Factors are taken per channel when the stage has
    // `channels` of them and `isPerChannel`, else the one at `which`.
    PreparedStage(const OutputStage &stage, const TensorQuantisation &output, std::int64_t channels,
                  bool isPerChannel, std::size_t which = 0);
    PreparedStage(const PreparedStage &) = delete;
    PreparedStage &operator=(const PreparedStage &) = delete;

    // The stored integers of `pixels` rows of sums + bias (one per channel, padded by
    // paddedChannels()); the true sum must fit 32 bits. Strides in elements.
    void finish(const integer_kernels::Kernels &kernels, const std::int32_t *sums,
                std::int64_t sumStride, const std::int32_t *bias, std::int64_t pixels, void *output,
                std::int64_t outputStride) const;
    // As above for channels [first, first + count); all pointers are those of channel `first`.
    void finishPart(const integer_kernels::Kernels &kernels, std::int64_t first, std::int64_t count,
                    const std::int32_t *sums, std::int64_t sumStride, const std::int32_t *bias,
                    std::int64_t pixels, void *output, std::int64_t outputStride) const;
    // One row of 64-bit accumulators; without isPerChannel of any length.
    void finishWide(const integer_kernels::Kernels &kernels, const std::int64_t *accumulators,
                    std::int64_t count, void *output) const;

    std::size_t outputBytes() const { return m_isWide ? 2 : 1; }

private:
    struct FactorArrays {
        std::vector<std::int32_t> multiplier, half, shift, limit, preshift;
        integer_kernels::Factors view(std::int64_t first) const;
    };
    std::optional<FactorArrays> arraysOf(const std::vector<FixedPoint> &factors) const;
    void prepareTable();
    void prepareWide();
    template<class Stored> void storeSlowly(std::int64_t accumulator, std::int64_t channel, Stored *to) const;

    const OutputStage m_stage;
    std::int64_t m_channels;
    bool m_isPerChannel;
    std::size_t m_which;
    bool m_isWide;
    bool m_isNarrowReady = false; // the loops hold 32-bit accumulators exactly
    bool m_isWideReady = false;
    FactorArrays m_factors, m_negative, m_gain;
    std::vector<std::int32_t> m_pairs, m_results;
    std::int32_t m_pairAdd = 0;
    std::vector<std::int64_t> m_wideMultiplier, m_wideHalf, m_wideShift;
};

// What the layer makes of each stored byte, where the accumulator is q − zeroPoint and the factor
// does not change inside the value.
std::vector<std::int32_t> storedResults(const OutputStage &stage, const TensorQuantisation &input,
                                        std::size_t which = 0);

inline std::int64_t paddedChannels(std::int64_t channels)
{
    return (channels + integer_kernels::lanes - 1) / integer_kernels::lanes * integer_kernels::lanes;
}

} // namespace hefstudio
