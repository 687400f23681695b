// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/tables.h"
#include "quantize/weights.h"
#include "quantize_world.h"

using namespace hefstudio;

namespace {

TensorStatistics statisticsOf(std::span<const float> values)
{
    TensorStatistics statistics;
    statistics.add(values);
    return statistics;
}

// A bell with one far outlier.
std::vector<float> bellWithOutlier()
{
    std::mt19937 random(4);
    std::normal_distribution<float> bell;
    std::vector<float> values(20000);
    for (float &value : values)
        value = bell(random);
    values.push_back(60);
    return values;
}

} // namespace

TEST(Observer, AlwaysIncludesZero)
{
    const std::vector<float> values{2, 3, 4};
    EXPECT_EQ(minMaxRange(statisticsOf(values)), (ValueRange{0, 4}));
    EXPECT_EQ(meanSquareRange(statisticsOf(values), 8).low, 0);
}

TEST(Observer, PercentileForgetsAnOutlier)
{
    const ValueRange range = percentileRange(statisticsOf(bellWithOutlier()), 0.999);
    EXPECT_LT(range.high, 6);
    EXPECT_GT(range.high, 2);
    EXPECT_LT(range.low, -2);
}

TEST(Observer, MeanSquareClipsAnOutlierAndLowersTheError)
{
    const TensorStatistics statistics = statisticsOf(bellWithOutlier());
    const ValueRange all = minMaxRange(statistics);
    const ValueRange clipped = meanSquareRange(statistics, 8);
    EXPECT_LT(clipped.high, all.high);
    EXPECT_LT(expectedSquaredError(statistics, clipped, 8),
              expectedSquaredError(statistics, all, 8));
}

TEST(Observer, ExpectedErrorOfAFlatRangeIsATwelfthOfAStep)
{
    std::vector<float> values;
    for (int i = 0; i < 4096; ++i)
        values.push_back(static_cast<float>(i) / 4096);
    const double step = 1.0 / 255;
    EXPECT_NEAR(expectedSquaredError(statisticsOf(values), {0, 1}, 8), step * step / 12, 1e-8);
}

TEST(QuantisationOf, ReproducesTheScaleAndZeroPointOfKnownTensors)
{
    // Limits and results as found in the files of chip compilers.
    const TensorQuantisation signedOne = quantisationOf({-0.375620544, 9.202703475}, 8);
    EXPECT_EQ(signedOne.zeroPoint, 10);
    EXPECT_NEAR(signedOne.scale, 0.0375620536, 1e-8);
    const TensorQuantisation positive = quantisationOf({0, 9.111455}, 8);
    EXPECT_EQ(positive.zeroPoint, 0);
    EXPECT_NEAR(positive.scale, 0.0357312, 1e-6);
}

TEST(QuantisationOf, SurvivesEmptyAndBrokenRanges)
{
    for (const ValueRange &range :
         {ValueRange{0, 0}, ValueRange{0, 1e-38}, ValueRange{0, INFINITY}}) {
        const TensorQuantisation quantisation = quantisationOf(range, 8);
        EXPECT_GT(quantisation.scale, 0);
        EXPECT_TRUE(std::isfinite(quantisation.scale));
        EXPECT_EQ(quantisation.zeroPoint, 0);
    }
    EXPECT_EQ(quantisationOf({-1, 0}, 8).zeroPoint, 255);
    EXPECT_EQ(quantisationOf({-1, 1e-9}, 8).zeroPoint, 254);
}

TEST(QuantisationOf, CoversBothEndsWhereverTheZeroPointFalls)
{
    for (int i = 1; i < 400; ++i) {
        const ValueRange range{-0.01 * i, 1};
        const ValueRange covered = rangeOf(quantisationOf(range, 8));
        EXPECT_LE(covered.low, range.low * (1 - 1e-6));
        EXPECT_GE(covered.high, range.high * (1 - 1e-6));
        EXPECT_LT(covered.width(), range.width() * 1.01);
    }
}

TEST(ChooseRange, KnowsTheBoundsOfScores)
{
    World world;
    const TensorId x = world.input({1, 8});
    const TensorId score = world.add(Elementwise{{Function::sigmoid}}, {x});
    const auto graph = world.finish({score});
    const std::vector<float> seen{0.01F, 0.83F};
    const RangeChoice choice =
        chooseRange(*graph, *graph->findLayer(graph->layers[1].name), statisticsOf(seen), 8);
    EXPECT_EQ(choice.method, RangeMethod::bounds);
    EXPECT_EQ(choice.range, (ValueRange{0, 1}));
}

