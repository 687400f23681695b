// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/non_maximum_suppression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace hefstudio {
namespace {

Detection found(int classIndex, double score, Box box)
{
    return {.classIndex = classIndex, .score = score, .box = box};
}

TEST(Detection, OverlapOfUprightBoxes)
{
    EXPECT_DOUBLE_EQ(intersectionOverUnion(Box{0, 0, 10, 10}, Box{5, 0, 15, 10}), 1.0 / 3);
    EXPECT_DOUBLE_EQ(intersectionOverUnion(Box{0, 0, 10, 10}, Box{10, 0, 20, 10}), 0);
    EXPECT_DOUBLE_EQ(intersectionOverUnion(Box{0, 0, 0, 0}, Box{0, 0, 0, 0}), 0);
}

// A square turned by 45° over the same square: an octagon of 8·(√2 − 1)/4 of its area.
TEST(Detection, OverlapOfTurnedBoxes)
{
    Detection upright = found(0, 1, {-1, -1, 1, 1});
    Detection turned = upright;
    turned.angle = std::numbers::pi / 4;
    const double joint = 8 * (std::numbers::sqrt2 - 1);
    EXPECT_NEAR(intersectionOverUnion(upright, turned), joint / (8 - joint), 1e-12);
    turned.angle = std::numbers::pi / 2;
    EXPECT_NEAR(intersectionOverUnion(upright, turned), 1, 1e-12);
}

TEST(Detection, LetterboxIsUndoneAndClipped)
{
    // A 200×100 photograph at half size in the middle of a 100×100 canvas.
    const CanvasPlacement placement{.scaleX = 0.5,
                                    .scaleY = 0.5,
                                    .offsetX = 0,
                                    .offsetY = 25,
                                    .pictureWidth = 200,
                                    .pictureHeight = 100};
    const auto moved =
        toPicture({found(0, 1, {10, 30, 60, 80}), found(0, 1, {0, 0, 50, 20})}, placement);
    ASSERT_EQ(moved.size(), 1U); // the second lies in the padding
    EXPECT_EQ(moved[0].box, (Box{20, 10, 120, 100}));
}

TEST(Suppression, KeepsTheBestOfOverlappingBoxesOfOneClass)
{
    const Detections candidates{found(0, 0.6, {0, 0, 10, 10}), found(0, 0.9, {1, 0, 11, 10}),
                                found(1, 0.5, {0, 0, 10, 10}), found(0, 0.1, {50, 50, 60, 60})};
    const auto perClass = suppress(candidates, {});
    ASSERT_EQ(perClass.size(), 2U);
    EXPECT_DOUBLE_EQ(perClass[0].score, 0.9);
    EXPECT_EQ(perClass[1].classIndex, 1);
    EXPECT_EQ(suppress(candidates, {.scope = SuppressionScope::agnostic}).size(), 1U);
    EXPECT_EQ(suppress(candidates, {.scope = SuppressionScope::none}).size(), 3U);
    EXPECT_EQ(suppress(candidates, {.maximum = 1}).size(), 1U);
}

TEST(Suppression, LeavesOutWhatIsNotFinite)
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_TRUE(
        suppress({found(0, nan, {0, 0, 1, 1}), found(0, 0.9, {0, 0, infinity, 1})}, {}).empty());
}

} // namespace
} // namespace hefstudio
