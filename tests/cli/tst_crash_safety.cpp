// A conversion that is killed, runs out of disk or may not write: what was there stays whole, what
// was not there is not there in part, and the next run gives the same bytes as if nothing had
// happened. HEFSTUDIO_TEST_FULL kills ten times as often.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "base/file.h"
#include "base/npy.h"
#include "onnx_builder.h"
#include "temporary_folder.h"

#include <csignal>
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <sys/resource.h>
#include <unistd.h>

using namespace hefstudio;
using testing::HasSubstr;

namespace {

using Contents = std::map<std::string, Bytes>;

Contents contentsOf(const std::filesystem::path &folder)
{
    Contents contents;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        contents[entry.path().filename().string()] =
            readFile(entry.path(), {.refuseEmpty = false}).value_or(Bytes());
    return contents;
}

// 3×16×16 → two convolutions → ten scores, and eight samples of noise to calibrate with.
void makeTinyProject(const std::filesystem::path &folder)
{
    std::filesystem::create_directory(folder);
    OnnxBuilder model(13);
    model.input("x", {1, 3, 16, 16})
        .floats("w1", {8, 3, 3, 3})
        .node("Conv", {"x", "w1"}, {"a"}, {{"pads", {1, 1, 1, 1}}, {"strides", {2, 2}}})
        .node("Relu", {"a"}, {"b"})
        .floats("w2", {10, 8, 1, 1})
        .node("Conv", {"b", "w2"}, {"c"})
        .node("GlobalAveragePool", {"c"}, {"y"})
        .output("y");
    ASSERT_TRUE(writeFileAtomically(folder / "tiny.onnx", model.bytes()));
    Tensor samples(ElementType::uint8, Shape({8, 16, 16, 3}));
    std::mt19937 random(1);
    for (auto &value : samples.bytes())
        value = std::byte(random());
    ASSERT_TRUE(writeNpy(folder / "samples.npy", samples));
}

class CrashSafety : public testing::Test {
protected:
    void SetUp() override
    {
        makeTinyProject(m_project);
        std::filesystem::create_directory(m_out);
        const auto whole = hefc(conversion());
        ASSERT_EQ(whole.exitCode, 0) << whole.err;
        m_wanted = contentsOf(m_out);
        ASSERT_EQ(m_wanted.size(), 4U); // HEF, archive, recipe, its side file
    }

    // All files that two runs have alike, into the out folder; a report has times.
    std::vector<std::string> conversion(const std::string &preset = "fast") const
    {
        return {"convert",
                m_project / "tiny.onnx",
                "--calib",
                m_project / "samples.npy",
                "--normalize",
                "0/255",
                "--preset",
                preset,
                "-o",
                m_out / "tiny.hef",
                "--har",
                m_out / "tiny.har",
                "--save-recipe",
                m_out / "tiny.json",
                "--root",
                "project=" + m_project.string(),
                "--cache",
                m_cache};
    }

    // Whole files of the reference run, or nothing.
    void expectNothingPartial(const Contents &found) const
    {
        for (const auto &[name, bytes] : found) {
            ASSERT_TRUE(m_wanted.contains(name)) << name << " was left behind";
            EXPECT_EQ(bytes, m_wanted.at(name)) << name << " is not whole";
        }
    }

    void empty(const std::filesystem::path &folder) const
    {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directory(folder);
    }

    TemporaryFolder m_folder;
    std::filesystem::path m_project = m_folder / "project";
    std::filesystem::path m_out = m_folder / "out";
    std::filesystem::path m_cache = m_folder / "cache";
    Contents m_wanted;
};

// The soft limit of a file's size, for this process and those it starts.
class FileSizeLimit {
public:
    explicit FileSizeLimit(std::uint64_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &m_before); }
    FileSizeLimit(const FileSizeLimit &) = delete;
    FileSizeLimit &operator=(const FileSizeLimit &) = delete;

private:
    rlimit m_before{};
};

// Root may write everywhere; a process of its with another effective user may not.
class OrdinaryUser {
public:
    OrdinaryUser() : m_isRoot(::geteuid() == 0 && ::seteuid(65534) == 0) {}
    ~OrdinaryUser()
    {
        if (m_isRoot && ::seteuid(0) != 0)
            std::abort();
    }
    OrdinaryUser(const OrdinaryUser &) = delete;
    OrdinaryUser &operator=(const OrdinaryUser &) = delete;

private:
    bool m_isRoot;
};

} // namespace

TEST_F(CrashSafety, KilledAtAnyMomentTheNextRunGivesTheSameBytes)
{
    const int moments = std::getenv("HEFSTUDIO_TEST_FULL") ? 200 : 20;
    empty(m_cache);
    const auto start = std::chrono::steady_clock::now();
    ASSERT_EQ(hefc(conversion()).exitCode, 0);
    const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - start);
    std::mt19937 random(7);
    std::uniform_int_distribution<std::int64_t> when(whole.count() / 20, whole.count());
    int killed = 0;
    for (int moment = 0; moment < moments; ++moment) {
        const auto after = std::chrono::microseconds(when(random));
        SCOPED_TRACE("moment " + std::to_string(moment) + ", after " +
                     std::to_string(after.count()) + " µs");
        // Every other time over a finished result: that stays until the new one is whole.
        if (moment % 2 == 0)
            empty(m_out);
        empty(m_cache);
        const auto broken = hefcKilledAfter(conversion(), after);
        killed += broken.exitCode == 128 + SIGKILL ? 1 : 0;
        // A part file may be there for the length of a renaming; the next run takes it away.
        auto found = contentsOf(m_out);
        std::erase_if(found, [](const auto &file) { return file.first.ends_with(".part"); });
        expectNothingPartial(found);
        const auto again = hefc(conversion());
        ASSERT_EQ(again.exitCode, 0) << again.err;
        EXPECT_EQ(contentsOf(m_out), m_wanted);
        for (const auto &entry : std::filesystem::directory_iterator(m_cache))
            EXPECT_EQ(entry.path().extension(), ".stage") << entry.path();
    }
    RecordProperty("killed", killed);
    std::printf("%d of %d runs were killed before their end\n", killed, moments);
    EXPECT_GE(killed, moments / 2);
}

