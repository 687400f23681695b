// Speed: statistics of every tensor cost as much as the network if done value by value. What the
// profile said: the conversions and comparisons vectorise and cost next to nothing as long as the
// data stays in the second cache, so a chunk is read several times by simple loops; the histogram's
// increments cannot vectorise, and runs of equal values (the zeros of a ReLU) make each wait for
// the one before, so four small histograms take turns. SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/statistics.h"

#include "engine/vector_clones.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace hefstudio {

namespace {

constexpr std::size_t chunkSize = 131072;
constexpr std::size_t lanes = 16;
constexpr double sumUnit = 0x1p24;
constexpr double squareUnit = 0x1p16;
// Adding and subtracting this rounds a double below 2^51 to an integer, half to even.
constexpr double roundingShift = 0x1.8p52;
constexpr double largestRounded = 0x1p51;
// Doubles add integers exactly as long as no sum passes this.
constexpr double largestExact = 0x1p53;

struct Range {
    float low = std::numeric_limits<float>::infinity();
    float high = -std::numeric_limits<float>::infinity();
    std::size_t notFinite = 0;

    float magnitude() const { return std::max(std::abs(low), std::abs(high)); }
};

HEFSTUDIO_VECTOR_CLONES
Range rangeOf(const float *values, std::size_t count)
{
    Range range;
    float low[lanes], high[lanes];
    std::uint32_t strange[lanes] = {};
    std::fill_n(low, lanes, range.low);
    std::fill_n(high, lanes, range.high);
    const std::size_t whole = count / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += lanes) {
        for (std::size_t k = 0; k < lanes; ++k) {
            const float x = values[i + k];
            low[k] = x < low[k] ? x : low[k];
            high[k] = x > high[k] ? x : high[k];
            const auto bits = std::bit_cast<std::uint32_t>(x);
            strange[k] += (bits & 0x7F800000U) == 0x7F800000U ? 1U : 0U;
        }
    }
    for (std::size_t i = whole; i < count; ++i) {
        const float x = values[i];
        low[0] = x < low[0] ? x : low[0];
        high[0] = x > high[0] ? x : high[0];
        range.notFinite += std::isfinite(x) ? 0 : 1;
    }
    for (std::size_t k = 0; k < lanes; ++k) {
        range.low = std::min(range.low, low[k]);
        range.high = std::max(range.high, high[k]);
        range.notFinite += strange[k];
    }
    return range;
}

struct Moments {
    double sum = 0;
    double squares = 0;
};

// Vectors of the compiler: it unrolls the small loops over arrays before it sees that they
// vectorise (2.3 ms per million values against 0.4).
using Floats = float __attribute__((vector_size(32)));
using Doubles = double __attribute__((vector_size(64)));

// Exact: the caller keeps `count` small enough for the values' magnitude.
HEFSTUDIO_VECTOR_CLONES
Moments momentsOf(const float *values, std::size_t count)
{
    constexpr std::size_t width = 8;
    Doubles sums = {}, squares = {};
    const std::size_t whole = count / width * width;
    for (std::size_t i = 0; i < whole; i += width) {
        Floats narrow;
        std::memcpy(&narrow, values + i, sizeof narrow);
        const Doubles x = __builtin_convertvector(narrow, Doubles);
        sums += (x * sumUnit + roundingShift) - roundingShift;
        squares += (x * x * squareUnit + roundingShift) - roundingShift;
    }
    Moments moments;
    for (std::size_t i = whole; i < count; ++i) {
        const double x = values[i];
        moments.sum += (x * sumUnit + roundingShift) - roundingShift;
        moments.squares += (x * x * squareUnit + roundingShift) - roundingShift;
    }
    for (std::size_t k = 0; k < width; ++k) {
        moments.sum += sums[k];
        moments.squares += squares[k];
    }
    return moments;
}

// The same contributions one by one, for values too large for the loops above. A double of 2^51 and
// more with so few significant bits is an integer already.
__int128 rounded(double scaled)
{
    if (std::abs(scaled) < largestRounded)
        scaled = (scaled + roundingShift) - roundingShift;
    return static_cast<__int128>(scaled);
}

