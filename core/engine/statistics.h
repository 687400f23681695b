// What calibration learns about one tensor: range, moments and a histogram, kept so that any order
// and grouping of the pictures gives the same bytes. Bin widths are powers of two anchored at 0 and
// double when a value falls outside; moments are fixed-point integer sums.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/tensor.h"

#include <cstdint>
#include <span>
#include <vector>

namespace hefstudio {

class TensorStatistics {
public:
    static constexpr int binsPerSide = 1024; // of each sign; bin i covers [i, i+1)·2^binExponent

    void add(std::span<const float> values); // not-a-number and infinities are counted apart
    void merge(const TensorStatistics &other);

    std::uint64_t count() const { return m_count; }
    std::uint64_t notFinite() const { return m_notFinite; }
    float minimum() const { return m_minimum; }
    float maximum() const { return m_maximum; }
    double mean() const;
    double secondMoment() const; // E[x²]
    int binExponent() const { return m_binExponent; }
    // 2·binsPerSide counts, the most negative bin first.
    const std::vector<std::uint64_t> &histogram() const { return m_bins; }
    // The value below which `fraction` of the mass lies (linear inside a bin).
    double quantile(double fraction) const;

    friend bool operator==(const TensorStatistics &, const TensorStatistics &) = default;

private:
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

} // namespace hefstudio
