// Every layer kind in integers against its float definition: the error stays what one rounding of
// the result (and of the weights, where there are any) must cost.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize_world.h"

#include <functional>

using namespace hefstudio;

namespace {

using Build = std::function<TensorId(World &)>;

struct LayerCase {
    const char *name;
    Build build;
    double mostSteps = 0.53; // of the output's scale
    float low = -2, high = 3;

    friend void PrintTo(const LayerCase &c, std::ostream *out) { *out << c.name; }
};

class LayerKinds : public testing::TestWithParam<LayerCase> {};

const Shape picture{1, 4, 6, 6};

Build function(ScalarFunction function)
{
    return [=](World &w) { return w.add(Elementwise{function}, {w.input(picture)}); };
}

Build binary(BinaryOperator op, Shape other = picture)
{
    return [=](World &w) { return w.add(Binary{op}, {w.input(picture), w.input(other)}); };
}

Build withConstant(BinaryOperator op, Shape shape, bool isFirst = false)
{
    return [=](World &w) {
        const TensorId constant = w.constant(randomTensor(shape, w.random, 0.5F, 2));
        const TensorId x = w.input(picture);
        return isFirst ? w.add(Binary{op}, {constant, x}) : w.add(Binary{op}, {x, constant});
    };
}

Build convolution(Window window, std::int64_t groups, ScalarFunction activation = {},
                  std::vector<float> padding = {})
{
    return [=](World &w) {
        const Shape weights{8, 4 / groups, window.kernel[0], window.kernel[1]};
        return w.add(Convolution{window, groups, padding},
                     {w.input(picture), w.weights(weights, 0.5F), w.weights({8}, 1)}, activation);
    };
}

Build resize(Resize kind)
{
    return [=](World &w) { return w.add(kind, {w.input(picture)}); };
}

template<class Kind> Build unary(Kind kind)
{
    return [=](World &w) { return w.add(kind, {w.input(picture)}); };
}

const Window three{{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}};
const Window strided{{3, 3}, {2, 2}, {1, 1}, {1, 1}, {1, 1}};
const Window dilated{{3, 3}, {1, 1}, {2, 2}, {2, 2}, {2, 2}};

// Weights of 8 bits cost more than the half step: their limit is looser.
constexpr double weighted = 2.5;

const LayerCase cases[] = {
    {"convolution", convolution(three, 1), weighted},
    {"convolutionStrided", convolution(strided, 1), weighted},
    {"convolutionDilated", convolution(dilated, 1), weighted},
    {"convolutionGrouped", convolution(three, 2), weighted},
    {"convolutionDepthwise", convolution(three, 4), weighted},
    {"convolutionPadValues", convolution(three, 1, {}, {1, -1, 0.5F, 2}), weighted},
    {"convolutionRelu", convolution(three, 1, {Function::relu}), weighted},
    {"convolutionRelu6", convolution(three, 1, {Function::clip, 0, 6}), weighted},
    {"convolutionLeaky", convolution(three, 1, {Function::leakyRelu, 0.1F}), weighted},
    {"convolutionSilu", convolution(three, 1, {Function::silu}), weighted},
    {"convolutionGelu", convolution(three, 1, {Function::gelu}), weighted},
    {"convolutionMish", convolution(three, 1, {Function::mish}), weighted},
    {"convolutionHardSwish", convolution(three, 1, {Function::hardSwish}), weighted},
    {"convolutionSigmoid", convolution(three, 1, {Function::sigmoid}), weighted},
    {"convolutionTanh", convolution(three, 1, {Function::tanh}), weighted},
    {"convolutionHardSigmoid", convolution(three, 1, {Function::hardSigmoid, 0.2F, 0.5F}), weighted},
    {"convolutionElu", convolution(three, 1, {Function::elu, 1}), weighted},
    {"convolutionSoftplus", convolution(three, 1, {Function::softplus}), weighted},
    {"transposedConvolution",
     [](World &w) {
         const Window window{{4, 4}, {2, 2}, {1, 1}, {1, 1}, {1, 1}};
         return w.add(TransposedConvolution{window, {0, 0}, 2},
                      {w.input(picture), w.weights({4, 3, 4, 4}, 0.5F), w.weights({6}, 1)});
     },
     weighted},
    {"fullyConnected",
     [](World &w) {
         return w.add(FullyConnected{},
                      {w.input({5, 32}), w.weights({10, 32}, 0.5F), w.weights({10}, 1)});
     },
     weighted},
    {"matmulConstant",
     [](World &w) { return w.add(MatMul{}, {w.input({2, 5, 32}), w.weights({32, 7}, 0.5F)}); },
     weighted},
    {"matmul",
     [](World &w) { return w.add(MatMul{}, {w.input({2, 5, 16}), w.input({1, 16, 7})}); }},
    {"batchNormalization",
     [](World &w) {
         return w.add(BatchNormalization{},
                      {w.input(picture), w.weights({4}, 2), w.weights({4}, 1), w.weights({4}, 1),
                       w.constant(randomTensor({4}, w.random, 0.5F, 2))});
     },
     0.6},
    {"layerNormalization",
     [](World &w) {
         return w.add(LayerNormalization{2, 1e-5F},
                      {w.input({1, 7, 48}), w.weights({48}, 2), w.weights({48}, 1)});
     },
     1},
    {"rmsNormalization",
     [](World &w) {
         return w.add(RmsNormalization{2, 1e-5F}, {w.input({1, 7, 48}), w.weights({48}, 2)});
     },
     1},
    {"relu", function({Function::relu})},
    {"clip", function({Function::clip, -1, 2})},
    {"leakyRelu", function({Function::leakyRelu, 0.2F})},
    {"silu", function({Function::silu})},
    {"sigmoid", function({Function::sigmoid})},
    {"tanh", function({Function::tanh})},
    {"gelu", function({Function::geluTanh})},
    {"exp", function({Function::exp})},
    {"log", function({Function::log}), 0.51, 0.5F, 4},
    {"sqrt", function({Function::sqrt}), 0.51, 0.5F, 9},
    {"reciprocal", function({Function::reciprocal}), 0.51, 0.5F, 4},
    {"abs", function({Function::abs})},
    {"negate", function({Function::negate})},
    {"affine", function({Function::affine, 2, 1})},
    {"power", function({Function::power, 2})},
    {"parametricRelu",
     [](World &w) { return w.add(ParametricRelu{}, {w.input(picture), w.weights({4, 1, 1}, 0.5F)}); }},
    {"add", binary(BinaryOperator::add)},
    {"addBroadcast", binary(BinaryOperator::add, {1, 4, 1, 1})},
    {"subtract", binary(BinaryOperator::subtract)},
    {"multiply", binary(BinaryOperator::multiply)},
    {"minimum", binary(BinaryOperator::minimum)},
    {"maximum", binary(BinaryOperator::maximum)},
    {"divide", binary(BinaryOperator::divide), 0.52, 0.5F, 4},
    {"addConstant", withConstant(BinaryOperator::add, {1, 4, 1, 1})},
    {"multiplyConstant", withConstant(BinaryOperator::multiply, {1, 4, 1, 1}), 0.52},
    {"divideConstant", withConstant(BinaryOperator::divide, {}), 0.52},
    {"constantMinus", withConstant(BinaryOperator::subtract, {}, true)},
    {"powerConstant", withConstant(BinaryOperator::power, {}), 0.52, 0.1F, 3},
    {"concat",
     [](World &w) {
         const TensorId a = w.input(picture);
         return w.add(Concat{1}, {a, w.input({1, 2, 6, 6})});
     }},
    {"concatOfUnequal",
     [](World &w) {
         const TensorId a = w.input(picture);
         return w.add(Concat{1}, {a, w.add(Elementwise{{Function::affine, 20, 0}}, {a})});
     }},
    {"maxPool", unary(MaxPool{strided}), 0.01},
    {"averagePool", unary(AveragePool{three, false})},
    {"averagePoolPadding", unary(AveragePool{three, true})},
    {"reduceMean", unary(Reduce{Reduction::mean, {2, 3}, true})},
    {"reduceSum", unary(Reduce{Reduction::sum, {1}, false})},
    {"reduceMax", unary(Reduce{Reduction::max, {2, 3}, true}), 0.01},
    {"reduceMin", unary(Reduce{Reduction::min, {3}, false}), 0.01},
    {"reduceL2", unary(Reduce{Reduction::l2, {1}, true}), 0.6},
    {"slice", unary(Slice{{0, 1, 0, 5}, {1, 2, 3, 3}, {1, 1, 2, -2}}), 0.01},
    {"reshape", unary(Reshape{{1, 4, 36}}), 0.01},
    {"transpose", unary(Transpose{{0, 2, 3, 1}}), 0.01},
    {"padConstant", unary(Pad{PadMode::constant, {0, 0, 1, 0}, {0, 0, 0, 2}, 0}), 0.01},
    {"padReflect", unary(Pad{PadMode::reflect, {0, 0, 1, 0}, {0, 0, 0, 2}, 0}), 0.01},
    {"padEdge", unary(Pad{PadMode::edge, {0, 0, 1, 0}, {0, 0, -1, 2}, 0}), 0.01},
    {"depthToSpace", unary(DepthToSpace{2, true}), 0.01},
    {"depthToSpaceCrd", unary(DepthToSpace{2, false}), 0.01},
    {"spaceToDepth", unary(SpaceToDepth{2}), 0.01},
    {"broadcast",
     [](World &w) { return w.add(Broadcast{{1, 4, 3, 3}}, {w.input({1, 4, 1, 1})}); }, 0.01},
    {"gather",
     [](World &w) {
         const TensorId index = w.constant(Tensor::of<std::int64_t>({3}, {2, 0, 3}));
         return w.add(Gather{1}, {w.input(picture), index});
     },
     0.01},
    {"resizeNearest",
     resize({ResizeMode::nearest, ResizeCoordinates::asymmetric, NearestRounding::floor, {2, 2},
             {12, 12}}),
     0.01},
    {"resizeLinear",
     resize({ResizeMode::linear, ResizeCoordinates::halfPixel, {}, {2, 1.5F}, {12, 9}}), 0.6},
    {"resizeAlignCorners",
     resize({ResizeMode::linear, ResizeCoordinates::alignCorners, {}, {2, 2}, {12, 12}}), 0.6},
    {"resizeCubic",
     resize({ResizeMode::cubic, ResizeCoordinates::halfPixel, {}, {2, 2}, {12, 12}}), 0.8},
    {"softmax",
     [](World &w) { return w.add(Softmax{1}, {w.input({3, 20})}); }, 0.6},
    {"softmaxOverChannels", unary(Softmax{1}), 0.6},
};

INSTANTIATE_TEST_SUITE_P(Integers, LayerKinds, testing::ValuesIn(cases),
                         [](const auto &info) { return std::string(info.param.name); });

} // namespace