__int128 contributionToSum(float value)
{
    return rounded(std::clamp(static_cast<double>(value), -0x1p64, 0x1p64) * sumUnit);
}

__int128 contributionToSquares(float value)
{
    const double x = std::min(std::abs(static_cast<double>(value)), 0x1p40);
    return rounded(x * x * squareUnit);
}

// How many values of this magnitude may be added in double; 0 when not even one.
std::size_t exactCount(double largestTerm)
{
    if (largestTerm >= largestRounded / 2)
        return 0;
    return static_cast<std::size_t>(
        std::min(largestExact / (largestTerm + 1), static_cast<double>(chunkSize)));
}

HEFSTUDIO_VECTOR_CLONES
void binsOf(const float *values, std::size_t count, float scale, std::int32_t *bins)
{
    for (std::size_t i = 0; i < count; ++i) {
        const float x = values[i];
        const auto magnitude = static_cast<std::int32_t>(std::abs(x) * scale);
        const std::int32_t sign = x < 0 ? -1 : 0;
        bins[i] = (magnitude ^ sign) + TensorStatistics::binsPerSide; // −1 − magnitude if negative
    }
}

// The smallest exponent, from −32, whose bins reach beyond the magnitude.
int exponentFor(float magnitude)
{
    int exponent = 0;
    std::frexp(magnitude, &exponent); // magnitude < 2^exponent
    return std::max(-32, magnitude == 0 ? -32 : exponent - 10);
}

float scaleOf(int exponent)
{
    return std::ldexp(1.0F, -exponent);
}

} // namespace

void TensorStatistics::add(std::span<const float> values)
{
    while (!values.empty()) {
        const std::span<const float> chunk = values.first(std::min(values.size(), chunkSize));
        addChunk(chunk);
        values = values.subspan(chunk.size());
    }
}

void TensorStatistics::addChunk(std::span<const float> values)
{
    const Range range = rangeOf(values.data(), values.size());
    if (range.notFinite > 0) {
        m_notFinite += range.notFinite;
        std::vector<float> finite;
        std::ranges::copy_if(values, std::back_inserter(finite),
                             [](float value) { return std::isfinite(value); });
        if (!finite.empty())
            addChunk(finite);
        return;
    }
    cover(range.low, range.high);
    m_count += values.size();
    const double magnitude = range.magnitude();
    const std::size_t step =
        exactCount(std::max(magnitude * sumUnit, magnitude * magnitude * squareUnit));
    for (std::size_t i = 0; i < values.size();) {
        if (step == 0) {
            m_sum += contributionToSum(values[i]);
            m_sumOfSquares += contributionToSquares(values[i]);
            ++i;
            continue;
        }
        const std::size_t count = std::min(step, values.size() - i);
        const Moments moments = momentsOf(values.data() + i, count);
        m_sum += static_cast<std::int64_t>(moments.sum);
        m_sumOfSquares += static_cast<std::int64_t>(moments.squares);
        i += count;
    }
    count(values);
}

// Range and bins take in [minimum, maximum].
void TensorStatistics::cover(float minimum, float maximum)
{
    // Adding zero makes −0 a plain 0, whichever came first.
    m_minimum = (m_count == 0 ? minimum : std::min(m_minimum, minimum)) + 0.0F;
    m_maximum = (m_count == 0 ? maximum : std::max(m_maximum, maximum)) + 0.0F;
    if (m_bins.empty())
        m_bins.assign(std::size_t(2) * binsPerSide, 0);
    widenTo(exponentFor(std::max(std::abs(minimum), std::abs(maximum))));
}

