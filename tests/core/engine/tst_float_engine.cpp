// The planned engine against the scalar reference: random layers of every kind, a small detector,
// several engines side by side, cancelling.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/float_engine.h"

#include "random_nets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

using namespace hefstudio;
using namespace hefstudio::test;

namespace {

// Runs the net both ways and compares every tensor, in graph order and as it lies.
void expectLikeReference(Net &net, double tolerance = 2e-5)
{
    const std::shared_ptr<const Graph> graph = net.finish();
    SCOPED_TRACE(printGraph(*graph));
    const auto wanted = runByReference(*graph, net.inputs);
    FloatEngine engine = must(FloatEngine::create(graph, {.observeAll = true}));
    std::size_t seen = 0;
    const auto outputs =
        must(engine.run(net.inputs, [&](TensorId id, std::span<const float> values) {
            ++seen;
            const Tensor &reference = *wanted[id.index()];
            ASSERT_EQ(values.size(), static_cast<std::size_t>(reference.elementCount()));
            EXPECT_LE(relativeError(values, reference.as<float>()), tolerance)
                << graph->tensor(id).name;
        }));
    EXPECT_EQ(seen, graph->layers.size());
    ASSERT_EQ(outputs.size(), graph->outputs.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const Tensor &reference = *wanted[graph->outputs[i].index()];
        EXPECT_EQ(outputs[i].shape(), reference.shape());
        EXPECT_LE(relativeError(outputs[i].as<float>(), reference.as<float>()), tolerance);
    }
}

ScalarFunction someActivation(Dice &dice)
{
    return dice.oneOf<ScalarFunction>({{},
                                       {Function::relu},
                                       {Function::leakyRelu, 0.1F},
                                       {Function::clip, -0.5F, 1},
                                       {Function::sigmoid},
                                       {Function::tanh},
                                       {Function::hardSigmoid, 0.2F, 0.5F},
                                       {Function::hardSwish},
                                       {Function::silu},
                                       {Function::gelu},
                                       {Function::geluTanh},
                                       {Function::elu, 0.7F},
                                       {Function::mish},
                                       {Function::softplus},
                                       {Function::erf}});
}

} // namespace

class RandomLayer : public testing::TestWithParam<int> {
protected:
    Net net{static_cast<std::uint64_t>(GetParam()) * 7919 + 1};
    Dice &dice = net.dice;
    Window someWindow(std::int64_t height, std::int64_t width, bool dilates = true)
    {
        Window w;
        for (const int axis : {0, 1}) {
            const std::int64_t size = axis == 0 ? height : width;
            w.kernel[axis] = dice.between(1, 5);
            w.stride[axis] = dice.between(1, 3);
            w.dilation[axis] = dilates && dice.between(0, 3) == 0 ? 2 : 1;
            const std::int64_t reach = (w.kernel[axis] - 1) * w.dilation[axis] + 1;
            w.padBegin[axis] = dice.between(0, reach - 1);
            w.padEnd[axis] = dice.between(0, reach - 1);
            if (size + w.padBegin[axis] + w.padEnd[axis] < reach)
                w.padBegin[axis] = reach;
        }
        return w;
    }
};

TEST_P(RandomLayer, Convolution)
{
    const std::int64_t groups = dice.oneOf<std::int64_t>({1, 1, 2, 3});
    const bool isDepthwise = dice.coin();
    const std::int64_t channels = groups * dice.between(1, 20);
    const std::int64_t height = dice.between(1, 14), width = dice.between(1, 14);
    const TensorId x = net.input({dice.between(1, 2), channels, height, width});
    Window w = someWindow(height, width);
    if (isDepthwise)
        net.output(
            net.convolve(x, channels * dice.between(1, 2), w, channels, someActivation(dice)));
    else
        net.output(net.convolve(x, groups * dice.between(1, 20), w, groups, someActivation(dice)));
    expectLikeReference(net);
}

TEST_P(RandomLayer, ConvolutionPaddedWithValues)
{
    const std::int64_t channels = dice.between(1, 4);
    const TensorId x = net.input({1, channels, 9, 8});
    Convolution convolution{.window = someWindow(9, 8)};
    for (std::int64_t c = 0; c < channels; ++c)
        convolution.padValues.push_back(dice.real(-3, 3));
    const auto [kh, kw] = convolution.window.kernel;
    net.output(net.add(convolution, {x, net.constant({5, channels, kh, kw})}));
    expectLikeReference(net);
}

