// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/remove_no_ops.h"

#include "passes/graph_rewriter.h"

#include <algorithm>
#include <ranges>

namespace hefstudio {
namespace {

bool isZero(std::int64_t value)
{
    return value == 0;
}

bool changesNothing(const GraphRewriter &graph, const Layer &layer)
{
    if (layer.hasActivation() || layer.inputs.empty() || graph.isConstant(layer.inputs[0]))
        return false;
    const Shape &in = graph.tensor(layer.inputs[0]).shape;
    const Shape &out = graph.tensor(layer.output).shape;
    if (in != out)
        return false;
    if (const auto *single = layer.as<Elementwise>()) {
        const ScalarFunction &function = single->function;
        return function.function == Function::identity ||
               (function.function == Function::affine && function.alpha == 1 && function.beta == 0);
    }
    if (const auto *transpose = layer.as<Transpose>())
        return std::ranges::is_sorted(transpose->permutation);
    if (const auto *slice = layer.as<Slice>())
        return std::ranges::all_of(slice->step, [](std::int64_t step) { return step > 0; });
    if (const auto *pad = layer.as<Pad>())
        return std::ranges::all_of(pad->begin, isZero) && std::ranges::all_of(pad->end, isZero);
    if (const auto *resize = layer.as<Resize>())
        return resize->scale == std::array<float, 2>{1, 1};
    if (layer.is<Concat>())
        return layer.inputs.size() == 1;
    return layer.is<Reshape>() || layer.is<Broadcast>();
}

// transpose(transpose(x)) and reshape(reshape(x)) as one layer that reads x.
bool combine(GraphRewriter &graph, const Layer &layer)
{
    if (layer.inputs.empty())
        return false;
    const Layer *before = graph.producer(layer.inputs[0]);
    if (!before || before->hasActivation())
        return false;
    const TensorId source = before->inputs.empty() ? TensorId::invalid() : before->inputs[0];
    if (layer.is<Reshape>() && before->is<Reshape>()) {
        const std::vector<std::string> origin = before->origin;
        graph.replace(layer.id, *layer.as<Reshape>(), {source});
        graph.addOrigin(layer.id, origin);
        return true;
    }
    const auto *second = layer.as<Transpose>();
    const auto *first = before->as<Transpose>();
    if (!first || !second || first->permutation.size() != second->permutation.size())
        return false;
    Transpose both;
    for (const std::int64_t axis : second->permutation)
        both.permutation.push_back(first->permutation[static_cast<std::size_t>(axis)]);
    const std::vector<std::string> origin = before->origin;
    graph.replace(layer.id, both, {source});
    graph.addOrigin(layer.id, origin);
    return true;
}

} // namespace

Result<std::shared_ptr<const Graph>> removeNoOps(const Graph &source)
{
    GraphRewriter graph(source);
    for (std::size_t i = 0; i < source.layers.size(); ++i) {
        const LayerId id(i);
        while (combine(graph, graph.layer(id))) {
        }
        if (changesNothing(graph, graph.layer(id)))
            graph.bypass(id);
    }
    return std::move(graph).finish();
}

} // namespace hefstudio
