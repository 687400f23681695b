// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/class_agreement.h"

#include <gtest/gtest.h>

#include <cmath>

namespace hefstudio {
namespace {

TEST(ClassAgreement, TopOneAndTopFive)
{
    const ClassRows truth{{9, 1, 2, 3, 4, 5, 6}, {0, 9, 1, 2, 3, 4, 5}};
    const ClassRows found{{9, 1, 2, 3, 4, 5, 6}, {8, 0, 7, 6, 5, 4, 3}}; // 2nd: class 1 comes last
    const auto agreement = topAgreement(truth, found);
    EXPECT_DOUBLE_EQ(agreement.top1, 0.5);
    EXPECT_DOUBLE_EQ(agreement.top5, 0.5);
    EXPECT_EQ(agreement.pictures, 2);
}

TEST(ClassAgreement, RowsThatAddUpToOneAreProbabilities)
{
    const auto shares = probabilities(std::vector<float>{0.25F, 0.75F});
    EXPECT_NEAR(shares[1], 0.75, 1e-6);
    const auto fromLogits = probabilities(std::vector<float>{0, std::log(3.0F)});
    EXPECT_NEAR(fromLogits[1], 0.75, 1e-6);
}

// 80 % sure everywhere and right in 4 of 5: perfectly calibrated. Twice the logits are too sure,
// and a temperature of 2 takes that back.
TEST(ClassAgreement, TemperatureUndoesOverconfidence)
{
    ClassRows rows;
    std::vector<int> truth;
    for (int i = 0; i < 100; ++i) {
        rows.push_back({std::log(4.0F), 0});
        truth.push_back(i % 5 == 0 ? 1 : 0);
    }
    const auto calm = confidence(rows, truth);
    EXPECT_NEAR(calm.calibrationError, 0, 1e-6);
    EXPECT_NEAR(calm.temperature, 1, 1e-3);
    EXPECT_DOUBLE_EQ(calm.accuracy, 0.8);
    for (auto &row : rows)
        row[0] *= 2;
    const auto sure = confidence(rows, truth);
    EXPECT_NEAR(sure.calibrationError, 16.0 / 17 - 0.8, 1e-6);
    EXPECT_NEAR(sure.temperature, 2, 1e-3);
    EXPECT_NEAR(sure.calibrationErrorAfter, 0, 1e-3);
}

TEST(ClassAgreement, MeanIouOfClassMaps)
{
    // Four pixels of two classes; the third differs.
    const std::vector<float> truth{1, 1, 0, 0, 0, 0, 1, 1};
    const std::vector<float> found{1, 1, 1, 0, 0, 0, 0, 1};
    MapAgreement maps;
    maps.add(truth, found, 2);
    EXPECT_NEAR(maps.meanIou(), (2.0 / 3 + 1.0 / 2) / 2, 1e-12);
    EXPECT_DOUBLE_EQ(maps.pixelAgreement(), 0.75);
    MapAgreement twice;
    twice.merge(maps);
    twice.merge(maps);
    EXPECT_NEAR(twice.meanIou(), maps.meanIou(), 1e-12);
}

} // namespace
} // namespace hefstudio
