// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/lower_for_parser.h"

#include "passes/graph_rewriter.h"
#include "passes/remove_no_ops.h"

#include <algorithm>
#include <optional>

namespace hefstudio {
namespace {

constexpr std::size_t mostDimensions = 4;

class NormalizationSpeller {
public:
    NormalizationSpeller(GraphRewriter &graph, const Layer &layer)
        : m_graph(graph),
          m_id(layer.id),
          m_name(layer.name),
          m_inputs(layer.inputs),
          m_origin(layer.origin),
          m_kind(*layer.as<LayerNormalization>()),
          m_shape(graph.tensor(layer.output).shape)
    {
    }

    void run()
    {
        Reduce mean{.reduction = Reduction::mean, .axes = {}};
        Shape reduced = m_shape;
        for (auto axis = static_cast<std::size_t>(m_kind.axis); axis < m_shape.rank(); ++axis) {
            mean.axes.push_back(static_cast<std::int64_t>(axis));
            Dims dims = reduced.dims();
            dims[axis] = 1;
            reduced = Shape(std::move(dims));
        }
        const TensorId middle = add("mean", mean, {m_inputs[0]}, reduced);
        const TensorId apart =
            add("difference", Binary{BinaryOperator::subtract}, {m_inputs[0], middle}, m_shape);
        const TensorId square = add("square", Elementwise{{Function::power, 2}}, {apart}, m_shape);
        const TensorId variance = add("variance", mean, {square}, reduced);
        const TensorId raised =
            add("raised", Binary{BinaryOperator::add},
                {variance,
                 m_graph.addConstant(m_name + "/epsilon", Tensor::scalar<float>(m_kind.epsilon))},
                reduced);
        const TensorId root = add("root", Elementwise{{Function::sqrt}}, {raised}, reduced);
        // The last of quotient, scale and shift is the layer itself: its output keeps its name.
        m_last = {BinaryOperator::divide, {apart, root}};
        for (const std::size_t slot : {std::size_t(1), std::size_t(2)}) {
            if (slot >= m_inputs.size() || !m_inputs[slot].isValid())
                continue;
            const char *name = slot == 1 ? "quotient" : "scaled";
            const TensorId before = add(name, Binary{m_last.op}, m_last.operands, m_shape);
            m_last = {slot == 1 ? BinaryOperator::multiply : BinaryOperator::add,
                      {before, m_inputs[slot]}};
        }
        m_graph.replace(m_id, Binary{m_last.op}, m_last.operands);
    }

private:
    using Dims = std::vector<std::int64_t>;

    TensorId add(const char *what, Attributes attributes, std::vector<TensorId> inputs, Shape shape)
    {
        return m_graph.insert(m_id, {.name = m_name + "/" + what,
                                     .attributes = std::move(attributes),
                                     .inputs = std::move(inputs),
                                     .outputShape = std::move(shape),
                                     .origin = m_origin});
    }

    struct Last {
        BinaryOperator op = BinaryOperator::divide;
        std::vector<TensorId> operands;
    };