void TensorStatistics::count(std::span<const float> values)
{
    constexpr std::size_t blockSize = 1024;
    std::array<std::int32_t, blockSize> bins;
    const float scale = scaleOf(m_binExponent);
    if (values.size() <= blockSize) {
        binsOf(values.data(), values.size(), scale, bins.data());
        for (std::size_t i = 0; i < values.size(); ++i)
            ++m_bins[static_cast<std::size_t>(bins[i])];
        return;
    }
    // 16 bits each suffice for a quarter of a chunk. The gap keeps the same bin of two quarters
    // from lying a multiple of 4096 bytes apart, which the processor takes for the same address:
    // without it, a tensor of zeros costs 1.3 ms per million instead of 0.55.
    constexpr std::size_t gap = 32;
    static_assert(chunkSize / 4 + blockSize < 65536);
    std::array<std::array<std::uint16_t, 2 * binsPerSide + gap>, 4> quarters{};
    for (std::size_t begin = 0; begin < values.size(); begin += blockSize) {
        const std::size_t size = std::min(blockSize, values.size() - begin);
        binsOf(values.data() + begin, size, scale, bins.data());
        std::size_t i = 0;
        for (; i + 4 <= size; i += 4) {
            ++quarters[0][static_cast<std::size_t>(bins[i])];
            ++quarters[1][static_cast<std::size_t>(bins[i + 1])];
            ++quarters[2][static_cast<std::size_t>(bins[i + 2])];
            ++quarters[3][static_cast<std::size_t>(bins[i + 3])];
        }
        for (; i < size; ++i)
            ++quarters[0][static_cast<std::size_t>(bins[i])];
    }
    for (std::size_t bin = 0; bin < m_bins.size(); ++bin)
        m_bins[bin] += std::uint64_t(quarters[0][bin]) + quarters[1][bin] + quarters[2][bin] +
                       quarters[3][bin];
}

void TensorStatistics::widenTo(int exponent)
{
    for (; m_binExponent < exponent; ++m_binExponent) {
        constexpr std::size_t side = binsPerSide;
        for (std::size_t i = 0; i < side; ++i) { // from the middle outwards, two bins into one
            const bool isThere = 2 * i < side;
            m_bins[side + i] = isThere ? m_bins[side + 2 * i] + m_bins[side + 2 * i + 1] : 0;
            m_bins[side - 1 - i] =
                isThere ? m_bins[side - 1 - 2 * i] + m_bins[side - 2 - 2 * i] : 0;
        }
    }
}

void TensorStatistics::merge(const TensorStatistics &other)
{
    m_notFinite += other.m_notFinite;
    if (other.m_count == 0)
        return;
    cover(other.m_minimum, other.m_maximum);
    m_count += other.m_count;
    m_sum += other.m_sum;
    m_sumOfSquares += other.m_sumOfSquares;
    if (m_binExponent == other.m_binExponent) {
        for (std::size_t i = 0; i < m_bins.size(); ++i)
            m_bins[i] += other.m_bins[i];
        return;
    }
    TensorStatistics widened = other;
    widened.widenTo(m_binExponent);
    for (std::size_t i = 0; i < m_bins.size(); ++i)
        m_bins[i] += widened.m_bins[i];
}

TensorStatistics::Record TensorStatistics::record() const
{
    return {m_count, m_notFinite, m_minimum, m_maximum, m_binExponent, m_bins, m_sum,
            m_sumOfSquares};
}

std::optional<TensorStatistics> TensorStatistics::from(Record record)
{
    const bool isEmpty = record.count == 0;
    std::uint64_t counted = 0;
    for (const std::uint64_t bin : record.bins) {
        if (bin > record.count - counted) // also keeps the sum from running over
            return {};
        counted += bin;
    }
    const bool isRange = std::isfinite(record.minimum) && std::isfinite(record.maximum) &&
                         record.minimum <= record.maximum;
    const float reach = std::max(std::abs(record.minimum), std::abs(record.maximum));
    if (counted != record.count || !isRange ||
        record.binExponent != (isEmpty ? -32 : exponentFor(reach)) ||
        record.bins.size() != (isEmpty ? 0 : std::size_t(2) * binsPerSide))
        return {};
    TensorStatistics statistics;
    statistics.m_count = record.count;
    statistics.m_notFinite = record.notFinite;
    statistics.m_minimum = record.minimum;
    statistics.m_maximum = record.maximum;
    statistics.m_binExponent = record.binExponent;
    statistics.m_bins = std::move(record.bins);
    statistics.m_sum = record.sum;
    statistics.m_sumOfSquares = record.sumOfSquares;
    return statistics;
}

