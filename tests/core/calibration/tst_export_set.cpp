// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/export_set.h"

#include "base/hash.h"
#include "base/npy.h"
#include "calibration/repair.h"
#include "calibration/set_file.h"
#include "picture_world.h"
#include "result_matchers.h"
#include "temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;

class ExportSet : public testing::Test {
protected:
    void SetUp() override
    {
        fs::create_directories(folder / "pictures/deep");
        for (const char *name : {"a.png", "b.png", "deep/c.png"})
            ASSERT_TRUE(saveImage(folder / ("pictures/" + std::string(name)),
                                  landscape(static_cast<std::uint64_t>(name[0]), 12, 8)));
        set = *CalibrationSet::open(folder / "pictures");
    }
    Result<Exported> exported(const std::string &target)
    {
        ExportRequest request{.target = folder / target,
                              .form = *exportFormOf(target),
                              .preprocess = {.width = 12, .height = 8}};
        return exportSet(set, request, {}, {});
    }
    CalibrationSet set = CalibrationSet::random(1, 1);
    TemporaryFolder folder;
};

TEST_F(ExportSet, FormsGoByTheEnding)
{
    EXPECT_EQ(exportFormOf("a/b"), ExportForm::folder);
    EXPECT_EQ(exportFormOf("a.json"), ExportForm::list);
    EXPECT_EQ(exportFormOf("a.npz"), ExportForm::npz);
    EXPECT_FALSE(exportFormOf("a.jpg"));
}

TEST_F(ExportSet, AnArrayHoldsWhatTheChipSees)
{
    for (const char *target : {"set.npy", "set.npz"}) {
        const auto done = exported(target);
        ASSERT_TRUE(done) << failureText(done);
        const auto opened = CalibrationSet::open(folder / target);
        ASSERT_TRUE(opened) << failureText(opened);
        ASSERT_EQ(opened->size(), 3U);
        EXPECT_EQ(opened->arrays().front().second.shape, (Shape{3, 8, 12, 3}));
        for (std::size_t i = 0; i < 3; ++i)
            EXPECT_EQ(*opened->load(i, "images", {1, 3, 8, 12}, {}),
                      *set.load(i, "images", {1, 3, 8, 12}, {.width = 12, .height = 8}));
        const auto manifest = readSetFile(done->manifest);
        ASSERT_TRUE(manifest) << failureText(manifest);
        EXPECT_EQ(manifest->exported, folder / target);
        EXPECT_EQ(manifest->samples[2].sha256, *sha256HexOfFile(set.pictures()[2]));
        // The manifest stands for the array.
        EXPECT_EQ(CalibrationSet::open(done->manifest)->size(), 3U);
    }
}

TEST_F(ExportSet, ArraysAreTheSameAtAnyThreadCount)
{
    for (const int threads : {1, 3}) {
        ExportRequest request{.target = folder / ("t" + std::to_string(threads) + ".npz"),
                              .form = ExportForm::npz,
                              .preprocess = {.width = 6, .height = 6},
                              .threads = threads};
        ASSERT_TRUE(exportSet(set, request, {}, {}));
    }
    EXPECT_EQ(*sha256HexOfFile(folder / "t1.npz"), *sha256HexOfFile(folder / "t3.npz"));
}

TEST_F(ExportSet, AFolderHoldsCopiesAndTheirList)
{
    const auto done = exported("copies");
    ASSERT_TRUE(done) << failureText(done);
    EXPECT_EQ(*sha256HexOfFile(folder / "copies/deep/c.png"),
              *sha256HexOfFile(folder / "pictures/deep/c.png"));
    const auto opened = CalibrationSet::open(folder / "copies");
    ASSERT_TRUE(opened) << failureText(opened);
    EXPECT_EQ(opened->size(), 3U);
    EXPECT_TRUE(opened->ignoredFiles().empty());
    EXPECT_EQ(CalibrationSet::open(folder / "copies" / setFileName)->size(), 3U);
    EXPECT_EQ(failureId(exported("copies")), "calib.folder-not-empty");
}

TEST_F(ExportSet, AListNamesFilesAndRows)
{
    ASSERT_TRUE(exported("set.json"));
    EXPECT_EQ(CalibrationSet::open(folder / "set.json")->pictures(), set.pictures());
    ASSERT_TRUE(exported("set.npy"));
    set = CalibrationSet::open(folder / "set.npy")->chosen(std::vector<std::size_t>{2, 0});
    ASSERT_TRUE(exported("rows.json"));
    const auto rows = CalibrationSet::open(folder / "rows.json");
    ASSERT_TRUE(rows) << failureText(rows);
    EXPECT_EQ(*rows->load(0, "x", {1, 3, 8, 12}, {}), *set.load(0, "x", {1, 3, 8, 12}, {}));
}

