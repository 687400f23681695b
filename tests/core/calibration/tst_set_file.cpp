// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/set_file.h"

#include "base/file.h"
#include "base/npy.h"
#include "calibration/calibration_set.h"
#include "calibration/data_yaml.h"
#include "picture_world.h"
#include "result_matchers.h"
#include "temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;

class SetFileTest : public testing::Test {
protected:
    void write(const std::string &name, const std::string &text)
    {
        ASSERT_TRUE(writeFileAtomically(folder / name, asBytes(text)));
    }
    std::string idOf(const std::string &text)
    {
        write("set.json", text);
        return failureId(CalibrationSet::open(folder / "set.json"));
    }
    const std::string head = R"({"format": "hefstudio-calibration-set", "version": 1, )";
    TemporaryFolder folder;
};

TEST_F(SetFileTest, MovesWithItsPictures)
{
    fs::create_directories(folder / "old/pictures");
    ASSERT_TRUE(saveImage(folder / "old/pictures/a.png", landscape(1, 16, 16)));
    SetFile file{.sources = {folder / "old/pictures"}, .strategy = "diverse", .seed = 3};
    file.samples.push_back({folder / "old/pictures/a.png", std::nullopt, std::string(64, 'a')});
    ASSERT_TRUE(writeSetFile(folder / "old/set.json", file));
    fs::rename(folder / "old", folder / "new");
    const auto read = readSetFile(folder / "new/set.json");
    ASSERT_TRUE(read) << failureText(read);
    EXPECT_EQ(read->strategy, "diverse");
    EXPECT_EQ(read->seed, 3U);
    ASSERT_EQ(read->samples.size(), 1U);
    EXPECT_EQ(read->samples[0].file, folder / "new/pictures/a.png");
    const auto set = CalibrationSet::open(folder / "new/set.json");
    ASSERT_TRUE(set) << failureText(set);
    EXPECT_EQ(set->relativeNameOf(0), "a.png");
    EXPECT_TRUE(set->picture(0));
}

TEST_F(SetFileTest, NamesRowsOfAnArray)
{
    ASSERT_TRUE(writeNpy(folder / "x.npy", Tensor::of<std::uint8_t>({4, 1}, {10, 11, 12, 13})));
    write("set.json", head + R"("samples": [{"file": "x.npy", "row": 3},
                                            {"file": "x.npy", "row": 1}]})");
    const auto set = CalibrationSet::open(folder / "set.json");
    ASSERT_TRUE(set) << failureText(set);
    ASSERT_EQ(set->size(), 2U);
    EXPECT_EQ(*set->load(0, "x", {1, 1}, {}), (Tensor::of<std::uint8_t>({1, 1}, {13})));
    EXPECT_EQ(*set->load(1, "x", {1, 1}, {}), (Tensor::of<std::uint8_t>({1, 1}, {11})));
}

TEST_F(SetFileTest, RefusesWhatItIsNot)
{
    EXPECT_EQ(idOf("{"), "json.malformed");
    EXPECT_EQ(idOf("[]"), "calib.not-a-set");
    EXPECT_EQ(idOf(R"({"format": "recipe"})"), "calib.not-a-set");
    EXPECT_EQ(idOf(R"({"format": "hefstudio-calibration-set", "version": 9})"),
              "calib.set-malformed");
    for (const char *samples :
         {R"("samples": 4})", R"("samples": [4]})", R"("samples": [{"file": 4}]})",
          R"("samples": [{"file": "a\u0000b.png"}]})", R"("samples": [{"file": "a", "row": -1}]})",
          R"("samples": [{"file": "a", "row": 1e30}]})",
          R"("samples": [{"file": "a.png", "sha256": "zz"}]})"})
        EXPECT_EQ(idOf(head + samples), "calib.set-malformed") << samples;
    EXPECT_EQ(idOf(head + R"("samples": []})"), "calib.empty");
    // Only ever opened as pictures and arrays.
    EXPECT_EQ(idOf(head + R"("samples": [{"file": "/etc/passwd"}]})"), "calib.not-a-set");
    EXPECT_EQ(idOf(head + R"("samples": [{"file": "set.json", "row": 0}]})"), "calib.not-a-set");
    EXPECT_EQ(idOf(head + R"("samples": [{"file": "a.npy", "row": 0}]})"), "file.not-found");
}

