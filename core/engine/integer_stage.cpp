// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/integer_stage.h"

#include <algorithm>
#include <cstdlib>

namespace hefstudio {

namespace {

using namespace integer_kernels;

// The same factor with 2^30 ≤ |multiplier|, or zero. The shift may end above maximumShift.
FixedPoint normalised(FixedPoint factor)
{
    while (factor.multiplier != 0 && std::abs(static_cast<std::int64_t>(factor.multiplier)) <
                                         (std::int64_t(1) << 30)) {
        factor.multiplier *= 2;
        ++factor.shift;
    }
    return factor;
}

// Past this a result is outside every limit and every table (zero points and indices are below
// 2^16), so accumulators that lead there may be cut.
constexpr int outsideBits = 18;

} // namespace

Factors PreparedStage::FactorArrays::view(std::int64_t first) const
{
    const bool isLimited = !limit.empty();
    return {multiplier.data() + first, half.data() + first, shift.data() + first,
            isLimited ? limit.data() + first : nullptr,
            isLimited ? preshift.data() + first : nullptr};
}

std::optional<PreparedStage::FactorArrays>
PreparedStage::arraysOf(const std::vector<FixedPoint> &factors) const
{
    // A block may begin at any channel and is read whole; odd lanes of the multiplier lie one on.
    const auto size = static_cast<std::size_t>(paddedChannels(m_channels) + lanes + 1);
    FactorArrays arrays;
    arrays.multiplier.assign(size, 0);
    arrays.half.assign(size, 0);
    arrays.shift.assign(size, 0);
    arrays.limit.assign(size, 0);
    arrays.preshift.assign(size, 0);
    bool isLimited = false;
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t channel =
            std::min(i, static_cast<std::size_t>(std::max<std::int64_t>(m_channels, 1)) - 1);
        const std::size_t index = factors.size() == 1 ? 0 : m_isPerChannel ? channel : m_which;
        const FixedPoint factor = normalised(factors[std::min(index, factors.size() - 1)]);
        arrays.limit[i] = INT32_MAX;
        if (factor.multiplier == 0 || factor.shift > 62)
            continue; // rounds to nothing
        if (factor.shift < 3)
            return std::nullopt;
        arrays.multiplier[i] = factor.multiplier;
        if (factor.shift >= 33) {
            arrays.half[i] = std::int32_t(1) << (factor.shift - 33);
            arrays.shift[i] = factor.shift - 32;
            continue;
        }
        isLimited = true;
        arrays.preshift[i] = 33 - factor.shift;
        arrays.limit[i] = static_cast<std::int32_t>(
            (std::int64_t(1) << (outsideBits + factor.shift)) /
                std::abs(static_cast<std::int64_t>(factor.multiplier)) +
            1);
        arrays.half[i] = 1;
        arrays.shift[i] = 1;
    }
    if (!isLimited) {
        arrays.limit.clear();
        arrays.preshift.clear();
    }
    return arrays;
}

PreparedStage::PreparedStage(const OutputStage &stage, const TensorQuantisation &output,
                             std::int64_t channels, bool isPerChannel, std::size_t which)
    : m_stage(stage),
      m_channels(channels),
      m_isPerChannel(isPerChannel),
      m_which(which),
      m_isWide(output.bits == 16)
{
    prepareWide();
    auto factors = arraysOf(stage.rescale);
    auto negative = stage.negative.empty() ? FactorArrays{} : arraysOf(stage.negative);
    auto gain = stage.gain.empty() ? FactorArrays{} : arraysOf(stage.gain);
    if (!factors || !negative || !gain)
        return;
    m_factors = std::move(*factors);
    m_negative = std::move(*negative);
    m_gain = std::move(*gain);
    if (stage.table)
        prepareTable();
    m_isNarrowReady = true;
}

void PreparedStage::prepareTable()
{
    const FunctionTable &table = *m_stage.table;
    const auto [least, largest] = std::ranges::minmax(table.points);
    // Two neighbouring points in one 32-bit lane, so that one gather fetches both; the interpolation
    // is then a product of pairs. Sums stay below 2^30.
    if (table.indexBits == 16 && std::int64_t(largest) - least < 65536 &&
        std::abs(std::int64_t(least)) < (1 << 22)) {
        const std::int32_t offset = least + 32768;
        m_pairs.reserve(512);
        for (std::size_t i = 0; i + 1 < table.points.size(); ++i) {
            const auto left = static_cast<std::uint32_t>(table.points[i] - offset) & 0xFFFFU;
            const auto right = static_cast<std::uint32_t>(table.points[i + 1] - offset) << 16;
            m_pairs.push_back(static_cast<std::int32_t>(left | right));
        }
        const int bits = FunctionTable::stepBits + table.fractionBits;
        m_pairAdd = offset * (1 << FunctionTable::stepBits) + (1 << (bits - 1));
        return;
    }
    m_results.reserve(static_cast<std::size_t>(table.indexMaximum()) + 1);
    for (std::int32_t i = 0; i <= table.indexMaximum(); ++i)
        m_results.push_back(static_cast<std::int32_t>(
            std::clamp<std::int64_t>(table.at(i), INT32_MIN, INT32_MAX)));
}

