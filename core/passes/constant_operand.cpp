// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/constant_operand.h"

#include <cmath>

namespace hefstudio {
namespace {

bool isFloat(const Tensor &tensor)
{
    return tensor.type() == ElementType::float32 || tensor.type() == ElementType::float64 ||
           tensor.type() == ElementType::float16 || tensor.type() == ElementType::bfloat16;
}

std::optional<std::vector<double>> perChannel(const GraphRewriter &graph, TensorId constant,
                                              TensorId x)
{
    const TensorInfo &info = graph.tensor(constant);
    const Shape &shape = graph.tensor(x).shape;
    if (!info.isConstant() || !isFloat(*info.constant) || info.shape.rank() > shape.rank())
        return std::nullopt;
    if (info.shape.elementCount() == 1)
        return constantValues(graph, constant);
    const std::size_t axis = channelAxis(graph, x);
    for (std::size_t i = 0; i < info.shape.rank(); ++i) {
        const std::size_t at = shape.rank() - info.shape.rank() + i;
        if (at == axis ? info.shape[i] != shape[at] : info.shape[i] != 1)
            return std::nullopt;
    }
    return constantValues(graph, constant);
}

// x op c, or c − x, as {scale, shift}.
std::pair<double, double> scaleAndShift(BinaryOperator op, double c, bool constantFirst)
{
    switch (op) {
    case BinaryOperator::add:
        return {1, c};
    case BinaryOperator::subtract:
        return constantFirst ? std::pair(-1.0, c) : std::pair(1.0, -c);
    case BinaryOperator::multiply:
        return {c, 0};
    default:
        return {1 / c, 0};
    }
}

std::optional<AffineForm> affineOfBinary(const GraphRewriter &graph, const Layer &layer,
                                         BinaryOperator op)
{
    if (op != BinaryOperator::add && op != BinaryOperator::subtract &&
        op != BinaryOperator::multiply && op != BinaryOperator::divide)
        return std::nullopt;
    const bool constantFirst = graph.isConstant(layer.inputs[0]);
    const TensorId x = layer.inputs[constantFirst ? 1 : 0];
    const TensorId constant = layer.inputs[constantFirst ? 0 : 1];
    if (graph.isConstant(x) || !graph.isConstant(constant) ||
        (op == BinaryOperator::divide && constantFirst) ||
        graph.tensor(layer.output).shape != graph.tensor(x).shape)
        return std::nullopt;
    const std::optional<std::vector<double>> values = perChannel(graph, constant, x);
    if (!values)
        return std::nullopt;
    AffineForm form{.x = x, .scale = {}, .shift = {}};
    for (const double c : *values) {
        if (!std::isfinite(c) || (op == BinaryOperator::divide && c == 0))
            return std::nullopt;
        const auto [scale, shift] = scaleAndShift(op, c, constantFirst);
        form.scale.push_back(scale);
        form.shift.push_back(shift);
    }
    return form;
}

std::optional<AffineForm> affineOfNormalization(const GraphRewriter &graph, const Layer &layer,
                                                const BatchNormalization &normalization)
{
    for (std::size_t slot = 1; slot < 5; ++slot)
        if (slot >= layer.inputs.size() || !graph.isConstant(layer.inputs[slot]))
            return std::nullopt;
    const std::vector<double> gain = constantValues(graph, layer.inputs[1]);
    const std::vector<double> shift = constantValues(graph, layer.inputs[2]);
    const std::vector<double> mean = constantValues(graph, layer.inputs[3]);
    const std::vector<double> variance = constantValues(graph, layer.inputs[4]);
    const Shape &shape = graph.tensor(layer.inputs[0]).shape;
    if (shape.rank() < 2 || static_cast<std::int64_t>(gain.size()) != shape[1] ||
        shift.size() != gain.size() || mean.size() != gain.size() ||
        variance.size() != gain.size() || channelAxis(graph, layer.inputs[0]) != 1)
        return std::nullopt;
    AffineForm form{.x = layer.inputs[0], .scale = {}, .shift = {}};
    for (std::size_t i = 0; i < gain.size(); ++i) {
        const double deviation =
            std::sqrt(variance[i] + static_cast<double>(normalization.epsilon));
        if (!(deviation > 0) || !std::isfinite(gain[i] / deviation))
            return std::nullopt;
        form.scale.push_back(gain[i] / deviation);
        form.shift.push_back(shift[i] - mean[i] * gain[i] / deviation);
    }
    return form;
}

} // namespace

std::optional<double> scalarConstant(const GraphRewriter &graph, TensorId id)
{
    if (!graph.isConstant(id) || !isFloat(*graph.tensor(id).constant) ||
        graph.tensor(id).shape.elementCount() != 1)
        return std::nullopt;
    return constantValues(graph, id).front();
}

std::vector<double> constantValues(const GraphRewriter &graph, TensorId id)
{
    const Tensor values = graph.tensor(id).constant->toFloat32();
    const std::span<const float> floats = values.as<float>();
    return {floats.begin(), floats.end()};
}

std::size_t channelAxis(const GraphRewriter &graph, TensorId id)
{
    const std::size_t rank = graph.tensor(id).shape.rank();
    const Layer *producer = graph.producer(id);
    if (rank < 2 || (producer && (producer->is<FullyConnected>() || producer->is<MatMul>())))
        return rank == 0 ? 0 : rank - 1;
    return 1;
}

std::optional<AffineForm> affineForm(const GraphRewriter &graph, const Layer &layer)
{
    if (layer.hasActivation())
        return std::nullopt;
    if (const auto *binary = layer.as<Binary>())
        return affineOfBinary(graph, layer, binary->op);
    if (const auto *normalization = layer.as<BatchNormalization>())
        return affineOfNormalization(graph, layer, *normalization);
    if (const auto *single = layer.as<Elementwise>()) {
        const ScalarFunction &function = single->function;
        if (function.function == Function::affine)
            return AffineForm{.x = layer.inputs[0],
                              .scale = {static_cast<double>(function.alpha)},
                              .shift = {static_cast<double>(function.beta)}};
        if (function.function == Function::negate)
            return AffineForm{.x = layer.inputs[0], .scale = {-1.0}, .shift = {0.0}};
    }
    return std::nullopt;
}

const Layer *elementwise(const GraphRewriter &graph, TensorId id, Function function)
{
    const Layer *producer = graph.producer(id);
    if (!producer || producer->hasActivation() || !producer->is<Elementwise>() ||
        producer->as<Elementwise>()->function.function != function)
        return nullptr;
    return producer;
}

bool isNear(double a, double b)
{
    return std::abs(a - b) <= 1e-5 * std::max(1.0, std::abs(b));
}

} // namespace hefstudio