std::optional<ChannelStatistics> ChannelStatistics::from(Record record)
{
    const std::size_t channels = record.sums.size();
    if (record.minimum.size() != channels || record.maximum.size() != channels ||
        record.counts.size() != channels)
        return {};
    for (std::size_t c = 0; c < channels; ++c)
        if (!std::isfinite(record.minimum[c]) || !std::isfinite(record.maximum[c]) ||
            record.minimum[c] > record.maximum[c])
            return {};
    ChannelStatistics statistics;
    statistics.m_minimum = std::move(record.minimum);
    statistics.m_maximum = std::move(record.maximum);
    statistics.m_counts = std::move(record.counts);
    statistics.m_sums = std::move(record.sums);
    return statistics;
}

double TensorStatistics::mean() const
{
    return m_count == 0 ? 0 : static_cast<double>(m_sum) / sumUnit / static_cast<double>(m_count);
}

double TensorStatistics::secondMoment() const
{
    return m_count == 0
               ? 0
               : static_cast<double>(m_sumOfSquares) / squareUnit / static_cast<double>(m_count);
}

double TensorStatistics::quantile(double fraction) const
{
    if (m_count == 0)
        return 0;
    const double wanted = std::clamp(fraction, 0.0, 1.0) * static_cast<double>(m_count);
    const double width = std::ldexp(1.0, m_binExponent);
    double below = 0;
    for (std::size_t bin = 0; bin < m_bins.size(); ++bin) {
        const auto inside = static_cast<double>(m_bins[bin]);
        if (inside > 0 && below + inside >= wanted) {
            const double position = static_cast<double>(bin) - binsPerSide;
            const double value = (position + (wanted - below) / inside) * width;
            return std::clamp<double>(value, m_minimum, m_maximum);
        }
        below += inside;
    }
    return m_maximum;
}

namespace {

// One pixel's channels after the other. `sums` stays exact by the caller's choice of `rows`.
HEFSTUDIO_VECTOR_CLONES
void channelRows(const float *values, std::size_t rows, std::size_t channels, float *low,
                 float *high, double *sums)
{
    for (std::size_t r = 0; r < rows; ++r) {
        const float *row = values + r * channels;
        for (std::size_t c = 0; c < channels; ++c) {
            const float x = row[c];
            low[c] = x < low[c] ? x : low[c];
            high[c] = x > high[c] ? x : high[c];
            sums[c] += (static_cast<double>(x) * sumUnit + roundingShift) - roundingShift;
        }
    }
}

} // namespace

void addToBoth(TensorStatistics &tensor, ChannelStatistics &channels,
               std::span<const float> values, const Shape &shape, bool isChannelsLast)
{
    const std::uint64_t strange = tensor.notFinite();
    tensor.add(values);
    if (tensor.notFinite() != strange)
        channels.add(values, shape, isChannelsLast);
    else
        channels.addBounded(values, shape, isChannelsLast,
                            std::max(std::abs(tensor.minimum()), std::abs(tensor.maximum())));
}

void ChannelStatistics::add(std::span<const float> values, const Shape &shape, bool isChannelsLast)
{
    const Range range = rangeOf(values.data(), values.size());
    addSteps(values, shape, isChannelsLast,
             range.notFinite > 0 || values.empty()
                 ? 0
                 : exactCount(static_cast<double>(range.magnitude()) * sumUnit));
}

void ChannelStatistics::addBounded(std::span<const float> values, const Shape &shape,
                                   bool isChannelsLast, float bound)
{
    addSteps(values, shape, isChannelsLast, exactCount(static_cast<double>(bound) * sumUnit));
}

