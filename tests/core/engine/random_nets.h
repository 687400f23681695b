// Random tensors and the slow, obvious way to run a graph, for tests of the engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"
#include "graph/graph_builder.h"
#include "ops/float_reference.h"
#include "ops/shape_inference.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <vector>

namespace hefstudio::test {

// A generator of our own: the distributions of the standard library differ between libraries.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : m_engine(seed) {}
    std::int64_t between(std::int64_t low, std::int64_t high)
    {
        return low +
               static_cast<std::int64_t>(m_engine() % static_cast<std::uint64_t>(high - low + 1));
    }
    bool coin() { return between(0, 1) == 1; }
    float real(float low, float high)
    {
        return low + (high - low) * static_cast<float>(m_engine() >> 40) / 16777216.0F;
    }
    template<class T> T oneOf(std::initializer_list<T> choices)
    {
        return *(choices.begin() + between(0, static_cast<std::int64_t>(choices.size()) - 1));
    }
    Tensor tensor(const Shape &shape, float low = -2, float high = 2)
    {
        Tensor result(ElementType::float32, shape);
        for (float &value : result.as<float>())
            value = real(low, high);
        return result;
    }

private:
    std::mt19937_64 m_engine;
};

// Every tensor of the graph as the reference computes it.
inline std::vector<std::shared_ptr<const Tensor>> runByReference(const Graph &graph,
                                                                 const std::vector<Tensor> &inputs)
{
    std::vector<std::shared_ptr<const Tensor>> values(graph.tensors.size());
    for (const TensorInfo &info : graph.tensors)
        values[info.id.index()] = info.constant;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        values[graph.inputs[i].index()] = std::make_shared<const Tensor>(inputs[i]);
    for (const Layer &layer : graph.layers) {
        if (layer.is<Input>())
            continue;
        std::vector<const Tensor *> operands;
        for (const TensorId id : layer.inputs)
            operands.push_back(id.isValid() ? values[id.index()].get() : nullptr);
        values[layer.output.index()] = std::make_shared<const Tensor>(runFloatReference(
            layer.attributes, layer.activation, operands, graph.outputOf(layer).shape));
    }
    return values;
}

// max|a−b| / max|b|
inline double relativeError(std::span<const float> found, std::span<const float> wanted)
{
    double worst = 0, largest = 1e-20;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const double difference = std::abs(static_cast<double>(found[i]) - wanted[i]);
        worst = std::max(worst, std::isnan(difference) ? INFINITY : difference);
        largest = std::max<double>(largest, std::abs(wanted[i]));
    }
    return worst / largest;
}

template<class T> T must(Result<T> result)
{
    if (!result) {
        for (const Diagnostic &diagnostic : result.error())
            ADD_FAILURE() << diagnostic.id << " " << diagnostic.place.layer;
        std::abort();
    }
    return std::move(*result);
}

// Short names for building nets.
class Net {
public:
    explicit Net(std::uint64_t seed) : dice(seed), m_builder("net") {}
    TensorId input(Shape shape)
    {
        inputs.push_back(dice.tensor(shape));
        return m_builder.input("x", std::move(shape));
    }
    TensorId constant(const Shape &shape, float low = -1, float high = 1)
    {
        return m_builder.constant("c", dice.tensor(shape, low, high));
    }
    TensorId constant(Tensor value) { return m_builder.constant("c", std::move(value)); }
    TensorId add(Attributes attributes, std::vector<TensorId> operands,
                 ScalarFunction activation = {})
    {
        const std::string name(kindName(attributes));
        GraphBuilder::Options options;
        options.activation = activation;
        return must(addLayer(m_builder, name, std::move(attributes), std::move(operands),
                             std::move(options)));
    }
    // Weights scaled so that values keep their size through deep nets.
    TensorId convolve(TensorId x, std::int64_t outputs, const Window &window,
                      std::int64_t groups = 1, ScalarFunction activation = {})
    {
        const std::int64_t perGroup = shape(x)[1] / groups;
        const float span =
            std::sqrt(3.0F / static_cast<float>(perGroup * window.kernel[0] * window.kernel[1]));
        return add(Convolution{.window = window, .groups = groups},
                   {x,
                    constant({outputs, perGroup, window.kernel[0], window.kernel[1]}, -span, span),
                    constant({outputs})},
                   activation);
    }
    const Shape &shape(TensorId id) const { return m_builder.tensor(id).shape; }
    void output(TensorId id) { m_builder.output(id); }
    std::shared_ptr<const Graph> finish()
    {
        return std::make_shared<const Graph>(must(std::move(m_builder).finish()));
    }

    Dice dice;
    std::vector<Tensor> inputs;

private:
    GraphBuilder m_builder;
};

inline Window window(std::int64_t kernel, std::int64_t stride, std::int64_t pad)
{
    return {.kernel = {kernel, kernel},
            .stride = {stride, stride},
            .padBegin = {pad, pad},
            .padEnd = {pad, pad}};
}

// A small detector in the shape of the real ones: every kind of joint between layers.
inline std::shared_ptr<const Graph> smallDetector(Net &net)
{
    const ScalarFunction silu{Function::silu};
    TensorId x = net.input({1, 3, 48, 64});
    x = net.convolve(x, 12, window(3, 2, 1), 1, {Function::relu});
    x = net.convolve(x, 12, window(3, 1, 1), 12, silu);
    x = net.convolve(x, 24, window(1, 1, 0), 1, {Function::hardSwish});
    const TensorId wide = net.convolve(x, 32, window(3, 2, 1), 1, silu);
    const TensorId half = net.add(Slice{{0, 16, 0, 0}, {1, 16, 12, 16}, {1, 1, 1, 1}}, {wide});
    const TensorId inner = net.convolve(half, 16, window(3, 1, 1), 1, silu);
    const TensorId sum = net.add(Binary{BinaryOperator::add}, {inner, half});
    TensorId joined = net.add(Concat{.axis = 1}, {wide, sum});
    joined = net.convolve(joined, 20, window(1, 1, 0), 1, silu);
    const TensorId pooled = net.add(MaxPool{window(5, 1, 2)}, {joined});
    const TensorId low = net.convolve(pooled, 20, window(3, 2, 1), 1, {Function::leakyRelu, 0.1F});
    const TensorId up = net.add(Resize{.mode = ResizeMode::nearest,
                                       .coordinates = ResizeCoordinates::asymmetric,
                                       .rounding = NearestRounding::floor,
                                       .scale = {2, 2},
                                       .size = {12, 16}},
                                {low});
    const TensorId merged = net.add(Concat{.axis = 1}, {up, joined});
    const TensorId gate = net.add(Reduce{Reduction::mean, {2, 3}, true}, {merged});
    const TensorId weight = net.convolve(gate, 40, window(1, 1, 0), 1, {Function::sigmoid});
    const TensorId gated = net.add(Binary{BinaryOperator::multiply}, {merged, weight});
    const TensorId head = net.convolve(gated, 6, window(1, 1, 0));
    const TensorId rows = net.add(Transpose{{0, 2, 3, 1}}, {head});
    const TensorId flat = net.add(Reshape{{1, 576, 2}}, {rows});
    net.output(net.add(Softmax{.axis = 2}, {flat}));
    net.output(head);
    return net.finish();
}

} // namespace hefstudio::test
