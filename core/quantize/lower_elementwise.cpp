// Layers that work element by element, and the two normalisations.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/math.h"
#include "ops/float_reference.h"
#include "quantize/lower_parts.h"

#include <algorithm>
#include <cmath>

namespace hefstudio::lowering {

namespace {

// Operands of sums meet at the larger scale, in units of 2^-20 of it.
constexpr int sumBits = 20;

Result<IntegerLayer> table(const Part &part, const RealFunction &function)
{
    std::vector<IntegerOperand> operands = part.operands(1);
    const TensorQuantisation &to = part.outputQuantisation();
    IntegerTable form;
    form.table =
        makeTable([&](double x) { return applyFunction(part.layer.activation, function(x)); },
                  operands[0].quantisation, to);
    form.high = to.maximum();
    return part.made(std::move(operands), std::move(form));
}

// The scale at which the operands meet, and their factors.
double sumScale(std::span<const IntegerOperand> operands, IntegerBinary &form)
{
    const double largest = std::max(scaleOf(operands[0]), scaleOf(operands[1]));
    for (std::size_t i = 0; i < 2; ++i)
        form.multipliers[i] = static_cast<std::int32_t>(
            roundHalfEven(std::ldexp(scaleOf(operands[i]) / largest, sumBits)));
    return std::ldexp(largest, -sumBits);
}

} // namespace

Result<IntegerLayer> lower(const Part &part, const Elementwise &kind)
{
    if (isClampOrSlope(kind.function) && !part.layer.hasActivation()) {
        std::vector<IntegerOperand> operands = part.operands(1);
        const double scale = scaleOf(operands[0]);
        IntegerRescale form{
            makeStage({&scale, 1}, kind.function, part.outputQuantisation(), boundOf(operands[0]))};
        return part.made(std::move(operands), std::move(form));
    }
    return table(part, [&](double x) { return applyFunction(kind.function, x); });
}

Result<IntegerLayer> lower(const Part &part, const ParametricRelu &)
{
    if (!part.input(1).isConstant())
        return part.unsupported("its slope is not constant");
    if (part.layer.hasActivation() && part.layer.activation.function != Function::relu)
        return part.unsupported("another function is fused behind the slope");
    const Shape &shape = part.input(0).shape;
    const Shape &slopeShape = part.input(1).shape;
    const std::vector<float> slopes = part.constant(1);
    // One slope, or one per channel at dimension 1.
    const std::size_t channelFromEnd = shape.rank() < 2 ? 0 : shape.rank() - 2;
    const bool isPerChannel = shape.rank() >= 2 && slopeShape.rank() > channelFromEnd &&
                              static_cast<std::int64_t>(slopes.size()) == shape[1] &&
                              slopeShape[slopeShape.rank() - 1 - channelFromEnd] == shape[1];
    if (slopes.size() != 1 && !isPerChannel)
        return part.unsupported("its slope varies within a channel");
    std::vector<IntegerOperand> operands = part.operands(1);
    IntegerRescale form{part.stage(scaleOf(operands[0]), boundOf(operands[0]))};
    const double unit = scaleOf(operands[0]) / part.outputScale();
    for (const float slope : slopes)
        form.stage.negative.push_back(fixedPoint(unit * static_cast<double>(slope)));
    if (slopes.size() > 1)
        form.stage.rescale.assign(slopes.size(), form.stage.rescale.front());
    return part.made(std::move(operands), std::move(form));
}

Result<IntegerLayer> lower(const Part &part, const Binary &kind)
{
    using Operation = IntegerBinary::Operation;
    if (kind.op == BinaryOperator::power) {
        const std::vector<float> exponent = part.constant(1);
        if (exponent.size() != 1 || part.output().shape != part.input(0).shape)
            return part.unsupported("its exponent is not one constant");
        return table(part, [&](double x) {
            return applyFunction({Function::power, exponent[0], 0}, x);
        });
    }
    if (kind.op >= BinaryOperator::modulo)
        return part.unsupported("remainders and comparisons have no integer form");

    std::vector<IntegerOperand> operands = part.operands(2);
    IntegerBinary form;
    double scale = 1;
    double bound = boundOf(operands[0]) + boundOf(operands[1]);
    switch (kind.op) {
    case BinaryOperator::add:
    case BinaryOperator::subtract:
        scale = sumScale(operands, form);
        if (kind.op == BinaryOperator::subtract)
            form.multipliers[1] = -form.multipliers[1];
        break;
    case BinaryOperator::minimum:
    case BinaryOperator::maximum:
        form.operation =
            kind.op == BinaryOperator::minimum ? Operation::minimum : Operation::maximum;
        scale = sumScale(operands, form);
        break;
    case BinaryOperator::multiply:
        form.operation = Operation::multiply;
        scale = scaleOf(operands[0]) * scaleOf(operands[1]);
        bound = boundOf(operands[0]) * boundOf(operands[1]);
        break;
    default:
        form.operation = Operation::divide;
        scale =
            std::ldexp(scaleOf(operands[0]) / scaleOf(operands[1]), -IntegerBinary::quotientBits);
        bound = boundOf(operands[0]) / scaleOf(operands[1]);
        break;
    }
    form.stage = part.stage(scale, bound);
    return part.made(std::move(operands), std::move(form));
}

Result<IntegerLayer> lower(const Part &part, const Concat &kind)
{
    std::vector<IntegerOperand> operands = part.operands(part.layer.inputs.size());
    std::vector<double> scales;
    double bound = 0;
    for (const IntegerOperand &operand : operands) {
        scales.push_back(scaleOf(operand));
        bound = std::max(bound, boundOf(operand));
    }
    IntegerConcat form{kind.axis,
                       makeStage(scales, part.layer.activation, part.outputQuantisation(), bound)};
    return part.made(std::move(operands), std::move(form));
}

Result<IntegerLayer> lower(const Part &part, const Softmax &kind)
{
    if (kind.logarithm)
        return part.unsupported("the logarithm of a softmax has no integer form");
    constexpr double one = 1 << 15;
    constexpr double vanishes = 11.1; // exp(−11.1) < 2^-16
    constexpr std::int64_t mostPoints = 2048;
    std::vector<IntegerOperand> operands = part.operands(1);
    const double scale = scaleOf(operands[0]);
    IntegerSoftmax form{.axis = kind.axis};
    const auto reach = static_cast<std::int64_t>(std::min(
        std::ceil(vanishes / scale), static_cast<double>(operands[0].quantisation.maximum())));
    while ((reach >> form.stepBits) + 2 > mostPoints)
        ++form.stepBits;
    for (std::int64_t i = 0; i < (reach >> form.stepBits) + 2; ++i) {
        const double distance = scale * std::ldexp(static_cast<double>(i), form.stepBits);
        form.exponential.push_back(
            static_cast<std::int32_t>(roundHalfEven(one * exactExp(-distance))));
    }
    form.stage = part.stage(std::ldexp(1.0, -IntegerSoftmax::probabilityBits), 1);
    return part.made(std::move(operands), std::move(form));
}

namespace {

// The arithmetic of both kinds: `form` says from which axis on and whether the mean is subtracted.
Result<IntegerLayer> lowerNormalization(const Part &part, IntegerLayerNorm form, double epsilon)
{
    constexpr double largestGamma = 32767;
    constexpr double largestBeta = static_cast<double>(std::int64_t(1) << 60);
    for (std::size_t slot = 1; slot < 3; ++slot)
        if (part.hasInput(slot) && !part.input(slot).isConstant())
            return part.unsupported("its gamma or beta is not constant");
    const Shape &shape = part.input(0).shape;
    std::int64_t count = 1;
    for (std::size_t i = static_cast<std::size_t>(form.axis); i < shape.rank(); ++i)
        count *= shape[i];
    if (count > (1 << 15))
        return part.unsupported("it normalises more than 32768 elements at once");
    std::vector<IntegerOperand> operands = part.operands(1);
    std::vector<float> gamma = part.constant(1);
    std::vector<float> beta = part.constant(2);
    gamma.resize(static_cast<std::size_t>(count), gamma.empty() ? 1.0F : 0.0F);
    beta.resize(static_cast<std::size_t>(count), 0.0F);
    double largest = 0;
    for (const float g : gamma)
        largest = std::max(largest, std::abs(static_cast<double>(g)));
    const auto gammaScale =
        static_cast<double>(largest > 0 ? static_cast<float>(largest / largestGamma) : 1.0F);
    const double scale = std::ldexp(gammaScale, -IntegerLayerNorm::fractionBits);
    const double in = scaleOf(operands[0]);
    const auto elements = static_cast<double>(count);
    form.epsilon = std::clamp<std::int64_t>(
        roundHalfEven(epsilon * elements * elements / (in * in)), 1,
        std::int64_t(1) << 60);
    double bound = 0;
    for (std::size_t i = 0; i < gamma.size(); ++i) {
        const auto g = static_cast<double>(gamma[i]);
        const auto b = static_cast<double>(beta[i]);
        form.gamma.push_back(static_cast<std::int32_t>(roundHalfEven(g / gammaScale)));
        form.beta.push_back(roundHalfEven(std::clamp(b / scale, -largestBeta, largestBeta)));
        bound = std::max(bound, std::abs(g) * std::sqrt(elements) + std::abs(b));
    }
    form.stage = part.stage(scale, bound);
    return part.made(std::move(operands), std::move(form));
}

} // namespace

Result<IntegerLayer> lower(const Part &part, const LayerNormalization &kind)
{
    return lowerNormalization(part, {.axis = kind.axis}, kind.epsilon);
}

Result<IntegerLayer> lower(const Part &part, const RmsNormalization &kind)
{
    return lowerNormalization(part, {.axis = kind.axis, .subtractsMean = false}, kind.epsilon);
}

} // namespace hefstudio::lowering
