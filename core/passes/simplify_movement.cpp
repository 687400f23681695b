// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/simplify_movement.h"

#include "ops/float_reference.h"
#include "passes/graph_rewriter.h"

#include <algorithm>
#include <optional>

namespace hefstudio {
namespace {

// Enough for shuffles of real pictures; element numbers travel as floats, which count exactly to
// four times this.
constexpr std::int64_t mostElements = std::int64_t(1) << 22;

bool onlyMoves(const GraphRewriter &graph, const Layer &layer)
{
    if (layer.hasActivation() || layer.inputs.empty())
        return false;
    if (layer.is<Gather>())
        return layer.inputs.size() == 2 && graph.isConstant(layer.inputs[1]) &&
               !graph.isConstant(layer.inputs[0]);
    return (layer.is<Reshape>() || layer.is<Transpose>() || layer.is<Slice>()) &&
           !graph.isConstant(layer.inputs[0]);
}

struct Chain {
    TensorId root;               // the picture it starts from
    std::vector<LayerId> layers; // from the root on
};

// The layers from the nearest picture before the chain to `last`.
std::optional<Chain> chainTo(const GraphRewriter &graph, const Layer &last)
{
    Chain chain;
    const Layer *layer = &last;
    while (layer && onlyMoves(graph, *layer)) {
        chain.layers.push_back(layer->id);
        chain.root = layer->inputs[0];
        if (graph.tensor(chain.root).shape.rank() == 4)
            break;
        layer = graph.producer(chain.root);
    }
    std::ranges::reverse(chain.layers);
    const bool isPicture = chain.root.isValid() && graph.tensor(chain.root).shape.rank() == 4 &&
                           graph.tensor(chain.root).shape.elementCount() <= mostElements;
    if (chain.layers.size() < 2 || !isPicture)
        return std::nullopt;
    return chain;
}

Tensor elementNumbers(const GraphRewriter &graph, const Chain &chain)
{
    Tensor numbers(ElementType::float32, graph.tensor(chain.root).shape);
    float next = 0;
    for (float &value : numbers.as<float>())
        value = next++;
    for (const LayerId id : chain.layers) {
        const Layer &layer = graph.layer(id);
        std::vector<const Tensor *> operands{&numbers};
        for (std::size_t slot = 1; slot < layer.inputs.size(); ++slot)
            operands.push_back(graph.tensor(layer.inputs[slot]).constant.get());
        numbers =
            runFloatReference(layer.attributes, {}, operands, graph.tensor(layer.output).shape);
    }
    return numbers;
}

// Which channel of the root each channel of the result is, when pictures stay as they are.
std::optional<std::vector<std::int64_t>> pickedChannels(const Shape &root, const Tensor &numbers)
{
    const Shape &result = numbers.shape();
    if (result.rank() != 4 || result[0] != 1 || root[0] != 1 || result[2] != root[2] ||
        result[3] != root[3] || result.elementCount() == 0)
        return std::nullopt;
    const std::int64_t area = root[2] * root[3];
    const std::span<const float> values = numbers.as<float>();
    std::vector<std::int64_t> channels;
    for (std::int64_t c = 0; c < result[1]; ++c) {
        const auto first = static_cast<std::int64_t>(values[static_cast<std::size_t>(c * area)]);
        if (first % area != 0)
            return std::nullopt;
        for (std::int64_t i = 0; i < area; ++i)
            if (values[static_cast<std::size_t>(c * area + i)] != static_cast<float>(first + i))
                return std::nullopt;
        channels.push_back(first / area);
    }
    return channels;
}

void pick(GraphRewriter &graph, LayerId id, TensorId root, std::span<const std::int64_t> channels)
{
    const Shape &shape = graph.tensor(root).shape;
    const std::int64_t step = channels.size() > 1 ? channels[1] - channels[0] : 1;
    bool isRegular = step > 0;
    for (std::size_t i = 1; i < channels.size(); ++i)
        isRegular = isRegular && channels[i] - channels[i - 1] == step;
    if (isRegular) {
        graph.replace(
            id,
            Slice{.begin = {0, channels[0], 0, 0},
                  .size = {1, static_cast<std::int64_t>(channels.size()), shape[2], shape[3]},
                  .step = {1, step, 1, 1}},
            {root});
        return;
    }
    const auto count = static_cast<std::int64_t>(channels.size());
    const TensorId indices = graph.addConstant(graph.layer(id).name + "/channels",
                                               Tensor::of<std::int64_t>({count}, channels));
    graph.replace(id, Gather{1}, {root, indices});
}

bool mergeSlices(GraphRewriter &graph, const Layer &layer)
{
    const auto *outer = layer.as<Slice>();
    const Layer *before = outer ? graph.producer(layer.inputs[0]) : nullptr;
    const auto *inner = before && !before->hasActivation() ? before->as<Slice>() : nullptr;
    if (!inner || inner->size.size() != outer->size.size())
        return false;
    Slice both = *outer;
    for (std::size_t i = 0; i < both.size.size(); ++i) {
        both.begin[i] = inner->begin[i] + outer->begin[i] * inner->step[i];
        both.step[i] = inner->step[i] * outer->step[i];
    }
    const std::vector<std::string> origin = before->origin;
    graph.replace(layer.id, both, {before->inputs[0]});
    graph.addOrigin(layer.id, origin);
    return true;
}

} // namespace

Result<std::shared_ptr<const Graph>> simplifyMovement(const Graph &source)
{
    GraphRewriter graph(source);
    for (std::size_t i = 0; i < source.layers.size(); ++i) {
        const LayerId id(i);
        while (mergeSlices(graph, graph.layer(id))) {
        }
        if (graph.tensor(graph.layer(id).output).shape.rank() != 4)
            continue;
        const std::optional<Chain> chain = chainTo(graph, graph.layer(id));
        if (!chain)
            continue;
        const auto channels =
            pickedChannels(graph.tensor(chain->root).shape, elementNumbers(graph, *chain));
        if (!channels)
            continue;
        for (const LayerId part : chain->layers)
            graph.addOrigin(id, std::vector(graph.layer(part).origin));
        pick(graph, id, chain->root, *channels);
    }
    return std::move(graph).finish();
}

} // namespace hefstudio
