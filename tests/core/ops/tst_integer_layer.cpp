// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/thread_pool.h"
#include "integer_world.h"

#include <chrono>
#include <random>

using namespace hefstudio;
using testing::Test;
using Numbers = std::vector<int>;

namespace {

constexpr TensorQuantisation withZero(int zeroPoint)
{
    return {1, zeroPoint, 8};
}

Window window3x3()
{
    return {.kernel = {3, 3}, .padBegin = {1, 1}, .padEnd = {1, 1}};
}

} // namespace

TEST(IntegerConvolution, IdentityKernelKeepsThePictureAroundAZeroPoint)
{
    IntegerConvolution identity{.window = window3x3(), .weightShape = {1, 1, 3, 3}};
    identity.weights = {0, 0, 0, 0, 1, 0, 0, 0, 0};
    identity.bias = {0};
    identity.stage = stageOf(1, 7);
    const Tensor picture = bytes({1, 1, 2, 3}, {0, 1, 7, 8, 200, 255});
    EXPECT_EQ(run(identity, {picture}, {1, 1, 2, 3}, {withZero(7)}, withZero(7)), values(picture));
}

TEST(IntegerConvolution, PaddingCountsAsRealZero)
{
    IntegerConvolution sum{.window = window3x3(), .weightShape = {1, 1, 3, 3}};
    sum.weights.assign(9, 1);
    sum.bias = {0};
    sum.stage = stageOf(1, 100);
    // One pixel of real value 12 − 10 = 2 and eight of padding.
    EXPECT_EQ(run(sum, {bytes({1, 1, 1, 1}, {12})}, {1, 1, 1, 1}, {withZero(10)}, withZero(100)),
              Numbers{102});
}

TEST(IntegerConvolution, PaddingMayHoldAValuePerChannel)
{
    IntegerConvolution sum{.window = window3x3(), .weightShape = {1, 2, 3, 3}};
    sum.weights.assign(18, 1);
    sum.bias = {-100};
    sum.padding = {3, 10};
    sum.stage = stageOf(1);
    // 8·3 + 5 in the first channel, 8·10 + 20 in the second, bias −100.
    EXPECT_EQ(run(sum, {bytes({1, 2, 1, 1}, {5, 20})}, {1, 1, 1, 1}), Numbers{29});
}

