// Elementwise arithmetic, matrix products, normalisations and reductions.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/math.h"
#include "ops/float_reference.h"
#include "ops/float_reference_parts.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hefstudio::reference {

namespace {

bool isFloating(ElementType type)
{
    return type == ElementType::float32 || type == ElementType::float64 ||
           type == ElementType::float16 || type == ElementType::bfloat16;
}

double combine(BinaryOperator op, double a, double b, bool integers)
{
    switch (op) {
    case BinaryOperator::add:
        return a + b;
    case BinaryOperator::subtract:
        return a - b;
    case BinaryOperator::multiply:
        return a * b;
    case BinaryOperator::divide:
        if (integers)
            return b == 0 ? 0 : std::trunc(a / b);
        return a / b;
    case BinaryOperator::minimum:
        return std::min(a, b);
    case BinaryOperator::maximum:
        return std::max(a, b);
    case BinaryOperator::power:
        return exactPower(a, b);
    case BinaryOperator::modulo: // ONNX: sign of the divisor for integers, of the dividend else
        if (integers) {
            if (b == 0)
                return 0;
            return a - b * std::floor(a / b);
        }
        return std::fmod(a, b);
    case BinaryOperator::truncatedDivide:
        return b == 0 ? 0 : std::trunc(a / b);
    case BinaryOperator::floorModulo:
        return b == 0 ? 0 : a - b * std::floor(a / b);
    case BinaryOperator::less:
        return a < b;
    case BinaryOperator::lessOrEqual:
        return a <= b;
    case BinaryOperator::greater:
        return a > b;
    case BinaryOperator::greaterOrEqual:
        return a >= b;
    case BinaryOperator::equal:
        return a == b;
    case BinaryOperator::logicalAnd:
        return a != 0 && b != 0;
    case BinaryOperator::logicalOr:
        return a != 0 || b != 0;
    case BinaryOperator::logicalXor:
        return (a != 0) != (b != 0);
    }
    return a;
}

std::size_t resolvedAxis(std::int64_t axis, std::size_t rank)
{
    return static_cast<std::size_t>(axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis);
}

double combineReduced(Reduction reduction, double sum, double value)
{
    switch (reduction) {
    case Reduction::mean:
    case Reduction::sum:
        return sum + value;
    case Reduction::max:
        return std::max(sum, value);
    case Reduction::min:
        return std::min(sum, value);
    case Reduction::l2:
        return sum + value * value;
    case Reduction::product:
        return sum * value;
    }
    return sum;
}

double startOf(Reduction reduction)
{
    switch (reduction) {
    case Reduction::max:
        return -std::numeric_limits<double>::infinity();
    case Reduction::min:
        return std::numeric_limits<double>::infinity();
    case Reduction::product:
        return 1;
    default:
        return 0;
    }
}

} // namespace

Tensor run(const Elementwise &attributes, Operands operands, const Shape &shape)
{
    std::vector<double> values = asDoubles(*operands[0]);
    for (double &value : values)
        value = applyFunction(attributes.function, value);
    return fromDoubles(operands[0]->type(), shape, values);
}

Tensor run(const ParametricRelu &, Operands operands, const Shape &shape)
{
    const std::span<const float> x = operands[0]->as<float>();
    const std::span<const float> slope = operands[1]->as<float>();
    const std::vector<std::int64_t> slopeIndex = broadcastIndices(operands[1]->shape(), shape);
    Tensor result(ElementType::float32, shape);
    const std::span<float> out = result.as<float>();
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = x[i] < 0 ? slope[static_cast<std::size_t>(slopeIndex[i])] * x[i] : x[i];
    return result;
}

