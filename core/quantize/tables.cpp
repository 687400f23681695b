// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/tables.h"

#include "ops/float_reference.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {

namespace {

constexpr int pointFractionBits = 8;

// The stored integer of a real value, with `fractionBits` more bits; undefined results are real 0.
std::int32_t pointOf(double real, const TensorQuantisation &to, int fractionBits)
{
    const double unit = std::ldexp(1.0, fractionBits);
    const double low = 0;
    const double high = to.maximum() * unit;
    if (real != real)
        real = 0;
    const double exact = (to.zeroPoint + real / static_cast<double>(to.scale)) * unit;
    // A point may lie beyond the limits, so that the segment crosses them at the right place.
    const double slack = high;
    return static_cast<std::int32_t>(roundHalfEven(std::clamp(exact, low - slack, high + slack)));
}

FunctionTable tableOver(const RealFunction &function, double scale, std::int64_t zeroPoint,
                        int indexBits, const TensorQuantisation &to)
{
    FunctionTable table;
    table.indexBits = indexBits;
    table.fractionBits = indexBits == 8 ? 0 : pointFractionBits;
    const std::int64_t step = indexBits == 8 ? 1 : std::int64_t(1) << FunctionTable::stepBits;
    for (std::size_t i = 0; i < table.pointCount(); ++i) {
        const std::int64_t index = static_cast<std::int64_t>(i) * step;
        const double x = scale * static_cast<double>(index - zeroPoint);
        table.points.push_back(pointOf(function(x), to, table.fractionBits));
    }
    return table;
}

// The x in [low, high] where a rising function reaches `target`; the nearer end if it does not.
double solveRising(const RealFunction &function, double target, double low, double high)
{
    if (function(low) >= target)
        return low;
    if (function(high) <= target)
        return high;
    for (int i = 0; i < 80; ++i) {
        const double middle = low + (high - low) / 2;
        (function(middle) < target ? low : high) = middle;
    }
    return high;
}

} // namespace

FunctionTable makeTable(const RealFunction &function, const TensorQuantisation &from,
                        const TensorQuantisation &to)
{
    return tableOver(function, static_cast<double>(from.scale), from.zeroPoint, from.bits, to);
}

bool isClampOrSlope(const ScalarFunction &function)
{
    switch (function.function) {
    case Function::identity:
    case Function::relu:
    case Function::leakyRelu:
    case Function::clip:
    case Function::abs:
    case Function::negate:
        return true;
    case Function::affine:
        return function.beta == 0;
    default:
        return false;
    }
}

ValueRange usefulArguments(const ScalarFunction &function, const TensorQuantisation &output,
                           double accumulatorBound)
{
    const RealFunction f = [&](double x) { return applyFunction(function, x); };
    const ValueRange out = rangeOf(output);
    const double nothing = static_cast<double>(output.scale) / 8; // too small to be seen
    constexpr double far = 60;
    ValueRange arguments{-accumulatorBound, accumulatorBound};
    switch (function.function) {
    case Function::silu:
    case Function::mish:
    case Function::gelu:
    case Function::geluTanh:
        // Rising above −1, and falling to zero from below on the far left.
        arguments.high = solveRising(f, out.high, 0, std::max(out.high, 1.0) + far);
        arguments.low = -far;
        for (double x = -3; x > -far; x -= 0.125) {
            if (-f(x) < nothing) {
                arguments.low = x;
                break;
            }
        }
        break;
    case Function::clip:
        arguments = {static_cast<double>(function.alpha), static_cast<double>(function.beta)};
        break;
    case Function::hardSwish:
        arguments = {-3, std::max(out.high, 3.0)};
        break;
    case Function::sigmoid:
    case Function::tanh:
    case Function::erf:
    case Function::softplus:
    case Function::exp:
    case Function::elu: {
        const double floorValue = f(-1e6);
        const double top = function.function == Function::sigmoid ||
                                   function.function == Function::tanh ||
                                   function.function == Function::erf
                               ? std::min(out.high, 1 - nothing)
                               : out.high;
        arguments.high = solveRising(f, top, -far, std::max(out.high, 1.0) + far);
        arguments.low =
            solveRising(f, std::max(out.low, floorValue + nothing), -far, arguments.high);
        break;
    }
    case Function::hardSigmoid:
        if (function.alpha > 0)
            arguments = {-static_cast<double>(function.beta) / function.alpha,
                         (1 - static_cast<double>(function.beta)) / function.alpha};
        break;
    default:
        break;
    }
    arguments.low = std::max(arguments.low, -accumulatorBound);
    arguments.high = std::min(arguments.high, accumulatorBound);
    if (!(arguments.width() > 0))
        arguments = {arguments.low - 1, arguments.low + 1};
    return arguments;
}

