// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph_builder.h"

#include "result_matchers.h"

#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

Graph residual()
{
    GraphBuilder build("residual");
    const auto x = build.input("images", {1, 8, 4, 4});
    const auto w = build.constant("w", Tensor(ElementType::float32, {8, 8, 3, 3}));
    const Window same{.kernel = {3, 3}, .padBegin = {1, 1}, .padEnd = {1, 1}};
    const auto y = build.layer("conv", Convolution{.window = same}, {x, w}, {1, 8, 4, 4},
                               {.activation = {Function::relu}, .origin = {"Conv_0", "Relu_1"}});
    build.output(build.layer("add", Binary{}, {x, y}, {1, 8, 4, 4}));
    auto graph = std::move(build).finish();
    EXPECT_TRUE(graph) << failureText(graph);
    return *graph;
}

} // namespace

TEST(Graph, PrintsLikeThePictureItIs)
{
    EXPECT_EQ(printGraph(residual()),
              "images input -> 1×8×4×4\n"
              "conv convolution 3x3 pad 1x1..1x1 (images, const 8×8×3×3) -> 1×8×4×4 relu\n"
              "add binary add (images, conv) -> 1×8×4×4\n"
              "outputs: add\n");
}

TEST(Graph, KnowsConsumersProducersAndCosts)
{
    const auto graph = residual();
    const auto *images = graph.findTensor("images");
    ASSERT_TRUE(images);
    EXPECT_EQ(images->consumers, (std::vector{LayerId(1), LayerId(2)}));
    EXPECT_EQ(graph.findLayer("conv")->origin, (std::vector<std::string>{"Conv_0", "Relu_1"}));
    EXPECT_EQ(multiplyAccumulates(graph), 8 * 16 * 8 * 9);
    EXPECT_EQ(parameterCount(graph), 8 * 8 * 9);
}

TEST(GraphBuilder, SortsLayersAndMakesNamesUnique)
{
    GraphBuilder build("net");
    const auto x = build.input("x", {1, 4});
    const TensorId ahead(2); // ids are handed out in order, so an operand may be named ahead
    const auto second = build.layer("same", Elementwise{{Function::relu}}, {ahead}, {1, 4});
    const auto first = build.layer("same", Elementwise{{Function::tanh}}, {x}, {1, 4});
    ASSERT_EQ(first, ahead);
    build.output(second);
    const auto graph = std::move(build).finish();
    ASSERT_TRUE(graph) << failureText(graph);
    EXPECT_EQ(printGraph(*graph), "x input -> 1×4\n"
                                  "same_1 elementwise tanh (x) -> 1×4\n"
                                  "same elementwise relu (same_1) -> 1×4\n"
                                  "outputs: same\n");
}

TEST(GraphBuilder, RefusesCyclesAndMissingOperands)
{
    GraphBuilder cycle("cycle");
    cycle.layer("a", Elementwise{}, {TensorId(1)}, {1});
    cycle.layer("b", Elementwise{}, {TensorId(0)}, {1});
    EXPECT_EQ(failureId(std::move(cycle).finish()), "graph.invalid");
    GraphBuilder missing("missing");
    missing.layer("a", Elementwise{}, {TensorId(9)}, {1});
    EXPECT_EQ(failureId(std::move(missing).finish()), "graph.invalid");
}

TEST(Verify, FindsBrokenInvariants)
{
    const auto breaks = [](auto change) {
        Graph graph = residual();
        change(graph);
        return !verify(graph);
    };
    EXPECT_TRUE(verify(residual()));
    EXPECT_TRUE(breaks([](Graph &g) { g.layers[1].id = LayerId(0); }));
    EXPECT_TRUE(breaks([](Graph &g) { std::swap(g.layers[1], g.layers[2]); }));
    EXPECT_TRUE(breaks([](Graph &g) { g.layers[2].inputs[0] = TensorId(77); }));
    EXPECT_TRUE(breaks([](Graph &g) { g.tensors[0].consumers.clear(); }));
    EXPECT_TRUE(breaks([](Graph &g) { g.tensors[1].shape = Shape{8, 8, 9}; }));
    EXPECT_TRUE(breaks([](Graph &g) { g.outputs.push_back(TensorId(99)); }));
    EXPECT_TRUE(breaks([](Graph &g) { g.inputs[0] = g.outputs[0]; }));
}

TEST(Names, EveryFunctionNameReadsBack)
{
    for (int i = 0; i <= static_cast<int>(Function::affine); ++i) {
        const auto function = static_cast<Function>(i);
        EXPECT_EQ(functionFromName(functionName(function)), function);
    }
    EXPECT_FALSE(functionFromName("nothing"));
}
