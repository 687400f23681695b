// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/simplify_joins.h"

#include "passes/graph_rewriter.h"
#include "passes/remove_no_ops.h"

#include <algorithm>
#include <optional>

namespace hefstudio {
namespace {

void flattenJoin(GraphRewriter &graph, LayerId id)
{
    const Concat kind = *graph.layer(id).as<Concat>();
    std::vector<TensorId> inputs;
    bool changes = false;
    for (const TensorId input : std::vector(graph.layer(id).inputs)) {
        const Layer *before = graph.producer(input);
        const auto *inner = before ? before->as<Concat>() : nullptr;
        if (inner && inner->axis == kind.axis && !before->hasActivation() &&
            graph.isPrivate(input)) {
            inputs.insert(inputs.end(), before->inputs.begin(), before->inputs.end());
            graph.addOrigin(id, std::vector(before->origin));
            changes = true;
        } else {
            inputs.push_back(input);
        }
    }
    if (changes)
        graph.replace(id, kind, std::move(inputs));
}

// The only axis along which a slice leaves something out; nothing for slices with steps.
std::optional<std::size_t> slicedAxis(const GraphRewriter &graph, const Layer &layer)
{
    const auto *slice = layer.as<Slice>();
    if (!slice || layer.hasActivation())
        return std::nullopt;
    const Shape &in = graph.tensor(layer.inputs[0]).shape;
    std::optional<std::size_t> axis;
    for (std::size_t i = 0; i < in.rank(); ++i) {
        if (slice->step[i] != 1)
            return std::nullopt;
        if (slice->size[i] == in[i])
            continue;
        if (axis)
            return std::nullopt;
        axis = i;
    }
    return axis;
}

void sliceOperandOfJoin(GraphRewriter &graph, LayerId id)
{
    const Layer &layer = graph.layer(id);
    const auto axis = slicedAxis(graph, layer);
    const Layer *join = axis ? graph.producer(layer.inputs[0]) : nullptr;
    if (!join || !join->is<Concat>() || join->hasActivation() ||
        join->as<Concat>()->axis != static_cast<std::int64_t>(*axis))
        return;
    Slice slice = *layer.as<Slice>();
    std::int64_t offset = 0;
    for (const TensorId input : join->inputs) {
        const std::int64_t size = graph.tensor(input).shape[*axis];
        if (slice.begin[*axis] >= offset &&
            slice.begin[*axis] + slice.size[*axis] <= offset + size) {
            if (graph.isConstant(input))
                return;
            slice.begin[*axis] -= offset;
            graph.addOrigin(id, std::vector(join->origin));
            graph.replace(id, std::move(slice), {input});
            return;
        }
        offset += size;
    }
}

// Neighbouring slices of one value, in order: one slice.
void rejoinSlices(GraphRewriter &graph, LayerId id)
{
    const Layer &join = graph.layer(id);
    if (join.hasActivation() || join.inputs.size() < 2)
        return;
    const auto axis = static_cast<std::size_t>(join.as<Concat>()->axis);
    std::optional<Slice> whole;
    TensorId source;
    std::vector<std::string> origin;
    for (const TensorId input : join.inputs) {
        const Layer *part = graph.producer(input);
        if (!part || slicedAxis(graph, *part) != axis)
            return;
        const Slice &slice = *part->as<Slice>();
        if (!whole) {
            whole = slice;
            source = part->inputs[0];
        } else if (part->inputs[0] != source ||
                   slice.begin[axis] != whole->begin[axis] + whole->size[axis]) {
            return;
        } else {
            whole->size[axis] += slice.size[axis];
        }
        origin.insert(origin.end(), part->origin.begin(), part->origin.end());
    }
    graph.addOrigin(id, origin);
    graph.replace(id, std::move(*whole), {source});
}

// Which phase (row offset · block + column offset) of the picture a slice takes.
std::optional<std::int64_t> phaseOf(const GraphRewriter &graph, const Layer &layer,
                                    std::int64_t block)
{
    const auto *slice = layer.as<Slice>();
    const Shape &in = graph.tensor(layer.inputs[0]).shape;
    if (!slice || layer.hasActivation() || in.rank() != 4 || in[2] % block != 0 ||
        in[3] % block != 0 || slice->step != std::vector<std::int64_t>{1, 1, block, block} ||
        slice->size != std::vector<std::int64_t>{in[0], in[1], in[2] / block, in[3] / block} ||
        slice->begin[2] >= block || slice->begin[3] >= block)
        return std::nullopt;
    return slice->begin[2] * block + slice->begin[3];
}

void recogniseFocus(GraphRewriter &graph, LayerId id)
{
    const Layer &join = graph.layer(id);
    const auto count = static_cast<std::int64_t>(join.inputs.size());
    std::int64_t block = 2;
    while (block * block < count)
        ++block;
    if (join.hasActivation() || join.as<Concat>()->axis != 1 || block * block != count || count < 4)
        return;
    std::vector<std::int64_t> phases;
    TensorId source;
    std::vector<std::string> origin;
    for (const TensorId input : join.inputs) {
        const Layer *part = graph.producer(input);
        const auto phase =
            part && !part->inputs.empty() ? phaseOf(graph, *part, block) : std::nullopt;
        if (!phase || (source.isValid() && part->inputs[0] != source) ||
            std::ranges::find(phases, *phase) != phases.end())
            return;
        source = part->inputs[0];
        phases.push_back(*phase);
        origin.insert(origin.end(), part->origin.begin(), part->origin.end());
    }
    graph.addOrigin(id, origin);
    if (std::ranges::is_sorted(phases)) {
        graph.replace(id, SpaceToDepth{block}, {source});
        return;
    }
    const std::int64_t channels = graph.tensor(source).shape[1];
    std::vector<std::int64_t> order;
    for (const std::int64_t phase : phases)
        for (std::int64_t c = 0; c < channels; ++c)
            order.push_back(phase * channels + c);
    const std::string name = join.name;
    const TensorId deep = graph.insert(id, {.name = name + "/depth",
                                            .attributes = SpaceToDepth{block},
                                            .inputs = {source},
                                            .outputShape = graph.tensor(join.output).shape,
                                            .origin = join.origin});
    const TensorId indices = graph.addConstant(
        name + "/channels", Tensor::of<std::int64_t>({static_cast<std::int64_t>(order.size())},
                                                     std::span<const std::int64_t>(order)));
    graph.replace(id, Gather{1}, {deep, indices});
}

} // namespace

Result<std::shared_ptr<const Graph>> simplifyJoins(const Graph &source)
{
    GraphRewriter graph(source);
    for (std::size_t i = 0; i < source.layers.size(); ++i) {
        const LayerId id(i);
        if (graph.layer(id).is<Slice>())
            sliceOperandOfJoin(graph, id);
        if (graph.layer(id).is<Concat>())
            flattenJoin(graph, id);
        if (graph.layer(id).is<Concat>())
            rejoinSlices(graph, id);
        if (graph.layer(id).is<Concat>())
            recogniseFocus(graph, id);
    }
    auto simpler = std::move(graph).finish();
    return simpler ? removeNoOps(**simpler) : simpler; // whole slices are left
}

} // namespace hefstudio
