// Layers joined into the step before them, and layers cut into chunks: both against the scalar
// reference, and the same bits for any number of threads.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/float_engine.h"

#include "random_nets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

using namespace hefstudio;
using namespace hefstudio::test;

namespace {

constexpr std::array<std::int64_t, 2> one{1, 1}, two{2, 2}, three{3, 3};
const Window pointwise{};
const Window around{.kernel = three, .padBegin = one, .padEnd = one};

class FloatFusion : public testing::Test {
protected:
    Net net{5};

    TensorId scalar(float value)
    {
        Tensor tensor(ElementType::float32, Shape{});
        tensor.as<float>()[0] = value;
        return net.constant(std::move(tensor));
    }
    TensorId function(TensorId x, Function f) { return net.add(Elementwise{{f}}, {x}); }
    TensorId combine(BinaryOperator op, TensorId a, TensorId b)
    {
        return net.add(Binary{op}, {a, b});
    }
    TensorId product(TensorId x, TensorId weights) { return net.add(MatMul{}, {x, weights}); }

    // The steps of a run, reorders left out.
    std::size_t expectLikeReference(TensorId result)
    {
        net.output(result);
        const auto graph = net.finish();
        const auto wanted = runByReference(*graph, net.inputs);
        std::optional<std::vector<Tensor>> first;
        for (const int threads : {1, 2, 3}) {
            FloatEngine engine = must(FloatEngine::create(graph, {.threads = threads}));
            auto outputs = must(engine.run(net.inputs));
            EXPECT_LE(relativeError(outputs[0].as<float>(),
                                    wanted[graph->outputs[0].index()]->as<float>()),
                      2e-5)
                << threads << " threads";
            if (!first)
                first = std::move(outputs);
            else
                EXPECT_TRUE(std::ranges::equal((*first)[0].bytes(), outputs[0].bytes()))
                    << threads << " threads";
        }
        FloatEngine engine = must(FloatEngine::create(graph));
        std::size_t steps = 0;
        for (const auto &step : must(engine.profile(net.inputs)))
            steps += step.implementation == "reorder" ? 0 : 1;
        return steps;
    }
};

} // namespace

TEST_F(FloatFusion, ConvolutionInBandsOfRows)
{
    const TensorId x = net.input({1, 32, 40, 36});
    EXPECT_EQ(expectLikeReference(net.convolve(x, 48, around)), 1U);
}

TEST_F(FloatFusion, StridedConvolutionOfSeveralPicturesInBands)
{
    const TensorId x = net.input({3, 24, 33, 30});
    const Window w{.kernel = {5, 5}, .stride = two, .padBegin = two, .padEnd = two};
    EXPECT_EQ(expectLikeReference(net.convolve(x, 40, w)), 1U);
}

TEST_F(FloatFusion, PointwiseConvolutionInRunsOfPixels)
{
    const TensorId x = net.input({2, 96, 15, 17});
    EXPECT_EQ(expectLikeReference(net.convolve(x, 100, pointwise)), 1U);
}

TEST_F(FloatFusion, ConvolutionInSlicesOfChannels)
{
    const TensorId x = net.input({1, 128, 5, 5});
    const TensorId y = net.convolve(x, 200, around, 1, {Function::silu});
    EXPECT_EQ(expectLikeReference(y), 1U);
}

TEST_F(FloatFusion, DepthwiseAndPoolInBands)
{
    const TensorId x = net.input({1, 64, 56, 60});
    const TensorId y = net.convolve(x, 64, around, 64, {Function::hardSwish});
    EXPECT_EQ(expectLikeReference(net.add(MaxPool{around}, {y})), 2U);
}

TEST_F(FloatFusion, ActivationResidualActivation)
{
    const TensorId x = net.input({1, 32, 28, 28});
    const TensorId side = net.convolve(x, 48, pointwise);
    const TensorId gate = function(net.convolve(x, 48, around), Function::tanh);
    EXPECT_EQ(expectLikeReference(
                  function(combine(BinaryOperator::add, side, gate), Function::relu)),
              2U);
}

TEST_F(FloatFusion, GatedActivationsSpelledOut)
{
    const TensorId x = net.input({1, 16, 20, 20});
    const TensorId a = net.convolve(x, 24, around);
    const TensorId b = combine(BinaryOperator::multiply, a, function(a, Function::sigmoid));
    const TensorId c = net.convolve(b, 24, pointwise);
    const TensorId gate = net.add(Elementwise{{Function::hardSigmoid, 1.0F / 6, 0.5F}}, {c});
    EXPECT_EQ(expectLikeReference(combine(BinaryOperator::multiply, gate, c)), 2U);
}

TEST_F(FloatFusion, AValueThatSomebodyElseReadsStays)
{
    const TensorId x = net.input({1, 8, 12, 12});
    const TensorId a = net.convolve(x, 8, around);
    const TensorId b = function(a, Function::relu);
    EXPECT_EQ(expectLikeReference(combine(BinaryOperator::add, a, b)), 3U);
}

