// How far one array of numbers lies from another that counts as the truth, summed up over pictures.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace hefstudio {

class SignalComparison {
public:
    void add(std::span<const float> truth, std::span<const float> found);
    // As if the other's arrays had been added behind these.
    void merge(const SignalComparison &other);

    std::int64_t count() const { return m_count; }
    // 10·log₁₀(Σ truth² / Σ (truth − found)²), within ±200; 200 for equal arrays.
    double snrDb() const;
    // 1 for two arrays of nothing but zeros.
    double cosine() const;
    // Peak of the truth's range over the mean square error: 20·log₁₀(range / rms error).
    double psnrDb() const;

    struct Worst {
        std::int64_t index = 0; // in its array
        double truth = 0, found = 0;
        double error() const { return truth > found ? truth - found : found - truth; }
    };
    const Worst &worst() const { return m_worst; }
    // Values that were not finite in either array; left out of everything else.
    std::int64_t notFinite() const { return m_notFinite; }

private:
    std::int64_t m_count = 0;
    std::int64_t m_notFinite = 0;
    double m_truthSquares = 0, m_foundSquares = 0, m_products = 0, m_errorSquares = 0;
    double m_lowest = 0, m_highest = 0; // of the truth
    Worst m_worst;
};

} // namespace hefstudio
