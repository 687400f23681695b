// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/head_surgery.h"

#include "passes/graph_rewriter.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace hefstudio {
namespace {

bool isScore(EndNodeRole role)
{
    return role == EndNodeRole::classes || role == EndNodeRole::objectness;
}

bool isSigmoid(const Layer &layer)
{
    const auto *single = layer.as<Elementwise>();
    return single && single->function.function == Function::sigmoid && !layer.hasActivation();
}

struct Cut {
    std::size_t axis = 0;
    std::int64_t begin = 0;
    std::int64_t size = 0;
};

// The single axis that a slice shortens, where it takes every entry of a run.
std::optional<Cut> cutOf(const Slice &slice, const Shape &input)
{
    std::optional<Cut> cut;
    for (std::size_t i = 0; i < slice.size.size(); ++i) {
        if (slice.step[i] != 1 || (slice.size[i] != input[i] && cut))
            return std::nullopt;
        if (slice.size[i] != input[i])
            cut = Cut{i, slice.begin[i], slice.size[i]};
    }
    return cut;
}

Shape withSize(Shape shape, const Cut &cut)
{
    shape[cut.axis] = cut.size;
    return shape;
}

// Elements per entry before (in front of) an axis.
std::int64_t outerSize(const Shape &shape, std::size_t axis)
{
    std::int64_t product = 1;
    for (std::size_t i = 0; i < axis; ++i)
        product *= shape[i];
    return product;
}

// Moves the same function of a value from behind layout changes to before them. New layers are
// made once for each value and wish.
class TailEditor {
public:
    TailEditor(GraphRewriter &graph, std::set<TensorId> ends, std::set<TensorId> scores)
        : m_graph(graph), m_ends(std::move(ends)), m_scores(std::move(scores))
    {
    }

    // `size` entries of `axis` of x from `begin` on, taken as early as possible.
    TensorId sliced(TensorId x, Cut cut, LayerId at);
    // σ(x), taken at the scores' own tensors and behind all others.
    TensorId squashed(TensorId x, LayerId at);
    // Does the slice, with everything behind the ends, stand on the ends alone?
    bool isBehindEnds(TensorId x);
    const std::map<TensorId, TensorId> &folded() const { return m_folded; }

private:
    TensorId add(LayerId at, const Layer &like, Attributes attributes, std::vector<TensorId> inputs,
                 Shape shape);
    TensorId plainSlice(TensorId x, Cut cut, LayerId at, const Layer *like);
    std::optional<TensorId> slicedConcat(const Layer &layer, const Concat &concat, Cut cut,
                                         LayerId at);
    std::optional<TensorId> slicedReshape(const Layer &layer, Cut cut, LayerId at);

