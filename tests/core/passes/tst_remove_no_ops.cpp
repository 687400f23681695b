// SPDX-License-Identifier: GPL-3.0-or-later
#include "pass_testing.h"

#include "passes/lower_reductions.h"
#include "passes/remove_no_ops.h"
#include "passes/simplify_movement.h"

namespace hefstudio {
namespace {

using RemoveNoOps = PassTest;
using LowerReductions = PassTest;
using SimplifyMovement = PassTest;

TEST_F(RemoveNoOps, DropsWhatChangesNothing)
{
    TensorId x = build.input("x", {1, 4, 6, 6});
    x = convolution("conv", x, 8);
    x = function("identity", Function::identity, x);
    x = function("times-one", Function::affine, x, 1, 0);
    x = add("same-shape", Reshape{{1, 8, 6, 6}}, {x});
    x = add("whole", Slice{{0, 0, 0, 0}, {1, 8, 6, 6}, {1, 1, 1, 1}}, {x});
    x = add("straight", Transpose{{0, 1, 2, 3}}, {x});
    x = add("alone", Concat{1}, {x});
    x = add("nothing", Pad{.begin = {0, 0, 0, 0}, .end = {0, 0, 0, 0}}, {x});
    const auto graph = rewrite(removeNoOps, *finish({x}));
    EXPECT_EQ(kinds(*graph), "input convolution");
}

TEST_F(RemoveNoOps, CombinesTransposesAndReshapes)
{
    TensorId x = build.input("x", {1, 4, 6, 5});
    TensorId y = add("there", Transpose{{0, 2, 3, 1}}, {x});
    y = add("back", Transpose{{0, 3, 1, 2}}, {y});
    y = function("relu", Function::relu, y);
    y = add("flat", Reshape{{1, 120}}, {y});
    y = add("flatter", Reshape{{120}}, {y});
    const auto graph = rewrite(removeNoOps, *finish({y}));
    EXPECT_EQ(kinds(*graph), "input elementwise reshape");
}

TEST_F(RemoveNoOps, KeepsAnInputThatIsAnOutputApart)
{
    const TensorId x = build.input("x", {1, 4});
    const TensorId y = function("identity", Function::identity, x);
    const auto graph = rewrite(removeNoOps, *finish({y}));
    EXPECT_EQ(kinds(*graph), "input elementwise");
}

TEST_F(RemoveNoOps, KeepsFlipsAndRealSlices)
{
    const TensorId x = build.input("x", {1, 4, 6, 6});
    TensorId y = add("flip", Slice{{0, 0, 5, 0}, {1, 4, 6, 6}, {1, 1, -1, 1}}, {x});
    y = add("turn", Transpose{{0, 1, 3, 2}}, {y});
    const auto graph = rewrite(removeNoOps, *finish({y}));
    EXPECT_EQ(kinds(*graph), "input slice transpose");
}

TEST_F(RemoveNoOps, DropsWhatNoOutputNeeds)
{
    const TensorId x = build.input("x", {1, 4, 6, 6});
    const TensorId used = convolution("used", x, 8);
    convolution("unused", x, 8);
    const auto graph = rewrite(removeNoOps, *finish({used}));
    EXPECT_EQ(kinds(*graph), "input convolution");
    EXPECT_EQ(graph->tensors.size(), 4U); // input, weights, bias, output
}

TEST_F(RemoveNoOps, KeepsTheNameOfAnOutput)
{
    const TensorId x = build.input("x", {1, 4, 6, 6});
    TensorId y = convolution("conv", x, 8);
    const TensorId other = function("relu", Function::relu, y);
    y = add("detections", Reshape{{1, 8, 6, 6}}, {y});
    const auto graph = rewrite(removeNoOps, *finish({y, other}));
    EXPECT_EQ(kinds(*graph), "input convolution elementwise");
    EXPECT_NE(graph->findTensor("detections"), nullptr);
}

TEST_F(LowerReductions, KeepsDimensionsOfAGlobalMean)
{
    TensorId x = build.input("x", {1, 4, 6, 5});
    x = add("mean", Reduce{Reduction::mean, {2, 3}, false}, {x});
    const auto graph = rewrite(lowerReductions, *finish({x}));
    EXPECT_EQ(kinds(*graph), "input reduce reshape");
    EXPECT_EQ(graph->outputOf(graph->layers[1]).shape, (Shape{1, 4, 1, 1}));
}

TEST_F(LowerReductions, TurnsAPoolOverTheWholePictureIntoAReduction)
{
    const TensorId x = build.input("x", {1, 4, 6, 5});
    const TensorId mean = add("mean", AveragePool{{.kernel = {6, 5}}}, {x});
    const TensorId most = add("max", MaxPool{{.kernel = {6, 5}}}, {x});
    const TensorId part = add("part", AveragePool{{.kernel = {3, 5}}}, {x});
    const auto graph = rewrite(lowerReductions, *finish({mean, most, part}));
    EXPECT_EQ(kinds(*graph), "input reduce reduce average-pool");
}

TEST_F(LowerReductions, LeavesOtherAxesAlone)
{
    TensorId x = build.input("x", {1, 4, 6, 5});
    x = add("sum", Reduce{Reduction::sum, {2, 3}, false}, {x});
    x = add("mean", Reduce{Reduction::mean, {1}, false}, {x});
    EXPECT_EQ(kinds(*rewrite(lowerReductions, *finish({x}))), "input reduce reduce");
}

TEST_F(SimplifyMovement, AShuffleSplitInTwoBecomesSlices)
{
    const TensorId x = convolution("conv", build.input("x", {1, 4, 6, 5}), 8);
    TensorId y = add("pairs", Reshape{{4, 2, 30}}, {x});
    y = add("turn", Transpose{{1, 0, 2}}, {y});
    y = add("halves", Reshape{{2, 1, 4, 6, 5}}, {y});
    const auto half = [&](std::int64_t which) {
        return add("half", Gather{0},
                   {y, build.constant("i", Tensor::scalar<std::int64_t>(which))});
    };
    const auto graph = rewrite(simplifyMovement, *finish({half(0), half(1)}));
    EXPECT_EQ(kinds(*graph), "input convolution slice slice");
    EXPECT_EQ(*graph->layers[3].as<Slice>(), (Slice{{0, 1, 0, 0}, {1, 4, 6, 5}, {1, 2, 1, 1}}));
}

TEST_F(SimplifyMovement, AShuffleBecomesAGatherOfChannels)
{
    TensorId x = convolution("conv", build.input("x", {1, 4, 6, 5}), 6);
    x = add("groups", Reshape{{1, 2, 3, 6, 5}}, {x});
    x = add("turn", Transpose{{0, 2, 1, 3, 4}}, {x});
    x = add("back", Reshape{{1, 6, 6, 5}}, {x});
    const auto graph = rewrite(simplifyMovement, *finish({x}));
    EXPECT_EQ(kinds(*graph), "input convolution gather");
    EXPECT_EQ(graph->inputOf(graph->layers[2], 1).constant->toInt64(),
              (std::vector<std::int64_t>{0, 3, 1, 4, 2, 5}));
}

TEST_F(SimplifyMovement, SlicesOfSlicesAreOne)
{
    TensorId x = build.input("x", {1, 3, 8, 8});
    x = add("rows", Slice{{0, 0, 1, 0}, {1, 3, 4, 8}, {1, 1, 2, 1}}, {x});
    x = add("columns", Slice{{0, 0, 0, 7}, {1, 3, 4, 4}, {1, 1, 1, -2}}, {x});
    const auto graph = rewrite(simplifyMovement, *finish({x}));
    EXPECT_EQ(kinds(*graph), "input slice");
}

TEST_F(SimplifyMovement, LeavesWhatMovesPixels)
{
    TensorId x = build.input("x", {1, 4, 6, 6});
    x = add("turn", Transpose{{0, 1, 3, 2}}, {x});
    TensorId y = add("blocks", Reshape{{1, 4, 2, 3, 6}}, {x});
    y = add("swap", Transpose{{0, 1, 3, 2, 4}}, {y});
    y = add("back", Reshape{{1, 4, 6, 6}}, {y});
    EXPECT_EQ(kinds(*rewrite(simplifyMovement, *finish({y}))),
              "input transpose reshape transpose reshape");
}

} // namespace
} // namespace hefstudio
