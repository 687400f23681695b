// hefc metadata on a file the conversion made.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "base/archive.h"
#include "base/diagnostic_json.h"
#include "temporary_folder.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace hefstudio;
using testing::HasSubstr;

TEST(Metadata, AConvertedFileCarriesItSealedAndRunsWithout)
{
    const TemporaryFolder folder;
    const std::string hef = folder / "detector.emulation.hef";
    auto arguments = sampleConversion(hef);
    arguments.insert(arguments.end(), {"--labels", sampleFolder() / "labels.txt"});
    const auto converted = hefc(arguments);
    ASSERT_EQ(converted.exitCode, 0) << converted.err;

    const auto shown = hefc({"metadata", "show", hef, "--json"});
    ASSERT_EQ(shown.exitCode, 0) << shown.err;
    const auto json = *parseJson(shown.out, "show");
    EXPECT_TRUE(json["sealed"].get<bool>());
    EXPECT_EQ(json["labels"].size(), json["edgefirst"]["dataset"]["classes"].size());
    EXPECT_TRUE(json["edgefirst"]["hailo"]["emulation"].get<bool>());
    for (const auto &problem : json["problems"])
        EXPECT_NE(problem["severity"], "error") << problem.dump();

    // A ZIP to every reader of ZIPs.
    EXPECT_EQ(readArchive(*readFile(hef), ArchiveForm::zip, hef)->front().name, "edgefirst.json");

    const auto extracted = hefc({"metadata", "extract", hef, "-o", folder / "parts"});
    EXPECT_EQ(extracted.exitCode, 0) << extracted.err;
    EXPECT_EQ(*readTextFile(folder / "parts/labels.txt"),
              *readTextFile(sampleFolder() / "labels.txt"));

    const std::string bare = folder / "bare.hef";
    ASSERT_EQ(hefc({"metadata", "detach", hef, "-o", bare}).exitCode, 0);
    EXPECT_EQ(hefc({"metadata", "show", bare}).exitCode, 3);
    EXPECT_THAT(hefc({"metadata", "show", bare}).err, HasSubstr("metadata.none"));
    std::vector<std::string> pictures;
    for (const auto &entry : std::filesystem::directory_iterator(sampleFolder() / "pictures"))
        pictures.push_back(entry.path().string());
    const auto picture = std::ranges::min(pictures);
    for (const auto &[file, out] : {std::pair(hef, "with"), std::pair(bare, "without")}) {
        const auto run = hefc({"run", file, "--input", picture, "-o", folder / out});
        EXPECT_EQ(run.exitCode, 0) << run.err;
    }
    for (const auto &entry : std::filesystem::directory_iterator(folder / "with"))
        EXPECT_EQ(*readFile(entry.path()),
                  *readFile(folder / "without" / entry.path().filename().string()));

    // Attached again, the bytes are those of the conversion.
    ASSERT_EQ(hefc({"metadata", "attach", bare, "--metadata", folder / "parts/edgefirst.json",
                    "--labels", folder / "parts/labels.txt"})
                  .exitCode,
              0);
    EXPECT_EQ(*readFile(bare), *readFile(hef));
}

TEST(Metadata, BadDocumentsAreRefusedAndTheFileStays)
{
    const TemporaryFolder folder;
    const std::string hef = folder / "detector.emulation.hef";
    ASSERT_EQ(hefc(sampleConversion(hef)).exitCode, 0);
    const auto before = *readFile(hef);
    ASSERT_TRUE(writeFileAtomically(folder / "bad.json", asBytes(R"({"schema_version": 9})")));
    const auto refused = hefc({"metadata", "attach", hef, "--metadata", folder / "bad.json"});
    EXPECT_EQ(refused.exitCode, 3);
    EXPECT_THAT(refused.err, HasSubstr("metadata.unsupported-version"));
    EXPECT_EQ(*readFile(hef), before);
    EXPECT_EQ(hefc({"metadata"}).exitCode, 2);
}
