// The whole way of real networks: import, end nodes, cut, passes with proof, normalisation.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pass_testing.h"
#include "shared_folder.h"

#include "engine/float_engine.h"
#include "heads/end_nodes.h"
#include "onnx/import.h"
#include "passes/cut_graph.h"
#include "passes/pipeline.h"

#include <algorithm>

namespace hefstudio {
namespace {

struct Prepared {
    std::shared_ptr<const Graph> whole;
    GraphCut cut;
    std::shared_ptr<const Graph> device;
};

std::vector<Tensor> run(const std::shared_ptr<const Graph> &graph, std::span<const Tensor> inputs)
{
    Result<FloatEngine> engine = FloatEngine::create(graph);
    EXPECT_TRUE(engine);
    Result<std::vector<Tensor>> outputs = engine->run(inputs);
    EXPECT_TRUE(outputs);
    return outputs ? std::move(*outputs) : std::vector<Tensor>{};
}

Prepared prepare(const std::filesystem::path &model)
{
    Prepared all;
    Result<std::shared_ptr<const Graph>> graph = importOnnx(model);
    EXPECT_TRUE(graph) << (graph ? "" : consoleText(graph.error()[0]));
    all.whole = *graph;
    std::vector<TensorId> ends;
    for (const EndNodeProposal &proposal : proposeEndNodes(*all.whole))
        ends.push_back(proposal.tensor);
    Result<GraphCut> cut = cutGraph(*all.whole, {}, ends);
    EXPECT_TRUE(cut) << (cut ? "" : consoleText(cut.error()[0]));
    all.cut = std::move(*cut);
    EXPECT_TRUE(all.cut.lostOutputs.empty());
    const auto device = runPasses(all.cut.device, preparePasses(), {.verify = true}, {}, {});
    EXPECT_TRUE(device) << (device ? "" : consoleText(device.error()[0]));
    all.device = device.value_or(nullptr);
    return all;
}

// The chip's part and the host's part together compute what the whole network does.
void expectParts(const Prepared &all)
{
    const std::vector<Tensor> inputs = pseudoRandomInputs(*all.whole, 11);
    const std::vector<Tensor> whole = run(all.whole, inputs);
    std::vector<Tensor> parts = run(all.device, inputs);
    if (all.cut.host)
        parts = run(all.cut.host, parts);
    const auto difference = meaningfulDifference(*all.whole, whole, parts);
    EXPECT_FALSE(difference) << difference->output << " differs by " << difference->largest;
}

bool has(const Graph &graph, std::string_view kind)
{
    return std::ranges::any_of(graph.layers,
                               [&](const Layer &layer) { return layer.kind() == kind; });
}

TEST(SharedModels, TheFaceDetectorBecomesConvolutionsOnly)
{
    REQUIRE_SHARED_FOLDER(folder);
    const Prepared all = prepare(folder / "models" / "version-RFB-320.onnx");
    expectParts(all);
    EXPECT_FALSE(has(*all.device, "batch-normalization"));
    EXPECT_FALSE(has(*all.device, "elementwise"));
    EXPECT_FALSE(has(*all.device, "reshape"));
    EXPECT_EQ(all.device->layers.size(), 55U);

    const NamedPass pass = normalizationPass({{"input", {127}, {128}}});
    const auto raw = pass.run(*all.device);
    ASSERT_TRUE(raw);
    EXPECT_EQ((*raw)->layers.size(), all.device->layers.size());
    std::vector<Tensor> picture = pseudoRandomInputs(**raw, 2);
    for (float &value : picture[0].as<float>())
        value = (value + 1) * 127.5F;
    const auto difference = meaningfulDifference(
        *all.device, run(all.device, pass.inputsBefore(*all.device, picture)), run(*raw, picture));
    EXPECT_FALSE(difference) << difference->largest << " of " << difference->magnitude;
}

TEST(SharedModels, TheYoloxDetectorKeepsNoSpelledOutSilu)
{
    REQUIRE_SHARED_FOLDER(folder);
    const Prepared all = prepare(folder / "models" / "yolox_nano.onnx");
    expectParts(all);
    EXPECT_FALSE(has(*all.device, "elementwise"));
    EXPECT_FALSE(has(*all.device, "reshape"));
}

TEST(SharedModels, TheLandmarkDetectorLosesItsLayoutTail)
{
    REQUIRE_SHARED_FOLDER(folder);
    const Prepared all = prepare(folder / "models" / "yunet_n_320.onnx");
    expectParts(all);
    EXPECT_FALSE(has(*all.device, "transpose"));
    EXPECT_EQ(all.device->outputs.size(), 12U);
}

TEST(SharedModels, TheShufflingDetectorEndsAtItsOutput)
{
    REQUIRE_SHARED_FOLDER(folder);
    const Prepared all = prepare(folder / "models" / "FastestDet.onnx");
    expectParts(all);
    EXPECT_EQ(all.cut.host, nullptr);
    // The channel shuffles, spelled with five dimensions, have become slices.
    for (const TensorInfo &tensor : all.device->tensors)
        EXPECT_TRUE(tensor.isConstant() || tensor.shape.rank() == 4) << tensor.name;
}

} // namespace
} // namespace hefstudio
