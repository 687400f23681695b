// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/equalise.h"

#include "base/math.h"
#include "quantize/groups.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

namespace hefstudio {
namespace {

constexpr double smallestFactor = 1.0 / 64;
constexpr double stepsPerOctave = 8;
constexpr std::array<double, 5> exponents{0, 0.25, 0.5, 0.75, 1};

// f(S·x) = S·f(x) for S > 0.
bool isHomogeneous(const ScalarFunction &function)
{
    return function.function == Function::identity || function.function == Function::relu ||
           function.function == Function::leakyRelu;
}

std::size_t channelCount(const Shape &shape)
{
    return shape.rank() == 4 ? static_cast<std::size_t>(shape[1])
           : shape.rank() == 2 ? static_cast<std::size_t>(shape[1])
                               : 0;
}

// Channels of all tensors, joined where a layer hands them on, frozen where they must stay as they
// are.
class Channels {
public:
    explicit Channels(const Graph &graph) : m_graph(graph), m_first(firsts(graph)), m_groups(m_first.back())
    {
        m_frozen.assign(m_first.back(), false);
        for (const Layer &layer : graph.layers)
            visit(layer);
        for (const TensorId output : graph.outputs)
            freeze(output);
    }

    // The set a channel belongs to; nothing for channels that keep their factor 1.
    std::optional<std::size_t> setOf(std::size_t tensor, std::size_t channel) const
    {
        const std::size_t set = m_groups.find(m_first[tensor] + channel);
        return m_frozen[set] ? std::nullopt : std::optional(set);
    }
    std::size_t total() const { return m_first.back(); }

private:
    static std::vector<std::size_t> firsts(const Graph &graph)
    {
        std::vector<std::size_t> first{0};
        for (const TensorInfo &tensor : graph.tensors)
            first.push_back(first.back() +
                            (tensor.isConstant() ? 0 : channelCount(tensor.shape)));
        return first;
    }

    bool isConstant(TensorId id) const { return m_graph.tensor(id).isConstant(); }
    std::size_t countOf(TensorId id) const
    {
        return m_first[id.index() + 1] - m_first[id.index()];
    }

    void freeze(TensorId id)
    {
        for (std::size_t i = m_first[id.index()]; i < m_first[id.index() + 1]; ++i)
            m_frozen[m_groups.find(i)] = true;
    }
    void join(TensorId a, std::size_t channelA, TensorId b, std::size_t channelB)
    {
        const std::size_t one = m_groups.find(m_first[a.index()] + channelA);
        const std::size_t two = m_groups.find(m_first[b.index()] + channelB);
        const bool isFrozen = m_frozen[one] || m_frozen[two];
        m_frozen[m_groups.join(one, two)] = isFrozen;
    }
    void joinAll(TensorId a, TensorId b)
    {
        if (countOf(a) != countOf(b)) {
            freeze(a);
            freeze(b);
            return;
        }
        for (std::size_t c = 0; c < countOf(a); ++c)
            join(a, c, b, c);
    }
    void freezeLayer(const Layer &layer)
    {
        for (const TensorId input : layer.inputs)
            if (input.isValid() && !isConstant(input))
                freeze(input);
        freeze(layer.output);
    }

    bool hasConstantWeights(const Layer &layer) const
    {
        return m_graph.hasInput(layer, 1) && isConstant(layer.inputs[1]) &&
               !isConstant(layer.inputs[0]) &&
               (!m_graph.hasInput(layer, 2) || isConstant(layer.inputs[2]));
    }
    bool isWeighted(const Layer &layer) const
    {
        if (const auto *convolution = layer.as<Convolution>())
            return convolution->padValues.empty() && hasConstantWeights(layer);
        return layer.is<FullyConnected>() && hasConstantWeights(layer) &&
               m_graph.inputOf(layer, 0).shape.rank() == 2;
    }

