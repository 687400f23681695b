// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_testing.h"

using namespace hefstudio;
using Subgraph = OnnxBuilderAttribute::Subgraph;

TEST(ImportConvolution, plainGroupedDepthwiseAndDilated)
{
    auto plain = oneNode(13, "Conv", {"w", "b"}, {{"pads", {1, 1, 1, 1}}, {"strides", {2, 2}}});
    EXPECT_EQ(layersOf(plain.floats("w", {4, 3, 3, 3}).floats("b", {4})),
              "Conv_0 convolution 3x3/2 pad 1x1..1x1 (x, const 4×3×3×3, const 4) -> y 1×4×4×4\n");
    auto depthwise = oneNode(13, "Conv", {"w"}, {{"group", 3}, {"dilations", {2, 2}}});
    EXPECT_EQ(layersOf(depthwise.floats("w", {3, 1, 3, 3})),
              "Conv_0 convolution 3x3 dilation 2x2 groups 3 (x, const 3×1×3×3) -> y 1×3×4×4\n");
    auto grouped =
        oneNode(13, "Conv", {"w"}, {{"group", 2}, {"kernel_shape", {1, 3}}}, {1, 4, 8, 8});
    EXPECT_EQ(layersOf(grouped.floats("w", {6, 2, 1, 3})),
              "Conv_0 convolution 1x3 groups 2 (x, const 6×2×1×3) -> y 1×6×8×6\n");
}

TEST(ImportConvolution, automaticPaddingBecomesExplicit)
{
    auto upper = oneNode(13, "Conv", {"w"}, {{"auto_pad", "SAME_UPPER"}, {"strides", {2, 2}}});
    EXPECT_EQ(layersOf(upper.floats("w", {4, 3, 3, 3})),
              "Conv_0 convolution 3x3/2 pad 0x0..1x1 (x, const 4×3×3×3) -> y 1×4×4×4\n");
    auto lower = oneNode(13, "Conv", {"w"}, {{"auto_pad", "SAME_LOWER"}, {"strides", {2, 2}}});
    EXPECT_EQ(layersOf(lower.floats("w", {4, 3, 3, 3})),
              "Conv_0 convolution 3x3/2 pad 1x1..0x0 (x, const 4×3×3×3) -> y 1×4×4×4\n");
    auto valid = oneNode(13, "Conv", {"w"}, {{"auto_pad", "VALID"}});
    EXPECT_EQ(layersOf(valid.floats("w", {4, 3, 3, 3})),
              "Conv_0 convolution 3x3 (x, const 4×3×3×3) -> y 1×4×6×6\n");
}

TEST(ImportConvolution, aLineIsAPictureOfHeightOne)
{
    auto line = oneNode(13, "Conv", {"w"}, {{"pads", {2, 0}}, {"dilations", {2}}}, {1, 4, 16});
    EXPECT_EQ(layersOf(line.floats("w", {5, 4, 3})),
              "Conv_0/reshape reshape (x) -> 1×4×1×16\n"
              "Conv_0/convolution convolution 1x3 dilation 1x2 pad 0x2..0x0 (Conv_0/reshape, const "
              "5×4×1×3) -> 1×5×1×14\n"
              "Conv_0 reshape (Conv_0/convolution) -> y 1×5×14\n");
}