TEST_P(LayerKinds, AreWithinTheirRoundingOfFloat)
{
    World world(5);
    const TensorId y = GetParam().build(world);
    const SideBySide run = compare(world.finish({y}), world, GetParam().low, GetParam().high);
    EXPECT_LE(run.errorInSteps(), GetParam().mostSteps);
}

TEST_P(LayerKinds, AreMuchCloserInSixteenBits)
{
    World world(5);
    const TensorId y = GetParam().build(world);
    const auto graph = world.finish({y});
    QuantizeOptions options;
    options.ranges.bits.assign(graph->tensors.size(), 16);
    const SideBySide run = compare(graph, world, GetParam().low, GetParam().high, options);
    // An eighth of an 8-bit step (the blending weights of a resize have 11 bits); weights of 8 bits
    // keep their error.
    const double limit = GetParam().mostSteps >= weighted ? weighted * 256 : 32;
    EXPECT_LE(run.errorInSteps(), limit);
}

TEST(LowerLayer, NamesWhatHasNoIntegerForm)
{
    World world;
    const TensorId x = world.input(picture);
    const TensorId a = world.add(Binary{BinaryOperator::modulo}, {x, world.weights({1}, 1)});
    const TensorId b = world.add(Reduce{Reduction::product, {1}, true}, {x});
    const TensorId c = world.add(Softmax{1, true}, {x});
    const auto graph = world.finish({a, b, c});
    const auto calibration = calibrate(*graph, randomPictures(*graph, 1, world.random, 0, 1));
    const auto quantized = quantizeGraph(graph, calibration, {});
    ASSERT_FALSE(quantized);
    ASSERT_EQ(quantized.error().size(), 3U);
    for (const Diagnostic &diagnostic : quantized.error()) {
        EXPECT_EQ(diagnostic.id, "quantize.unsupported-layer");
        EXPECT_FALSE(diagnostic.place.layer.empty());
        ASSERT_EQ(diagnostic.fixes.size(), 1U);
        EXPECT_EQ(diagnostic.fixes[0].kind, "cut-before");
    }
}
