// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/observer.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace hefstudio {

namespace {

// Sums over the histogram from the far end of one sign inwards, so that the clipping error of any
// limit is three look-ups: Σc·(x − limit)² = S2 − 2·limit·S1 + limit²·S0.
class Tail {
public:
    Tail(const TensorStatistics &statistics, bool isPositive)
        : m_width(std::ldexp(1.0, statistics.binExponent()))
    {
        constexpr int side = TensorStatistics::binsPerSide;
        m_sums.resize(side + 1);
        const auto &bins = statistics.histogram();
        if (bins.size() != 2 * static_cast<std::size_t>(side))
            return;
        for (int i = side - 1; i >= 0; --i) {
            const auto count = static_cast<double>(
                bins[static_cast<std::size_t>(isPositive ? side + i : side - 1 - i)]);
            const double centre = (i + 0.5) * m_width;
            Sums &here = m_sums[static_cast<std::size_t>(i)];
            here = m_sums[static_cast<std::size_t>(i) + 1];
            here.count += count;
            here.first += count * centre;
            here.second += count * centre * centre;
        }
    }
    // Squared distance of all values beyond `limit` (a magnitude), and their number.
    std::pair<double, double> beyond(double limit) const
    {
        const double bin = std::clamp(std::ceil(limit / m_width - 0.5), 0.0,
                                      static_cast<double>(m_sums.size() - 1));
        const Sums &sums = m_sums[static_cast<std::size_t>(bin)];
        const double error = sums.second - 2 * limit * sums.first + limit * limit * sums.count;
        return {std::max(error, 0.0), sums.count};
    }

private:
    struct Sums {
        double count = 0, first = 0, second = 0;
    };
    double m_width;
    std::vector<Sums> m_sums;
};

double squaredError(const Tail &negative, const Tail &positive, double count,
                    const ValueRange &range, int bits)
{
    if (count == 0)
        return 0;
    const auto [lowError, lowCount] = negative.beyond(-range.low);
    const auto [highError, highCount] = positive.beyond(range.high);
    const double step = range.width() / (bits == 8 ? 255 : 65535);
    const double inside = std::max(count - lowCount - highCount, 0.0);
    return (step * step / 12 * inside + lowError + highError) / count;
}

// What the last function of a layer can give at most; unbounded sides are infinite.
// The last function applied to the layer's values.
ScalarFunction lastFunction(const Layer &layer)
{
    if (!layer.hasActivation() && layer.is<Elementwise>())
        return layer.as<Elementwise>()->function;
    return layer.activation;
}

bool isSigmoid(const Layer &layer)
{
    return lastFunction(layer).function == Function::sigmoid;
}

std::optional<ValueRange> boundsOf(const Layer &layer)
{
    if (const auto *softmax = layer.as<Softmax>(); softmax && !softmax->logarithm)
        return ValueRange{0, 1};
    const ScalarFunction function = lastFunction(layer);
    switch (function.function) {
    case Function::sigmoid:
    case Function::hardSigmoid:
        return ValueRange{0, 1};
    case Function::tanh:
    case Function::erf:
    case Function::sign:
        return ValueRange{-1, 1};
    case Function::clip:
        return ValueRange{function.alpha, function.beta};
    case Function::relu:
    case Function::exp:
    case Function::softplus:
    case Function::sqrt:
    case Function::abs:
        return ValueRange{0, INFINITY};
    default:
        return std::nullopt;
    }
}

ValueRange withZero(ValueRange range)
{
    return {std::min(range.low, 0.0), std::max(range.high, 0.0)};
}

} // namespace

std::string_view rangeMethodName(RangeMethod method)
{
    switch (method) {
    case RangeMethod::minMax:
        return "min-max";
    case RangeMethod::percentile:
        return "percentile";
    case RangeMethod::meanSquare:
        return "mean-square";
    case RangeMethod::entropy:
        return "entropy";
    case RangeMethod::bounds:
        return "bounds";
    case RangeMethod::given:
        return "given";
    }
    return "";
}