TEST(ImportConvolution, transposed)
{
    auto plain = oneNode(13, "ConvTranspose", {"w", "b"}, {{"strides", {2, 2}}});
    EXPECT_EQ(layersOf(plain.floats("w", {3, 5, 2, 2}).floats("b", {5})),
              "ConvTranspose_0 transposed-convolution 2x2/2 (x, const 3×5×2×2, const 5) -> y "
              "1×5×16×16\n");
    auto stated =
        oneNode(13, "ConvTranspose", {"w"}, {{"strides", {2, 2}}, {"output_shape", {16, 15}}});
    EXPECT_EQ(layersOf(stated.floats("w", {3, 5, 3, 3})),
              "ConvTranspose_0 transposed-convolution 3x3/2 pad 1x1..0x1 (x, const 3×5×3×3) -> y "
              "1×5×16×15\n");
    auto padded = oneNode(
        13, "ConvTranspose", {"w"},
        {{"strides", {2, 2}}, {"pads", {1, 1, 1, 1}}, {"group", 3}, {"output_padding", {1, 1}}});
    EXPECT_EQ(layersOf(padded.floats("w", {3, 1, 3, 3})),
              "ConvTranspose_0 transposed-convolution 3x3/2 pad 1x1..1x1 groups 3 (x, const "
              "3×1×3×3) -> y 1×3×16×16\n");
    auto same =
        oneNode(13, "ConvTranspose", {"w"}, {{"strides", {2, 2}}, {"auto_pad", "SAME_UPPER"}});
    EXPECT_EQ(layersOf(same.floats("w", {3, 5, 3, 3})),
              "ConvTranspose_0 transposed-convolution 3x3/2 pad 0x0..1x1 (x, const 3×5×3×3) -> y "
              "1×5×16×16\n");
    auto larger = oneNode(13, "ConvTranspose", {"w"},
                          {{"strides", {2, 2}}, {"output_shape", {1, 5, 18, 18}}});
    EXPECT_EQ(layersOf(larger.floats("w", {3, 5, 2, 2})),
              "ConvTranspose_0 transposed-convolution 2x2/2 (x, const 3×5×2×2) -> y 1×5×18×18\n");
}

TEST(ImportPool, maximumAndAverage)
{
    EXPECT_EQ(
        layersOf(oneNode(12, "MaxPool", {},
                         {{"kernel_shape", {3, 3}}, {"strides", {2, 2}}, {"pads", {1, 1, 1, 1}}})),
        "MaxPool_0 max-pool 3x3/2 pad 1x1..1x1 (x) -> y 1×3×4×4\n");
    EXPECT_EQ(layersOf(oneNode(
                  12, "AveragePool", {},
                  {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}, {"count_include_pad", 1}})),
              "AveragePool_0 average-pool 2x2/2 (x) -> y 1×3×4×4\n");
    EXPECT_EQ(layersOf(oneNode(12, "MaxPool", {}, {{"kernel_shape", {2}}}, {1, 4, 9})),
              "MaxPool_0/reshape reshape (x) -> 1×4×1×9\n"
              "MaxPool_0/max-pool max-pool 1x2 (MaxPool_0/reshape) -> 1×4×1×8\n"
              "MaxPool_0 reshape (MaxPool_0/max-pool) -> y 1×4×8\n");
}

TEST(ImportPool, roundingUpBecomesPadding)
{
    const OnnxBuilder::Dims odd{1, 3, 7, 6};
    const std::vector<OnnxBuilderAttribute> rounding = {
        {"kernel_shape", {2, 2}}, {"strides", {2, 2}}, {"ceil_mode", 1}};
    EXPECT_EQ(layersOf(oneNode(12, "MaxPool", {}, rounding, odd)),
              "MaxPool_0 max-pool 2x2/2 pad 0x0..1x0 (x) -> y 1×3×4×3\n");
    // A window that would start in the padding does not count.
    EXPECT_EQ(layersOf(oneNode(12, "MaxPool", {},
                               {{"kernel_shape", {1, 1}}, {"strides", {4, 4}}, {"ceil_mode", 1}},
                               {1, 3, 6, 5})),
              "MaxPool_0 max-pool 1x1/4 (x) -> y 1×3×2×2\n");
    // Stated padding counts in the average, what rounding up adds does not.
    EXPECT_EQ(layersOf(oneNode(12, "AveragePool", {},
                               {{"kernel_shape", {3, 3}},
                                {"strides", {2, 2}},
                                {"pads", {1, 1, 1, 1}},
                                {"ceil_mode", 1},
                                {"count_include_pad", 1}})),
              "AveragePool_0/pad pad [0,0,1,1][0,0,1,1] (x) -> 1×3×10×10\n"
              "AveragePool_0 average-pool 3x3/2 pad 0x0..1x1 (AveragePool_0/pad) -> y 1×3×5×5\n");
}

