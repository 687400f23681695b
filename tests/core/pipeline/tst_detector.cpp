// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/detector.h"

#include "base/diagnostic_catalogue.h"
#include "pipeline/prepared_network.h"
#include "shared_folder.h"

#include <gtest/gtest.h>

namespace hefstudio {
namespace {

// Trained detectors of two families. The description comes from the structure; the files could
// have any name.
class RealHead : public testing::Test {
protected:
    HeadLayout headOf(const std::filesystem::path &file)
    {
        const auto model = importModel(file, {});
        EXPECT_TRUE(model) << (model ? "" : consoleText(model.error()[0]));
        if (!model)
            return {};
        const auto cut = cutForDevice(*model, {});
        EXPECT_TRUE(cut) << (cut ? "" : consoleText(cut.error()[0]));
        if (!cut || !cut->head)
            return {};
        return *cut->head;
    }
};

TEST_F(RealHead, Yolox)
{
    REQUIRE_SHARED_FOLDER(shared);
    const HeadLayout head = headOf(shared / "models" / "yolox_nano.onnx");
    EXPECT_EQ(head.boxes, BoxCoding::centreExp);
    EXPECT_EQ(head.scores, ScoreRule::product);
    EXPECT_EQ(head.classes, 80);
    ASSERT_EQ(head.scales.size(), 3U);
    EXPECT_TRUE(head.scales[0].part(HeadRole::classes)->hasSigmoid);
}

TEST_F(RealHead, LandmarksAndGeometricScores)
{
    REQUIRE_SHARED_FOLDER(shared);
    const HeadLayout head = headOf(shared / "models" / "yunet_n_320.onnx");
    EXPECT_EQ(head.scores, ScoreRule::geometric);
    EXPECT_EQ(head.keypoints.count, 5);
    // The sigmoids stood behind transposes and reshapes of the export.
    for (const auto &scale : head.scales) {
        EXPECT_TRUE(scale.part(HeadRole::classes)->hasSigmoid);
        EXPECT_TRUE(scale.part(HeadRole::objectness)->hasSigmoid);
        EXPECT_FALSE(scale.part(HeadRole::box)->hasSigmoid);
    }
}

} // namespace
} // namespace hefstudio
