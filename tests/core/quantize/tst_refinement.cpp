// What is measured on pictures while the network becomes integers: simulation, lock step,
// sensitivity, the choice of wide values, observers chosen by hand.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration_run.h"
#include "quantize/equalise.h"
#include "quantize/sensitivity.h"
#include "quantize/simulation.h"
#include "quantize_world.h"

using namespace hefstudio;

namespace {

constexpr ScalarFunction silu{Function::silu};

struct Prepared {
    std::shared_ptr<const Graph> graph;
    std::vector<std::vector<Tensor>> pictures;
    CalibrationStatistics statistics;
    ChannelScales scales;
};

Prepared prepare(unsigned seed)
{
    World w(seed);
    const TensorId x = w.input({1, 3, 16, 16});
    const TensorId a = w.convolution(x, 12, 2, silu);
    const TensorId b = w.convolution(a, 12, 1, silu, 12);
    const TensorId c = w.add(Binary{BinaryOperator::add}, {a, b});
    const TensorId d = w.convolution(c, 16, 1, silu);
    Prepared made{.graph = w.finish({w.convolution(d, 6, 1, {})})};
    made.pictures = randomPictures(*made.graph, 8, w.random, -1, 1);
    const auto load = [&](std::size_t i) -> Result<std::vector<Tensor>> { return made.pictures[i]; };
    made.scales =
        equaliseChannels(*made.graph, collectStatistics(made.graph, 8, load)->channels).scales;
    made.statistics = *collectStatistics(made.graph, 8, load, {.scales = made.scales});
    return made;
}

QuantizeOptions optionsOf(const Prepared &world)
{
    QuantizeOptions options{.channelScales = world.scales};
    options.ranges.bits.assign(world.graph->tensors.size(), 8);
    options.ranges.bits[world.graph->outputs[0].index()] = 16;
    return options;
}

std::shared_ptr<const QuantizedGraph> quantized(const Prepared &world,
                                                const QuantizeOptions &options)
{
    auto made = quantizeGraph(world.graph, world.statistics, options);
    if (!made)
        throw std::runtime_error(made.error().front().id);
    return *made;
}

double outputSnr(const Prepared &world, const QuantizedGraph &graph)
{
    std::vector<float> wanted, found;
    for (const auto &picture : world.pictures) {
        const auto values = runFloat(*world.graph, picture);
        const std::vector<Tensor> stored{
            quantiseTensor(picture[0], graph.of(world.graph->inputs[0]))};
        const Tensor real =
            realValues(graph, world.graph->outputs[0], runInteger(graph, stored)->front());
        const auto a = values[world.graph->outputs[0].index()].as<float>();
        wanted.insert(wanted.end(), a.begin(), a.end());
        found.insert(found.end(), real.as<float>().begin(), real.as<float>().end());
    }
    return snr(wanted, found);
}

} // namespace

TEST(Simulation, GivesWhatTheIntegersGive)
{
    for (unsigned seed = 1; seed <= 3; ++seed) {
        const Prepared world = prepare(seed);
        const auto graph = quantized(world, optionsOf(world));
        auto simulation = Simulation::create(graph);
        ASSERT_TRUE(simulation);
        const std::vector<Tensor> stored{
            quantiseTensor(world.pictures[0][0], graph->of(world.graph->inputs[0]))};
        const Tensor exact =
            realValues(*graph, world.graph->outputs[0], runInteger(*graph, stored)->front());
        const auto simulated = simulation->run(world.pictures[0]);
        ASSERT_TRUE(simulated);
        EXPECT_GT(snr(exact.as<float>(), simulated->front().as<float>()), 45) << seed;
    }
}

TEST(LockStep, SecondOrderRoundingImprovesTheOutputs)
{
    double nearest = 0, refined = 0;
    for (unsigned seed = 1; seed <= 4; ++seed) {
        const Prepared world = prepare(seed);
        // Wide values, so that the rounding of the weights is what is left.
        QuantizeOptions options = optionsOf(world);
        for (const Layer &layer : world.graph->layers)
            options.ranges.bits[layer.output.index()] = 16;
        nearest += outputSnr(world, *quantized(world, options));
        options.rounding = WeightRounding::secondOrder;
        options.samples =
            std::make_shared<QuantizeSamples>(QuantizeSamples{world.pictures, {}});
        refined += outputSnr(world, *quantized(world, options));
    }
    EXPECT_GT(refined / 4, nearest / 4 + 0.5);
}

