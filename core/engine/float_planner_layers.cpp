// One function per layer kind: which layout it works in and which kernel or loop runs it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/float_planner.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hefstudio {

namespace {

using dnnl_wrapper::ConvolutionSettings;
using dnnl_wrapper::KernelPointer;
using dnnl_wrapper::PictureSize;

PictureSize pictureSize(const Shape &shape)
{
    return {shape[0], shape[1], shape[2], shape[3]};
}

Shape foldedToRows(const Shape &shape)
{
    const std::int64_t columns = shape.back();
    return {columns == 0 ? 0 : shape.elementCount() / columns, columns};
}

Shape withRank(const Shape &shape, std::size_t rank)
{
    std::vector<std::int64_t> dims(rank - shape.rank(), 1);
    dims.insert(dims.end(), shape.begin(), shape.end());
    return Shape(std::move(dims));
}

} // namespace

bool FloatPlanner::plan(const Layer &layer, const Input &)
{
    define(layer.output, Layout::plain);
    return true;
}

ValueIndex FloatPlanner::padded(const Layer &layer, ValueIndex source, const Window &window,
                                const Shape &outputShape, std::span<const float> padValues)
{
    const Shape from = value(source).shape;
    Shape shape = from;
    Shape inside = from;
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::int64_t reach = (outputShape[2 + axis] - 1) * window.stride[axis] +
                                   (window.kernel[axis] - 1) * window.dilation[axis] + 1;
        shape[2 + axis] = reach;
        inside[2 + axis] =
            std::clamp<std::int64_t>(reach - window.padBegin[axis], 0, from[2 + axis]);
    }
    const ValueIndex target = addValue(shape, Layout::channelsLast);
    const loops::Strides to = stridesOf(target);
    const loops::Copy copy = loops::prepareCopy(inside.dims(), stridesOf(source), to);
    const std::int64_t offset = window.padBegin[0] * to[2] + window.padBegin[1] * to[3];
    std::vector<float> pad(padValues.begin(), padValues.end());
    pad.resize(static_cast<std::size_t>(from[1]), 0.0F);
    addStep(layer, "pad", {source}, target,
            [copy, offset, pad = std::move(pad),
             count = value(target).count](const float *const *sources, float *destination) {
                const auto channels = static_cast<std::int64_t>(pad.size());
                for (std::int64_t i = 0; i < count; i += channels)
                    std::copy(pad.begin(), pad.end(), destination + i);
                loops::run(copy, sources[0], destination + offset);
            });
    return target;
}

