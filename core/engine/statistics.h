// What calibration learns about one tensor: range, moments and a histogram, kept so that any order
// and grouping of the pictures gives the same bytes. Bin widths are powers of two anchored at 0 and
// double when a value falls outside; moments are fixed-point integer sums.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/tensor.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace hefstudio {

class TensorStatistics {
public:
    // Of each sign; bin i covers the magnitudes [i, i+1)·2^binExponent. Zero counts as positive.
    static constexpr int binsPerSide = 1024;

    void add(std::span<const float> values); // not-a-number and infinities are counted apart
    void merge(const TensorStatistics &other);

    std::uint64_t count() const { return m_count; } // of finite values
    std::uint64_t notFinite() const { return m_notFinite; }
    float minimum() const { return m_minimum; }
    float maximum() const { return m_maximum; }
    // For the moments, values beyond ±2^64 (mean) and ±2^40 (second moment) count as these.
    double mean() const;
    double secondMoment() const; // E[x²]
    int binExponent() const { return m_binExponent; }
    // 2·binsPerSide counts, the most negative bin first; empty when nothing was added.
    const std::vector<std::uint64_t> &histogram() const { return m_bins; }
    // The value below which `fraction` of the mass lies (linear inside a bin).
    double quantile(double fraction) const;

    // Everything there is to know, for writing it down.
    struct Record {
        std::uint64_t count = 0, notFinite = 0;
        float minimum = 0, maximum = 0;
        int binExponent = -32;
        std::vector<std::uint64_t> bins;
        __int128 sum = 0, sumOfSquares = 0; // of round(x·2^24) and round(x²·2^16)
    };
    Record record() const;
    // Nothing when the numbers cannot have come from record().
    static std::optional<TensorStatistics> from(Record record);

    friend bool operator==(const TensorStatistics &, const TensorStatistics &) = default;

private:
    friend struct StatisticsFields; // stores and restores them
    void addChunk(std::span<const float> values);
    void cover(float minimum, float maximum);
    void count(std::span<const float> values);
    void widenTo(int exponent);
    std::uint64_t m_count = 0;
    std::uint64_t m_notFinite = 0;
    float m_minimum = 0;
    float m_maximum = 0;
    int m_binExponent = -32;
    std::vector<std::uint64_t> m_bins;
    // Sums of round(x·2^24) and round(x²·2^16): exact, so order does not matter.
    __int128 m_sum = 0;
    __int128 m_sumOfSquares = 0;
};

// Range and mean of each channel of a tensor, as order-independent as the above. The channel axis
// is 1 for pictures (rank 4), else the last one.
class ChannelStatistics {
public:
    // `values` are dense in `shape`, or in N, H, W, C order where isChannelsLast says so (rank 4
    // only). Values that are not finite are left out.
    void add(std::span<const float> values, const Shape &shape, bool isChannelsLast = false);
    // The same where all values are known to be finite and no larger than `bound`; saves a look at
    // each.
    void addBounded(std::span<const float> values, const Shape &shape, bool isChannelsLast,
                    float bound);
    void merge(const ChannelStatistics &other);

    std::size_t channels() const { return m_sums.size(); } // 0 before the first add
    float minimum(std::size_t channel) const { return m_minimum[channel]; }
    float maximum(std::size_t channel) const { return m_maximum[channel]; }
    std::uint64_t count(std::size_t channel) const { return m_counts[channel]; }
    double mean(std::size_t channel) const;

    struct Record {
        std::vector<float> minimum, maximum;
        std::vector<std::uint64_t> counts;
        std::vector<__int128> sums; // of round(x·2^24)
    };
    Record record() const { return {m_minimum, m_maximum, m_counts, m_sums}; }
    static std::optional<ChannelStatistics> from(Record record);

    friend bool operator==(const ChannelStatistics &, const ChannelStatistics &) = default;

private:
    friend struct StatisticsFields;
    // At most `step` values of a channel at a time; 0: one by one.
    void addSteps(std::span<const float> values, const Shape &shape, bool isChannelsLast,
                  std::size_t step);
    void addSlowly(std::span<const float> values, std::size_t inner);
    std::vector<float> m_minimum, m_maximum; // 0 for a channel without values
    std::vector<std::uint64_t> m_counts;
    std::vector<__int128> m_sums; // of round(x·2^24)
};

// Adds the values to both, in less time than one after the other.
void addToBoth(TensorStatistics &tensor, ChannelStatistics &channels,
               std::span<const float> values, const Shape &shape, bool isChannelsLast);

} // namespace hefstudio