void ChannelStatistics::addSteps(std::span<const float> values, const Shape &shape,
                                 bool isChannelsLast, std::size_t step)
{
    if (shape.rank() == 0 || values.empty())
        return;
    const bool isPicture = shape.rank() == 4;
    const auto channels = static_cast<std::size_t>(isPicture ? shape[1] : shape.back());
    if (m_sums.empty()) {
        m_minimum.assign(channels, 0);
        m_maximum.assign(channels, 0);
        m_counts.assign(channels, 0);
        m_sums.assign(channels, 0);
    }
    const bool channelsLie = isChannelsLast || !isPicture; // side by side
    const std::size_t inner =
        channelsLie ? 1 : static_cast<std::size_t>(shape[2]) * static_cast<std::size_t>(shape[3]);
    if (step == 0) {
        addSlowly(values, inner);
        return;
    }
    const auto take = [this](std::size_t c, float low, float high, double sum, std::size_t count) {
        m_minimum[c] = (m_counts[c] == 0 ? low : std::min(m_minimum[c], low)) + 0.0F;
        m_maximum[c] = (m_counts[c] == 0 ? high : std::max(m_maximum[c], high)) + 0.0F;
        m_counts[c] += count;
        m_sums[c] += static_cast<std::int64_t>(sum);
    };
    if (channelsLie) {
        const std::size_t rows = values.size() / channels;
        std::vector<float> low(channels), high(channels);
        std::vector<double> sums(channels);
        for (std::size_t r = 0; r < rows; r += step) {
            const std::size_t count = std::min(step, rows - r);
            std::ranges::fill(low, std::numeric_limits<float>::infinity());
            std::ranges::fill(high, -std::numeric_limits<float>::infinity());
            std::ranges::fill(sums, 0.0);
            channelRows(values.data() + r * channels, count, channels, low.data(), high.data(),
                        sums.data());
            for (std::size_t c = 0; c < channels; ++c)
                take(c, low[c], high[c], sums[c], count);
        }
        return;
    }
    for (std::size_t plane = 0; plane * inner < values.size(); ++plane) {
        for (std::size_t i = 0; i < inner; i += step) {
            const std::size_t count = std::min(step, inner - i);
            const float *from = values.data() + plane * inner + i;
            const Range part = rangeOf(from, count);
            take(plane % channels, part.low, part.high, momentsOf(from, count).sum, count);
        }
    }
}

void ChannelStatistics::addSlowly(std::span<const float> values, std::size_t inner)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float x = values[i];
        if (!std::isfinite(x))
            continue;
        const std::size_t c = i / inner % m_sums.size();
        m_minimum[c] = (m_counts[c] == 0 ? x : std::min(m_minimum[c], x)) + 0.0F;
        m_maximum[c] = (m_counts[c] == 0 ? x : std::max(m_maximum[c], x)) + 0.0F;
        ++m_counts[c];
        m_sums[c] += contributionToSum(x);
    }
}

void ChannelStatistics::merge(const ChannelStatistics &other)
{
    if (other.m_sums.empty())
        return;
    if (m_sums.empty()) {
        *this = other;
        return;
    }
    for (std::size_t c = 0; c < std::min(channels(), other.channels()); ++c) {
        if (other.m_counts[c] == 0)
            continue;
        const bool isFirst = m_counts[c] == 0;
        m_minimum[c] = isFirst ? other.m_minimum[c] : std::min(m_minimum[c], other.m_minimum[c]);
        m_maximum[c] = isFirst ? other.m_maximum[c] : std::max(m_maximum[c], other.m_maximum[c]);
        m_counts[c] += other.m_counts[c];
        m_sums[c] += other.m_sums[c];
    }
}

double ChannelStatistics::mean(std::size_t channel) const
{
    return m_counts[channel] == 0 ? 0
                                  : static_cast<double>(m_sums[channel]) / sumUnit /
                                        static_cast<double>(m_counts[channel]);
}

} // namespace hefstudio
