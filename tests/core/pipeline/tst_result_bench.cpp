// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/result_bench.h"

#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

Detection found(int classIndex, double score, double x, double side = 10)
{
    return {.classIndex = classIndex, .score = score, .box = {x, 0, x + side, side}};
}

BenchOutput output(std::vector<float> truth, std::vector<float> value)
{
    BenchOutput made{.name = "y", .floatValues = {}, .hefValues = {}, .signal = {}};
    made.signal.add(truth, value);
    return made;
}

} // namespace

TEST(ResultBench, PairsBoxesOfOneClassByOverlap)
{
    BenchPicture picture;
    picture.floatFound = {found(0, 0.9, 0), found(0, 0.8, 100), found(1, 0.7, 200)};
    picture.hefFound = {found(0, 0.85, 1), found(1, 0.8, 100), found(1, 0.6, 200)};
    const auto agreement = agreementOf(picture, {.score = 0.25, .iou = 0.5});
    EXPECT_EQ(agreement.partners, 2);
    EXPECT_TRUE(agreement.floatBoxes[0].hasPartner);
    EXPECT_FALSE(agreement.floatBoxes[1].hasPartner); // the other calls it another class
    EXPECT_NEAR(agreement.floatBoxes[0].iou, 9.0 / 11, 1e-9);
    EXPECT_DOUBLE_EQ(agreement.share(), 0.5); // two pairs of four different boxes
}

TEST(ResultBench, ThresholdsAndClassChooseWhatCounts)
{
    BenchPicture picture;
    picture.floatFound = {found(0, 0.9, 0), found(1, 0.3, 50)};
    picture.hefFound = {found(0, 0.88, 2), found(1, 0.24, 50)};
    EXPECT_EQ(agreementOf(picture, {.score = 0.25}).partners, 1); // 0.24 is not shown any more
    EXPECT_EQ(agreementOf(picture, {.score = 0.2}).partners, 2);
    EXPECT_EQ(agreementOf(picture, {.score = 0.2, .iou = 0.9}).partners, 1);
    EXPECT_EQ(agreementOf(picture, {.score = 0.2, .iou = 0.5, .onlyClass = 1}).partners, 1);
    EXPECT_DOUBLE_EQ(agreementOf(picture, {.score = 0.95}).share(), 1); // neither finds anything
}

TEST(ResultBench, WorstPicturesComeFirstAndTheSetIsPooled)
{
    std::vector<BenchPicture> pictures(3);
    pictures[0].floatFound = pictures[0].hefFound = {found(0, 0.9, 0)};
    pictures[0].outputs.push_back(output({1, 2}, {1, 2.5F}));
    pictures[1].floatFound = {found(0, 0.9, 0), found(0, 0.9, 50)};
    pictures[1].hefFound = {found(0, 0.9, 0)};
    pictures[2] = pictures[0];
    pictures[2].outputs = {output({1, 2}, {1, 2.1F})};
    EXPECT_EQ(worstFirst(pictures, {}), (std::vector<std::size_t>{1, 0, 2}));
    const auto summary = summaryOf(pictures, {});
    EXPECT_EQ(summary.partners, 3);
    EXPECT_DOUBLE_EQ(summary.share(), 0.75);
    EXPECT_DOUBLE_EQ(summary.meanIou, 1);
}