// No picture of the set may show an object that fires on this grid.
TEST(ChooseRange, KeepsRoomForScoresThatCalibrationNeverSaw)
{
    World world;
    const TensorId x = world.input({1, 8});
    const TensorId score = world.add(Elementwise{{Function::sigmoid}}, {x});
    const auto graph = world.finish({score});
    const std::vector<float> seen{1e-9F, 4e-8F};
    const RangeChoice choice =
        chooseRange(*graph, *graph->findLayer(graph->layers[1].name), statisticsOf(seen), 8);
    EXPECT_EQ(choice.range, (ValueRange{0, 1}));
}

TEST(AssignRanges, JoinsTheOperandsOfAConcatUnlessTheyAreFarApart)
{
    World world;
    const TensorId x = world.input({1, 4});
    const TensorId twice = world.add(Elementwise{{Function::affine, 2, 0}}, {x});
    const TensorId hundred = world.add(Elementwise{{Function::affine, 100, 0}}, {x});
    const TensorId near = world.add(Concat{1}, {x, twice});
    const TensorId far = world.add(Concat{1}, {twice, hundred});
    const auto graph = world.finish({near, far});
    const auto calibration = calibrate(*graph, randomPictures(*graph, 2, world.random, -1, 1));
    const TensorRanges ranges = assignRanges(*graph, calibration.tensors, {});
    const auto of = [&](TensorId id) { return ranges.tensors[id.index()]; };
    EXPECT_EQ(of(x), of(near));
    EXPECT_EQ(of(twice), of(near));
    EXPECT_EQ(of(hundred), of(far));
    EXPECT_NE(of(twice), of(far));
}

TEST(QuantiseWeights, NeverExceedHalfAStepOfTheirScale)
{
    std::mt19937 random(2);
    std::uniform_real_distribution<float> uniform(-0.1F, 0.1F);
    WeightRows rows{{}, 4, 50, {}};
    for (int i = 0; i < 200; ++i)
        rows.values.push_back(uniform(random));
    const QuantisedWeights made = quantiseWeights(rows);
    double error = 0, plain = 0;
    for (std::size_t i = 0; i < 200; ++i) {
        error += std::pow(rows.values[i] - made.values[i] * made.scales[i / 50], 2);
        plain += std::pow(0.1 / 127, 2) / 12;
    }
    EXPECT_LT(error, plain * 1.3);
}

TEST(QuantiseWeights, CoarsensWeightsRatherThanWrappingABias)
{
    const QuantisedWeights made = quantiseWeights({{1e-6F}, 1, 1, {1000}, {}, 1e-4, 1});
    EXPECT_GT(made.bias[0], 1 << 29);
    EXPECT_NEAR(made.bias[0] * made.accumulatorScales[0], 1000, 1e-3);
    const QuantisedWeights dead = quantiseWeights({{0, 0}, 1, 2, {0.5F}, {}, 0.01, 1});
    EXPECT_NEAR(dead.bias[0] * dead.accumulatorScales[0], 0.5, 0.01);
}

TEST(MakeTable, IsTheRoundedFunctionForEveryByte)
{
    const TensorQuantisation from{0.05F, 100, 8}, to{0.004F, 3, 8};
    const auto function = [](double x) { return 1 / (1 + std::exp(-x)); };
    const FunctionTable table = makeTable(function, from, to);
    for (int q = 0; q < 256; ++q)
        EXPECT_NEAR(table.at(q), 3 + function(0.05 * (q - 100)) / 0.004, 0.5001) << q;
}

TEST(MakeStage, ExtremeAccumulatorsSaturate)
{
    const TensorQuantisation to{0.02F, 14, 8};
    const double scale = 0.001;
    for (const Function function : {Function::identity, Function::relu, Function::silu,
                                    Function::sigmoid, Function::gelu, Function::tanh}) {
        const OutputStage stage = makeStage({&scale, 1}, {function}, to, 1e6);
        EXPECT_EQ(stage.finish(INT64_MAX), stage.finish(2'000'000'000)) << functionName(function);
        EXPECT_EQ(stage.finish(INT64_MIN), stage.finish(-2'000'000'000)) << functionName(function);
        EXPECT_NEAR(stage.finish(0), 14 + applyFunction({function}, 0) / 0.02, 0.6);
    }
}