    GraphRewriter &m_graph;
    std::set<TensorId> m_ends;
    std::set<TensorId> m_scores;
    std::map<TensorId, TensorId> m_folded;   // score → its σ
    std::map<TensorId, TensorId> m_squashed; // memo
    std::map<std::tuple<TensorId, std::size_t, std::int64_t, std::int64_t>, TensorId> m_sliced;
    std::map<TensorId, bool> m_behind;
};

TensorId TailEditor::add(LayerId at, const Layer &like, Attributes attributes,
                         std::vector<TensorId> inputs, Shape shape)
{
    return m_graph.insert(at, {.name = like.name,
                               .attributes = std::move(attributes),
                               .inputs = std::move(inputs),
                               .outputShape = std::move(shape),
                               .origin = like.origin});
}

bool TailEditor::isBehindEnds(TensorId x)
{
    if (!x.isValid() || m_graph.isConstant(x) || m_ends.contains(x))
        return true;
    if (const auto known = m_behind.find(x); known != m_behind.end())
        return known->second;
    const Layer *layer = m_graph.producer(x);
    bool isBehind = layer != nullptr && !layer->is<Input>() && !layer->inputs.empty();
    m_behind[x] = isBehind;
    if (isBehind) {
        const auto inputs = layer->inputs;
        isBehind = std::ranges::all_of(inputs, [&](TensorId input) { return isBehindEnds(input); });
    }
    return m_behind[x] = isBehind;
}

TensorId TailEditor::plainSlice(TensorId x, Cut cut, LayerId at, const Layer *like)
{
    const Shape &shape = m_graph.tensor(x).shape;
    Slice slice;
    for (std::size_t i = 0; i < shape.rank(); ++i) {
        slice.begin.push_back(i == cut.axis ? cut.begin : 0);
        slice.size.push_back(i == cut.axis ? cut.size : shape[i]);
        slice.step.push_back(1);
    }
    const Layer &origin = like ? *like : m_graph.layer(at);
    return add(at, origin, slice, {x}, withSize(shape, cut));
}

std::optional<TensorId> TailEditor::slicedConcat(const Layer &layer, const Concat &concat, Cut cut,
                                                 LayerId at)
{
    const auto axis = static_cast<std::size_t>(concat.axis);
    const auto inputs = layer.inputs;
    const Shape shape = withSize(m_graph.tensor(layer.output).shape, cut);
    std::vector<TensorId> parts;
    std::int64_t offset = 0;
    for (const TensorId input : inputs) {
        if (axis != cut.axis) {
            parts.push_back(sliced(input, cut, at));
            continue;
        }
        const std::int64_t size = m_graph.tensor(input).shape[axis];
        const std::int64_t begin = std::max(cut.begin, offset);
        const std::int64_t end = std::min(cut.begin + cut.size, offset + size);
        if (begin < end)
            parts.push_back(sliced(input, {axis, begin - offset, end - begin}, at));
        offset += size;
    }
    if (parts.size() == 1)
        return parts.front();
    return add(at, layer, concat, std::move(parts), shape);
}

// A reshape keeps entries of an axis together when the axis and everything in front of it hold as
// many elements before as after.
std::optional<TensorId> TailEditor::slicedReshape(const Layer &layer, Cut cut, LayerId at)
{
    const TensorId from = layer.inputs[0];
    const Shape before = m_graph.tensor(from).shape;
    const Shape after = withSize(m_graph.tensor(layer.output).shape, cut);
    const Shape whole = m_graph.tensor(layer.output).shape;
    for (std::size_t axis = 0; axis < before.rank(); ++axis)
        if (before[axis] == whole[cut.axis] &&
            outerSize(before, axis) == outerSize(whole, cut.axis)) {
            const TensorId part = sliced(from, {axis, cut.begin, cut.size}, at);
            return add(at, layer, Reshape{after.dims()}, {part}, after);
        }
    return std::nullopt;
}

TensorId TailEditor::sliced(TensorId x, Cut cut, LayerId at)
{
    const Shape shape = m_graph.tensor(x).shape;
    if (cut.begin == 0 && cut.size == shape[cut.axis])
        return x;
    const auto key = std::tuple(x, cut.axis, cut.begin, cut.size);
    if (const auto known = m_sliced.find(key); known != m_sliced.end())
        return known->second;
    std::optional<TensorId> result;
    const Layer *producer = m_graph.isConstant(x) ? nullptr : m_graph.producer(x);
    if (producer && !m_ends.contains(x) && !producer->hasActivation()) {
        const Layer layer = *producer;
        if (const auto *concat = layer.as<Concat>()) {
            result = slicedConcat(layer, *concat, cut, at);
        } else if (layer.is<Reshape>()) {
            result = slicedReshape(layer, cut, at);
        } else if (const auto *transpose = layer.as<Transpose>()) {
            const auto axis = static_cast<std::size_t>(transpose->permutation[cut.axis]);
            const TensorId part = sliced(layer.inputs[0], {axis, cut.begin, cut.size}, at);
            result = add(at, layer, *transpose, {part}, withSize(shape, cut));
        } else if (layer.is<Elementwise>()) {
            const TensorId part = sliced(layer.inputs[0], cut, at);
            result = add(at, layer, layer.attributes, {part}, withSize(shape, cut));
        } else if (const auto *slice = layer.as<Slice>()) {
            const auto inner = cutOf(*slice, m_graph.tensor(layer.inputs[0]).shape);
            if (inner && inner->axis == cut.axis)
                result =
                    sliced(layer.inputs[0], {cut.axis, inner->begin + cut.begin, cut.size}, at);
        }
    }
    if (!result)
        result = plainSlice(x, cut, at, nullptr);
    return m_sliced[key] = *result;
}

TensorId TailEditor::squashed(TensorId x, LayerId at)
{
    if (const auto known = m_squashed.find(x); known != m_squashed.end())
        return known->second;
    const Shape shape = m_graph.tensor(x).shape;
    std::optional<TensorId> result;
    const Layer *producer = m_graph.isConstant(x) ? nullptr : m_graph.producer(x);
    if (m_scores.contains(x)) {
        const auto origin = m_graph.layer(at).origin;
        result = m_graph.insert(at, {.name = m_graph.tensor(x).name + "_sigmoid",
                                     .attributes = Elementwise{{Function::sigmoid}},
                                     .inputs = {x},
                                     .outputShape = shape,
                                     .origin = origin});
        m_folded[x] = *result;
    } else if (producer && !m_ends.contains(x) && !producer->hasActivation() && isBehindEnds(x)) {
        const Layer layer = *producer;
        const bool moves =
            layer.is<Reshape>() || layer.is<Transpose>() || layer.is<Slice>() || layer.is<Concat>();
        if (moves) {
            std::vector<TensorId> inputs;
            for (const TensorId input : layer.inputs)
                inputs.push_back(squashed(input, at));
            result = add(at, layer, layer.attributes, std::move(inputs), shape);
        }
    }
    if (!result)
        result = add(at, m_graph.layer(at), Elementwise{{Function::sigmoid}}, {x}, shape);
    return m_squashed[x] = *result;
}

// Readers of `from` read `to`; an output of the graph keeps its own layer, which then only passes
// on.
void handOver(GraphRewriter &graph, LayerId layer, TensorId to)
{
    const TensorId from = graph.layer(layer).output;
    if (graph.isOutput(from))
        graph.replace(layer, Reshape{graph.tensor(from).shape.dims()}, {to});
    else
        graph.rewire(from, to);
}

std::vector<TensorId> tensorsOf(const std::vector<EndNodeProposal> &ends)
{
    std::vector<TensorId> tensors;
    for (const auto &end : ends)
        tensors.push_back(end.tensor);
    return tensors;
}

// The ends in the finished graph, which has other ids: by name.
Result<std::vector<EndNodeProposal>> renamed(const Graph &graph, std::vector<EndNodeProposal> ends,
                                             const std::vector<std::string> &names)
{
    for (std::size_t i = 0; i < ends.size(); ++i) {
        const TensorInfo *tensor = graph.findTensor(names[i]);
        if (!tensor) {
            const std::string reason = "the head lost this value";
            return fail(Diagnostic("graph.invalid").with("where", names[i]).with("reason", reason));
        }
        ends[i].tensor = tensor->id;
        ends[i].shape = tensor->shape;
    }
    return ends;
}

// How the channels of an anchor head divide: reshaped to [1, anchors, values, h, w] behind the
// convolution.
struct AnchorHead {
    LayerId convolution;
    std::vector<LayerId> reshapes;
    std::int64_t anchors = 0;
    std::int64_t values = 0;
};

std::optional<AnchorHead> anchorHead(const Graph &graph, const EndNodeProposal &end)
{
    const TensorInfo &tensor = graph.tensor(end.tensor);
    if (end.role != EndNodeRole::combined || !tensor.producer.isValid() ||
        graph.isOutput(end.tensor))
        return std::nullopt;
    const Layer &layer = graph.layer(tensor.producer);
    const auto *convolution = layer.as<Convolution>();
    if (!convolution || convolution->groups != 1 || layer.hasActivation() ||
        !graph.inputOf(layer, 1).isConstant() ||
        (graph.hasInput(layer, 2) && !graph.inputOf(layer, 2).isConstant()))
        return std::nullopt;
    AnchorHead head{.convolution = layer.id, .reshapes = {}};
    for (const LayerId reader : tensor.consumers) {
        const Shape &shape = graph.outputOf(graph.layer(reader)).shape;
        if (!graph.layer(reader).is<Reshape>() || shape.rank() != 5 || shape[0] != 1 ||
            shape[1] * shape[2] != tensor.shape[1] || shape[3] != tensor.shape[2] ||
            shape[4] != tensor.shape[3] || shape[2] < 6 ||
            (head.anchors != 0 && head.anchors != shape[1]))
            return std::nullopt;
        head.anchors = shape[1];
        head.values = shape[2];
        head.reshapes.push_back(reader);
    }
    if (head.reshapes.empty())
        return std::nullopt;
    return head;
}

// Rows a·period + first + k of a constant whose first dimension counts filters.
Tensor filters(const Tensor &all, const AnchorHead &head, std::int64_t first, std::int64_t width)
{
    Shape shape = all.shape();
    shape[0] = head.anchors * width;
    Tensor some(all.type(), shape);
    const std::size_t row = all.byteCount() / static_cast<std::size_t>(all.shape()[0]);
    std::size_t to = 0;
    for (std::int64_t anchor = 0; anchor < head.anchors; ++anchor)
        for (std::int64_t k = 0; k < width; ++k, ++to)
            std::memcpy(some.bytes().data() + to * row,
                        all.bytes().data() +
                            static_cast<std::size_t>(anchor * head.values + first + k) * row,
                        row);
    return some;
}

struct RolePart {
    EndNodeRole role;
    const char *suffix;
    std::int64_t first, width;
};

// Splits the filters of every anchor head into boxes, objectness, classes and what follows them.
Result<HeadSurgery> splitAnchorHeads(std::shared_ptr<const Graph> source,
                                     std::vector<EndNodeProposal> ends)
{
    std::int64_t masks = 0;
    for (const auto &end : ends)
        if (end.role == EndNodeRole::prototypes)
            masks = end.shape[1];
    GraphRewriter graph(*source);
    HeadSurgery result;
    std::vector<std::string> names;
    for (auto &end : ends) {
        const auto head = anchorHead(*source, end);
        const std::int64_t classes = head ? head->values - 5 - masks : 0;
        if (!head || classes < 1) {
            names.push_back(source->tensor(end.tensor).name);
            result.ends.push_back(std::move(end));
            continue;
        }
        const Layer &convolution = source->layer(head->convolution);
        std::vector<RolePart> parts{{EndNodeRole::box, "_boxes", 0, 4},
                                    {EndNodeRole::objectness, "_objectness", 4, 1},
                                    {EndNodeRole::classes, "_classes", 5, classes}};
        if (masks > 0)
            parts.push_back({EndNodeRole::coefficients, "_coefficients", 5 + classes, masks});
        std::vector<TensorId> pieces;
        const Shape map = source->tensor(end.tensor).shape;
        for (const RolePart &part : parts) {
            std::vector<TensorId> inputs{convolution.inputs[0]};
            for (std::size_t slot = 1; slot < convolution.inputs.size(); ++slot) {
                if (!source->hasInput(convolution, slot)) {
                    inputs.push_back(TensorId::invalid());
                    continue;
                }
                const TensorInfo &constant = source->inputOf(convolution, slot);
                inputs.push_back(
                    graph.addConstant(constant.name + part.suffix,
                                      filters(*constant.constant, *head, part.first, part.width)));
            }
            const TensorId piece = graph.insert(
                head->convolution, {.name = convolution.name + part.suffix,
                                    .attributes = convolution.attributes,
                                    .inputs = std::move(inputs),
                                    .outputShape = {1, head->anchors * part.width, map[2], map[3]},
                                    .origin = convolution.origin});
            names.push_back(graph.tensor(piece).name);
            EndNodeProposal split = end;
            split.role = part.role;
            split.reason = "The filters of " + end.node + " are split by what they compute.";
            result.ends.push_back(std::move(split));
            const Shape byAnchor{1, head->anchors, part.width, map[2], map[3]};
            pieces.push_back(
                graph.insert(head->reshapes.front(), {.name = convolution.name + part.suffix,
                                                      .attributes = Reshape{byAnchor.dims()},
                                                      .inputs = {piece},
                                                      .outputShape = byAnchor}));
        }
        for (const LayerId reshape : head->reshapes)
            graph.replace(reshape, Concat{2}, pieces);
        ++result.splitConvolutions;
    }
    if (result.splitConvolutions == 0) {
        result.graph = std::move(source);
        return result;
    }
    auto finished = std::move(graph).finish();
    if (!finished)
        return passOn(std::move(finished));
    auto found = renamed(**finished, std::move(result.ends), names);
    if (!found)
        return passOn(std::move(found));
    result.graph = std::move(*finished);
    result.ends = std::move(*found);
    return result;
}

// Takes slices of the tail as early as possible, so that no value depends on maps it does not use.
Result<HeadSurgery> separate(HeadSurgery surgery)
{
    const auto tensors = tensorsOf(surgery.ends);
    const std::set<TensorId> ends(tensors.begin(), tensors.end());
    std::vector<std::string> names;
    for (const TensorId id : tensors)
        names.push_back(surgery.graph->tensor(id).name);
    GraphRewriter graph(*surgery.graph);
    TailEditor tail(graph, ends, {});
    for (const Layer &layer : surgery.graph->layers) {
        const auto *slice = layer.as<Slice>();
        if (!slice || layer.hasActivation() || !tail.isBehindEnds(layer.inputs[0]) ||
            surgery.graph->inputOf(layer, 0).isConstant())
            continue;
        const TensorId from = graph.layer(layer.id).inputs[0];
        const auto cut = cutOf(*slice, graph.tensor(from).shape);
        if (cut && !ends.contains(from))
            handOver(graph, layer.id, tail.sliced(from, *cut, layer.id));
    }
    if (!graph.hasChanged())
        return surgery;
    auto finished = std::move(graph).finish();
    if (!finished)
        return passOn(std::move(finished));
    auto found = renamed(**finished, std::move(surgery.ends), names);
    if (!found)
        return passOn(std::move(found));
    surgery.graph = std::move(*finished);
    surgery.ends = std::move(*found);
    return surgery;
}

// Moves the sigmoids of the tail to the scores.
Result<HeadSurgery> foldSigmoids(const HeadSurgery &before, const std::set<EndNodeRole> &roles)
{
    const auto tensors = tensorsOf(before.ends);
    std::set<TensorId> scores;
    for (const auto &end : before.ends)
        if (roles.contains(end.role) && !before.graph->isOutput(end.tensor))
            scores.insert(end.tensor);
    GraphRewriter graph(*before.graph);
    TailEditor tail(graph, {tensors.begin(), tensors.end()}, scores);
    for (const Layer &layer : before.graph->layers)
        if (isSigmoid(layer) && tail.isBehindEnds(layer.inputs[0]) &&
            std::ranges::find(tensors, layer.output) == tensors.end())
            handOver(graph, layer.id, tail.squashed(graph.layer(layer.id).inputs[0], layer.id));
    HeadSurgery after = before;
    if (tail.folded().empty())
        return after;
    std::vector<std::string> names;
    for (auto &end : after.ends) {
        const auto folded = tail.folded().find(end.tensor);
        const bool isFolded = folded != tail.folded().end();
        names.push_back(graph.tensor(isFolded ? folded->second : end.tensor).name);
        if (isFolded) {
            end.reason += " Its sigmoid is computed on the chip.";
            ++after.foldedSigmoids;
        }
    }
    auto finished = std::move(graph).finish();
    if (!finished)
        return passOn(std::move(finished));
    auto found = renamed(**finished, std::move(after.ends), names);
    if (!found)
        return passOn(std::move(found));
    after.graph = std::move(*finished);
    after.ends = std::move(*found);
    return after;
}

// Does anything but its sigmoid read the raw value of a folded score?
std::set<EndNodeRole> rolesReadRaw(const HeadSurgery &before, const HeadSurgery &after)
{
    std::set<EndNodeRole> raw;
    for (std::size_t i = 0; i < before.ends.size(); ++i) {
        if (!isScore(before.ends[i].role))
            continue;
        const auto &name = before.graph->tensor(before.ends[i].tensor).name;
        const bool isFolded = after.graph->tensor(after.ends[i].tensor).name != name;
        const TensorInfo *value = after.graph->findTensor(name);
        if (isFolded && value && value->consumers.size() != 1)
            raw.insert(before.ends[i].role);
    }
    return raw;
}

} // namespace

Result<HeadSurgery> prepareHead(std::shared_ptr<const Graph> graph,
                                std::vector<EndNodeProposal> ends)
{
    const bool isHead = std::ranges::any_of(
        ends, [](const EndNodeProposal &end) { return end.role != EndNodeRole::output; });
    if (!isHead)
        return HeadSurgery{.graph = std::move(graph), .ends = std::move(ends)};
    auto split = splitAnchorHeads(std::move(graph), std::move(ends));
    if (!split)
        return split;
    auto separated = separate(std::move(*split));
    if (!separated)
        return separated;
    std::set<EndNodeRole> roles{EndNodeRole::classes, EndNodeRole::objectness};
    auto folded = foldSigmoids(*separated, roles);
    if (!folded)
        return folded;
    if (const auto raw = rolesReadRaw(*separated, *folded); !raw.empty()) {
        for (const EndNodeRole role : raw)
            roles.erase(role);
        folded = foldSigmoids(*separated, roles);
    }
    return folded;
}

} // namespace hefstudio