TEST_P(RandomLayer, TransposedConvolution)
{
    const std::int64_t groups = dice.oneOf<std::int64_t>({1, 1, 2});
    const std::int64_t inputs = groups * dice.between(1, 9), outputs = dice.between(1, 9);
    const TensorId x = net.input({1, inputs, dice.between(2, 8), dice.between(2, 8)});
    TransposedConvolution convolution{.groups = groups};
    for (const int axis : {0, 1}) {
        convolution.window.kernel[axis] = dice.between(2, 4);
        convolution.window.stride[axis] = dice.between(1, 3);
        convolution.window.padBegin[axis] = dice.between(0, 1);
        convolution.window.padEnd[axis] = dice.between(0, 1);
        convolution.outputPadding[axis] =
            convolution.window.stride[axis] > 1 ? dice.between(0, 1) : 0;
    }
    const auto [kh, kw] = convolution.window.kernel;
    std::vector<TensorId> operands{x, net.constant({inputs, outputs, kh, kw})};
    if (dice.coin())
        operands.push_back(net.constant({outputs * groups}));
    net.output(net.add(convolution, operands, someActivation(dice)));
    expectLikeReference(net);
}

TEST_P(RandomLayer, Pools)
{
    const std::int64_t height = dice.between(3, 14), width = dice.between(3, 14);
    TensorId x = net.input({dice.between(1, 2), dice.between(1, 20), height, width});
    if (dice.coin()) // as a convolution leaves it
        x = net.convolve(x, 7, window(1, 1, 0));
    const Window w = someWindow(height, width, false);
    net.output(net.add(MaxPool{w}, {x}, someActivation(dice)));
    net.output(net.add(AveragePool{w, dice.coin()}, {x}));
    expectLikeReference(net);
}

TEST_P(RandomLayer, Products)
{
    const std::int64_t k = dice.between(1, 40), m = dice.between(1, 9), n = dice.between(1, 40);
    const TensorId x = net.input({2, m, k});
    net.output(net.add(FullyConnected{}, {x, net.constant({n, k}), net.constant({n})},
                       someActivation(dice)));
    net.output(net.add(MatMul{}, {x, net.constant({k, n})}));
    net.output(net.add(MatMul{}, {x, net.constant({1, k, n})}));
    const TensorId y = net.add(Transpose{{0, 2, 1}}, {x});
    net.output(net.add(MatMul{}, {x, y}, someActivation(dice)));
    expectLikeReference(net, 5e-5);
}

TEST_P(RandomLayer, BinaryWithBroadcasting)
{
    const Shape shape{dice.between(1, 2), dice.between(1, 18), dice.between(1, 6),
                      dice.between(1, 6)};
    TensorId x = net.input(shape);
    if (dice.coin())
        x = net.convolve(x, shape[1], window(1, 1, 0));
    Shape other = shape;
    for (std::size_t axis = 0; axis < 4; ++axis)
        if (dice.coin())
            other[axis] = 1;
    if (dice.coin())
        other = Shape(std::vector<std::int64_t>(other.begin() + dice.between(1, 3), other.end()));
    const TensorId y = dice.coin() ? net.constant(other, 0.5F, 2) : net.input(other);
    for (const BinaryOperator op :
         {BinaryOperator::add, BinaryOperator::subtract, BinaryOperator::multiply,
          BinaryOperator::minimum, BinaryOperator::maximum}) {
        net.output(net.add(Binary{op}, {x, y}, someActivation(dice)));
        net.output(net.add(Binary{op}, {y, x}));
    }
    net.output(net.add(Binary{BinaryOperator::divide}, {x, net.constant({1}, 1, 2)}));
    net.output(net.add(ParametricRelu{}, {x, net.constant({shape[1], 1, 1})}));
    expectLikeReference(net);
}