    // The operand whose channels go on to the output, unchanged but for a factor that is the same
    // for stored and real values; nothing when the layer does anything else.
    std::optional<std::size_t> passedOn(const Layer &layer) const
    {
        if (const auto *function = layer.as<Elementwise>())
            return isHomogeneous(function->function) ? std::optional<std::size_t>(0)
                                                     : std::nullopt;
        if (const auto *reduce = layer.as<Reduce>()) {
            const bool isSpatial = reduce->axes == std::vector<std::int64_t>{2, 3} &&
                                   reduce->keepDimensions &&
                                   reduce->reduction != Reduction::product;
            return isSpatial ? std::optional<std::size_t>(0) : std::nullopt;
        }
        if (const auto *pad = layer.as<Pad>()) {
            const bool isSpatial = pad->begin.size() == 4 && pad->begin[0] == 0 &&
                                   pad->begin[1] == 0 && pad->end[0] == 0 && pad->end[1] == 0;
            return isSpatial && (pad->mode != PadMode::constant || pad->value == 0)
                       ? std::optional<std::size_t>(0)
                       : std::nullopt;
        }
        if (layer.is<MaxPool>() || layer.is<AveragePool>() || layer.is<Resize>())
            return 0;
        if (const auto *binary = layer.as<Binary>();
            binary && binary->op == BinaryOperator::multiply)
            return gated(layer);
        return std::nullopt;
    }
    // A product is linear in either operand: the one that has the output's shape goes on, the other
    // (a gate) stays as it is.
    std::optional<std::size_t> gated(const Layer &layer) const
    {
        const Shape &out = m_graph.outputOf(layer).shape;
        for (std::size_t slot = 0; slot < 2; ++slot) {
            const TensorId other = layer.inputs[1 - slot];
            if (!isConstant(layer.inputs[slot]) && m_graph.inputOf(layer, slot).shape == out &&
                layer.inputs[slot] != other &&
                (isConstant(other) || m_graph.tensor(other).shape != out || slot == 1))
                return slot;
        }
        return std::nullopt;
    }

    void visit(const Layer &layer)
    {
        if (isWeighted(layer))
            return;
        if (!isHomogeneous(layer.activation))
            return freezeLayer(layer);
        if (const auto slot = passedOn(layer)) {
            for (std::size_t i = 0; i < layer.inputs.size(); ++i)
                if (i != *slot && layer.inputs[i].isValid() && !isConstant(layer.inputs[i]))
                    freeze(layer.inputs[i]);
            return joinAll(layer.inputs[*slot], layer.output);
        }
        if (const auto *binary = layer.as<Binary>();
            binary && (binary->op == BinaryOperator::add || binary->op == BinaryOperator::subtract) &&
            !isConstant(layer.inputs[0]) && !isConstant(layer.inputs[1])) {
            joinAll(layer.inputs[0], layer.output);
            return joinAll(layer.inputs[1], layer.output);
        }
        if (const auto *concat = layer.as<Concat>(); concat && concat->axis == 1)
            return visitConcat(layer);
        if (const auto *slice = layer.as<Slice>();
            slice && m_graph.outputOf(layer).shape.rank() == 4 && slice->step[1] > 0) {
            for (std::size_t c = 0; c < countOf(layer.output); ++c)
                join(layer.inputs[0],
                     static_cast<std::size_t>(slice->begin[1]) +
                         c * static_cast<std::size_t>(slice->step[1]),
                     layer.output, c);
            return;
        }
        if (const auto *gather = layer.as<Gather>();
            gather && gather->axis == 1 && m_graph.outputOf(layer).shape.rank() == 4)
            return visitGather(layer);
        freezeLayer(layer);
    }
    void visitConcat(const Layer &layer)
    {
        std::size_t at = 0;
        for (const TensorId input : layer.inputs) {
            const std::size_t count = channelCount(m_graph.tensor(input).shape);
            for (std::size_t c = 0; c < count && at + c < countOf(layer.output); ++c) {
                if (isConstant(input))
                    m_frozen[m_groups.find(m_first[layer.output.index()] + at + c)] = true;
                else
                    join(input, c, layer.output, at + c);
            }
            at += count;
        }
    }
    void visitGather(const Layer &layer)
    {
        const auto indices = m_graph.inputOf(layer, 1).isConstant()
                                 ? m_graph.inputOf(layer, 1).constant->toInt64()
                                 : std::vector<std::int64_t>{};
        if (indices.size() != countOf(layer.output))
            return freezeLayer(layer);
        for (std::size_t c = 0; c < indices.size(); ++c)
            join(layer.inputs[0], static_cast<std::size_t>(indices[c]), layer.output, c);
    }

    const Graph &m_graph;
    std::vector<std::size_t> m_first; // by TensorId, and the total behind it
    mutable Groups m_groups;
    std::vector<bool> m_frozen; // by set
};

class Equaliser {
public:
    Equaliser(const Graph &graph, std::span<const ChannelStatistics> statistics)
        : m_graph(graph), m_statistics(statistics), m_channels(graph),
          m_magnitude(m_channels.total(), 0)
    {
    }

