// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/parser_limits.h"

#include <algorithm>

namespace hefstudio {
namespace {

constexpr std::size_t mostDimensions = 4;

bool hasManyDimensions(const Graph &graph, const Layer &layer)
{
    const auto isLarge = [&](TensorId id) {
        return id.isValid() && graph.tensor(id).shape.rank() > mostDimensions;
    };
    return isLarge(layer.output) || std::ranges::any_of(layer.inputs, isLarge);
}

bool mixesSamples(const Graph &graph, const Layer &layer)
{
    const Shape &shape = graph.outputOf(layer).shape;
    return shape.rank() == mostDimensions && shape[0] != 1;
}

bool normalisesList(const Graph &graph, const Layer &layer)
{
    const std::size_t rank = graph.inputOf(layer, 0).shape.rank();
    return rank != 2 && rank != mostDimensions;
}

bool always(const Graph &, const Layer &)
{
    return true;
}

bool slicesBatch(const Graph &graph, const Layer &layer)
{
    const auto *slice = layer.as<Slice>();
    return slice->size[0] != graph.inputOf(layer, 0).shape[0];
}

bool dropsDimensions(const Graph &, const Layer &layer)
{
    return !layer.as<Reduce>()->keepDimensions;
}

bool joinsRows(const Graph &graph, const Layer &layer)
{
    const std::size_t rank = graph.outputOf(layer).shape.rank();
    return rank < 2 || (rank == mostDimensions && layer.as<Concat>()->axis == 0);
}

constexpr LayerLimit limits[] = {
    {"", "Values have at most four dimensions.", hasManyDimensions},
    {"matmul", "Windows are no batch: a product of four dimensions has one sample.", mixesSamples},
    {"layer-normalization", "Lists are normalised by arithmetic; the operator is read on pictures.",
     normalisesList},
    {"gather", "Elements are not picked by index.", always},
    {"broadcast", "Values are not repeated to a larger shape.", always},
    {"slice", "Slices leave the batch alone.", slicesBatch},
    {"reduce", "Reductions keep their dimensions.", dropsDimensions},
    {"concat", "Values are joined along channels, rows or columns.", joinsRows},
};

} // namespace

std::span<const LayerLimit> parserLimits()
{
    return limits;
}

const LayerLimit *brokenParserLimit(const Graph &graph, const Layer &layer)
{
    const std::string_view kind = layer.kind();
    const auto *found = std::ranges::find_if(limits, [&](const LayerLimit &limit) {
        return (limit.kind.empty() || limit.kind == kind) && limit.isBroken(graph, layer);
    });
    return found == std::end(limits) ? nullptr : found;
}

} // namespace hefstudio
