// SPDX-License-Identifier: GPL-3.0-or-later
#include "pass_testing.h"

#include "passes/cut_graph.h"
#include "passes/node_names.h"
#include "passes/pipeline.h"

#include <cmath>

namespace hefstudio {
namespace {

class FoldNormalization : public PassTest {
protected:
    // Raw pictures through the new graph against normalised ones through the old.
    static std::shared_ptr<const Graph> fold(const Graph &graph, InputNormalization contract)
    {
        const NamedPass pass = normalizationPass({std::move(contract)});
        auto changed = pass.run(graph);
        EXPECT_TRUE(changed);
        std::vector<Tensor> raw = pseudoRandomInputs(graph, 3);
        for (Tensor &tensor : raw)
            for (float &value : tensor.as<float>())
                value = std::round((value + 1) * 127.5F);
        const auto before = evaluateByReference(graph, pass.inputsBefore(graph, raw));
        const auto after = evaluateByReference(**changed, raw);
        EXPECT_TRUE(before && after);
        const auto difference = meaningfulDifference(graph, *before, *after);
        EXPECT_FALSE(difference) << difference->largest << " of " << difference->magnitude;
        return *changed;
    }
    const InputNormalization imageNet{"images", {123.7F, 116.3F, 103.5F}, {58.4F, 57.1F, 57.4F}};
};

TEST_F(FoldNormalization, GoesIntoTheFirstConvolutions)
{
    const TensorId x = build.input("images", {1, 3, 8, 8});
    const TensorId a = convolution("a", x, 4);
    const TensorId b = convolution("depthwise", x, 6, 3, 3, false);
    const auto graph = fold(*finish({a, b}), imageNet);
    EXPECT_EQ(kinds(*graph), "input convolution convolution");
    EXPECT_EQ(graph->layers[1].as<Convolution>()->padValues, imageNet.mean);
}

TEST_F(FoldNormalization, MergesWithPaddingThatIsThere)
{
    const TensorId x = build.input("images", {1, 3, 8, 8});
    const TensorId y = add(
        "conv",
        Convolution{.window = {.kernel = {3, 3}, .padBegin = {1, 1}}, .padValues = {0.5F, -1, 2}},
        {x, constant({4, 3, 3, 3})});
    const auto graph = fold(*finish({y}), {"images", {100}, {50}});
    EXPECT_EQ(graph->layers[1].as<Convolution>()->padValues, (std::vector<float>{125, 50, 200}));
}

TEST_F(FoldNormalization, PassesSlicesAndConcatsOfAFocusStem)
{
    const TensorId x = build.input("images", {1, 3, 8, 8});
    std::vector<TensorId> parts;
    for (const std::int64_t row : {0, 1})
        for (const std::int64_t column : {0, 1})
            parts.push_back(
                add("slice", Slice{{0, 0, row, column}, {1, 3, 4, 4}, {1, 1, 2, 2}}, {x}));
    const TensorId y = convolution("conv", add("focus", Concat{1}, parts), 4);
    const auto graph = fold(*finish({y}), imageNet);
    EXPECT_EQ(kinds(*graph), "input slice slice slice slice concat convolution");
}

TEST_F(FoldNormalization, ElseGetsALayerOfItsOwn)
{
    const TensorId x = build.input("images", {1, 3, 8, 8});
    const TensorId a = convolution("a", x, 3);
    const TensorId y = binary("add", BinaryOperator::add, x, a);
    const auto graph = fold(*finish({y}), imageNet);
    EXPECT_EQ(kinds(*graph), "input convolution convolution binary");
    EXPECT_EQ(graph->layers[1].as<Convolution>()->groups, 3);
}

TEST_F(FoldNormalization, ChangesNothingForRawPictures)
{
    const TensorId x = build.input("images", {1, 3, 8, 8});
    const auto before = finish({convolution("a", x, 3)});
    EXPECT_EQ(printGraph(*fold(*before, {"images", {0, 0, 0}, {1, 1, 1}})), printGraph(*before));
}

TEST_F(FoldNormalization, RefusesWhatDoesNotFit)
{
    const TensorId x = build.input("images", {1, 3, 8, 8});
    const auto graph = finish({convolution("a", x, 3)});
    const auto id = [&](InputNormalization contract) {
        const auto result = foldNormalization(*graph, std::span(&contract, 1));
        return result ? std::string() : result.error().front().id;
    };
    EXPECT_EQ(id({"images", {1, 2}, {1}}), "passes.normalization-mismatch");
    EXPECT_EQ(id({"images", {1}, {0}}), "passes.normalization-mismatch");
    EXPECT_EQ(id({"pictures", {1}, {1}}), "passes.unknown-input");
}

class CutGraph : public PassTest {
protected:
    std::shared_ptr<const Graph> detector()
    {
        const TensorId x = build.input("images", {1, 3, 8, 8});
        const TensorId body = add("body", Convolution{}, {x, constant({4, 3, 1, 1})},
                                  {.origin = {"/model/body/Conv"}});
        const TensorId box = add("box", Convolution{}, {body, constant({4, 4, 1, 1})},
                                 {.origin = {"/model/box/Conv"}, .outputName = "box_output"});
        const TensorId score = add("score", Convolution{}, {body, constant({2, 4, 1, 1})},
                                   {.origin = {"/model/score/Conv"}});
        const TensorId decoded = function("exp", Function::exp, box);
        return finish({decoded, score});
    }
};

TEST_F(CutGraph, SplitsIntoDeviceAndHost)
{
    const auto graph = detector();
    const std::vector<std::string> ends{"/model/box/Conv", "score"};
    const auto tensors = resolveNodeNames(*graph, ends);
    ASSERT_TRUE(tensors);
    const auto cut = cutGraph(*graph, {}, *tensors);
    ASSERT_TRUE(cut);
    EXPECT_EQ(kinds(*cut->device), "input convolution convolution convolution");
    ASSERT_NE(cut->host, nullptr);
    EXPECT_EQ(kinds(*cut->host), "input input elementwise");
    EXPECT_TRUE(cut->lostOutputs.empty());

    const auto inputs = pseudoRandomInputs(*graph, 5);
    const auto whole = evaluateByReference(*graph, inputs);
    const auto chip = evaluateByReference(*cut->device, inputs);
    const auto host = evaluateByReference(*cut->host, *chip);
    ASSERT_TRUE(whole && chip && host);
    EXPECT_EQ(*whole, *host);
    EXPECT_EQ(cut->host->tensor(cut->host->inputs[0]).name, "box_output");
}

TEST_F(CutGraph, WithoutNamesTheDeviceDoesItAll)
{
    const auto graph = detector();
    const auto cut = cutGraph(*graph, {}, {});
    ASSERT_TRUE(cut);
    EXPECT_EQ(printGraph(*cut->device), printGraph(*graph));
    EXPECT_EQ(cut->host, nullptr);
}

TEST_F(CutGraph, NamesTheOutputsThatAreLost)
{
    const auto graph = detector();
    const std::vector<TensorId> ends{graph->findTensor("box_output")->id};
    const auto cut = cutGraph(*graph, {}, ends);
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->lostOutputs, std::vector<std::string>{"score"});
    EXPECT_EQ(cut->host->outputs.size(), 1U);
}

TEST_F(CutGraph, StartsBehindTheInput)
{
    const auto graph = detector();
    const auto start = resolveStartNode(*graph, "/model/box/Conv");
    ASSERT_TRUE(start);
    const std::vector<TensorId> ends{graph->findTensor("box_output")->id};
    const auto cut = cutGraph(*graph, *start, ends);
    ASSERT_TRUE(cut);
    EXPECT_EQ(kinds(*cut->device), "input convolution");
    EXPECT_EQ(cut->device->tensor(cut->device->inputs[0]).name, "body");
}

TEST_F(CutGraph, RefusesImpossibleCuts)
{
    const auto graph = detector();
    const std::vector<TensorId> input{graph->inputs[0]};
    const auto atInput = cutGraph(*graph, {}, input);
    ASSERT_FALSE(atInput);
    EXPECT_EQ(atInput.error().front().id, "graph.cut-at-constant");
    const std::vector<TensorId> late{graph->findTensor("box_output")->id};
    const auto missing = cutGraph(*graph, late, {});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().front().id, "graph.cut-misses-input");
}