    Equalisation run()
    {
        collectMagnitudes();
        for (const auto &[leader, members] : components()) {
            double largest = 0;
            for (const std::size_t tensor : members)
                for (std::size_t c = 0; c < m_statistics[tensor].channels(); ++c)
                    if (const auto set = m_channels.setOf(tensor, c))
                        largest = std::max(largest, m_magnitude[*set]);
            if (largest > 0 && std::isfinite(largest))
                choose(members, largest);
        }
        Equalisation result;
        result.scales.resize(m_graph.tensors.size());
        for (std::size_t tensor = 0; tensor < m_graph.tensors.size(); ++tensor) {
            auto scales = scalesFor(tensor);
            if (std::ranges::all_of(scales, [](float s) { return s == 1; }))
                continue;
            result.scales[tensor] = std::move(scales);
            ++result.tensors;
        }
        return result;
    }

private:
    double magnitudeOf(std::size_t tensor, std::size_t c) const
    {
        const double a = std::max(std::abs(static_cast<double>(m_statistics[tensor].minimum(c))),
                                  std::abs(static_cast<double>(m_statistics[tensor].maximum(c))));
        return std::isfinite(a) ? a : 0;
    }

    bool isKnown(std::size_t tensor) const
    {
        const TensorInfo &info = m_graph.tensors[tensor];
        return !info.isConstant() && tensor < m_statistics.size() &&
               m_statistics[tensor].channels() > 0 &&
               m_statistics[tensor].channels() == channelCount(info.shape);
    }

    void collectMagnitudes()
    {
        m_exponent.assign(m_channels.total(), 0);
        m_largest.assign(m_channels.total(), 1);
        for (std::size_t tensor = 0; tensor < m_graph.tensors.size(); ++tensor) {
            if (!isKnown(tensor))
                continue;
            for (std::size_t c = 0; c < m_statistics[tensor].channels(); ++c)
                if (const auto set = m_channels.setOf(tensor, c))
                    m_magnitude[*set] = std::max(m_magnitude[*set], magnitudeOf(tensor, c));
        }
    }

    // Tensors that share a set of channels, by the first of them.
    std::map<std::size_t, std::vector<std::size_t>> components()
    {
        Groups groups(m_graph.tensors.size());
        std::vector<std::size_t> firstWith(m_channels.total(), m_graph.tensors.size());
        for (std::size_t tensor = 0; tensor < m_graph.tensors.size(); ++tensor) {
            if (!isKnown(tensor))
                continue;
            for (std::size_t c = 0; c < m_statistics[tensor].channels(); ++c) {
                const auto set = m_channels.setOf(tensor, c);
                if (!set)
                    continue;
                if (firstWith[*set] == m_graph.tensors.size())
                    firstWith[*set] = tensor;
                else
                    groups.join(firstWith[*set], tensor);
            }
        }
        std::map<std::size_t, std::vector<std::size_t>> members;
        for (std::size_t tensor = 0; tensor < m_graph.tensors.size(); ++tensor)
            if (isKnown(tensor))
                members[groups.find(tensor)].push_back(tensor);
        return members;
    }

    void choose(const std::vector<std::size_t> &members, double largest)
    {
        double least = INFINITY;
        double best = 0;
        // Multiplied weights cost a depthwise reader nothing. For others the last step is not worth
        // it: the noise of many small weights is correlated, which the prediction does not see.
        const bool isFree = hasOnlyDepthwiseReaders(members);
        for (const double exponent : exponents) {
            if (exponent == 1 && !isFree)
                continue;
            set(members, largest, exponent);
            double noise = 0;
            for (const std::size_t tensor : members)
                for (const LayerId reader : m_graph.tensors[tensor].consumers)
                    noise += predictedNoise(m_graph.layer(reader), tensor);
            if (noise < least) {
                least = noise;
                best = exponent;
            }
        }
        set(members, largest, best);
    }

    bool hasOnlyDepthwiseReaders(const std::vector<std::size_t> &members) const
    {
        for (const std::size_t tensor : members) {
            const TensorInfo &info = m_graph.tensors[tensor];
            for (const LayerId id : info.consumers) {
                const Layer &reader = m_graph.layer(id);
                const auto *convolution = reader.as<Convolution>();
                if (reader.is<FullyConnected>() ||
                    (convolution && convolution->groups != info.shape[1]))
                    return false;
            }
        }
        return true;
    }

