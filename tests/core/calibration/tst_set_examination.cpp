// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/set_examination.h"

#include "base/hash.h"
#include "base/npy.h"
#include "calibration/set_file.h"
#include "planted_faults.h"
#include "result_matchers.h"
#include "shared_folder.h"
#include "temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

namespace hefstudio {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using Ids = std::vector<std::string>;

std::vector<std::size_t> allOf(const CalibrationSet &set)
{
    std::vector<std::size_t> all(set.size());
    std::iota(all.begin(), all.end(), std::size_t(0));
    return all;
}

std::vector<Finding> findingsIn(const CalibrationSet &set, const JudgeOptions &options = {})
{
    const auto looks = lookAtSet(set, 0, {}, {});
    EXPECT_TRUE(looks) << failureText(looks);
    return judge(set, *looks, allOf(set), options);
}

Ids idsOf(const std::vector<Finding> &findings)
{
    Ids ids;
    for (const Finding &finding : findings)
        ids.push_back(finding.diagnostic.id);
    return ids;
}

std::vector<std::size_t> samplesOf(const std::vector<Finding> &findings, const std::string &id)
{
    for (const Finding &finding : findings)
        if (finding.diagnostic.id == id)
            return finding.samples;
    return {};
}

TEST(SetExamination, FindsEachPlantedFaultAtEveryShare)
{
    const bool isFull = std::getenv("HEFSTUDIO_TEST_FULL") != nullptr;
    const std::size_t count = isFull ? 100 : 20;
    const TemporaryFolder folder;
    std::vector<Image> pictures;
    for (std::size_t i = 0; i < count; ++i)
        pictures.push_back(landscape(i, 120, 90));
    PlantedSet set(folder / "set", std::move(pictures));
    EXPECT_THAT(idsOf(set.judgeNow(set.goodLooks())),
                ElementsAre(isFull ? "calib.no-tuning" : "calib.too-few"));
    for (const PlantedFault &fault : plantedFaults(3))
        for (const std::size_t planted : {std::size_t(1), count / 10, count}) {
            const auto outcome = set.outcomeOf(fault, planted);
            EXPECT_TRUE(outcome.isFound) << fault.name << " in " << planted;
            EXPECT_EQ(outcome.wrongly, 0U) << fault.name << " in " << planted;
            EXPECT_GT(outcome.named, 0.75) << fault.name << " in " << planted;
        }
}

TEST(SetExamination, PhotographsRaiseNothingButTheirCount)
{
    REQUIRE_SHARED_FOLDER(shared);
    const auto set = CalibrationSet::open(shared / "images");
    ASSERT_TRUE(set) << failureText(set);
    EXPECT_THAT(idsOf(findingsIn(*set)), ElementsAre("calib.no-tuning"));
}

TEST(SetExamination, OneOfEachCopyStays)
{
    const TemporaryFolder folder;
    for (const char *name : {"a.png", "b.png", "c.png"})
        ASSERT_TRUE(saveImage(folder / name, landscape(1, 64, 64)));
    ASSERT_TRUE(saveImage(folder / "d.png", landscape(2, 64, 64)));
    const auto findings = findingsIn(*CalibrationSet::open(folder.path()));
    EXPECT_THAT(samplesOf(findings, "calib.duplicates"), ElementsAre(1, 2));
    for (const Finding &finding : findings)
        EXPECT_EQ(leavesOut(finding), finding.diagnostic.id == "calib.duplicates");
}

TEST(SetExamination, JudgesAgainWithoutWhatWasLeftOut)
{
    const TemporaryFolder folder;
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(saveImage(folder / (std::to_string(i) + ".png"),
                              i == 4 ? mapped(landscape(4, 96, 96), 0.1, 0) : landscape(i, 96, 96)));
    const auto set = CalibrationSet::open(folder.path());
    const auto looks = lookAtSet(*set, 0, {}, {});
    ASSERT_TRUE(looks) << failureText(looks);
    EXPECT_THAT(samplesOf(judge(*set, *looks, allOf(*set), {}), "calib.dark"), ElementsAre(4));
    const std::vector<std::size_t> rest{0, 1, 2, 3, 5, 6, 7, 8, 9};
    EXPECT_THAT(idsOf(judge(*set, *looks, rest, {})), ElementsAre("calib.too-few"));
}

TEST(SetExamination, KnowsAFileThatIsNotTheOneStated)
{
    const TemporaryFolder folder;
    SetFile file;
    for (const char *name : {"a.png", "b.png"}) {
        ASSERT_TRUE(saveImage(folder / name, landscape(1, 64, 64)));
        file.samples.push_back(
            {folder / name, std::nullopt, *sha256HexOfFile(folder / name)});
    }
    ASSERT_TRUE(saveImage(folder / "b.png", landscape(2, 64, 64)));
    ASSERT_TRUE(writeSetFile(folder / "set.json", file));
    const auto set = CalibrationSet::open(folder / "set.json");
    ASSERT_TRUE(set) << failureText(set);
    EXPECT_THAT(samplesOf(findingsIn(*set), "calib.changed-files"), ElementsAre(1));
}

TEST(SetExamination, CancelledBeforeItBegins)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(saveImage(folder / "a.png", landscape(1, 64, 64)));
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(failureId(lookAtSet(*CalibrationSet::open(folder.path()), 0, stop.get_token(), {})),
              "cancelled");
}

