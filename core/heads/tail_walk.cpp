// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/tail_walk.h"

#include "ops/chip_limits.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

// Functions that stand behind convolutions inside networks. Directly behind one they belong to it.
bool isNetworkActivation(Function function)
{
    switch (function) {
    case Function::relu:
    case Function::leakyRelu:
    case Function::clip:
    case Function::sigmoid:
    case Function::tanh:
    case Function::hardSigmoid:
    case Function::hardSwish:
    case Function::silu:
    case Function::gelu:
    case Function::geluTanh:
    case Function::elu:
    case Function::mish:
    case Function::softplus:
        return true;
    default:
        return false;
    }
}

// What decoding does to single values; anything else is network.
bool isDecodingFunction(Function function)
{
    switch (function) {
    case Function::relu:
    case Function::leakyRelu:
    case Function::silu:
    case Function::hardSwish:
    case Function::gelu:
    case Function::geluTanh:
    case Function::elu:
    case Function::mish:
        return false;
    default:
        return true;
    }
}

bool isMap(const Shape &shape)
{
    return shape.rank() == 4;
}

bool computesMaps(const Layer &layer)
{
    return layer.is<Convolution>() || layer.is<TransposedConvolution>() ||
           layer.is<BatchNormalization>() || layer.is<FullyConnected>();
}

} // namespace

bool TailWalk::endsHere(const Layer &layer) const
{
    if (layer.is<Input>())
        return true;
    if (computesMaps(layer))
        return !isProjection(layer);
    const auto *single = layer.as<Elementwise>();
    if (!single || !isNetworkActivation(single->function.function))
        return false;
    const TensorInfo &before = m_graph.inputOf(layer, 0);
    return before.producer.isValid() && computesMaps(m_graph.layer(before.producer)) &&
           !isProjection(m_graph.layer(before.producer));
}

// A 1×1 convolution, fully connected layer or matrix product with the weights 0, 1, 2, … R−1, or as
// near as training left them.
bool TailWalk::isProjection(const Layer &layer) const
{
    if (!layer.is<Convolution>() && !layer.is<FullyConnected>() && !layer.is<MatMul>())
        return false;
    const TensorInfo &weights = m_graph.inputOf(layer, 1);
    if (!weights.isConstant() || weights.shape.elementCount() < 2 ||
        weights.shape.elementCount() > 1024)
        return false;
    const Tensor values = weights.constant->toFloat32();
    float expected = 0;
    return std::ranges::all_of(values.as<float>(),
                               [&](float value) { return std::abs(value - expected++) < 0.01F; });
}

unsigned TailWalk::constantBits(const Layer &layer, TensorId constant) const
{
    const Shape &shape = m_graph.tensor(constant).shape;
    const std::size_t rank = m_graph.outputOf(layer).shape.rank();
    if (shape.elementCount() <= 1)
        return Crossed::scaled;
    unsigned bits = Crossed::constantArray;
    for (std::size_t i = 0; i < shape.rank(); ++i) {
        // Axis 1 of a picture and short axes (coordinates, anchors of a cell) are not positions.
        const std::size_t axis = rank - shape.rank() + i;
        const bool isPosition = rank == 4 ? axis >= 2 && shape[i] > 1 : shape[i] >= 16;
        if (isPosition && m_graph.outputOf(layer).shape[axis] == shape[i])
            bits |= Crossed::spatialConstant;
    }
    return bits;
}

void TailWalk::visit(TensorId id, Part part, unsigned crossed)
{
    if (!id.isValid() || m_graph.tensor(id).isConstant() || m_visited.size() >= maximumVisits ||
        !m_visited.insert({id, part, crossed}).second)
        return;
    const Layer &layer = m_graph.layer(m_graph.tensor(id).producer);
    if (layer.activation.function == Function::sigmoid)
        crossed |= Crossed::sigmoid;
    if (endsHere(layer) && (layer.is<Input>() || !brokenChipLimit(m_graph, layer))) {
        const auto *single = layer.as<Elementwise>();
        if (single && single->function.function == Function::sigmoid)
            crossed |= Crossed::sigmoid;
        m_ends[id] |= crossed;
        return;
    }
    if (!visitHostOnly(layer, crossed) && !visitLayout(layer, part, crossed) &&
        !visitArithmetic(layer, part, crossed))
        m_ends[id] |= crossed;
}

// What no chip computes belongs to the tail whatever it does.
bool TailWalk::visitHostOnly(const Layer &layer, unsigned crossed)
{
    if (!brokenChipLimit(m_graph, layer))
        return false;
    for (const TensorId input : layer.inputs)
        visit(input, {}, crossed | Crossed::hostOnly);
    return true;
}

