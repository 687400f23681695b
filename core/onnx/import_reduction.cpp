// Reductions, global pools and softmax.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

namespace hefstudio::onnx_import {

namespace {

Dims allAxes(std::size_t from, std::size_t rank)
{
    Dims axes;
    for (std::size_t axis = from; axis < rank; ++axis)
        axes.push_back(static_cast<std::int64_t>(axis));
    return axes;
}

// `prepare` is done to the values before they are joined; identity for nothing.
void reduceWith(NodeImport &node, Reduction reduction, ScalarFunction prepare)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    const auto stated = node.intsFrom("axes", 1);
    const bool isEmpty = !stated || stated->empty();
    if (isEmpty && node.intAttribute("noop_with_empty_axes", 0) != 0) {
        if (prepare.function == Function::identity)
            return node.alias(0, x);
        return node.output(0, Elementwise{prepare}, {x});
    }
    Reduce reduce;
    reduce.reduction = reduction;
    reduce.axes = isEmpty ? allAxes(0, rank) : node.axes(*stated, rank);
    reduce.keepDimensions = node.intAttribute("keepdims", 1) != 0;
    const Value prepared =
        prepare.function == Function::identity ? x : node.emit(Elementwise{prepare}, {x});
    node.output(0, std::move(reduce), {prepared});
}

template<Reduction reduction> void reduce(NodeImport &node)
{
    reduceWith(node, reduction, {});
}

void reduceL1(NodeImport &node)
{
    reduceWith(node, Reduction::sum, {Function::abs, 0, 0});
}

void reduceSumSquare(NodeImport &node)
{
    reduceWith(node, Reduction::sum, {Function::power, 2, 0});
}

template<Reduction reduction> void globalPool(NodeImport &node)
{
    const std::size_t rank = node.shape(0).rank();
    if (rank < 3)
        node.refuseForm("an input of " + std::to_string(rank) + " dimensions");
    node.output(0, Reduce{reduction, allAxes(2, rank), true}, {node.input(0)});
}

template<bool logarithm> void softmax(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    if (rank == 0)
        node.refuseForm("a single number");
    if (node.opset() >= 13) {
        const std::int64_t axis = node.axis(node.intAttribute("axis", -1), rank);
        return node.output(0, Softmax{axis, logarithm}, {x});
    }
    // Before operator set 13 everything from `axis` on is one long axis.
    const std::int64_t axis =
        node.axis(node.intAttribute("axis", 1), rank, NodeImport::AxisRange::insideOrEnd);
    if (axis == static_cast<std::int64_t>(rank))
        node.refuseForm("an axis past the last");
    std::int64_t before = 1;
    std::int64_t after = 1;
    std::int64_t wide = axis; // the one axis that is longer than 1, when there is only one
    int wideCount = 0;
    for (std::size_t i = 0; i < rank; ++i) {
        const bool isAfter = static_cast<std::int64_t>(i) >= axis;
        (isAfter ? after : before) *= x.shape[i];
        if (isAfter && x.shape[i] > 1) {
            wide = static_cast<std::int64_t>(i);
            ++wideCount;
        }
    }
    if (wideCount <= 1)
        return node.output(0, Softmax{wide, logarithm}, {x});
    const Value flat = node.reshaped(x, {before, after});
    const Value shares = node.emit(Softmax{1, logarithm}, {flat});
    node.output(0, Reshape{x.shape.dims()}, {shares});
}

constexpr ImporterRow rows[] = {
    {"ReduceMean", reduce<Reduction::mean>},
    {"ReduceSum", reduce<Reduction::sum>},
    {"ReduceMax", reduce<Reduction::max>},
    {"ReduceMin", reduce<Reduction::min>},
    {"ReduceL2", reduce<Reduction::l2>},
    {"ReduceProd", reduce<Reduction::product>},
    {"ReduceL1", reduceL1},
    {"ReduceSumSquare", reduceSumSquare},
    {"GlobalAveragePool", globalPool<Reduction::mean>},
    {"GlobalMaxPool", globalPool<Reduction::max>},
    {"Softmax", softmax<false>},
    {"LogSoftmax", softmax<true>},
};

} // namespace

std::span<const ImporterRow> reductionImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
