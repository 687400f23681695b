// Matrix products.
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
    matrixProduct(node, node.input(0), node.input(1), 0);
}

constexpr ImporterRow rows[] = {
    {"Gemm", gemm},
    {"MatMul", matMul},
};

} // namespace

Value spread(NodeImport &node, const Value &value, const Shape &shape)
{
    if (value.shape == shape)
        return value;
    return node.emit(Broadcast{shape.dims()}, {value});
}

Value matrixProduct(NodeImport &node, Value a, Value b, std::optional<std::size_t> outputSlot)
{
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
    // The last layer carries the name of the node where the product is its output.
    const auto add = [&](Attributes last, std::vector<Value> from, bool isLast) {
        if (!isLast || !outputSlot)
            return node.emit(std::move(last), std::move(from));
        node.output(*outputSlot, std::move(last), std::move(from));
        return Value{};
    };
    const bool keepsShape = !isRow && !isColumn;
    const Value product = add(attributes, std::move(operands), keepsShape);
    if (keepsShape)
        return product;
    Dims dims = product.shape.dims();
    if (isColumn)
        dims.pop_back();
    if (isRow)
        dims.erase(dims.end() - (isColumn ? 1 : 2));
    return add(Reshape{dims}, {product}, true);
}

std::span<const ImporterRow> matrixImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