TEST(SetExamination, TheSameAtAnyThreadCount)
{
    const TemporaryFolder folder;
    for (int i = 0; i < 12; ++i)
        ASSERT_TRUE(saveImage(folder / (std::to_string(i) + ".jpg"), landscape(i % 9, 90, 70)));
    const auto set = CalibrationSet::open(folder.path());
    const auto one = lookAtSet(*set, 1, {}, {});
    const auto three = lookAtSet(*set, 3, {}, {});
    for (std::size_t i = 0; i < set->size(); ++i) {
        EXPECT_EQ(one->samples[i].contentHash, three->samples[i].contentHash);
        EXPECT_EQ(one->samples[i].measures->hash, three->samples[i].measures->hash);
        EXPECT_EQ(one->samples[i].measures->features, three->samples[i].measures->features);
    }
}

// --- arrays ---

class ArrayExamination : public testing::Test {
protected:
    // Samples of 3 × 16 × 12 in NHWC; value(sample, index) of white.
    template<class Value> CalibrationSet floats(std::size_t samples, Value value)
    {
        Tensor tensor(ElementType::float32, Shape{static_cast<std::int64_t>(samples), 16, 12, 3});
        auto values = tensor.as<float>();
        const std::size_t each = values.size() / samples;
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<float>(value(i / each, picture(i)));
        EXPECT_TRUE(writeNpy(folder / "set.npy", tensor));
        return *CalibrationSet::open(folder / "set.npy");
    }
    // Shares of white, unlike from sample to sample.
    static double picture(std::size_t i) { return static_cast<double>(i * i % 251) / 250; }

    TemporaryFolder folder;
};

TEST_F(ArrayExamination, OneSampleNormalisedUnlikeTheRest)
{
    const auto raw = floats(20, [](std::size_t s, double v) { return s == 7 ? v : v * 255; });
    EXPECT_THAT(samplesOf(findingsIn(raw), "calib.mixed-ranges"), ElementsAre(7));
    const auto shares =
        floats(20, [](std::size_t s, double v) { return s < 2 ? v / 255 : v; });
    EXPECT_THAT(samplesOf(findingsIn(shares), "calib.mixed-ranges"), ElementsAre(0, 1));
    const auto centred =
        floats(20, [](std::size_t s, double v) { return s == 3 ? v * 2 - 1 : v; });
    EXPECT_THAT(samplesOf(findingsIn(centred), "calib.mixed-ranges"), ElementsAre(3));
}

TEST_F(ArrayExamination, AllNormalisedTwice)
{
    const auto twice = floats(20, [](std::size_t, double v) { return v / 255; });
    EXPECT_THAT(idsOf(findingsIn(twice)), Contains("calib.double-normalised"));
    const auto once = floats(20, [](std::size_t, double v) { return v; });
    EXPECT_THAT(idsOf(findingsIn(once)), ElementsAre("calib.too-few"));
}

TEST_F(ArrayExamination, NamesTheSamplesThatAreNoNumbers)
{
    const auto set = floats(20, [](std::size_t s, double v) {
        return s == 5 ? std::numeric_limits<double>::quiet_NaN() : v;
    });
    EXPECT_THAT(samplesOf(findingsIn(set), "calib.not-finite-samples"), ElementsAre(5));
}