    void set(const std::vector<std::size_t> &members, double largest, double exponent)
    {
        for (const std::size_t tensor : members) {
            for (std::size_t c = 0; c < m_statistics[tensor].channels(); ++c) {
                const auto channel = m_channels.setOf(tensor, c);
                if (!channel)
                    continue;
                m_exponent[*channel] = exponent;
                m_largest[*channel] = largest;
            }
        }
    }

    std::vector<float> scalesFor(std::size_t tensor) const
    {
        std::vector<float> scales;
        if (!isKnown(tensor))
            return scales;
        for (std::size_t c = 0; c < m_statistics[tensor].channels(); ++c) {
            const auto set = m_channels.setOf(tensor, c);
            scales.push_back(set ? factor(m_magnitude[*set] / m_largest[*set], m_exponent[*set])
                                 : 1.0F);
        }
        return scales;
    }

    static float factor(double share, double exponent)
    {
        static const double logTwo = exactLog(2);
        double octaves = share > 0 ? exactLog(share) / logTwo * exponent : 0;
        octaves = std::max(octaves, exactLog(smallestFactor) / logTwo);
        octaves = std::floor(octaves * stepsPerOctave + 0.5) / stepsPerOctave;
        return static_cast<float>(exactExp(octaves * logTwo));
    }

    // Noise over signal at the output of one reader of `tensor`, for the present factors: the
    // value's own rounding, and the rounding of the weights that were multiplied by the factors.
    // A channel's second moment is taken as that of a twelfth of its width around its mean.
    double predictedNoise(const Layer &reader, std::size_t tensor) const
    {
        if (!(reader.is<Convolution>() || reader.is<FullyConnected>()) ||
            reader.inputs[0].index() != tensor || !m_graph.inputOf(reader, 1).isConstant())
            return 0;
        const auto scales = scalesFor(tensor);
        const ChannelStatistics &statistics = m_statistics[tensor];
        double low = 0, high = 0;
        for (std::size_t c = 0; c < scales.size(); ++c) {
            low = std::min(low, static_cast<double>(statistics.minimum(c) / scales[c]));
            high = std::max(high, static_cast<double>(statistics.maximum(c) / scales[c]));
        }
        const double step = (high - low) / 255;
        const TensorInfo &weights = m_graph.inputOf(reader, 1);
        const Tensor real = weights.constant->toFloat32();
        const auto values = real.as<float>();
        const Shape &shape = weights.shape;
        const std::int64_t taps = shape.rank() == 4 ? shape[2] * shape[3] : 1;
        const std::int64_t groups = reader.is<Convolution>() ? reader.as<Convolution>()->groups : 1;
        double signal = 0, noise = 0;
        std::size_t at = 0;
        for (std::int64_t o = 0; o < shape[0]; ++o) {
            const auto first = static_cast<std::size_t>(o / (shape[0] / groups) * shape[1]);
            double largest = 0, storedPower = 0;
            for (std::int64_t i = 0; i < shape[1]; ++i) {
                const std::size_t c = first + static_cast<std::size_t>(i);
                const auto scale = static_cast<double>(scales[c]);
                double squares = 0;
                for (std::int64_t k = 0; k < taps; ++k, ++at) {
                    const auto weight = static_cast<double>(values[at]);
                    squares += weight * weight;
                    largest = std::max(largest, std::abs(weight) * scale);
                }
                const double mean = statistics.mean(c);
                const double width =
                    static_cast<double>(statistics.maximum(c) - statistics.minimum(c)) / 12;
                const double power = mean * mean + width * width;
                signal += squares * power;
                noise += squares * scale * scale * step * step / 12;
                storedPower += power / (scale * scale) * static_cast<double>(taps);
            }
            const double weightStep = largest / 127;
            noise += weightStep * weightStep / 12 * storedPower;
        }
        return signal > 0 ? noise / signal : 0;
    }

    const Graph &m_graph;
    std::span<const ChannelStatistics> m_statistics;
    Channels m_channels;
    std::vector<double> m_magnitude; // by set of channels, as are the next two
    std::vector<double> m_exponent, m_largest;
};

} // namespace

Equalisation equaliseChannels(const Graph &graph, std::span<const ChannelStatistics> channels)
{
    return Equaliser(graph, channels).run();
}

} // namespace hefstudio