TEST(ImportReduction, globalPoolsAndReductions)
{
    EXPECT_EQ(layersOf(oneNode(13, "GlobalAveragePool")),
              "GlobalAveragePool_0 reduce mean[2,3] (x) -> y 1×3×1×1\n");
    EXPECT_EQ(layersOf(oneNode(13, "GlobalMaxPool")),
              "GlobalMaxPool_0 reduce max[2,3] (x) -> y 1×3×1×1\n");
    EXPECT_EQ(layersOf(oneNode(13, "ReduceMean", {}, {{"axes", {-1, 2}}, {"keepdims", 0}})),
              "ReduceMean_0 reduce mean[2,3] (x) -> y 1×3\n");
    auto sum = oneNode(13, "ReduceSum", {"axes"});
    EXPECT_EQ(layersOf(sum.ints("axes", {1})), "ReduceSum_0 reduce sum[1] (x) -> y 1×1×8×8\n");
    EXPECT_EQ(layersOf(oneNode(13, "ReduceMax")),
              "ReduceMax_0 reduce max[0,1,2,3] (x) -> y 1×1×1×1\n");
    auto smallest = oneNode(18, "ReduceMin", {"axes"}, {{"keepdims", 0}});
    EXPECT_EQ(layersOf(smallest.ints("axes", {3})), "ReduceMin_0 reduce min[3] (x) -> y 1×3×8\n");
    EXPECT_EQ(layersOf(oneNode(13, "ReduceL2", {}, {{"axes", {1}}})),
              "ReduceL2_0 reduce l2[1] (x) -> y 1×1×8×8\n");
    EXPECT_EQ(layersOf(oneNode(13, "ReduceSumSquare", {}, {{"axes", {1}}})),
              "ReduceSumSquare_0/elementwise elementwise power(2,0) (x) -> 1×3×8×8\n"
              "ReduceSumSquare_0 reduce sum[1] (ReduceSumSquare_0/elementwise) -> y 1×1×8×8\n");
    auto nothing = oneNode(18, "ReduceMean", {}, {{"noop_with_empty_axes", 1}});
    EXPECT_EQ(layersOf(nothing), "ReduceMean_0 elementwise identity (x) -> y 1×3×8×8\n");
}

TEST(ImportReduction, softmaxBefore13FlattensWhatFollowsTheAxis)
{
    EXPECT_EQ(layersOf(oneNode(13, "Softmax")), "Softmax_0 softmax axis 3 (x) -> y 1×3×8×8\n");
    EXPECT_EQ(layersOf(oneNode(13, "LogSoftmax", {}, {{"axis", 1}})),
              "LogSoftmax_0 softmax axis 1 (x) -> y 1×3×8×8\n");
    EXPECT_EQ(layersOf(oneNode(11, "Softmax", {}, {}, {1, 10})),
              "Softmax_0 softmax axis 1 (x) -> y 1×10\n");
    EXPECT_EQ(layersOf(oneNode(11, "Softmax", {}, {}, {1, 10, 1, 1})),
              "Softmax_0 softmax axis 1 (x) -> y 1×10×1×1\n");
    EXPECT_EQ(layersOf(oneNode(11, "Softmax", {}, {{"axis", -1}}, {1, 10, 4})),
              "Softmax_0 softmax axis 2 (x) -> y 1×10×4\n");
    EXPECT_EQ(layersOf(oneNode(11, "Softmax", {}, {}, {2, 10, 4})),
              "Softmax_0/reshape reshape (x) -> 2×40\n"
              "Softmax_0/softmax softmax axis 1 (Softmax_0/reshape) -> 2×40\n"
              "Softmax_0 reshape (Softmax_0/softmax) -> y 2×10×4\n");
}

