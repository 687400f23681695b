// A HEF that is a ZIP as well, in every header version, and back to the byte.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_sealing.h"

#include "base/file.h"
#include "base/hash.h"
#include "hef/appended_zip.h"
#include "hef/hef_reader.h"
#include "hef/parse_hef_text.h"
#include "hef_world.h"
#include "result_matchers.h"
#include "shared_folder.h"

#include <gtest/gtest.h>

namespace hefstudio {
namespace {

using test::putBigEndian;

// The message of a small emulation HEF in a container of any version, blobs and hash included.
Bytes hefOfVersion(std::uint32_t version)
{
    const auto whole = *emulationHefBytes(test::singleContext(HefChip::hailo8l));
    const auto file = *parseHefContainer(whole, "tiny.hef");
    const auto message = file.of(file.proto);
    const auto words = file.of(file.ccws);
    constexpr std::size_t headers[] = {32, 28, 44, 56};
    constexpr std::size_t padding = 8;
    Bytes bytes(headers[version]);
    const auto append = [&bytes](std::span<const std::byte> more) {
        bytes.insert(bytes.end(), more.begin(), more.end());
    };
    append(message);
    if (version == 3)
        append(Bytes(padding));
    if (version > 0)
        append(words);
    putBigEndian(bytes, 0, hefMagic, 4);
    putBigEndian(bytes, 4, version, 4);
    putBigEndian(bytes, 8, message.size(), 4);
    const auto covered = std::span<const std::byte>(bytes).subspan(headers[version]);
    switch (version) {
    case 0:
        std::ranges::copy(md5(covered), bytes.begin() + 16);
        break;
    case 1:
        putBigEndian(bytes, 12, crc32(covered), 4);
        putBigEndian(bytes, 16, words.size(), 8);
        break;
    case 2:
        putBigEndian(bytes, 12, xxh3_64(covered), 8);
        putBigEndian(bytes, 20, words.size(), 8);
        break;
    default:
        putBigEndian(bytes, 12, xxh3_64(covered), 8);
        putBigEndian(bytes, 20, words.size() + padding, 8);
        putBigEndian(bytes, 28, padding, 4);
        putBigEndian(bytes, 40, xxh3_64(message), 8);
        break;
    }
    return bytes;
}

std::vector<ArchiveMember> members()
{
    const auto bytes = asBytes("cup\nlid\n");
    return {{"edgefirst.json", Bytes(asBytes("{}").begin(), asBytes("{}").end())},
            {"labels.txt", Bytes(bytes.begin(), bytes.end())}};
}

HefFile parsed(const Bytes &bytes)
{
    auto file = parseHefContainer(bytes, "tiny.hef");
    EXPECT_TRUE(file) << failureText(file);
    return file ? *file : HefFile{};
}

class EveryVersion : public testing::TestWithParam<std::uint32_t> {};

TEST_P(EveryVersion, SealedIsAValidHefAndAValidZip)
{
    const Bytes original = hefOfVersion(GetParam());
    ASSERT_TRUE(verifyHashes(parsed(original)));
    const auto sealed = withZip(parsed(original), members());
    ASSERT_TRUE(sealed) << failureText(sealed);
    const HefFile file = parsed(*sealed);
    EXPECT_EQ(file.tail.size, 0);
    EXPECT_TRUE(verifyHashes(file)) << failureText(verifyHashes(file));
    // The ZIP on its own, as a ZIP reader sees the file.
    EXPECT_EQ(*readArchive(*sealed, ArchiveForm::zip, "tiny.hef"), members());
    const auto zip = findAppendedZip(file);
    ASSERT_TRUE(zip);
    EXPECT_TRUE(zip->isSealed);
    // What the runtime reads has not changed.
    const auto before = Hef::fromBytes(original, "tiny.hef");
    const auto after = Hef::fromBytes(*sealed, "tiny.hef");
    ASSERT_TRUE(after) << failureText(after);
    EXPECT_EQ(*parseHefText(*after, {}), *parseHefText(*before, {}));
    EXPECT_EQ(after->container().header.protoHash, before->container().header.protoHash);
    EXPECT_EQ(after->container().paddingBytes, before->container().paddingBytes);
}

TEST_P(EveryVersion, TheOriginalComesBackToTheByte)
{
    const Bytes original = hefOfVersion(GetParam());
    for (const ZipPlacement placement : {ZipPlacement::sealed, ZipPlacement::appended}) {
        const auto with = withZip(parsed(original), members(), placement);
        ASSERT_TRUE(with) << failureText(with);
        EXPECT_EQ(parsed(*with).tail.size > 0, placement == ZipPlacement::appended);
        EXPECT_EQ(*withoutZip(parsed(*with)), original);
        // A second ZIP replaces the first one.
        const std::vector<ArchiveMember> one{members().front()};
        const auto again = withZip(parsed(*with), one, placement);
        EXPECT_EQ(membersOfZip(parsed(*again))->size(), 1);
        EXPECT_EQ(*withoutZip(parsed(*again)), original);
    }
}

TEST_P(EveryVersion, ADamagedFileIsNotTouched)
{
    Bytes bytes = hefOfVersion(GetParam());
    bytes.back() ^= std::byte(1);
    EXPECT_EQ(failureId(withZip(parsed(bytes), members())), "hef.hash-mismatch");
    EXPECT_EQ(failureId(withoutZip(parsed(bytes))), "hef.hash-mismatch");
}

INSTANTIATE_TEST_SUITE_P(HefSealing, EveryVersion, testing::Values(0U, 1U, 2U, 3U));

TEST(HefSealing, SealsTheSectionThatNoDeviceMaps)
{
    const Bytes original = hefOfVersion(3);
    const auto sealed = withZip(parsed(original), members());
    EXPECT_EQ(parsed(*sealed).ccws, parsed(original).ccws);
    EXPECT_GT(parsed(*sealed).additionalInfo.size, parsed(original).additionalInfo.size);
}

TEST(HefSealing, EveryPrefixOfASealedFileIsAnswered)
{
    for (const std::uint32_t version : {0U, 2U}) {
        const auto sealed = withZip(parsed(hefOfVersion(version)), members());
        for (std::size_t size = 0; size < sealed->size(); ++size) {
            const auto part = std::span(*sealed).first(size);
            if (const auto file = parseHefContainer(part, "cut.hef")) {
                (void)membersOfZip(*file);
                (void)withoutZip(*file);
            }
        }
    }
}

TEST(HefSealing, FlippedDirectoriesAreAnswered)
{
    const auto whole = *withZip(parsed(hefOfVersion(2)), members());
    const auto zip = *findAppendedZip(parsed(whole));
    for (std::size_t at = zip.offset; at < whole.size(); ++at)
        for (const int flip : {0x01, 0x80, 0xff}) {
            Bytes bytes = whole;
            bytes[at] ^= std::byte(flip);
            (void)membersOfZip(parsed(bytes));
            (void)findAppendedZip(parsed(bytes));
        }
}

TEST(HefSealing, AForeignTailIsNotSwallowed)
{
    Bytes bytes = hefOfVersion(2);
    bytes.push_back(std::byte(7));
    EXPECT_EQ(failureId(withZip(parsed(bytes), members())), "metadata.tail");
}

TEST(HefSealing, RealFilesComeBackToTheByte)
{
    REQUIRE_SHARED_FOLDER(shared);
    for (const char *name : {"fast_depth-hailo8l-v0.hef", "arcface_mobilefacenet-hailo8-v1.hef",
                             "arcface_mobilefacenet-hailo8-v2.hef", "scrfd_2.5g-hailo15h-v3.hef"}) {
        const auto original = readFile(shared / "hefs" / name);
        ASSERT_TRUE(original);
        const auto sealed = withZip(parsed(*original), members());
        ASSERT_TRUE(sealed) << name << failureText(sealed);
        EXPECT_TRUE(verifyHashes(parsed(*sealed))) << name;
        EXPECT_EQ(*membersOfZip(parsed(*sealed)), members()) << name;
        EXPECT_EQ(*withoutZip(parsed(*sealed)), *original) << name;
        const auto text = [](const Bytes &bytes) {
            return *parseHefText(*Hef::fromBytes(bytes, "real.hef"), {.streams = true});
        };
        EXPECT_EQ(text(*sealed), text(*original)) << name;
    }
}

} // namespace
} // namespace hefstudio
