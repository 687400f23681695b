// hefc calib stats and merge: a set divided among processes, and pictures that cannot be decoded.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "base/file.h"
#include "temporary_folder.h"

#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace hefstudio;
using testing::HasSubstr;

namespace {

class CalibStats : public testing::Test {
protected:
    static std::string model() { return (sampleFolder() / "detector.onnx").string(); }
    static std::filesystem::path pictures() { return sampleFolder() / "pictures"; }

    HefcResult stats(const std::filesystem::path &set, const std::string &output,
                     std::vector<std::string> more = {})
    {
        std::vector<std::string> arguments{"calib", "stats", model(), set.string(), "-o", output};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return hefc(arguments);
    }
    static std::string text(const std::filesystem::path &file)
    {
        const auto content = readTextFile(file);
        EXPECT_TRUE(content.has_value()) << file;
        return content ? *content : std::string();
    }

    TemporaryFolder m_folder;
};

} // namespace

TEST_F(CalibStats, TwoShardsGiveTheBytesOfOneRun)
{
    const std::string whole = m_folder / "whole.json", a = m_folder / "a.json",
                      b = m_folder / "b.json", both = m_folder / "both.json";
    ASSERT_EQ(stats(pictures(), whole).exitCode, 0);
    ASSERT_EQ(stats(pictures(), a, {"--shard", "1/2", "--threads", "1"}).exitCode, 0);
    const auto second = stats(pictures(), b, {"--shard", "2/2", "--threads", "3"});
    ASSERT_EQ(second.exitCode, 0) << second.err;
    EXPECT_THAT(second.out, HasSubstr("merge it"));
    const auto merged = hefc({"calib", "merge", b, a, "-o", both, "--json"});
    ASSERT_EQ(merged.exitCode, 0) << merged.err;
    EXPECT_THAT(merged.out, HasSubstr("\"complete\": true"));
    EXPECT_EQ(text(both), text(whole));
    const auto twice = hefc({"calib", "merge", a, a, "-o", m_folder / "c.json"});
    EXPECT_EQ(twice.exitCode, 3);
    EXPECT_THAT(twice.err, HasSubstr("[calib.statistics-overlap]"));
    EXPECT_FALSE(std::filesystem::exists(m_folder / "c.json"));
}

TEST_F(CalibStats, ABrokenPictureAmongManyIsNamed)
{
    // The middle one of a thousand pictures, in full, is none.
    const int count = std::getenv("HEFSTUDIO_TEST_FULL") ? 1024 : 64;
    const std::filesystem::path set = m_folder / "set";
    std::filesystem::create_directory(set);
    const auto picture = *std::filesystem::directory_iterator(pictures());
    const std::string ending = picture.path().extension().string();
    for (int i = 0; i < count; ++i) {
        const auto file = set / ("p" + std::to_string(10000 + i) + ending);
        if (i == count / 2)
            std::ofstream(file) << "this is text";
        else
            std::filesystem::copy_file(picture, file);
    }
    const auto stopped = stats(set, m_folder / "x.json");
    EXPECT_EQ(stopped.exitCode, 3);
    EXPECT_THAT(stopped.err, HasSubstr("[calib.broken-picture]"));
    EXPECT_THAT(stopped.err, HasSubstr("p" + std::to_string(10000 + count / 2)));
    EXPECT_FALSE(std::filesystem::exists(m_folder / "x.json"));
    const auto skipped = stats(set, m_folder / "y.json", {"--on-bad-image", "skip", "--json"});
    EXPECT_EQ(skipped.exitCode, 0) << skipped.err;
    EXPECT_THAT(skipped.err, HasSubstr("[calib.skipped-picture]"));
    EXPECT_THAT(skipped.err, HasSubstr("p" + std::to_string(10000 + count / 2)));
    EXPECT_THAT(skipped.out, HasSubstr("\"samples\": " + std::to_string(count - 1)));
}

TEST_F(CalibStats, WrongArguments)
{
    const std::string out = m_folder / "x.json";
    for (const std::string shard : {"0/2", "3/2", "1", "1/", "a/b", "1/2/3", "-1/2"}) {
        const auto result = stats(pictures(), out, {"--shard", shard});
        EXPECT_EQ(result.exitCode, 2) << shard;
        EXPECT_THAT(result.err, HasSubstr("[cli.usage]")) << shard;
    }
    std::ofstream(m_folder / "bad.json") << "{}";
    const auto bad = hefc({"calib", "merge", m_folder / "bad.json", "-o", out});
    EXPECT_EQ(bad.exitCode, 3);
    EXPECT_THAT(bad.err, HasSubstr("[calib.statistics-file]"));
}
