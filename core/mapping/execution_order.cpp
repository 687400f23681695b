// SPDX-License-Identifier: GPL-3.0-or-later
#include "mapping/execution_order.h"

#include <algorithm>
#include <random>
#include <set>

namespace hefstudio {
namespace {

// Runs whatever is ready, by a key that is asked when a layer becomes ready; the smallest first.
template <typename Key>
std::vector<LayerId> schedule(const Graph &graph, Key &&keyOf)
{
    std::vector<std::size_t> waitsFor(graph.layers.size(), 0);
    const auto isComputed = [&](TensorId id) {
        return id.isValid() && graph.tensor(id).producer.isValid() &&
               !graph.layer(graph.tensor(id).producer).template is<Input>();
    };
    std::set<std::pair<std::int64_t, std::size_t>> ready;
    for (const Layer &layer : graph.layers) {
        if (layer.is<Input>())
            continue;
        std::set<TensorId> awaited;
        for (const TensorId input : layer.inputs)
            if (isComputed(input))
                awaited.insert(input);
        waitsFor[layer.id.index()] = awaited.size();
        if (awaited.empty())
            ready.emplace(keyOf(layer), layer.id.index());
    }
    std::vector<LayerId> order;
    while (!ready.empty()) {
        const Layer &layer = graph.layers[ready.begin()->second];
        ready.erase(ready.begin());
        order.push_back(layer.id);
        for (const LayerId reader : graph.outputOf(layer).consumers)
            if (--waitsFor[reader.index()] == 0)
                ready.emplace(keyOf(graph.layer(reader)), reader.index());
    }
    return order;
}

// From the outputs backwards, the latest layer first: what has just become free runs last.
std::vector<LayerId> lateOrder(const Graph &graph)
{
    std::vector<std::size_t> readersLeft(graph.layers.size(), 0);
    std::vector<LayerId> free;
    for (const Layer &layer : graph.layers) {
        readersLeft[layer.id.index()] = graph.outputOf(layer).consumers.size();
        if (readersLeft[layer.id.index()] == 0)
            free.push_back(layer.id);
    }
    std::vector<LayerId> order;
    while (!free.empty()) {
        const Layer &layer = graph.layer(free.back());
        free.pop_back();
        if (layer.is<Input>())
            continue;
        order.push_back(layer.id);
        std::set<TensorId> operands;
        for (const TensorId input : layer.inputs)
            if (input.isValid() && graph.tensor(input).producer.isValid())
                operands.insert(input);
        for (const TensorId input : operands)
            if (--readersLeft[graph.tensor(input).producer.index()] == 0)
                free.push_back(graph.tensor(input).producer);
    }
    std::ranges::reverse(order);
    return order;
}

// How many elements more wait once the layer has run, were it to run next to its operands.
std::int64_t growth(const Graph &graph, const Layer &layer)
{
    std::int64_t elements = graph.outputOf(layer).shape.elementCount();
    for (const TensorId input : layer.inputs)
        if (input.isValid() && !graph.tensor(input).isConstant() &&
            graph.tensor(input).consumers.back() == layer.id)
            elements -= graph.tensor(input).shape.elementCount();
    return elements;
}

} // namespace

std::vector<LayerId> executionOrder(const Graph &graph, OrderStyle style, std::uint64_t seed)
{
    switch (style) {
    case OrderStyle::asWritten:
        break;
    case OrderStyle::depthFirst: {
        std::int64_t turn = 0;
        return schedule(graph, [&](const Layer &) { return --turn; });
    }
    case OrderStyle::late:
        return lateOrder(graph);
    case OrderStyle::fewestLive:
        return schedule(graph, [&](const Layer &layer) { return growth(graph, layer); });
    case OrderStyle::disturbed: {
        std::mt19937_64 draw(seed);
        // Not a distribution of the library: those differ between implementations.
        const std::uint64_t reach = std::uint64_t(4) << (draw() % 6);
        return schedule(graph, [&](const Layer &layer) {
            return static_cast<std::int64_t>(layer.id.index() + draw() % reach);
        });
    }
    }
    return schedule(graph, [](const Layer &layer) {
        return static_cast<std::int64_t>(layer.id.index());
    });
}

} // namespace hefstudio