Tensor run(const Binary &attributes, Operands operands, const Shape &shape)
{
    const std::vector<double> a = asDoubles(*operands[0]);
    const std::vector<double> b = asDoubles(*operands[1]);
    const std::vector<std::int64_t> indexA = broadcastIndices(operands[0]->shape(), shape);
    const std::vector<std::int64_t> indexB = broadcastIndices(operands[1]->shape(), shape);
    const bool integers = !isFloating(operands[0]->type());
    std::vector<double> values(indexA.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = combine(attributes.op, a[static_cast<std::size_t>(indexA[i])],
                            b[static_cast<std::size_t>(indexB[i])], integers);
    return fromDoubles(operands[0]->type(), shape, values);
}

Tensor run(const FullyConnected &, Operands operands, const Shape &shape)
{
    const Tensor &weights = *operands[1];
    const Tensor *bias = operandAt(operands, 2);
    const auto outputs = static_cast<std::size_t>(weights.shape()[0]);
    const auto inputs = static_cast<std::size_t>(weights.shape()[1]);
    const std::span<const float> x = operands[0]->as<float>();
    const std::span<const float> w = weights.as<float>();
    Tensor result(ElementType::float32, shape);
    const std::span<float> out = result.as<float>();
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::size_t row = i / outputs;
        const std::size_t o = i % outputs;
        double sum = bias ? bias->as<float>()[o] : 0.0;
        for (std::size_t k = 0; k < inputs; ++k)
            sum += static_cast<double>(x[row * inputs + k]) * w[o * inputs + k];
        out[i] = static_cast<float>(sum);
    }
    return result;
}

Tensor run(const MatMul &, Operands operands, const Shape &shape)
{
    const Tensor &a = *operands[0];
    const Tensor &b = *operands[1];
    const auto batchOf = [](const Shape &full) {
        return Shape(std::vector<std::int64_t>(full.begin(), full.end() - 2));
    };
    const Shape batch = batchOf(shape);
    const std::vector<std::int64_t> batchA = broadcastIndices(batchOf(a.shape()), batch);
    const std::vector<std::int64_t> batchB = broadcastIndices(batchOf(b.shape()), batch);
    const std::int64_t rows = shape[shape.rank() - 2], columns = shape.back();
    const std::int64_t depth = a.shape().back();
    Tensor result(ElementType::float32, shape);
    float *out = result.as<float>().data();
    std::vector<double> sums(static_cast<std::size_t>(columns));
    for (std::size_t i = 0; i < batchA.size(); ++i) {
        const float *left = a.as<float>().data() + batchA[i] * rows * depth;
        const float *right = b.as<float>().data() + batchB[i] * depth * columns;
        for (std::int64_t row = 0; row < rows; ++row) {
            std::ranges::fill(sums, 0.0);
            for (std::int64_t k = 0; k < depth; ++k)
                for (std::int64_t column = 0; column < columns; ++column)
                    sums[static_cast<std::size_t>(column)] +=
                        static_cast<double>(left[row * depth + k]) * right[k * columns + column];
            for (const double sum : sums)
                *out++ = static_cast<float>(sum);
        }
    }
    return result;
}

Tensor run(const BatchNormalization &attributes, Operands operands, const Shape &shape)
{
    const std::span<const float> x = operands[0]->as<float>();
    const AxisView view = viewAround(shape, 1);
    const auto at = [&](std::size_t slot, std::size_t channel) {
        return static_cast<double>(operands[slot]->as<float>()[channel]);
    };
    Tensor result(ElementType::float32, shape);
    const std::span<float> out = result.as<float>();
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::size_t c =
            i / static_cast<std::size_t>(view.inner) % static_cast<std::size_t>(view.length);
        const double deviation = std::sqrt(at(4, c) + attributes.epsilon);
        out[i] = static_cast<float>((x[i] - at(3, c)) / deviation * at(1, c) + at(2, c));
    }
    return result;
}

Tensor run(const LayerNormalization &attributes, Operands operands, const Shape &shape)
{
    const Tensor *gamma = operandAt(operands, 1);
    const Tensor *beta = operandAt(operands, 2);
    const std::span<const float> x = operands[0]->as<float>();
    std::int64_t length = 1;
    for (std::size_t i = resolvedAxis(attributes.axis, shape.rank()); i < shape.rank(); ++i)
        length *= shape[i];
    Tensor result(ElementType::float32, shape);
    const std::span<float> out = result.as<float>();
    const auto count = static_cast<std::size_t>(length);
    for (std::size_t begin = 0; begin + count <= out.size() && count > 0; begin += count) {
        double mean = 0, variance = 0;
        for (std::size_t i = 0; i < count; ++i)
            mean += x[begin + i];
        mean /= static_cast<double>(count);
        for (std::size_t i = 0; i < count; ++i)
            variance += (x[begin + i] - mean) * (x[begin + i] - mean);
        variance /= static_cast<double>(count);
        const double deviation = std::sqrt(variance + attributes.epsilon);
        for (std::size_t i = 0; i < count; ++i) {
            double value = (x[begin + i] - mean) / deviation;
            if (gamma)
                value *= gamma->as<float>()[i];
            if (beta)
                value += beta->as<float>()[i];
            out[begin + i] = static_cast<float>(value);
        }
    }
    return result;
}

