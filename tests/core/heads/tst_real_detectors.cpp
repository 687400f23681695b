// End nodes of real detectors against what a person would choose.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared_folder.h"

#include "heads/end_nodes.h"
#include "onnx/import.h"

#include <gtest/gtest.h>

namespace hefstudio {
namespace {

// "box 8 4×30×40": role, stride, shape without the batch.
std::vector<std::string> proposals(const std::filesystem::path &model)
{
    const auto graph = importOnnx(model);
    EXPECT_TRUE(graph);
    std::vector<std::string> texts;
    for (const EndNodeProposal &proposal : proposeEndNodes(**graph))
        texts.push_back(std::string(endNodeRoleName(proposal.role)) + " " +
                        std::to_string(proposal.stride) + " " + proposal.shape.text());
    return texts;
}

using Texts = std::vector<std::string>;

TEST(BundledModels, EndNodesOfTheSampleDetector)
{
    const auto sample =
        std::filesystem::path(HEFSTUDIO_SOURCE_DIR) / "resources" / "sample" / "detector.onnx";
    if (!std::filesystem::exists(sample))
        FAIL() << "the bundled sample is missing";
    EXPECT_EQ(proposals(sample),
              (Texts{"box 8 1×32×20×20", "classes 8 1×2×20×20", "box 16 1×32×10×10",
                     "classes 16 1×2×10×10", "box 32 1×32×5×5", "classes 32 1×2×5×5"}));
}

TEST(SharedModels, EndNodesOfTheFaceDetector)
{
    REQUIRE_SHARED_FOLDER(folder);
    EXPECT_EQ(proposals(folder / "models" / "version-RFB-320.onnx"),
              (Texts{"box 8 1×12×30×40", "classes 8 1×6×30×40", "box 16 1×8×15×20",
                     "classes 16 1×4×15×20", "box 32 1×8×8×10", "classes 32 1×4×8×10",
                     "box 64 1×12×4×5", "classes 64 1×6×4×5"}));
}

TEST(SharedModels, EndNodesOfYolox)
{
    REQUIRE_SHARED_FOLDER(folder);
    EXPECT_EQ(proposals(folder / "models" / "yolox_nano.onnx"),
              (Texts{"box 8 1×4×52×52", "objectness 8 1×1×52×52", "classes 8 1×80×52×52",
                     "box 16 1×4×26×26", "objectness 16 1×1×26×26", "classes 16 1×80×26×26",
                     "box 32 1×4×13×13", "objectness 32 1×1×13×13", "classes 32 1×80×13×13"}));
}

TEST(SharedModels, EndNodesOfTheLandmarkDetector)
{
    REQUIRE_SHARED_FOLDER(folder);
    const Texts texts = proposals(folder / "models" / "yunet_n_320.onnx");
    ASSERT_EQ(texts.size(), 12U);
    EXPECT_EQ((Texts{texts.begin(), texts.begin() + 4}),
              (Texts{"box 8 1×4×40×40", "objectness 8 1×1×40×40", "classes 8 1×1×40×40",
                     "keypoints 8 1×10×40×40"}));
}

TEST(SharedModels, EndNodesOfADetectorWithOneRawMap)
{
    REQUIRE_SHARED_FOLDER(folder);
    EXPECT_EQ(proposals(folder / "models" / "FastestDet.onnx"), Texts{"output 16 1×85×22×22"});
}

} // namespace
} // namespace hefstudio
