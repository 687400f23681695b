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

// The largest channel's magnitude over the smallest's, as stored.
double spread(const ChannelStatistics &statistics, std::span<const float> scales = {})
{
    double least = INFINITY, most = 0;
    for (std::size_t c = 0; c < statistics.channels(); ++c) {
        const double magnitude =
            std::max(std::abs(statistics.minimum(c)), std::abs(statistics.maximum(c))) /
            (scales.empty() ? 1.0F : scales[c]);
        least = std::min(least, magnitude);
        most = std::max(most, magnitude);
    }
    return most / least;
}

// Signal over noise of the graph's only output in integers, the mean over its channels: the quiet
// ones count as much as the loud ones.
double snrWith(const std::shared_ptr<const Graph> &graph, const ChannelScales &scales)
{
    std::mt19937 random(9);
    const auto pictures = randomPictures(*graph, 8, random, -1, 1);
    CalibrationStatistics statistics;
    statistics.tensors.resize(graph->tensors.size());
    statistics.channels.resize(graph->tensors.size());
    for (const auto &picture : pictures) {
        const auto values = runFloat(*graph, picture);
        for (const Layer &layer : graph->layers) {
            const std::size_t index = layer.output.index();
            const Shape &shape = values[index].shape();
            statistics.channels[index].add(values[index].as<float>(), shape);
            Tensor stored = values[index];
            if (const auto own = scalesOf(scales, index); !own.empty())
                forEachChannelRun(stored.as<float>(), shape, false,
                                  [&](std::size_t c, std::span<float> run) {
                                      for (float &value : run)
                                          value /= own[c];
                                  });
            statistics.tensors[index].add(stored.as<float>());
        }
    }
    QuantizeOptions options;
    options.channelScales = scales;
    options.ranges.bits.assign(graph->tensors.size(), 8);
    options.ranges.bits[graph->outputs.front().index()] = 16; // its rounding is not the question
    const auto quantized = quantizeGraph(graph, statistics, options);
    if (!quantized)
        return 0;
    const TensorId output = graph->outputs.front();
    std::vector<std::vector<float>> wanted(8), found(8);
    const auto collect = [](std::vector<std::vector<float>> &to, const Tensor &values) {
        forEachChannelRun(values.as<float>(), values.shape(), false,
                          [&](std::size_t c, std::span<const float> run) {
                              to[c].insert(to[c].end(), run.begin(), run.end());
                          });
    };
    for (const auto &picture : pictures) {
        const std::vector<Tensor> stored{
            quantiseTensor(picture[0], (*quantized)->of(graph->inputs[0]))};
        collect(wanted, runFloat(*graph, picture)[output.index()]);
        collect(found, realValues(**quantized, output, runInteger(**quantized, stored)->front()));
    }
    double sum = 0;
    std::size_t channelCount = 0;
    for (; channelCount < 8 && !wanted[channelCount].empty(); ++channelCount)
        sum += snr(wanted[channelCount], found[channelCount]);
    return sum / static_cast<double>(channelCount);
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

constexpr ScalarFunction silu{Function::silu};

TEST(Equalise, FlattensChannelsBeforeADepthwiseConvolution)
{
    for (const ScalarFunction &function : {relu, silu, ScalarFunction{Function::clip, 0, 6}}) {
        World world;
        const auto first = uneven(world, world.input({1, 3, 8, 8}), function);
        const auto graph = world.finish({world.convolution(first, 8, 1, {}, 8)});
        const auto channels = observe(*graph);
        const auto result = equaliseChannels(*graph, channels);
        EXPECT_EQ(result.tensors, 1);
        EXPECT_GT(spread(channels[first.index()]), 8);
        EXPECT_LT(spread(channels[first.index()], result.scales[first.index()]), 4);
        EXPECT_GT(snrWith(graph, result.scales), snrWith(graph, {}) + 6)
            << functionName(function.function);
    }
}

TEST(Equalise, NeverMakesAnOrdinaryConvolutionWorse)
{
    for (const std::int64_t groups : {1, 2}) {
        World world;
        const auto first = uneven(world, world.input({1, 3, 8, 8}), silu);
        const auto graph = world.finish({world.convolution(first, 4, 2, {}, groups)});
        const auto result = equaliseChannels(*graph, observe(*graph));
        EXPECT_GT(snrWith(graph, result.scales), snrWith(graph, {}) - 0.2);
    }
}

TEST(Equalise, ChannelsThatMoveTogetherShareAFactor)
{
    World world;
    const auto x = world.input({1, 3, 8, 8});
    const auto a = uneven(world, x, silu);
    const auto b = uneven(world, x, silu);
    const auto sum = world.add(Binary{BinaryOperator::add}, {a, b});
    const Window two{{2, 2}, {2, 2}, {1, 1}, {0, 0}, {0, 0}};
    const auto small = world.add(MaxPool{two}, {sum});
    const auto other = uneven(world, world.add(MaxPool{two}, {x}), relu);
    const auto joined = world.add(Concat{1}, {small, other});
    const auto graph = world.finish({world.convolution(joined, 8, 1, {}, 8)});
    const auto result = equaliseChannels(*graph, observe(*graph));
    const auto &scales = result.scales;
    ASSERT_EQ(result.tensors, 6);
    EXPECT_EQ(scales[a.index()], scales[b.index()]);
    EXPECT_EQ(scales[a.index()], scales[sum.index()]);
    EXPECT_EQ(scales[a.index()], scales[small.index()]);
    auto all = scales[small.index()];
    all.insert(all.end(), scales[other.index()].begin(), scales[other.index()].end());
    EXPECT_EQ(all, scales[joined.index()]);
    EXPECT_GT(snrWith(graph, scales), snrWith(graph, {}) + 3);
}

TEST(Equalise, AGateLeavesItsValueEqualised)
{
    World world;
    const auto value = uneven(world, world.input({1, 3, 8, 8}), silu);
    const auto mean = world.add(Reduce{Reduction::mean, {2, 3}, true}, {value});
    const Window one{};
    const auto gate = world.add(Convolution{one, 1, {}}, {mean, world.weights({8, 8, 1, 1}, 0.3F)},
                                {Function::sigmoid});
    const auto gated = world.add(Binary{BinaryOperator::multiply}, {value, gate});
    const auto graph = world.finish({world.convolution(gated, 8, 1, {}, 8)});
    const auto result = equaliseChannels(*graph, observe(*graph));
    EXPECT_FALSE(result.scales[value.index()].empty());
    EXPECT_EQ(result.scales[value.index()], result.scales[gated.index()]);
    EXPECT_TRUE(result.scales[gate.index()].empty());
    EXPECT_GT(snrWith(graph, result.scales), snrWith(graph, {}) + 3);
}

TEST(Equalise, LeavesAloneWhatItCannotChangeExactly)
{
    const auto untouched = [](auto build) {
        World world;
        const auto graph = build(world);
        return equaliseChannels(*graph, observe(*graph)).tensors == 0;
    };
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
    // No statistics at all.
    World world;
    const auto graph =
        world.finish({world.convolution(uneven(world, world.input({1, 3, 8, 8}), relu), 4, 1, {})});
    EXPECT_EQ(
        equaliseChannels(*graph, std::vector<ChannelStatistics>(graph->tensors.size())).tensors,
        0);
}