TEST_F(ExportSet, NothingHalfWrittenStays)
{
    ASSERT_TRUE(writeFileAtomically(folder / "pictures/z.png", asBytes("no picture")));
    set = *CalibrationSet::open(folder / "pictures");
    EXPECT_EQ(failureId(exported("set.npy")), "calib.broken-picture");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(failureId(exportSet(set,
                                  {.target = folder / "set.npz",
                                   .form = ExportForm::npz,
                                   .preprocess = {.width = 12, .height = 8}},
                                  stop.get_token(), {})),
              "cancelled");
    std::size_t files = 0;
    for ([[maybe_unused]] const auto &entry : fs::directory_iterator(folder.path()))
        ++files;
    EXPECT_EQ(files, 1U); // the pictures
}

TEST_F(ExportSet, ArraysNeedASize)
{
    EXPECT_EQ(failureId(exportSet(set, {.target = folder / "s.npy", .form = ExportForm::npy}, {},
                                  {})),
              "calib.size-needed");
}

// --- repair ---

TEST_F(ExportSet, RepairBringsBackWhatWasTurnedAround)
{
    ASSERT_TRUE(exported("right.npy"));
    const Tensor right = *readNpy(folder / "right.npy");
    // Channels first, blue first, shares of white.
    Tensor wrong(ElementType::float32, Shape{3, 3, 8, 12});
    for (std::int64_t n = 0; n < 3; ++n)
        for (std::int64_t c = 0; c < 3; ++c)
            for (std::int64_t pixel = 0; pixel < 96; ++pixel)
                wrong.as<float>()[static_cast<std::size_t>((n * 3 + c) * 96 + pixel)] =
                    static_cast<float>(
                        right.as<std::uint8_t>()[static_cast<std::size_t>((n * 96 + pixel) * 3 +
                                                                          2 - c)]) /
                    255;
    ASSERT_TRUE(writeNpy(folder / "wrong.npy", wrong));
    const auto opened = CalibrationSet::open(folder / "wrong.npy");
    ASSERT_TRUE(opened) << failureText(opened);
    const std::vector<Fix> fixes{{"transpose-samples", {}},
                                 {"swap-channels", {}},
                                 {"scale-samples", {{"low", "0"}, {"high", "255"}}}};
    for (const char *target : {"repaired.npy", "repaired.npz"}) {
        const auto done = repairArray(*opened, fixes, folder / target, {}, {});
        ASSERT_TRUE(done) << failureText(done);
        const auto again = CalibrationSet::open(folder / target);
        for (std::size_t i = 0; i < 3; ++i)
            EXPECT_EQ(*again->load(i, "x", {1, 8, 12, 3}, {}).value().bytes().data(),
                      right.bytes()[i * 288]);
        EXPECT_EQ(again->arrays().front().second.shape, right.shape());
        EXPECT_TRUE(std::ranges::equal(again->arrays().front().second.bytes, right.bytes()));
    }
}

TEST_F(ExportSet, RepairConvertsChannelsAndSizes)
{
    ASSERT_TRUE(writeNpy(folder / "rgba.npy",
                         Tensor(ElementType::uint8, Shape{2, 10, 10, 4})));
    const auto set = CalibrationSet::open(folder / "rgba.npy");
    const std::vector<Fix> fixes{{"convert-samples", {{"channels", "3"}}},
                                 {"resize-samples", {{"height", "6"}, {"width", "8"}}}};
    ASSERT_TRUE(repairArray(*set, fixes, folder / "rgb.npy", {}, {}));
    EXPECT_EQ(readNpy(folder / "rgb.npy")->shape(), (Shape{2, 6, 8, 3}));
}

TEST_F(ExportSet, RepairRefusesWhatItCannotTell)
{
    Tensor odd(ElementType::float32, Shape{1, 8, 8, 3});
    std::ranges::fill(odd.as<float>(), -300.0F);
    ASSERT_TRUE(writeNpy(folder / "odd.npy", odd));
    const auto set = CalibrationSet::open(folder / "odd.npy");
    const auto idOf = [&](Fix fix) {
        const std::vector<Fix> fixes{std::move(fix)};
        return failureId(repairArray(*set, fixes, folder / "out.npy", {}, {}));
    };
    EXPECT_EQ(idOf({"scale-samples", {{"low", "0"}, {"high", "255"}}}), "calib.no-repair");
    EXPECT_EQ(idOf({"scale-samples", {{"low", "7"}, {"high", "x"}}}), "calib.no-repair");
    EXPECT_EQ(idOf({"resize-samples", {{"height", "1e9"}, {"width", "8"}}}), "calib.no-repair");
    EXPECT_EQ(idOf({"convert-samples", {{"channels", "7"}}}), "calib.no-repair");
    EXPECT_EQ(idOf({"cut-before", {}}), "calib.no-repair");
    EXPECT_FALSE(fs::exists(folder / "out.npy"));
}

} // namespace
} // namespace hefstudio
