// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/agreement.h"

#include <gtest/gtest.h>

namespace hefstudio {
namespace {

Detection found(int classIndex, double score, Box box)
{
    return {.classIndex = classIndex, .score = score, .box = box};
}

constexpr Box left{0, 0, 10, 10};
constexpr Box right{100, 0, 110, 10};
const BootstrapOptions noInterval{.repeats = 0};

TEST(Agreement, EqualDetectionsAgreePerfectly)
{
    const PictureDetections pictures{{found(0, 0.9, left), found(1, 0.5, right)}, {}};
    const auto truth = asTruth(pictures, 0.3);
    const auto precision = averagePrecision(truth, pictures);
    EXPECT_DOUBLE_EQ(precision.at50, 1);
    EXPECT_DOUBLE_EQ(precision.all, 1);
    EXPECT_EQ(precision.classes, 2);
    const auto matches = matchBoxes(truth, pictures, 0.3);
    EXPECT_EQ(matches.matched, 2);
    EXPECT_DOUBLE_EQ(matches.meanIou, 1);
    EXPECT_DOUBLE_EQ(matches.matchedInterval.low, 1);
}

TEST(Agreement, WeakDetectionsAreNoTruth)
{
    const PictureDetections pictures{{found(0, 0.29, left), found(0, 0.3, right)}};
    EXPECT_EQ(asTruth(pictures, 0.3)[0].size(), 1U);
}

// One right and one missed: recall ends at 1/2, precision is 1 up to there, so 51 of the 101 levels
// count.
TEST(Agreement, AMissedBoxCostsTheRecallAboveIt)
{
    const PictureTruth truth{{{0, left}, {0, right}}};
    const auto precision = averagePrecision(truth, {{found(0, 0.9, left)}}, noInterval);
    EXPECT_NEAR(precision.at50, 51.0 / 101, 1e-12);
}

// A wrong box with a better score halves the precision at every recall.
TEST(Agreement, AWrongBoxAboveTheRightOneHalvesThePrecision)
{
    const PictureTruth truth{{{0, left}}};
    const auto precision =
        averagePrecision(truth, {{found(0, 0.9, right), found(0, 0.5, left)}}, noInterval);
    EXPECT_NEAR(precision.at50, 0.5, 1e-12);
    const auto below =
        averagePrecision(truth, {{found(0, 0.4, right), found(0, 0.5, left)}}, noInterval);
    EXPECT_NEAR(below.at50, 1, 1e-12);
}

// IoU 0.8: right at the thresholds 0.50 … 0.80, wrong at 0.85, 0.90 and 0.95.
TEST(Agreement, TheMeanOverThresholdsSeesLooseBoxes)
{
    const PictureTruth truth{{{0, left}}};
    const auto precision = averagePrecision(truth, {{found(0, 0.9, {0, 0, 8, 10})}}, noInterval);
    EXPECT_NEAR(precision.at50, 1, 1e-12);
    EXPECT_NEAR(precision.all, 0.7, 1e-12);
}

TEST(Agreement, TheSecondBoxOnTheSameTruthIsWrong)
{
    const PictureTruth truth{{{0, left}}, {{0, left}}};
    const PictureDetections pictures{{found(0, 0.9, left), found(0, 0.8, left)},
                                     {found(0, 0.7, left)}};
    // Right, wrong, right: precision 1 up to recall 1/2, 2/3 above.
    EXPECT_NEAR(averagePrecision(truth, pictures, noInterval).at50, (51 + 50 * 2.0 / 3) / 101,
                1e-12);
}

TEST(Agreement, AnotherClassIsNoMatch)
{
    const PictureTruth truth{{{0, left}}};
    const PictureDetections pictures{{found(1, 0.9, left)}};
    EXPECT_DOUBLE_EQ(averagePrecision(truth, pictures, noInterval).at50, 0);
    EXPECT_EQ(matchBoxes(truth, pictures, 0, noInterval).matched, 0);
}

TEST(Agreement, DetectionsOnACrowdCountNeitherWay)
{
    const PictureTruth truth{{{0, left}, {0, {90, 0, 200, 50}, true}}};
    const PictureDetections pictures{{found(0, 0.9, right), found(0, 0.5, left)}};
    EXPECT_NEAR(averagePrecision(truth, pictures, noInterval).at50, 1, 1e-12);
    EXPECT_EQ(matchBoxes(truth, pictures, 0, noInterval).truthBoxes, 1);
}

TEST(Agreement, MatchingTakesTheBestPairsFirst)
{
    const PictureTruth truth{{{0, {0, 0, 10, 10}}, {0, {2, 0, 12, 10}}}};
    // The one box lies on the second truth box exactly, and on the first with IoU 2/3.
    const auto matches = matchBoxes(truth, {{found(0, 0.9, {2, 0, 12, 10})}}, 0, noInterval);
    EXPECT_EQ(matches.matched, 1);
    EXPECT_DOUBLE_EQ(matches.meanIou, 1);
    EXPECT_DOUBLE_EQ(matches.matchedFraction, 0.5);
}

TEST(Agreement, TheIntervalHoldsTheFigureAndRepeats)
{
    PictureTruth truth;
    PictureDetections pictures;
    for (int i = 0; i < 40; ++i) {
        truth.push_back({{0, left}});
        pictures.push_back(i % 4 == 0 ? Detections{} : Detections{found(0, 0.9, left)});
    }
    const auto first = matchBoxes(truth, pictures, 0);
    const auto second = matchBoxes(truth, pictures, 0);
    EXPECT_DOUBLE_EQ(first.matchedFraction, 0.75);
    EXPECT_LT(first.matchedInterval.low, 0.7);
    EXPECT_GT(first.matchedInterval.high, 0.8);
    EXPECT_EQ(first.matchedInterval.low, second.matchedInterval.low);
}

} // namespace
} // namespace hefstudio