TEST(IntegerConvolution, StrideDilationAndGroupsSelectTheirPixels)
{
    IntegerConvolution form{.window = {.kernel = {1, 2}, .stride = {1, 2}, .dilation = {1, 2}},
                            .groups = 2,
                            .weightShape = {2, 1, 1, 2}};
    form.weights = {1, 2, 10, 0};
    form.bias = {0, 1};
    form.stage = stageOf(1);
    const Tensor picture = bytes({1, 2, 1, 5}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    EXPECT_EQ(run(form, {picture}, {1, 2, 1, 2}), (Numbers{1 + 6, 3 + 10, 61, 81}));
}

TEST(IntegerConvolution, NegativeAccumulatorsUseTheirOwnFactor)
{
    IntegerConvolution leaky{.weightShape = {1, 1, 1, 1}};
    leaky.weights = {10};
    leaky.bias = {0};
    leaky.stage = stageOf(1, 100);
    leaky.stage.negative = {fixedPoint(0.1)};
    EXPECT_EQ(
        run(leaky, {bytes({1, 1, 1, 2}, {13, 7})}, {1, 1, 1, 2}, {withZero(10)}, withZero(100)),
        (Numbers{130, 97}));
}

TEST(IntegerConvolution, LargestSumsDoNotWrap)
{
    // 65535·127·(2·3·3·64) leaves 32 bits by far.
    const std::int64_t channels = 128;
    IntegerConvolution form{.window = {.kernel = {3, 3}}, .weightShape = {1, channels, 3, 3}};
    form.weights.assign(static_cast<std::size_t>(channels * 9), 127);
    form.bias = {INT32_MAX};
    form.stage.rescale = {fixedPoint(1.0 / 1e6)};
    form.stage.high = 65535;
    Tensor picture(ElementType::uint16, {1, channels, 3, 3});
    for (auto &value : picture.as<std::uint16_t>())
        value = 65535;
    const TensorQuantisation wide{1, 0, 16};
    const double expected = (65535.0 * 127 * 9 * 128 + INT32_MAX) / 1e6;
    EXPECT_NEAR(run(form, {picture}, {1, 1, 1, 1}, {wide}, wide)[0], expected, 0.51);
}

TEST(IntegerConvolution, ThreadsDoNotChangeTheBits)
{
    std::mt19937 random(3);
    IntegerConvolution form{.window = window3x3(), .weightShape = {16, 8, 3, 3}};
    for (int i = 0; i < 16 * 8 * 9; ++i)
        form.weights.push_back(static_cast<std::int8_t>(random() % 255 - 127));
    form.bias.assign(16, 5);
    form.stage = stageOf(0.001, 128);
    const IntegerLayer layer{"c", {{withZero(3), nullptr}}, {}, form};
    Tensor picture(ElementType::uint8, {2, 8, 13, 17});
    for (auto &value : picture.as<std::uint8_t>())
        value = static_cast<std::uint8_t>(random());
    const Tensor *input = &picture;
    ThreadPool pool(2);
    const Shape out{2, 16, 13, 17};
    EXPECT_EQ(runIntegerReference(layer, {&input, 1}, out),
              runIntegerReference(layer, {&input, 1}, out, &pool));
}

TEST(IntegerConvolution, HundredMillionProductsTakeLessThanASecond)
{
    IntegerConvolution form{.window = window3x3(), .weightShape = {64, 64, 3, 3}};
    form.weights.assign(64 * 64 * 9, 3);
    form.bias.assign(64, 0);
    form.stage = stageOf(0.0001);
    const IntegerLayer layer{"c", {IntegerOperand{}}, {}, form};
    const Tensor picture(ElementType::uint8, {1, 64, 52, 52});
    const Tensor *input = &picture;
    const auto start = std::chrono::steady_clock::now();
    runIntegerReference(layer, {&input, 1}, {1, 64, 52, 52});
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    RecordProperty("milliseconds", static_cast<int>(seconds.count() * 1000));
    // Generous: sanitizers and busy machines run this too.
    EXPECT_LT(seconds.count(), 10);
}

TEST(IntegerTransposedConvolution, SpreadsEachPixel)
{
    IntegerTransposedConvolution form{.window = {.kernel = {1, 3}, .stride = {1, 2}},
                                      .weightShape = {1, 1, 1, 3}};
    form.weights = {1, 2, 3};
    form.bias = {1};
    form.stage = stageOf(1);
    EXPECT_EQ(run(form, {bytes({1, 1, 1, 2}, {10, 20})}, {1, 1, 1, 5}),
              (Numbers{11, 21, 51, 41, 61}));
    form.window.padBegin = {0, 1};
    form.outputPadding = {0, 1};
    EXPECT_EQ(run(form, {bytes({1, 1, 1, 2}, {10, 20})}, {1, 1, 1, 5}),
              (Numbers{21, 51, 41, 61, 1}));
}

TEST(IntegerFullyConnected, MultipliesEveryRow)
{
    IntegerFullyConnected form{.weightShape = {2, 3}};
    form.weights = {1, 2, 3, -1, 0, 1};
    form.bias = {0, 100};
    form.stage = stageOf(1);
    EXPECT_EQ(run(form, {bytes({2, 3}, {1, 1, 1, 5, 6, 7})}, {2, 2}), (Numbers{6, 100, 38, 102}));
}

TEST(IntegerMatMul, TakesBothZeroPointsOutAndBroadcastsBatches)
{
    const Tensor a = bytes({2, 1, 2}, {11, 12, 13, 14});
    const Tensor b = bytes({2, 1}, {22, 23});
    // (1·2 + 2·3) and (3·2 + 4·3)
    EXPECT_EQ(run(IntegerMatMul{stageOf(1)}, {a, b}, {2, 1, 1}, {withZero(10), withZero(20)}),
              (Numbers{8, 18}));
}

TEST(IntegerTable, ReadsAnEightBitIndexDirectly)
{
    IntegerTable form;
    for (int i = 0; i < 256; ++i)
        form.table.points.push_back(255 - i);
    form.low = 10;
    form.high = 250;
    EXPECT_EQ(run(form, {bytes({4}, {0, 5, 100, 255})}, {4}), (Numbers{250, 250, 155, 10}));
}

TEST(IntegerTable, InterpolatesASixteenBitIndex)
{
    IntegerTable form{.table = {.indexBits = 16, .fractionBits = 4}};
    for (int i = 0; i < 513; ++i)
        form.table.points.push_back(i * 16 * 128); // the identity
    form.high = 65535;
    Tensor x(ElementType::uint16, {5});
    const std::vector<std::uint16_t> in{0, 1, 12345, 65534, 65535};
    std::copy(in.begin(), in.end(), x.as<std::uint16_t>().begin());
    const TensorQuantisation wide{1, 0, 16};
    EXPECT_EQ(run(form, {x}, {5}, {wide}, wide), (Numbers{0, 1, 12345, 65534, 65535}));
}

TEST(IntegerRescale, AppliesASlopePerChannel)
{
    IntegerRescale prelu{stageOf(1, 50)};
    prelu.stage.rescale.assign(2, fixedPoint(1));
    prelu.stage.negative = {fixedPoint(0.5), fixedPoint(-1)};
    const Tensor x = bytes({1, 2, 1, 2}, {60, 40, 60, 40});
    EXPECT_EQ(run(prelu, {x}, {1, 2, 1, 2}, {withZero(50)}, withZero(50)),
              (Numbers{60, 45, 60, 60}));
}

TEST(IntegerBinary, AddsAtACommonScale)
{
    IntegerBinary add{.multipliers = {2, 1}, .stage = stageOf(0.5)};
    // (2·4 + 3) / 2 = 5.5 rounds up.
    EXPECT_EQ(run(add, {bytes({1}, {4}), bytes({1}, {3})}, {1}), Numbers{6});
}

TEST(IntegerBinary, BroadcastsLikeNumPy)
{
    IntegerBinary add{.stage = stageOf(1)};
    EXPECT_EQ(run(add, {bytes({2, 2}, {1, 2, 3, 4}), bytes({2, 1}, {10, 20})}, {2, 2}),
              (Numbers{11, 12, 23, 24}));
}

TEST(IntegerBinary, SubtractsByANegativeFactor)
{
    IntegerBinary subtract{.multipliers = {1, -1}, .stage = stageOf(1, 5)};
    EXPECT_EQ(run(subtract, {bytes({2}, {9, 1}), bytes({2}, {4, 3})}, {2}, {}, withZero(5)),
              (Numbers{10, 3}));
}

TEST(IntegerBinary, MultipliesMinimisesAndMaximises)
{
    const Tensor a = bytes({2}, {12, 9});
    const Tensor b = bytes({2}, {20, 30});
    using Operation = IntegerBinary::Operation;
    const auto with = [&](Operation operation) {
        return run(IntegerBinary{.operation = operation, .stage = stageOf(1)}, {a, b}, {2},
                   {withZero(10), withZero(10)});
    };
    EXPECT_EQ(with(Operation::multiply), (Numbers{20, 0})); // −20 clamps to 0
    EXPECT_EQ(with(Operation::minimum), (Numbers{2, 0}));
    EXPECT_EQ(with(Operation::maximum), (Numbers{10, 20}));
}

TEST(IntegerBinary, DividesAndSurvivesZero)
{
    IntegerBinary divide{.operation = IntegerBinary::Operation::divide,
                         .stage = stageOf(1.0 / (1 << IntegerBinary::quotientBits), 100)};
    const Tensor a = bytes({4}, {19, 17, 1, 14});
    const Tensor b = bytes({4}, {12, 12, 8, 10});
    // 9/2, 7/2, −9/−2, 4/0 (as 4/1), around zero point 10
    EXPECT_EQ(run(divide, {a, b}, {4}, {withZero(10), withZero(10)}, withZero(100)),
              (Numbers{105, 104, 105, 104}));
}

TEST(IntegerConcat, RescalesEachOperand)
{
    IntegerConcat concat{.axis = 1, .stage = stageOf(1)};
    concat.stage.rescale = {fixedPoint(1), fixedPoint(0.5)};
    const Tensor a = bytes({2, 1}, {1, 2});
    const Tensor b = bytes({2, 2}, {10, 20, 30, 40});
    EXPECT_EQ(run(concat, {a, b}, {2, 3}), (Numbers{1, 5, 10, 2, 15, 20}));
}

TEST(IntegerMaxPool, PaddingNeverWins)
{
    IntegerMaxPool pool{.window = window3x3(), .stage = stageOf(1, 200)};
    EXPECT_EQ(
        run(pool, {bytes({1, 1, 1, 2}, {100, 150})}, {1, 1, 1, 2}, {withZero(200)}, withZero(200)),
        (Numbers{150, 150}));
}

TEST(IntegerAveragePool, CountsAsAsked)
{
    const Tensor x = bytes({1, 1, 1, 3}, {30, 60, 90});
    IntegerAveragePool pool{.window = {.kernel = {1, 3}, .padBegin = {0, 1}, .padEnd = {0, 1}},
                            .countIncludesPadding = true,
                            .stage = stageOf(1.0 / 3)};
    EXPECT_EQ(run(pool, {x}, {1, 1, 1, 3}), (Numbers{30, 60, 50}));
    pool.countIncludesPadding = false;
    pool.stage.rescale = {fixedPoint(1), fixedPoint(0.5), fixedPoint(1.0 / 3)};
    EXPECT_EQ(run(pool, {x}, {1, 1, 1, 3}), (Numbers{45, 60, 75}));
}

TEST(IntegerReduce, ReducesTheNamedAxes)
{
    const Tensor x = bytes({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
    const auto with = [&](Reduction reduction, double factor) {
        return run(IntegerReduce{.reduction = reduction, .axes = {0, 2}, .stage = stageOf(factor)},
                   {x}, {1, 2, 1});
    };
    EXPECT_EQ(with(Reduction::sum, 1), (Numbers{14, 22}));
    EXPECT_EQ(with(Reduction::mean, 0.25), (Numbers{4, 6})); // 3.5 and 5.5 round up
    EXPECT_EQ(with(Reduction::max, 1), (Numbers{6, 8}));
    EXPECT_EQ(with(Reduction::min, 1), (Numbers{1, 3}));
    // √(1 + 4 + 25 + 36) = 8.12, √(9 + 16 + 49 + 64) = 11.75
    EXPECT_EQ(with(Reduction::l2, 1.0 / 256), (Numbers{8, 12}));
}

TEST(IntegerResize, NearestRepeatsAndLinearBlends)
{
    const Tensor x = bytes({1, 1, 1, 2}, {0, 100});
    const IntegerResize::Axis one{.index = {0}, .weight = {1}};
    IntegerResize resize{one, {.index = {0, 0, 1, 1}, .weight = {1, 1, 1, 1}}, stageOf(1)};
    EXPECT_EQ(run(resize, {x}, {1, 1, 1, 4}), (Numbers{0, 0, 100, 100}));
    resize.columns = {.taps = 2,
                      .fractionBits = 2,
                      .index = {0, 0, 0, 1, 0, 1, 1, 1},
                      .weight = {4, 0, 3, 1, 1, 3, 4, 0}};
    resize.stage = stageOf(0.25);
    EXPECT_EQ(run(resize, {x}, {1, 1, 1, 4}), (Numbers{0, 25, 75, 100}));
}

TEST(IntegerMove, MovesElementsAsTheFloatLayersDo)
{
    const Tensor x = bytes({1, 4, 1, 1}, {1, 2, 3, 4});
    const auto with = [](IntegerMove::Operation operation, const Tensor &from, const Shape &to) {
        return run(IntegerMove{std::move(operation), stageOf(1)}, {from}, to);
    };
    EXPECT_EQ(with(DepthToSpace{2, true}, x, {1, 1, 2, 2}), (Numbers{1, 2, 3, 4}));
    EXPECT_EQ(with(SpaceToDepth{2}, bytes({1, 1, 2, 2}, {1, 2, 3, 4}), {1, 4, 1, 1}),
              (Numbers{1, 2, 3, 4}));
    const Tensor matrix = bytes({2, 3}, {1, 2, 3, 4, 5, 6});
    EXPECT_EQ(with(Transpose{{1, 0}}, matrix, {3, 2}), (Numbers{1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(with(Slice{{1, 2}, {1, 2}, {1, -2}}, matrix, {1, 2}), (Numbers{6, 4}));
    EXPECT_EQ(with(Reshape{{6}}, matrix, {6}), (Numbers{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(with(Broadcast{{2, 2}}, bytes({2, 1}, {7, 8}), {2, 2}), (Numbers{7, 7, 8, 8}));
    EXPECT_EQ(with(IntegerGather{1, {2}, {2, 0}}, matrix, {2, 2}), (Numbers{3, 1, 6, 4}));
    const Tensor row = bytes({3}, {1, 2, 3});
    EXPECT_EQ(with(IntegerPad{PadMode::constant, {1}, {1}, 9}, row, {5}), (Numbers{9, 1, 2, 3, 9}));
    EXPECT_EQ(with(IntegerPad{PadMode::reflect, {2}, {1}, 0}, row, {6}),
              (Numbers{3, 2, 1, 2, 3, 2}));
    EXPECT_EQ(with(IntegerPad{PadMode::edge, {1}, {-1}, 0}, row, {3}), (Numbers{1, 1, 2}));
}

TEST(FoldedBias, TakesTheZeroPointIn)
{
    const std::vector<std::int8_t> weights{1, 2, -3, 4};
    EXPECT_EQ(foldedBias(weights, std::vector<std::int32_t>{10, 20}, 5),
              (std::vector<std::int64_t>{10 - 15, 20 - 5}));
}
