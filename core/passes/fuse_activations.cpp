// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/fuse_activations.h"

#include "passes/graph_rewriter.h"

namespace hefstudio {
namespace {

bool takesActivation(const Layer &layer)
{
    return !layer.hasActivation() &&
           (layer.is<Convolution>() || layer.is<TransposedConvolution>() ||
            layer.is<FullyConnected>() || layer.is<MatMul>() || layer.is<Binary>());
}

} // namespace

Result<std::shared_ptr<const Graph>> fuseActivations(const Graph &source)
{
    GraphRewriter graph(source);
    for (const Layer &layer : source.layers) {
        const auto *single = layer.as<Elementwise>();
        if (!single || layer.hasActivation() || single->function.function == Function::identity)
            continue;
        // Read from the rewriter: an earlier fusion may have renumbered the producer's output.
        const TensorId x = graph.layer(layer.id).inputs[0];
        const Layer *producer = graph.producer(x);
        if (!producer || !takesActivation(*producer) || !graph.isPrivate(x))
            continue;
        const LayerId producerId = producer->id;
        graph.setActivation(producerId, single->function);
        graph.absorb(producerId, layer.id);
    }
    return std::move(graph).finish();
}

} // namespace hefstudio
