// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/layer_comparison.h"

#include "engine/channel_scales.h"
#include "quantize/integer_run.h"

#include <algorithm>
#include <set>

namespace hefstudio {
namespace {

// Multiplies (or divides) each channel by its factor.
void scaleChannels(Tensor &tensor, const std::vector<float> &factors, bool isDivision)
{
    const Shape shape = tensor.shape();
    forEachChannelRun(tensor.as<float>(), shape, false, [&](std::size_t channel, auto run) {
        if (channel >= factors.size())
            return;
        const float factor = isDivision ? 1 / factors[channel] : factors[channel];
        for (float &value : run)
            value *= factor;
    });
}

} // namespace

FloatEngine::Observer LayerValues::recorder(const Graph &graph)
{
    return [this, &graph](TensorId id, std::span<const float> values) {
        const TensorInfo &info = graph.tensor(id);
        m_values.insert_or_assign(info.name, Tensor::of<float>(info.shape, values));
    };
}

const Tensor *LayerValues::find(const std::string &name) const
{
    const auto found = m_values.find(name);
    return found == m_values.end() ? nullptr : &found->second;
}

void mergeLayers(LayerSignals &into, const LayerSignals &from)
{
    for (const auto &[name, signal] : from) {
        LayerSignal &to = into[name];
        to.isolated.merge(signal.isolated);
        to.accumulated.merge(signal.accumulated);
        to.clipped += signal.clipped;
        to.values += signal.values;
    }
}

LayerComparer::LayerComparer(const Program &program, const Factors &channelFactors)
    : m_program(program), m_factors(channelFactors.begin(), channelFactors.end())
{
}

Tensor LayerComparer::real(const std::string &name, const Tensor &stored,
                           const TensorQuantisation &quantisation) const
{
    Tensor value = dequantiseTensor(stored, quantisation);
    if (const auto factors = m_factors.find(name); factors != m_factors.end())
        scaleChannels(value, factors->second, false);
    return value;
}

Tensor LayerComparer::isolatedInput(const std::string &name, const Tensor &truth,
                                    const TensorQuantisation &quantisation) const
{
    Tensor value = truth;
    if (const auto factors = m_factors.find(name); factors != m_factors.end())
        scaleChannels(value, factors->second, true);
    return quantiseTensor(value, quantisation);
}

Tensor LayerComparer::runKernel(const ProgramKernel &kernel,
                                std::span<const Tensor *const> operands, const Shape &shape)
{
    auto engine = m_engines.find(&kernel);
    if (engine == m_engines.end())
        engine = m_engines.emplace(&kernel, makeLayerEngine(kernel.layer, operands, shape)).first;
    return runLayer(engine->second, kernel.layer, operands);
}

std::vector<std::pair<std::string, Tensor>> LayerComparer::compare(const LayerValues &truth,
                                                                   std::span<const Tensor> stored,
                                                                   LayerSignals &signals)
{
    // Everything stays alive by name: whatever crosses contexts is found here without their
    // buffers.
    std::map<std::string, Tensor> values;
    for (std::size_t i = 0; i < stored.size(); ++i)
        values.insert_or_assign(m_program.buffer(m_program.inputs[i]).name, stored[i]);
    for (const ProgramContext &context : m_program.contexts)
        for (const ProgramKernel &kernel : context.kernels) {
            const ProgramValue &result = context.values[kernel.result];
            std::vector<const Tensor *> operands;
            std::vector<Tensor> exact;
            exact.reserve(kernel.operands.size());
            std::vector<const Tensor *> isolated;
            bool isKnown = true;
            for (const std::uint32_t operand : kernel.operands) {
                if (operand == ProgramKernel::constantOperand) {
                    operands.push_back(nullptr);
                    isolated.push_back(nullptr);
                    continue;
                }
                const ProgramValue &value = context.values[operand];
                const auto found = values.find(value.name);
                if (found == values.end())
                    return {};
                operands.push_back(&found->second);
                const Tensor *wanted = truth.find(value.name);
                isKnown = isKnown && wanted && wanted->shape() == value.shape;
                if (isKnown) {
                    exact.push_back(isolatedInput(value.name, *wanted, value.quantisation));
                    isolated.push_back(&exact.back());
                }
            }
            Tensor output = runKernel(kernel, operands, result.shape);
            const Tensor *wanted = truth.find(result.name);
            if (wanted && wanted->shape() == result.shape) {
                LayerSignal &signal = signals[result.name];
                const auto reference = wanted->as<float>();
                const Tensor whole = real(result.name, output, result.quantisation);
                signal.accumulated.add(reference, whole.as<float>());
                if (isKnown) {
                    const Tensor alone =
                        real(result.name, runKernel(kernel, isolated, result.shape), result.quantisation);
                    signal.isolated.add(reference, alone.as<float>());
                }
                Tensor scaled = *wanted;
                if (const auto factors = m_factors.find(result.name); factors != m_factors.end())
                    scaleChannels(scaled, factors->second, true);
                const float step = result.quantisation.scale;
                const auto low = static_cast<float>(result.quantisation.real(0)) - step;
                const auto high =
                    static_cast<float>(result.quantisation.real(result.quantisation.maximum())) +
                    step;
                for (const float value : scaled.as<float>())
                    signal.clipped += value < low || value > high ? 1 : 0;
                signal.values += scaled.elementCount();
            }
            values.insert_or_assign(result.name, std::move(output));
        }
    std::vector<std::pair<std::string, Tensor>> outputs;
    for (const BufferId id : m_program.outputs) {
        const ProgramBuffer &buffer = m_program.buffer(id);
        const auto found = values.find(buffer.name);
        if (found != values.end())
            outputs.emplace_back(buffer.name, dequantiseTensor(found->second, buffer.quantisation));
    }
    return outputs;
}

std::vector<LayerComparison> layerRows(const Program &program, const Graph &graph,
                                       const LayerSignals &signals)
{
    std::vector<LayerComparison> rows;
    std::set<std::string> seen;
    for (const ProgramContext &context : program.contexts)
        for (const ProgramKernel &kernel : context.kernels) {
            const ProgramValue &result = context.values[kernel.result];
            const auto signal = signals.find(result.name);
            if (signal == signals.end() || !seen.insert(result.name).second)
                continue;
            LayerComparison row{.name = kernel.layer.name,
                                .origin = {},
                                .kind = std::string(kindName(kernel.layer.form)),
                                .bits = result.quantisation.bits,
                                .isolated = signal->second.isolated,
                                .accumulated = signal->second.accumulated};
            if (const Layer *layer = graph.findLayer(kernel.layer.name))
                row.origin = layer->origin;
            if (signal->second.values > 0)
                row.clippedFraction = static_cast<double>(signal->second.clipped) /
                                      static_cast<double>(signal->second.values);
            rows.push_back(std::move(row));
        }
    return rows;
}

} // namespace hefstudio
