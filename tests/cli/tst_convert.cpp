// From the bundled sample to a HEF and back, through the command line alone.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "base/diagnostic_json.h"
#include "base/event.h"
#include "base/file.h"
#include "base/npy.h"
#include "temporary_folder.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ranges>

using namespace hefstudio;
using testing::HasSubstr;

namespace {

std::vector<std::string> with(std::vector<std::string> arguments,
                              const std::vector<std::string> &more)
{
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

std::string firstPicture()
{
    std::vector<std::string> pictures;
    for (const auto &entry : std::filesystem::directory_iterator(sampleFolder() / "pictures"))
        pictures.push_back(entry.path().string());
    return std::ranges::min(pictures);
}

nlohmann::ordered_json jsonOf(const std::string &text)
{
    auto json = parseJson(text, "output");
    EXPECT_TRUE(json) << text;
    return json ? *json : nlohmann::ordered_json();
}

} // namespace

TEST(Convert, TheSampleOpensRunsAndSaysWhatItIs)
{
    const TemporaryFolder folder;
    const auto hef = folder / "detector.emulation.hef";
    const auto converted = hefc(with(sampleConversion(hef), {"--report", folder / "report.json"}));
    ASSERT_EQ(converted.exitCode, 0) << converted.err;
    EXPECT_THAT(converted.out, HasSubstr("not on a chip"));

    const auto report = jsonOf(*readTextFile(folder / "report.json"));
    for (const char *key : {"stages", "ledger", "contexts", "layers", "result", "peak_rss_bytes"})
        EXPECT_TRUE(report.contains(key)) << key;
    EXPECT_EQ(report["result"]["bytes"], std::filesystem::file_size(hef));

    const auto overview = hefc({"inspect", hef});
    EXPECT_EQ(overview.exitCode, 0) << overview.err;
    EXPECT_THAT(overview.out, HasSubstr("mulation HEF"));
    const auto parsed = hefc({"inspect", hef, "--parse-hef"});
    EXPECT_THAT(parsed.out, HasSubstr("Architecture HEF was compiled for: HAILO8L\n"
                                      "Network group name: detector_emulation"));
    const auto json = jsonOf(hefc({"inspect", hef, "--json"}).out);
    for (const char *key : {"header", "arch", "sdk_version", "network_groups", "integrity",
                            "compatibility", "metadata"})
        EXPECT_TRUE(json.contains(key)) << key;

    const auto run = hefc(
        {"run", hef, "--input", firstPicture(), "-o", folder / "out", "--json", "--repeat", "2"});
    ASSERT_EQ(run.exitCode, 0) << run.err;
    const auto outputs = jsonOf(run.out);
    EXPECT_TRUE(outputs.contains("median_ms"));
    ASSERT_FALSE(outputs["outputs"].empty());
    EXPECT_TRUE(readNpy(outputs["outputs"][0]["file"].get<std::string>()));

    const auto host = hefc(
        {"run", hef, "--input", firstPicture(), "-o", folder / "host", "--with-host", "--json"});
    ASSERT_EQ(host.exitCode, 0) << host.err;
    EXPECT_EQ(jsonOf(host.out)["outputs"][0]["name"], "output0");

    const auto profile = hefc({"profile", hef, "--json"});
    ASSERT_EQ(profile.exitCode, 0) << profile.err;
    for (const char *key : {"arch", "contexts", "fps", "latency_ms", "bottleneck", "utilisation"})
        EXPECT_TRUE(jsonOf(profile.out).contains(key)) << key;
}

TEST(Convert, SameBytesAtAnyThreadCount)
{
    const TemporaryFolder folder;
    for (const char *chip : {"hailo8", "hailo8l"}) {
        ASSERT_EQ(
            hefc(with(sampleConversion(folder / "one.hef"), {"--arch", chip, "--threads", "1"}))
                .exitCode,
            0);
        ASSERT_EQ(
            hefc(with(sampleConversion(folder / "two.hef"), {"--arch", chip, "--threads", "2"}))
                .exitCode,
            0);
        EXPECT_EQ(*readFile(folder / "one.hef"), *readFile(folder / "two.hef")) << chip;
    }
}

TEST(Convert, EveryLineOfJsonProgressIsAnEvent)
{
    const TemporaryFolder folder;
    const auto result = hefc(with(sampleConversion(folder / "x.hef"), {"--progress", "json"}));
    ASSERT_EQ(result.exitCode, 0) << result.err;
    std::vector<std::string> started;
    bool finished = false;
    for (const auto part : std::views::split(result.out, '\n')) {
        const std::string line(part.begin(), part.end());
        if (line.empty())
            continue;
        const auto event = eventFromJsonLine(line);
        ASSERT_TRUE(event) << line;
        if (const auto *stage = std::get_if<StageStarted>(&*event))
            started.push_back(stage->stage);
        finished = finished || std::holds_alternative<ConversionFinished>(*event);
    }
    EXPECT_TRUE(finished);
    EXPECT_EQ(started, (std::vector<std::string>{"import", "rewrite", "calibrate", "quantize",
                                                 "map", "generate", "write"}));
}

TEST(Convert, AnInterruptLeavesNothingBehind)
{
    const TemporaryFolder folder;
    const auto result =
        hefcInterruptedAt(with(sampleConversion(folder / "x.hef"), {"--progress", "json"}),
                          "\"stage\":\"calibrate\"");
    EXPECT_EQ(result.exitCode, 130) << result.err;
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Convert, ARecipeRebuildsTheSameBytes)
{
    const TemporaryFolder folder;
    std::filesystem::copy(sampleFolder(), folder / "sample",
                          std::filesystem::copy_options::recursive);
    const auto model = (folder / "sample/detector.onnx").string();
    const auto first =
        hefc({"convert", model, "--calib", folder / "sample/pictures", "-o", folder / "first.hef",
              "--arch", "hailo8", "--save-recipe", folder / "recipe.json"});
    ASSERT_EQ(first.exitCode, 0) << first.err;
    const auto second = hefc({"convert", folder / "recipe.json", "-o", folder / "second.hef"});
    ASSERT_EQ(second.exitCode, 0) << second.err;
    EXPECT_EQ(*readFile(folder / "first.hef"), *readFile(folder / "second.hef"));
    const auto recipe = jsonOf(*readTextFile(folder / "recipe.json"));
    EXPECT_EQ(recipe["lock"]["calibration"].size(),
              static_cast<std::size_t>(std::distance(
                  std::filesystem::directory_iterator(folder / "sample/pictures"), {})));
}

TEST(Check, TheSampleIsSupportedAndItsEndsAreFound)
{
    const auto result = hefc({"check", sampleFolder() / "detector.onnx", "--json"});
    ASSERT_EQ(result.exitCode, 0) << result.err;
    const auto json = jsonOf(result.out);
    EXPECT_EQ(json["supported"], true);
    EXPECT_EQ(json["end_nodes"].size(), 6U); // a box and a class map for each of three strides
    EXPECT_FALSE(json["operators"].empty());
    EXPECT_EQ(json["fit"]["arch"], "hailo8l");
    EXPECT_EQ(hefc({"check", sampleFolder() / "detector.onnx", "--arch", "hailo9"}).exitCode, 2);
}

TEST(Convert, PresetsWidenWhatTheySay)
{
    const TemporaryFolder folder;
    const auto tableOf = [&](const std::vector<std::string> &more) {
        const auto report = folder / "report.json";
        const auto run = hefc(with(sampleConversion(folder / "x.hef"),
                                   with({"--report", report}, more)));
        EXPECT_EQ(run.exitCode, 0) << run.err;
        return jsonOf(*readTextFile(report))["layer_table"];
    };
    const auto wide = [](const nlohmann::ordered_json &table) {
        return std::ranges::count_if(table, [](const auto &row) { return row["bits"] == 16; });
    };
    const auto fast = tableOf({});
    const auto balanced = tableOf({"--preset", "balanced"});
    const auto accurate = tableOf({"--preset", "accurate"});
    EXPECT_EQ(wide(fast), 0);
    EXPECT_GT(wide(balanced), 0);
    EXPECT_GT(wide(accurate), wide(balanced));
    const auto isWeighted = [](const auto &row) { return row.contains("rounding"); };
    EXPECT_EQ((*std::ranges::find_if(fast, isWeighted))["rounding"], "nearest");
    EXPECT_EQ((*std::ranges::find_if(balanced, isWeighted))["rounding"], "second-order");
    EXPECT_TRUE((*std::ranges::find_if(accurate, isWeighted)).contains("output_snr_db"));
    for (const auto &row : accurate)
        EXPECT_EQ(row["bits"] == 16, row.contains("why")) << row["layer"];
}

TEST(Convert, CalibratesOnNoiseOnlyWhenAskedAndSaysSo)
{
    const TemporaryFolder folder;
    const auto run =
        hefc({"convert", (sampleFolder() / "detector.onnx").string(), "-o", folder / "x.hef",
              "--calib", "random", "--report", folder / "report.json"});
    ASSERT_EQ(run.exitCode, 0) << run.err;
    EXPECT_THAT(run.err, HasSubstr("calib.random"));
    const auto report = jsonOf(*readTextFile(folder / "report.json"));
    const auto row = std::ranges::find_if(
        report["ledger"], [](const auto &r) { return r["setting"] == "calibration"; });
    ASSERT_NE(row, report["ledger"].end());
    EXPECT_EQ((*row)["used"], "64 samples of noise");
}

TEST(Convert, ARecipeChangesSingleLayersAndNamesThoseThatAreNotThere)
{
    const TemporaryFolder folder;
    std::filesystem::copy(sampleFolder(), folder / "sample",
                          std::filesystem::copy_options::recursive);
    const auto convertWith = [&](const std::string &layers) {
        const std::string recipe = R"({"hefstudio_recipe": 1, "model": "sample/detector.onnx",
            "calibration": "sample/pictures", "layers": )" + layers + "}";
        EXPECT_TRUE(writeFileAtomically(folder / "recipe.json", asBytes(recipe)));
        return hefc({"convert", folder / "recipe.json", "-o", folder / "x.hef", "--report",
                     folder / "report.json"});
    };
    ASSERT_EQ(convertWith("{}").exitCode, 0);
    const auto table = jsonOf(*readTextFile(folder / "report.json"))["layer_table"];
    const auto chosen = std::ranges::find_if(
        table, [](const auto &row) { return row["kind"] == "convolution"; });
    const std::string name = (*chosen)["layer"];
    const auto changed =
        convertWith("{\"" + name + "\": {\"bits\": 16, \"observer\": \"min-max\"}}");
    ASSERT_EQ(changed.exitCode, 0) << changed.err;
    const auto after = jsonOf(*readTextFile(folder / "report.json"))["layer_table"];
    const auto row =
        std::ranges::find_if(after, [&](const auto &r) { return r["layer"] == name; });
    EXPECT_EQ((*row)["bits"], 16);
    EXPECT_EQ((*row)["observer"], "min-max");
    const auto unknown = convertWith(R"({"nowhere": {"bits": 16}})");
    EXPECT_EQ(unknown.exitCode, 2);
    EXPECT_THAT(unknown.err, HasSubstr("pipeline.unknown-layer"));
    const auto malformed = convertWith(R"({"a": {"bits": 12}})");
    EXPECT_EQ(malformed.exitCode, 3);
    EXPECT_THAT(malformed.err, HasSubstr("recipe.malformed"));
}

