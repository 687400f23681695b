// Normalisations: some are layers of their own, the others are put together from arithmetic.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hefstudio::onnx_import {

namespace {

constexpr float floatMaximum = 3.402823466e38F;

Dims axesFrom(std::size_t first, std::size_t rank)
{
    Dims axes(rank - std::min(first, rank));
    std::iota(axes.begin(), axes.end(), static_cast<std::int64_t>(first));
    return axes;
}

Value function(NodeImport &node, Function which, const Value &x, float alpha = 0, float beta = 0)
{
    return node.emit(Elementwise{{which, alpha, beta}}, {x});
}

Value reduced(NodeImport &node, Reduction reduction, const Value &x, Dims axes)
{
    return node.emit(Reduce{reduction, std::move(axes), true}, {x});
}

Value combined(NodeImport &node, BinaryOperator op, const Value &a, const Value &b)
{
    return node.emit(Binary{op}, {a, b});
}

// [C] as it broadcasts along dimension 1.
Value perChannel(NodeImport &node, const Value &value, std::size_t rank)
{
    Dims dims(rank, 1);
    dims[1] = value.shape.elementCount();
    return node.reshaped(value, dims);
}

// Mean and variance over `axes`, dimensions kept.
struct Moments {
    Value mean, centred, variance;
};

Moments momentsOf(NodeImport &node, const Value &x, const Dims &axes)
{
    Moments moments;
    moments.mean = reduced(node, Reduction::mean, x, axes);
    moments.centred = combined(node, BinaryOperator::subtract, x, moments.mean);
    const Value squares = function(node, Function::power, moments.centred, 2);
    moments.variance = reduced(node, Reduction::mean, squares, axes);
    return moments;
}

Value reciprocalRoot(NodeImport &node, const Value &variance, float epsilon)
{
    const Value root =
        function(node, Function::sqrt, function(node, Function::affine, variance, 1, epsilon));
    return function(node, Function::reciprocal, root);
}

void trainingBatchNormalization(NodeImport &node, float epsilon)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    Dims axes = axesFrom(2, rank);
    axes.insert(axes.begin(), 0);
    const Moments moments = momentsOf(node, x, axes);
    const Value normalised = combined(node, BinaryOperator::multiply, moments.centred,
                                      reciprocalRoot(node, moments.variance, epsilon));
    const Value scaled = combined(node, BinaryOperator::multiply, normalised,
                                  perChannel(node, node.input(1), rank));
    node.output(0, Binary{BinaryOperator::add}, {scaled, perChannel(node, node.input(2), rank)});
    const float momentum = node.floatAttribute("momentum", 0.9F);
    const Value *batch[] = {&moments.mean, &moments.variance};
    for (std::size_t slot = 1; slot < 3; ++slot) {
        if (!node.isOutputNeeded(slot))
            continue;
        const Value own = node.reshaped(*batch[slot - 1], {x.shape[1]});
        node.output(slot, Binary{BinaryOperator::add},
                    {function(node, Function::affine, node.input(slot + 2), momentum),
                     function(node, Function::affine, own, 1 - momentum)});
    }
}

void batchNormalization(NodeImport &node)
{
    const float epsilon = node.floatAttribute("epsilon", 1e-5F);
    if (node.opset() < 9 && node.intAttribute("spatial", 1) == 0)
        node.refuseForm("spatial = 0");
    if (node.intAttribute("training_mode", 0) != 0)
        return trainingBatchNormalization(node, epsilon);
    const bool isConstant =
        node.input(1).isConstant() && node.input(2).isConstant() && node.input(3).isConstant() &&
        node.input(4).isConstant();
    if (isConstant)
        return node.output(
            0, BatchNormalization{epsilon},
            {node.input(0), node.input(1), node.input(2), node.input(3), node.input(4)});
    const std::size_t rank = node.shape(0).rank();
    if (rank < 2)
        node.refuseForm("an input without channels");
    const Value centred = combined(node, BinaryOperator::subtract, node.input(0),
                                   perChannel(node, node.input(3), rank));
    const Value gain = combined(
        node, BinaryOperator::multiply, perChannel(node, node.input(1), rank),
        reciprocalRoot(node, perChannel(node, node.input(4), rank), epsilon));
    node.output(0, Binary{BinaryOperator::add},
                {combined(node, BinaryOperator::multiply, centred, gain),
                 perChannel(node, node.input(2), rank)});
}

