// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefstudio {
namespace {

using testing::ElementsAre;

TEST(Selection, RandomIsTheSameForASeed)
{
    const auto first = selectRandom(100, 10, 7);
    EXPECT_EQ(first.size(), 10U);
    EXPECT_EQ(first, selectRandom(100, 10, 7));
    EXPECT_NE(first, selectRandom(100, 10, 8));
    EXPECT_TRUE(std::ranges::is_sorted(first));
    EXPECT_EQ(std::ranges::adjacent_find(first), first.end());
    EXPECT_THAT(selectRandom(3, 10, 1), ElementsAre(0, 1, 2));
    EXPECT_TRUE(selectRandom(0, 10, 1).empty());
}

TEST(Selection, DiverseTakesOneOfEachHeap)
{
    // Three heaps far apart, five samples each.
    std::vector<PictureFeatures> features(15);
    for (std::size_t i = 0; i < features.size(); ++i)
        features[i][0] = static_cast<float>(i / 5) * 10 + static_cast<float>(i % 5) * 0.01F;
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        std::vector<std::size_t> heaps;
        for (const std::size_t sample : selectDiverse(features, 3, seed))
            heaps.push_back(sample / 5);
        EXPECT_THAT(heaps, ElementsAre(0, 1, 2)) << seed;
    }
    EXPECT_EQ(selectDiverse(features, 99, 1).size(), 15U);
}

TEST(Selection, DiverseTakesEqualPicturesOnceEach)
{
    const std::vector<PictureFeatures> same(4);
    EXPECT_THAT(selectDiverse(same, 4, 5), ElementsAre(0, 1, 2, 3));
}

TEST(Selection, PerClassServesTheRareFirst)
{
    // Class 0 everywhere, class 1 in two samples, class 2 in one; the last has none.
    const std::vector<std::vector<int>> classes{{0}, {0}, {0, 1}, {0}, {1}, {0, 2}, {}};
    const auto three = selectPerClass(classes, 3, 1);
    int ones = 0, twos = 0;
    for (const std::size_t sample : three) {
        ones += std::ranges::count(classes[sample], 1);
        twos += std::ranges::count(classes[sample], 2);
    }
    EXPECT_GE(ones, 1);
    EXPECT_EQ(twos, 1);
    EXPECT_EQ(selectPerClass(classes, 7, 1).size(), 7U);
    EXPECT_EQ(three, selectPerClass(classes, 3, 1));
}

} // namespace
} // namespace hefstudio