TEST(LockStep, MeasuredBiasesTakeOutTheShiftThatClippingCauses)
{
    const Prepared world = prepare(2);
    QuantizeOptions options = optionsOf(world);
    const std::size_t first = 1; // the first convolution's value, clipped hard
    const TensorId value = world.graph->layers[first].output;
    const ValueRange all = minMaxRange(world.statistics.tensors[value.index()]);
    options.ranges.ranges = {{value, {all.low, all.high * 0.4}}};
    const double before = outputSnr(world, *quantized(world, options));
    options.biasCorrection = BiasCorrection::measured;
    options.samples = std::make_shared<QuantizeSamples>(
        QuantizeSamples{world.pictures, world.statistics.channels});
    EXPECT_GT(outputSnr(world, *quantized(world, options)), before + 0.5);
}

TEST(LockStep, GivesTheSameWithAnyNumberOfThreads)
{
    const Prepared world = prepare(1);
    QuantizeOptions options = optionsOf(world);
    options.rounding = WeightRounding::secondOrder;
    options.biasCorrection = BiasCorrection::measured;
    options.samples = std::make_shared<QuantizeSamples>(
        QuantizeSamples{world.pictures, world.statistics.channels});
    options.threads = 1;
    const auto one = quantized(world, options);
    options.threads = 3;
    EXPECT_EQ(quantized(world, options)->layers, one->layers);
}

TEST(Sensitivity, FindsTheValueWithTheCoarsestGridAndItHelpsToWidenIt)
{
    const Prepared world = prepare(3);
    QuantizeOptions options = optionsOf(world);
    const TensorId coarse = world.graph->layers[4].output;
    options.ranges.ranges = {{coarse, {-40, 40}}};
    const auto graph = quantized(world, options);
    const auto found = measureSensitivity(*graph, std::span(world.pictures).first(2), {});
    ASSERT_TRUE(found);
    ASSERT_FALSE(found->empty());
    EXPECT_EQ(found->front().members, std::vector<TensorId>{coarse});
    EXPECT_TRUE(std::ranges::is_sorted(*found, std::greater<>{}, &ValueSensitivity::noise));
    // Neither the input nor the output, which has 16 bits already.
    for (const ValueSensitivity &value : *found)
        for (const TensorId member : value.members)
            EXPECT_TRUE(member != world.graph->inputs[0] && member != world.graph->outputs[0]);
    options.ranges.bits[coarse.index()] = 16;
    EXPECT_GT(outputSnr(world, *quantized(world, options)), outputSnr(world, *graph) + 3);
}

TEST(Sensitivity, WideValuesStayInsideTheBudget)
{
    const std::vector<ValueSensitivity> values{
        {{}, 10, 0.3}, {{}, 8, 0.1}, {{}, 5, 0.5}, {{}, 1, 0.1}, {{}, 0.01, 0.001}};
    EXPECT_EQ(chooseWide(values, 0.5), (std::vector<std::size_t>{0, 1, 3}));
    EXPECT_EQ(chooseWide(values, 0.1), (std::vector<std::size_t>{1}));
    EXPECT_EQ(chooseWide(values, 0).size(), 0U);
    // What hardly matters stays narrow whatever the budget.
    EXPECT_EQ(chooseWide(values, 10), (std::vector<std::size_t>{0, 1, 2, 3}));
}

TEST(Observers, AnyOfThemCanBeChosenForOneTensor)
{
    const Prepared world = prepare(1);
    const std::size_t index = world.graph->layers[2].output.index();
    const TensorStatistics &statistics = world.statistics.tensors[index];
    for (const RangeMethod method : {RangeMethod::minMax, RangeMethod::percentile,
                                     RangeMethod::meanSquare, RangeMethod::entropy}) {
        QuantizeOptions options = optionsOf(world);
        options.ranges.methods.resize(world.graph->tensors.size());
        options.ranges.methods[index] = method;
        const auto graph = quantized(world, options);
        EXPECT_EQ(graph->methods[index], method);
        EXPECT_EQ(rangeMethodFromName(rangeMethodName(method)), method);
        const ValueRange range = observedRange(statistics, method, 8);
        EXPECT_LE(range.high, minMaxRange(statistics).high);
        EXPECT_GE(range.low, minMaxRange(statistics).low);
        EXPECT_GT(range.width(), 0);
    }
    EXPECT_FALSE(rangeMethodFromName("best"));
}

TEST(Observers, EntropyCutsOffATailThatCarriesNothing)
{
    std::mt19937 random(5);
    std::normal_distribution<float> normal;
    std::vector<float> values(100000);
    for (float &value : values)
        value = normal(random);
    TensorStatistics calm;
    calm.add(values);
    values.push_back(60);
    TensorStatistics spiked;
    spiked.add(values);
    EXPECT_LT(entropyRange(spiked).high, 50); // the histogram is coarse so far out
    EXPECT_GT(entropyRange(calm).high, 2);
}
