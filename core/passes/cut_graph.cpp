// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/cut_graph.h"

#include <algorithm>
#include <set>

namespace hefstudio {
namespace {

// Layers needed for `wanted`, going back to the `given` values; the graph's own inputs among them
// are reported in `reached`.
std::vector<bool> layersBetween(const Graph &graph, const std::set<TensorId> &given,
                                std::span<const TensorId> wanted, std::set<TensorId> &reached)
{
    std::vector<bool> needed(graph.layers.size(), false);
    std::vector<TensorId> open(wanted.begin(), wanted.end());
    while (!open.empty()) {
        const TensorId id = open.back();
        open.pop_back();
        if (!id.isValid() || graph.tensor(id).isConstant() || given.contains(id))
            continue;
        const Layer &layer = graph.layer(graph.tensor(id).producer);
        if (layer.is<Input>()) {
            reached.insert(id);
        } else if (!needed[layer.id.index()]) {
            needed[layer.id.index()] = true;
            open.insert(open.end(), layer.inputs.begin(), layer.inputs.end());
        }
    }
    return needed;
}

class PartBuilder {
public:
    PartBuilder(const Graph &whole, std::string name)
        : m_whole(whole), m_part(std::make_shared<Graph>()), m_ids(whole.tensors.size())
    {
        m_part->name = std::move(name);
        m_part->metadata = whole.metadata;
    }

    void addInput(TensorId old)
    {
        const TensorInfo &info = m_whole.tensor(old);
        Layer layer;
        layer.attributes = Input{};
        layer.name = info.name;
        if (info.producer.isValid() && m_whole.layer(info.producer).is<Input>()) {
            layer.name = m_whole.layer(info.producer).name;
            layer.origin = m_whole.layer(info.producer).origin;
        }
        while (!m_layerNames.insert(layer.name).second)
            layer.name += "_input";
        append(std::move(layer), old);
        m_part->inputs.push_back(m_ids[old.index()]);
    }

    void addLayer(const Layer &old)
    {
        Layer layer = old;
        while (!m_layerNames.insert(layer.name).second)
            layer.name += "_1";
        for (TensorId &input : layer.inputs) {
            if (!input.isValid())
                continue;
            input = move(input);
            std::vector<LayerId> &consumers = m_part->tensors[input.index()].consumers;
            const LayerId id(m_part->layers.size());
            if (consumers.empty() || consumers.back() != id)
                consumers.push_back(id);
        }
        append(std::move(layer), old.output);
    }

    void addOutput(TensorId old) { m_part->outputs.push_back(move(old)); }

    Result<std::shared_ptr<const Graph>> finish()
    {
        if (Result<void> sound = verify(*m_part); !sound)
            return passOn(std::move(sound));
        return std::shared_ptr<const Graph>(m_part);
    }

private:
    TensorId move(TensorId old)
    {
        if (!m_ids[old.index()].isValid()) {
            m_ids[old.index()] = TensorId(m_part->tensors.size());
            TensorInfo &info = m_part->tensors.emplace_back(m_whole.tensor(old));
            info.id = m_ids[old.index()];
            info.producer = LayerId::invalid();
            info.consumers.clear();
        }
        return m_ids[old.index()];
    }

    void append(Layer layer, TensorId oldOutput)
    {
        layer.id = LayerId(m_part->layers.size());
        layer.output = move(oldOutput);
        m_part->tensors[layer.output.index()].producer = layer.id;
        m_part->layers.push_back(std::move(layer));
    }

    const Graph &m_whole;
    std::shared_ptr<Graph> m_part;
    std::vector<TensorId> m_ids;
    std::set<std::string> m_layerNames;
};

Result<std::shared_ptr<const Graph>> part(const Graph &whole, std::string name,
                                          std::span<const TensorId> inputs,
                                          std::span<const TensorId> outputs,
                                          const std::vector<bool> &layers)
{
    PartBuilder builder(whole, std::move(name));
    for (const TensorId input : inputs)
        builder.addInput(input);
    for (const Layer &layer : whole.layers)
        if (layers[layer.id.index()])
            builder.addLayer(layer);
    for (const TensorId output : outputs)
        builder.addOutput(output);
    return builder.finish();
}

std::vector<TensorId> withoutRepeats(std::span<const TensorId> ids)
{
    std::vector<TensorId> once;
    for (const TensorId id : ids)
        if (std::ranges::find(once, id) == once.end())
            once.push_back(id);
    return once;
}

std::unexpected<Diagnostics> cutFault(const char *id, const TensorInfo &tensor)
{
    return fail(Diagnostic(id, Place{.layer = tensor.name}).with("tensor", tensor.name));
}

} // namespace

Result<GraphCut> cutGraph(const Graph &graph, std::span<const TensorId> startTensors,
                          std::span<const TensorId> endTensors)
{
    const std::vector<TensorId> starts = withoutRepeats(startTensors);
    const std::vector<TensorId> ends =
        withoutRepeats(endTensors.empty() ? std::span<const TensorId>(graph.outputs) : endTensors);
    const auto isCuttable = [&](TensorId id) { return !graph.tensor(id).isConstant(); };
    for (const TensorId id : starts)
        if (!isCuttable(id))
            return cutFault("graph.cut-at-constant", graph.tensor(id));
    for (const TensorId id : ends)
        if (!isCuttable(id) || graph.layer(graph.tensor(id).producer).is<Input>())
            return cutFault("graph.cut-at-constant", graph.tensor(id));

    const std::set<TensorId> given(starts.begin(), starts.end());
    std::set<TensorId> reached;
    const std::vector<bool> onDevice = layersBetween(graph, given, ends, reached);
    std::vector<TensorId> inputs = starts;
    if (starts.empty()) {
        inputs = graph.inputs;
        std::erase_if(inputs, [&](TensorId id) { return !reached.contains(id); });
    } else if (!reached.empty()) {
        return cutFault("graph.cut-misses-input", graph.tensor(*reached.begin()));
    }
    GraphCut cut;
    Result<std::shared_ptr<const Graph>> device = part(graph, graph.name, inputs, ends, onDevice);
    if (!device)
        return passOn(std::move(device));
    cut.device = std::move(*device);

    const std::set<TensorId> computed(ends.begin(), ends.end());
    std::vector<TensorId> kept;
    for (const TensorId output : graph.outputs) {
        std::set<TensorId> missing;
        (void)layersBetween(graph, computed, std::span(&output, 1), missing);
        if (missing.empty())
            kept.push_back(output);
        else
            cut.lostOutputs.push_back(graph.tensor(output).name);
    }
    std::set<TensorId> none;
    const std::vector<bool> onHost = layersBetween(graph, computed, kept, none);
    if (std::ranges::find(onHost, true) == onHost.end())
        return cut;
    Result<std::shared_ptr<const Graph>> host =
        part(graph, graph.name + "_host", ends, kept, onHost);
    if (!host)
        return passOn(std::move(host));
    cut.host = std::move(*host);
    return cut;
}

} // namespace hefstudio
