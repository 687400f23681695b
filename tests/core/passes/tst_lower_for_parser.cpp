// What prepare writes for the vendor's parser, against the same numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pass_testing.h"

#include "ops/parser_limits.h"
#include "passes/lower_for_parser.h"

#include <algorithm>

namespace hefstudio {
namespace {

class ForParser : public PassTest {
protected:
    static bool isReadable(const Graph &graph)
    {
        return std::ranges::none_of(graph.layers, [&](const Layer &layer) {
            return !layer.is<Input>() && brokenParserLimit(graph, layer);
        });
    }
    static std::size_t largestRank(const Graph &graph)
    {
        std::size_t rank = 0;
        for (const TensorInfo &tensor : graph.tensors)
            rank = std::max(rank, tensor.shape.rank());
        return rank;
    }
};

TEST_F(ForParser, LayerNormalizationIsSpeltOut)
{
    const TensorId x = build.input("x", {1, 6, 10});
    const TensorId y = add("norm", LayerNormalization{.axis = 2, .epsilon = 1e-3F},
                           {x, constant({10}), constant({10})});
    const auto after = rewrite(spellOutLayerNormalization, *finish({y}));
    ASSERT_TRUE(after);
    EXPECT_EQ(kinds(*after), "input reduce binary elementwise reduce binary elementwise binary "
                             "binary binary");
    EXPECT_TRUE(isReadable(*after));
}

TEST_F(ForParser, LayerNormalizationWithoutScaleAndOverTwoAxes)
{
    const TensorId x = build.input("x", {1, 6, 4, 5});
    const TensorId bare = add("bare", LayerNormalization{.axis = 2}, {x});
    const TensorId shifted =
        add("shifted", LayerNormalization{.axis = 3}, {bare, TensorId::invalid(), constant({5})});
    const auto after = rewrite(spellOutLayerNormalization, *finish({shifted}));
    ASSERT_TRUE(after);
    EXPECT_TRUE(isReadable(*after));
}

TEST_F(ForParser, ShuffledChannelsComeOutOfAConvolution)
{
    const TensorId x = build.input("x", {1, 6, 4, 4});
    const TensorId order =
        build.constant("order", Tensor::of<std::int64_t>({6}, {0, 3, 1, 4, 2, 5}));
    const TensorId shuffled = add("shuffle", Gather{1}, {x, order});
    const TensorId odd =
        add("odd", Slice{.begin = {0, 1, 0, 0}, .size = {1, 3, 4, 4}, .step = {1, 2, 1, 1}},
            {shuffled});
    const TensorId head = add(
        "head", Slice{.begin = {0, 0, 0, 0}, .size = {1, 2, 4, 4}, .step = {1, 1, 1, 1}}, {odd});
    const auto after = rewrite(pickChannelsByConvolution, *finish({head}));
    ASSERT_TRUE(after);
    EXPECT_EQ(kinds(*after), "input convolution convolution slice");
    EXPECT_TRUE(isReadable(*after));
}

// Windows of 4 × 4 out of 8 × 12, as Swin takes them and puts them back.
TEST_F(ForParser, WindowsNeedFourDimensionsOnly)
{
    const TensorId x = build.input("x", {1, 8, 12, 5});
    const TensorId six = add("six", Reshape{{1, 2, 4, 3, 4, 5}}, {x});
    const TensorId turned = add("turned", Transpose{{0, 1, 3, 2, 4, 5}}, {six});
    const TensorId windows = add("windows", Reshape{{6, 16, 5}}, {turned});
    const TensorId work = function("work", Function::tanh, windows);
    const TensorId back = add("back", Reshape{{1, 2, 3, 4, 4, 5}}, {work});
    const TensorId merged = add("merged", Transpose{{0, 1, 3, 2, 4, 5}}, {back});
    const auto after =
        rewrite(mergeTransposedAxes, *finish({add("y", Reshape{{1, 8, 12, 5}}, {merged})}));
    ASSERT_TRUE(after);
    EXPECT_EQ(largestRank(*after), 4U);
    EXPECT_EQ(kinds(*after),
              "input reshape transpose reshape elementwise reshape transpose reshape");
}

TEST_F(ForParser, ARealPermutationOfFiveAxesStays)
{
    const TensorId x = build.input("x", {2, 3, 4, 5, 6});
    const auto graph = finish({add("y", Transpose{{4, 3, 2, 1, 0}}, {x})});
    const auto after = rewrite(mergeTransposedAxes, *graph);
    ASSERT_TRUE(after);
    EXPECT_EQ(printGraph(*after), printGraph(*graph));
    EXPECT_FALSE(isReadable(*after));
}

TEST_F(ForParser, AnyPermutationWithSingleAxesMeansTheSame)
{
    std::vector<std::int64_t> order{0, 1, 2, 3, 4};
    int count = 0;
    do {
        GraphBuilder fresh("test");
        std::swap(build, fresh);
        const TensorId x = build.input("x", {1, 2, 1, 3, 2});
        const auto graph = finish({add("y", Transpose{order}, {x})});
        const auto after = mergeTransposedAxes(*graph);
        ASSERT_TRUE(after);
        expectSameMeaning(*graph, **after);
        ++count;
    } while (std::ranges::next_permutation(order).found);
    EXPECT_EQ(count, 120);
}

} // namespace
} // namespace hefstudio