void layerNormalization(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::int64_t axis = node.axis(node.intAttribute("axis", -1), x.shape.rank());
    const float epsilon = node.floatAttribute("epsilon", 1e-5F);
    if (node.isOutputNeeded(1) || node.isOutputNeeded(2)) {
        const Moments moments =
            momentsOf(node, x, axesFrom(static_cast<std::size_t>(axis), x.shape.rank()));
        if (node.isOutputNeeded(1))
            node.output(1, Elementwise{}, {moments.mean});
        if (node.isOutputNeeded(2)) {
            const Value root = function(
                node, Function::sqrt,
                function(node, Function::affine, moments.variance, 1, epsilon));
            node.output(2, Elementwise{{Function::reciprocal, 0, 0}}, {root});
        }
    }
    const Shape normalised(Dims(x.shape.begin() + axis, x.shape.end()));
    // Computed scales are arithmetic behind the layer.
    const auto isConstant = [&](std::size_t slot) {
        return !node.hasInput(slot) || node.input(slot).isConstant();
    };
    const bool isLayer = isConstant(1) && isConstant(2);
    std::vector<Value> operands{x};
    for (std::size_t slot = 1; slot < 3 && isLayer; ++slot) {
        if (node.hasInput(slot))
            operands.push_back(spread(node, node.input(slot), normalised));
        else
            operands.emplace_back();
    }
    if (isLayer)
        return node.output(0, LayerNormalization{axis, epsilon}, std::move(operands));
    Value value = node.emit(LayerNormalization{axis, epsilon}, {x});
    if (node.hasInput(1))
        value = combined(node, BinaryOperator::multiply, value, node.input(1));
    if (!node.hasInput(2))
        return node.alias(0, value);
    node.output(0, Binary{BinaryOperator::add}, {value, node.input(2)});
}

void rmsNormalization(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::int64_t axis = node.axis(node.intAttribute("axis", -1), x.shape.rank());
    const float epsilon = node.floatAttribute("epsilon", 1e-5F);
    const Shape normalised(Dims(x.shape.begin() + axis, x.shape.end()));
    if (!node.hasInput(1))
        return node.output(0, RmsNormalization{axis, epsilon}, {x});
    if (node.input(1).isConstant())
        return node.output(0, RmsNormalization{axis, epsilon},
                           {x, spread(node, node.input(1), normalised)});
    const Value value = node.emit(RmsNormalization{axis, epsilon}, {x});
    node.output(0, Binary{BinaryOperator::multiply}, {value, node.input(1)});
}

// x [N,C,…] normalised in `groups` parts of its channels; scale and shift per channel (or per
// group before operator set 21).
void normaliseGroups(NodeImport &node, std::int64_t groups)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    if (rank < 2 || groups < 1 || x.shape[1] % groups != 0)
        node.refuseConstant("the channels do not divide into " + std::to_string(groups) +
                            " groups");
    const float epsilon = node.floatAttribute("epsilon", 1e-5F);
    const std::int64_t rest = x.shape.elementCount() / std::max<std::int64_t>(1, x.shape[0]);
    const Value split = node.reshaped(x, {x.shape[0], groups, rest / groups});
    Value value = node.emit(LayerNormalization{2, epsilon}, {split});
    value = node.reshaped(value, x.shape.dims());
    const auto channels = [&](std::size_t slot) {
        Value given = node.input(slot);
        if (given.shape.elementCount() == groups && groups != x.shape[1]) {
            given = node.emit(Broadcast{{groups, x.shape[1] / groups}},
                              {node.reshaped(given, {groups, 1})});
            given = node.reshaped(given, {x.shape[1]});
        }
        return perChannel(node, given, rank);
    };
    value = combined(node, BinaryOperator::multiply, value, channels(1));
    node.output(0, Binary{BinaryOperator::add}, {value, channels(2)});
}

void instanceNormalization(NodeImport &node)
{
    if (node.shape(0).rank() < 3)
        node.refuseForm("an input of " + std::to_string(node.shape(0).rank()) + " dimensions");
    normaliseGroups(node, node.shape(0)[1]);
}

void groupNormalization(NodeImport &node)
{
    normaliseGroups(node, node.intAttribute("num_groups", 0));
}

void meanVarianceNormalization(NodeImport &node)
{
    const Value &x = node.input(0);
    const Dims axes =
        node.axes(node.intsAttribute("axes").value_or(Dims{0, 2, 3}), x.shape.rank());
    const Moments moments = momentsOf(node, x, axes);
    const Value deviation = function(node, Function::sqrt, moments.variance);
    node.output(0, Binary{BinaryOperator::divide},
                {moments.centred, function(node, Function::affine, deviation, 1, 1e-9F)});
}

// x / (bias + alpha/size · Σ x² over `size` neighbouring channels)^beta: the sum is a pool over
// channels.
void localResponseNormalization(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::int64_t size = node.intAttribute("size", 0);
    if (x.shape.rank() < 2 || size < 1 || size > (1 << 20))
        node.refuseConstant("the size is " + std::to_string(size));
    const std::int64_t rest =
        x.shape.elementCount() / std::max<std::int64_t>(1, x.shape[0] * x.shape[1]);
    const Value squares = function(node, Function::power, x, 2);
    const Value plane = node.reshaped(squares, {x.shape[0], 1, x.shape[1], rest});
    AveragePool pool;
    pool.countIncludesPadding = true;
    pool.window.kernel = {size, 1};
    pool.window.padBegin = {(size - 1) / 2, 0};
    pool.window.padEnd = {size - 1 - (size - 1) / 2, 0};
    const Value means = node.reshaped(node.emit(pool, {plane}), x.shape.dims());
    const Value base = function(node, Function::affine, means, node.floatAttribute("alpha", 1e-4F),
                                node.floatAttribute("bias", 1));
    node.output(0, Binary{BinaryOperator::divide},
                {x, function(node, Function::power, base, node.floatAttribute("beta", 0.75F))});
}

