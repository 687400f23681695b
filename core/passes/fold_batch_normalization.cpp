// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/fold_batch_normalization.h"

#include "passes/fold_affine.h"

namespace hefstudio {
namespace {

Tensor perChannel(const Shape &like, std::span<const double> values)
{
    Shape shape(std::vector<std::int64_t>(like.rank(), 1));
    shape[1] = like[1];
    Tensor tensor(ElementType::float32, std::move(shape));
    for (std::size_t i = 0; i < values.size(); ++i)
        tensor.as<float>()[i] = static_cast<float>(values[i]);
    return tensor;
}

void becomeArithmetic(GraphRewriter &graph, LayerId id, const AffineForm &form)
{
    const Layer layer = graph.layer(id);
    const Shape shape = graph.tensor(layer.output).shape;
    const TensorId scale = graph.addConstant(layer.name + "/scale", perChannel(shape, form.scale));
    const TensorId shift = graph.addConstant(layer.name + "/shift", perChannel(shape, form.shift));
    const TensorId scaled = graph.insert(id, {.name = layer.name + "/scaled",
                                              .attributes = Binary{BinaryOperator::multiply},
                                              .inputs = {form.x, scale},
                                              .outputShape = shape,
                                              .origin = layer.origin});
    graph.replace(id, Binary{BinaryOperator::add}, {scaled, shift});
}

} // namespace

Result<std::shared_ptr<const Graph>> foldBatchNormalization(const Graph &source)
{
    GraphRewriter graph(source);
    for (const Layer &layer : source.layers) {
        if (!layer.is<BatchNormalization>())
            continue;
        // A fused activation stays with the layer that computes the normalised value.
        Layer bare = graph.layer(layer.id);
        bare.activation = {};
        const std::optional<AffineForm> form = affineForm(graph, bare);
        if (!form)
            continue;
        if (!layer.hasActivation() && foldIntoProducer(graph, layer.id, *form))
            continue;
        if (!becomeDepthwise(graph, layer.id, *form))
            becomeArithmetic(graph, layer.id, *form);
    }
    return std::move(graph).finish();
}

} // namespace hefstudio