void PreparedStage::prepareWide()
{
    if (!m_stage.negative.empty() || m_stage.table)
        return;
    const std::size_t count = m_isPerChannel ? static_cast<std::size_t>(m_channels) : 1;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t index = m_stage.rescale.size() == 1 ? 0 : m_isPerChannel ? i : m_which;
        FixedPoint factor = normalised(m_stage.rescale[index]);
        if (factor.multiplier == 0 || factor.shift >= FixedPoint::maximumShift)
            factor = {0, 33};
        if (factor.shift < 33)
            return;
        m_wideMultiplier.push_back(factor.multiplier);
        m_wideHalf.push_back(std::int64_t(1) << (factor.shift - 33));
        m_wideShift.push_back(factor.shift - 32);
    }
    m_isWideReady = true;
}

template<class Stored>
void PreparedStage::storeSlowly(std::int64_t accumulator, std::int64_t channel, Stored *to) const
{
    *to = static_cast<Stored>(m_stage.finish(
        accumulator, m_isPerChannel ? static_cast<std::size_t>(channel) : m_which));
}

void PreparedStage::finish(const Kernels &kernels, const std::int32_t *sums, std::int64_t sumStride,
                           const std::int32_t *bias, std::int64_t pixels, void *output,
                           std::int64_t outputStride) const
{
    finishPart(kernels, 0, m_channels, sums, sumStride, bias, pixels, output, outputStride);
}

void PreparedStage::finishPart(const Kernels &kernels, std::int64_t first, std::int64_t count,
                               const std::int32_t *sums, std::int64_t sumStride,
                               const std::int32_t *bias, std::int64_t pixels, void *output,
                               std::int64_t outputStride) const
{
    if (m_isNarrowReady) {
        Stage stage;
        stage.factors = m_factors.view(first);
        if (!m_negative.multiplier.empty())
            stage.negative = m_negative.view(first);
        if (!m_gain.multiplier.empty())
            stage.gain = m_gain.view(first);
        stage.zeroPoint = m_stage.zeroPoint;
        stage.low = m_stage.low;
        stage.high = m_stage.high;
        stage.gainZeroPoint = m_stage.gainZeroPoint;
        stage.pairs = m_pairs.empty() ? nullptr : m_pairs.data();
        stage.results = m_results.empty() ? nullptr : m_results.data();
        stage.pairAdd = m_pairAdd;
        if (m_stage.table) {
            stage.pairShift = FunctionTable::stepBits + m_stage.table->fractionBits;
            stage.indexMaximum = m_stage.table->indexMaximum();
        }
        stage.isWide = m_isWide;
        kernels.finish(stage, sums, sumStride, bias, pixels, count, output, outputStride);
        return;
    }
    for (std::int64_t pixel = 0; pixel < pixels; ++pixel)
        for (std::int64_t c = 0; c < count; ++c) {
            const auto sum = static_cast<std::int32_t>(
                static_cast<std::uint32_t>(sums[pixel * sumStride + c]) +
                static_cast<std::uint32_t>(bias[c]));
            const std::int64_t at = pixel * outputStride + c;
            if (m_isWide)
                storeSlowly(sum, first + c, static_cast<std::uint16_t *>(output) + at);
            else
                storeSlowly(sum, first + c, static_cast<std::uint8_t *>(output) + at);
        }
}

void PreparedStage::finishWide(const Kernels &kernels, const std::int64_t *accumulators,
                               std::int64_t count, void *output) const
{
    if (m_isWideReady) {
        kernels.finishWide({.multiplier = m_wideMultiplier.data(),
                            .half = m_wideHalf.data(),
                            .shift = m_wideShift.data(),
                            .zeroPoint = m_stage.zeroPoint,
                            .low = m_stage.low,
                            .high = m_stage.high,
                            .isPerChannel = m_isPerChannel,
                            .isWide = m_isWide},
                           accumulators, count, output);
        return;
    }
    for (std::int64_t i = 0; i < count; ++i) {
        if (m_isWide)
            storeSlowly(accumulators[i], i, static_cast<std::uint16_t *>(output) + i);
        else
            storeSlowly(accumulators[i], i, static_cast<std::uint8_t *>(output) + i);
    }
}

std::vector<std::int32_t> storedResults(const OutputStage &stage, const TensorQuantisation &input,
                                        std::size_t which)
{
    std::vector<std::int32_t> results;
    results.reserve(static_cast<std::size_t>(input.maximum()) + 1);
    for (std::int32_t q = 0; q <= input.maximum(); ++q)
        results.push_back(stage.finish(q - input.zeroPoint, which));
    return results;
}

} // namespace hefstudio