TEST_P(RandomLayer, ConcatAndSlice)
{
    const Shape shape{2, dice.between(1, 18), dice.between(2, 6), dice.between(2, 6)};
    const TensorId x = net.input(shape);
    const TensorId y = net.convolve(x, shape[1], window(1, 1, 0));
    for (const std::int64_t axis : {0, 1, 2, 3}) {
        const TensorId joined = net.add(Concat{.axis = axis}, {x, y, net.constant(shape)});
        Slice slice{{0, 0, 0, 0}, {}, {1, 1, 1, 1}};
        for (std::size_t a = 0; a < 4; ++a) {
            const std::int64_t size = net.shape(joined)[a];
            const std::int64_t step = dice.oneOf<std::int64_t>({1, 1, 2, -1, -2});
            const std::int64_t begin = dice.between(0, size - 1);
            const std::int64_t room = step > 0 ? size - begin : begin + 1;
            slice.begin[a] = begin;
            slice.step[a] = step;
            slice.size.push_back((room + std::abs(step) - 1) / std::abs(step));
        }
        net.output(net.add(slice, {joined}, someActivation(dice)));
    }
    expectLikeReference(net);
}

TEST_P(RandomLayer, Rearrangements)
{
    const std::int64_t b = 2;
    const Shape shape{dice.between(1, 2), 8 * dice.between(1, 3), 2 * dice.between(1, 4),
                      2 * dice.between(1, 4)};
    TensorId x = net.input(shape);
    if (dice.coin())
        x = net.convolve(x, shape[1], window(1, 1, 0));
    net.output(net.add(DepthToSpace{b, true}, {x}));
    net.output(net.add(DepthToSpace{b, false}, {x}, someActivation(dice)));
    net.output(net.add(SpaceToDepth{b}, {x}));
    std::vector<std::int64_t> permutation{0, 1, 2, 3};
    for (std::size_t i = 3; i > 0; --i)
        std::swap(permutation[i], permutation[static_cast<std::size_t>(dice.between(0, int(i)))]);
    net.output(net.add(Transpose{permutation}, {x}, someActivation(dice)));
    const TensorId last = net.add(Transpose{{0, 2, 3, 1}}, {x});
    net.output(net.add(Transpose{{0, 3, 1, 2}}, {last}));
    net.output(net.add(Reshape{{shape.elementCount()}}, {x}, someActivation(dice)));
    net.output(net.add(Reshape{{shape[0], shape[1], shape[2] * shape[3]}}, {last}));
    net.output(net.add(Pad{PadMode::constant, {0, 1, 2, -1}, {0, 0, 1, 3}, 0.5F}, {x}));
    net.output(net.add(Pad{PadMode::edge, {0, 0, 1, 1}, {0, 0, 1, 1}, 0}, {x}));
    net.output(net.add(Gather{.axis = dice.between(0, 3)},
                       {x, net.constant(Tensor::of<std::int64_t>({2, 2}, {0, 0, 0, 0}))}));
    const TensorId small = net.add(Reduce{Reduction::max, {2, 3}, true}, {x});
    net.output(net.add(Broadcast{shape.dims()}, {small}));
    expectLikeReference(net);
}

TEST_P(RandomLayer, ResizeOfEveryKind)
{
    const Shape shape{dice.between(1, 2), dice.between(1, 18), dice.between(1, 7),
                      dice.between(1, 7)};
    TensorId x = net.input(shape);
    for (const ResizeMode mode : {ResizeMode::nearest, ResizeMode::linear, ResizeMode::cubic}) {
        Resize resize;
        resize.mode = mode;
        resize.coordinates =
            dice.oneOf({ResizeCoordinates::halfPixel, ResizeCoordinates::asymmetric,
                        ResizeCoordinates::alignCorners, ResizeCoordinates::pytorchHalfPixel});
        resize.rounding = dice.oneOf({NearestRounding::roundPreferFloor, NearestRounding::ceil,
                                      NearestRounding::roundPreferCeil, NearestRounding::floor});
        resize.size = {dice.between(1, 15), dice.between(1, 15)};
        for (const std::size_t axis : {0, 1})
            resize.scale[axis] =
                static_cast<float>(resize.size[axis]) / static_cast<float>(shape[2 + axis]);
        net.output(net.add(resize, {x}, someActivation(dice)));
    }
    expectLikeReference(net);
}

