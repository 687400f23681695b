// SPDX-License-Identifier: GPL-3.0-or-later
#include "pass_testing.h"

#include "passes/recognise_activations.h"

#include <cmath>

namespace hefstudio {
namespace {

class RecogniseActivations : public PassTest {
protected:
    static constexpr auto multiply = BinaryOperator::multiply;

    void SetUp() override { x = convolution("conv", build.input("in", {1, 3, 5, 5}), 4); }

    // The one activation that is left.
    ScalarFunction only(TensorId y)
    {
        const auto graph = rewrite(recogniseActivations, *finish({y}));
        EXPECT_EQ(kinds(*graph), "input convolution elementwise");
        const auto *single = graph->layers.back().as<Elementwise>();
        return single ? single->function : ScalarFunction{};
    }

    TensorId x;
};

TEST_F(RecogniseActivations, Silu)
{
    const TensorId gate = function("sigmoid", Function::sigmoid, x);
    EXPECT_EQ(only(binary("mul", multiply, x, gate)).function, Function::silu);
}

TEST_F(RecogniseActivations, HardSwishOfHardSigmoid)
{
    const TensorId gate = function("gate", Function::hardSigmoid, x, 1.0F / 6, 0.5F);
    EXPECT_EQ(only(binary("mul", multiply, gate, x)).function, Function::hardSwish);
}

TEST_F(RecogniseActivations, HardSwishSpelledOut)
{
    const TensorId sum = binary("add", BinaryOperator::add, x, scalar(3));
    const TensorId gate = function("clip", Function::clip, sum, 0, 6);
    const TensorId product = binary("mul", multiply, x, gate);
    EXPECT_EQ(only(binary("div", BinaryOperator::divide, product, scalar(6))).function,
              Function::hardSwish);
}

TEST_F(RecogniseActivations, HardSwishWithTheDivisionInside)
{
    const TensorId sum = binary("add", BinaryOperator::add, scalar(3), x);
    const TensorId low = binary("max", BinaryOperator::maximum, sum, scalar(0));
    const TensorId high = binary("min", BinaryOperator::minimum, low, scalar(6));
    const TensorId gate = binary("mul", multiply, high, scalar(1.0F / 6));
    EXPECT_EQ(only(binary("mul", multiply, x, gate)).function, Function::hardSwish);
}

TEST_F(RecogniseActivations, HardSigmoid)
{
    const TensorId sum = binary("add", BinaryOperator::add, x, scalar(3));
    const TensorId clip = function("clip", Function::clip, sum, 0, 6);
    const ScalarFunction found = only(binary("div", BinaryOperator::divide, clip, scalar(6)));
    EXPECT_EQ(found, (ScalarFunction{Function::hardSigmoid, 1.0F / 6, 0.5F}));
}

TEST_F(RecogniseActivations, GeluInThreeOrders)
{
    const auto gate = [&](const std::string &name) {
        const TensorId scaled =
            binary(name + "div", BinaryOperator::divide, x, scalar(std::sqrt(2.0F)));
        const TensorId erf = function(name + "erf", Function::erf, scaled);
        return binary(name + "add", BinaryOperator::add, erf, scalar(1));
    };
    const TensorId a = binary("a", multiply, binary("am", multiply, x, gate("a")), scalar(0.5F));
    const TensorId b = binary("b", multiply, binary("bm", multiply, x, scalar(0.5F)), gate("b"));
    const TensorId c = binary("c", multiply, x, binary("cm", multiply, gate("c"), scalar(0.5F)));
    const auto graph = rewrite(recogniseActivations, *finish({a, b, c}));
    EXPECT_EQ(kinds(*graph), "input convolution elementwise elementwise elementwise");
    for (std::size_t i = 2; i < 5; ++i)
        EXPECT_EQ(graph->layers[i].as<Elementwise>()->function.function, Function::gelu);
}

TEST_F(RecogniseActivations, Mish)
{
    const TensorId gate =
        function("tanh", Function::tanh, function("softplus", Function::softplus, x));
    EXPECT_EQ(only(binary("mul", multiply, x, gate)).function, Function::mish);
}

TEST_F(RecogniseActivations, SoftplusSpelledOut)
{
    const TensorId sum =
        binary("add", BinaryOperator::add, function("exp", Function::exp, x), scalar(1));
    EXPECT_EQ(only(function("log", Function::log, sum)).function, Function::softplus);
}

TEST_F(RecogniseActivations, BoundsBecomeClipAndRelu)
{
    const TensorId low = binary("max", BinaryOperator::maximum, x, scalar(-1));
    EXPECT_EQ(only(binary("min", BinaryOperator::minimum, low, scalar(2))),
              (ScalarFunction{Function::clip, -1, 2}));
}

TEST_F(RecogniseActivations, MaximumWithZeroIsRelu)
{
    EXPECT_EQ(only(binary("max", BinaryOperator::maximum, scalar(0), x)),
              (ScalarFunction{Function::relu}));
}

TEST_F(RecogniseActivations, MaximumWithAFractionIsLeakyRelu)
{
    const TensorId slope = binary("mul", multiply, x, scalar(0.1F));
    EXPECT_EQ(only(binary("max", BinaryOperator::maximum, x, slope)),
              (ScalarFunction{Function::leakyRelu, 0.1F}));
}

TEST_F(RecogniseActivations, LeavesGatesOfOtherValuesAlone)
{
    const TensorId other = convolution("other", x, 4);
    const TensorId gate = function("sigmoid", Function::sigmoid, other);
    const auto graph = rewrite(recogniseActivations, *finish({binary("mul", multiply, x, gate)}));
    EXPECT_EQ(kinds(*graph), "input convolution convolution elementwise binary");
}

TEST_F(RecogniseActivations, KeepsWhatAnotherLayerReads)
{
    const TensorId gate = function("sigmoid", Function::sigmoid, x);
    const TensorId silu = binary("mul", multiply, x, gate);
    const auto graph = rewrite(recogniseActivations, *finish({silu, gate}));
    EXPECT_EQ(kinds(*graph), "input convolution elementwise elementwise");
}

TEST_F(RecogniseActivations, KeepsOrigins)
{
    const TensorId gate =
        add("gate", Elementwise{{Function::sigmoid}}, {x}, {.origin = {"Sigmoid_1"}});
    const TensorId silu = add("silu", Binary{multiply}, {x, gate}, {.origin = {"Mul_2"}});
    const auto graph = rewrite(recogniseActivations, *finish({silu}));
    EXPECT_EQ(graph->layers.back().origin, (std::vector<std::string>{"Mul_2", "Sigmoid_1"}));
}

} // namespace
} // namespace hefstudio
