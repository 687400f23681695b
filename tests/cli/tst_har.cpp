// hefc on model archives.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "base/archive.h"
#include "base/diagnostic_json.h"
#include "temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace hefstudio;
using testing::HasSubstr;

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