TEST_P(RandomLayer, NormalisationsAndReductions)
{
    const Shape shape{dice.between(1, 2), dice.between(2, 18), dice.between(2, 6),
                      dice.between(1, 20)};
    TensorId x = net.input(shape);
    if (dice.coin())
        x = net.convolve(x, shape[1], window(1, 1, 0));
    const auto perChannel = [&](float low, float high) {
        return net.constant({shape[1]}, low, high);
    };
    net.output(
        net.add(BatchNormalization{},
                {x, perChannel(0.5F, 2), perChannel(-1, 1), perChannel(-1, 1), perChannel(0.5F, 2)},
                someActivation(dice)));
    net.output(net.add(LayerNormalization{.axis = 3},
                       {x, net.constant({shape[3]}), net.constant({shape[3]})}));
    for (std::int64_t axis = 0; axis < 4; ++axis)
        net.output(net.add(Softmax{.axis = axis, .logarithm = dice.coin()}, {x}));
    for (const Reduction reduction : {Reduction::mean, Reduction::sum, Reduction::max,
                                      Reduction::min, Reduction::l2, Reduction::product}) {
        std::vector<std::int64_t> axes;
        for (std::int64_t axis = 0; axis < 4; ++axis)
            if (dice.coin())
                axes.push_back(axis);
        if (axes.empty())
            axes.push_back(1);
        net.output(net.add(Reduce{reduction, axes, dice.coin()}, {x}));
    }
    expectLikeReference(net, 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomLayer, testing::Range(0, 24));

TEST(FloatEngine, EveryFunctionOfOneArgument)
{
    Net net(5);
    const TensorId x = net.input({1, 3, 5, 7});
    const TensorId positive = net.add(Elementwise{{Function::exp}}, {x});
    for (int f = 0; f <= static_cast<int>(Function::affine); ++f) {
        const auto function = static_cast<Function>(f);
        const bool needsPositive = function == Function::log || function == Function::sqrt ||
                                   function == Function::reciprocal;
        net.output(net.add(Elementwise{{function, 0.5F, 1.5F}},
                           {needsPositive || function == Function::power ? positive : x}));
    }
    expectLikeReference(net);
}

namespace {

std::vector<Tensor> runOnce(FloatEngine &engine, const std::vector<Tensor> &inputs)
{
    return must(engine.run(inputs));
}

} // namespace

TEST(FloatEngine, DetectorMatchesTheReferenceLayerByLayer)
{
    Net net(12);
    const auto graph = smallDetector(net);
    const auto wanted = runByReference(*graph, net.inputs);
    FloatEngine engine = must(FloatEngine::create(graph, {.observeAll = true}));
    std::vector<std::string> bad;
    must(engine.run(net.inputs, [&](TensorId id, std::span<const float> values) {
        if (relativeError(values, wanted[id.index()]->as<float>()) > 2e-5)
            bad.push_back(graph->tensor(id).name);
    }));
    EXPECT_THAT(bad, testing::IsEmpty());
}

TEST(FloatEngine, EnginesSideBySideGiveIdenticalBits)
{
    Net net(13);
    const auto graph = smallDetector(net);
    FloatEngine first = must(FloatEngine::create(graph));
    const std::vector<Tensor> wanted = runOnce(first, net.inputs);
    std::vector<int> different(4, 0);
    {
        std::vector<std::jthread> threads;
        for (int worker = 0; worker < 4; ++worker) {
            threads.emplace_back([&, worker] {
                FloatEngine own =
                    worker % 2 == 0 ? first.sibling() : must(FloatEngine::create(graph));
                for (int i = 0; i < 20; ++i)
                    different[static_cast<std::size_t>(worker)] +=
                        runOnce(own, net.inputs) == wanted ? 0 : 1;
            });
        }
    }
    EXPECT_THAT(different, testing::Each(0));
}

TEST(FloatEngine, TwoThreadsAgreeWithOneAndWithThemselves)
{
    Net net(14);
    const auto graph = smallDetector(net);
    FloatEngine one = must(FloatEngine::create(graph));
    FloatEngine two = must(FloatEngine::create(graph, {.threads = 2}));
    const std::vector<Tensor> a = runOnce(one, net.inputs), b = runOnce(two, net.inputs);
    for (std::size_t i = 0; i < a.size(); ++i)
        EXPECT_LE(relativeError(b[i].as<float>(), a[i].as<float>()), 1e-5);
    EXPECT_EQ(runOnce(two, net.inputs), b);
}

TEST(FloatEngine, RawObserverSaysHowPicturesLie)
{
    Net net(15);
    const TensorId x = net.input({1, 2, 3, 4});
    net.output(net.convolve(x, 5, window(3, 1, 1)));
    const auto graph = net.finish();
    const auto wanted = runByReference(*graph, net.inputs);
    FloatEngine engine = must(FloatEngine::create(graph, {.observeAll = true}));
    bool sawLast = false;
    must(engine.runRaw(net.inputs, [&](TensorId id, std::span<const float> values, bool isLast) {
        if (!isLast)
            return;
        sawLast = true;
        const std::span<const float> plain = wanted[id.index()]->as<float>();
        for (std::size_t c = 0; c < 5; ++c)
            for (std::size_t i = 0; i < 12; ++i)
                EXPECT_NEAR(values[i * 5 + c], plain[c * 12 + i], 1e-5);
    }));
    EXPECT_TRUE(sawLast);
}

TEST(FloatEngine, StopsBetweenLayers)
{
    Net net(16);
    const auto graph = smallDetector(net);
    FloatEngine engine = must(FloatEngine::create(graph));
    std::stop_source stop;
    int seen = 0;
    const auto result = engine.run(
        net.inputs,
        [&](TensorId, std::span<const float>) {
            if (++seen == 3)
                stop.request_stop();
        },
        stop.get_token());
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().front().id, "cancelled");
    EXPECT_LE(seen, 4);
    EXPECT_TRUE(engine.run(net.inputs).has_value()); // and it still works
}