TEST(ImportMatrix, gemmAndMatMul)
{
    const OnnxBuilder::Dims row{2, 6};
    auto gemm = oneNode(13, "Gemm", {"w", "b"}, {{"transB", 1}}, row);
    EXPECT_EQ(layersOf(gemm.floats("w", {4, 6}).floats("b", {4})),
              "Gemm_0 fully-connected (x, const 4×6, const 4) -> y 2×4\n");
    auto scaled = oneNode(13, "Gemm", {"w", "b"}, {{"alpha", 0.5F}, {"beta", 2.0F}}, row);
    EXPECT_EQ(layersOf(scaled.floats("w", {6, 4}).floats("b", {1, 1})),
              "Gemm_0 fully-connected (x, const 4×6, const 4) -> y 2×4\n");
    auto column = oneNode(13, "Gemm", {"w", "b"}, {{"transB", 1}}, row);
    EXPECT_EQ(layersOf(column.floats("w", {4, 6}).floats("b", {2, 1})),
              "Gemm_0/fully-connected fully-connected (x, const 4×6) -> 2×4\n"
              "Gemm_0 binary add (Gemm_0/fully-connected, const 2×1) -> y 2×4\n");
    auto turned = oneNode(13, "Gemm", {"w"}, {{"transA", 1}}, row);
    EXPECT_EQ(layersOf(turned.floats("w", {2, 4})),
              "Gemm_0/transpose transpose [1,0] (x) -> 6×2\n"
              "Gemm_0 fully-connected (Gemm_0/transpose, const 4×2) -> y 6×4\n");
    auto product = oneNode(13, "MatMul", {"w"}, {}, {1, 5, 6});
    EXPECT_EQ(layersOf(product.floats("w", {6, 4})),
              "MatMul_0 fully-connected (x, const 4×6) -> y 1×5×4\n");
    auto list = oneNode(13, "MatMul", {"w"}, {}, {5, 6});
    EXPECT_EQ(layersOf(list.floats("w", {6})),
              "MatMul_0/fully-connected fully-connected (x, const 1×6) -> 5×1\n"
              "MatMul_0 reshape (MatMul_0/fully-connected) -> y 5\n");
    OnnxBuilder two(13);
    two.input("a", {1, 4, 5, 6}).input("b", {1, 4, 6, 5}).node("MatMul", {"a", "b"}, {"y"});
    EXPECT_EQ(layersOf(two.output("y")), "MatMul_0 matmul (a, b) -> y 1×4×5×5\n");
    OnnxBuilder gemmOfTwo(13);
    gemmOfTwo.input("a", {5, 6}).input("b", {3, 6});
    gemmOfTwo.node("Gemm", {"a", "b"}, {"y"}, {{"transB", 1}, {"alpha", 0.5F}}).output("y");
    EXPECT_EQ(layersOf(gemmOfTwo), "Gemm_0/transpose transpose [1,0] (b) -> 6×3\n"
                                   "Gemm_0/matmul matmul (a, Gemm_0/transpose) -> 5×3\n"
                                   "Gemm_0 elementwise affine(0.5,0) (Gemm_0/matmul) -> y 5×3\n");
}

TEST(ImportMatrix, normalisations)
{
    auto batch = oneNode(9, "BatchNormalization", {"s", "b", "m", "v"}, {{"epsilon", 0.001F}});
    batch.floats("s", {3}).floats("b", {3}).floats("m", {3}).floats("v", {3});
    EXPECT_EQ(layersOf(batch), "BatchNormalization_0 batch-normalization (x, const 3, const 3, "
                               "const 3, const 3) -> y 1×3×8×8\n");
    auto layer = oneNode(17, "LayerNormalization", {"s", "b"}, {}, {1, 5, 6});
    EXPECT_EQ(layersOf(layer.floats("s", {6}).floats("b", {6})),
              "LayerNormalization_0 layer-normalization (x, const 6, const 6) -> y 1×5×6\n");
    auto bare = oneNode(17, "LayerNormalization", {"s"}, {{"axis", 1}}, {1, 5, 6});
    EXPECT_EQ(layersOf(bare.floats("s", {1})),
              "LayerNormalization_0 layer-normalization (x, const 5×6, -) -> y 1×5×6\n");
}

