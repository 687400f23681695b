// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/fold_normalization.h"

#include "passes/fold_affine.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace hefstudio {
namespace {

// Per channel of one value on the way from the input: normalised = (raw − mean) / deviation.
struct Channels {
    std::vector<double> mean;
    std::vector<double> deviation;
};

Result<Channels> channelsOf(const TensorInfo &input, const InputNormalization &wanted)
{
    const Shape &shape = input.shape;
    const std::size_t channels = shape.rank() >= 2 ? static_cast<std::size_t>(shape[1]) : 0;
    const auto fits = [&](const std::vector<float> &values) {
        return (values.size() == 1 || values.size() == channels) &&
               std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
    };
    if (shape.rank() != 4 || !fits(wanted.mean) || !fits(wanted.deviation) ||
        std::ranges::any_of(wanted.deviation, [](float value) { return value <= 0; }))
        return fail(Diagnostic("passes.normalization-mismatch", Place{.layer = wanted.input})
                        .with("input", wanted.input)
                        .with("shape", shape.text())
                        .with("means", static_cast<std::int64_t>(wanted.mean.size()))
                        .with("deviations", static_cast<std::int64_t>(wanted.deviation.size())));
    Channels result;
    for (std::size_t i = 0; i < channels; ++i) {
        result.mean.push_back(static_cast<double>(wanted.mean[wanted.mean.size() == 1 ? 0 : i]));
        result.deviation.push_back(
            static_cast<double>(wanted.deviation[wanted.deviation.size() == 1 ? 0 : i]));
    }
    return result;
}

using Known = std::map<TensorId, Channels>;

// The channels of the layer's output when it only moves values whose channels are known.
std::optional<Channels> moved(const Graph &graph, const Layer &layer, const Known &known)
{
    const auto channels = [&](TensorId id) -> const Channels * {
        const auto found = known.find(id);
        return found == known.end() ? nullptr : &found->second;
    };
    if (layer.hasActivation() || layer.inputs.empty() || !channels(layer.inputs[0]))
        return std::nullopt;
    const Channels &first = *channels(layer.inputs[0]);
    if (layer.is<MaxPool>())
        return first;
    if (const auto *slice = layer.as<Slice>()) {
        Channels some;
        for (std::int64_t i = 0; i < slice->size[1]; ++i) {
            const auto from = static_cast<std::size_t>(slice->begin[1] + i * slice->step[1]);
            some.mean.push_back(first.mean[from]);
            some.deviation.push_back(first.deviation[from]);
        }
        return some;
    }
    const auto *concat = layer.as<Concat>();
    if (!concat || concat->axis != 1)
        return std::nullopt;
    Channels all;
    for (const TensorId input : layer.inputs) {
        const Channels *part = channels(input);
        if (!part || graph.tensor(input).shape.rank() != 4)
            return std::nullopt;
        all.mean.insert(all.mean.end(), part->mean.begin(), part->mean.end());
        all.deviation.insert(all.deviation.end(), part->deviation.begin(), part->deviation.end());
    }
    return all;
}

bool takesNormalization(const GraphRewriter &graph, const Layer &layer, TensorId input)
{
    return layer.is<Convolution>() && layer.inputs[0] == input &&
           std::ranges::count(layer.inputs, input) == 1 && graph.isConstant(layer.inputs[1]) &&
           (layer.inputs.size() < 3 || !layer.inputs[2].isValid() ||
            graph.isConstant(layer.inputs[2]));
}

// Every way from the input ends in a convolution that can take the normalisation. On success
// `known` holds the values between.
bool reachesOnlyConvolutions(const GraphRewriter &rewriter, const Graph &graph, TensorId input,
                             Known &known)
{
    for (const Layer &layer : graph.layers) {
        const auto isKnown = [&](TensorId id) { return id.isValid() && known.contains(id); };
        if (std::ranges::none_of(layer.inputs, isKnown))
            continue;
        if (takesNormalization(rewriter, layer, layer.inputs[0]))
            continue;
        const std::optional<Channels> channels = moved(graph, layer, known);
        if (!channels || graph.isOutput(layer.output))
            return false;
        known.emplace(layer.output, *channels);
    }
    return !graph.isOutput(input);
}

void foldIntoConvolution(GraphRewriter &graph, LayerId id, const Channels &channels)
{
    const Layer layer = graph.layer(id);
    Convolution convolution = *layer.as<Convolution>();
    const Shape shape = graph.tensor(layer.inputs[1]).shape;
    std::vector<double> weights = constantValues(graph, layer.inputs[1]);
    const bool hasBias = layer.inputs.size() > 2 && layer.inputs[2].isValid();
    std::vector<double> bias = hasBias ? constantValues(graph, layer.inputs[2])
                                       : std::vector<double>(static_cast<std::size_t>(shape[0]));
    const std::int64_t outputsPerGroup = shape[0] / convolution.groups;
    const std::int64_t taps = shape[2] * shape[3];
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto element = static_cast<std::int64_t>(i);
        const std::int64_t output = element / (shape[1] * taps);
        const std::int64_t channel =
            output / outputsPerGroup * shape[1] + element / taps % shape[1];
        weights[i] /= channels.deviation[static_cast<std::size_t>(channel)];
        bias[static_cast<std::size_t>(output)] -=
            weights[i] * channels.mean[static_cast<std::size_t>(channel)];
    }
    // The padding keeps its meaning: what held the normalised value p holds p·deviation + mean.
    std::vector<float> padValues;
    for (std::size_t i = 0; i < channels.mean.size(); ++i) {
        const double before =
            convolution.padValues.empty() ? 0.0 : static_cast<double>(convolution.padValues[i]);
        padValues.push_back(static_cast<float>(before * channels.deviation[i] + channels.mean[i]));
    }
    const std::array<std::int64_t, 2> none{0, 0};
    const bool pads = convolution.window.padBegin != none || convolution.window.padEnd != none;
    const bool zero = std::ranges::all_of(padValues, [](float value) { return value == 0; });
    convolution.padValues = pads && !zero ? padValues : std::vector<float>{};