TEST(FloatEngine, RefusesInputsThatDoNotFit)
{
    Net net(17);
    const auto graph = smallDetector(net);
    FloatEngine engine = must(FloatEngine::create(graph));
    const std::vector<Tensor> tooFew;
    const std::vector<Tensor> wrongShape{Tensor(ElementType::float32, {1, 3, 48, 63})};
    const std::vector<Tensor> wrongType{Tensor(ElementType::uint8, {1, 3, 48, 64})};
    for (const auto &inputs : {tooFew, wrongShape, wrongType}) {
        const auto result = engine.run(inputs);
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().front().id, "engine.input-mismatch");
    }
}

TEST(FloatEngine, RefusesIntegerValuesNamingTheLayer)
{
    GraphBuilder build("integers");
    const TensorId x = build.input("ids", {1, 4}, ElementType::int64);
    GraphBuilder::Options options;
    options.type = ElementType::int64;
    build.output(build.layer("back", Reshape{{4}}, {x}, {4}, options));
    auto graph = std::make_shared<const Graph>(must(std::move(build).finish()));
    const auto engine = FloatEngine::create(graph);
    ASSERT_FALSE(engine.has_value());
    EXPECT_EQ(engine.error().front().id, "engine.unsupported-layer");
    EXPECT_EQ(engine.error().back().place.layer, "back");
}

TEST(FloatEngine, RareOperatorsRunAsTheReferenceDefinesThem)
{
    Net net(19);
    const TensorId x = net.input({1, 3, 4, 4});
    net.output(net.add(Binary{BinaryOperator::modulo}, {x, net.constant({1}, 0.5F, 1)}));
    net.output(net.add(Binary{BinaryOperator::power}, {net.constant({4}, 1, 2), x}));
    net.output(net.add(Pad{PadMode::reflect, {0, 0, 1, 2}, {0, 0, 2, 1}, 0}, {x}));
    expectLikeReference(net);
}

TEST(FloatEngine, OutputsMayBeInputsOrComputedFromConstants)
{
    Net net(18);
    const TensorId x = net.input({1, 2, 2, 2});
    net.output(x);
    net.output(net.add(Reshape{{8}}, {x}));
    const TensorId folded = net.add(Reshape{{4}}, {net.constant({2, 2})});
    net.output(folded);
    expectLikeReference(net);
}

TEST(FloatEngine, NamesItsInstructionSet)
{
    EXPECT_THAT(effectiveInstructionSet(), testing::AnyOf("avx512", "avx2", "avx", "sse41"));
}