TEST(ImportElementwise, functions)
{
    std::string text;
    for (const char *op :
         {"Relu", "Sigmoid",   "Tanh",       "HardSwish", "Softplus",    "Exp",   "Log", "Sqrt",
          "Abs",  "Neg",       "Reciprocal", "Floor",     "Ceil",        "Round", "Erf", "Sign",
          "Mish", "LeakyRelu", "Elu",        "Selu",      "HardSigmoid", "Gelu"})
        text += layersOf(oneNode(20, op, {}, {}, {1, 4}));
    EXPECT_EQ(text, "Relu_0 elementwise relu (x) -> y 1×4\n"
                    "Sigmoid_0 elementwise sigmoid (x) -> y 1×4\n"
                    "Tanh_0 elementwise tanh (x) -> y 1×4\n"
                    "HardSwish_0 elementwise hard-swish (x) -> y 1×4\n"
                    "Softplus_0 elementwise softplus (x) -> y 1×4\n"
                    "Exp_0 elementwise exp (x) -> y 1×4\n"
                    "Log_0 elementwise log (x) -> y 1×4\n"
                    "Sqrt_0 elementwise sqrt (x) -> y 1×4\n"
                    "Abs_0 elementwise abs (x) -> y 1×4\n"
                    "Neg_0 elementwise negate (x) -> y 1×4\n"
                    "Reciprocal_0 elementwise reciprocal (x) -> y 1×4\n"
                    "Floor_0 elementwise floor (x) -> y 1×4\n"
                    "Ceil_0 elementwise ceil (x) -> y 1×4\n"
                    "Round_0 elementwise round (x) -> y 1×4\n"
                    "Erf_0 elementwise erf (x) -> y 1×4\n"
                    "Sign_0 elementwise sign (x) -> y 1×4\n"
                    "Mish_0 elementwise mish (x) -> y 1×4\n"
                    "LeakyRelu_0 elementwise leaky-relu(0.01,0) (x) -> y 1×4\n"
                    "Elu_0 elementwise elu(1,0) (x) -> y 1×4\n"
                    "Selu_0/elementwise elementwise elu(1.67326,0) (x) -> 1×4\n"
                    "Selu_0 elementwise affine(1.0507,0) (Selu_0/elementwise) -> y 1×4\n"
                    "HardSigmoid_0 elementwise hard-sigmoid(0.2,0.5) (x) -> y 1×4\n"
                    "Gelu_0 elementwise gelu (x) -> y 1×4\n");
    EXPECT_EQ(layersOf(oneNode(20, "Gelu", {}, {{"approximate", "tanh"}}, {1, 4})),
              "Gelu_0 elementwise gelu-tanh (x) -> y 1×4\n");
    EXPECT_EQ(layersOf(oneNode(13, "LeakyRelu", {}, {{"alpha", 0.1F}}, {1, 4})),
              "LeakyRelu_0 elementwise leaky-relu(0.1,0) (x) -> y 1×4\n");
}

TEST(ImportElementwise, clipInBothForms)
{
    EXPECT_EQ(layersOf(oneNode(10, "Clip", {}, {{"min", 0.0F}, {"max", 6.0F}}, {1, 4})),
              "Clip_0 elementwise clip(0,6) (x) -> y 1×4\n");
    auto inputs = oneNode(13, "Clip", {"low", "high"}, {}, {1, 4});
    inputs.constant("low", Tensor::scalar(-1.0F)).constant("high", Tensor::scalar(1.0F));
    EXPECT_EQ(layersOf(inputs), "Clip_0 elementwise clip(-1,1) (x) -> y 1×4\n");
    auto below = oneNode(13, "Clip", {"low"}, {}, {1, 4});
    EXPECT_EQ(layersOf(below.constant("low", Tensor::scalar(0.0F))),
              "Clip_0 elementwise relu (x) -> y 1×4\n");
    auto above = oneNode(13, "Clip", {"", "high"}, {}, {1, 4});
    EXPECT_EQ(layersOf(above.constant("high", Tensor::scalar(4.0F))),
              "Clip_0 elementwise clip(-3.40282e+38,4) (x) -> y 1×4\n");
}