TEST_F(SetFileTest, ARowMustBeThere)
{
    ASSERT_TRUE(writeNpy(folder / "x.npy", Tensor::of<std::uint8_t>({2, 1}, {1, 2})));
    EXPECT_EQ(idOf(head + R"("samples": [{"file": "x.npy", "row": 2}]})"), "calib.not-a-set");
}

// --- data.yaml ---

TEST_F(SetFileTest, DataYamlNamesFoldersListsAndClasses)
{
    for (const char *name : {"data/train", "data/val"})
        fs::create_directories(folder / name);
    for (const char *name : {"data/train/a.png", "data/train/b.png", "data/val/c.png"})
        ASSERT_TRUE(saveImage(folder / name, landscape(1, 16, 16)));
    write("data/list.txt", "./val/c.png\r\n\nval/gone.txt\n");
    write("by-list.yaml", "path: data\ntrain: list.txt\nval: val\nnames: [one, 'two']\n");
    const auto data = readDataYaml(folder / "by-list.yaml");
    ASSERT_TRUE(data) << failureText(data);
    EXPECT_EQ(data->names, (std::vector<std::string>{"one", "two"}));
    const auto set = CalibrationSet::open(folder / "by-list.yaml");
    ASSERT_TRUE(set) << failureText(set);
    ASSERT_EQ(set->size(), 1U);
    EXPECT_EQ(set->pictures()[0].filename(), "c.png");
    // Roboflow's exports step out of their own folder.
    write("data/data.yaml", "train: ../train\nval: ../val\nnc: 1\nnames: ['x']\n");
    EXPECT_EQ(CalibrationSet::open(folder / "data/data.yaml")->size(), 2U);
}

TEST_F(SetFileTest, DamagedDataYamlSaysWhere)
{
    write("data.yaml", "train: [a\nnames: }\n");
    EXPECT_EQ(failureId(CalibrationSet::open(folder / "data.yaml")), "calib.data-yaml");
    write("list.yaml", "- a\n");
    EXPECT_EQ(failureId(CalibrationSet::open(folder / "list.yaml")), "calib.data-yaml");
    write("deep.yaml", std::string(100'000, '['));
    EXPECT_EQ(failureId(CalibrationSet::open(folder / "deep.yaml")), "calib.data-yaml");
    write("gone.yaml", "train: nowhere\n");
    EXPECT_EQ(failureId(CalibrationSet::open(folder / "gone.yaml")), "calib.empty");
}

TEST_F(SetFileTest, SourcesJoinAndCountOnce)
{
    fs::create_directories(folder / "a");
    fs::create_directories(folder / "b");
    for (const char *name : {"a/1.png", "b/2.png"})
        ASSERT_TRUE(saveImage(folder / name, landscape(1, 16, 16)));
    const std::vector<fs::path> sources{folder / "b", folder / "a", folder / "a/1.png"};
    const auto set = CalibrationSet::openAll(sources);
    ASSERT_TRUE(set) << failureText(set);
    ASSERT_EQ(set->size(), 2U);
    EXPECT_EQ(set->relativeNameOf(0), "b/2.png");
    ASSERT_TRUE(writeNpy(folder / "x.npy", Tensor::of<std::uint8_t>({1, 1}, {1})));
    const std::vector<fs::path> mixed{folder / "a", folder / "x.npy"};
    EXPECT_EQ(failureId(CalibrationSet::openAll(mixed)), "calib.mixed-sources");
}

} // namespace
} // namespace hefstudio
