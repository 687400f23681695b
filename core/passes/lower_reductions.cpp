// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/lower_reductions.h"

#include "passes/graph_rewriter.h"

#include <algorithm>

namespace hefstudio {
namespace {

// The window covers the whole picture without padding, so there is one result per channel.
bool coversPicture(const Window &window, const Shape &shape)
{
    return shape.rank() == 4 && window.kernel[0] == shape[2] && window.kernel[1] == shape[3] &&
           window.dilation == std::array<std::int64_t, 2>{1, 1} &&
           window.padBegin == std::array<std::int64_t, 2>{0, 0} &&
           window.padEnd == std::array<std::int64_t, 2>{0, 0};
}

void keepDimensions(GraphRewriter &graph, const Layer &layer, Reduce reduce)
{
    const TensorId x = layer.inputs[0];
    const Shape &shape = graph.tensor(x).shape;
    const Shape wanted = graph.tensor(layer.output).shape;
    reduce.keepDimensions = true;
    const TensorId kept = graph.insert(layer.id, {.name = layer.name + "/reduce",
                                                  .attributes = reduce,
                                                  .inputs = {x},
                                                  .outputShape = {shape[0], shape[1], 1, 1},
                                                  .origin = layer.origin});
    graph.replace(layer.id, Reshape{wanted.dims()}, {kept});
}

} // namespace

Result<std::shared_ptr<const Graph>> lowerReductions(const Graph &source)
{
    GraphRewriter graph(source);
    for (const Layer &layer : source.layers) {
        if (const auto *reduce = layer.as<Reduce>()) {
            const bool overPicture =
                reduce->axes == std::vector<std::int64_t>{2, 3} &&
                source.inputOf(layer, 0).shape.rank() == 4 &&
                (reduce->reduction == Reduction::mean || reduce->reduction == Reduction::max);
            // An activation would have to move along; the passes before fuse none.
            if (overPicture && !reduce->keepDimensions && !layer.hasActivation())
                keepDimensions(graph, layer, *reduce);
        } else if (const auto *average = layer.as<AveragePool>()) {
            if (coversPicture(average->window, source.inputOf(layer, 0).shape))
                graph.replace(layer.id, Reduce{.reduction = Reduction::mean, .axes = {2, 3}},
                              layer.inputs);
        } else if (const auto *maximum = layer.as<MaxPool>()) {
            if (coversPicture(maximum->window, source.inputOf(layer, 0).shape))
                graph.replace(layer.id, Reduce{.reduction = Reduction::max, .axes = {2, 3}},
                              layer.inputs);
        }
    }
    return std::move(graph).finish();
}

} // namespace hefstudio