TEST(ImportElementwise, twoOperands)
{
    std::string text;
    for (const char *op : {"Add", "Sub", "Mul", "Div", "Min", "Max", "Sum", "Mean"}) {
        auto model = oneNode(13, op, {"c"});
        text += layersOf(model.floats("c", {3, 1, 1}));
    }
    auto modulo = oneNode(13, "Mod", {"c"}, {{"fmod", 1}});
    text += layersOf(modulo.floats("c", {1}));
    auto square = oneNode(13, "Pow", {"c"});
    text += layersOf(square.floats("c", {}, {2}));
    auto slope = oneNode(13, "PRelu", {"c"});
    text += layersOf(slope.floats("c", {3, 1, 1}));
    EXPECT_EQ(text, "Add_0 binary add (x, const 3×1×1) -> y 1×3×8×8\n"
                    "Sub_0 binary subtract (x, const 3×1×1) -> y 1×3×8×8\n"
                    "Mul_0 binary multiply (x, const 3×1×1) -> y 1×3×8×8\n"
                    "Div_0 binary divide (x, const 3×1×1) -> y 1×3×8×8\n"
                    "Min_0 binary minimum (x, const 3×1×1) -> y 1×3×8×8\n"
                    "Max_0 binary maximum (x, const 3×1×1) -> y 1×3×8×8\n"
                    "Sum_0 binary add (x, const 3×1×1) -> y 1×3×8×8\n"
                    "Mean_0/binary binary add (x, const 3×1×1) -> 1×3×8×8\n"
                    "Mean_0 elementwise affine(0.5,0) (Mean_0/binary) -> y 1×3×8×8\n"
                    "Mod_0 binary modulo (x, const 1) -> y 1×3×8×8\n"
                    "Pow_0 elementwise power(2,0) (x) -> y 1×3×8×8\n"
                    "PRelu_0 parametric-relu (x, const 3×1×1) -> y 1×3×8×8\n");
    OnnxBuilder three(13);
    three.input("a", {1, 4}).input("b", {1, 4}).input("c", {1, 4});
    three.node("Max", {"a", "b", "c"}, {"y"}).output("y");
    EXPECT_EQ(layersOf(three), "Max_0/binary binary maximum (a, b) -> 1×4\n"
                               "Max_0 binary maximum (Max_0/binary, c) -> y 1×4\n");
}

TEST(ImportElementwise, whatDoesNothingLeavesNoLayer)
{
    OnnxBuilder model(13);
    model.input("x", {1, 4}).node("Relu", {"x"}, {"a"}).named("relu");
    model.node("Identity", {"a"}, {"b"}).node("Dropout", {"b"}, {"c", "mask"});
    model.node("Cast", {"c"}, {"d"}, {{"to", 1}}).node("Sigmoid", {"d"}, {"y"}).named("last");
    EXPECT_EQ(layersOf(model.output("y")), "relu elementwise relu (x) -> a 1×4\n"
                                           "last elementwise sigmoid (a) -> y 1×4\n");
}

TEST(ImportNames, outputsKeepTheirsAndLayersTellTheirOrigin)
{
    OnnxBuilder model(13);
    model.input("x", {1, 4}).node("Relu", {"x"}, {"a"}).named("relu");
    model.node("Identity", {"a"}, {"scores"}).named("name");
    model.node("Tanh", {"a"}, {"t"}).output("scores").output("t").output("x");
    const auto graph = imported(model);
    ASSERT_TRUE(graph) << failureText(graph);
    EXPECT_EQ((*graph)->tensor((*graph)->outputs[0]).name, "scores");
    EXPECT_EQ((*graph)->tensor((*graph)->outputs[1]).name, "t");
    EXPECT_EQ((*graph)->findLayer("name")->origin, std::vector<std::string>{"name"});
    EXPECT_EQ((*graph)->findLayer("Tanh_2")->origin, std::vector<std::string>{"Tanh_2"});
}
