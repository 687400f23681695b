// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/integer_run.h"

#include <algorithm>
#include <optional>

namespace hefstudio {

namespace {

Result<void> checkInputs(const QuantizedGraph &quantized, std::span<const Tensor> inputs)
{
    const Graph &graph = *quantized.graph;
    if (inputs.size() != graph.inputs.size())
        return fail(Diagnostic("integer.input-mismatch")
                        .with("name", graph.name)
                        .with("wanted", std::to_string(graph.inputs.size()) + " inputs")
                        .with("found", std::to_string(inputs.size())));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const TensorInfo &info = graph.tensor(graph.inputs[i]);
        const ElementType type = quantized.of(info.id).elementType();
        if (inputs[i].type() != type || inputs[i].shape() != info.shape)
            return fail(
                Diagnostic("integer.input-mismatch")
                    .with("name", info.name)
                    .with("wanted", std::string(elementTypeName(type)) + " " + info.shape.text())
                    .with("found", std::string(elementTypeName(inputs[i].type())) + " " +
                                       inputs[i].shape().text()));
    }
    return {};
}

// The results of the layers that compute something, in their order.
std::vector<TensorId> computedResults(const Graph &graph)
{
    std::vector<TensorId> results;
    for (const Layer &layer : graph.layers)
        if (!layer.is<Input>())
            results.push_back(layer.output);
    return results;
}

IntegerNetwork networkOf(const std::shared_ptr<const QuantizedGraph> &quantized)
{
    const Graph &graph = *quantized->graph;
    IntegerNetwork network;
    network.owner = quantized;
    for (const TensorInfo &info : graph.tensors)
        network.values.push_back({info.shape, quantized->of(info.id)});
    const auto valueOf = [](TensorId id) { return static_cast<std::uint32_t>(id.index()); };
    for (const Layer &layer : graph.layers) {
        if (layer.is<Input>())
            continue;
        const IntegerLayer &integer = quantized->layer(layer.id);
        IntegerNode node{&integer, {}, valueOf(layer.output)};
        for (std::size_t slot = 0; slot < integer.operands.size(); ++slot)
            node.operands.push_back(integer.operands[slot].constant ? IntegerNode::constantOperand
                                                                    : valueOf(layer.inputs[slot]));
        network.nodes.push_back(std::move(node));
    }
    for (const TensorId id : graph.inputs)
        network.inputs.push_back(valueOf(id));
    for (const TensorId id : graph.outputs)
        network.outputs.push_back(valueOf(id));
    return network;
}

} // namespace

Result<std::vector<Tensor>> runInteger(const QuantizedGraph &quantized,
                                       std::span<const Tensor> inputs,
                                       const IntegerObserver &observer, std::stop_token stop,
                                       ThreadPool *pool)
{
    const Graph &graph = *quantized.graph;
    if (auto ok = checkInputs(quantized, inputs); !ok)
        return passOn(std::move(ok));
    std::vector<std::optional<Tensor>> values(graph.tensors.size());
    for (std::size_t i = 0; i < inputs.size(); ++i)
        values[graph.inputs[i].index()] = inputs[i];
    std::vector<std::size_t> readers(graph.tensors.size(), 0);
    for (const TensorInfo &info : graph.tensors)
        readers[info.id.index()] = info.consumers.size() + (graph.isOutput(info.id) ? 1 : 0);

    for (const Layer &layer : graph.layers) {
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        const IntegerLayer &integer = quantized.layer(layer.id);
        if (!integer.is<IntegerInput>()) {
            std::vector<const Tensor *> operands;
            for (std::size_t slot = 0; slot < integer.operands.size(); ++slot)
                operands.push_back(integer.operands[slot].constant
                                       ? integer.operands[slot].constant.get()
                                       : &*values[layer.inputs[slot].index()]);
            values[layer.output.index()] =
                runIntegerReference(integer, operands, graph.outputOf(layer).shape, pool);
        }
        if (observer)
            observer(layer.output, *values[layer.output.index()]);
        std::vector<TensorId> done = layer.inputs;
        std::ranges::sort(done);
        done.erase(std::ranges::unique(done).begin(), done.end());
        for (const TensorId id : done)
            if (id.isValid() && --readers[id.index()] == 0)
                values[id.index()].reset();
        if (readers[layer.output.index()] == 0)
            values[layer.output.index()].reset();
    }
    std::vector<Tensor> outputs;
    for (const TensorId id : graph.outputs)
        outputs.push_back(*values[id.index()]);
    return outputs;
}

IntegerRunner::IntegerRunner(std::shared_ptr<const QuantizedGraph> quantized,
                             IntegerEngine engine, std::vector<TensorId> results)
    : m_quantized(std::move(quantized)), m_results(std::move(results)), m_engine(std::move(engine))
{
}

IntegerRunner::IntegerRunner(std::shared_ptr<const QuantizedGraph> quantized,
                             const IntegerEngineOptions &options)
    : m_quantized(std::move(quantized)),
      m_results(computedResults(*m_quantized->graph)),
      m_engine(IntegerEngine::create(networkOf(m_quantized), options))
{
}

IntegerRunner IntegerRunner::sibling() const
{
    return {m_quantized, m_engine.sibling(), m_results};
}

Result<std::vector<Tensor>> IntegerRunner::run(std::span<const Tensor> inputs,
                                               const IntegerObserver &observer,
                                               std::stop_token stop)
{
    if (auto ok = checkInputs(*m_quantized, inputs); !ok)
        return passOn(std::move(ok));
    const Graph &graph = *m_quantized->graph;
    std::vector<const Tensor *> given;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        given.push_back(&inputs[i]);
        if (observer)
            observer(graph.inputs[i], inputs[i]);
    }
    IntegerEngine::Observer seen;
    if (observer)
        seen = [&](std::size_t node, const Tensor &result) { observer(m_results[node], result); };
    return m_engine.run(given, seen, std::move(stop));
}

Tensor quantiseTensor(const Tensor &real, const TensorQuantisation &quantisation)
{
    const Tensor wide = real.toFloat32();
    Tensor stored(quantisation.elementType(), real.shape());
    const auto from = wide.as<float>();
    for (std::size_t i = 0; i < from.size(); ++i) {
        const double exact = static_cast<double>(from[i]) / static_cast<double>(quantisation.scale);
        const auto q = std::clamp<std::int64_t>(
            quantisation.zeroPoint +
                std::clamp<std::int64_t>(roundHalfEven(exact), -1 << 20, 1 << 20),
            0, quantisation.maximum());
        if (quantisation.bits == 8)
            stored.as<std::uint8_t>()[i] = static_cast<std::uint8_t>(q);
        else
            stored.as<std::uint16_t>()[i] = static_cast<std::uint16_t>(q);
    }
    return stored;
}

Tensor dequantiseTensor(const Tensor &stored, const TensorQuantisation &quantisation)
{
    Tensor real(ElementType::float32, stored.shape());
    const std::vector<std::int64_t> from = stored.toInt64();
    for (std::size_t i = 0; i < from.size(); ++i)
        real.as<float>()[i] = quantisation.real(static_cast<std::int32_t>(from[i]));
    return real;
}

Tensor realValues(const QuantizedGraph &quantized, TensorId id, const Tensor &stored)
{
    Tensor real = dequantiseTensor(stored, quantized.of(id));
    if (const auto scales = scalesOf(quantized.channelScales, id.index()); !scales.empty())
        forEachChannelRun(real.as<float>(), real.shape(), false,
                          [&](std::size_t channel, std::span<float> run) {
                              for (float &value : run)
                                  value *= scales[channel];
                          });
    return real;
}

} // namespace hefstudio
