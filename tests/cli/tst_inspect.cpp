// hefc inspect and hefc diff as they are met at the prompt.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "base/file.h"
#include "hef/emulation_hef.h"
#include "temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

namespace hefstudio {

namespace {

using nlohmann::json;
using testing::HasSubstr;

// A picture in, a vector out; a blob of so many bytes.
Bytes tinyHef(float scale, std::size_t blobBytes = 64)
{
    EmulationHefContent content;
    content.groupName = "tiny_emulation";
    HefEdge input{.name = "tiny_emulation/input", .height = 8, .width = 8, .features = 3};
    HefEdge output{.name = "tiny_emulation/output",
                   .direction = HefEdge::Direction::deviceToHost,
                   .features = 10,
                   .isVector = true,
                   .scale = scale};
    content.contexts = {{{input, output}}};
    content.sortedOutputs = {output.name};
    content.blobs = {{"hefstudio.program", Bytes(blobBytes, std::byte(7))}};
    return *emulationHefBytes(content);
}

class InspectAndDiff : public testing::Test {
protected:
    std::string put(const std::string &name, const Bytes &bytes)
    {
        const auto path = m_folder.path() / name;
        EXPECT_TRUE(writeFileAtomically(path, bytes));
        return path.string();
    }
    TemporaryFolder m_folder;
};

TEST_F(InspectAndDiff, ShowsMessageActionsAndBytes)
{
    const std::string file = put("a.hef", tinyHef(0.5F));
    const HefcResult tree = hefc({"inspect", file, "--tree"});
    EXPECT_EQ(tree.exitCode, 0);
    EXPECT_THAT(tree.out, HasSubstr("network_group_name: \"tiny_emulation\""));
    const HefcResult actions = hefc({"inspect", file, "--actions"});
    EXPECT_EQ(actions.exitCode, 0);
    EXPECT_THAT(actions.out, HasSubstr("context 0"));
    const HefcResult sections = hefc({"inspect", file, "--sections"});
    EXPECT_EQ(sections.exitCode, 0);
    EXPECT_THAT(sections.out, HasSubstr("blob hefstudio.program"));
    const HefcResult all = hefc({"inspect", file, "--json", "--tree", "--actions"});
    ASSERT_EQ(all.exitCode, 0);
    const json document = json::parse(all.out);
    EXPECT_EQ(document["message"]["header"]["hw_arch"], 3);
    EXPECT_EQ(document["operations"].size(), 4U) << "two layouts, start-up and context each";
    EXPECT_EQ(hefc({"inspect", file, "--parse-hef", "--tree"}).exitCode, 2);
}

TEST_F(InspectAndDiff, DiffAnswersByItsExitCode)
{
    const std::string a = put("a.hef", tinyHef(0.5F));
    const std::string b = put("b.hef", tinyHef(0.25F));
    const HefcResult same = hefc({"diff", a, a});
    EXPECT_EQ(same.exitCode, 0);
    EXPECT_EQ(same.out, "The files are the same.\n");
    const HefcResult other = hefc({"diff", a, b});
    EXPECT_EQ(other.exitCode, 1);
    EXPECT_THAT(other.out, HasSubstr("the scale of output tiny_emulation/output: 0.5 / 0.25"));
    const HefcResult document = hefc({"diff", a, b, "--json"});
    EXPECT_EQ(document.exitCode, 1);
    EXPECT_EQ(json::parse(document.out)["same"], false);
    EXPECT_EQ(hefc({"diff", a, put("c.hef", Bytes(100))}).exitCode, 3);
    EXPECT_EQ(hefc({"diff", a, a + ".gone"}).exitCode, 3);
}

TEST_F(InspectAndDiff, ADamagedFileIsShownButNotParsed)
{
    Bytes bytes = tinyHef(0.5F);
    bytes.back() ^= std::byte(1);
    const std::string file = put("damaged.hef", bytes);
    const HefcResult shown = hefc({"inspect", file});
    EXPECT_EQ(shown.exitCode, 0);
    EXPECT_THAT(shown.out, HasSubstr("damaged"));
    const HefcResult parsed = hefc({"inspect", file, "--parse-hef"});
    EXPECT_EQ(parsed.exitCode, 3);
    EXPECT_EQ(parsed.out, "");
    EXPECT_THAT(parsed.err, HasSubstr("[hef.hash-mismatch]"));
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // they take their own time

double childSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    const auto seconds = [](const timeval &t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Processor time of the whole process, the best of some runs: what else the machine does must not
// decide a test.
TEST_F(InspectAndDiff, TenMegabytesAreInspectedIn60Milliseconds)
{
    const std::string file = put("large.hef", tinyHef(0.5F, 10'000'000));
    double best = 1;
    for (int run = 0; run < 5; ++run) {
        const double before = childSeconds();
        EXPECT_EQ(hefc({"inspect", file}).exitCode, 0);
        best = std::min(best, childSeconds() - before);
    }
    RecordProperty("milliseconds", std::to_string(best * 1000));
    EXPECT_LT(best, 0.060);
}

#endif

} // namespace

} // namespace hefstudio
