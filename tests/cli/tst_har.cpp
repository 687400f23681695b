// hefc on model archives.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "base/archive.h"
#include "base/diagnostic_json.h"
#include "schema_check.h"
#include "temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

using namespace hefstudio;
using testing::HasSubstr;

namespace {

// The ONNX file among the arguments of a conversion.
std::string sampleModel(const std::vector<std::string> &arguments)
{
    return *std::ranges::find_if(arguments,
                                 [](const std::string &a) { return a.ends_with(".onnx"); });
}

} // namespace

TEST(Har, AConversionWritesOneThatInspectReads)
{
    const TemporaryFolder folder;
    auto arguments = sampleConversion(folder / "detector.hef");
    arguments.insert(arguments.end(), {"--har", folder / "detector.har"});
    const auto converted = hefc(arguments);
    ASSERT_EQ(converted.exitCode, 0) << converted.err;
    const auto shown = hefc({"inspect", folder / "detector.har", "--json"});
    ASSERT_EQ(shown.exitCode, 0) << shown.err;
    const auto json = *parseJson(shown.out, "inspect");
    EXPECT_EQ(json["state"], "quantized_model");
    EXPECT_TRUE(json["has_weights"].get<bool>());
    EXPECT_TRUE(json["problems"].empty()) << json["problems"].dump();
    EXPECT_THAT(hefc({"inspect", folder / "detector.har"}).out, HasSubstr("quantised"));

    // The float network inside is the model's.
    const auto compared =
        hefc({"har", "compare", sampleModel(arguments), folder / "detector.har", "--json"});
    ASSERT_EQ(compared.exitCode, 0) << compared.err;
    EXPECT_EQ(test::schemaFault(compared.out, "har-compare"), "");
    const auto layers = (*parseJson(compared.out, "compare"))["layers"];
    const auto best = std::ranges::count_if(
        layers, [](const auto &row) { return row["snr_db"].is_number() && row["snr_db"] > 80; });
    EXPECT_GE(best, 3);
    // What nobody's rules made cannot be checked by them.
    const auto checked = hefc({"har", "check", folder / "detector.har"});
    EXPECT_EQ(checked.exitCode, 3);
    EXPECT_THAT(checked.err, HasSubstr("[har.no-part]"));
}

TEST(Har, OptionsForHefFilesAreRefusedOnArchives)
{
    const TemporaryFolder folder;
    const std::vector<ArchiveMember> members{
        {"net.metadata.json", Bytes(asBytes("{}").begin(), asBytes("{}").end())}};
    ASSERT_TRUE(writeFileAtomically(folder / "x.har", *tarBytes(members)));
    for (const char *option : {"--tree", "--actions", "--sections", "--parse-hef"}) {
        const auto result = hefc({"inspect", folder / "x.har", option});
        EXPECT_EQ(result.exitCode, 2) << option;
        EXPECT_EQ(result.out, "") << option;
        EXPECT_THAT(result.err, HasSubstr("[cli.hef-only]")) << option;
    }
}

TEST(Har, ExtractWritesTheHefAndTheScripts)
{
    const TemporaryFolder folder;
    const auto member = [](const char *name, std::string_view text) {
        return ArchiveMember{name, Bytes(asBytes(text).begin(), asBytes(text).end())};
    };
    const std::vector<ArchiveMember> members{
        member("net.hef", "a hef"), member("net.alls", "a script"), member("net.hn", "{}"),
        member("net.metadata.json",
               R"({"model_name": "../net", "hef": "net.hef", "model_script": "net.alls",
                   "hn": "net.hn"})")};
    ASSERT_TRUE(writeFileAtomically(folder / "x.har", *tarBytes(members)));
    const auto extracted = hefc({"har", "extract", folder / "x.har", "-o", folder / "out"});
    ASSERT_EQ(extracted.exitCode, 0) << extracted.err;
    EXPECT_EQ(*readTextFile(folder / "out/model.._net.hef"), "a hef");
    EXPECT_EQ(*readTextFile(folder / "out/model.._net.alls"), "a script");
    EXPECT_FALSE(std::filesystem::exists(folder / "out/model.._net.hn"));
    EXPECT_EQ(hefc({"har", "extract", folder / "none.har", "-o", folder / "out"}).exitCode, 3);
}
