// The chip's part that prepare writes and the host's part are together the network.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/prepare_model.h"

#include "detector_world.h"
#include "engine/float_engine.h"
#include "onnx/import.h"
#include "passes/equivalence.h"
#include "result_matchers.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

std::vector<Tensor> outputsOf(const std::shared_ptr<const Graph> &graph,
                              const std::vector<Tensor> &inputs)
{
    auto engine = FloatEngine::create(graph);
    EXPECT_TRUE(engine) << failureText(engine);
    auto outputs = engine->run(inputs);
    EXPECT_TRUE(outputs) << failureText(outputs);
    return std::move(*outputs);
}

void expectTogetherTheNetwork(const std::filesystem::path &file)
{
    const auto whole = importOnnx(file);
    ASSERT_TRUE(whole) << failureText(whole);
    const auto prepared = prepareModel(file, {.verify = true}, {}, {});
    ASSERT_TRUE(prepared) << failureText(prepared);
    const auto chip = importOnnx(prepared->onnx);
    ASSERT_TRUE(chip) << failureText(chip);
    EXPECT_EQ((*chip)->metadata, (*whole)->metadata);
    const auto inputs = pseudoRandomInputs(**whole, 5);
    const auto wanted = outputsOf(*whole, inputs);
    auto found = outputsOf(*chip, inputs);
    if (!prepared->host.empty()) {
        const auto host = importOnnx(prepared->host);
        ASSERT_TRUE(host) << failureText(host);
        std::vector<Tensor> hostInputs;
        for (const auto id : (*host)->inputs) // by name
            for (std::size_t i = 0; i < found.size(); ++i)
                if ((*chip)->tensor((*chip)->outputs[i]).name == (*host)->tensor(id).name)
                    hostInputs.push_back(found[i]);
        found = outputsOf(*host, hostInputs);
    }
    const auto difference = meaningfulDifference(**whole, wanted, found);
    EXPECT_FALSE(difference) << difference->output << " differs by " << difference->largest;
}

} // namespace

TEST(PrepareModel, BothPartsTogetherAreTheNetwork)
{
    const TemporaryFolder folder;
    DetectorWorld({.isSimplified = false, .hasMetadata = true}).model().write(folder / "net.onnx");
    expectTogetherTheNetwork(folder / "net.onnx");
}

// Shuffle, windows, layer normalisation and GELU in one small network.
TEST(PrepareModel, WhatTheParserRefusesIsRewritten)
{
    const TemporaryFolder folder;
    OnnxBuilder model(17);
    model.input("x", {1, 8, 8, 8})
        .ints("five", {1, 2, 4, 8, 8})
        .ints("four", {1, 8, 8, 8})
        .node("Reshape", {"x", "five"}, {"s1"})
        .node("Transpose", {"s1"}, {"s2"}, {{"perm", {0, 2, 1, 3, 4}}})
        .node("Reshape", {"s2", "four"}, {"shuffled"})
        .node("Transpose", {"shuffled"}, {"last"}, {{"perm", {0, 2, 3, 1}}})
        .ints("six", {1, 2, 4, 2, 4, 8})
        .ints("rows", {4, 16, 8})
        .node("Reshape", {"last", "six"}, {"w1"})
        .node("Transpose", {"w1"}, {"w2"}, {{"perm", {0, 1, 3, 2, 4, 5}}})
        .node("Reshape", {"w2", "rows"}, {"windows"})
        .floats("gamma", {8})
        .floats("beta", {8})
        .node("LayerNormalization", {"windows", "gamma", "beta"}, {"normal"}, {{"axis", -1}})
        .floats("w", {8, 8})
        .node("MatMul", {"normal", "w"}, {"dense"})
        .floats("root", {}, {1.41421354F})
        .floats("one", {}, {1})
        .floats("half", {}, {0.5F})
        .node("Div", {"dense", "root"}, {"g1"})
        .node("Erf", {"g1"}, {"g2"})
        .node("Add", {"g2", "one"}, {"g3"})
        .node("Mul", {"dense", "g3"}, {"g4"})
        .node("Mul", {"g4", "half"}, {"y"})
        .output("y");
    model.write(folder / "net.onnx");
    expectTogetherTheNetwork(folder / "net.onnx");

    const auto prepared = prepareModel(folder / "net.onnx", {}, {}, {});
    ASSERT_TRUE(prepared);
    EXPECT_TRUE(prepared->warnings.empty()) << prepared->warnings.front().place.layer;
    const auto text = parseOnnxModel(prepared->onnx, "prepared");
    ASSERT_TRUE(text);
    for (const auto &node : text->nodes)
        EXPECT_TRUE(node.op != "LayerNormalization" && node.op != "Gather" && node.op != "Gelu")
            << node.op;
}