std::optional<RangeMethod> rangeMethodFromName(std::string_view name)
{
    for (const RangeMethod method :
         {RangeMethod::minMax, RangeMethod::percentile, RangeMethod::meanSquare,
          RangeMethod::entropy, RangeMethod::bounds, RangeMethod::given})
        if (rangeMethodName(method) == name)
            return method;
    return std::nullopt;
}

ValueRange minMaxRange(const TensorStatistics &statistics)
{
    return withZero({statistics.minimum(), statistics.maximum()});
}

ValueRange percentileRange(const TensorStatistics &statistics, double fraction)
{
    const ValueRange all = minMaxRange(statistics);
    const ValueRange inner =
        withZero({statistics.quantile(1 - fraction), statistics.quantile(fraction)});
    return {std::max(inner.low, all.low), std::min(inner.high, all.high)};
}

double expectedSquaredError(const TensorStatistics &statistics, const ValueRange &range, int bits)
{
    return squaredError(Tail(statistics, false), Tail(statistics, true),
                        static_cast<double>(statistics.count()), range, bits);
}

ValueRange meanSquareRange(const TensorStatistics &statistics, int bits)
{
    constexpr int steps = 100;
    constexpr double smallest = 0.3;
    const ValueRange all = minMaxRange(statistics);
    const Tail negative(statistics, false);
    const Tail positive(statistics, true);
    const auto count = static_cast<double>(statistics.count());
    ValueRange best = all;
    double least = squaredError(negative, positive, count, best, bits);
    const auto search = [&](double ValueRange::*side) {
        const ValueRange start = best;
        for (int step = 0; step <= steps; ++step) {
            ValueRange candidate = start;
            candidate.*side = all.*side * (1 - (1 - smallest) * step / steps);
            const double error = squaredError(negative, positive, count, candidate, bits);
            if (error < least) {
                least = error;
                best = candidate;
            }
        }
    };
    for (int round = 0; round < 2; ++round) {
        search(&ValueRange::high);
        search(&ValueRange::low);
    }
    return best;
}

ValueRange entropyRange(const TensorStatistics &statistics)
{
    constexpr int steps = 70;
    constexpr double smallest = 0.3;
    const ValueRange all = minMaxRange(statistics);
    const auto &bins = statistics.histogram();
    if (bins.empty() || !(all.width() > 0))
        return all;
    const double width = std::ldexp(1.0, statistics.binExponent());
    const auto binOf = [&](double value) {
        const double at = std::floor(value / width) + TensorStatistics::binsPerSide;
        return static_cast<std::size_t>(
            std::clamp(at, 0.0, static_cast<double>(bins.size() - 1)));
    };
    ValueRange best = all;
    double least = INFINITY;
    for (int step = 0; step <= steps; ++step) {
        const double share = 1 - (1 - smallest) * step / steps;
        const ValueRange range{all.low * share, all.high * share};
        const std::size_t first = binOf(range.low), last = binOf(range.high);
        std::vector<double> mass(bins.begin() + static_cast<std::ptrdiff_t>(first),
                                 bins.begin() + static_cast<std::ptrdiff_t>(last) + 1);
        const std::vector<double> inside = mass;
        for (std::size_t i = 0; i < bins.size(); ++i)
            if (i < first)
                mass.front() += static_cast<double>(bins[i]);
            else if (i > last)
                mass.back() += static_cast<double>(bins[i]);
        // In levels: the mass of a level spreads evenly over its bins that hold any.
        const std::size_t levels = std::min<std::size_t>(256, mass.size());
        double divergence = 0, kept = 0, total = 0;
        for (const double m : inside)
            kept += m;
        for (const double m : mass)
            total += m;
        for (std::size_t level = 0; level < levels; ++level) {
            const std::size_t from = level * mass.size() / levels;
            const std::size_t to = (level + 1) * mass.size() / levels;
            double sum = 0, filled = 0;
            for (std::size_t i = from; i < to; ++i) {
                sum += inside[i];
                filled += inside[i] > 0 ? 1 : 0;
            }
            for (std::size_t i = from; i < to; ++i)
                if (mass[i] > 0)
                    divergence += mass[i] / total *
                                  std::log(mass[i] / total /
                                           (inside[i] > 0 ? sum / filled / kept : 1e-12));
        }
        // Fewer bins fit the levels better whatever they hold: a smaller range must gain clearly.
        if (divergence < least * 0.999) {
            least = divergence;
            best = range;
        }
    }
    return best;
}

