// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/cancel_transposes.h"

#include "ops/float_reference.h"
#include "passes/graph_rewriter.h"

#include <algorithm>
#include <optional>

namespace hefstudio {
namespace {

using Permutation = std::vector<std::int64_t>;
constexpr std::size_t longestChain = 32;

Permutation inverseOf(const Permutation &permutation)
{
    Permutation inverse(permutation.size());
    for (std::size_t i = 0; i < permutation.size(); ++i)
        inverse[static_cast<std::size_t>(permutation[i])] = static_cast<std::int64_t>(i);
    return inverse;
}

Shape turnedShape(const Shape &shape, const Permutation &permutation)
{
    std::vector<std::int64_t> dims;
    for (const std::int64_t axis : permutation)
        dims.push_back(shape[static_cast<std::size_t>(axis)]);
    return Shape(std::move(dims));
}

// A constant operand as the layer before the transpose needs it. `inverse` leads there.
std::optional<Tensor> turnedConstant(const Tensor &constant, const Permutation &inverse)
{
    const std::size_t rank = inverse.size();
    if (constant.shape().rank() > rank)
        return std::nullopt;
    std::vector<std::int64_t> dims(rank - constant.shape().rank(), 1);
    dims.insert(dims.end(), constant.shape().begin(), constant.shape().end());
    Tensor padded = constant.toFloat32().reshaped(Shape(dims));
    const Shape wanted = turnedShape(padded.shape(), inverse);
    const Tensor *operands[] = {&padded};
    return runFloatReference(Transpose{inverse}, {}, operands, wanted);
}

class ChainSearch {
public:
    ChainSearch(GraphRewriter &graph, const Layer &transpose)
        : m_graph(graph),
          m_permutation(transpose.as<Transpose>()->permutation),
          m_inverse(inverseOf(m_permutation)),
          m_first(transpose)
    {
    }

    // Rewrites the chain and says so, or leaves all as it is.
    bool run()
    {
        TensorId at = m_first.output;
        while (m_chain.size() < longestChain) {
            if (!m_graph.isPrivate(at))
                return false;
            const Layer &next = m_graph.layer(m_graph.tensor(at).consumers.front());
            if (const auto *last = next.as<Transpose>();
                last && last->permutation == m_inverse && !m_chain.empty()) {
                rewrite(next.id);
                return true;
            }
            if (!canTurn(next, at))
                return false;
            m_chain.push_back(next.id);
            at = next.output;
        }
        return false;
    }

private:
    const Layer *sameTranspose(TensorId id) const
    {
        const Layer *producer = m_graph.producer(id);
        const auto *kind = producer ? producer->as<Transpose>() : nullptr;
        return kind && !producer->hasActivation() && kind->permutation == m_permutation ? producer
                                                                                        : nullptr;
    }

    bool canTurn(const Layer &layer, TensorId from) const
    {
        const bool keepsRank = m_graph.tensor(layer.output).shape.rank() == m_permutation.size();
        if (!keepsRank || layer.hasActivation())
            return false;
        if (layer.is<Elementwise>() || layer.is<Softmax>())
            return true;
        if (layer.is<FullyConnected>())
            return layer.inputs[0] == from && bringsChannelsLast() &&
                   std::all_of(layer.inputs.begin() + 1, layer.inputs.end(), [&](TensorId id) {
                       return !id.isValid() || m_graph.isConstant(id);
                   });
        if (const auto *reduce = layer.as<Reduce>())
            return reduce->keepDimensions;
        if (!layer.is<Binary>() && !layer.is<Concat>())
            return false;
        return std::ranges::all_of(layer.inputs, [&](TensorId input) {
            if (input == from || sameTranspose(input))
                return true;
            return m_graph.isConstant(input) &&
                   (layer.is<Binary>()
                        ? m_graph.tensor(input).shape.rank() <= m_permutation.size()
                        : m_graph.tensor(input).shape.rank() == m_permutation.size());
        });
    }

    // A dense layer behind it mixes the channels of each pixel: it is a 1×1 convolution before it.
    bool bringsChannelsLast() const
    {
        return m_permutation == Permutation{0, 2, 3, 1} || m_permutation == Permutation{0, 2, 1};
    }