Tensor run(const RmsNormalization &attributes, Operands operands, const Shape &shape)
{
    const Tensor *gamma = operandAt(operands, 1);
    const std::span<const float> x = operands[0]->as<float>();
    std::int64_t length = 1;
    for (std::size_t i = resolvedAxis(attributes.axis, shape.rank()); i < shape.rank(); ++i)
        length *= shape[i];
    Tensor result(ElementType::float32, shape);
    const std::span<float> out = result.as<float>();
    const auto count = static_cast<std::size_t>(length);
    for (std::size_t begin = 0; begin + count <= out.size() && count > 0; begin += count) {
        double squares = 0;
        for (std::size_t i = 0; i < count; ++i)
            squares += static_cast<double>(x[begin + i]) * x[begin + i];
        const double root =
            std::sqrt(squares / static_cast<double>(count) + attributes.epsilon);
        for (std::size_t i = 0; i < count; ++i)
            out[begin + i] =
                static_cast<float>(x[begin + i] / root * (gamma ? gamma->as<float>()[i] : 1.0F));
    }
    return result;
}

Tensor run(const Softmax &attributes, Operands operands, const Shape &shape)
{
    const std::span<const float> x = operands[0]->as<float>();
    const AxisView view = viewAround(shape, resolvedAxis(attributes.axis, shape.rank()));
    Tensor result(ElementType::float32, shape);
    const std::span<float> out = result.as<float>();
    for (std::int64_t o = 0; o < view.outer; ++o) {
        for (std::int64_t i = 0; i < view.inner; ++i) {
            const auto at = [&](std::int64_t k) {
                return static_cast<std::size_t>((o * view.length + k) * view.inner + i);
            };
            double highest = -std::numeric_limits<double>::infinity();
            for (std::int64_t k = 0; k < view.length; ++k)
                highest = std::max<double>(highest, x[at(k)]);
            double sum = 0;
            for (std::int64_t k = 0; k < view.length; ++k)
                sum += exactExp(x[at(k)] - highest);
            for (std::int64_t k = 0; k < view.length; ++k) {
                const double centred = x[at(k)] - highest;
                out[at(k)] = static_cast<float>(attributes.logarithm ? centred - exactLog(sum)
                                                                     : exactExp(centred) / sum);
            }
        }
    }
    return result;
}

Tensor run(const Reduce &attributes, Operands operands, const Shape &shape)
{
    const Tensor &x = *operands[0];
    std::vector<std::int64_t> kept(x.shape().begin(), x.shape().end());
    for (const std::int64_t axis : attributes.axes)
        kept[static_cast<std::size_t>(axis)] = 1;
    // Summing is broadcasting backwards: each element adds to the one it would be a copy of.
    const std::vector<std::int64_t> target = broadcastIndices(Shape(kept), x.shape());
    const std::vector<double> values = asDoubles(x);
    std::vector<double> sums(static_cast<std::size_t>(shape.elementCount()),
                             startOf(attributes.reduction));
    for (std::size_t i = 0; i < values.size(); ++i) {
        double &sum = sums[static_cast<std::size_t>(target[i])];
        sum = combineReduced(attributes.reduction, sum, values[i]);
    }
    for (double &sum : sums) {
        if (attributes.reduction == Reduction::mean)
            sum /= static_cast<double>(values.size()) / static_cast<double>(sums.size());
        if (attributes.reduction == Reduction::l2)
            sum = std::sqrt(sum);
    }
    return fromDoubles(x.type(), shape, sums);
}

} // namespace hefstudio::reference
