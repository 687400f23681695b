// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/class_agreement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace hefstudio {
namespace {

constexpr std::size_t confidenceBins = 15;

bool isDistribution(std::span<const float> row)
{
    double sum = 0;
    for (const float value : row) {
        if (value < -1e-3F || value > 1.001F)
            return false;
        sum += static_cast<double>(value);
    }
    // Eight-bit probabilities do not add up to 1 exactly.
    return std::abs(sum - 1) < 0.1;
}

// Logits, whichever form the row has.
std::vector<double> logits(std::span<const float> row)
{
    const bool isLogarithm = isDistribution(row);
    std::vector<double> values;
    for (const float value : row)
        values.push_back(isLogarithm ? std::log(std::max(static_cast<double>(value), 1e-6))
                                     : static_cast<double>(value));
    return values;
}

std::vector<double> softmax(std::span<const double> values, double temperature)
{
    const double largest = *std::ranges::max_element(values);
    std::vector<double> shares;
    double sum = 0;
    for (const double value : values) {
        shares.push_back(std::exp((value - largest) / temperature));
        sum += shares.back();
    }
    for (double &share : shares)
        share /= sum;
    return shares;
}

std::size_t best(std::span<const float> row)
{
    return static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
}

double negativeLogLikelihood(const std::vector<std::vector<double>> &rows,
                             std::span<const int> truth, double temperature)
{
    double sum = 0;
    for (std::size_t i = 0; i < rows.size(); ++i)
        sum -= std::log(
            std::max(softmax(rows[i], temperature)[static_cast<std::size_t>(truth[i])], 1e-12));
    return sum;
}

double calibrationError(const std::vector<std::vector<double>> &rows, std::span<const int> truth,
                        double temperature)
{
    std::array<double, confidenceBins> sure{};
    std::array<double, confidenceBins> right{};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto shares = softmax(rows[i], temperature);
        const auto top = std::ranges::max_element(shares);
        const auto bin =
            std::min(confidenceBins - 1,
                     static_cast<std::size_t>(*top * static_cast<double>(confidenceBins)));
        sure[bin] += *top;
        right[bin] += top - shares.begin() == truth[i] ? 1 : 0;
    }
    double gap = 0;
    for (std::size_t bin = 0; bin < confidenceBins; ++bin)
        gap += std::abs(sure[bin] - right[bin]);
    return rows.empty() ? 0 : gap / static_cast<double>(rows.size());
}

// Golden section over the logarithm of the temperature: the likelihood has one peak there.
double bestTemperature(const std::vector<std::vector<double>> &rows, std::span<const int> truth)
{
    const double ratio = (std::sqrt(5.0) - 1) / 2;
    double low = std::log(0.05);
    double high = std::log(20.0);
    const auto cost = [&](double x) { return negativeLogLikelihood(rows, truth, std::exp(x)); };
    double a = high - ratio * (high - low);
    double b = low + ratio * (high - low);
    double costA = cost(a);
    double costB = cost(b);
    for (int i = 0; i < 40; ++i) {
        if (costA <= costB) {
            high = b;
            b = a;
            costB = costA;
            a = high - ratio * (high - low);
            costA = cost(a);
        } else {
            low = a;
            a = b;
            costA = costB;
            b = low + ratio * (high - low);
            costB = cost(b);
        }
    }
    return std::exp((low + high) / 2);
}

} // namespace

std::vector<int> bestClasses(const ClassRows &rows)
{
    std::vector<int> classes;
    for (const auto &row : rows)
        classes.push_back(row.empty() ? -1 : static_cast<int>(best(row)));
    return classes;
}

TopAgreement topAgreement(const ClassRows &truth, const ClassRows &found)
{
    TopAgreement agreement;
    for (std::size_t i = 0; i < std::min(truth.size(), found.size()); ++i) {
        if (truth[i].empty() || truth[i].size() != found[i].size())
            continue;
        ++agreement.pictures;
        const std::size_t wanted = best(truth[i]);
        agreement.top1 += best(found[i]) == wanted ? 1 : 0;
        const auto better =
            std::ranges::count_if(found[i], [&](float value) { return value > found[i][wanted]; });
        agreement.top5 += better < 5 ? 1 : 0;
    }
    if (agreement.pictures > 0) {
        agreement.top1 /= static_cast<double>(agreement.pictures);
        agreement.top5 /= static_cast<double>(agreement.pictures);
    }
    return agreement;
}

std::vector<double> probabilities(std::span<const float> row, double temperature)
{
    if (row.empty())
        return {};
    return softmax(logits(row), temperature);
}

Confidence confidence(const ClassRows &rows, std::span<const int> truth)
{
    std::vector<std::vector<double>> usable;
    std::vector<int> wanted;
    Confidence result;
    for (std::size_t i = 0; i < std::min(rows.size(), truth.size()); ++i) {
        if (truth[i] < 0 || static_cast<std::size_t>(truth[i]) >= rows[i].size())
            continue;
        usable.push_back(logits(rows[i]));
        wanted.push_back(truth[i]);
        result.accuracy += static_cast<int>(best(rows[i])) == truth[i] ? 1 : 0;
    }
    if (usable.empty())
        return result;
    result.accuracy /= static_cast<double>(usable.size());
    result.calibrationError = calibrationError(usable, wanted, 1);
    result.temperature = bestTemperature(usable, wanted);
    result.calibrationErrorAfter = calibrationError(usable, wanted, result.temperature);
    return result;
}

void MapAgreement::add(std::span<const float> truth, std::span<const float> found,
                       std::size_t classes)
{
    if (classes == 0 || truth.size() != found.size() || truth.size() % classes != 0)
        return;
    m_common.resize(std::max(m_common.size(), classes), 0);
    m_either.resize(std::max(m_either.size(), classes), 0);
    const std::size_t pixels = truth.size() / classes;
    const auto bestAt = [&](std::span<const float> values, std::size_t pixel) {
        std::size_t winner = 0;
        for (std::size_t k = 1; k < classes; ++k)
            if (values[k * pixels + pixel] > values[winner * pixels + pixel])
                winner = k;
        return winner;
    };
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
        const std::size_t a = bestAt(truth, pixel);
        const std::size_t b = bestAt(found, pixel);
        ++m_pixels;
        ++m_either[a];
        if (a == b) {
            ++m_same;
            ++m_common[a];
        } else {
            ++m_either[b];
        }
    }
}

void MapAgreement::merge(const MapAgreement &other)
{
    const std::size_t classes = std::max(m_common.size(), other.m_common.size());
    m_common.resize(classes, 0);
    m_either.resize(classes, 0);
    for (std::size_t k = 0; k < other.m_common.size(); ++k) {
        m_common[k] += other.m_common[k];
        m_either[k] += other.m_either[k];
    }
    m_pixels += other.m_pixels;
    m_same += other.m_same;
}

double MapAgreement::meanIou() const
{
    double sum = 0;
    int classes = 0;
    for (std::size_t k = 0; k < m_either.size(); ++k)
        if (m_either[k] > 0) {
            sum += static_cast<double>(m_common[k]) / static_cast<double>(m_either[k]);
            ++classes;
        }
    return classes > 0 ? sum / classes : 1;
}

double MapAgreement::pixelAgreement() const
{
    return m_pixels > 0 ? static_cast<double>(m_same) / static_cast<double>(m_pixels) : 1;
}

} // namespace hefstudio
