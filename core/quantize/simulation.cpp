// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/simulation.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

void roundRun(std::span<float> values, float step, float low, float high)
{
    const float inverse = 1 / step;
    for (float &value : values) {
        const float level = std::clamp(value * inverse, low, high);
        value = std::nearbyint(level) * step;
    }
}

struct WeightView {
    std::span<const std::int8_t> weights;
    std::span<const std::int32_t> bias;
};
std::optional<WeightView> weightsOf(const IntegerLayer &layer)
{
    if (const auto *form = layer.as<IntegerConvolution>())
        return WeightView{form->weights, form->bias};
    if (const auto *form = layer.as<IntegerFullyConnected>())
        return WeightView{form->weights, form->bias};
    return std::nullopt;
}

} // namespace

void roundToGrid(std::span<float> values, const Shape &shape, bool isChannelsLast,
                 const TensorQuantisation &quantisation, std::span<const float> channelScales)
{
    const auto low = static_cast<float>(-quantisation.zeroPoint);
    const auto high = static_cast<float>(quantisation.maximum() - quantisation.zeroPoint);
    if (channelScales.empty())
        return roundRun(values, quantisation.scale, low, high);
    if (isChannelsLast && shape.rank() == 4) {
        const std::size_t channels = channelScales.size();
        std::vector<float> step(channels), inverse(channels);
        for (std::size_t c = 0; c < channels; ++c) {
            step[c] = quantisation.scale * channelScales[c];
            inverse[c] = 1 / step[c];
        }
        for (std::size_t at = 0; at + channels <= values.size(); at += channels)
            for (std::size_t c = 0; c < channels; ++c)
                values[at + c] =
                    std::nearbyint(std::clamp(values[at + c] * inverse[c], low, high)) * step[c];
        return;
    }
    forEachChannelRun(values, shape, isChannelsLast, [&](std::size_t c, std::span<float> run) {
        roundRun(run, quantisation.scale * channelScales[c], low, high);
    });
}

std::optional<RealWeights> realWeights(const Graph &graph, const Layer &layer,
                                       const LoweredLayer &lowered, const ChannelScales &scales)
{
    const auto view = weightsOf(lowered.integer);
    if (!view || !(layer.is<Convolution>() || layer.is<FullyConnected>()))
        return std::nullopt;
    const Shape &shape = graph.inputOf(layer, 1).shape;
    const auto inputScales = scalesOf(scales, layer.inputs[0].index());
    const std::int64_t groups = layer.is<Convolution>() ? layer.as<Convolution>()->groups : 1;
    const std::int64_t taps = shape.rank() == 4 ? shape[2] * shape[3] : 1;
    RealWeights made{Tensor(ElementType::float32, shape),
                     Tensor(ElementType::float32, {static_cast<std::int64_t>(view->bias.size())})};
    const auto weights = made.weights.as<float>();
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const std::int64_t row = static_cast<std::int64_t>(i) / taps;
        const std::int64_t o = row / shape[1];
        float scale = lowered.weightScales[static_cast<std::size_t>(o)];
        if (!inputScales.empty()) {
            const std::int64_t group = o / (shape[0] / groups);
            scale /= inputScales[static_cast<std::size_t>(group * shape[1] + row % shape[1])];
        }
        weights[i] = static_cast<float>(view->weights[i]) * scale;
    }
    const auto inputScale = static_cast<double>(lowered.integer.operands[0].quantisation.scale);
    for (std::size_t o = 0; o < view->bias.size(); ++o)
        made.bias.as<float>()[o] = static_cast<float>(
            view->bias[o] * inputScale * static_cast<double>(lowered.weightScales[o]));
    return made;
}

std::shared_ptr<const Graph> withRoundedWeights(const QuantizedGraph &quantized)
{
    auto graph = std::make_shared<Graph>(*quantized.graph);
    const auto isOwned = [&](const Layer &layer, std::size_t slot) {
        return graph->inputOf(layer, slot).consumers.size() == 1;
    };
    const auto set = [&](TensorId id, Tensor value) {
        TensorInfo &info = graph->tensors[id.index()];
        info.shape = value.shape();
        info.type = ElementType::float32;
        info.constant = std::make_shared<const Tensor>(std::move(value));
    };
    for (const Layer &layer : quantized.graph->layers) {
        auto rounded = realWeights(*quantized.graph, layer,
                                   {quantized.layer(layer.id),
                                    quantized.weightScales[layer.id.index()]},
                                   quantized.channelScales);
        if (!rounded || !isOwned(layer, 1) || (graph->hasInput(layer, 2) && !isOwned(layer, 2)))
            continue;
        set(layer.inputs[1], std::move(rounded->weights));
        if (graph->hasInput(layer, 2)) {
            set(layer.inputs[2], std::move(rounded->bias));
            continue;
        }
        TensorInfo info;
        info.id = TensorId(graph->tensors.size());
        info.name = layer.name + "/rounded-bias";
        info.consumers = {layer.id};
        Layer &own = graph->layers[layer.id.index()];
        own.inputs.resize(2);
        own.inputs.push_back(info.id);
        graph->tensors.push_back(std::move(info));
        set(own.inputs[2], std::move(rounded->bias));
    }
    return graph;
}

Simulation::Simulation(std::shared_ptr<const QuantizedGraph> quantized, FloatEngine engine)
    : m_quantized(std::move(quantized)), m_engine(std::move(engine))
{
}

Result<Simulation> Simulation::create(std::shared_ptr<const QuantizedGraph> quantized,
                                      const FloatEngineOptions &options)
{
    FloatEngineOptions observing = options;
    observing.observeAll = true;
    auto engine = FloatEngine::create(withRoundedWeights(*quantized), observing);
    if (!engine)
        return passOn(std::move(engine));
    return Simulation(std::move(quantized), std::move(*engine));
}

Simulation Simulation::sibling() const
{
    return {m_quantized, m_engine.sibling()};
}

Result<std::vector<Tensor>> Simulation::run(std::span<const Tensor> inputs, std::stop_token stop,
                                            const FloatEngine::RawObserver &observer)
{
    return m_engine.runEdited(
        inputs,
        [&](TensorId id, std::span<float> values, bool isChannelsLast) {
            roundToGrid(values, m_quantized->graph->tensor(id).shape, isChannelsLast,
                        m_quantized->of(id),
                        scalesOf(m_quantized->channelScales, id.index()));
            if (observer)
                observer(id, values, isChannelsLast);
        },
        std::move(stop));
}

} // namespace hefstudio
