// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/signal_comparison.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

constexpr double mostDb = 200;

double decibels(double signal, double noise)
{
    if (noise <= 0)
        return mostDb;
    if (signal <= 0)
        return -mostDb;
    return std::clamp(10 * std::log10(signal / noise), -mostDb, mostDb);
}

} // namespace

void SignalComparison::add(std::span<const float> truth, std::span<const float> found)
{
    for (std::size_t i = 0; i < std::min(truth.size(), found.size()); ++i) {
        const double a = static_cast<double>(truth[i]);
        const double b = static_cast<double>(found[i]);
        if (!std::isfinite(a) || !std::isfinite(b)) {
            ++m_notFinite;
            continue;
        }
        m_lowest = m_count == 0 ? a : std::min(m_lowest, a);
        m_highest = m_count == 0 ? a : std::max(m_highest, a);
        ++m_count;
        m_truthSquares += a * a;
        m_foundSquares += b * b;
        m_products += a * b;
        m_errorSquares += (a - b) * (a - b);
        if (std::abs(a - b) > m_worst.error())
            m_worst = {static_cast<std::int64_t>(i), a, b};
    }
}

void SignalComparison::merge(const SignalComparison &other)
{
    if (other.m_count > 0) {
        m_lowest = m_count == 0 ? other.m_lowest : std::min(m_lowest, other.m_lowest);
        m_highest = m_count == 0 ? other.m_highest : std::max(m_highest, other.m_highest);
    }
    m_count += other.m_count;
    m_notFinite += other.m_notFinite;
    m_truthSquares += other.m_truthSquares;
    m_foundSquares += other.m_foundSquares;
    m_products += other.m_products;
    m_errorSquares += other.m_errorSquares;
    if (other.m_worst.error() > m_worst.error())
        m_worst = other.m_worst;
}

double SignalComparison::snrDb() const
{
    return decibels(m_truthSquares, m_errorSquares);
}

double SignalComparison::cosine() const
{
    const double scale = std::sqrt(m_truthSquares) * std::sqrt(m_foundSquares);
    if (scale <= 0)
        return m_truthSquares == m_foundSquares ? 1 : 0;
    return std::clamp(m_products / scale, -1.0, 1.0);
}

double SignalComparison::psnrDb() const
{
    const double range = m_highest - m_lowest;
    return m_count == 0 ? mostDb
                        : decibels(range * range, m_errorSquares / static_cast<double>(m_count));
}

} // namespace hefstudio
