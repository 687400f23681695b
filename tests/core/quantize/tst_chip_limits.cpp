// The limits that check, message and manual state are those of the arithmetic: a layer that breaks
// one is refused in integers, too, and each limit is broken by some layer.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/chip_limits.h"

#include "quantize_world.h"

#include <functional>
#include <set>

namespace hefstudio {
namespace {

struct Case {
    const char *what;
    std::function<TensorId(World &, TensorId x)> layer; // x is [1,8,6,6]
};

TensorId flat(World &world, TensorId x)
{
    return world.add(Reshape{{1, 8, 36}}, {x});
}

const std::vector<Case> &brokenCases()
{
    static const std::vector<Case> cases{
        {"convolution with computed weights",
         [](World &w, TensorId x) {
             return w.add(Convolution{}, {x, w.add(Reshape{{36, 8, 1, 1}}, {x})});
         }},
        {"transposed convolution with computed weights",
         [](World &w, TensorId x) {
             return w.add(TransposedConvolution{}, {x, w.add(Reshape{{8, 36, 1, 1}}, {x})});
         }},
        {"fully connected with computed weights",
         [](World &w, TensorId x) {
             return w.add(FullyConnected{}, {flat(w, x), w.add(Reshape{{8, 36}}, {x})});
         }},
        {"normalisation with computed scale",
         [](World &w, TensorId x) {
             const TensorId mean = w.add(Reduce{Reduction::mean, {0, 2, 3}, false}, {x});
             const TensorId one = w.constant(randomTensor({8}, w.random, 1, 2));
             return w.add(BatchNormalization{}, {x, mean, one, one, one});
         }},
        {"normalisation of a list",
         [](World &w, TensorId x) {
             const TensorId one = w.constant(randomTensor({8}, w.random, 1, 2));
             return w.add(BatchNormalization{}, {flat(w, x), one, one, one, one});
         }},
        {"layer normalisation with computed gamma",
         [](World &w, TensorId x) {
             const TensorId gamma = w.add(Reduce{Reduction::mean, {0, 1, 2}, false}, {x});
             return w.add(LayerNormalization{.axis = 3}, {x, gamma});
         }},
        {"layer normalisation over a large picture",
         [](World &w, TensorId x) {
             const TensorId large =
                 w.add(Resize{.scale = {16, 16}, .size = {96, 96}}, {x}); // 8·96·96 elements
             return w.add(LayerNormalization{.axis = 1}, {large});
         }},
        {"root mean square with computed gamma",
         [](World &w, TensorId x) {
             const TensorId gamma = w.add(Reduce{Reduction::mean, {0, 1, 2}, false}, {x});
             return w.add(RmsNormalization{.axis = 3}, {x, gamma});
         }},
        {"root mean square over a large picture",
         [](World &w, TensorId x) {
             const TensorId large =
                 w.add(Resize{.scale = {16, 16}, .size = {96, 96}}, {x}); // 8·96·96 elements
             return w.add(RmsNormalization{.axis = 1}, {large});
         }},
        {"rounding",
         [](World &w, TensorId x) { return w.add(Elementwise{{Function::round}}, {x}); }},
        {"slope of each pixel",
         [](World &w, TensorId x) {
             return w.add(ParametricRelu{}, {x, w.weights({1, 8, 6, 6}, 1)});
         }},
        {"computed exponent",
         [](World &w, TensorId x) {
             return w.add(Binary{BinaryOperator::power}, {x, x});
         }},
        {"remainder",
         [](World &w, TensorId x) {
             return w.add(Binary{BinaryOperator::modulo}, {x, x});
         }},
        {"logarithm of a softmax",
         [](World &w, TensorId x) { return w.add(Softmax{.axis = 1, .logarithm = true}, {x}); }},
        {"average over a wide window",
         [](World &w, TensorId x) {
             const TensorId large = w.add(Resize{.scale = {48, 48}, .size = {288, 288}}, {x});
             return w.add(AveragePool{.window = {.kernel = {257, 256}}}, {large});
         }},
        {"product over an axis",
         [](World &w, TensorId x) {
             return w.add(Reduce{Reduction::product, {1}}, {x});
         }},
    };
    return cases;
}

TEST(ChipLimits, BrokenLayersHaveNoIntegerForm)
{
    std::set<const LayerLimit *> seen;
    for (const Case &one : brokenCases()) {
        World world;
        const TensorId x = world.input({1, 8, 6, 6});
        const auto graph = world.finish({one.layer(world, x)});
        const LayerLimit *limit = brokenChipLimit(*graph, graph->layers.back());
        ASSERT_NE(limit, nullptr) << one.what;
        EXPECT_EQ(limit->kind, graph->layers.back().kind()) << one.what;
        seen.insert(limit);
        for (const Layer &layer : graph->layers)
            if (&layer != &graph->layers.back() && !layer.is<Input>()) {
                EXPECT_EQ(brokenChipLimit(*graph, layer), nullptr) << one.what << layer.name;
            }
        // Steps have a table like any function; they stay on the host because the chip has none.
        if (std::string_view(one.what) == "rounding")
            continue;
        const auto pictures = randomPictures(*graph, 1, world.random, 0.1F, 1);
        const auto quantized = quantizeGraph(graph, calibrate(*graph, pictures), {});
        ASSERT_FALSE(quantized) << one.what;
        EXPECT_EQ(quantized.error()[0].id, "quantize.unsupported-layer") << one.what;
    }
    for (const LayerLimit &limit : chipLimits())
        // Indices are always constants in these worlds, and all kinds are known.
        if (limit.kind != "gather" && !limit.kind.empty()) {
            EXPECT_TRUE(seen.contains(&limit)) << limit.kind << ": " << limit.text;
        }
}

} // namespace
} // namespace hefstudio