TEST_F(ArrayExamination, SensorWindowsAreNoPictures)
{
    Tensor tensor(ElementType::float32, Shape{70, 9, 2, 100});
    auto values = tensor.as<float>();
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(picture(i) * 20 - 10);
    ASSERT_TRUE(writeNpy(folder / "windows.npy", tensor));
    const auto set = CalibrationSet::open(folder / "windows.npy");
    ASSERT_TRUE(set) << failureText(set);
    EXPECT_EQ(failureId(set->picture(0)), "calib.not-pictures");
    const ExpectedInput input{.name = "x", .shape = {1, 9, 2, 100}};
    EXPECT_THAT(idsOf(findingsIn(*set, {.inputs = {input}})), ElementsAre("calib.no-tuning"));
    // The same with the last window in another unit.
    for (std::size_t i = values.size() - 1800; i < values.size(); ++i)
        values[i] *= 1000;
    ASSERT_TRUE(writeNpy(folder / "units.npy", tensor));
    const auto mixed = CalibrationSet::open(folder / "units.npy");
    EXPECT_THAT(samplesOf(findingsIn(*mixed), "calib.mixed-ranges"), ElementsAre(69));
}

TEST_F(ArrayExamination, CopiedRowsAreDuplicates)
{
    const auto set = floats(4, [](std::size_t, double) { return 0.5; });
    EXPECT_THAT(samplesOf(findingsIn(set), "calib.duplicates"), ElementsAre(1, 2, 3));
}

// --- labels ---

TEST(SetClasses, MissingOnesAreNamed)
{
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "images/train");
    std::filesystem::create_directories(folder / "labels/train");
    ASSERT_TRUE(writeFileAtomically(
        folder / "data.yaml",
        asBytes("path: .\ntrain: images/train\nnames:\n  0: cup\n  1: plate\n  2: spoon\n")));
    for (int i = 0; i < 3; ++i) {
        const std::string name = std::to_string(i);
        ASSERT_TRUE(
            saveImage(folder / ("images/train/" + name + ".jpg"), landscape(i, 96, 96)));
        ASSERT_TRUE(writeFileAtomically(folder / ("labels/train/" + name + ".txt"),
                                        asBytes(i == 2 ? "0 .5 .5 .1 .1\n2 .4 .4 .1 .1\n"
                                                       : "0 .5 .5 .1 .1\n")));
    }
    const auto set = CalibrationSet::open(folder / "data.yaml");
    ASSERT_TRUE(set) << failureText(set);
    EXPECT_EQ(set->size(), 3U);
    const auto labels = findLabels(*set);
    ASSERT_TRUE(labels);
    EXPECT_EQ(labels->names, (std::vector<std::string>{"cup", "plate", "spoon"}));
    EXPECT_EQ(labels->classes[2], (std::vector<int>{0, 2}));
    const auto findings = findingsIn(*set);
    ASSERT_THAT(idsOf(findings), Contains("calib.classes-missing"));
    for (const Finding &finding : findings)
        if (finding.diagnostic.id == "calib.classes-missing") {
            EXPECT_THAT(finding.diagnostic.arguments,
                        Contains(std::pair<std::string, DiagnosticArgument>("names", "plate")));
        }
}

TEST(SetClasses, CocoLiesBeside)
{
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "val2017");
    std::filesystem::create_directories(folder / "annotations");
    for (const char *name : {"a.jpg", "b.jpg"})
        ASSERT_TRUE(saveImage(folder / ("val2017/" + std::string(name)), landscape(3, 64, 64)));
    ASSERT_TRUE(writeFileAtomically(folder / "annotations/instances.json", asBytes(R"({
        "images": [{"id": 5, "file_name": "b.jpg"}],
        "categories": [{"id": 1, "name": "person"}, {"id": 18, "name": "dog"}],
        "annotations": [{"image_id": 5, "category_id": 18, "bbox": [0, 0, 4, 4]}]})")));
    const auto labels = findLabels(*CalibrationSet::open(folder / "val2017"));
    ASSERT_TRUE(labels);
    EXPECT_FALSE(labels->classes[0]);
    EXPECT_EQ(labels->classes[1], (std::vector<int>{1}));
    EXPECT_EQ(labels->nameOf(1), "dog");
}

TEST(SetClasses, DamagedLabelsAreNone)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(saveImage(folder / "a.jpg", landscape(3, 64, 64)));
    for (const char *text : {"person .5 .5 .1 .1", "99999999999 0 0 0 0", "-1 0 0 0 0", "3"}) {
        ASSERT_TRUE(writeFileAtomically(folder / "a.txt", asBytes(text)));
        EXPECT_FALSE(findLabels(*CalibrationSet::open(folder.path()))) << text;
    }
}

} // namespace
} // namespace hefstudio
