// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/attention_blocks.h"

#include <algorithm>
#include <optional>

namespace hefstudio {
namespace {

constexpr int mostLayersBetween = 12;

bool isProductOfComputed(const Graph &graph, const Layer &layer)
{
    return layer.is<MatMul>() && !graph.inputOf(layer, 0).isConstant() &&
           !graph.inputOf(layer, 1).isConstant();
}

// Where scores pass through between product and softmax: scale, bias, mask, layout. The computed
// operand to go on with; nothing when the layer does more.
std::optional<TensorId> passedThrough(const Graph &graph, const Layer &layer, bool &hasBias)
{
    if (layer.is<Reshape>() || layer.is<Transpose>() || layer.is<Elementwise>())
        return layer.inputs[0];
    const auto *binary = layer.as<Binary>();
    if (!binary)
        return std::nullopt;
    for (const std::size_t slot : {std::size_t(0), std::size_t(1)}) {
        const TensorInfo &other = graph.inputOf(layer, 1 - slot);
        if (graph.inputOf(layer, slot).isConstant() || !other.isConstant())
            continue;
        const bool isSum =
            binary->op == BinaryOperator::add || binary->op == BinaryOperator::subtract;
        hasBias = hasBias || (isSum && other.shape.elementCount() > 1);
        return layer.inputs[slot];
    }
    return std::nullopt;
}

std::optional<LayerId> scoresBefore(const Graph &graph, const Layer &softmax, bool &hasBias)
{
    TensorId at = softmax.inputs[0];
    for (int steps = 0; steps < mostLayersBetween; ++steps) {
        const LayerId producer = graph.tensor(at).producer;
        if (!producer.isValid())
            return std::nullopt;
        const Layer &layer = graph.layer(producer);
        if (isProductOfComputed(graph, layer))
            return layer.id;
        const auto before = passedThrough(graph, layer, hasBias);
        if (!before)
            return std::nullopt;
        at = *before;
    }
    return std::nullopt;
}

std::optional<LayerId> contextBehind(const Graph &graph, const Layer &softmax)
{
    TensorId at = softmax.output;
    for (int steps = 0; steps < mostLayersBetween; ++steps) {
        const auto &consumers = graph.tensor(at).consumers;
        if (consumers.size() != 1)
            return std::nullopt;
        const Layer &layer = graph.layer(consumers.front());
        if (isProductOfComputed(graph, layer))
            return layer.id;
        bool ignored = false;
        if (!passedThrough(graph, layer, ignored))
            return std::nullopt;
        at = layer.output;
    }
    return std::nullopt;
}

} // namespace

std::vector<AttentionBlock> findAttentionBlocks(const Graph &graph)
{
    std::vector<AttentionBlock> blocks;
    for (const Layer &layer : graph.layers) {
        if (!layer.is<Softmax>())
            continue;
        AttentionBlock block{.scores = {}, .softmax = layer.id, .context = {}};
        const auto scores = scoresBefore(graph, layer, block.hasBias);
        const auto context = scores ? contextBehind(graph, layer) : std::nullopt;
        if (!context)
            continue;
        block.scores = *scores;
        block.context = *context;
        const Shape &shape = graph.outputOf(graph.layer(*scores)).shape;
        const std::size_t rank = shape.rank();
        block.queries = shape[rank - 2];
        block.keys = shape[rank - 1];
        if (rank > 2)
            block.heads = shape[rank - 3];
        for (std::size_t i = 0; i + 3 < rank; ++i)
            block.windows *= shape[i];
        blocks.push_back(block);
    }
    return blocks;
}

double attentionShare(const Graph &graph, const std::vector<AttentionBlock> &blocks)
{
    const std::int64_t all = multiplyAccumulates(graph);
    std::int64_t inside = 0;
    for (const AttentionBlock &block : blocks)
        inside += multiplyAccumulates(graph, graph.layer(block.scores)) +
                  multiplyAccumulates(graph, graph.layer(block.context));
    return all > 0 ? static_cast<double>(inside) / static_cast<double>(all) : 0;
}

} // namespace hefstudio
