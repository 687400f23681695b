// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/thread_pool.h"
#include "quantize_world.h"

using namespace hefstudio;

namespace {

constexpr ScalarFunction silu{Function::silu};
constexpr ScalarFunction relu{Function::relu};

// A small backbone: strided and depthwise convolutions, a residual, a pool, upsampling, a concat.
std::shared_ptr<const Graph> backbone(World &w, ScalarFunction activation)
{
    const TensorId x = w.input({1, 3, 24, 24});
    const TensorId a = w.convolution(x, 12, 2, activation);
    const TensorId b = w.convolution(a, 12, 1, activation, 12);
    const TensorId c = w.add(Binary{BinaryOperator::add}, {a, b});
    const Window two{{2, 2}, {2, 2}, {1, 1}, {0, 0}, {0, 0}};
    const TensorId d = w.convolution(w.add(MaxPool{two}, {c}), 16, 1, activation);
    const TensorId up = w.add(Resize{ResizeMode::nearest,
                                     ResizeCoordinates::asymmetric,
                                     NearestRounding::floor,
                                     {2, 2},
                                     {12, 12}},
                              {d});
    const TensorId joined = w.add(Concat{1}, {up, c});
    return w.finish({w.convolution(joined, 8, 1, {})});
}

} // namespace

TEST(QuantizedNetwork, KeepsThirtyDecibelsWithRelu)
{
    for (unsigned seed = 1; seed <= 3; ++seed) {
        World world(seed);
        EXPECT_GT(compare(backbone(world, relu), world, -1, 1).snr(), 30) << seed;
    }
}

TEST(QuantizedNetwork, KeepsThirtyDecibelsWithSilu)
{
    for (unsigned seed = 1; seed <= 3; ++seed) {
        World world(seed);
        EXPECT_GT(compare(backbone(world, silu), world, -1, 1).snr(), 30) << seed;
    }
}

TEST(QuantizedNetwork, TakesRawPicturesAsTheyAre)
{
    World world;
    const auto graph = backbone(world, relu);
    QuantizeOptions options;
    options.ranges.inputs = {rawPictureQuantisation};
    const SideBySide run = compare(graph, world, 0, 255, options);
    EXPECT_EQ(run.quantized->of(graph->inputs[0]), rawPictureQuantisation);
    EXPECT_EQ(run.quantized->methods[graph->inputs[0].index()], RangeMethod::given);
    EXPECT_GT(run.snr(), 30);
}

TEST(QuantizedNetwork, IsTheSameWithAnyNumberOfThreads)
{
    World world;
    const auto graph = backbone(world, silu);
    const SideBySide run = compare(graph, world);
    std::vector<Tensor> input{quantiseTensor(randomTensor({1, 3, 24, 24}, world.random, -2, 3),
                                             run.quantized->of(graph->inputs[0]))};
    ThreadPool pool(2);
    const auto one = runInteger(*run.quantized, input);
    const auto two = runInteger(*run.quantized, input, {}, {}, &pool);
    EXPECT_EQ(one->front(), two->front());
}

TEST(QuantizedNetwork, ShowsEveryValueToItsObserver)
{
    World world;
    const auto graph = backbone(world, relu);
    const SideBySide run = compare(graph, world);
    std::vector<TensorId> seen;
    const std::vector<Tensor> input{Tensor(ElementType::uint8, {1, 3, 24, 24})};
    ASSERT_TRUE(runInteger(*run.quantized, input, [&](TensorId id, const Tensor &value) {
        EXPECT_EQ(value.shape(), graph->tensor(id).shape);
        seen.push_back(id);
    }));
    EXPECT_EQ(seen.size(), graph->layers.size());
}

TEST(QuantizedNetwork, RefusesAnInputOfTheWrongKind)
{
    World world;
    const auto graph = backbone(world, relu);
    const SideBySide run = compare(graph, world);
    const std::vector<Tensor> wrongShape{Tensor(ElementType::uint8, {1, 3, 24, 23})};
    const std::vector<Tensor> wrongType{Tensor(ElementType::float32, {1, 3, 24, 24})};
    EXPECT_EQ(runInteger(*run.quantized, wrongShape).error()[0].id, "integer.input-mismatch");
    EXPECT_EQ(runInteger(*run.quantized, wrongType).error()[0].id, "integer.input-mismatch");
    EXPECT_EQ(runInteger(*run.quantized, {}).error()[0].id, "integer.input-mismatch");
}

