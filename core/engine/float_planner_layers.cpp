// One function per layer kind: which layout it works in and which kernel or loop runs it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/float_planner.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hefstudio {

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
    addCombination(layer, loops::Combine::multiply, input, factor, result);
    addCombination(layer, loops::Combine::add, result, offset, result);
    finishActivation(layer, result, false);
    return true;
}

void FloatPlanner::addNormalization(const Layer &layer, ValueIndex input, ValueIndex result,
                                    std::int64_t length, float epsilon,
                                    std::span<const float> gamma, std::span<const float> beta)
{
    const std::int64_t rows = value(result).count / length;
    const int chunks =
        static_cast<int>(std::min<std::int64_t>(rows, chunksFor(value(result).count)));
    addChunks(layer, "normalise", {input}, result, chunks,
              [=](const float *const *sources, float *destination,
                                                   int chunk) {
                  const std::int64_t begin = rows * chunk / chunks;
                  const std::int64_t end = rows * (chunk + 1) / chunks;
                  loops::normaliseRows(sources[0] + begin * length, end - begin, length, epsilon,
                                       gamma, beta, destination + begin * length);
              });
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
    addNormalization(layer, input, result, length, normalization.epsilon, gamma, beta);
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

void FloatPlanner::addCombination(const Layer &layer, loops::Combine op, ValueIndex a, ValueIndex b,
                                  ValueIndex result)
{
    const Shape &shape = value(result).shape;
    std::vector<loops::CombinationPart> parts =
        loops::split(loops::prepareCombination(op, shape.dims(), broadcastStrides(a, shape),
                                               broadcastStrides(b, shape), stridesOf(result)),
                     chunksFor(value(result).count));
    const auto chunks = static_cast<int>(parts.size());
    addChunks(layer, "combine", {a, b}, result, chunks,
              [parts = std::move(parts)](const float *const *sources, float *destination,
                                         int chunk) {
                  const loops::CombinationPart &part = parts[static_cast<std::size_t>(chunk)];
                  loops::run(part.combination, sources[0] + part.a, sources[1] + part.b,
                             destination + part.to);
              });
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
    addCombination(layer, op, a, b, result);
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

bool FloatPlanner::plan(const Layer &layer, const Reduce &reduce)
{
    const Shape &shape = shapeOf(layer.inputs[0]);
    Shape kept = shape;
    for (const std::int64_t axis : reduce.axes)
        kept[static_cast<std::size_t>(axis)] = 1;
    if (shape.elementCount() == 0)
        return false;
    if (const auto spelled = m_plan->options.observeAll ? std::nullopt
                                                        : finder().normalizationAt(layer)) {
        take(spelled->absorbed, spelled->result);
        const ValueIndex rows = needPlain(layer, 0);
        addNormalization(layer, rows, define(spelled->result, Layout::plain), shape.back(),
                         spelled->epsilon, spelled->gamma, spelled->beta);
        return true;
    }
    const Layout layout = layoutOf(layer.inputs[0]);
    const Layout resultLayout = reduce.keepDimensions ? layout : Layout::plain;
    const ValueIndex input = need(layer.inputs[0], layout);
    const ValueIndex result = define(layer.output, resultLayout);
    loops::Strides to = logicalStrides(kept, resultLayout);
    for (const std::int64_t axis : reduce.axes)
        to[static_cast<std::size_t>(axis)] = 0;
    std::vector<loops::ReducingPart> parts =
        loops::split(loops::prepareReducing(reduce.reduction, shape.dims(), stridesOf(input),
                                            std::move(to)),
                     chunksFor(shape.elementCount()));
    const auto chunks = static_cast<int>(parts.size());
    addChunks(layer, "reduce", {input}, result, chunks,
              [parts = std::move(parts)](const float *const *sources, float *destination,
                                         int chunk) {
                  const loops::ReducingPart &part = parts[static_cast<std::size_t>(chunk)];
                  std::vector<double> sums(static_cast<std::size_t>(part.reducing.results));
                  loops::run(part.reducing, sources[0] + part.from, sums, destination + part.to);
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
        std::size_t source = 0;
        loops::CopyPart copy;
    };
    std::vector<Part> parts;
    std::int64_t position = 0;
    for (std::size_t i = 0; i < reads.size(); ++i) {
        const Shape &part = value(reads[i]).shape;
        const loops::Copy copy = loops::prepareCopy(part.dims(), stridesOf(reads[i]), to);
        for (loops::CopyPart &piece : loops::split(copy, chunksFor(part.elementCount()))) {
            piece.to += position * to[axis];
            parts.push_back({i, std::move(piece)});
        }
        position += part[axis];
    }
    // Small parts make one chunk together, so that each is worth handing out.
    const int chunks = std::min(static_cast<int>(parts.size()), chunksFor(shape.elementCount()));
    addChunks(layer, "concat", std::move(reads), result, chunks,
              [parts = std::move(parts), chunks](const float *const *sources, float *destination,
                                                 int chunk) {
                  const auto count = static_cast<int>(parts.size());
                  for (int i = count * chunk / chunks; i < count * (chunk + 1) / chunks; ++i) {
                      const Part &part = parts[static_cast<std::size_t>(i)];
                      loops::run(part.copy.copy, sources[part.source] + part.copy.from,
                                 destination + part.copy.to);
                  }
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
    const auto height = static_cast<int>(resizing.rows.size());
    const int chunks = source[0] == 1 ? std::min(height, chunksFor(shape.elementCount())) : 1;
    std::vector<loops::Resizing> parts;
    for (int chunk = 0; chunk < chunks; ++chunk) {
        loops::Resizing part = resizing;
        part.rows.assign(resizing.rows.begin() + height * chunk / chunks,
                         resizing.rows.begin() + height * (chunk + 1) / chunks);
        parts.push_back(std::move(part));
    }
    addChunks(layer, "resize", {input}, result, chunks,
              [parts = std::move(parts), height, chunks, rowLength = shape[1] * shape[3]](
                  const float *const *sources, float *destination, int chunk) {
                  loops::run(parts[static_cast<std::size_t>(chunk)], sources[0],
                             destination + height * chunk / chunks * rowLength);
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
    view.inner = view.stride = strides[axis];
    view.outer = view.length == 0 ? 0 : value(result).count / (view.length * view.inner);
    view.logarithm = softmax.logarithm;
    const bool splitsOuter = view.outer > 1;
    const std::int64_t steps = splitsOuter ? view.outer : view.inner;
    const int chunks = static_cast<int>(
        std::clamp<std::int64_t>(steps, 1, chunksFor(shape.elementCount())));
    addChunks(layer, "softmax", {input}, result, chunks,
              [=](const float *const *sources, float *destination, int chunk) {
                  const std::int64_t begin = steps * chunk / chunks;
                  const std::int64_t size = steps * (chunk + 1) / chunks - begin;
                  loops::SoftmaxView part = view;
                  (splitsOuter ? part.outer : part.inner) = size;
                  const std::int64_t offset =
                      splitsOuter ? begin * view.length * view.stride : begin;
                  loops::run(part, sources[0] + offset, destination + offset);
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