    // The convolution's result, of four dimensions: a list of pixels is a picture of one column.
    TensorId convolved(const Layer &dense, TensorId value)
    {
        const Shape in = m_graph.tensor(value).shape;
        const auto picture = [](const Shape &shape, std::int64_t channels) {
            return Shape{shape[0], channels, shape[2], shape.rank() == 4 ? shape[3] : 1};
        };
        if (in.rank() == 3)
            value = m_graph.insert(dense.id, {.name = dense.name + "/column",
                                              .attributes = Reshape{picture(in, in[1]).dims()},
                                              .inputs = {value},
                                              .outputShape = picture(in, in[1]),
                                              .origin = dense.origin});
        const Tensor &weights = *m_graph.tensor(dense.inputs[1]).constant;
        const std::int64_t outputs = weights.shape()[0];
        std::vector<TensorId> inputs{
            value, m_graph.addConstant(m_graph.tensor(dense.inputs[1]).name + "/kernel",
                                       weights.toFloat32().reshaped({outputs, in[1], 1, 1}))};
        if (dense.inputs.size() > 2)
            inputs.push_back(dense.inputs[2]);
        return m_graph.insert(dense.id, {.name = dense.name + "/convolution",
                                         .attributes = Convolution{},
                                         .inputs = std::move(inputs),
                                         .outputShape = picture(in, outputs),
                                         .origin = dense.origin});
    }

    Attributes turned(const Attributes &attributes) const
    {
        const auto before = [&](std::int64_t axis) {
            return m_permutation[static_cast<std::size_t>(axis)];
        };
        Attributes result = attributes;
        if (auto *softmax = std::get_if<Softmax>(&result))
            softmax->axis = before(softmax->axis);
        if (auto *concat = std::get_if<Concat>(&result))
            concat->axis = before(concat->axis);
        if (auto *reduce = std::get_if<Reduce>(&result)) {
            for (std::int64_t &axis : reduce->axes)
                axis = before(axis);
            std::ranges::sort(reduce->axes);
        }
        return result;
    }

    std::vector<TensorId> turnedInputs(const Layer &layer, TensorId from, TensorId value)
    {
        std::vector<TensorId> inputs;
        for (const TensorId input : layer.inputs) {
            if (input == from)
                inputs.push_back(value);
            else if (const Layer *other = sameTranspose(input))
                inputs.push_back(other->inputs[0]);
            else
                inputs.push_back(m_graph.addConstant(
                    m_graph.tensor(input).name + "/turned",
                    *turnedConstant(*m_graph.tensor(input).constant, m_inverse)));
        }
        return inputs;
    }

    void rewrite(LayerId last)
    {
        TensorId from = m_first.output;
        TensorId value = m_first.inputs[0];
        for (std::size_t i = 0; i < m_chain.size(); ++i) {
            const Layer layer = m_graph.layer(m_chain[i]);
            const Shape shape = turnedShape(m_graph.tensor(layer.output).shape, m_inverse);
            const bool isDense = layer.is<FullyConnected>();
            std::vector<TensorId> inputs =
                isDense ? std::vector{convolved(layer, value)} : turnedInputs(layer, from, value);
            Attributes attributes =
                isDense ? Attributes(Reshape{shape.dims()}) : turned(layer.attributes);
            from = layer.output;
            if (i + 1 == m_chain.size()) {
                // The last one takes the place of the inverse transpose, whose name it keeps.
                m_graph.addOrigin(last, layer.origin);
                m_graph.addOrigin(last, m_first.origin);
                const ScalarFunction behind = m_graph.layer(last).activation;
                m_graph.replace(last, std::move(attributes), std::move(inputs));
                m_graph.setActivation(last, behind);
                return;
            }
            value = m_graph.insert(layer.id, {.name = layer.name + "/turned",
                                              .attributes = std::move(attributes),
                                              .inputs = std::move(inputs),
                                              .outputShape = shape,
                                              .origin = layer.origin});
        }
    }

    GraphRewriter &m_graph;
    Permutation m_permutation;
    Permutation m_inverse;
    Layer m_first;
    std::vector<LayerId> m_chain;
};

} // namespace

Result<std::shared_ptr<const Graph>> cancelTransposes(const Graph &source)
{
    GraphRewriter graph(source);
    for (std::size_t i = 0; i < source.layers.size(); ++i) {
        const Layer &layer = graph.layer(LayerId(i));
        // Fused activations come later; a transpose with one is not met.
        if (layer.is<Transpose>() && !layer.hasActivation())
            ChainSearch(graph, layer).run();
    }
    return std::move(graph).finish();
}

} // namespace hefstudio
