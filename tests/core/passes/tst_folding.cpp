// Batch normalisation, constant arithmetic, padding and activations move into their neighbours.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pass_testing.h"

#include "passes/fold_batch_normalization.h"
#include "passes/fold_constant_arithmetic.h"
#include "passes/fold_padding.h"
#include "passes/fuse_activations.h"

namespace hefstudio {
namespace {

using FoldBatchNormalization = PassTest;
using FoldConstantArithmetic = PassTest;
using FoldPadding = PassTest;
using FuseActivations = PassTest;

TEST_F(FoldBatchNormalization, IntoEveryKindOfWeights)
{
    const TensorId x = build.input("x", {1, 4, 6, 6});
    const TensorId plain = normalization("n1", convolution("plain", x, 8, 3, 1, false));
    const TensorId grouped = normalization("n2", convolution("grouped", x, 8, 3, 2));
    const TensorId depthwise = normalization("n3", convolution("depthwise", x, 4, 3, 4));
    const TensorId transposed = normalization(
        "n4",
        add("transposed",
            TransposedConvolution{.window = {.kernel = {2, 2}, .stride = {2, 2}}, .groups = 2},
            {x, constant({4, 3, 2, 2})}));
    const TensorId flat = add("flat", Reshape{{1, 144}}, {x});
    const TensorId connected =
        normalization("n5", add("connected", FullyConnected{}, {flat, constant({10, 144})}));
    const auto graph = rewrite(foldBatchNormalization,
                               *finish({plain, grouped, depthwise, transposed, connected}));
    EXPECT_EQ(kinds(*graph).find("batch"), std::string::npos);
    EXPECT_EQ(graph->layers.size(), 7U);
}

TEST_F(FoldBatchNormalization, BecomesADepthwiseConvolution)
{
    const TensorId x = build.input("x", {1, 4, 6, 6});
    const auto graph = rewrite(foldBatchNormalization, *finish({normalization("n", x)}));
    EXPECT_EQ(kinds(*graph), "input convolution");
    EXPECT_EQ(graph->layers[1].as<Convolution>()->groups, 4);
}

TEST_F(FoldBatchNormalization, LeavesAConvolutionThatOthersRead)
{
    const TensorId x = convolution("conv", build.input("x", {1, 4, 6, 6}), 8);
    const auto graph = rewrite(foldBatchNormalization, *finish({normalization("n", x), x}));
    EXPECT_EQ(kinds(*graph), "input convolution convolution");
}

TEST_F(FoldBatchNormalization, KeepsItsOwnActivation)
{
    const TensorId x = convolution("conv", build.input("x", {1, 4, 6, 6}), 8);
    const TensorId y = add("n", BatchNormalization{},
                           {x, constant({8}), constant({8}), constant({8}), constant({8}, 0.1F, 1)},
                           {.activation = {Function::relu}});
    const auto graph = rewrite(foldBatchNormalization, *finish({y}));
    EXPECT_EQ(kinds(*graph), "input convolution convolution");
    EXPECT_TRUE(graph->layers[2].hasActivation());
}

TEST_F(FoldBatchNormalization, OfRowsBecomesArithmetic)
{
    const TensorId x = build.input("x", {1, 4, 9});
    EXPECT_EQ(kinds(*rewrite(foldBatchNormalization, *finish({normalization("n", x)}))),
              "input binary binary");
}

TEST_F(FoldConstantArithmetic, IntoConvolutions)
{
    TensorId x = convolution("conv", build.input("x", {1, 4, 6, 6}), 8);
    x = binary("mul", BinaryOperator::multiply, x, constant({1, 8, 1, 1}));
    x = binary("add", BinaryOperator::add, constant({8, 1, 1}), x);
    x = binary("sub", BinaryOperator::subtract, scalar(2), x);
    x = binary("div", BinaryOperator::divide, x, scalar(3));
    const auto graph = rewrite(foldConstantArithmetic, *finish({x}));
    EXPECT_EQ(kinds(*graph), "input convolution");
    EXPECT_EQ(graph->layers[1].name, "conv");
}

TEST_F(FoldConstantArithmetic, IntoFullyConnectedLayers)
{
    TensorId x = build.input("x", {2, 5, 16});
    x = add("fc", FullyConnected{}, {x, constant({10, 16}), constant({10})});
    x = binary("mul", BinaryOperator::multiply, x, constant({10}));
    x = binary("add", BinaryOperator::add, x, constant({1, 1, 10}));
    EXPECT_EQ(kinds(*rewrite(foldConstantArithmetic, *finish({x}))), "input fully-connected");
}

TEST_F(FoldConstantArithmetic, SinglesBecomeOneAffine)
{
    TensorId x = function("relu", Function::relu, build.input("x", {1, 4, 6, 6}));
    x = binary("mul", BinaryOperator::multiply, x, scalar(2));
    x = binary("sub", BinaryOperator::subtract, x, scalar(1));
    const auto graph = rewrite(foldConstantArithmetic, *finish({x}));
    EXPECT_EQ(kinds(*graph), "input elementwise elementwise");
    EXPECT_EQ(graph->layers[2].as<Elementwise>()->function,
              (ScalarFunction{Function::affine, 2, -1}));
}

TEST_F(FoldConstantArithmetic, PerChannelBecomesADepthwiseConvolution)
{
    TensorId x = function("relu", Function::relu, build.input("x", {1, 4, 6, 6}));
    x = binary("mul", BinaryOperator::multiply, x, constant({1, 4, 1, 1}));
    x = binary("add", BinaryOperator::add, x, constant({4, 1, 1}));
    EXPECT_EQ(kinds(*rewrite(foldConstantArithmetic, *finish({x}))),
              "input elementwise convolution");
}

TEST_F(FoldConstantArithmetic, PowersAndReciprocals)
{
    const TensorId x = function("exp", Function::exp, build.input("x", {1, 4, 6, 6}));
    const TensorId a = binary("pow", BinaryOperator::power, x, scalar(2));
    const TensorId b = binary("div", BinaryOperator::divide, scalar(1), x);
    EXPECT_EQ(kinds(*rewrite(foldConstantArithmetic, *finish({a, b}))),
              "input elementwise elementwise elementwise");
}

TEST_F(FoldConstantArithmetic, LeavesArraysAndBroadcastsAlone)
{
    const TensorId x = build.input("x", {1, 4, 6, 6});
    const TensorId grid = binary("grid", BinaryOperator::add, x, constant({1, 1, 6, 6}));
    const TensorId wide = binary("wide", BinaryOperator::add, x, constant({3, 4, 6, 6}));
    const TensorId zero = binary("zero", BinaryOperator::divide, x, scalar(0));
    const auto before = finish({grid, wide, zero});
    const auto after = foldConstantArithmetic(*before);
    ASSERT_TRUE(after);
    EXPECT_EQ(printGraph(*before), printGraph(**after));
}

TEST_F(FoldConstantArithmetic, StopsAtActivationsAndSharedValues)
{
    const TensorId x = build.input("x", {1, 4, 6, 6});
    const TensorId shared = convolution("shared", x, 4);
    const TensorId a = binary("a", BinaryOperator::multiply, shared, scalar(2));
    const TensorId active =
        add("active", Convolution{}, {x, constant({4, 4, 1, 1})}, {.activation = {Function::relu}});
    const TensorId b = binary("b", BinaryOperator::add, active, scalar(2));
    EXPECT_EQ(kinds(*rewrite(foldConstantArithmetic, *finish({shared, a, b}))),
              "input convolution elementwise convolution elementwise");
}

TEST_F(FoldPadding, IntoConvolutionsAndPools)
{
    const TensorId x = function("relu", Function::relu, build.input("x", {1, 4, 6, 6}));
    const TensorId padded = add("pad", Pad{.begin = {0, 0, 1, 2}, .end = {0, 0, 2, 1}}, {x});
    const TensorId conv = convolution("conv", padded, 8);
    const TensorId average = add("average", AveragePool{{.kernel = {3, 3}}}, {padded});
    const TensorId most = add("max", MaxPool{{.kernel = {3, 3}, .stride = {2, 2}}}, {padded});
    const auto graph = rewrite(foldPadding, *finish({conv, average, most}));
    EXPECT_EQ(kinds(*graph), "input elementwise convolution average-pool max-pool");
}

TEST_F(FoldPadding, OfAnotherValueIntoAConvolution)
{
    const TensorId x = build.input("x", {1, 4, 6, 6});
    const TensorId padded =
        add("pad", Pad{.begin = {0, 0, 1, 1}, .end = {0, 0, 1, 1}, .value = -0.5F}, {x});
    const TensorId conv =
        add("conv", Convolution{.window = {.kernel = {3, 3}}}, {padded, constant({8, 4, 3, 3})});
    const auto graph = rewrite(foldPadding, *finish({conv}));
    EXPECT_EQ(kinds(*graph), "input convolution");
    EXPECT_EQ(graph->layers[1].as<Convolution>()->padValues, std::vector<float>(4, -0.5F));
}

TEST_F(FoldPadding, StaysWhereItMatters)
{
    const TensorId x = build.input("x", {1, 4, 6, 6});
    const TensorId zeros = add("zeros", Pad{.begin = {0, 0, 1, 1}, .end = {0, 0, 1, 1}}, {x});
    // Negative values: the padding would win.
    const TensorId most = add("max", MaxPool{{.kernel = {3, 3}}}, {zeros});
    const TensorId mirrored = add(
        "mirror", Pad{.mode = PadMode::reflect, .begin = {0, 0, 1, 1}, .end = {0, 0, 1, 1}}, {x});
    const TensorId conv = convolution("conv", mirrored, 8);
    const TensorId cropped = add("crop", Pad{.begin = {0, 0, -1, 0}, .end = {0, 0, 0, 0}}, {x});
    const TensorId conv2 = convolution("conv2", cropped, 8);
    const auto graph = rewrite(foldPadding, *finish({most, conv, conv2}));
    EXPECT_EQ(kinds(*graph), "input pad max-pool pad convolution pad convolution");
}

TEST_F(FuseActivations, IntoWeightsAndArithmetic)
{
    const TensorId x = build.input("x", {1, 4, 6, 6});
    const TensorId a = function("silu", Function::silu, convolution("conv", x, 4));
    const TensorId sum = function("relu", Function::relu, binary("add", BinaryOperator::add, a, x));
    const auto graph = rewrite(fuseActivations, *finish({sum}));
    EXPECT_EQ(kinds(*graph), "input convolution binary");
    EXPECT_EQ(graph->layers[1].activation.function, Function::silu);
    EXPECT_EQ(graph->layers[2].activation.function, Function::relu);
    EXPECT_NE(graph->findTensor("silu"), nullptr) << "the fused value keeps the later name";
}

TEST_F(FuseActivations, OnlyOneEach)
{
    TensorId x = convolution("conv", build.input("x", {1, 4, 6, 6}), 4);
    x = function("tanh", Function::tanh, function("relu", Function::relu, x));
    EXPECT_EQ(kinds(*rewrite(fuseActivations, *finish({x}))), "input convolution elementwise");
}

TEST_F(FuseActivations, LeavesValuesThatOthersRead)
{
    const TensorId x = convolution("conv", build.input("x", {1, 4, 6, 6}), 4);
    const TensorId pooled = add("pool", MaxPool{{.kernel = {2, 2}}}, {x});
    const TensorId a = function("relu", Function::relu, x);
    const TensorId b = function("relu2", Function::relu, pooled);
    const auto graph = rewrite(fuseActivations, *finish({a, b, x}));
    EXPECT_EQ(kinds(*graph), "input convolution max-pool elementwise elementwise");
}

} // namespace
} // namespace hefstudio