TEST_F(CrashSafety, FinishedStagesAreUsedAgainAndDamagedOnesAreNot)
{
    empty(m_cache);
    ASSERT_EQ(hefc(conversion("accurate")).exitCode, 0);
    const auto wanted = contentsOf(m_out);
    const auto again = hefc(conversion("accurate"));
    EXPECT_EQ(contentsOf(m_out), wanted);
    for (const char *stage : {"calibrate", "quantize", "map"})
        EXPECT_THAT(again.err, testing::ContainsRegex(std::string(stage) + ".*kept from an earlier"));
    // Another preset shares the calibration, and loads the pictures that rounding looks at.
    EXPECT_THAT(hefc(conversion("balanced")).err,
                testing::ContainsRegex("calibrate.*kept from an earlier"));
    for (const auto &entry : std::filesystem::directory_iterator(m_cache)) {
        auto bytes = *readFile(entry.path());
        bytes[bytes.size() / 2] ^= std::byte(1);
        ASSERT_TRUE(writeFileAtomically(entry.path(), bytes));
    }
    const auto mended = hefc(conversion("accurate"));
    EXPECT_EQ(mended.exitCode, 0) << mended.err;
    EXPECT_THAT(mended.err, testing::Not(HasSubstr("kept from an earlier")));
    EXPECT_EQ(contentsOf(m_out), wanted);
}

TEST_F(CrashSafety, CacheShowsWhatItHasKeepsItsLimitAndIsCleared)
{
    const auto shown = hefc({"cache", "show", "--cache", m_cache});
    EXPECT_THAT(shown.out, HasSubstr("3 finished stages"));
    EXPECT_THAT(hefc({"cache", "show", "--cache", m_cache, "--json"}).out,
                HasSubstr("\"stage\": \"calibrate\""));
    EXPECT_THAT(hefc({"cache", "clear", "--cache", m_cache}).out,
                HasSubstr("3 finished stages removed"));
    EXPECT_TRUE(std::filesystem::is_empty(m_cache));
    EXPECT_THAT(hefc({"cache", "clear", "--cache", m_folder / "nowhere"}).out, HasSubstr("0 "));
}

TEST_F(CrashSafety, AFullDiskAtAnyWriteLeavesNothingPartial)
{
    std::vector<std::uint64_t> limits{0, 1};
    std::uint64_t largest = 0;
    for (const auto &[name, bytes] : m_wanted) {
        limits.push_back(bytes.size() / 2);
        limits.push_back(bytes.size() - 1);
        largest = std::max<std::uint64_t>(largest, bytes.size());
    }
    for (const auto limit : limits) {
        SCOPED_TRACE("files of at most " + std::to_string(limit) + " bytes");
        empty(m_out);
        const FileSizeLimit full(limit);
        const auto result = hefc(conversion());
        EXPECT_EQ(result.exitCode, 4) << result.err;
        EXPECT_THAT(result.err, HasSubstr("[file.disk-full]"));
        expectNothingPartial(contentsOf(m_out));
    }
    // A cache that has no room costs time, nothing else.
    empty(m_out);
    empty(m_cache);
    const FileSizeLimit enough(largest);
    EXPECT_EQ(hefc(conversion()).exitCode, 0);
    EXPECT_EQ(contentsOf(m_out), m_wanted);
}

TEST_F(CrashSafety, AReadOnlyFolderAtAnyWriteIsNamedBeforeTheWork)
{
    const auto locked = m_folder / "locked";
    std::filesystem::create_directory(locked);
    ::chmod(locked.c_str(), 0555);
    ::chmod(m_folder.path().c_str(), 0755);
    ::chmod(m_out.c_str(), 0777);
    ::chmod(m_cache.c_str(), 0555); // of the cache it does not matter
    for (const auto &[option, file] :
         {std::pair("-o", "tiny.hef"), std::pair("--har", "tiny.har"),
          std::pair("--save-recipe", "tiny.json"), std::pair("--report", "report.json")}) {
        SCOPED_TRACE(option);
        empty(m_out);
        ::chmod(m_out.c_str(), 0777);
        auto arguments = conversion();
        const auto at = std::ranges::find(arguments, option);
        if (at == arguments.end())
            arguments.insert(arguments.end(), {option, (locked / file).string()});
        else
            *(at + 1) = (locked / file).string();
        const auto result = [&] {
            const OrdinaryUser user;
            return hefc(arguments);
        }();
        if (result.exitCode == -1)
            GTEST_SKIP() << "an ordinary user cannot start hefc here";
        EXPECT_EQ(result.exitCode, 4) << result.err;
        EXPECT_THAT(result.err, HasSubstr("[file.not-writable]"));
        EXPECT_THAT(result.err, testing::Not(HasSubstr("calibrate "))); // nothing was computed
        EXPECT_TRUE(std::filesystem::is_empty(m_out));
        EXPECT_TRUE(std::filesystem::is_empty(locked));
    }
    ::chmod(m_out.c_str(), 0777);
    const OrdinaryUser user;
    const auto fine = hefc(conversion());
    EXPECT_EQ(fine.exitCode, 0) << fine.err;
}
