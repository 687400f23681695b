// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"
#include "base/hash.h"
#include "base/stage_cache.h"

#include "result_matchers.h"
#include "temporary_folder.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <gtest/gtest.h>
#include <thread>

using namespace hefstudio;

namespace {

std::ptrdiff_t fileCount(const std::filesystem::path &folder)
{
    return std::distance(std::filesystem::directory_iterator(folder), {});
}

} // namespace

TEST(ReadFile, NamesWhatIsWrong)
{
    const TemporaryFolder folder;
    std::ofstream(folder / "empty").close();
    EXPECT_EQ(failureId(readFile(folder / "absent")), "file.not-found");
    EXPECT_EQ(failureId(readFile(folder.path())), "file.is-directory");
    EXPECT_EQ(failureId(readFile(folder / "empty")), "file.empty");
    EXPECT_EQ(failureId(MappedFile::open(folder / "empty")), "file.empty");
    std::ofstream(folder / "big") << "12345";
    EXPECT_EQ(failureId(readFile(folder / "big", {.maxBytes = 4})), "file.too-large");
    EXPECT_EQ(*readTextFile(folder / "big"), "12345");
}

TEST(AtomicFile, LeavesNothingUnlessCommitted)
{
    const TemporaryFolder folder;
    {
        auto file = AtomicFile::create(folder / "out");
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->write(asBytes("half")));
    }
    EXPECT_EQ(fileCount(folder.path()), 0);
    ASSERT_TRUE(writeFileAtomically(folder / "out", asBytes("first")));
    ASSERT_TRUE(writeFileAtomically(folder / "out", asBytes("second")));
    EXPECT_EQ(*readTextFile(folder / "out"), "second");
    EXPECT_EQ(fileCount(folder.path()), 1);
}

TEST(AtomicFile, ReplacesWhatAKilledProcessLeft)
{
    const TemporaryFolder folder;
    std::ofstream(folder / ".out.part") << "half";
    ASSERT_TRUE(writeFileAtomically(folder / "out", asBytes("first")));
    std::ofstream(folder / ".out.part") << "half";
    ASSERT_TRUE(writeFileAtomically(folder / "out", asBytes("second")));
    EXPECT_EQ(*readTextFile(folder / "out"), "second");
    EXPECT_FALSE(std::filesystem::exists(folder / ".out.part"));
}

TEST(AtomicFile, TwoWritersOfOneTargetBothEndWithAWholeFile)
{
    const TemporaryFolder folder;
    std::vector<std::thread> writers;
    std::atomic<int> failures = 0;
    for (const char digit : {'1', '2', '3'})
        writers.emplace_back([&, text = std::string(5000, digit)] {
            for (int i = 0; i < 50; ++i)
                failures += writeFileAtomically(folder / "out", asBytes(text)) ? 0 : 1;
        });
    for (auto &writer : writers)
        writer.join();
    EXPECT_EQ(failures, 0);
    const auto text = *readTextFile(folder / "out");
    EXPECT_EQ(text, std::string(5000, text.front()));
    EXPECT_EQ(fileCount(folder.path()), 1);
}

TEST(AtomicFile, ReportsAnUnwritableTarget)
{
    const TemporaryFolder folder;
    EXPECT_EQ(failureId(writeFileAtomically(folder / "no/such/place", asBytes("x"))),
              "file.not-writable");
    EXPECT_EQ(failureId(checkWritable(folder.path())), "file.not-writable");
    EXPECT_EQ(fileCount(folder.path()), 0);
}

TEST(Hash, MatchesPublishedVectors)
{
    EXPECT_EQ(sha256Hex(asBytes("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(crc32(asBytes("123456789")), 0xCBF43926U);
    EXPECT_EQ(std::to_integer<int>(md5(asBytes(""))[0]), 0xD4);
    EXPECT_EQ(xxh3_64({}), 0x2D06800538D394C2ULL);
    Sha256 pieces;
    pieces.add(asBytes("a"));
    pieces.add(asBytes("bc"));
    EXPECT_EQ(pieces.hex(), sha256Hex(asBytes("abc")));
}

TEST(StageCache, ForgetsDamagedEntries)
{
    const TemporaryFolder folder;
    FolderStageCache cache(folder / "cache");
    const StageKey key{"import", "0123"};
    EXPECT_FALSE(cache.load(key));
    cache.store(key, asBytes("value"));
    ASSERT_TRUE(cache.load(key));
    EXPECT_EQ(cache.load(key)->size(), 5U);
    const auto entry = *std::filesystem::directory_iterator(folder / "cache");
    std::fstream(entry.path(), std::ios::in | std::ios::out | std::ios::ate) << "tail";
    EXPECT_FALSE(cache.load(key));
}

TEST(StageCache, KeepsItsLimitAndForgetsWhatWasUsedLongestAgo)
{
    const TemporaryFolder folder;
    FolderStageCache cache(folder / "cache", 2500);
    const std::string value(1000, 'x');
    cache.store({"a", "1"}, asBytes(value));
    cache.store({"b", "2"}, asBytes(value));
    std::filesystem::last_write_time(folder / "cache/a-1.stage",
                                     std::filesystem::file_time_type::clock::now() -
                                         std::chrono::hours(2));
    std::filesystem::last_write_time(folder / "cache/b-2.stage",
                                     std::filesystem::file_time_type::clock::now() -
                                         std::chrono::hours(1));
    ASSERT_TRUE(cache.load({"a", "1"})); // used now
    cache.store({"c", "3"}, asBytes(value));
    EXPECT_TRUE(cache.load({"a", "1"}));
    EXPECT_FALSE(cache.load({"b", "2"}));
    EXPECT_TRUE(cache.load({"c", "3"}));
    cache.store({"d", "4"}, asBytes(std::string(3000, 'x'))); // alone too large
    EXPECT_EQ(cache.entries().size(), 2U);
    EXPECT_EQ(cache.clear(), 2U);
    EXPECT_TRUE(cache.entries().empty());
}
