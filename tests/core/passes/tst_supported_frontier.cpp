// Where the chip has to stop, and attention as a block.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pass_testing.h"

#include "passes/attention_blocks.h"
#include "passes/supported_frontier.h"

namespace hefstudio {
namespace {

class Frontier : public PassTest {
protected:
    static std::vector<std::string> names(const Graph &graph, const SupportedFrontier &frontier)
    {
        std::vector<std::string> names;
        for (const auto &end : frontier.ends)
            names.push_back(graph.tensor(end.tensor).name);
        return names;
    }
    using Names = std::vector<std::string>;
};

TEST_F(Frontier, AWholeNetworkEndsAtItsOutputs)
{
    const TensorId x = build.input("x", {1, 3, 8, 8});
    const auto graph = finish({function("relu", Function::relu, convolution("conv", x, 4))});
    const auto frontier = supportedFrontier(*graph);
    EXPECT_TRUE(frontier.isWhole());
    EXPECT_EQ(names(*graph, frontier), Names{"relu"});
}

TEST_F(Frontier, StepsStayOnTheHostWithTheArithmeticAroundThem)
{
    const TensorId x = build.input("x", {1, 3, 8, 8});
    const TensorId a = convolution("conv", x, 4);
    const TensorId scaled = binary("scaled", BinaryOperator::multiply, a, scalar(3));
    const TensorId rounded = function("round", Function::round, scaled);
    const TensorId error = binary("error", BinaryOperator::subtract, rounded, a);
    const auto graph = finish({error});
    const auto frontier = supportedFrontier(*graph);
    EXPECT_EQ(names(*graph, frontier), Names{"conv"}); // the host multiplies as cheaply
    ASSERT_EQ(frontier.blocked.size(), 1U);
    EXPECT_EQ(graph->layer(frontier.blocked[0]).name, "round");
    ASSERT_NE(frontier.ends[0].limit, nullptr);
    EXPECT_EQ(frontier.ends[0].limit->kind, "elementwise");
}

TEST_F(Frontier, ABranchWithoutTheBlockedLayerGoesOn)
{
    const TensorId x = build.input("x", {1, 3, 8, 8});
    const TensorId body = convolution("body", x, 4);
    const TensorId clean = convolution("clean", body, 2);
    const TensorId blocked =
        add("logs", Softmax{.axis = 1, .logarithm = true}, {convolution("scores", body, 2)});
    const auto graph = finish({clean, blocked});
    EXPECT_EQ(names(*graph, supportedFrontier(*graph)), (Names{"clean", "scores"}));
}

using Attention = PassTest;

// [1, 16, 8] → heads of 4 → softmax(Q·Kᵀ/2 + bias)·V
TEST_F(Attention, IsFoundWithItsHeadsAndBias)
{
    const TensorId x = build.input("x", {1, 16, 8});
    const auto heads = [&](const std::string &name, std::vector<std::int64_t> turn) {
        const TensorId all = add(name, FullyConnected{}, {x, constant({8, 8})});
        const TensorId split = add(name + ".split", Reshape{{1, 16, 2, 4}}, {all});
        return add(name + ".turn", Transpose{std::move(turn)}, {split});
    };
    const TensorId q = heads("q", {0, 2, 1, 3});
    const TensorId k = heads("k", {0, 2, 3, 1});
    const TensorId v = heads("v", {0, 2, 1, 3});
    const TensorId raw = add("scores", MatMul{}, {q, k});
    const TensorId scaled = binary("scaled", BinaryOperator::multiply, raw, scalar(0.5F));
    const TensorId biased = binary("biased", BinaryOperator::add, scaled, constant({1, 2, 16, 16}));
    const TensorId weights = add("softmax", Softmax{3}, {biased});
    const auto graph = finish({add("context", MatMul{}, {weights, v})});
    const auto blocks = findAttentionBlocks(*graph);
    ASSERT_EQ(blocks.size(), 1U);
    EXPECT_EQ(blocks[0].heads, 2);
    EXPECT_EQ(blocks[0].queries, 16);
    EXPECT_EQ(blocks[0].windows, 1);
    EXPECT_TRUE(blocks[0].hasBias);
    EXPECT_GT(attentionShare(*graph, blocks), 0.3);
}

TEST_F(Attention, AClassifiersSoftmaxIsNone)
{
    const TensorId x = build.input("x", {1, 8});
    const TensorId logits = add("fc", FullyConnected{}, {x, constant({4, 8})});
    const auto graph = finish({add("softmax", Softmax{1}, {logits})});
    EXPECT_TRUE(findAttentionBlocks(*graph).empty());
}

} // namespace
} // namespace hefstudio
