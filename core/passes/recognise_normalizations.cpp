// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/recognise_normalizations.h"

#include "passes/constant_operand.h"
#include "passes/graph_rewriter.h"

#include <algorithm>
#include <optional>

namespace hefstudio {
namespace {

using Axes = std::vector<std::int64_t>;

struct Quotient {
    TensorId x;
    Axes axes;
    double epsilon = 0;
    bool subtractsMean = true;  // else it is divided by its root mean square only
    std::vector<LayerId> parts; // all but the last
};

const Layer *plainLayer(const GraphRewriter &graph, TensorId id)
{
    const Layer *layer = graph.producer(id);
    return layer && !layer->hasActivation() ? layer : nullptr;
}

const Layer *binary(const GraphRewriter &graph, TensorId id, BinaryOperator op)
{
    const Layer *layer = plainLayer(graph, id);
    return layer && layer->is<Binary>() && layer->as<Binary>()->op == op ? layer : nullptr;
}

const Layer *reduction(const GraphRewriter &graph, TensorId id, Reduction kind)
{
    const Layer *layer = plainLayer(graph, id);
    return layer && layer->is<Reduce>() && layer->as<Reduce>()->reduction == kind &&
                   !layer->as<Reduce>()->axes.empty()
               ? layer
               : nullptr;
}

const Layer *powerOf(const GraphRewriter &graph, TensorId id, float exponent)
{
    const Layer *layer = elementwise(graph, id, Function::power);
    return layer && layer->as<Elementwise>()->function.alpha == exponent ? layer : nullptr;
}

// What is squared.
std::optional<TensorId> squared(const GraphRewriter &graph, TensorId id,
                                std::vector<LayerId> &parts)
{
    if (const Layer *power = powerOf(graph, id, 2)) {
        parts.push_back(power->id);
        return power->inputs[0];
    }
    const Layer *product = binary(graph, id, BinaryOperator::multiply);
    if (!product || product->inputs[0] != product->inputs[1])
        return std::nullopt;
    parts.push_back(product->id);
    return product->inputs[0];
}

std::optional<TensorId> underRoot(const GraphRewriter &graph, TensorId id,
                                  std::vector<LayerId> &parts)
{
    const Layer *root = elementwise(graph, id, Function::sqrt);
    if (!root)
        root = powerOf(graph, id, 0.5F);
    if (!root)
        return std::nullopt;
    parts.push_back(root->id);
    return root->inputs[0];
}

// id = 1/√(what comes back)
std::optional<TensorId> underInverseRoot(const GraphRewriter &graph, TensorId id,
                                         std::vector<LayerId> &parts)
{
    if (const Layer *power = powerOf(graph, id, -0.5F)) {
        parts.push_back(power->id);
        return power->inputs[0];
    }
    const Layer *inverse = elementwise(graph, id, Function::reciprocal);
    if (!inverse)
        return std::nullopt;
    parts.push_back(inverse->id);
    return underRoot(graph, inverse->inputs[0], parts);
}

// A difference of the same two values, be it the same layer or another.
bool isSameDifference(const GraphRewriter &graph, TensorId a, TensorId b)
{
    if (a == b)
        return true;
    const Layer *first = binary(graph, a, BinaryOperator::subtract);
    const Layer *second = binary(graph, b, BinaryOperator::subtract);
    return first && second && first->inputs == second->inputs;
}

std::optional<Quotient> matchParts(const GraphRewriter &graph, TensorId difference,
                                   TensorId variancePlus, std::vector<LayerId> parts)
{
    Quotient found{.x = {}, .axes = {}, .parts = std::move(parts)};
    const Layer *raised = plainLayer(graph, variancePlus);
    const auto form = raised ? affineForm(graph, *raised) : std::nullopt;
    TensorId variance = variancePlus;
    if (form && form->isScalar() && form->scale[0] == 1 && form->shift[0] >= 0) {
        found.epsilon = form->shift[0];
        found.parts.push_back(raised->id);
        variance = form->x;
    }
    const Layer *mean = reduction(graph, variance, Reduction::mean);
    if (!mean || !mean->as<Reduce>()->keepDimensions)
        return std::nullopt;
    found.axes = mean->as<Reduce>()->axes;
    found.parts.push_back(mean->id);
    const auto base = squared(graph, mean->inputs[0], found.parts);
    if (!base || !isSameDifference(graph, *base, difference))
        return std::nullopt;
    const Layer *apart = binary(graph, difference, BinaryOperator::subtract);
    const Layer *middle = apart ? reduction(graph, apart->inputs[1], Reduction::mean) : nullptr;
    if (!middle || middle->inputs[0] != apart->inputs[0] ||
        *middle->as<Reduce>() != *mean->as<Reduce>()) {
        if (*base != difference)
            return std::nullopt;
        found.x = difference;
        found.subtractsMean = false;
        return found;
    }
    found.parts.push_back(apart->id);
    found.parts.push_back(middle->id);
    found.x = apart->inputs[0];
    return found;
}

std::optional<Quotient> matchQuotient(const GraphRewriter &graph, const Layer &layer)
{
    const auto *kind = layer.as<Binary>();
    if (!kind || layer.hasActivation())
        return std::nullopt;
    if (kind->op == BinaryOperator::divide) {
        std::vector<LayerId> parts;
        const auto variance = underRoot(graph, layer.inputs[1], parts);
        return variance ? matchParts(graph, layer.inputs[0], *variance, parts) : std::nullopt;
    }
    if (kind->op != BinaryOperator::multiply)
        return std::nullopt;
    for (const std::size_t slot : {std::size_t(0), std::size_t(1)}) {
        std::vector<LayerId> parts;
        const auto variance = underInverseRoot(graph, layer.inputs[slot], parts);
        if (variance)
            if (auto found = matchParts(graph, layer.inputs[1 - slot], *variance, parts))
                return found;
    }
    return std::nullopt;
}

// A constant operand as one number for each element that is normalised together; nothing when it
// varies elsewhere.
std::optional<Tensor> perElement(const Tensor &constant, const Shape &whole, const Axes &axes)
{
    const std::size_t rank = whole.rank();
    if (constant.shape().rank() > rank)
        return std::nullopt;
    std::vector<std::int64_t> dims(rank, 1);
    std::copy(constant.shape().begin(), constant.shape().end(),
              dims.end() - static_cast<std::ptrdiff_t>(constant.shape().rank()));
    const auto isNormalised = [&](std::size_t axis) {
        return std::ranges::find(axes, static_cast<std::int64_t>(axis)) != axes.end();
    };
    std::vector<std::int64_t> wanted;
    for (std::size_t axis = 0; axis < rank; ++axis) {
        if (!isNormalised(axis) && dims[axis] != 1)
            return std::nullopt;
        if (isNormalised(axis))
            wanted.push_back(whole[axis]);
    }
    const Tensor values = constant.toFloat32();
    Tensor result(ElementType::float32, Shape(wanted));
    const auto from = values.as<float>();
    const auto to = result.as<float>();
    std::vector<std::int64_t> at(rank, 0);
    for (float &value : to) {
        std::int64_t index = 0;
        for (std::size_t axis = 0; axis < rank; ++axis)
            index = index * dims[axis] + (dims[axis] == 1 ? 0 : at[axis]);
        value = from[static_cast<std::size_t>(index)];
        for (std::size_t axis = rank; axis-- > 0;) {
            if (!isNormalised(axis))
                continue;
            if (++at[axis] < whole[axis])
                break;
            at[axis] = 0;
        }
    }
    return result;
}

// The layer that scales or shifts the value by constants, when nothing else reads it.
struct Follower {
    LayerId layer;
    Tensor values;
};

std::optional<Follower> follower(const GraphRewriter &graph, TensorId id, BinaryOperator op,
                                 const Axes &axes)
{
    if (!graph.isPrivate(id))
        return std::nullopt;
    const Layer &next = graph.layer(graph.tensor(id).consumers.front());
    const auto *kind = next.as<Binary>();
    if (!kind || kind->op != op || next.hasActivation())
        return std::nullopt;
    const std::size_t slot = next.inputs[0] == id ? 1 : 0;
    const Shape &shape = graph.tensor(id).shape;
    if (!graph.isConstant(next.inputs[slot]) || graph.tensor(next.output).shape != shape)
        return std::nullopt;
    auto values = perElement(*graph.tensor(next.inputs[slot]).constant, shape, axes);
    if (!values)
        return std::nullopt;
    return Follower{next.id, std::move(*values)};
}

bool areLast(const Axes &axes, std::size_t rank)
{
    for (std::size_t i = 0; i < axes.size(); ++i)
        if (axes[i] != static_cast<std::int64_t>(rank - axes.size() + i))
            return false;
    return true;
}

void replaceByNormalization(GraphRewriter &graph, LayerId quotient, const Quotient &found)
{
    LayerId last = quotient;
    std::vector<LayerId> parts = found.parts;
    std::vector<TensorId> inputs{found.x, TensorId::invalid(), TensorId::invalid()};
    constexpr BinaryOperator steps[] = {BinaryOperator::multiply, BinaryOperator::add};
    for (std::size_t i = 0; i < (found.subtractsMean ? 2 : 1); ++i) {
        auto next = follower(graph, graph.layer(last).output, steps[i], found.axes);
        if (!next)
            continue;
        parts.push_back(last);
        last = next->layer;
        inputs[1 + i] = graph.addConstant(graph.layer(last).name + (i == 0 ? "/gamma" : "/beta"),
                                          std::move(next->values));
    }
    while (!inputs.back().isValid())
        inputs.pop_back();
    for (const LayerId part : parts)
        graph.addOrigin(last, std::vector(graph.layer(part).origin));
    const Shape shape = graph.tensor(found.x).shape;
    const std::size_t rank = shape.rank();
    const auto firstAxis = static_cast<std::int64_t>(rank - found.axes.size());
    const auto epsilon = static_cast<float>(found.epsilon);
    const Attributes kind = found.subtractsMean ? Attributes(LayerNormalization{firstAxis, epsilon})
                                                : Attributes(RmsNormalization{firstAxis, epsilon});
    if (areLast(found.axes, rank)) {
        graph.replace(last, kind, std::move(inputs));
        return;
    }
    Transpose there, back;
    for (std::int64_t axis = 0; axis < static_cast<std::int64_t>(rank); ++axis)
        if (std::ranges::find(found.axes, axis) == found.axes.end())
            there.permutation.push_back(axis);
    there.permutation.insert(there.permutation.end(), found.axes.begin(), found.axes.end());
    back.permutation.resize(rank);
    std::vector<std::int64_t> turned;
    for (std::size_t i = 0; i < rank; ++i) {
        back.permutation[static_cast<std::size_t>(there.permutation[i])] =
            static_cast<std::int64_t>(i);
        turned.push_back(shape[static_cast<std::size_t>(there.permutation[i])]);
    }
    const std::string name = graph.layer(last).name;
    const std::vector<std::string> origin = graph.layer(last).origin;
    inputs[0] = graph.insert(last, {.name = name + "/last",
                                    .attributes = there,
                                    .inputs = {found.x},
                                    .outputShape = Shape(turned),
                                    .origin = origin});
    const TensorId normal = graph.insert(last, {.name = name + "/normalise",
                                                .attributes = kind,
                                                .inputs = std::move(inputs),
                                                .outputShape = Shape(turned),
                                                .origin = origin});
    graph.replace(last, back, {normal});
}

void recogniseNorm(GraphRewriter &graph, const Layer &layer)
{
    std::vector<LayerId> parts;
    const Layer *sum = elementwise(graph, layer.output, Function::sqrt)
                           ? reduction(graph, layer.inputs[0], Reduction::sum)
                           : nullptr;
    const auto x = sum ? squared(graph, sum->inputs[0], parts) : std::nullopt;
    if (!x)
        return;
    Reduce norm = *sum->as<Reduce>();
    norm.reduction = Reduction::l2;
    parts.push_back(sum->id);
    for (const LayerId part : parts)
        graph.addOrigin(layer.id, std::vector(graph.layer(part).origin));
    graph.replace(layer.id, norm, {*x});
}

} // namespace

Result<std::shared_ptr<const Graph>> recogniseNormalizations(const Graph &source)
{
    GraphRewriter graph(source);
    for (const Layer &layer : source.layers) {
        if (const auto found = matchQuotient(graph, graph.layer(layer.id)))
            replaceByNormalization(graph, layer.id, *found);
        else
            recogniseNorm(graph, graph.layer(layer.id));
    }
    return std::move(graph).finish();
}

} // namespace hefstudio
