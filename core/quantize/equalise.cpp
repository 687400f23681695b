// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/equalise.h"

#include "base/math.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

constexpr double smallestFactor = 1.0 / 16;
constexpr double stepsPerOctave = 8;

// f(S·x) = S·f(x) for S > 0.
bool isHomogeneous(const ScalarFunction &function)
{
    return function.function == Function::identity || function.function == Function::relu ||
           function.function == Function::leakyRelu;
}

class Equaliser {
public:
    Equaliser(const Graph &graph, std::span<const ChannelStatistics> channels)
        : m_graph(std::make_shared<Graph>(graph)), m_channels(channels)
    {
    }

    Equalisation run()
    {
        int count = 0;
        for (const Layer &layer : m_graph->layers)
            count += equalise(layer) ? 1 : 0;
        return {m_graph, count};
    }

private:
    // Constant operand `slot` of the layer, when nobody else reads it.
    bool ownsConstant(const Layer &layer, std::size_t slot) const
    {
        if (!m_graph->hasInput(layer, slot))
            return false;
        const TensorInfo &tensor = m_graph->inputOf(layer, slot);
        return tensor.isConstant() && tensor.type == ElementType::float32 &&
               tensor.consumers.size() == 1;
    }

    bool isWriter(const Layer &layer) const
    {
        return layer.is<Convolution>() && isHomogeneous(layer.activation) &&
               ownsConstant(layer, 1) && (!m_graph->hasInput(layer, 2) || ownsConstant(layer, 2)) &&
               !m_graph->isOutput(layer.output);
    }

    bool isReader(const Layer &layer, TensorId value) const
    {
        const auto *convolution = layer.as<Convolution>();
        return convolution && convolution->padValues.empty() && layer.inputs[0] == value &&
               ownsConstant(layer, 1);
    }

    bool isDepthwise(const Layer &layer) const
    {
        return layer.as<Convolution>()->groups == m_graph->inputOf(layer, 0).shape[1];
    }

    std::vector<float> factors(const Layer &writer, bool depthwiseReaders) const
    {
        const ChannelStatistics &statistics = m_channels[writer.output.index()];
        const auto count = static_cast<std::size_t>(m_graph->outputOf(writer).shape[1]);
        if (statistics.channels() != count)
            return {};
        std::vector<double> magnitude(count);
        for (std::size_t c = 0; c < count; ++c)
            magnitude[c] = std::max(std::abs(static_cast<double>(statistics.minimum(c))),
                                    std::abs(static_cast<double>(statistics.maximum(c))));
        const double largest = std::ranges::max(magnitude);
        if (!(largest > 0) || !std::isfinite(largest))
            return {};
        std::vector<float> result(count);
        for (std::size_t c = 0; c < count; ++c) {
            const double share = magnitude[c] / largest;
            double octaves = share > 0 ? exactLog(share) / exactLog(2) : -100;
            octaves *= depthwiseReaders ? 1 : 0.5;
            octaves = std::max(octaves, exactLog(smallestFactor) / exactLog(2));
            octaves = std::floor(octaves * stepsPerOctave + 0.5) / stepsPerOctave;
            result[c] = static_cast<float>(exactExp(octaves * exactLog(2)));
        }
        return result;
    }

    // Multiplies the block of each output (axis 0) or group input (axis 1) by its factor.
    template<class FactorOf> void scaleConstant(TensorId id, FactorOf factorOf)
    {
        TensorInfo &info = m_graph->tensors[id.index()];
        Tensor scaled(*info.constant);
        auto values = scaled.as<float>();
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] *= factorOf(i);
        info.constant = std::make_shared<const Tensor>(std::move(scaled));
    }

    bool equalise(const Layer &writer)
    {
        if (!isWriter(writer))
            return false;
        const TensorInfo &value = m_graph->outputOf(writer);
        bool allDepthwise = true;
        for (const LayerId id : value.consumers) {
            const Layer &reader = m_graph->layer(id);
            if (!isReader(reader, value.id))
                return false;
            allDepthwise = allDepthwise && isDepthwise(reader);
        }
        const auto factor = factors(writer, allDepthwise);
        if (factor.empty() || value.consumers.empty())
            return false;

        const Shape &weights = m_graph->inputOf(writer, 1).shape;
        const auto perOutput = static_cast<std::size_t>(weights.elementCount() / weights[0]);
        scaleConstant(writer.inputs[1], [&](std::size_t i) { return 1 / factor[i / perOutput]; });
        if (m_graph->hasInput(writer, 2))
            scaleConstant(writer.inputs[2], [&](std::size_t i) { return 1 / factor[i]; });
        for (const LayerId id : value.consumers)
            scaleReader(m_graph->layer(id), factor);
        return true;
    }

    void scaleReader(const Layer &reader, const std::vector<float> &factor)
    {
        const Shape weights = m_graph->inputOf(reader, 1).shape; // [O, C/groups, kh, kw]
        const std::int64_t groups = reader.as<Convolution>()->groups;
        const std::int64_t taps = weights[2] * weights[3];
        const std::int64_t outputsPerGroup = weights[0] / groups;
        scaleConstant(reader.inputs[1], [&](std::size_t i) {
            const auto at = static_cast<std::int64_t>(i) / taps;
            const std::int64_t group = at / weights[1] / outputsPerGroup;
            return factor[static_cast<std::size_t>(group * weights[1] + at % weights[1])];
        });
    }

    std::shared_ptr<Graph> m_graph;
    std::span<const ChannelStatistics> m_channels;
};

} // namespace

Equalisation equaliseActivations(const Graph &graph, std::span<const ChannelStatistics> channels)
{
    return Equaliser(graph, channels).run();
}

} // namespace hefstudio
