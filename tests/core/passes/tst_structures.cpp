// Structures that exporters take apart, as one layer again.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pass_testing.h"

#include "passes/cancel_transposes.h"
#include "passes/recognise_activations.h"
#include "passes/recognise_normalizations.h"
#include "passes/simplify_joins.h"
#include "passes/simplify_movement.h"

namespace hefstudio {
namespace {

class Structures : public PassTest {
protected:
    TensorId mean(const std::string &name, TensorId x, std::vector<std::int64_t> axes)
    {
        return add(name, Reduce{Reduction::mean, std::move(axes), true}, {x});
    }
    struct Spelling {
        bool powers = true;   // (…)², else a product
        bool divides = true;  // by the root, else times its reciprocal
        bool repeats = false; // the difference is computed twice
    };
    TensorId normalised(TensorId x, const std::vector<std::int64_t> &axes, Spelling how)
    {
        const TensorId m = mean("m", x, axes);
        const TensorId d = binary("d", BinaryOperator::subtract, x, m);
        const TensorId again = how.repeats ? binary("d2", BinaryOperator::subtract, x, m) : d;
        const TensorId square = how.powers ? function("sq", Function::power, again, 2)
                                           : binary("sq", BinaryOperator::multiply, again, again);
        const TensorId v = mean("v", square, axes);
        const TensorId raised = binary("e", BinaryOperator::add, v, scalar(1e-5F));
        const TensorId root = function("r", Function::sqrt, raised);
        if (how.divides)
            return binary("q", BinaryOperator::divide, d, root);
        return binary("q", BinaryOperator::multiply, d, function("i", Function::reciprocal, root));
    }
    TensorId phase(const std::string &name, TensorId x, std::int64_t row, std::int64_t column)
    {
        const Shape &shape = build.tensor(x).shape;
        return add(name,
                   Slice{.begin = {0, 0, row, column},
                         .size = {1, shape[1], shape[2] / 2, shape[3] / 2},
                         .step = {1, 1, 2, 2}},
                   {x});
    }
    TensorId channels(const std::string &name, TensorId x, std::int64_t begin, std::int64_t size)
    {
        const Shape &shape = build.tensor(x).shape;
        return add(name,
                   Slice{.begin = {0, begin, 0, 0},
                         .size = {1, size, shape[2], shape[3]},
                         .step = {1, 1, 1, 1}},
                   {x});
    }
};

TEST_F(Structures, LayerNormalizationInEverySpelling)
{
    for (const Spelling how : {Spelling{}, Spelling{.powers = false}, Spelling{.divides = false},
                               Spelling{.powers = false, .divides = false, .repeats = true}}) {
        build = GraphBuilder("test");
        const TensorId x = build.input("x", {1, 5, 8});
        const TensorId scaled =
            binary("g", BinaryOperator::multiply, constant({8}), normalised(x, {2}, how));
        const TensorId y = binary("y", BinaryOperator::add, scaled, constant({1, 1, 8}));
        const auto after = rewrite(recogniseNormalizations, *finish({y}));
        ASSERT_TRUE(after);
        EXPECT_EQ(kinds(*after), "input layer-normalization");
    }
}

TEST_F(Structures, LayerNormalizationOverChannels)
{
    const TensorId x = build.input("x", {1, 6, 4, 5});
    const TensorId scaled =
        binary("g", BinaryOperator::multiply, normalised(x, {1}, {}), constant({6, 1, 1}));
    const TensorId y = binary("y", BinaryOperator::add, scaled, constant({1, 6, 1, 1}));
    const auto after = rewrite(recogniseNormalizations, *finish({y}));
    ASSERT_TRUE(after);
    EXPECT_EQ(kinds(*after), "input transpose layer-normalization transpose");
}

TEST_F(Structures, LayerNormalizationOverAPictureWithOneScale)
{
    const TensorId x = build.input("x", {1, 2, 3, 4});
    const TensorId y =
        binary("y", BinaryOperator::multiply, normalised(x, {1, 2, 3}, {}), scalar(3));
    const auto after = rewrite(recogniseNormalizations, *finish({y}));
    ASSERT_TRUE(after);
    EXPECT_EQ(kinds(*after), "input layer-normalization");
}

TEST_F(Structures, AScaleThatVariesElsewhereStaysBehind)
{
    const TensorId x = build.input("x", {1, 5, 8});
    const TensorId y =
        binary("y", BinaryOperator::multiply, normalised(x, {2}, {}), constant({1, 5, 1}));
    const auto after = rewrite(recogniseNormalizations, *finish({y}));
    ASSERT_TRUE(after);
    EXPECT_EQ(kinds(*after), "input layer-normalization binary");
}

TEST_F(Structures, DividingByTheRootMeanSquareIsAnRmsNormalization)
{
    for (const bool divides : {true, false}) {
        build = GraphBuilder("test");
        const TensorId x = build.input("x", {1, 5, 8});
        const TensorId v = mean("v", function("sq", Function::power, x, 2), {2});
        const TensorId root = function(
            "r", Function::sqrt, binary("e", BinaryOperator::add, v, scalar(1e-5F)));
        const TensorId q =
            divides ? binary("q", BinaryOperator::divide, x, root)
                    : binary("q", BinaryOperator::multiply, x,
                             function("i", Function::reciprocal, root));
        const TensorId y = binary("y", BinaryOperator::multiply, constant({8}), q);
        const auto after = rewrite(recogniseNormalizations, *finish({y}));
        ASSERT_TRUE(after);
        EXPECT_EQ(kinds(*after), "input rms-normalization");
    }
}

TEST_F(Structures, AnotherMeanIsNoLayerNormalization)
{
    const TensorId x = build.input("x", {1, 5, 8});
    const TensorId other = build.input("other", {1, 5, 8});
    const TensorId d = binary("d", BinaryOperator::subtract, x, mean("m", other, {2}));
    const TensorId v = mean("v", function("sq", Function::power, d, 2), {2});
    const auto graph =
        finish({binary("q", BinaryOperator::divide, d, function("r", Function::sqrt, v))});
    const auto after = rewrite(recogniseNormalizations, *graph);
    ASSERT_TRUE(after);
    // What is left is divided by its own root mean square.
    EXPECT_EQ(kinds(*after), "input input reduce binary rms-normalization");
}

TEST_F(Structures, TheRootOfSquaresIsANorm)
{
    const TensorId x = build.input("x", {1, 6, 4, 4});
    const TensorId sum = add("sum", Reduce{Reduction::sum, {1}, true},
                             {binary("sq", BinaryOperator::multiply, x, x)});
    const TensorId norm = function("norm", Function::sqrt, sum);
    const TensorId least = function("least", Function::clip, norm, 1e-6F, 1e6F);
    const auto after =
        rewrite(recogniseNormalizations, *finish({binary("y", BinaryOperator::divide, x, least)}));
    ASSERT_TRUE(after);
    EXPECT_EQ(kinds(*after), "input reduce elementwise binary");
    EXPECT_EQ(after->layers[1].as<Reduce>()->reduction, Reduction::l2);
}

TEST_F(Structures, GeluWithTanhInBothSpellings)
{
    for (const bool power : {true, false}) {
        build = GraphBuilder("test");
        const TensorId x = build.input("x", {1, 4, 6});
        const TensorId cube = power ? function("cube", Function::power, x, 3)
                                    : binary("cube", BinaryOperator::multiply,
                                             binary("sq", BinaryOperator::multiply, x, x), x);
        const TensorId bend = binary("bend", BinaryOperator::multiply, cube, scalar(0.044715F));
        const TensorId sum = binary("sum", BinaryOperator::add, x, bend);
        const TensorId inner =
            binary("inner", BinaryOperator::multiply, sum, scalar(0.7978845608F));
        const TensorId gate =
            binary("gate", BinaryOperator::add, function("tanh", Function::tanh, inner), scalar(1));
        const TensorId half = binary("half", BinaryOperator::multiply, x, scalar(0.5F));
        const auto after = rewrite(recogniseActivations,
                                   *finish({binary("y", BinaryOperator::multiply, half, gate)}));
        ASSERT_TRUE(after);
        EXPECT_EQ(kinds(*after), "input elementwise");
        EXPECT_EQ(after->layers[1].as<Elementwise>()->function.function, Function::geluTanh);
    }
}

// YOLOv5's Focus: the four phases in the order of columns.
TEST_F(Structures, FocusIsSpaceToDepth)
{
    const TensorId x = build.input("x", {1, 3, 6, 8});
    const TensorId y =
        add("y", Concat{1},
            {phase("a", x, 0, 0), phase("b", x, 1, 0), phase("c", x, 0, 1), phase("d", x, 1, 1)});
    const auto after = rewrite(simplifyJoins, *finish({y}));
    ASSERT_TRUE(after);
    EXPECT_EQ(kinds(*after), "input space-to-depth gather");

    build = GraphBuilder("rows first");
    const TensorId z = build.input("z", {1, 3, 6, 8});
    const TensorId w =
        add("w", Concat{1},
            {phase("a", z, 0, 0), phase("b", z, 0, 1), phase("c", z, 1, 0), phase("d", z, 1, 1)});
    const auto ordered = rewrite(simplifyJoins, *finish({w}));
    ASSERT_TRUE(ordered);
    EXPECT_EQ(kinds(*ordered), "input space-to-depth");
}

TEST_F(Structures, PatchesAndPixelShufflesOfReshapesAreMoves)
{
    const TensorId x = build.input("x", {1, 3, 4, 6});
    const TensorId six = add("six", Reshape{{1, 3, 2, 2, 3, 2}}, {x});
    const TensorId turned = add("turned", Transpose{{0, 3, 5, 1, 2, 4}}, {six});
    const TensorId deep = add("deep", Reshape{{1, 12, 2, 3}}, {turned});
    const TensorId work = function("work", Function::tanh, deep);
    const TensorId back = add("back", Reshape{{1, 3, 2, 2, 2, 3}}, {work});
    const TensorId shuffled = add("shuffled", Transpose{{0, 1, 4, 2, 5, 3}}, {back});
    const auto after =
        rewrite(simplifyMovement, *finish({add("y", Reshape{{1, 3, 4, 6}}, {shuffled})}));
    ASSERT_TRUE(after);
    EXPECT_EQ(kinds(*after), "input space-to-depth elementwise depth-to-space");
}

TEST_F(Structures, JoinsOfJoinsAndSlicesOfJoins)
{
    const TensorId x = build.input("x", {1, 4, 3, 3});
    const TensorId a = function("a", Function::relu, x);
    const TensorId b = function("b", Function::tanh, x);
    const TensorId inner = add("inner", Concat{1}, {a, b});
    const TensorId outer = add("outer", Concat{1}, {inner, x});
    const TensorId part = channels("part", outer, 5, 2);   // of b
    const TensorId whole = channels("whole", outer, 8, 4); // x itself
    const TensorId y =
        binary("y", BinaryOperator::add, add("twice", Concat{1}, {part, part}), whole);
    const auto after = rewrite(simplifyJoins, *finish({y}));
    ASSERT_TRUE(after);
    EXPECT_EQ(kinds(*after), "input elementwise slice concat binary");
}

TEST_F(Structures, NeighbouringSlicesJoinedAgain)
{
    const TensorId x = build.input("x", {1, 6, 3, 3});
    const TensorId y = add(
        "y", Concat{1}, {channels("a", x, 0, 2), channels("b", x, 2, 3), channels("c", x, 5, 1)});
    const TensorId z = add("z", Concat{1}, {channels("d", x, 2, 1), channels("e", x, 3, 2)});
    const auto after =
        rewrite(simplifyJoins,
                *finish({function("u", Function::relu, y), function("v", Function::relu, z)}));
    ASSERT_TRUE(after);
    EXPECT_EQ(kinds(*after), "input slice elementwise elementwise");
}

TEST_F(Structures, TransposesCancelAcrossArithmetic)
{
    const TensorId x = build.input("x", {1, 4, 3, 5});
    const TensorId other = build.input("other", {1, 4, 3, 5});
    const TensorId last = add("last", Transpose{{0, 2, 3, 1}}, {x});
    const TensorId shifted = binary("shifted", BinaryOperator::add, last, constant({4}));
    const TensorId active = function("active", Function::tanh, shifted);
    const TensorId sum =
        binary("sum", BinaryOperator::add, active, add("same", Transpose{{0, 2, 3, 1}}, {other}));
    const TensorId soft = add("soft", Softmax{3}, {sum});
    const TensorId mean = add("mean", Reduce{Reduction::mean, {1}, true}, {soft});
    const auto after =
        rewrite(cancelTransposes, *finish({add("y", Transpose{{0, 3, 1, 2}}, {mean})}));
    ASSERT_TRUE(after);
    EXPECT_EQ(kinds(*after), "input input binary elementwise binary softmax reduce");
    EXPECT_EQ(after->layers.back().as<Reduce>()->axes, std::vector<std::int64_t>{2});
}

TEST_F(Structures, DenseLayersBetweenTransposesAreConvolutions)
{
    const TensorId x = build.input("x", {1, 4, 3, 5});
    const TensorId last = add("last", Transpose{{0, 2, 3, 1}}, {x});
    const TensorId wide = add("wide", FullyConnected{}, {last, constant({7, 4}), constant({7})});
    const TensorId active = function("active", Function::gelu, wide);
    const TensorId narrow = add("narrow", FullyConnected{}, {active, constant({4, 7})});
    const auto picture =
        rewrite(cancelTransposes, *finish({add("y", Transpose{{0, 3, 1, 2}}, {narrow})}));
    ASSERT_TRUE(picture);
    EXPECT_EQ(kinds(*picture),
              "input convolution reshape elementwise convolution reshape");

    build = GraphBuilder("test");
    const TensorId pixels = build.input("x", {2, 4, 15});
    const TensorId list = add("list", Transpose{{0, 2, 1}}, {pixels});
    const TensorId mixed = add("mixed", FullyConnected{}, {list, constant({6, 4}), constant({6})});
    const auto column =
        rewrite(cancelTransposes, *finish({add("y", Transpose{{0, 2, 1}}, {mixed})}));
    ASSERT_TRUE(column);
    EXPECT_EQ(kinds(*column), "input reshape convolution reshape");
}

TEST_F(Structures, ATransposeThatOthersReadStays)
{
    const TensorId x = build.input("x", {1, 4, 3, 5});
    const TensorId last = add("last", Transpose{{0, 2, 3, 1}}, {x});
    const TensorId active = function("active", Function::tanh, last);
    const auto graph = finish({add("y", Transpose{{0, 3, 1, 2}}, {active}), active});
    const auto after = rewrite(cancelTransposes, *graph);
    ASSERT_TRUE(after);
    EXPECT_EQ(printGraph(*after), printGraph(*graph));
}

} // namespace
} // namespace hefstudio