TEST(Convert, SaysBeforeTheWorkThatARecipeCannotHoldItsPaths)
{
    const TemporaryFolder folder;
    const TemporaryFolder elsewhere;
    const std::string sample = HEFSTUDIO_SOURCE_DIR "/resources/sample/";
    const auto result = hefc({"convert", sample + "detector.onnx", "--calib", sample + "pictures",
                              "-o", folder / "out.hef", "--save-recipe", elsewhere / "r.json"});
    EXPECT_EQ(result.exitCode, 3);
    EXPECT_NE(result.err.find("recipe.path-outside"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(folder / "out.hef"));
}

// The road to a chip HEF: a job folder that needs nothing of this program.
TEST(Recipe, ExportsAJobForTheVendorsCompiler)
{
    const TemporaryFolder folder;
    const std::filesystem::path sample = HEFSTUDIO_SOURCE_DIR "/resources/sample";
    std::filesystem::copy(sample / "detector.onnx", folder / "detector.onnx");
    std::filesystem::copy(sample / "pictures", folder / "pictures");
    const auto converted =
        hefc({"convert", folder / "detector.onnx", "--calib", folder / "pictures", "-o",
              folder / "out.hef", "--save-recipe", folder / "r.json"});
    ASSERT_EQ(converted.exitCode, 0) << converted.err;
    const auto exported = hefc({"recipe", "export", folder / "r.json", "-o", folder / "job"});
    ASSERT_EQ(exported.exitCode, 0) << exported.err;
    for (const char *name : {"model.onnx", "host.onnx", "model.alls", "calibration_0.npy",
                             "convert.py", "run.sh", "README.md", "job.json"})
        EXPECT_TRUE(std::filesystem::exists(folder / "job" / name)) << name;
    EXPECT_NE(exported.out.find("optimisation level"), std::string::npos); // 28 pictures are few
}
