// Operators that look things up: extremes, gathers and scatters by computed places, running sums.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include <algorithm>
#include <numeric>

namespace hefstudio::onnx_import {

namespace {

Value integers(NodeImport &node, Dims dims, const std::vector<std::int64_t> &values,
               const char *what)
{
    return node.made(
        Tensor::of<std::int64_t>(Shape(std::move(dims)), std::span<const std::int64_t>(values)),
        what);
}

template<bool smallest> void argReduce(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::int64_t axis = node.axis(node.intAttribute("axis", 0), x.shape.rank());
    node.output(0,
                ArgReduce{axis, smallest, node.intAttribute("select_last_index", 0) != 0,
                          node.intAttribute("keepdims", 1) != 0},
                {x});
}

void topK(NodeImport &node)
{
    const Value &x = node.input(0);
    TopK top;
    top.axis = node.axis(node.intAttribute("axis", -1), x.shape.rank());
    top.smallest = node.intAttribute("largest", 1) == 0;
    if (node.opset() < 10) {
        top.count = node.intAttribute("k", 1);
    } else {
        const Dims count = node.constantInts(1, "k");
        if (count.size() != 1)
            node.refuseConstant("k is not one number");
        top.count = count[0];
    }
    for (std::size_t slot = 0; slot < 2; ++slot) {
        top.result = slot == 0 ? TopK::Result::values : TopK::Result::indices;
        if (node.isOutputNeeded(slot))
            node.output(slot, top, {x});
    }
}

void gatherElements(NodeImport &node)
{
    const std::int64_t axis = node.axis(node.intAttribute("axis", 0), node.shape(0).rank());
    node.output(0, GatherElements{axis}, {node.input(0), node.input(1)});
}

void gatherNd(NodeImport &node)
{
    node.output(0, GatherNd{node.intAttribute("batch_dims", 0)}, {node.input(0), node.input(1)});
}

ScatterReduction reductionOf(const NodeImport &node)
{
    const std::string reduction = node.stringAttribute("reduction", "none");
    if (reduction == "none")
        return ScatterReduction::none;
    if (reduction == "add")
        return ScatterReduction::add;
    if (reduction == "mul")
        return ScatterReduction::multiply;
    if (reduction == "max")
        return ScatterReduction::maximum;
    if (reduction == "min")
        return ScatterReduction::minimum;
    node.refuseForm("reduction " + reduction);
}

void scatterElements(NodeImport &node)
{
    const std::int64_t axis = node.axis(node.intAttribute("axis", 0), node.shape(0).rank());
    node.output(0, ScatterElements{axis, reductionOf(node)},
                {node.input(0), node.input(1), node.input(2)});
}

void scatterNd(NodeImport &node)
{
    node.output(0, ScatterNd{reductionOf(node)}, {node.input(0), node.input(1), node.input(2)});
}

void cumulativeSum(NodeImport &node)
{
    const Dims axis = node.constantInts(1, "axis");
    if (axis.size() != 1)
        node.refuseConstant("the axis is not one number");
    node.output(0,
                CumulativeSum{node.axis(axis[0], node.shape(0).rank()),
                              node.intAttribute("exclusive", 0) != 0,
                              node.intAttribute("reverse", 0) != 0},
                {node.input(0)});
}

// values[1] where the index of the place is asked for, values[0] elsewhere.
void oneHot(NodeImport &node)
{
    const Value &indices = node.input(0);
    const Tensor &depthTensor = node.constant(1, "depth");
    if (depthTensor.elementCount() != 1)
        node.refuseConstant("the depth is not one number");
    const std::int64_t depth = static_cast<std::int64_t>(depthTensor.toFloat32().as<float>()[0]);
    constexpr std::int64_t most = 1 << 24; // places are held as floats
    if (depth < 1 || depth > most)
        node.refuseConstant("the depth is " + std::to_string(depth));
    const std::size_t rank = indices.shape.rank() + 1;
    const auto axis =
        static_cast<std::size_t>(node.axis(node.intAttribute("axis", -1), rank));
    Dims dims = indices.shape.dims();
    dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(axis), 1);
    const Value size =
        node.made(Tensor::scalar<float>(static_cast<float>(depth)), "depth");
    // Places count modulo the depth: negative ones from the end.
    const Value wanted = node.reshaped(indices, dims);
    const Value isNegative = node.emit(Binary{BinaryOperator::less}, {wanted, node.number(0)});
    const Value fromEnd = node.emit(Binary{BinaryOperator::add}, {wanted, size});
    const Value place = node.emit(Select{}, {isNegative, fromEnd, wanted});
    Dims along(rank, 1);
    along[axis] = depth;
    node.spend(depth);
    std::vector<std::int64_t> count(static_cast<std::size_t>(depth));
    std::iota(count.begin(), count.end(), 0);
    const Value isOn = node.emit(Binary{BinaryOperator::equal},
                                 {place, integers(node, along, count, "places")});
    const Value &values = node.input(2);
    if (values.shape != Shape{2})
        node.refuseConstant("there are not two values");
    const Value off = node.emit(Slice{{0}, {1}, {1}}, {values});
    const Value on = node.emit(Slice{{1}, {1}, {1}}, {values});
    node.output(0, Select{}, {isOn, on, off});
}

// The upper or lower triangle of the last two dimensions, zero elsewhere.
void triangle(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    if (rank < 2)
        node.refuseConstant("the input is no matrix");
    const bool isUpper = node.intAttribute("upper", 1) != 0;
    std::int64_t shift = 0;
    if (node.hasInput(1)) {
        const Dims k = node.constantInts(1, "k");
        if (k.size() != 1)
            node.refuseConstant("k is not one number");
        shift = k[0];
    }
    const std::int64_t rows = x.shape[rank - 2], columns = x.shape[rank - 1];
    shift = std::clamp(shift, -rows - 1, columns + 1);
    node.spend(rows * columns);
    Tensor mask(ElementType::boolean, Shape{rows, columns});
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t column = 0; column < columns; ++column)
            mask.as<bool>()[static_cast<std::size_t>(row * columns + column)] =
                isUpper ? column - row >= shift : column - row <= shift;
    Value zero = node.made(Tensor::scalar(0.0F), "zero");
    node.output(0, Select{}, {node.made(std::move(mask), "triangle"), x, zero});
}

