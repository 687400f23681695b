// The engine against ONNX Runtime: recorded outputs of our own networks lie in tests/data (how they
// were made is in its README).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/npy.h"
#include "engine/float_engine.h"
#include "onnx/import.h"

#include "random_nets.h"

#include <gtest/gtest.h>

#include <filesystem>

using namespace hefstudio;
using namespace hefstudio::test;

namespace {

const std::filesystem::path source = HEFSTUDIO_SOURCE_DIR;

void expectLikeRuntime(const std::filesystem::path &model, const std::string &name)
{
    const std::filesystem::path recorded = source / "tests/data/reference_outputs";
    if (!std::filesystem::exists(model) ||
        !std::filesystem::exists(recorded / (name + "-input.npy")))
        GTEST_SKIP() << "no recorded outputs for " << name;
    const auto graph = must(importOnnx(model));
    ASSERT_EQ(graph->inputs.size(), 1U);
    ASSERT_EQ(graph->outputs.size(), 1U);
    FloatEngine engine = must(FloatEngine::create(graph));
    std::vector<Tensor> inputs;
    inputs.push_back(must(readNpy(recorded / (name + "-input.npy"))));
    const std::vector<Tensor> outputs = must(engine.run(inputs));
    const Tensor wanted = must(readNpy(recorded / (name + "-output.npy")));
    EXPECT_EQ(outputs[0].shape(), wanted.shape());
    EXPECT_LE(relativeError(outputs[0].as<float>(), wanted.as<float>()), 1e-4);
}

} // namespace

TEST(TrustedRuntime, Detector)
{
    expectLikeRuntime(source / "resources/sample/detector.onnx", "detector");
}

TEST(TrustedRuntime, Classifier)
{
    expectLikeRuntime(source / "tests/data/classifier.onnx", "classifier");
}

TEST(TrustedRuntime, Segmentation)
{
    expectLikeRuntime(source / "tests/data/segmentation.onnx", "segmentation");
}