    Tensor newWeights(ElementType::float32, shape);
    std::ranges::transform(weights, newWeights.as<float>().begin(),
                           [](double value) { return static_cast<float>(value); });
    Tensor newBias(ElementType::float32, {shape[0]});
    std::ranges::transform(bias, newBias.as<float>().begin(),
                           [](double value) { return static_cast<float>(value); });
    const TensorId weightsId = graph.addConstant(layer.name + "/weights", std::move(newWeights));
    const TensorId biasId = graph.addConstant(layer.name + "/bias", std::move(newBias));
    graph.replace(id, convolution, {layer.inputs[0], weightsId, biasId});
}

void insertAffine(GraphRewriter &graph, TensorId input, const Channels &channels)
{
    const std::vector<LayerId> readers = graph.tensor(input).consumers;
    if (readers.empty())
        return;
    std::vector<double> scale;
    std::vector<double> shift;
    for (std::size_t i = 0; i < channels.mean.size(); ++i) {
        scale.push_back(1 / channels.deviation[i]);
        shift.push_back(-channels.mean[i] / channels.deviation[i]);
    }
    const std::string name = graph.tensor(input).name + "/normalization";
    const Shape shape = graph.tensor(input).shape;
    const TensorId normalized = graph.insert(
        readers.front(), {.name = name,
                          .attributes = Convolution{.groups = shape[1]},
                          .inputs = depthwiseOperands(graph, name, input, scale, shift),
                          .outputShape = shape});
    for (const LayerId reader : readers) {
        const std::vector<TensorId> inputs = graph.layer(reader).inputs;
        for (std::size_t slot = 0; slot < inputs.size(); ++slot)
            if (inputs[slot] == input)
                graph.setInput(reader, slot, normalized);
    }
}

} // namespace

bool InputNormalization::changesNothing() const
{
    return std::ranges::all_of(mean, [](float value) { return value == 0; }) &&
           std::ranges::all_of(deviation, [](float value) { return value == 1; });
}

Result<std::shared_ptr<const Graph>>
foldNormalization(const Graph &source, std::span<const InputNormalization> normalizations)
{
    GraphRewriter graph(source);
    for (const InputNormalization &wanted : normalizations) {
        const TensorInfo *input = source.findTensor(wanted.input);
        if (!input || std::ranges::find(source.inputs, input->id) == source.inputs.end())
            return fail(Diagnostic("passes.unknown-input", Place{.layer = wanted.input})
                            .with("input", wanted.input));
        Result<Channels> channels = channelsOf(*input, wanted);
        if (!channels)
            return passOn(std::move(channels));
        if (wanted.changesNothing())
            continue;
        Known known;
        known.emplace(input->id, *channels);
        if (!reachesOnlyConvolutions(graph, source, input->id, known)) {
            insertAffine(graph, input->id, *channels);
            continue;
        }
        for (const Layer &layer : source.layers)
            if (layer.is<Convolution>() && known.contains(layer.inputs[0]))
                foldIntoConvolution(graph, layer.id, known.at(layer.inputs[0]));
    }
    return std::move(graph).finish();
}

} // namespace hefstudio