// Each batch entry turned round up to its length, which the model states.
void reverseSequence(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    if (rank < 2)
        node.refuseConstant("the input has no batch and time");
    const auto batchAxis = static_cast<std::size_t>(node.axis(node.intAttribute("batch_axis", 1), rank));
    const auto timeAxis = static_cast<std::size_t>(node.axis(node.intAttribute("time_axis", 0), rank));
    const Dims lengths = node.constantInts(1, "lengths");
    const std::int64_t batch = x.shape[batchAxis], time = x.shape[timeAxis];
    if (batchAxis > 1 || timeAxis > 1 || batchAxis == timeAxis ||
        static_cast<std::int64_t>(lengths.size()) != batch)
        node.refuseConstant("batch and time are not the first two dimensions");
    node.spend(2 * x.shape[0] * x.shape[1]);
    std::vector<std::int64_t> places;
    for (std::int64_t i = 0; i < x.shape[0]; ++i) {
        for (std::int64_t k = 0; k < x.shape[1]; ++k) {
            const std::int64_t b = batchAxis == 0 ? i : k;
            const std::int64_t t = timeAxis == 0 ? i : k;
            const std::int64_t length =
                std::clamp<std::int64_t>(lengths[static_cast<std::size_t>(b)], 0, time);
            const std::int64_t from = t < length ? length - 1 - t : t;
            places.push_back(batchAxis == 0 ? b : from);
            places.push_back(batchAxis == 0 ? from : b);
        }
    }
    node.output(0, GatherNd{0},
                {x, integers(node, {x.shape[0], x.shape[1], 2}, places, "places")});
}

// The rows a constant condition picks.
void compress(NodeImport &node)
{
    Value x = node.input(0);
    const Dims condition = node.constantInts(1, "condition");
    std::int64_t axis = 0;
    if (node.hasAttribute("axis"))
        axis = node.axis(node.intAttribute("axis", 0), x.shape.rank());
    else
        x = node.reshaped(x, {x.shape.elementCount()});
    std::vector<std::int64_t> picked;
    for (std::size_t i = 0; i < condition.size(); ++i)
        if (condition[i] != 0)
            picked.push_back(static_cast<std::int64_t>(i));
    const std::int64_t size = x.shape.rank() == 0 ? 0 : x.shape[static_cast<std::size_t>(axis)];
    if (picked.empty() || picked.back() >= size)
        node.refuseConstant("the condition picks nothing, or more than there is");
    const auto count = static_cast<std::int64_t>(picked.size());
    node.output(0, Gather{axis}, {x, integers(node, {count}, picked, "picked")});
}

constexpr ImporterRow rows[] = {
    {"ArgMax", argReduce<false>},
    {"ArgMin", argReduce<true>},
    {"TopK", topK},
    {"GatherElements", gatherElements},
    {"GatherND", gatherNd},
    {"Scatter", scatterElements},
    {"ScatterElements", scatterElements},
    {"ScatterND", scatterNd},
    {"CumSum", cumulativeSum},
    {"OneHot", oneHot},
    {"Trilu", triangle},
    {"ReverseSequence", reverseSequence},
    {"Compress", compress},
};

} // namespace

std::span<const ImporterRow> indexImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