    GraphRewriter &m_graph;
    LayerId m_id;
    std::string m_name;
    std::vector<TensorId> m_inputs;
    std::vector<std::string> m_origin;
    LayerNormalization m_kind;
    Shape m_shape;
    Last m_last;
};

// Which channel of the picture each channel of the result is; nothing for other layers and for a
// plain range of channels, which the parser reads as it is.
std::optional<std::vector<std::int64_t>> pickedChannels(const Graph &graph, const Layer &layer)
{
    const auto *gather = layer.as<Gather>();
    const auto *slice = layer.as<Slice>();
    if ((!gather && !slice) || graph.inputOf(layer, 0).shape.rank() != 4 ||
        graph.outputOf(layer).shape.rank() != 4)
        return std::nullopt;
    if (gather) {
        if (gather->axis != 1 || !graph.inputOf(layer, 1).isConstant() ||
            graph.inputOf(layer, 1).shape.rank() != 1)
            return std::nullopt;
        return graph.inputOf(layer, 1).constant->toInt64();
    }
    const Shape &in = graph.inputOf(layer, 0).shape;
    for (const std::size_t axis : {std::size_t(0), std::size_t(2), std::size_t(3)})
        if (slice->size[axis] != in[axis] || slice->step[axis] != 1)
            return std::nullopt;
    if (slice->step[1] == 1)
        return std::nullopt;
    std::vector<std::int64_t> channels;
    for (std::int64_t i = 0; i < slice->size[1]; ++i)
        channels.push_back(slice->begin[1] + i * slice->step[1]);
    return channels;
}

struct Merged {
    std::vector<std::int64_t> before; // shape to view the operand in
    Transpose transpose;
    Shape after;
};

// Runs of axes that stay together become one axis; axes of one element vanish.
Merged mergeAxes(const Shape &in, const std::vector<std::int64_t> &permutation)
{
    std::vector<std::vector<std::size_t>> runs; // in output order
    for (const std::int64_t axis : permutation) {
        const auto from = static_cast<std::size_t>(axis);
        if (in[from] == 1)
            continue;
        const auto nextOf = [&](std::size_t last) { // skipping axes of one element
            do {
                ++last;
            } while (last < in.rank() && in[last] == 1);
            return last;
        };
        if (!runs.empty() && nextOf(runs.back().back()) == from)
            runs.back().push_back(from);
        else
            runs.push_back({from});
    }
    std::vector<std::size_t> inOrder(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i)
        inOrder[i] = i;
    std::ranges::sort(inOrder, {}, [&](std::size_t i) { return runs[i].front(); });
    const auto sizeOf = [&](const std::vector<std::size_t> &run) {
        std::int64_t size = 1;
        for (const std::size_t axis : run)
            size *= in[axis];
        return size;
    };
    Merged merged;
    for (const std::size_t run : inOrder)
        merged.before.push_back(sizeOf(runs[run]));
    std::vector<std::int64_t> after;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        merged.transpose.permutation.push_back(
            static_cast<std::int64_t>(std::ranges::find(inOrder, i) - inOrder.begin()));
        after.push_back(sizeOf(runs[i]));
    }
    // A leading one stands for the batch where there is room.
    if (after.size() < mostDimensions) {
        merged.before.insert(merged.before.begin(), 1);
        after.insert(after.begin(), 1);
        for (std::int64_t &axis : merged.transpose.permutation)
            ++axis;
        merged.transpose.permutation.insert(merged.transpose.permutation.begin(), 0);
    }
    merged.after = Shape(std::move(after));
    return merged;
}

} // namespace

Result<std::shared_ptr<const Graph>> spellOutLayerNormalization(const Graph &source)
{
    GraphRewriter graph(source);
    for (const Layer &layer : source.layers)
        if (layer.is<LayerNormalization>())
            NormalizationSpeller(graph, layer).run();
    return std::move(graph).finish();
}

Result<std::shared_ptr<const Graph>> pickChannelsByConvolution(const Graph &source)
{
    GraphRewriter graph(source);
    for (const Layer &layer : source.layers) {
        const auto channels = pickedChannels(source, layer);
        if (!channels)
            continue;
        const std::int64_t inputs = source.inputOf(layer, 0).shape[1];
        const auto outputs = static_cast<std::int64_t>(channels->size());
        Tensor weights(ElementType::float32, {outputs, inputs, 1, 1});
        for (std::int64_t i = 0; i < outputs; ++i)
            weights.as<float>()[static_cast<std::size_t>(
                i * inputs + (*channels)[static_cast<std::size_t>(i)])] = 1;
        const TensorId constant = graph.addConstant(layer.name + "/picks", std::move(weights));
        graph.replace(layer.id, Convolution{}, {layer.inputs[0], constant});
    }
    return std::move(graph).finish();
}

Result<std::shared_ptr<const Graph>> mergeTransposedAxes(const Graph &source)
{
    GraphRewriter graph(source);
    for (const Layer &layer : source.layers) {
        const auto *transpose = layer.as<Transpose>();
        const Shape in = transpose ? source.inputOf(layer, 0).shape : Shape{};
        if (!transpose || in.rank() <= mostDimensions || layer.hasActivation() ||
            in.elementCount() < 2)
            continue;
        const Merged merged = mergeAxes(in, transpose->permutation);
        if (merged.before.size() > mostDimensions)
            continue;
        const Shape wanted = source.outputOf(layer).shape;
        const TensorId viewed = graph.insert(layer.id, {.name = layer.name + "/view",
                                                        .attributes = Reshape{merged.before},
                                                        .inputs = {layer.inputs[0]},
                                                        .outputShape = Shape(merged.before),
                                                        .origin = layer.origin});
        const TensorId turned = graph.insert(layer.id, {.name = layer.name + "/turn",
                                                        .attributes = merged.transpose,
                                                        .inputs = {viewed},
                                                        .outputShape = merged.after,
                                                        .origin = layer.origin});
        graph.replace(layer.id, Reshape{wanted.dims()}, {turned});
    }
    auto merged = std::move(graph).finish();
    // The reshapes on both sides now meet others.
    return merged ? removeNoOps(**merged) : merged;
}

std::vector<NamedPass> parserPasses()
{
    return {{"spell-out-layer-normalization", spellOutLayerNormalization},
            {"merge-transposed-axes", mergeTransposedAxes},
            {"pick-channels-by-convolution", pickChannelsByConvolution}};
}

} // namespace hefstudio