void TailWalk::visitConcat(const Layer &layer, const Concat &concat, Part part, unsigned crossed)
{
    const auto axis = static_cast<std::size_t>(concat.axis);
    std::int64_t offset = 0;
    for (const TensorId input : layer.inputs) {
        const std::int64_t size = m_graph.tensor(input).shape[axis];
        if (!part || part->axis != axis) {
            visit(input, part, crossed);
        } else {
            const std::int64_t begin = std::max(part->begin, offset);
            const std::int64_t end = std::min(part->begin + part->size, offset + size);
            if (begin < end)
                visit(input, Range{axis, begin - offset, end - begin}, crossed);
            else
                visit(input, {}, 0); // not what the slice wants, but the host joins all parts
        }
        offset += size;
    }
}

void TailWalk::visitSlice(const Layer &layer, const Slice &slice, Part part, unsigned crossed)
{
    const TensorInfo &input = m_graph.inputOf(layer, 0);
    std::vector<std::size_t> cutAxes;
    for (std::size_t i = 0; i < slice.size.size(); ++i)
        if (slice.size[i] != input.shape[i])
            cutAxes.push_back(i);
    if (part && !cutAxes.empty() && cutAxes != std::vector{part->axis}) {
        visit(input.id, part, crossed);
    } else if (cutAxes.size() == 1 && slice.step[cutAxes[0]] == 1) {
        const std::size_t axis = cutAxes[0];
        Range range{axis, slice.begin[axis], slice.size[axis]};
        if (part)
            range = {axis, slice.begin[axis] + part->begin, part->size};
        visit(input.id, range, crossed);
    } else {
        visit(input.id, {}, crossed);
    }
}

bool TailWalk::visitLayout(const Layer &layer, Part part, unsigned crossed)
{
    if (layer.hasActivation() && layer.activation.function != Function::sigmoid)
        return false;
    const Shape &out = m_graph.outputOf(layer).shape;
    if (const auto *concat = layer.as<Concat>()) {
        visitConcat(layer, *concat, part, crossed);
        return true;
    }
    if (const auto *slice = layer.as<Slice>()) {
        visitSlice(layer, *slice, part, crossed);
        return true;
    }
    if (layer.is<Reshape>()) {
        const Shape &in = m_graph.inputOf(layer, 0).shape;
        // The part survives when its axis and all before it do.
        const auto keeps = [&](std::size_t axis) {
            return axis < in.rank() && axis < out.rank() &&
                   std::equal(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(axis) + 1,
                              out.begin());
        };
        if (part && !keeps(part->axis))
            part.reset();
        visit(layer.inputs[0], part, isMap(in) ? crossed | Crossed::flattened : crossed);
        return true;
    }
    if (const auto *transpose = layer.as<Transpose>()) {
        if (part)
            part->axis = static_cast<std::size_t>(transpose->permutation[part->axis]);
        visit(layer.inputs[0], part, crossed);
        return true;
    }
    if (layer.is<Gather>() || layer.is<Broadcast>()) {
        visit(layer.inputs[0], {}, crossed);
        return true;
    }
    return false;
}

bool TailWalk::visitArithmetic(const Layer &layer, Part part, unsigned crossed)
{
    if (layer.hasActivation() && layer.activation.function != Function::sigmoid)
        return false;
    if (layer.is<Softmax>()) {
        visit(layer.inputs[0], part, crossed | Crossed::softmax);
        return true;
    }
    if (isProjection(layer)) {
        visit(layer.inputs[0], {}, crossed | Crossed::projection);
        return true;
    }
    if (const auto *single = layer.as<Elementwise>()) {
        const Function function = single->function.function;
        if (!isDecodingFunction(function))
            return false;
        if (function == Function::sigmoid)
            crossed |= Crossed::sigmoid;
        if (function == Function::exp)
            crossed |= Crossed::exponential;
        if (function == Function::affine)
            crossed |= Crossed::scaled;
        visit(layer.inputs[0], part, crossed);
        return true;
    }
    if (const auto *reduce = layer.as<Reduce>()) {
        // A pool over a picture is network; over anything flat it decodes.
        if (isMap(m_graph.inputOf(layer, 0).shape) &&
            std::ranges::find(reduce->axes, 2) != reduce->axes.end())
            return false;
        visit(layer.inputs[0], {}, crossed);
        return true;
    }
    if (!layer.is<Binary>())
        return false;
    const bool firstConstant = m_graph.inputOf(layer, 0).isConstant();
    const bool secondConstant = m_graph.inputOf(layer, 1).isConstant();
    if (firstConstant || secondConstant) {
        crossed |= constantBits(layer, layer.inputs[firstConstant ? 0 : 1]);
        const TensorId value = layer.inputs[firstConstant ? 1 : 0];
        const bool keeps = m_graph.tensor(value).shape == m_graph.outputOf(layer).shape;
        visit(value, keeps ? part : Part{}, crossed);
        return true;
    }
    // Two maps added or multiplied are network (residuals, gates); two flat values are decoding.
    if (isMap(m_graph.outputOf(layer).shape))
        return false;
    for (const TensorId input : layer.inputs) {
        const bool keeps = m_graph.tensor(input).shape == m_graph.outputOf(layer).shape;
        visit(input, keeps ? part : Part{}, crossed);
    }
    return true;
}

} // namespace hefstudio