TEST(QuantizedNetwork, StopsWhenAsked)
{
    World world;
    const auto graph = backbone(world, relu);
    const SideBySide run = compare(graph, world);
    std::stop_source stop;
    stop.request_stop();
    const std::vector<Tensor> input{Tensor(ElementType::uint8, {1, 3, 24, 24})};
    EXPECT_EQ(runInteger(*run.quantized, input, {}, stop.get_token()).error()[0].id, "cancelled");
    const auto calibration = calibrate(*graph, randomPictures(*graph, 1, world.random, 0, 1));
    EXPECT_EQ(quantizeGraph(graph, calibration, {}, stop.get_token()).error()[0].id, "cancelled");
}

TEST(QuantizeGraph, NeedsStatisticsOfEveryValue)
{
    World world;
    const auto graph = backbone(world, relu);
    const auto quantized = quantizeGraph(graph, CalibrationStatistics{}, {});
    ASSERT_FALSE(quantized);
    EXPECT_EQ(quantized.error()[0].id, "quantize.no-statistics");
}

TEST(QuantizeGraph, WarnsOfValuesThatAreNoNumbers)
{
    World world;
    const TensorId x = world.input({1, 4});
    const auto graph = world.finish({world.add(Elementwise{{Function::relu}}, {x})});
    auto calibration = calibrate(*graph, randomPictures(*graph, 1, world.random, 0, 1));
    const std::vector<float> broken{NAN, 1};
    calibration.tensors[x.index()].add(broken);
    std::vector<std::string> raised;
    const EventSink sink = [&](const Event &event) {
        if (const auto *diagnostic = std::get_if<DiagnosticRaised>(&event))
            raised.push_back(diagnostic->diagnostic.id);
    };
    EXPECT_TRUE(quantizeGraph(graph, calibration, {}, {}, sink));
    EXPECT_EQ(raised, std::vector<std::string>{"quantize.not-finite"});
}

TEST(QuantizeGraph, WidensWhatSharesIntegersAndSaysSo)
{
    World world;
    const TensorId x = world.input({1, 4, 4, 4});
    const TensorId a = world.convolution(x, 4, 1, {});
    const TensorId b = world.add(Reshape{{1, 64}}, {a});
    const auto graph = world.finish({b});
    const auto calibration = calibrate(*graph, randomPictures(*graph, 2, world.random, 0, 1));
    QuantizeOptions options;
    options.ranges.bits.assign(graph->tensors.size(), 8);
    options.ranges.bits[b.index()] = 16;
    Ledger rows;
    const EventSink sink = [&](const Event &event) {
        if (const auto *entry = std::get_if<LedgerEntry>(&event))
            rows.push_back(entry->row);
    };
    const auto quantized = quantizeGraph(graph, calibration, options, {}, sink);
    ASSERT_TRUE(quantized);
    EXPECT_EQ((*quantized)->of(a).bits, 16);
    EXPECT_EQ((*quantized)->of(x).bits, 8);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].asked, "8 bit");
    EXPECT_EQ(rows[0].used, "16 bit");
}

TEST(BiasCorrection, RemovesTheMeanErrorOfRoundedWeights)
{
    // Inputs far from zero make the weights' rounding a constant error.
    World world;
    const TensorId x = world.input({1, 16, 8, 8});
    const TensorId y =
        world.add(Convolution{{{1, 1}}, 1, {}}, {x, world.weights({8, 16, 1, 1}, 1)});
    const auto graph = world.finish({y});
    const auto meanError = [&](BiasCorrection correction) {
        World same(9);
        QuantizeOptions options;
        options.biasCorrection = correction;
        const SideBySide run = compare(graph, same, 4, 5, options);
        double largest = 0;
        for (std::size_t o = 0; o < 8; ++o) {
            double sum = 0;
            for (std::size_t i = 0; i < 64; ++i)
                sum += static_cast<double>(run.found[0].as<float>()[o * 64 + i]) -
                       run.wanted[0].as<float>()[o * 64 + i];
            largest = std::max(largest, std::abs(sum / 64 / run.step));
        }
        return largest;
    };
    EXPECT_GT(meanError(BiasCorrection::off), 0.3);
    EXPECT_LT(meanError(BiasCorrection::channelMeans), 0.2);
}
