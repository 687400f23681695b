// Matrix products and normalisations.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include "onnx/constant_arithmetic.h"

#include <algorithm>

namespace hefstudio::onnx_import {

namespace {

Value scaled(NodeImport &node, const Value &value, float factor)
{
    if (factor == 1.0F)
        return value;
    return node.emit(Elementwise{{Function::affine, factor, 0}}, {value});
}

// A float constant repeated to a larger shape.
Value spread(NodeImport &node, const Value &value, const Shape &shape)
{
    if (value.shape == shape)
        return value;
    return node.emit(Broadcast{shape.dims()}, {value});
}

// Bias of a product with `outputs` columns, when the summand is the same for every row.
std::optional<Value> asBias(NodeImport &node, const Value &summand, std::int64_t outputs)
{
    const Dims &dims = summand.shape.dims();
    if (!summand.isConstant() || dims.size() > 2 || (dims.size() == 2 && dims[0] != 1))
        return std::nullopt;
    if (!dims.empty() && dims.back() != 1 && dims.back() != outputs)
        return std::nullopt;
    Value line = dims.size() == 2 ? node.reshaped(summand, {dims[1]}) : summand;
    return spread(node, line, Shape{outputs});
}

void gemm(NodeImport &node)
{
    if (node.shape(0).rank() != 2 || node.shape(1).rank() != 2)
        node.refuseForm("operands that are no matrices");
    const float alpha = node.floatAttribute("alpha", 1);
    const float beta = node.floatAttribute("beta", 1);
    Value a = node.input(0);
    Value b = node.input(1);
    if (node.intAttribute("transA", 0) != 0)
        a = node.transposed(a, {1, 0});
    const bool isTransposedB = node.intAttribute("transB", 0) != 0;
    const bool hasSummand = node.hasInput(2) && beta != 0;
    const Value summand = hasSummand ? scaled(node, node.input(2), beta) : Value{};

    if (b.isConstant()) {
        if (!isTransposedB)
            b = node.transposed(b, {1, 0});
        std::vector<Value> operands{a, scaled(node, b, alpha)};
        const auto bias = hasSummand ? asBias(node, summand, b.shape[0]) : std::optional<Value>{};
        if (bias)
            operands.push_back(*bias);
        if (bias || !hasSummand)
            return node.output(0, FullyConnected{}, std::move(operands));
        const Value product = node.emit(FullyConnected{}, std::move(operands));
        return node.output(0, Binary{BinaryOperator::add}, {product, summand});
    }
    if (isTransposedB)
        b = node.transposed(b, {1, 0});
    if (alpha == 1 && !hasSummand)
        return node.output(0, MatMul{}, {a, b});
    Value product = node.emit(MatMul{}, {a, b});
    if (!hasSummand)
        return node.output(0, Elementwise{{Function::affine, alpha, 0}}, {product});
    node.output(0, Binary{BinaryOperator::add}, {scaled(node, product, alpha), summand});
}

void matMul(NodeImport &node)
{
    Value a = node.input(0);
    Value b = node.input(1);
    if (a.shape.rank() == 0 || b.shape.rank() == 0)
        node.refuseConstant("an operand is a single number");
    // A list on the left is one row, on the right one column; the dimension added leaves again.
    const bool isRow = a.shape.rank() == 1;
    const bool isColumn = b.shape.rank() == 1;
    if (isRow)
        a = node.reshaped(a, {1, a.shape[0]});
    if (isColumn)
        b = node.reshaped(b, {b.shape[0], 1});

    std::vector<Value> operands{a, b};
    Attributes attributes = MatMul{};
    const std::size_t rankB = b.shape.rank();
    const bool isPlain =
        std::all_of(b.shape.begin(), b.shape.end() - 2, [](std::int64_t dim) { return dim == 1; });
    if (b.isConstant() && !a.isConstant() && isPlain && rankB <= a.shape.rank()) {
        const Value matrix = node.reshaped(b, {b.shape[rankB - 2], b.shape[rankB - 1]});
        operands[1] = node.transposed(matrix, {1, 0});
        attributes = FullyConnected{};
    }
    if (!isRow && !isColumn)
        return node.output(0, attributes, std::move(operands));
    const Value product = node.emit(attributes, std::move(operands));
    Dims dims = product.shape.dims();
    if (isColumn)
        dims.pop_back();
    if (isRow)
        dims.erase(dims.end() - (isColumn ? 1 : 2));
    node.output(0, Reshape{dims}, {product});
}

void batchNormalization(NodeImport &node)
{
    if (node.intAttribute("training_mode", 0) != 0)
        node.refuseForm("training_mode");
    if (node.opset() < 9 && node.intAttribute("spatial", 1) == 0)
        node.refuseForm("spatial = 0");
    for (std::size_t slot = 1; slot < 5; ++slot)
        node.constant(slot, "scale, shift, mean or variance");
    const BatchNormalization attributes{node.floatAttribute("epsilon", 1e-5F)};
    node.output(0, attributes,
                {node.input(0), node.input(1), node.input(2), node.input(3), node.input(4)});
}

void layerNormalization(NodeImport &node)
{
    if (node.isOutputNeeded(1) || node.isOutputNeeded(2))
        node.refuseForm("mean and deviation as outputs");
    const Shape &shape = node.shape(0);
    const std::int64_t axis = node.axis(node.intAttribute("axis", -1), shape.rank());
    const Shape normalised(Dims(shape.begin() + axis, shape.end()));
    std::vector<Value> operands{node.input(0)};
    for (std::size_t slot = 1; slot < 3; ++slot) {
        if (!node.hasInput(slot)) {
            operands.emplace_back();
            continue;
        }
        node.constant(slot, "scale or shift");
        operands.push_back(spread(node, node.input(slot), normalised));
    }
    node.output(0, LayerNormalization{axis, node.floatAttribute("epsilon", 1e-5F)},
                std::move(operands));
}

constexpr ImporterRow rows[] = {
    {"Gemm", gemm},
    {"MatMul", matMul},
    {"BatchNormalization", batchNormalization},
    {"LayerNormalization", layerNormalization},
};

} // namespace

std::span<const ImporterRow> matrixImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
