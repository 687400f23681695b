// Each layer kind against numbers a reader can check by hand.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/float_reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

using namespace hefstudio;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

namespace {

Tensor values(Shape shape, std::vector<float> list)
{
    return Tensor::of<float>(std::move(shape), std::span<const float>(list));
}

// 0, 1, 2, …
Tensor counting(Shape shape)
{
    std::vector<float> list(static_cast<std::size_t>(shape.elementCount()));
    std::iota(list.begin(), list.end(), 0.0F);
    return values(std::move(shape), list);
}

std::vector<float> run(const Attributes &attributes, const std::vector<Tensor> &operands,
                       const Shape &shape, const ScalarFunction &activation = {})
{
    std::vector<const Tensor *> pointers;
    for (const Tensor &operand : operands)
        pointers.push_back(&operand);
    const Tensor result = runFloatReference(attributes, activation, pointers, shape);
    EXPECT_EQ(result.shape(), shape);
    return {result.as<float>().begin(), result.as<float>().end()};
}

MATCHER(Close, "")
{
    return std::abs(std::get<0>(arg) - std::get<1>(arg)) < 1e-5F;
}

void expectClose(const std::vector<float> &found, const std::vector<float> &wanted)
{
    EXPECT_THAT(found, Pointwise(Close(), wanted));
}

Window window3(std::int64_t stride, std::int64_t pad)
{
    return {
        .kernel = {3, 3}, .stride = {stride, stride}, .padBegin = {pad, pad}, .padEnd = {pad, pad}};
}

} // namespace

TEST(FloatReference, FunctionsAtKnownPoints)
{
    const auto at = [](Function function, double x, float alpha = 0, float beta = 0) {
        return applyFunction({function, alpha, beta}, x);
    };
    EXPECT_EQ(at(Function::identity, -3), -3);
    EXPECT_EQ(at(Function::relu, -3), 0);
    EXPECT_EQ(at(Function::leakyRelu, -2, 0.5F), -1);
    EXPECT_EQ(at(Function::clip, 9, 0, 6), 6);
    EXPECT_DOUBLE_EQ(at(Function::sigmoid, 0), 0.5);
    EXPECT_NEAR(at(Function::tanh, 1), 0.76159415595576, 1e-12);
    EXPECT_NEAR(at(Function::hardSigmoid, 1, 0.2F, 0.5F), 0.7, 1e-7);
    EXPECT_DOUBLE_EQ(at(Function::hardSwish, 3), 3);
    EXPECT_DOUBLE_EQ(at(Function::hardSwish, -3), 0);
    EXPECT_NEAR(at(Function::silu, 1), 0.73105857863, 1e-10);
    EXPECT_NEAR(at(Function::gelu, 1), 0.84134474607, 1e-10);
    EXPECT_NEAR(at(Function::geluTanh, 1), 0.84119199060, 1e-10);
    EXPECT_NEAR(at(Function::elu, -1, 2), 2 * (std::exp(-1.0) - 1), 1e-12);
    EXPECT_NEAR(at(Function::mish, 1), std::tanh(std::log1p(std::exp(1.0))), 1e-11);
    EXPECT_NEAR(at(Function::softplus, 0), std::log(2.0), 1e-12);
    EXPECT_NEAR(at(Function::softplus, 1000), 1000, 1e-9);
    EXPECT_NEAR(at(Function::exp, 1), std::exp(1.0), 1e-11);
    EXPECT_NEAR(at(Function::log, 2), std::log(2.0), 1e-12);
    EXPECT_TRUE(std::isinf(at(Function::log, 0)));
    EXPECT_TRUE(std::isnan(at(Function::log, -1)));
    EXPECT_EQ(at(Function::sqrt, 9), 3);
    EXPECT_EQ(at(Function::reciprocal, 4), 0.25);
    EXPECT_EQ(at(Function::abs, -4), 4);
    EXPECT_EQ(at(Function::negate, 4), -4);
    EXPECT_EQ(at(Function::floor, -1.5), -2);
    EXPECT_EQ(at(Function::ceil, -1.5), -1);
    EXPECT_EQ(at(Function::round, 2.5), 2); // half to even
    EXPECT_EQ(at(Function::round, 3.5), 4);
    EXPECT_EQ(at(Function::round, -2.5), -2);
    EXPECT_NEAR(at(Function::erf, 0.5), std::erf(0.5), 1e-12);
    EXPECT_EQ(at(Function::sign, -7), -1);
    EXPECT_EQ(at(Function::power, -3, 3), -27);
    EXPECT_NEAR(at(Function::power, 2, 1.5F), std::pow(2.0, 1.5), 1e-11);
    EXPECT_EQ(at(Function::affine, 3, 2, 1), 7);
}

