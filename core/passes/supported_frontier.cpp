// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/supported_frontier.h"

#include <algorithm>

namespace hefstudio {
namespace {

// What the host computes as cheaply as it reads: no weights, no sums over many elements.
bool isCheap(const Graph &graph, const Layer &layer)
{
    if (layer.is<Binary>())
        return graph.inputOf(layer, 0).isConstant() || graph.inputOf(layer, 1).isConstant();
    return layer.is<Elementwise>() || layer.is<Reshape>() || layer.is<Transpose>() ||
           layer.is<Slice>() || layer.is<Concat>() || layer.is<Gather>();
}

class FrontierSearch {
public:
    explicit FrontierSearch(const Graph &graph)
        : m_graph(graph),
          m_isSupported(graph.layers.size(), false),
          m_blockedBy(graph.layers.size())
    {
    }

    SupportedFrontier run()
    {
        markSupported();
        SupportedFrontier frontier;
        for (const Layer &layer : m_graph.layers)
            if (m_blockedBy[layer.id.index()] == layer.id)
                frontier.blocked.push_back(layer.id);
        for (const Layer &layer : m_graph.layers)
            if (isEnd(layer) && !hostCanDerive(layer))
                frontier.ends.push_back(endAt(layer));
        return frontier;
    }

private:
    bool isSupported(TensorId id) const
    {
        return !id.isValid() || m_graph.tensor(id).isConstant() ||
               m_isSupported[m_graph.tensor(id).producer.index()];
    }

    void markSupported()
    {
        for (const Layer &layer : m_graph.layers) {
            const auto at = layer.id.index();
            const auto blocking = std::ranges::find_if(
                layer.inputs, [&](TensorId input) { return !isSupported(input); });
            if (blocking != layer.inputs.end())
                m_blockedBy[at] = m_blockedBy[m_graph.tensor(*blocking).producer.index()];
            else if (!layer.is<Input>() && brokenChipLimit(m_graph, layer))
                m_blockedBy[at] = layer.id;
            else
                m_isSupported[at] = true;
        }
    }

    // Computed on the chip and wanted elsewhere.
    bool isEnd(const Layer &layer) const
    {
        if (layer.is<Input>() || !m_isSupported[layer.id.index()])
            return false;
        return m_graph.isOutput(layer.output) ||
               std::ranges::any_of(m_graph.outputOf(layer).consumers, [&](LayerId consumer) {
                   return !m_isSupported[consumer.index()];
               });
    }

    // From another end by cheap layers alone.
    bool hostCanDerive(const Layer &layer) const
    {
        if (m_graph.isOutput(layer.output))
            return false;
        const Layer *at = &layer;
        while (isCheap(m_graph, *at)) {
            const Layer *before = nullptr;
            for (const TensorId input : at->inputs) {
                if (!input.isValid() || m_graph.tensor(input).isConstant())
                    continue;
                const Layer &producer = m_graph.layer(m_graph.tensor(input).producer);
                if (before && before != &producer)
                    return false;
                before = &producer;
            }
            if (!before)
                return false;
            at = before;
            if (isEnd(*at))
                return true;
        }
        return false;
    }

    SupportedFrontier::End endAt(const Layer &layer) const
    {
        SupportedFrontier::End end{.tensor = layer.output, .blocked = LayerId::invalid()};
        for (const LayerId consumer : m_graph.outputOf(layer).consumers) {
            const LayerId blocked = m_blockedBy[consumer.index()];
            if (blocked.isValid() && !end.blocked.isValid()) {
                end.blocked = blocked;
                end.limit = brokenChipLimit(m_graph, m_graph.layer(blocked));
            }
        }
        return end;
    }

    const Graph &m_graph;
    std::vector<bool> m_isSupported;
    std::vector<LayerId> m_blockedBy;
};

} // namespace

SupportedFrontier supportedFrontier(const Graph &graph)
{
    return FrontierSearch(graph).run();
}

} // namespace hefstudio