bool FloatPlanner::plan(const Layer &layer, const Convolution &convolution)
{
    const Shape &shape = shapeOf(layer.output);
    const Window &window = convolution.window;
    const std::span<const float> weights = constantOf(layer, 1);
    const bool needsBias = m_graph.hasInput(layer, 2);
    const std::span<const float> bias = constantOf(layer, 2);
    if (weights.empty() || (needsBias && bias.empty()) || shape.elementCount() == 0)
        return false;
    const Shape &source = shapeOf(layer.inputs[0]);
    const bool padsValues =
        std::ranges::any_of(convolution.padValues, [](float value) { return value != 0; });
    // The library's kernels take zero padding narrower than the window.
    bool padsWide = false;
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::int64_t reach = (window.kernel[axis] - 1) * window.dilation[axis] + 1;
        padsWide = padsWide || window.padBegin[axis] >= reach || window.padEnd[axis] >= reach;
    }
    ConvolutionSettings settings;
    settings.source = pictureSize(source);
    settings.destination = pictureSize(shape);
    settings.window = window;
    settings.groups = convolution.groups;
    settings.weights = weights;
    settings.bias = bias;
    const bool isFused = dnnl_wrapper::canFuse(layer.activation);
    if (isFused)
        settings.activation = layer.activation;
    if (padsValues || padsWide) {
        for (std::size_t axis = 0; axis < 2; ++axis) {
            const std::int64_t reach = (shape[2 + axis] - 1) * window.stride[axis] +
                                       (window.kernel[axis] - 1) * window.dilation[axis] + 1;
            (axis == 0 ? settings.source.height : settings.source.width) = reach;
            settings.window.padBegin[axis] = settings.window.padEnd[axis] = 0;
        }
    }
    KernelPointer kernel = dnnl_wrapper::makeConvolution(settings);
    if (!kernel)
        return false;
    ValueIndex input = need(layer.inputs[0], Layout::channelsLast);
    if (padsValues || padsWide)
        input = padded(layer, input, window, shape, convolution.padValues);
    const ValueIndex result = define(layer.output, Layout::channelsLast);
    addKernelStep(layer, std::move(kernel), {input}, result);
    finishActivation(layer, result, isFused);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const TransposedConvolution &convolution)
{
    const Shape &shape = shapeOf(layer.output);
    const std::span<const float> weights = constantOf(layer, 1);
    const std::span<const float> bias = constantOf(layer, 2);
    if (weights.empty() || (m_graph.hasInput(layer, 2) && bias.empty()) ||
        shape.elementCount() == 0)
        return false;
    ConvolutionSettings settings;
    settings.source = pictureSize(shapeOf(layer.inputs[0]));
    settings.destination = pictureSize(shape);
    settings.window = convolution.window;
    settings.groups = convolution.groups;
    settings.weights = weights;
    settings.bias = bias;
    const bool isFused = dnnl_wrapper::canFuse(layer.activation);
    if (isFused)
        settings.activation = layer.activation;
    KernelPointer kernel = dnnl_wrapper::makeTransposedConvolution(settings);
    if (!kernel)
        return false;
    const ValueIndex input = need(layer.inputs[0], Layout::channelsLast);
    const ValueIndex result = define(layer.output, Layout::channelsLast);
    addKernelStep(layer, std::move(kernel), {input}, result);
    finishActivation(layer, result, isFused);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const FullyConnected &)
{
    const std::span<const float> weights = constantOf(layer, 1);
    const std::span<const float> bias = constantOf(layer, 2);
    if (weights.empty() || (m_graph.hasInput(layer, 2) && bias.empty()) ||
        shapeOf(layer.output).elementCount() == 0)
        return false;
    const Shape &weightShape = shapeOf(layer.inputs[1]);
    const bool isFused = dnnl_wrapper::canFuse(layer.activation);
    KernelPointer kernel =
        dnnl_wrapper::makeProduct({.left = foldedToRows(shapeOf(layer.inputs[0])),
                                   .right = {weightShape[1], weightShape[0]},
                                   .destination = foldedToRows(shapeOf(layer.output)),
                                   .weights = weights,
                                   .bias = bias,
                                   .activation = isFused ? layer.activation : ScalarFunction{}});
    if (!kernel)
        return false;
    const ValueIndex input = needPlain(layer, 0);
    const ValueIndex result = define(layer.output, Layout::plain);
    addKernelStep(layer, std::move(kernel), {input}, result);
    finishActivation(layer, result, isFused);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const MatMul &)
{
    const Shape &left = shapeOf(layer.inputs[0]);
    const Shape &right = shapeOf(layer.inputs[1]);
    const Shape &shape = shapeOf(layer.output);
    if (left.rank() < 2 || right.rank() < 2 || shape.elementCount() == 0 || left.back() == 0)
        return false;
    dnnl_wrapper::ProductSettings settings;
    const bool isFused = dnnl_wrapper::canFuse(layer.activation);
    if (isFused)
        settings.activation = layer.activation;
    const std::span<const float> constant = constantOf(layer, 1);
    std::vector<float> transposed;
    if (right.rank() == 2) { // one product of many rows
        settings.left = foldedToRows(left);
        settings.right = right;
        settings.destination = foldedToRows(shape);
        if (!constant.empty()) {
            transposed.resize(constant.size());
            const loops::Strides to{1, right[0]};
            loops::run(loops::prepareCopy(right.dims(), right.strides(), to), constant.data(),
                       transposed.data());
            settings.weights = transposed;
        }
    } else {
        settings.left = withRank(left, shape.rank());
        settings.right = withRank(right, shape.rank());
        settings.destination = shape;
    }
    KernelPointer kernel = dnnl_wrapper::makeProduct(settings);
    if (!kernel)
        return false;
    std::vector<ValueIndex> reads{needPlain(layer, 0)};
    if (settings.weights.empty())
        reads.push_back(needPlain(layer, 1));
    const ValueIndex result = define(layer.output, Layout::plain);
    addKernelStep(layer, std::move(kernel), std::move(reads), result);
    finishActivation(layer, result, isFused);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const BatchNormalization &normalization)
{
    const Shape &shape = shapeOf(layer.output);
    std::array<std::span<const float>, 4> parameters;
    for (std::size_t i = 0; i < 4; ++i) {
        parameters[i] = constantOf(layer, i + 1);
        if (parameters[i].empty())
            return false;
    }
    const auto [scale, shift, mean, variance] = parameters;
    std::vector<float> factors, offsets;
    for (std::size_t c = 0; c < scale.size(); ++c) {
        const double factor =
            scale[c] / std::sqrt(static_cast<double>(variance[c]) + normalization.epsilon);
        factors.push_back(static_cast<float>(factor));
        offsets.push_back(static_cast<float>(shift[c] - mean[c] * factor));
    }
    Shape perChannel(std::vector<std::int64_t>(shape.rank(), 1));
    perChannel[1] = shape[1];
    const ValueIndex factor = addConstant(perChannel, Layout::plain, std::move(factors));
    const ValueIndex offset = addConstant(perChannel, Layout::plain, std::move(offsets));
    const Layout layout = layoutOf(layer.inputs[0]);
    const ValueIndex input = need(layer.inputs[0], layout);
    const ValueIndex result = define(layer.output, layout);
    const auto combine = [&](loops::Combine op, ValueIndex from, ValueIndex with) {
        addStep(layer, "combine", {from, with}, result,
                [combination = loops::prepareCombination(
                     op, shape.dims(), stridesOf(from), broadcastStrides(with, shape),
                     stridesOf(result))](const float *const *sources, float *destination) {
                    loops::run(combination, sources[0], sources[1], destination);
                });
    };
    combine(loops::Combine::multiply, input, factor);
    combine(loops::Combine::add, result, offset);
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const LayerNormalization &normalization)
{
    const Shape &shape = shapeOf(layer.output);
    const auto rank = static_cast<std::int64_t>(shape.rank());
    std::int64_t length = 1;
    for (std::int64_t i = normalization.axis + (normalization.axis < 0 ? rank : 0); i < rank; ++i)
        length *= shape[static_cast<std::size_t>(i)];
    const std::span<const float> gamma = constantOf(layer, 1), beta = constantOf(layer, 2);
    const bool hasDynamic = (m_graph.hasInput(layer, 1) && gamma.empty()) ||
                            (m_graph.hasInput(layer, 2) && beta.empty());
    if (hasDynamic || shape.elementCount() == 0)
        return false;
    const ValueIndex input = needPlain(layer, 0);
    const ValueIndex result = define(layer.output, Layout::plain);
    addStep(layer, "normalise", {input}, result,
            [=, epsilon = normalization.epsilon, rows = shape.elementCount() / length](
                const float *const *sources, float *destination) {
                loops::normaliseRows(sources[0], rows, length, epsilon, gamma, beta, destination);
            });
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const Elementwise &elementwise)
{
    const Layout layout = layoutOf(layer.inputs[0]);
    const ValueIndex input = need(layer.inputs[0], layout);
    const ValueIndex result = define(layer.output, layout);
    if (value(result).count > 0)
        addFunction(layer, elementwise.function, input, result);
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::planCombination(const Layer &layer, loops::Combine op)
{
    const Shape &shape = shapeOf(layer.output);
    const bool prefersLast =
        shape.rank() == 4 && std::ranges::any_of(layer.inputs, [&](TensorId id) {
            return shapeOf(id).rank() == 4 && layoutOf(id) == Layout::channelsLast;
        });
    const Layout layout = prefersLast ? Layout::channelsLast : Layout::plain;
    const ValueIndex a = needAnyOf(layer, 0, layout);
    const ValueIndex b = needAnyOf(layer, 1, layout);
    const ValueIndex result = define(layer.output, layout);
    addStep(layer, "combine", {a, b}, result,
            [combination = loops::prepareCombination(
                 op, shape.dims(), broadcastStrides(a, shape), broadcastStrides(b, shape),
                 stridesOf(result))](const float *const *sources, float *destination) {
                loops::run(combination, sources[0], sources[1], destination);
            });
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const ParametricRelu &)
{
    return planCombination(layer, loops::Combine::parametricRelu);
}

bool FloatPlanner::plan(const Layer &layer, const Binary &binary)
{
    switch (binary.op) {
    case BinaryOperator::add:
        return planCombination(layer, loops::Combine::add);
    case BinaryOperator::subtract:
        return planCombination(layer, loops::Combine::subtract);
    case BinaryOperator::multiply:
        return planCombination(layer, loops::Combine::multiply);
    case BinaryOperator::divide:
        return planCombination(layer, loops::Combine::divide);
    case BinaryOperator::minimum:
        return planCombination(layer, loops::Combine::minimum);
    case BinaryOperator::maximum:
        return planCombination(layer, loops::Combine::maximum);
    default:
        return false;
    }
}

bool FloatPlanner::planPool(const Layer &layer, dnnl_wrapper::Pool pool, const Window &window)
{
    const Shape &shape = shapeOf(layer.output);
    for (std::size_t axis = 0; axis < 2; ++axis) {
        // A window that sees nothing but padding is the reference's business.
        const std::int64_t reach = (window.kernel[axis] - 1) * window.dilation[axis] + 1;
        if (window.padBegin[axis] >= reach || window.padEnd[axis] >= reach ||
            window.dilation[axis] != 1)
            return false;
    }
    if (shape.elementCount() == 0)
        return false;
    KernelPointer kernel = dnnl_wrapper::makePool(pool, pictureSize(shapeOf(layer.inputs[0])),
                                                  pictureSize(shape), window);
    if (!kernel)
        return false;
    const ValueIndex input = need(layer.inputs[0], Layout::channelsLast);
    const ValueIndex result = define(layer.output, Layout::channelsLast);
    addKernelStep(layer, std::move(kernel), {input}, result);
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const MaxPool &pool)
{
    return planPool(layer, dnnl_wrapper::Pool::maximum, pool.window);
}

bool FloatPlanner::plan(const Layer &layer, const AveragePool &pool)
{
    return planPool(layer,
                    pool.countIncludesPadding ? dnnl_wrapper::Pool::averageWithPadding
                                              : dnnl_wrapper::Pool::average,
                    pool.window);
}

bool FloatPlanner::plan(const Layer &layer, const Reduce &reduce)
{
    const Shape &shape = shapeOf(layer.inputs[0]);
    Shape kept = shape;
    for (const std::int64_t axis : reduce.axes)
        kept[static_cast<std::size_t>(axis)] = 1;
    if (shape.elementCount() == 0)
        return false;
    const Layout layout = layoutOf(layer.inputs[0]);
    const Layout resultLayout = reduce.keepDimensions ? layout : Layout::plain;
    const ValueIndex input = need(layer.inputs[0], layout);
    const ValueIndex result = define(layer.output, resultLayout);
    loops::Strides to = logicalStrides(kept, resultLayout);
    for (const std::int64_t axis : reduce.axes)
        to[static_cast<std::size_t>(axis)] = 0;
    addStep(layer, "reduce", {input}, result,
            [reducing = loops::prepareReducing(reduce.reduction, shape.dims(), stridesOf(input),
                                               std::move(to))](const float *const *sources,
                                                               float *destination) {
                std::vector<double> sums(static_cast<std::size_t>(reducing.results));
                loops::run(reducing, sources[0], sums, destination);
            });
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const Concat &concat)
{
    const Shape &shape = shapeOf(layer.output);
    const bool isLast = shape.rank() == 4 && std::ranges::any_of(layer.inputs, [&](TensorId id) {
                            return layoutOf(id) == Layout::channelsLast;
                        });
    const Layout layout = isLast ? Layout::channelsLast : Layout::plain;
    std::vector<ValueIndex> reads;
    for (const TensorId id : layer.inputs)
        reads.push_back(need(id, layout));
    const ValueIndex result = define(layer.output, layout);
    const loops::Strides to = stridesOf(result);
    const auto axis = static_cast<std::size_t>(concat.axis);
    struct Part {
        loops::Copy copy;
        std::int64_t offset = 0;
    };
    std::vector<Part> parts;
    std::int64_t position = 0;
    for (const ValueIndex read : reads) {
        const Shape &part = value(read).shape;
        parts.push_back(
            {loops::prepareCopy(part.dims(), stridesOf(read), to), position * to[axis]});
        position += part[axis];
    }
    addStep(layer, "concat", std::move(reads), result,
            [parts = std::move(parts)](const float *const *sources, float *destination) {
                for (std::size_t i = 0; i < parts.size(); ++i)
                    loops::run(parts[i].copy, sources[i], destination + parts[i].offset);
            });
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const Slice &slice)
{
    const Shape &shape = shapeOf(layer.output);
    const Layout layout = layoutOf(layer.inputs[0]);
    const ValueIndex input = need(layer.inputs[0], layout);
    const ValueIndex result = define(layer.output, layout);
    loops::Strides from = stridesOf(input);
    std::int64_t offset = 0;
    for (std::size_t axis = 0; axis < from.size(); ++axis) {
        offset += slice.begin[axis] * from[axis];
        from[axis] *= slice.step[axis];
    }
    addCopy(layer, "slice", input, result,
            loops::prepareCopy(shape.dims(), std::move(from), stridesOf(result)), offset);
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const Reshape &)
{
    const ValueIndex input = needPlain(layer, 0);
    if (layer.hasActivation()) { // not in place: the bytes belong to the operand
        addFunction(layer, layer.activation, input, define(layer.output, Layout::plain));
        return true;
    }
    const ValueIndex result = define(layer.output, Layout::plain);
    m_plan->values[static_cast<std::size_t>(result)].aliasOf = input;
    return true;
}

// Moves elements so that the one at logical index i (of `sizes`, seen through `from`) lands where
// `to` says; free when that is where it lies already.
bool FloatPlanner::planRearrangement(const Layer &layer, const Shape &sizes, loops::Strides from,
                                     ValueIndex source, const Shape &resultAs, loops::Strides to,
                                     Layout layout)
{
    bool isFree = !layer.hasActivation() && resultAs.elementCount() == value(source).count;
    for (std::size_t axis = 0; axis < sizes.rank(); ++axis)
        isFree = isFree && (sizes[axis] == 1 || from[axis] == to[axis]);
    const ValueIndex result = define(layer.output, layout);
    if (isFree) {
        m_plan->values[static_cast<std::size_t>(result)].aliasOf = source;
        return true;
    }
    addCopy(layer, "rearrange", source, result,
            loops::prepareCopy(sizes.dims(), std::move(from), std::move(to)));
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const Transpose &transpose)
{
    const Shape &shape = shapeOf(layer.output);
    const ValueIndex input = need(layer.inputs[0], layoutOf(layer.inputs[0]));
    const loops::Strides own = stridesOf(input);
    loops::Strides from;
    for (const std::int64_t axis : transpose.permutation)
        from.push_back(own[static_cast<std::size_t>(axis)]);
    // Channels-last seen as N, H, W, C is plain, and plain N, H, W, C seen as a picture is
    // channels-last: whichever layout makes the transposition free.
    Layout layout = Layout::plain;
    if (shape.rank() == 4) {
        const loops::Strides last = logicalStrides(shape, Layout::channelsLast);
        bool isLast = true;
        for (std::size_t i = 0; i < 4; ++i)
            isLast = isLast && (shape[i] == 1 || from[i] == last[i]);
        if (isLast)
            layout = Layout::channelsLast;
    }
    return planRearrangement(layer, shape, std::move(from), input, shape,
                             logicalStrides(shape, layout), layout);
}

bool FloatPlanner::plan(const Layer &layer, const DepthToSpace &depthToSpace)
{
    const Shape &shape = shapeOf(layer.output);
    const Shape &source = shapeOf(layer.inputs[0]);
    const std::int64_t b = depthToSpace.block, c = shape[1];
    const ValueIndex input = need(layer.inputs[0], Layout::channelsLast);
    const loops::Strides s = stridesOf(input);
    const loops::Strides t = logicalStrides(shape, Layout::channelsLast);
    loops::Strides from = depthToSpace.depthMajor
                              ? loops::Strides{s[0], s[1], s[2], s[1] * b * c, s[3], s[1] * c}
                              : loops::Strides{s[0], s[1] * b * b, s[2], s[1] * b, s[3], s[1]};
    return planRearrangement(layer, {shape[0], c, source[2], b, source[3], b}, std::move(from),
                             input, shape, {t[0], t[1], t[2] * b, t[2], t[3] * b, t[3]},
                             Layout::channelsLast);
}

bool FloatPlanner::plan(const Layer &layer, const SpaceToDepth &spaceToDepth)
{
    const Shape &shape = shapeOf(layer.output);
    const std::int64_t b = spaceToDepth.block, c = shapeOf(layer.inputs[0])[1];
    const ValueIndex input = need(layer.inputs[0], Layout::channelsLast);
    const loops::Strides s = stridesOf(input);
    const loops::Strides t = logicalStrides(shape, Layout::channelsLast);
    return planRearrangement(layer, {shape[0], c, shape[2], b, shape[3], b},
                             {s[0], s[1], s[2] * b, s[2], s[3] * b, s[3]}, input, shape,
                             {t[0], t[1], t[2], t[1] * b * c, t[3], t[1] * c},
                             Layout::channelsLast);
}

bool FloatPlanner::plan(const Layer &layer, const Resize &resize)
{
    const Shape &shape = shapeOf(layer.output);
    const Shape &source = shapeOf(layer.inputs[0]);
    if (source.elementCount() == 0 || shape.elementCount() == 0)
        return false;
    const ValueIndex input = need(layer.inputs[0], Layout::channelsLast);
    const ValueIndex result = define(layer.output, Layout::channelsLast);
    loops::Resizing resizing{source[0],
                             source[1],
                             source[2],
                             source[3],
                             resizeTaps(resize, 0, source[2], shape[2]),
                             resizeTaps(resize, 1, source[3], shape[3])};
    addStep(layer, "resize", {input}, result,
            [resizing = std::move(resizing)](const float *const *sources, float *destination) {
                loops::run(resizing, sources[0], destination);
            });
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const Softmax &softmax)
{
    const Shape &shape = shapeOf(layer.output);
    const Layout layout = layoutOf(layer.inputs[0]);
    const ValueIndex input = need(layer.inputs[0], layout);
    const ValueIndex result = define(layer.output, layout);
    const auto axis = static_cast<std::size_t>(
        softmax.axis + (softmax.axis < 0 ? static_cast<std::int64_t>(shape.rank()) : 0));
    const loops::Strides strides = stridesOf(result);
    loops::SoftmaxView view;
    view.length = shape[axis];
    view.inner = strides[axis];
    view.outer = view.length == 0 ? 0 : value(result).count / (view.length * view.inner);
    view.logarithm = softmax.logarithm;
    addStep(layer, "softmax", {input}, result,
            [view](const float *const *sources, float *destination) {
                loops::run(view, sources[0], destination);
            });
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const Pad &pad)
{
    if (pad.mode != PadMode::constant)
        return false;
    const Shape &shape = shapeOf(layer.output);
    const Layout layout = layoutOf(layer.inputs[0]);
    const ValueIndex input = need(layer.inputs[0], layout);
    const ValueIndex result = define(layer.output, layout);
    const loops::Strides from = stridesOf(input), to = stridesOf(result);
    Shape inside = shapeOf(layer.inputs[0]);
    std::int64_t fromOffset = 0, toOffset = 0;
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
        const std::int64_t begin = pad.begin[axis], end = pad.end[axis];
        inside[axis] += std::min<std::int64_t>(0, begin) + std::min<std::int64_t>(0, end);
        inside[axis] = std::max<std::int64_t>(0, inside[axis]);
        fromOffset += std::max<std::int64_t>(0, -begin) * from[axis];
        toOffset += std::max<std::int64_t>(0, begin) * to[axis];
    }
    addStep(layer, "pad", {input}, result,
            [copy = loops::prepareCopy(inside.dims(), from, to), fromOffset, toOffset,
             fill = pad.value,
             count = shape.elementCount()](const float *const *sources, float *destination) {
                std::fill_n(destination, count, fill);
                loops::run(copy, sources[0] + fromOffset, destination + toOffset);
            });
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const Gather &gather)
{
    if (!m_graph.hasInput(layer, 1) || !m_graph.inputOf(layer, 1).isConstant())
        return false;
    const Shape &shape = shapeOf(layer.inputs[0]);
    const auto axis = static_cast<std::size_t>(gather.axis);
    const std::int64_t dimension = shape[axis];
    std::vector<std::int64_t> indices = m_graph.inputOf(layer, 1).constant->toInt64();
    for (std::int64_t &index : indices) {
        index += index < 0 ? dimension : 0;
        if (index < 0 || index >= dimension)
            return false;
    }
    const std::int64_t inner = shape.strides()[axis];
    const std::int64_t outer =
        dimension * inner == 0 ? 0 : shape.elementCount() / (dimension * inner);
    const ValueIndex input = needPlain(layer, 0);
    const ValueIndex result = define(layer.output, Layout::plain);
    addStep(layer, "gather", {input}, result,
            [=, indices = std::move(indices)](const float *const *sources, float *destination) {
                for (std::int64_t o = 0; o < outer; ++o) {
                    for (const std::int64_t index : indices) {
                        std::memcpy(destination, sources[0] + (o * dimension + index) * inner,
                                    static_cast<std::size_t>(inner) * sizeof(float));
                        destination += inner;
                    }
                }
            });
    finishActivation(layer, result, false);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const Broadcast &)
{
    const Shape &shape = shapeOf(layer.output);
    const bool isLast = shape.rank() == 4 && shapeOf(layer.inputs[0]).rank() == 4 &&
                        layoutOf(layer.inputs[0]) == Layout::channelsLast;
    const Layout layout = isLast ? Layout::channelsLast : Layout::plain;
    const ValueIndex input = need(layer.inputs[0], layout);
    const ValueIndex result = define(layer.output, layout);
    addCopy(layer, "broadcast", input, result,
            loops::prepareCopy(shape.dims(), broadcastStrides(input, shape), stridesOf(result)));
    finishActivation(layer, result, false);
    return true;
}

} // namespace hefstudio