TEST(FloatReference, ConvolutionCountsTheWindowAndAppliesBiasAndActivation)
{
    const Tensor x = values({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
    const Tensor ones = values({1, 1, 3, 3}, std::vector<float>(9, 1));
    EXPECT_THAT(run(Convolution{.window = window3(1, 1)}, {x, ones}, {1, 1, 3, 3}),
                ElementsAre(12, 21, 16, 27, 45, 33, 24, 39, 28));
    EXPECT_THAT(run(Convolution{.window = window3(2, 1)}, {x, ones, values({1}, {-20})},
                    {1, 1, 2, 2}, {Function::relu}),
                ElementsAre(0, 0, 4, 8));
}

TEST(FloatReference, ConvolutionPaddingMayHoldAValuePerChannel)
{
    const Tensor x = values({1, 2, 1, 1}, {1, 1});
    const Tensor weights = values({1, 2, 1, 2}, {1, 1, 1, 1});
    const Convolution convolution{
        .window = {.kernel = {1, 2}, .padBegin = {0, 1}, .padEnd = {0, 1}}, .padValues = {10, 20}};
    EXPECT_THAT(run(convolution, {x, weights}, {1, 1, 1, 2}), ElementsAre(32, 32));
}

TEST(FloatReference, GroupedDilatedConvolution)
{
    const Tensor x = counting({1, 2, 1, 5});
    const Tensor weights = values({2, 1, 1, 2}, {1, 1, 2, 0});
    const Convolution convolution{.window = {.kernel = {1, 2}, .dilation = {1, 3}}, .groups = 2};
    EXPECT_THAT(run(convolution, {x, weights}, {1, 2, 1, 2}), ElementsAre(3, 5, 10, 12));
}

TEST(FloatReference, TransposedConvolutionScattersAndCrops)
{
    const Tensor x = values({1, 1, 1, 2}, {1, 10});
    const Tensor weights = values({1, 1, 1, 3}, {1, 2, 3});
    TransposedConvolution full{.window = {.kernel = {1, 3}, .stride = {1, 2}}};
    EXPECT_THAT(run(full, {x, weights}, {1, 1, 1, 5}), ElementsAre(1, 2, 13, 20, 30));
    full.window.padBegin = {0, 1};
    full.window.padEnd = {0, 1};
    full.outputPadding = {0, 1};
    EXPECT_THAT(run(full, {x, weights, values({1}, {100})}, {1, 1, 1, 4}),
                ElementsAre(102, 113, 120, 130));
}

TEST(FloatReference, TransposedConvolutionInGroups)
{
    const Tensor x = values({1, 2, 1, 1}, {2, 3});
    const Tensor weights = values({2, 2, 1, 1}, {1, 10, 100, 1000});
    EXPECT_THAT(run(TransposedConvolution{.groups = 2}, {x, weights}, {1, 4, 1, 1}),
                ElementsAre(2, 20, 300, 3000));
}

TEST(FloatReference, PoolsLeavePaddingOut)
{
    const Tensor x = values({1, 1, 2, 2}, {-1, -2, -3, -4});
    EXPECT_THAT(run(MaxPool{window3(2, 1)}, {x}, {1, 1, 1, 1}), ElementsAre(-1));
    EXPECT_THAT(run(AveragePool{window3(2, 1)}, {x}, {1, 1, 1, 1}), ElementsAre(-2.5F));
    expectClose(run(AveragePool{window3(2, 1), true}, {x}, {1, 1, 1, 1}), {-10.0F / 9});
}

TEST(FloatReference, ResizeNearestUnderEachRule)
{
    const Tensor x = values({1, 1, 1, 2}, {1, 2});
    Resize resize{.coordinates = ResizeCoordinates::asymmetric,
                  .rounding = NearestRounding::floor,
                  .scale = {1, 2},
                  .size = {1, 4}};
    EXPECT_THAT(run(resize, {x}, {1, 1, 1, 4}), ElementsAre(1, 1, 2, 2));
    resize.rounding = NearestRounding::ceil; // 0, 0.5, 1, 1.5
    EXPECT_THAT(run(resize, {x}, {1, 1, 1, 4}), ElementsAre(1, 2, 2, 2));
    resize.rounding = NearestRounding::roundPreferFloor;
    EXPECT_THAT(run(resize, {x}, {1, 1, 1, 4}), ElementsAre(1, 1, 2, 2));
    resize.rounding = NearestRounding::roundPreferCeil;
    EXPECT_THAT(run(resize, {x}, {1, 1, 1, 4}), ElementsAre(1, 2, 2, 2));
    // A stated scale that is not the ratio of the sizes decides.
    resize = {.coordinates = ResizeCoordinates::asymmetric,
              .rounding = NearestRounding::floor,
              .scale = {1, 1.75F},
              .size = {1, 3}};
    EXPECT_THAT(run(resize, {x}, {1, 1, 1, 3}), ElementsAre(1, 1, 2));
    resize = {.coordinates = ResizeCoordinates::tfHalfPixelForNearest,
              .rounding = NearestRounding::floor,
              .scale = {1, 0.5F},
              .size = {1, 2}};
    EXPECT_THAT(run(resize, {counting({1, 1, 1, 4})}, {1, 1, 1, 2}), ElementsAre(1, 3));
}

TEST(FloatReference, ResizeNearestOfInexactScaleFindsTheIntendedPixel)
{
    // 4 / 1.3333334f is 2.9999999 in double: the float arithmetic of the standard says 3.
    const Resize resize{.coordinates = ResizeCoordinates::asymmetric,
                        .rounding = NearestRounding::floor,
                        .scale = {1, 4.0F / 3.0F},
                        .size = {1, 8}};
    EXPECT_THAT(run(resize, {counting({1, 1, 1, 6})}, {1, 1, 1, 8}),
                ElementsAre(0, 0, 1, 2, 3, 3, 4, 5));
}

TEST(FloatReference, ResizeLinearUnderEachCoordinateMode)
{
    const Tensor x = values({1, 1, 1, 2}, {0, 4});
    Resize resize{.mode = ResizeMode::linear, .scale = {1, 2}, .size = {1, 4}};
    expectClose(run(resize, {x}, {1, 1, 1, 4}), {0, 1, 3, 4});
    resize.coordinates = ResizeCoordinates::alignCorners;
    expectClose(run(resize, {x}, {1, 1, 1, 4}), {0, 4.0F / 3, 8.0F / 3, 4});
    resize.coordinates = ResizeCoordinates::asymmetric;
    expectClose(run(resize, {x}, {1, 1, 1, 4}), {0, 2, 4, 4});
    resize.coordinates = ResizeCoordinates::pytorchHalfPixel;
    resize.scale = {1, 0.5F};
    resize.size = {1, 1};
    expectClose(run(resize, {x}, {1, 1, 1, 1}), {0}); // length 1 reads the first pixel
}

TEST(FloatReference, ResizeCubicKeepsAConstantAndMatchesPublishedNumbers)
{
    Resize resize{.mode = ResizeMode::cubic, .scale = {2, 2}, .size = {8, 8}};
    const std::vector<float> seven =
        run(resize, {values({1, 1, 4, 4}, std::vector<float>(16, 7))}, {1, 1, 8, 8});
    expectClose(seven, std::vector<float>(64, 7));
    // First row of the ONNX standard's test "resize_upsample_scales_cubic".
    std::vector<float> sixteen(16);
    std::iota(sixteen.begin(), sixteen.end(), 1.0F);
    std::vector<float> row = run(resize, {values({1, 1, 4, 4}, sixteen)}, {1, 1, 8, 8});
    row.resize(8);
    expectClose(row, {0.47265625F, 0.76953125F, 1.24609375F, 1.875F, 2.28125F, 2.91015625F,
                      3.38671875F, 3.68359375F});
}

TEST(FloatReference, MatrixProducts)
{
    const Tensor x = values({2, 2}, {1, 2, 3, 4});
    const Tensor weights = values({3, 2}, {1, 0, 0, 1, 1, 1});
    EXPECT_THAT(run(FullyConnected{}, {x, weights, values({3}, {0, 0, 10})}, {2, 3}),
                ElementsAre(1, 2, 13, 3, 4, 17));
    // The batch of the left operand is broadcast over that of the right one.
    const Tensor left = values({1, 1, 2}, {1, 10});
    const Tensor right = values({2, 2, 1}, {1, 2, 3, 4});
    EXPECT_THAT(run(MatMul{}, {left, right}, {2, 1, 1}), ElementsAre(21, 43));
}

TEST(FloatReference, Normalisations)
{
    const Tensor x = values({1, 2, 1, 2}, {1, 3, 10, 30});
    const auto two = [](float a, float b) { return values({2}, {a, b}); };
    expectClose(run(BatchNormalization{.epsilon = 0},
                    {x, two(1, 2), two(0, 1), two(1, 10), two(4, 100)}, {1, 2, 1, 2}),
                {0, 1, 1, 5});
    expectClose(
        run(LayerNormalization{.axis = 3, .epsilon = 0}, {x, two(1, 2), two(0, 5)}, {1, 2, 1, 2}),
        {-1, 7, -1, 7});
    expectClose(run(LayerNormalization{.axis = -1, .epsilon = 0}, {x}, {1, 2, 1, 2}),
                {-1, 1, -1, 1});
}

TEST(FloatReference, SoftmaxAlongAnyAxisSurvivesLargeValues)
{
    const Tensor x = values({2, 2}, {1000, 0, 1000, 0});
    expectClose(run(Softmax{.axis = 0}, {x}, {2, 2}), {0.5F, 0.5F, 0.5F, 0.5F});
    expectClose(run(Softmax{.axis = 1}, {x}, {2, 2}), {1, 0, 1, 0});
    expectClose(run(Softmax{.axis = 1, .logarithm = true}, {values({1, 2}, {0, 0})}, {1, 2}),
                {-std::log(2.0F), -std::log(2.0F)});
}

TEST(FloatReference, Reductions)
{
    const Tensor x = values({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
    const auto reduce = [&](Reduction reduction, std::vector<std::int64_t> axes, Shape shape,
                            bool keep = true) {
        return run(Reduce{reduction, std::move(axes), keep}, {x}, shape);
    };
    EXPECT_THAT(reduce(Reduction::mean, {1, 2}, {2, 1, 1}), ElementsAre(2.5F, 6.5F));
    EXPECT_THAT(reduce(Reduction::sum, {0}, {2, 2}, false), ElementsAre(6, 8, 10, 12));
    EXPECT_THAT(reduce(Reduction::max, {2}, {2, 2, 1}), ElementsAre(2, 4, 6, 8));
    EXPECT_THAT(reduce(Reduction::min, {0, 2}, {1, 2, 1}), ElementsAre(1, 3));
    EXPECT_THAT(reduce(Reduction::product, {1}, {2, 1, 2}), ElementsAre(3, 8, 35, 48));
    expectClose(reduce(Reduction::l2, {2}, {2, 2, 1}),
                {std::sqrt(5.0F), 5, std::sqrt(61.0F), std::sqrt(113.0F)});
}

TEST(FloatReference, BinaryOperatorsBroadcast)
{
    const Tensor column = values({2, 1}, {6, -7});
    const Tensor row = values({3}, {1, 2, 4});
    const auto binary = [&](BinaryOperator op) { return run(Binary{op}, {column, row}, {2, 3}); };
    EXPECT_THAT(binary(BinaryOperator::add), ElementsAre(7, 8, 10, -6, -5, -3));
    EXPECT_THAT(binary(BinaryOperator::subtract), ElementsAre(5, 4, 2, -8, -9, -11));
    EXPECT_THAT(binary(BinaryOperator::multiply), ElementsAre(6, 12, 24, -7, -14, -28));
    EXPECT_THAT(binary(BinaryOperator::divide), ElementsAre(6, 3, 1.5F, -7, -3.5F, -1.75F));
    EXPECT_THAT(binary(BinaryOperator::minimum), ElementsAre(1, 2, 4, -7, -7, -7));
    EXPECT_THAT(binary(BinaryOperator::maximum), ElementsAre(6, 6, 6, 1, 2, 4));
    EXPECT_THAT(binary(BinaryOperator::power), ElementsAre(6, 36, 1296, -7, 49, 2401));
    EXPECT_THAT(binary(BinaryOperator::modulo), ElementsAre(0, 0, 2, 0, -1, -3));
}

TEST(FloatReference, ElementwiseAndParametricRelu)
{
    const Tensor x = values({1, 2, 2}, {-1, 1, -2, 2});
    EXPECT_THAT(run(Elementwise{{Function::abs}}, {x}, {1, 2, 2}), ElementsAre(1, 1, 2, 2));
    EXPECT_THAT(run(ParametricRelu{}, {x, values({2, 1}, {0.5F, 3})}, {1, 2, 2}),
                ElementsAre(-0.5F, 1, -6, 2));
}

TEST(FloatReference, ConcatSliceTransposeReshape)
{
    const Tensor a = values({2, 1}, {1, 2});
    const Tensor b = values({2, 2}, {3, 4, 5, 6});
    EXPECT_THAT(run(Concat{.axis = 1}, {a, b}, {2, 3}), ElementsAre(1, 3, 4, 2, 5, 6));
    const Tensor x = counting({2, 5});
    EXPECT_THAT(run(Slice{{1, 4}, {1, 3}, {1, -2}}, {x}, {1, 3}), ElementsAre(9, 7, 5));
    EXPECT_THAT(run(Slice{{1, 0}, {2, 2}, {-1, 3}}, {x}, {2, 2}), ElementsAre(5, 8, 0, 3));
    EXPECT_THAT(run(Transpose{{2, 0, 1}}, {counting({1, 2, 3})}, {3, 1, 2}),
                ElementsAre(0, 3, 1, 4, 2, 5));
    EXPECT_THAT(run(Reshape{{3, 1}}, {counting({3})}, {3, 1}), ElementsAre(0, 1, 2));
}

TEST(FloatReference, PadModesAndCropping)
{
    const Tensor x = values({3}, {1, 2, 3});
    const auto pad = [&](PadMode mode, std::int64_t begin, std::int64_t end, Shape shape) {
        return run(Pad{mode, {begin}, {end}, 9}, {x}, shape);
    };
    EXPECT_THAT(pad(PadMode::constant, 1, 2, {6}), ElementsAre(9, 1, 2, 3, 9, 9));
    EXPECT_THAT(pad(PadMode::reflect, 2, 2, {7}), ElementsAre(3, 2, 1, 2, 3, 2, 1));
    EXPECT_THAT(pad(PadMode::edge, 2, 1, {6}), ElementsAre(1, 1, 1, 2, 3, 3));
    EXPECT_THAT(pad(PadMode::constant, -1, 1, {3}), ElementsAre(2, 3, 9));
}

TEST(FloatReference, DepthAndSpace)
{
    const Tensor x = counting({1, 8, 1, 1});
    EXPECT_THAT(run(DepthToSpace{2, true}, {x}, {1, 2, 2, 2}), ElementsAre(0, 2, 4, 6, 1, 3, 5, 7));
    EXPECT_THAT(run(DepthToSpace{2, false}, {x}, {1, 2, 2, 2}),
                ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
    EXPECT_THAT(run(SpaceToDepth{2}, {counting({1, 2, 2, 2})}, {1, 8, 1, 1}),
                ElementsAre(0, 4, 1, 5, 2, 6, 3, 7));
}

TEST(FloatReference, GatherAndBroadcast)
{
    const Tensor x = counting({2, 3});
    const Tensor indices = Tensor::of<std::int64_t>({2}, {2, 0});
    EXPECT_THAT(run(Gather{.axis = 1}, {x, indices}, {2, 2}), ElementsAre(2, 0, 5, 3));
    EXPECT_THAT(run(Gather{.axis = 0}, {x, Tensor::scalar<std::int64_t>(1)}, {3}),
                ElementsAre(3, 4, 5));
    EXPECT_THAT(run(Broadcast{{2, 2, 3}}, {values({2, 1}, {1, 2})}, {2, 2, 3}),
                ElementsAre(1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2));
}

TEST(FloatReference, ShapeArithmeticInInt64IsFolded)
{
    const Tensor shape = Tensor::of<std::int64_t>({4}, {1, 3, 240, 320});
    const Tensor *operand = &shape;
    const Tensor sides = runFloatReference(Slice{{2}, {2}, {1}}, {}, {&operand, 1}, {2});
    EXPECT_EQ(sides, Tensor::of<std::int64_t>({2}, {240, 320}));
    const Tensor two = Tensor::scalar<std::int64_t>(7);
    const Tensor *pair[] = {&sides, &two};
    EXPECT_EQ(runFloatReference(Binary{BinaryOperator::divide}, {}, pair, {2}),
              Tensor::of<std::int64_t>({2}, {34, 45}));
    const Tensor *both[] = {&sides, &sides};
    EXPECT_EQ(runFloatReference(Concat{.axis = 0}, {}, both, {4}),
              Tensor::of<std::int64_t>({4}, {240, 320, 240, 320}));
}
