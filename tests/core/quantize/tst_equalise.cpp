// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/equalise.h"

#include "quantize_world.h"

using namespace hefstudio;

namespace {

// Largest magnitude of each channel over a few random pictures.
std::vector<ChannelStatistics> observe(const Graph &graph)
{
    std::mt19937 random(7);
    std::vector<ChannelStatistics> channels(graph.tensors.size());
    for (int picture = 0; picture < 4; ++picture) {
        const std::vector<Tensor> input{
            randomTensor(graph.tensor(graph.inputs[0]).shape, random, -1, 1)};
        const auto values = runFloat(graph, input);
        for (const Layer &layer : graph.layers)
            channels[layer.output.index()].add(values[layer.output.index()].as<float>(),
                                               graph.outputOf(layer).shape);
    }
    return channels;
}

// The largest channel's magnitude over the smallest's.
double spread(const ChannelStatistics &statistics)
{
    double least = INFINITY, most = 0;
    for (std::size_t c = 0; c < statistics.channels(); ++c) {
        const double magnitude =
            std::max(std::abs(statistics.minimum(c)), std::abs(statistics.maximum(c)));
        least = std::min(least, magnitude);
        most = std::max(most, magnitude);
    }
    return most / least;
}

void expectSameMeaning(const Graph &before, const Graph &after)
{
    std::mt19937 random(9);
    const std::vector<Tensor> input{
        randomTensor(before.tensor(before.inputs[0]).shape, random, -1, 1)};
    const auto wanted = runFloat(before, input);
    const auto found = runFloat(after, input);
    for (std::size_t i = 0; i < before.outputs.size(); ++i) {
        const auto a = wanted[before.outputs[i].index()].as<float>();
        const auto b = found[after.outputs[i].index()].as<float>();
        for (std::size_t k = 0; k < a.size(); ++k)
            ASSERT_NEAR(a[k], b[k], 1e-4 * (1 + std::abs(a[k])));
    }
}

constexpr ScalarFunction relu{Function::relu};

// A convolution whose output channels differ by up to 50 times.
TensorId uneven(World &world, TensorId x, ScalarFunction activation)
{
    Tensor weights = randomTensor({8, world.shape(x)[1], 3, 3}, world.random, -0.3F, 0.3F);
    auto values = weights.as<float>();
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] *= std::pow(1.75F, -static_cast<float>(i * 8 / values.size()));
    const Window same{{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}};
    return world.add(Convolution{same, 1, {}}, {x, world.constant(std::move(weights))}, activation);
}

} // namespace

TEST(Equalise, FlattensChannelsBeforeADepthwiseConvolutionAndKeepsTheMeaning)
{
    World world;
    const auto first = uneven(world, world.input({1, 3, 8, 8}), relu);
    const auto graph = world.finish({world.convolution(first, 8, 1, relu, 8)});
    const auto result = equaliseActivations(*graph, observe(*graph));
    EXPECT_EQ(result.tensors, 1);
    expectSameMeaning(*graph, *result.graph);
    EXPECT_GT(spread(observe(*graph)[first.index()]), 10);
    EXPECT_LT(spread(observe(*result.graph)[first.index()]), 4);
}

TEST(Equalise, GoesHalfWayBeforeOrdinaryAndGroupedConvolutions)
{
    for (const std::int64_t groups : {1, 2}) {
        World world;
        const auto first = uneven(world, world.input({1, 3, 8, 8}), relu);
        const auto graph = world.finish({world.convolution(first, 4, 2, {}, groups)});
        const auto result = equaliseActivations(*graph, observe(*graph));
        EXPECT_EQ(result.tensors, 1);
        expectSameMeaning(*graph, *result.graph);
        const double before = spread(observe(*graph)[first.index()]);
        EXPECT_NEAR(spread(observe(*result.graph)[first.index()]), std::sqrt(before),
                    0.3 * std::sqrt(before));
    }
}

TEST(Equalise, ServesEveryReaderAtOnce)
{
    World world;
    const auto first = uneven(world, world.input({1, 3, 8, 8}), {Function::leakyRelu, 0.1F});
    const auto graph =
        world.finish({world.convolution(first, 4, 1, relu), world.convolution(first, 5, 2, relu)});
    const auto result = equaliseActivations(*graph, observe(*graph));
    EXPECT_EQ(result.tensors, 1);
    expectSameMeaning(*graph, *result.graph);
}

TEST(Equalise, LeavesAloneWhatItCannotChangeExactly)
{
    const auto untouched = [](auto build) {
        World world;
        const auto graph = build(world);
        const auto result = equaliseActivations(*graph, observe(*graph));
        return result.tensors == 0;
    };
    // A curved function in between.
    EXPECT_TRUE(untouched([](World &w) {
        return w.finish(
            {w.convolution(uneven(w, w.input({1, 3, 8, 8}), {Function::silu}), 4, 1, {})});
    }));
    // A reader that is no convolution.
    EXPECT_TRUE(untouched([](World &w) {
        const auto value = uneven(w, w.input({1, 3, 8, 8}), relu);
        return w.finish(
            {w.convolution(value, 8, 1, {}), w.add(Elementwise{{Function::sigmoid}}, {value})});
    }));
    // An output of the network.
    EXPECT_TRUE(untouched([](World &w) {
        const auto value = uneven(w, w.input({1, 3, 8, 8}), relu);
        return w.finish({w.convolution(value, 8, 1, {}), value});
    }));
    // Channels that never carry anything, and no statistics at all.
    World world;
    const auto graph =
        world.finish({world.convolution(uneven(world, world.input({1, 3, 8, 8}), relu), 4, 1, {})});
    EXPECT_EQ(
        equaliseActivations(*graph, std::vector<ChannelStatistics>(graph->tensors.size())).tensors,
        0);
}