ValueRange observedRange(const TensorStatistics &statistics, RangeMethod method, int bits)
{
    switch (method) {
    case RangeMethod::percentile:
        return percentileRange(statistics);
    case RangeMethod::meanSquare:
        return meanSquareRange(statistics, bits);
    case RangeMethod::entropy:
        return entropyRange(statistics);
    default:
        return minMaxRange(statistics);
    }
}

RangeChoice chooseRange(const Graph &graph, const Layer &layer, const TensorStatistics &statistics,
                        int bits)
{
    const ValueRange all = minMaxRange(statistics);
    const bool isOutput = graph.isOutput(layer.output);
    if (const auto bounds = boundsOf(layer)) {
        const bool isFinite = std::isfinite(bounds->width());
        // A score that calibration never saw near its bound may reach it in use: an object of a size
        // that no picture of the set shows must not be cut off at the largest score of nothing.
        const bool isScore = isOutput && isSigmoid(layer);
        if (isFinite && (isOutput || layer.is<Softmax>()) && bounds->width() <= 2 &&
            (isScore || all.width() * 4 > bounds->width()))
            return {withZero(*bounds), RangeMethod::bounds};
        if (isFinite)
            return {{std::max(all.low, std::min(bounds->low, 0.0)),
                     std::min(all.high, std::max(bounds->high, 0.0))},
                    RangeMethod::minMax};
    }
    if (isOutput || layer.is<Input>() || bits == 16)
        return {all, RangeMethod::minMax};
    const ValueRange inner = percentileRange(statistics);
    // The squared error counts how often a value is wrong, not what hangs on it: the rare large
    // values are what a detector fires on, so no more than a millionth of the mass may be clipped on
    // either side.
    const ValueRange kept = percentileRange(statistics, 0.999999);
    ValueRange clipped = meanSquareRange(statistics, bits);
    clipped = {std::min(clipped.low, kept.low), std::max(clipped.high, kept.high)};
    const double plain = expectedSquaredError(statistics, all, bits);
    // Clipping loses the rare large values for good; it must pay clearly.
    if (expectedSquaredError(statistics, clipped, bits) < 0.9 * plain)
        return {clipped, RangeMethod::meanSquare};
    if (all.width() > 4 * inner.width() && inner.width() > 0)
        return {inner, RangeMethod::percentile};
    return {all, RangeMethod::minMax};
}

TensorQuantisation quantisationOf(const ValueRange &range, int bits)
{
    TensorQuantisation quantisation{1, 0, bits};
    ValueRange covered = withZero(range);
    if (!(covered.width() > 1e-30) || !std::isfinite(covered.width()))
        covered = {0, 1};
    // A zero point is an integer, so both ends cannot be met exactly: of the two neighbours take
    // the one that covers them with the smaller scale.
    const double levels = quantisation.maximum();
    const double exact = -covered.low / (covered.width() / levels);
    double least = INFINITY;
    for (const double zero : {std::floor(exact), std::min(std::ceil(exact), levels)}) {
        double scale = 0;
        if (zero > 0)
            scale = std::max(scale, -covered.low / zero);
        else if (covered.low < 0)
            continue;
        if (zero < levels)
            scale = std::max(scale, covered.high / (levels - zero));
        else if (covered.high > 0)
            continue;
        if (scale < least) {
            least = scale;
            quantisation.scale = static_cast<float>(scale);
            quantisation.zeroPoint = static_cast<std::int32_t>(zero);
        }
    }
    return quantisation;
}

ValueRange rangeOf(const TensorQuantisation &quantisation)
{
    const auto scale = static_cast<double>(quantisation.scale);
    return {-quantisation.zeroPoint * scale,
            (quantisation.maximum() - quantisation.zeroPoint) * scale};
}

} // namespace hefstudio
