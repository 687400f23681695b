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

// A chain that takes a picture apart into the pictures of every b-th pixel, or puts those together.
struct Blocks {
    std::int64_t block = 1;
    bool isDeeper = true; // space to depth; else depth to space
    std::vector<std::int64_t>
        channels; // by channel of the deep picture: c·b² + i·b + j of the wide
};

std::optional<Blocks> asBlocks(const Shape &root, const Tensor &numbers)
{
    const Shape &result = numbers.shape();
    if (result.rank() != 4 || result[0] != 1 || root[0] != 1 || result[2] == 0 || root[2] == 0)
        return std::nullopt;
    Blocks blocks;
    blocks.isDeeper = root[2] > result[2];
    const Shape &wide = blocks.isDeeper ? root : result;
    const Shape &deep = blocks.isDeeper ? result : root;
    blocks.block = wide[2] / deep[2];
    const std::int64_t b = blocks.block;
    if (b < 2 || deep[2] * b != wide[2] || deep[3] * b != wide[3] || deep[1] != wide[1] * b * b)
        return std::nullopt;
    // numbers[place in the result] = place in the root; `wideOf` wants the place in the wide
    // picture of each place in the deep one.
    const std::span<const float> values = numbers.as<float>();
    std::vector<std::int64_t> wideOf(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto from = static_cast<std::int64_t>(values[i]);
        if (blocks.isDeeper)
            wideOf[i] = from;
        else
            wideOf[static_cast<std::size_t>(from)] = static_cast<std::int64_t>(i);
    }
    std::size_t at = 0;
    for (std::int64_t channel = 0; channel < deep[1]; ++channel) {
        const std::int64_t first = wideOf[at];
        const std::int64_t c = first / (wide[2] * wide[3]);
        const std::int64_t row = first / wide[3] % wide[2];
        const std::int64_t column = first % wide[3];
        if (row >= b || column >= b)
            return std::nullopt;
        for (std::int64_t h = 0; h < deep[2]; ++h)
            for (std::int64_t w = 0; w < deep[3]; ++w)
                if (wideOf[at++] != (c * wide[2] + h * b + row) * wide[3] + w * b + column)
                    return std::nullopt;
        blocks.channels.push_back((c * b + row) * b + column);
    }
    return blocks;
}

// The channel order that ONNX has: block position first (DCR, space to depth), or last (CRD).
bool isInOrder(const Blocks &blocks, bool positionFirst)
{
    const std::int64_t area = blocks.block * blocks.block;
    const auto channels = static_cast<std::int64_t>(blocks.channels.size()) / area;
    for (std::int64_t k = 0; k < channels * area; ++k) {
        const std::int64_t wanted = positionFirst ? k % channels * area + k / channels : k;
        if (blocks.channels[static_cast<std::size_t>(k)] != wanted)
            return false;
    }
    return true;
}

bool moveBlocks(GraphRewriter &graph, LayerId id, TensorId root, const Blocks &blocks)
{
    if (!blocks.isDeeper) {
        for (const bool depthMajor : {true, false})
            if (isInOrder(blocks, depthMajor)) {
                graph.replace(id, DepthToSpace{blocks.block, depthMajor}, {root});
                return true;
            }
        return false;
    }
    if (isInOrder(blocks, true)) {
        graph.replace(id, SpaceToDepth{blocks.block}, {root});
        return true;
    }
    const std::int64_t area = blocks.block * blocks.block;
    const auto channels = static_cast<std::int64_t>(blocks.channels.size()) / area;
    std::vector<std::int64_t> order; // of the space-to-depth's channels
    for (const std::int64_t channel : blocks.channels)
        order.push_back(channel % area * channels + channel / area);
    const std::string name = graph.layer(id).name;
    const TensorId deep =
        graph.insert(id, {.name = name + "/depth",
                          .attributes = SpaceToDepth{blocks.block},
                          .inputs = {root},
                          .outputShape = graph.tensor(graph.layer(id).output).shape,
                          .origin = graph.layer(id).origin});
    pick(graph, id, deep, order);
    return true;
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
        const Shape root = graph.tensor(chain->root).shape;
        const Tensor numbers = elementNumbers(graph, *chain);
        const auto channels = pickedChannels(root, numbers);
        const auto blocks = channels ? std::nullopt : asBlocks(root, numbers);
        const auto keepOrigins = [&] {
            for (const LayerId part : chain->layers)
                graph.addOrigin(id, std::vector(graph.layer(part).origin));
        };
        if (channels) {
            keepOrigins();
            pick(graph, id, chain->root, *channels);
        } else if (blocks && moveBlocks(graph, id, chain->root, *blocks)) {
            keepOrigins();
        }
    }
    return std::move(graph).finish();
}

} // namespace hefstudio
