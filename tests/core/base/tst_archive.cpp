// Archives of strangers: what they may hold, and what they may not do.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/archive.h"

#include "result_matchers.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

Bytes bytesOf(std::string_view text)
{
    const auto bytes = asBytes(text);
    return Bytes(bytes.begin(), bytes.end());
}

std::vector<ArchiveMember> twoFiles()
{
    return {{"edgefirst.json", bytesOf("{}")}, {"labels.txt", bytesOf("cup\nlid\n")}};
}

// An archive as a hostile hand makes it: any name, any kind of entry, packed or not.
struct HostileEntry {
    std::string name;
    std::string content;
    unsigned fileType = AE_IFREG;
    std::string linkTo;
};
Bytes hostile(ArchiveForm form, const std::vector<HostileEntry> &entries, bool isPacked = false)
{
    Bytes bytes;
    archive *writer = archive_write_new();
    if (form == ArchiveForm::zip) {
        archive_write_set_format_zip(writer);
    } else {
        archive_write_set_format_pax_restricted(writer);
        if (isPacked)
            archive_write_add_filter_gzip(writer);
    }
    archive_write_open(
        writer, &bytes, nullptr,
        [](archive *, void *to, const void *data, std::size_t size) -> la_ssize_t {
            const auto *from = static_cast<const std::byte *>(data);
            static_cast<Bytes *>(to)->insert(static_cast<Bytes *>(to)->end(), from, from + size);
            return static_cast<la_ssize_t>(size);
        },
        nullptr);
    for (const HostileEntry &item : entries) {
        archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, item.name.c_str());
        archive_entry_set_filetype(entry, item.fileType);
        archive_entry_set_perm(entry, 0644);
        if (item.fileType == AE_IFLNK)
            archive_entry_set_symlink(entry, item.linkTo.c_str());
        else if (!item.linkTo.empty())
            archive_entry_set_hardlink(entry, item.linkTo.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(item.content.size()));
        archive_write_header(writer, entry);
        archive_write_data(writer, item.content.data(), item.content.size());
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    return bytes;
}

} // namespace

TEST(Archive, ReadsWhatItWrites)
{
    EXPECT_EQ(*readArchive(*zipBytes(twoFiles()), ArchiveForm::zip, "x"), twoFiles());
    const auto tar = tarBytes(twoFiles());
    EXPECT_EQ(*readArchive(*tar, ArchiveForm::tar, "x"), twoFiles());
    EXPECT_EQ(tar->size() % 10240, 0);
    EXPECT_EQ(*tarBytes(twoFiles()), *tar);
}

TEST(Archive, AZipMayStandBehindOtherBytes)
{
    Bytes file = bytesOf("not a zip yet");
    const auto zip = zipBytes(twoFiles(), file.size());
    file.insert(file.end(), zip->begin(), zip->end());
    EXPECT_EQ(*readArchive(file, ArchiveForm::zip, "x"), twoFiles());
}

TEST(Archive, ReadsPackedFormsAndSkipsFolders)
{
    const std::vector<HostileEntry> entries{{"net", "", AE_IFDIR, {}}, {"./net/a.txt", "a"}};
    const std::vector<ArchiveMember> wanted{{"net/a.txt", bytesOf("a")}};
    EXPECT_EQ(*readArchive(hostile(ArchiveForm::zip, entries), ArchiveForm::zip, "x"), wanted);
    EXPECT_EQ(*readArchive(hostile(ArchiveForm::tar, entries, true), ArchiveForm::tar, "x"),
              wanted);
}

TEST(Archive, LeavesOutWhatNobodyWants)
{
    const auto members = readArchive(*tarBytes(twoFiles()), ArchiveForm::tar, "x", {},
                                     [](const std::string &name, std::uint64_t) { return name == "labels.txt"; });
    ASSERT_EQ(members->size(), 1);
    EXPECT_EQ(members->front().name, "labels.txt");
}

TEST(Archive, RefusesNamesThatLeaveTheFolder)
{
    for (const char *name :
         {"../evil", "/etc/passwd", "a/../../evil", "..", "a\\..\\evil", "C:/evil"}) {
        EXPECT_FALSE(isSafeMemberName(name)) << name;
        for (const ArchiveForm form : {ArchiveForm::zip, ArchiveForm::tar})
            EXPECT_EQ(failureId(readArchive(hostile(form, {{name, "x"}}), form, "x")),
                      "archive.unsafe-name")
                << name;
    }
    for (const char *name : {"a", "a/b", "net/conv1/kernel:0.npy", "..a", "a..b/c"})
        EXPECT_TRUE(isSafeMemberName(name)) << name;
}

TEST(Archive, RefusesLinksAndDuplicates)
{
    EXPECT_EQ(
        failureId(readArchive(hostile(ArchiveForm::tar, {{"link", "", AE_IFLNK, "/etc/passwd"}}),
                              ArchiveForm::tar, "x")),
        "archive.unsafe-member");
    EXPECT_EQ(
        failureId(readArchive(hostile(ArchiveForm::tar, {{"link", "", AE_IFREG, "/etc/passwd"}}),
                              ArchiveForm::tar, "x")),
        "archive.unsafe-member");
    for (const ArchiveForm form : {ArchiveForm::zip, ArchiveForm::tar})
        EXPECT_EQ(failureId(readArchive(hostile(form, {{"a", "1"}, {"a", "2"}}), form, "x")),
                  "archive.duplicate");
}

TEST(Archive, RefusesBombs)
{
    const std::string zeros(std::size_t(1) << 20, '\0');
    const Bytes packed = hostile(ArchiveForm::tar, {{"zeros", zeros}}, true);
    ASSERT_LT(packed.size(), zeros.size() / 64);
    EXPECT_EQ(failureId(readArchive(packed, ArchiveForm::tar, "x",
                                    {.freeBytes = 1 << 16, .maxGrowth = 10})),
              "archive.too-large");
    EXPECT_EQ(failureId(readArchive(packed, ArchiveForm::tar, "x", {.maxMemberBytes = 1 << 19})),
              "archive.too-large");
    EXPECT_TRUE(readArchive(packed, ArchiveForm::tar, "x"));
    EXPECT_EQ(
        failureId(readArchive(*zipBytes(twoFiles()), ArchiveForm::zip, "x", {.maxMembers = 1})),
        "archive.too-large");
}

TEST(Archive, EveryTruncationIsAnswered)
{
    const auto zip = *zipBytes(twoFiles());
    for (std::size_t size = 0; size < zip.size(); ++size)
        EXPECT_FALSE(readArchive(std::span(zip).first(size), ArchiveForm::zip, "cut"));
    const auto tar = *tarBytes(twoFiles());
    for (std::size_t size = 0; size < tar.size(); size += 7)
        (void)readArchive(std::span(tar).first(size), ArchiveForm::tar, "cut");
}
