// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/graph_rewriter.h"

#include <algorithm>
#include <queue>
#include <tuple>

namespace hefstudio {

GraphRewriter::GraphRewriter(const Graph &source)
    : m_name(source.name),
      m_layers(source.layers.begin(), source.layers.end()),
      m_alive(source.layers.size(), true),
      m_tensors(source.tensors.begin(), source.tensors.end()),
      m_inputs(source.inputs),
      m_outputs(source.outputs),
      m_metadata(source.metadata)
{
    for (const Layer &layer : m_layers) {
        m_position.push_back(layer.id.index());
        m_layerNames.insert(layer.name);
    }
    for (const TensorInfo &tensor : m_tensors)
        m_tensorNames.insert(tensor.name);
}

bool GraphRewriter::isOutput(TensorId id) const
{
    return std::ranges::find(m_outputs, id) != m_outputs.end();
}

const Layer *GraphRewriter::producer(TensorId id) const
{
    if (!id.isValid() || !tensor(id).producer.isValid())
        return nullptr;
    return &layer(tensor(id).producer);
}

bool GraphRewriter::isPrivate(TensorId id) const
{
    if (isOutput(id) || tensor(id).consumers.size() != 1)
        return false;
    const Layer &reader = layer(tensor(id).consumers.front());
    return std::ranges::count(reader.inputs, id) == 1;
}

std::string GraphRewriter::uniqueName(std::string wanted, std::set<std::string> &taken) const
{
    std::string name = wanted;
    for (int suffix = 1; taken.contains(name); ++suffix)
        name = wanted + "_" + std::to_string(suffix);
    taken.insert(name);
    return name;
}

void GraphRewriter::link(LayerId id)
{
    for (const TensorId input : layer(id).inputs) {
        if (!input.isValid())
            continue;
        std::vector<LayerId> &consumers = m_tensors[input.index()].consumers;
        const auto place = std::ranges::lower_bound(consumers, id);
        if (place == consumers.end() || *place != id)
            consumers.insert(place, id);
    }
}

void GraphRewriter::unlink(LayerId id)
{
    for (const TensorId input : layer(id).inputs)
        if (input.isValid())
            std::erase(m_tensors[input.index()].consumers, id);
}

TensorId GraphRewriter::addConstant(std::string name, Tensor value)
{
    TensorInfo info;
    info.id = TensorId(m_tensors.size());
    info.name = uniqueName(std::move(name), m_tensorNames);
    info.type = value.type();
    info.shape = value.shape();
    info.constant = std::make_shared<const Tensor>(std::move(value));
    m_tensors.push_back(std::move(info));
    return m_tensors.back().id;
}

TensorId GraphRewriter::insert(LayerId neighbour, NewLayer wanted)
{
    Layer layer;
    layer.id = LayerId(m_layers.size());
    layer.name = uniqueName(std::move(wanted.name), m_layerNames);
    layer.attributes = std::move(wanted.attributes);
    layer.inputs = std::move(wanted.inputs);
    layer.origin = std::move(wanted.origin);
    TensorInfo output;
    output.id = TensorId(m_tensors.size());
    output.name = uniqueName(layer.name, m_tensorNames);
    output.shape = std::move(wanted.outputShape);
    output.producer = layer.id;
    layer.output = output.id;
    m_tensors.push_back(std::move(output));
    m_layers.push_back(std::move(layer));
    m_alive.push_back(true);
    m_position.push_back(m_position[neighbour.index()]);
    link(m_layers.back().id);
    m_changed = true;
    return m_layers.back().output;
}

void GraphRewriter::replace(LayerId id, Attributes attributes, std::vector<TensorId> inputs)
{
    unlink(id);
    m_layers[id.index()].attributes = std::move(attributes);
    m_layers[id.index()].inputs = std::move(inputs);
    link(id);
    m_changed = true;
}

void GraphRewriter::setInput(LayerId id, std::size_t slot, TensorId tensor)
{
    unlink(id);
    std::vector<TensorId> &inputs = m_layers[id.index()].inputs;
    if (inputs.size() <= slot)
        inputs.resize(slot + 1, TensorId::invalid());
    inputs[slot] = tensor;
    link(id);
    m_changed = true;
}

void GraphRewriter::setActivation(LayerId id, ScalarFunction activation)
{
    m_layers[id.index()].activation = activation;
    m_changed = true;
}

void GraphRewriter::addOrigin(LayerId id, std::span<const std::string> origin)
{
    std::vector<std::string> &own = m_layers[id.index()].origin;
    for (const std::string &node : origin)
        if (std::ranges::find(own, node) == own.end())
            own.push_back(node);
}

void GraphRewriter::rewire(TensorId from, TensorId to)
{
    const std::vector<LayerId> readers = tensor(from).consumers;
    for (const LayerId reader : readers) {
        unlink(reader);
        std::ranges::replace(m_layers[reader.index()].inputs, from, to);
        link(reader);
    }
    m_changed = true;
}

bool GraphRewriter::bypass(LayerId id, std::size_t slot)
{
    const TensorId output = layer(id).output;
    const TensorId input = layer(id).inputs[slot];
    if (isOutput(output)) {
        // The outside knows the output by its name, so the layer before takes that name over.
        const Layer *before = producer(input);
        if (!before || before->is<Input>() || isOutput(input))
            return false;
        unlink(id);
        m_alive[id.index()] = false;
        rewire(input, output);
        m_layers[before->id.index()].output = output;
        m_tensors[output.index()].producer = before->id;
        m_tensors[input.index()].producer = LayerId::invalid();
        addOrigin(before->id, layer(id).origin);
    } else {
        unlink(id);
        m_alive[id.index()] = false;
        rewire(output, input);
        m_tensors[output.index()].producer = LayerId::invalid();
    }
    m_changed = true;
    return true;
}

void GraphRewriter::absorb(LayerId producerId, LayerId followerId)
{
    unlink(followerId);
    m_alive[followerId.index()] = false;
    Layer &producer = m_layers[producerId.index()];
    m_tensors[producer.output.index()].producer = LayerId::invalid();
    producer.output = layer(followerId).output;
    m_tensors[producer.output.index()].producer = producerId;
    addOrigin(producerId, layer(followerId).origin);
    m_changed = true;
}

std::vector<bool> GraphRewriter::neededLayers() const
{
    std::vector<bool> needed(m_layers.size(), false);
    std::vector<LayerId> open;
    const auto need = [&](TensorId tensorId) {
        if (!tensorId.isValid() || !tensor(tensorId).producer.isValid())
            return;
        const LayerId id = tensor(tensorId).producer;
        if (!needed[id.index()]) {
            needed[id.index()] = true;
            open.push_back(id);
        }
    };
    // Inputs belong to the model's interface, used or not.
    for (const TensorId input : m_inputs)
        need(input);
    for (const TensorId output : m_outputs)
        need(output);
    while (!open.empty()) {
        const LayerId id = open.back();
        open.pop_back();
        for (const TensorId input : layer(id).inputs)
            need(input);
    }
    return needed;
}

std::vector<LayerId> GraphRewriter::executionOrder(const std::vector<bool> &needed) const
{
    std::vector<std::size_t> waitingFor(m_layers.size(), 0);
    // The order of the source where dependencies allow; an inserted layer (index past the source)
    // before its neighbour.
    using Key = std::tuple<std::size_t, bool, std::size_t>;
    const auto key = [&](LayerId id) {
        return Key(m_position[id.index()], m_position[id.index()] == id.index(), id.index());
    };
    std::priority_queue<Key, std::vector<Key>, std::greater<>> ready;
    for (const Layer &layer : m_layers) {
        if (!needed[layer.id.index()])
            continue;
        std::set<LayerId> producers;
        for (const TensorId input : layer.inputs)
            if (input.isValid() && tensor(input).producer.isValid())
                producers.insert(tensor(input).producer);
        waitingFor[layer.id.index()] = producers.size();
        if (producers.empty())
            ready.push(key(layer.id));
    }
    std::vector<LayerId> order;
    while (!ready.empty()) {
        const LayerId id(std::get<2>(ready.top()));
        ready.pop();
        order.push_back(id);
        for (const LayerId reader : tensor(layer(id).output).consumers)
            if (needed[reader.index()] && --waitingFor[reader.index()] == 0)
                ready.push(key(reader));
    }
    return order;
}

Result<std::shared_ptr<const Graph>> GraphRewriter::finish() &&
{
    const std::vector<bool> needed = neededLayers();
    const std::vector<LayerId> order = executionOrder(needed);
    auto graph = std::make_shared<Graph>();
    graph->name = std::move(m_name);
    graph->metadata = std::move(m_metadata);

    std::vector<TensorId> renumbered(m_tensors.size());
    const auto move = [&](TensorId old) {
        if (!old.isValid())
            return TensorId::invalid();
        if (!renumbered[old.index()].isValid()) {
            renumbered[old.index()] = TensorId(graph->tensors.size());
            TensorInfo &info = graph->tensors.emplace_back(std::move(m_tensors[old.index()]));
            info.id = renumbered[old.index()];
            info.producer = LayerId::invalid();
            info.consumers.clear();
        }
        return renumbered[old.index()];
    };
    for (const LayerId old : order) {
        Layer layer = std::move(m_layers[old.index()]);
        layer.id = LayerId(graph->layers.size());
        for (TensorId &input : layer.inputs) {
            input = move(input);
            if (!input.isValid())
                continue;
            std::vector<LayerId> &consumers = graph->tensors[input.index()].consumers;
            if (consumers.empty() || consumers.back() != layer.id)
                consumers.push_back(layer.id);
        }
        layer.output = move(layer.output);
        graph->tensors[layer.output.index()].producer = layer.id;
        graph->layers.push_back(std::move(layer));
    }
    for (const TensorId input : m_inputs)
        graph->inputs.push_back(move(input));
    for (const TensorId output : m_outputs)
        graph->outputs.push_back(move(output));
    if (Result<void> sound = verify(*graph); !sound)
        return passOn(std::move(sound));
    return std::shared_ptr<const Graph>(std::move(graph));
}

} // namespace hefstudio