TEST_F(FloatFusion, AnOutputInTheMiddleStays)
{
    const TensorId x = net.input({1, 8, 12, 12});
    const TensorId a = net.convolve(x, 8, around);
    net.output(a);
    EXPECT_EQ(expectLikeReference(function(a, Function::relu)), 2U);
}

TEST_F(FloatFusion, ProductWithBiasAndGeluByErf)
{
    const TensorId x = net.input({1, 70, 96});
    TensorId y = combine(BinaryOperator::add, product(x, net.constant({96, 300})),
                         net.constant({300}));
    const TensorId erf = function(combine(BinaryOperator::divide, y, scalar(1.41421356F)),
                                  Function::erf);
    y = combine(BinaryOperator::multiply, y, combine(BinaryOperator::add, erf, scalar(1)));
    y = combine(BinaryOperator::multiply, y, scalar(0.5F));
    const TensorId z = combine(BinaryOperator::add, product(y, net.constant({300, 96})), x);
    EXPECT_EQ(expectLikeReference(z), 2U);
}

TEST_F(FloatFusion, GeluWithTheHalfFirst)
{
    const TensorId x = net.input({40, 64});
    const TensorId y = product(x, net.constant({64, 80}));
    const TensorId half = combine(BinaryOperator::multiply, scalar(0.5F), y);
    const TensorId erf = function(combine(BinaryOperator::multiply, y, scalar(0.707106781F)),
                                  Function::erf);
    EXPECT_EQ(expectLikeReference(combine(BinaryOperator::multiply, half,
                                          combine(BinaryOperator::add, scalar(1), erf))),
              1U);
}

TEST_F(FloatFusion, NormalisationSpelledOut)
{
    const TensorId x = net.input({2, 30, 48});
    const auto mean = [&](TensorId of) {
        return net.add(Reduce{.reduction = Reduction::mean, .axes = {2}}, {of});
    };
    const TensorId centred = combine(BinaryOperator::subtract, x, mean(x));
    const TensorId squares = combine(BinaryOperator::power, centred, scalar(2));
    const TensorId root =
        function(combine(BinaryOperator::add, mean(squares), scalar(1e-5F)), Function::sqrt);
    TensorId y = combine(BinaryOperator::divide, centred, root);
    y = combine(BinaryOperator::multiply, y, net.constant({48}));
    y = combine(BinaryOperator::add, y, net.constant({48}));
    EXPECT_EQ(expectLikeReference(combine(BinaryOperator::add, x, y)), 2U);
}

TEST_F(FloatFusion, NormalisationWhoseMeanIsReadTwiceStays)
{
    const TensorId x = net.input({8, 16});
    const TensorId mean = net.add(Reduce{.reduction = Reduction::mean, .axes = {1}}, {x});
    const TensorId centred = combine(BinaryOperator::subtract, x, mean);
    EXPECT_EQ(expectLikeReference(combine(BinaryOperator::add, centred, mean)), 3U);
}

TEST_F(FloatFusion, AttentionInGroupsOfHeads)
{
    const TensorId q = net.input({1, 6, 50, 64}), k = net.input({1, 6, 64, 50});
    const TensorId v = net.input({1, 6, 50, 64});
    TensorId scores = combine(BinaryOperator::multiply, net.add(MatMul{}, {q, k}), scalar(0.125F));
    scores = net.add(Softmax{.axis = 3}, {scores});
    expectLikeReference(net.add(MatMul{}, {scores, v}));
}

TEST_F(FloatFusion, ProductOfOneRowInSlicesOfColumns)
{
    const TensorId x = net.input({1, 1000});
    const TensorId y = net.add(FullyConnected{}, {x, net.constant({3001, 1000}, -0.05F, 0.05F),
                                                  net.constant({3001})},
                               {Function::sigmoid});
    EXPECT_EQ(expectLikeReference(y), 1U);
}

TEST_F(FloatFusion, LargeLoopsInParts)
{
    const TensorId x = net.input({1, 24, 64, 64});
    const TensorId a = net.add(Transpose{{0, 2, 3, 1}}, {x});
    const TensorId b = net.add(Softmax{.axis = 1}, {a});
    const TensorId c = net.add(Reduce{.reduction = Reduction::mean, .axes = {1, 2}}, {b});
    const TensorId d = net.add(Concat{.axis = 3}, {a, b, a});
    const TensorId e = net.add(LayerNormalization{.axis = 3},
                               {d, net.constant({72}), net.constant({72})});
    const TensorId f = net.add(Reduce{.reduction = Reduction::max, .axes = {3}}, {e});
    expectLikeReference(combine(BinaryOperator::add, f, net.add(Reduce{.axes = {3}}, {c})));
}