void lpNormalization(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::int64_t p = node.intAttribute("p", 2);
    if (p != 1 && p != 2)
        node.refuseForm("p = " + std::to_string(p));
    const std::int64_t axis = node.axis(node.intAttribute("axis", -1), x.shape.rank());
    const Value norm = p == 2 ? reduced(node, Reduction::l2, x, {axis})
                              : reduced(node, Reduction::sum, function(node, Function::abs, x),
                                        {axis});
    // A vector of zeros stays one.
    const Value safe = combined(node, BinaryOperator::maximum, norm, node.number(1e-38F));
    node.output(0, Binary{BinaryOperator::divide}, {x, safe});
}

// log Σ eˣ with the largest x taken out, so that nothing overflows.
void reduceLogSumExp(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    const auto stated = node.intsFrom("axes", 1);
    const bool isEmpty = !stated || stated->empty();
    const bool isNothing = isEmpty && node.intAttribute("noop_with_empty_axes", 0) != 0;
    const Dims axes = isNothing ? Dims{} : isEmpty ? axesFrom(0, rank) : node.axes(*stated, rank);
    const Value largest = reduced(node, Reduction::max, x, axes);
    const Value finite = function(node, Function::clip, largest, -floatMaximum, floatMaximum);
    const Value powers = function(node, Function::exp,
                                  combined(node, BinaryOperator::subtract, x, finite));
    const Value logs =
        function(node, Function::log, reduced(node, Reduction::sum, powers, axes));
    if (node.intAttribute("keepdims", 1) != 0)
        return node.output(0, Binary{BinaryOperator::add}, {logs, finite});
    Dims dims;
    for (std::size_t i = 0; i < rank; ++i)
        if (std::ranges::find(axes, static_cast<std::int64_t>(i)) == axes.end())
            dims.push_back(x.shape[i]);
    node.output(0, Reshape{dims}, {combined(node, BinaryOperator::add, logs, finite)});
}

void reduceLogSum(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    const auto stated = node.intsFrom("axes", 1);
    const bool isEmpty = !stated || stated->empty();
    const bool isNothing = isEmpty && node.intAttribute("noop_with_empty_axes", 0) != 0;
    const Dims axes = isNothing ? Dims{} : isEmpty ? axesFrom(0, rank) : node.axes(*stated, rank);
    const Value sum = node.emit(
        Reduce{Reduction::sum, axes, node.intAttribute("keepdims", 1) != 0}, {x});
    node.output(0, Elementwise{{Function::log, 0, 0}}, {sum});
}

// 1 at the first maximum of each line, 0 elsewhere.
void hardmax(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    Value line = x;
    std::int64_t axis = 0;
    if (node.opset() >= 13) {
        axis = node.axis(node.intAttribute("axis", -1), rank);
    } else { // everything from the axis on is one line
        axis = node.axis(node.intAttribute("axis", 1), rank, NodeImport::AxisRange::insideOrEnd);
        std::int64_t before = 1;
        for (std::int64_t i = 0; i < axis; ++i)
            before *= x.shape[static_cast<std::size_t>(i)];
        line = node.reshaped(x, {before, x.shape.elementCount() / before});
        axis = 1;
    }
    const std::int64_t length = line.shape[static_cast<std::size_t>(axis)];
    const Value place = node.emit(ArgReduce{axis, false, false, true}, {line});
    Dims dims(line.shape.rank(), 1);
    dims[static_cast<std::size_t>(axis)] = length;
    node.spend(length);
    std::vector<std::int64_t> count(static_cast<std::size_t>(length));
    std::iota(count.begin(), count.end(), 0);
    const Value places = node.made(
        Tensor::of<std::int64_t>(Shape(dims), std::span<const std::int64_t>(count)), "places");
    Value marks = node.emit(Binary{BinaryOperator::equal}, {place, places});
    marks.type = ElementType::float32;
    if (line.shape == x.shape)
        return node.output(0, Elementwise{}, {marks});
    node.output(0, Reshape{x.shape.dims()}, {marks});
}

constexpr ImporterRow rows[] = {
    {"BatchNormalization", batchNormalization},
    {"LayerNormalization", layerNormalization},
    {"RMSNormalization", rmsNormalization},
    {"SimplifiedLayerNormalization", rmsNormalization},
    {"InstanceNormalization", instanceNormalization},
    {"GroupNormalization", groupNormalization},
    {"MeanVarianceNormalization", meanVarianceNormalization},
    {"LRN", localResponseNormalization},
    {"LpNormalization", lpNormalization},
    {"ReduceLogSum", reduceLogSum},
    {"ReduceLogSumExp", reduceLogSumExp},
    {"Hardmax", hardmax},
};

} // namespace

std::span<const ImporterRow> normalizationImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
