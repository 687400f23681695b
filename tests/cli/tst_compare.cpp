// What users see of a conversion's cost: boxes of the sample detector, and its comparison.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "base/diagnostic_json.h"
#include "base/file.h"
#include "temporary_folder.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace hefstudio;
using testing::HasSubstr;

namespace {

class ComparedSample : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        folder = new TemporaryFolder;
        hef = folder->path() / "detector.emulation.hef";
        ASSERT_EQ(hefc(sampleConversion(hef)).exitCode, 0);
        // A few pictures are enough to see every key.
        std::filesystem::create_directory(folder->path() / "pictures");
        std::vector<std::filesystem::path> pictures;
        for (const auto &entry : std::filesystem::directory_iterator(sampleFolder() / "pictures"))
            pictures.push_back(entry.path());
        std::ranges::sort(pictures);
        for (std::size_t i = 0; i < 4; ++i)
            std::filesystem::copy_file(pictures[i],
                                       folder->path() / "pictures" / pictures[i].filename());
    }
    static void TearDownTestSuite() { delete folder; }

    static std::string model() { return (sampleFolder() / "detector.onnx").string(); }
    static std::string pictures() { return (folder->path() / "pictures").string(); }
    static nlohmann::ordered_json jsonOf(const HefcResult &result)
    {
        EXPECT_EQ(result.exitCode, 0) << result.err;
        auto json = parseJson(result.out, "output");
        EXPECT_TRUE(json) << result.out;
        return json ? *json : nlohmann::ordered_json();
    }

    static inline TemporaryFolder *folder = nullptr;
    static inline std::filesystem::path hef;
};

TEST_F(ComparedSample, DetectFindsTheSampleObjectsAndDrawsThem)
{
    const auto out = folder->path() / "found";
    const auto json = jsonOf(
        hefc({"detect", hef.string(), "--images", pictures(), "-o", out.string(), "--json"}));
    ASSERT_EQ(json["images"].size(), 4U);
    std::size_t rows = 0;
    for (const auto &[name, detections] : json["images"].items()) {
        rows += detections.size();
        auto drawn = out / name;
        if (drawn.extension() != ".png")
            drawn.replace_extension(".jpg");
        EXPECT_TRUE(std::filesystem::exists(drawn)) << drawn;
        for (const auto &row : detections) {
            ASSERT_EQ(row.size(), 3U);
            EXPECT_EQ(row[2].size(), 4U);
        }
    }
    EXPECT_GT(rows, 0U);
}

TEST_F(ComparedSample, TheReportHoldsTheLadderTheLayersAndTheAgreement)
{
    const auto html = folder->path() / "report.html";
    const auto json = jsonOf(hefc({"compare", model(), hef.string(), "--images", pictures(),
                                   "--html", html.string(), "--layer-images", "1", "--json"}));
    for (const char *key : {"layers", "outputs", "rungs", "detection", "first_bad_layer", "score"})
        EXPECT_TRUE(json.contains(key)) << key;
    ASSERT_FALSE(json["layers"].empty());
    for (const auto &layer : json["layers"])
        for (const char *key : {"name", "snr_isolated_db", "snr_accumulated_db", "cosine"})
            EXPECT_TRUE(layer.contains(key)) << key;
    for (const auto &rung : json["rungs"])
        for (const auto &output : rung["outputs"]) {
            // Preparing must not change what the network computes.
            if (rung["name"] == "prepared float") {
                EXPECT_GT(output["snr_db"].get<double>(), 60) << output["name"];
            }
        }
    EXPECT_GT(json["detection"]["map_retained"].get<double>(), 0.5);
    EXPECT_THAT(*readTextFile(html), HasSubstr("<h3>Layers</h3>"));
    EXPECT_TRUE(json["remarks"].empty()) << json["remarks"].dump();
}

TEST_F(ComparedSample, AFileAgainstItselfCannotBeTold)
{
    const auto json = jsonOf(hefc({"compare", model(), hef.string(), hef.string(), "--images",
                                   pictures(), "--layer-images", "0", "--json"}));
    EXPECT_THAT(json["verdict"].get<std::string>(), HasSubstr("cannot be told apart"));
    ASSERT_EQ(json["hefs"].size(), 2U);
    EXPECT_EQ(json["hefs"][0]["score"], json["hefs"][1]["score"]);
}

// Recorded from the emulator itself, the device's rung must equal the HEF's.
TEST_F(ComparedSample, RecordedOutputsAreAStageOfTheirOwn)
{
    const auto recorded = folder->path() / "recorded";
    for (const auto &entry : std::filesystem::directory_iterator(pictures()))
        ASSERT_EQ(hefc({"run", hef.string(), "--input", entry.path().string(), "-o",
                        (recorded / entry.path().stem()).string(), "--raw"})
                      .exitCode,
                  0);
    const auto json =
        jsonOf(hefc({"compare", model(), hef.string(), "--images", pictures(), "--recorded",
                     recorded.string(), "--layer-images", "0", "--json"}));
    nlohmann::ordered_json found;
    for (const auto &rung : json["rungs"])
        if (rung["name"] == "recorded")
            found = rung["outputs"];
    ASSERT_FALSE(found.empty());
    for (const auto &output : found)
        for (const auto &own : json["outputs"])
            if (own["name"] == output["name"]) {
                EXPECT_EQ(own["snr_db"], output["snr_db"]) << output["name"];
            }
    const auto missing = hefc({"compare", model(), hef.string(), "--images", pictures(),
                               "--recorded", pictures(), "--layer-images", "0"});
    EXPECT_EQ(missing.exitCode, 3);
    EXPECT_THAT(missing.err, HasSubstr("compare.recorded-missing"));
}

TEST_F(ComparedSample, AnotherModelsHefIsRefused)
{
    const auto other =
        hefc({"compare", std::string(HEFSTUDIO_SOURCE_DIR) + "/tests/data/classifier.onnx",
              hef.string(), "--images", pictures()});
    EXPECT_EQ(other.exitCode, 3) << other.err;
    EXPECT_THAT(other.err, HasSubstr("compare.other-model"));
}

} // namespace