TEST_F(CutGraph, UnknownNamesComeWithSimilarOnes)
{
    const auto graph = detector();
    const std::vector<std::string> names{"/model/bux/Conv", "score", "nothing like it at all"};
    const auto result = resolveNodeNames(*graph, names);
    ASSERT_FALSE(result);
    ASSERT_EQ(result.error().size(), 2U);
    EXPECT_EQ(result.error()[0].id, "graph.unknown-node");
    EXPECT_NE(nextStepSentence(result.error()[0]).find("/model/box/Conv"), std::string::npos);
    EXPECT_EQ(similarNames(*graph, "Model/Score").front(), "/model/score/Conv");
}

using Pipeline = PassTest;

TEST_F(Pipeline, PreparesAnExportedBlock)
{
    const TensorId in = build.input("images", {1, 3, 8, 8});
    TensorId x = add("pad", Pad{.begin = {0, 0, 1, 1}, .end = {0, 0, 1, 1}}, {in});
    x = normalization(
        "bn", add("conv", Convolution{.window = {.kernel = {3, 3}}}, {x, constant({4, 3, 3, 3})}));
    x = binary("silu", BinaryOperator::multiply, x, function("s", Function::sigmoid, x));
    x = add("pool", Reduce{Reduction::mean, {2, 3}, false}, {x});
    const auto before = finish({x});
    int steps = 0;
    const auto after =
        runPasses(before, preparePasses(), {.verify = true}, {}, [&](const Event &) { ++steps; });
    ASSERT_TRUE(after) << consoleText(after.error()[0]);
    EXPECT_EQ(kinds(**after), "input convolution reduce reshape");
    EXPECT_EQ((*after)->layers[1].activation.function, Function::silu);
    EXPECT_EQ(steps, static_cast<int>(preparePasses().size()));
    expectSameMeaning(*before, **after);
    const auto again = runPasses(*after, preparePasses(), {}, {}, {});
    ASSERT_TRUE(again);
    EXPECT_EQ(printGraph(**again), printGraph(**after));
}

TEST_F(Pipeline, NamesThePassThatBreaksTheMeaning)
{
    const auto graph = finish({convolution("conv", build.input("images", {1, 3, 8, 8}), 3)});
    const std::vector<NamedPass> passes{
        {"harmless", preparePasses()[0].run},
        {"broken", [](const Graph &source) -> Result<std::shared_ptr<const Graph>> {
             auto changed = std::make_shared<Graph>(source);
             changed->layers.back().activation = {Function::relu};
             return changed;
         }}};
    const auto result = runPasses(graph, passes, {.verify = true}, {}, {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().front().id, "passes.meaning-changed");
    EXPECT_NE(causeSentence(result.error().front()).find("broken"), std::string::npos);
    EXPECT_TRUE(runPasses(graph, passes, {}, {}, {}));
}

TEST_F(Pipeline, StopsWhenAsked)
{
    const auto graph = finish({convolution("conv", build.input("images", {1, 3, 8, 8}), 3)});
    std::stop_source source;
    source.request_stop();
    const auto result = runPasses(graph, preparePasses(), {}, source.get_token(), {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().front().id, "cancelled");
}

} // namespace
} // namespace hefstudio