namespace {

// The table of a stage whose output channels have factors: real values about zero, with bits to
// spare, that the gain of each channel brings onto its grid.
void addGain(OutputStage &stage, const RealFunction &function, double scale,
             const TensorQuantisation &output, std::span<const float> channelScales)
{
    const int spareBits = output.bits == 8 ? 10 : 4;
    const auto largest = static_cast<double>(std::ranges::max(channelScales));
    const double unit = std::ldexp(static_cast<double>(output.scale) * largest, -spareBits);
    // Beyond what the widest channel can store, plus room for the segment that crosses the limit.
    const double limit = 2.0 * output.maximum() * std::ldexp(1.0, spareBits);
    FunctionTable table;
    table.indexBits = 16;
    table.fractionBits = pointFractionBits;
    for (std::size_t i = 0; i < table.pointCount(); ++i) {
        const std::int64_t index = static_cast<std::int64_t>(i) << FunctionTable::stepBits;
        const double real = function(scale * static_cast<double>(index - stage.zeroPoint));
        const double exact = real == real ? std::clamp(real / unit, -limit, limit) : 0;
        table.points.push_back(
            static_cast<std::int32_t>(roundHalfEven(std::ldexp(exact, table.fractionBits))));
    }
    stage.table = std::move(table);
    stage.gainZeroPoint = output.zeroPoint;
    for (const float channel : channelScales)
        stage.gain.push_back(
            fixedPoint(unit / (static_cast<double>(channel) * static_cast<double>(output.scale))));
}

} // namespace

OutputStage makeStage(std::span<const double> accumulatorScales, const ScalarFunction &activation,
                      const TensorQuantisation &output, double accumulatorBound,
                      std::span<const float> channelScales)
{
    OutputStage stage;
    stage.rescale.clear();
    stage.high = output.maximum();
    const auto factors = [&](double by) {
        std::vector<FixedPoint> made;
        for (std::size_t i = 0; i < accumulatorScales.size(); ++i)
            made.push_back(fixedPoint(accumulatorScales[i] * by));
        return made;
    };
    const auto channelFactors = [&](double by) {
        if (channelScales.empty())
            return factors(by);
        std::vector<FixedPoint> made;
        for (std::size_t c = 0; c < channelScales.size(); ++c)
            made.push_back(
                fixedPoint(accumulatorScales[accumulatorScales.size() == 1 ? 0 : c] * by /
                           static_cast<double>(channelScales[c])));
        return made;
    };
    const auto limit = [&](double real) {
        const double exact = output.zeroPoint + real / static_cast<double>(output.scale);
        return static_cast<std::int32_t>(
            std::clamp<std::int64_t>(roundHalfEven(exact), 0, output.maximum()));
    };
    const double unit = 1 / static_cast<double>(output.scale);
    const double alpha = activation.alpha;
    // The limits of a clip lie elsewhere in each channel's integers.
    const bool isClip = activation.function == Function::clip;
    if (isClampOrSlope(activation) && (channelScales.empty() || !isClip)) {
        stage.zeroPoint = output.zeroPoint;
        stage.rescale = channelFactors(unit);
        switch (activation.function) {
        case Function::relu:
            stage.low = output.zeroPoint;
            break;
        case Function::clip:
            stage.low = limit(alpha);
            stage.high = std::max(limit(activation.beta), stage.low);
            break;
        case Function::leakyRelu:
            stage.negative = channelFactors(unit * alpha);
            break;
        case Function::abs:
            stage.negative = channelFactors(-unit);
            break;
        case Function::negate:
            stage.rescale = channelFactors(-unit);
            break;
        case Function::affine:
            stage.rescale = channelFactors(unit * alpha);
            break;
        default:
            break;
        }
        return stage;
    }
    TensorQuantisation widest = output;
    if (!channelScales.empty())
        widest.scale *= std::ranges::max(channelScales);
    const ValueRange arguments = usefulArguments(activation, widest, accumulatorBound);
    const auto scale = static_cast<double>(static_cast<float>(arguments.width() / 65535));
    const std::int64_t zero = roundHalfEven(-arguments.low / scale);
    stage.zeroPoint = static_cast<std::int32_t>(
        std::clamp<std::int64_t>(zero, -(std::int64_t(1) << 30), std::int64_t(1) << 30));
    stage.rescale = factors(1 / scale);
    const RealFunction function = [&](double x) { return applyFunction(activation, x); };
    if (channelScales.empty())
        stage.table = tableOver(function, scale, stage.zeroPoint, 16, output);
    else
        addGain(stage, function, scale, output, channelScales);
    return stage;
}

} // namespace hefstudio
