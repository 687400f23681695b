// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/fold_affine.h"

namespace hefstudio {
namespace {

// Output channels of a layer with weights, and which of them a weight belongs to.
struct WeightLayout {
    std::int64_t channels = 0;
    std::int64_t groups = 1;
    bool transposed = false;
    Shape shape;

    std::size_t channelOf(std::int64_t element) const
    {
        const std::int64_t perFirst = shape.elementCount() / shape[0];
        if (!transposed)
            return static_cast<std::size_t>(element / perFirst);
        // [C, O/groups, kh, kw]: input channel c belongs to group c / (C/groups).
        const std::int64_t first = element / perFirst;
        const std::int64_t inGroup = element % perFirst / (perFirst / shape[1]);
        return static_cast<std::size_t>(first / (shape[0] / groups) * shape[1] + inGroup);
    }
};

std::optional<WeightLayout> weightLayout(const GraphRewriter &graph, const Layer &layer)
{
    if (layer.inputs.size() < 2 || !graph.isConstant(layer.inputs[1]))
        return std::nullopt;
    const Shape &shape = graph.tensor(layer.inputs[1]).shape;
    if (shape.rank() < 2 || shape.elementCount() == 0)
        return std::nullopt;
    if (layer.is<Convolution>() || layer.is<FullyConnected>())
        return WeightLayout{.channels = shape[0], .shape = shape};
    if (const auto *transposed = layer.as<TransposedConvolution>())
        return WeightLayout{.channels = shape[1] * transposed->groups,
                            .groups = transposed->groups,
                            .transposed = true,
                            .shape = shape};
    return std::nullopt;
}

std::vector<double> spread(const std::vector<double> &values, std::size_t channels)
{
    return values.size() == 1 ? std::vector<double>(channels, values[0]) : values;
}

Tensor floatTensor(Shape shape, std::span<const double> values)
{
    Tensor tensor(ElementType::float32, std::move(shape));
    const std::span<float> out = tensor.as<float>();
    for (std::size_t i = 0; i < values.size(); ++i)
        out[i] = static_cast<float>(values[i]);
    return tensor;
}

} // namespace

bool foldIntoProducer(GraphRewriter &graph, LayerId layerId, const AffineForm &form)
{
    const Layer *producer = graph.producer(form.x);
    if (!producer || producer->hasActivation() || !graph.isPrivate(form.x))
        return false;
    const std::optional<WeightLayout> layout = weightLayout(graph, *producer);
    const bool hasBias = producer->inputs.size() > 2 && producer->inputs[2].isValid();
    if (!layout || (hasBias && !graph.isConstant(producer->inputs[2])))
        return false;
    const auto channels = static_cast<std::size_t>(layout->channels);
    const std::vector<double> scale = spread(form.scale, channels);
    const std::vector<double> shift = spread(form.shift, channels);
    if (scale.size() != channels)
        return false;

    const LayerId producerId = producer->id;
    std::vector<double> weights = constantValues(graph, producer->inputs[1]);
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] *= scale[layout->channelOf(static_cast<std::int64_t>(i))];
    std::vector<double> bias =
        hasBias ? constantValues(graph, producer->inputs[2]) : std::vector<double>(channels, 0.0);
    if (bias.size() != channels)
        return false;
    for (std::size_t i = 0; i < channels; ++i)
        bias[i] = bias[i] * scale[i] + shift[i];
    const std::string name = producer->name;
    const TensorId newWeights =
        graph.addConstant(name + "/weights", floatTensor(layout->shape, weights));
    const TensorId newBias =
        graph.addConstant(name + "/bias", floatTensor({layout->channels}, bias));
    graph.setInput(producerId, 1, newWeights);
    graph.setInput(producerId, 2, newBias);
    graph.absorb(producerId, layerId);
    return true;
}

std::vector<TensorId> depthwiseOperands(GraphRewriter &graph, const std::string &layerName,
                                        TensorId x, std::span<const double> scale,
                                        std::span<const double> shift)
{
    const auto channels = static_cast<std::int64_t>(scale.size());
    const TensorId weights =
        graph.addConstant(layerName + "/weights", floatTensor({channels, 1, 1, 1}, scale));
    const TensorId bias = graph.addConstant(layerName + "/bias", floatTensor({channels}, shift));
    return {x, weights, bias};
}

bool becomeDepthwise(GraphRewriter &graph, LayerId layerId, const AffineForm &form)
{
    const Shape &shape = graph.tensor(form.x).shape;
    if (shape.rank() != 4)
        return false;
    const auto channels = static_cast<std::size_t>(shape[1]);
    const std::vector<double> scale = spread(form.scale, channels);
    const std::vector<double> shift = spread(form.shift, channels);
    if (scale.size() != channels || channelAxis(graph, form.x) != 1)
        return false;
    const std::string name = graph.layer(layerId).name;
    graph.replace(layerId, Convolution{.groups = shape[1]},
                  depthwiseOperands(graph, name, form.x, scale, shift));
    return true;
}

} // namespace hefstudio
