// SPDX-License-Identifier: GPL-3.0-or-later
#include "profile/model_estimate.h"

namespace hefstudio {

Result<std::shared_ptr<const ModelEstimate>> estimateModel(std::shared_ptr<const Graph> graph,
                                                           const EstimateChoices &choices,
                                                           std::stop_token stop)
{
    auto device = findDevice(choices.chip);
    if (!device)
        return passOn(std::move(device));
    auto result = std::make_shared<ModelEstimate>();
    result->bits.assign(graph->tensors.size(), 8);
    auto mapping = mapToDevice(*graph, result->bits, *device, {}, std::move(stop), {});
    if (!mapping)
        return passOn(std::move(mapping));
    result->profile =
        estimate(*graph, result->bits, *mapping, *device, choices.batches, choices.link);
    result->contextOf.assign(graph->layers.size(), -1);
    result->millisecondsOf.assign(graph->layers.size(), 0);
    result->clusterOf.assign(graph->layers.size(), -1);
    std::vector<double> mostCompute(graph->layers.size(), -1);
    for (const MappedContext &context : mapping->contexts) {
        for (const LayerId layer : context.layers)
            result->contextOf[layer.index()] = int(context.id.index());
        for (const PlacedPiece &piece : context.pieces)
            if (piece.compute > mostCompute[piece.layer.index()]) {
                mostCompute[piece.layer.index()] = piece.compute;
                result->clusterOf[piece.layer.index()] = int(piece.cluster.index());
            }
    }
    for (const LayerProfile &layer : result->profile.layers) {
        result->millisecondsOf[layer.id.index()] = layer.predictedMs;
        result->totalMs += layer.predictedMs;
    }
    result->graph = std::move(graph);
    result->device = std::move(*device);
    result->mapping = std::move(*mapping);
    return std::shared_ptr<const ModelEstimate>(std::move(result));
}

} // namespace hefstudio
