// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph_builder.h"

#include <algorithm>
#include <queue>

namespace hefstudio {

GraphBuilder::GraphBuilder(std::string graphName)
{
    m_graph.name = std::move(graphName);
}

std::string GraphBuilder::uniqueName(std::string wanted, bool forLayer)
{
    auto &names = forLayer ? m_layerNames : m_tensorNames;
    if (wanted.empty())
        wanted = forLayer ? "layer" : "tensor";
    std::string name = wanted;
    while (!names.try_emplace(name, 0).second)
        name = wanted + "_" + std::to_string(++names[wanted]);
    return name;
}

TensorId GraphBuilder::input(std::string name, Shape shape, ElementType type)
{
    const auto id =
        layer(name, Input{}, {}, std::move(shape), Options{.outputName = name, .type = type});
    m_graph.inputs.push_back(id);
    return id;
}

TensorId GraphBuilder::constant(std::string name, Tensor value)
{
    return constant(std::move(name), std::make_shared<const Tensor>(std::move(value)));
}

TensorId GraphBuilder::constant(std::string name, std::shared_ptr<const Tensor> value)
{
    const TensorId id(m_graph.tensors.size());
    m_graph.tensors.push_back({.id = id,
                               .name = uniqueName(std::move(name), false),
                               .type = value->type(),
                               .shape = value->shape(),
                               .producer = LayerId::invalid(),
                               .consumers = {},
                               .constant = value});
    return id;
}

TensorId GraphBuilder::layer(std::string name, Attributes attributes, std::vector<TensorId> inputs,
                             Shape outputShape, Options options)
{
    const LayerId layerId(m_graph.layers.size());
    const TensorId outputId(m_graph.tensors.size());
    Layer layer{.id = layerId,
                .name = uniqueName(std::move(name), true),
                .attributes = std::move(attributes),
                .inputs = std::move(inputs),
                .output = outputId,
                .activation = options.activation,
                .origin = std::move(options.origin)};
    m_graph.tensors.push_back(
        {.id = outputId,
         .name = uniqueName(options.outputName.empty() ? layer.name : options.outputName, false),
         .type = options.type,
         .shape = std::move(outputShape),
         .producer = layerId,
         .consumers = {},
         .constant = nullptr});
    m_graph.layers.push_back(std::move(layer));
    return outputId;
}

void GraphBuilder::output(TensorId tensor)
{
    m_graph.outputs.push_back(tensor);
}

void GraphBuilder::metadata(std::string key, std::string value)
{
    m_graph.metadata.emplace_back(std::move(key), std::move(value));
}

Result<Graph> GraphBuilder::finish() &&
{
    // Kahn's algorithm; among ready layers the one added first comes first, so that the order the
    // caller wrote survives where it may.
    const std::size_t count = m_graph.layers.size();
    std::vector<int> missing(count, 0);
    std::vector<std::vector<std::size_t>> users(count);
    for (std::size_t i = 0; i < count; ++i) {
        for (const auto id : m_graph.layers[i].inputs) {
            if (!id.isValid())
                continue;
            if (id.index() >= m_graph.tensors.size())
                return fail(Diagnostic("graph.invalid")
                                .with("where", m_graph.layers[i].name)
                                .with("reason", std::string("an operand does not exist")));
            const auto producer = m_graph.tensor(id).producer;
            if (producer.isValid()) {
                users[producer.index()].push_back(i);
                ++missing[i];
            }
        }
    }
    std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
    for (std::size_t i = 0; i < count; ++i)
        if (missing[i] == 0)
            ready.push(i);
    std::vector<Layer> sorted;
    sorted.reserve(count);
    while (!ready.empty()) {
        const auto next = ready.top();
        ready.pop();
        for (const auto user : users[next])
            if (--missing[user] == 0)
                ready.push(user);
        sorted.push_back(std::move(m_graph.layers[next]));
    }
    if (sorted.size() != count)
        return fail(Diagnostic("graph.invalid")
                        .with("where", m_graph.name)
                        .with("reason", std::string("the layers form a cycle")));
    m_graph.layers = std::move(sorted);
    for (std::size_t i = 0; i < count; ++i) {
        auto &layer = m_graph.layers[i];
        layer.id = LayerId(i);
        m_graph.tensors[layer.output.index()].producer = layer.id;
        for (const auto id : layer.inputs) {
            if (!id.isValid())
                continue;
            auto &consumers = m_graph.tensors[id.index()].consumers;
            if (consumers.empty() || consumers.back() != layer.id)
                consumers.push_back(layer.id);
        }
    }
    if (auto valid = verify(m_graph); !valid)
        return passOn(std::move(valid));
    return std::move(m_graph);
}

} // namespace hefstudio
