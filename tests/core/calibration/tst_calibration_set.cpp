// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/calibration_set.h"

#include "base/npy.h"

#include "result_matchers.h"
#include "temporary_folder.h"

#include <fstream>
#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

// A 2×1 portable pixmap: a red and a blue pixel.
void writePicture(const std::filesystem::path &file)
{
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << "P6\n2 1\n255\n"
                                          << '\xFF' << '\0' << '\0' << '\0' << '\0' << '\xFF';
}

} // namespace

TEST(CalibrationSet, ListsPicturesSortedAndNamesTheRest)
{
    const TemporaryFolder folder;
    writePicture(folder / "b.ppm");
    writePicture(folder / "deep/a.ppm");
    std::ofstream(folder / "notes.txt") << "hello";
    const auto set = CalibrationSet::open(folder.path());
    ASSERT_TRUE(set) << failureText(set);
    ASSERT_EQ(set->size(), 2U);
    EXPECT_EQ(set->pictures()[0].filename(), "b.ppm");
    ASSERT_EQ(set->ignoredFiles().size(), 1U);
    const auto pixels = set->load(0, "images", {1, 3, 1, 2}, {.width = 2, .height = 1});
    ASSERT_TRUE(pixels) << failureText(pixels);
    EXPECT_EQ(*pixels, (Tensor::of<std::uint8_t>({1, 3, 1, 2}, {255, 0, 0, 0, 0, 255})));
}

TEST(CalibrationSet, NamesWhatIsWrong)
{
    const TemporaryFolder folder;
    EXPECT_EQ(failureId(CalibrationSet::open(folder.path())), "calib.empty");
    EXPECT_EQ(failureId(CalibrationSet::open(folder / "absent")), "file.not-found");
    std::ofstream(folder / "broken.jpg") << "this is text";
    const auto set = CalibrationSet::open(folder.path());
    ASSERT_TRUE(set) << failureText(set);
    EXPECT_EQ(failureId(set->load(0, "x", {1, 3, 2, 2}, {.width = 2, .height = 2})),
              "calib.broken-picture");
    std::ofstream(folder / "list.csv") << "1,2";
    EXPECT_EQ(failureId(CalibrationSet::open(folder / "list.csv")), "calib.not-a-set");
}

TEST(CalibrationSet, TakesArraysInEitherLayout)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(
        writeNpy(folder / "nhwc.npy",
                 Tensor::of<std::uint8_t>({2, 1, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})));
    const auto set = CalibrationSet::open(folder / "nhwc.npy");
    ASSERT_TRUE(set) << failureText(set);
    EXPECT_EQ(set->size(), 2U);
    EXPECT_EQ(*set->load(1, "x", {1, 3, 1, 2}, {}),
              (Tensor::of<std::uint8_t>({1, 3, 1, 2}, {7, 10, 8, 11, 9, 12})));
    EXPECT_EQ(failureId(set->load(0, "x", {1, 3, 5, 5}, {})), "calib.shape-mismatch");
    ASSERT_TRUE(writeNpy(folder / "sensor.npy", Tensor::of<float>({1, 2, 2}, {1, 2, 3, 4})));
    EXPECT_EQ(*CalibrationSet::open(folder / "sensor.npy")->load(0, "x", {1, 2, 2}, {}),
              (Tensor::of<float>({1, 2, 2}, {1, 2, 3, 4})));
}

TEST(CalibrationSet, NoiseIsTheSameForASeedAndDiffersFromSampleToSample)
{
    const auto set = CalibrationSet::random(3, 7);
    EXPECT_EQ(set.size(), 3U);
    EXPECT_TRUE(set.isRandom());
    EXPECT_FALSE(set.isRealValued());
    const Shape shape{1, 3, 4, 4};
    const auto first = set.load(0, "images", shape, {});
    ASSERT_TRUE(first) << failureText(first);
    EXPECT_EQ(*first, *CalibrationSet::random(3, 7).load(0, "images", shape, {}));
    EXPECT_NE(*first, *set.load(1, "images", shape, {}));
    EXPECT_NE(*first, *CalibrationSet::random(3, 8).load(0, "images", shape, {}));
}
