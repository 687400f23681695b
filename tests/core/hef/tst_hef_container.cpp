// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_container.h"

#include "base/hash.h"
#include "hef/hef_reader.h"
#include "hef/parse_hef_text.h"
#include "hef/runtime_status.h"
#include "hef_world.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace hefstudio {

namespace {

using test::putBigEndian;

// "abc" as the message, "12345678" as configuration words, "end" as additional information.
constexpr std::string_view message = "abc";
constexpr std::string_view words = "12345678";
constexpr std::string_view extra = "end";
constexpr std::size_t padding = 5;

Bytes container(std::uint32_t version)
{
    constexpr std::size_t headers[] = {32, 28, 44, 56};
    const std::size_t header = headers[version];
    std::string body(message);
    if (version == 3)
        body.append(padding, '\0');
    if (version > 0)
        body += words;
    if (version == 3)
        body += extra;
    Bytes bytes(header + body.size());
    std::ranges::copy(asBytes(body), bytes.begin() + static_cast<std::ptrdiff_t>(header));
    const auto covered = std::span(bytes).subspan(header);
    putBigEndian(bytes, 0, hefMagic, 4);
    putBigEndian(bytes, 4, version, 4);
    putBigEndian(bytes, 8, message.size(), 4);
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
        putBigEndian(bytes, 32, extra.size(), 8);
        putBigEndian(bytes, 40, xxh3_64(asBytes(message)), 8);
        break;
    }
    return bytes;
}

std::string text(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

std::string failureOf(const Bytes &bytes)
{
    const auto file = parseHefContainer(bytes, "a.hef");
    return file ? std::string() : file.error().front().id;
}

TEST(HefContainer, FindsTheSectionsOfEveryVersion)
{
    for (const std::uint32_t version : {0U, 1U, 2U, 3U}) {
        const Bytes bytes = container(version);
        const auto file = parseHefContainer(bytes, "a.hef");
        ASSERT_TRUE(file) << version;
        EXPECT_EQ(file->header.version, version);
        EXPECT_EQ(text(file->of(file->proto)), message);
        EXPECT_EQ(text(file->of(file->ccws)), version == 0 ? "" : words);
        EXPECT_EQ(text(file->of(file->additionalInfo)), version == 3 ? extra : "");
        EXPECT_EQ(file->tail.size, 0U);
        EXPECT_TRUE(verifyHashes(*file)) << version;
    }
}

TEST(HefContainer, KeepsAnAppendedTailOutOfTheSections)
{
    for (const std::uint32_t version : {0U, 1U, 2U, 3U}) {
        Bytes bytes = container(version);
        bytes.push_back(std::byte('Z'));
        const auto file = parseHefContainer(bytes, "a.hef");
        ASSERT_TRUE(file);
        EXPECT_EQ(text(file->of(file->tail)), "Z");
        EXPECT_TRUE(verifyHashes(*file)) << "the checksum ends where the header says";
    }
}

TEST(HefContainer, NoticesEveryFlippedByte)
{
    for (const std::uint32_t version : {0U, 1U, 2U, 3U}) {
        const Bytes whole = container(version);
        const auto file = parseHefContainer(whole, "a.hef");
        for (std::size_t i = file->header.headerBytes; i < whole.size(); ++i) {
            Bytes bytes = whole;
            bytes[i] ^= std::byte(0x20);
            const auto damaged = parseHefContainer(bytes, "a.hef");
            ASSERT_TRUE(damaged);
            const auto verified = verifyHashes(*damaged);
            ASSERT_FALSE(verified) << version << " byte " << i;
            EXPECT_EQ(verified.error().front().id, "hef.hash-mismatch");
        }
    }
}

TEST(HefContainer, RefusesWhatIsNoHef)
{
    EXPECT_EQ(failureOf({}), "hef.not-a-hef");
    EXPECT_EQ(failureOf(Bytes(11)), "hef.not-a-hef");
    EXPECT_EQ(failureOf(Bytes(100)), "hef.not-a-hef");
    Bytes future = container(2);
    putBigEndian(future, 4, 4, 4);
    EXPECT_EQ(failureOf(future), "hef.unsupported-version");
}

TEST(HefContainer, RefusesEveryPrefix)
{
    for (const std::uint32_t version : {0U, 1U, 2U, 3U}) {
        const Bytes whole = container(version);
        for (std::size_t size = 12; size < whole.size(); ++size)
            EXPECT_EQ(failureOf(Bytes(whole.begin(), whole.begin() + std::ptrdiff_t(size))),
                      "hef.truncated");
    }
}

TEST(HefContainer, RefusesSizesThatWouldWrap)
{
    Bytes bytes = container(2);
    putBigEndian(bytes, 20, ~std::uint64_t(0) - 10, 8);
    EXPECT_EQ(failureOf(bytes), "hef.invalid-header");
    bytes = container(3);
    putBigEndian(bytes, 32, ~std::uint64_t(0), 8);
    EXPECT_EQ(failureOf(bytes), "hef.invalid-header");
    bytes = container(3);
    putBigEndian(bytes, 28, 0xffffffff, 4);
    EXPECT_EQ(failureOf(bytes), "hef.invalid-header");
    bytes = container(0);
    putBigEndian(bytes, 8, 0, 4);
    EXPECT_EQ(failureOf(bytes), "hef.invalid-header");
    bytes = container(0);
    putBigEndian(bytes, 8, 0xffffffff, 4);
    EXPECT_EQ(failureOf(bytes), "hef.invalid-header");
    bytes = container(2);
    putBigEndian(bytes, 20, std::uint64_t(1) << 40, 8);
    EXPECT_EQ(failureOf(bytes), "hef.truncated");
}

// What goes wrong with the bytes of a file, what we call it and what HailoRT answers; with every
// header version it is the same.
TEST(HefContainer, EachFaultHasItsStatusInHailoRt)
{
    const Bytes good = *emulationHefBytes(test::singleContext(HefChip::hailo8));
    const auto answer = [](const Bytes &bytes) -> std::pair<std::string, std::string> {
        auto hef = Hef::fromBytes(bytes, "a.hef");
        if (!hef)
            return {hef.error().front().id,
                    runtimeStatusText(*runtimeStatusOf(hef.error().front()))};
        const auto text = parseHefText(*hef);
        if (text)
            return {};
        return {text.error().front().id, runtimeStatusText(*runtimeStatusOf(text.error().front()))};
    };
    using Answer = std::pair<std::string, std::string>;
    const auto changed = [&](const std::function<void(Bytes &)> &change) {
        Bytes bytes = good;
        change(bytes);
        return answer(bytes);
    };
    EXPECT_EQ(answer(good), Answer());
    const auto absent = Hef::open("there-is-no-such-file.hef");
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().front().id, "file.not-found");
    EXPECT_EQ(runtimeStatusText(*runtimeStatusOf(absent.error().front())),
              "13 HAILO_OPEN_FILE_FAILURE");
    EXPECT_EQ(changed([](Bytes &b) { b.resize(11); }),
              Answer("hef.not-a-hef", "14 HAILO_FILE_OPERATION_FAILURE"));
    EXPECT_EQ(changed([](Bytes &b) { b.resize(43); }),
              Answer("hef.truncated", "14 HAILO_FILE_OPERATION_FAILURE"));
    EXPECT_EQ(changed([](Bytes &b) { b[7] = std::byte(4); }),
              Answer("hef.unsupported-version", "92 HAILO_HEF_NOT_SUPPORTED"));
    EXPECT_EQ(changed([](Bytes &b) { b[1] = std::byte('X'); }),
              Answer("hef.not-a-hef", "92 HAILO_HEF_NOT_SUPPORTED"));
    EXPECT_EQ(changed([](Bytes &b) { b.pop_back(); }),
              Answer("hef.truncated", "91 HAILO_HEF_FILE_CORRUPTED"));
    EXPECT_EQ(changed([](Bytes &b) { b.push_back(std::byte(0)); }),
              Answer("hef.trailing-bytes", "91 HAILO_HEF_FILE_CORRUPTED"));
    EXPECT_EQ(changed([](Bytes &b) { b.back() ^= std::byte(1); }),
              Answer("hef.hash-mismatch", "91 HAILO_HEF_FILE_CORRUPTED"));
    EXPECT_EQ(changed([](Bytes &b) { b[44] = std::byte(7); }), // a field of no type
              Answer("hef.proto-invalid", "91 HAILO_HEF_FILE_CORRUPTED"));
    EXPECT_EQ(changed([](Bytes &b) { putBigEndian(b, 8, 0, 4); }),
              Answer("hef.invalid-header", "91 HAILO_HEF_FILE_CORRUPTED"));
}

// With the hash of the message alone, 5.x minds neither the words nor what follows; 4.x does.
TEST(HefContainer, TheMessagesOwnHashReplacesTheOtherIn5x)
{
    const Bytes plain = *emulationHefBytes(test::singleContext(HefChip::hailo8));
    const auto file = parseHefContainer(plain, "a.hef");
    const auto body = file->of(file->proto);
    const auto behind = std::span(plain).subspan(44); // the header gets another length
    Bytes bytes(56 + behind.size());
    std::ranges::copy(behind, bytes.begin() + 56);
    putBigEndian(bytes, 0, hefMagic, 4);
    putBigEndian(bytes, 4, 3, 4);
    putBigEndian(bytes, 8, body.size(), 4);
    putBigEndian(bytes, 20, file->ccws.size, 8);
    putBigEndian(bytes, 40, xxh3_64(body), 8);
    bytes.push_back(std::byte(1));
    const auto hef = Hef::fromBytes(bytes, "a.hef");
    ASSERT_TRUE(hef);
    EXPECT_TRUE(parseHefText(*hef, {.release = ParseHefRelease::v5_2}));
    const auto old = parseHefText(*hef);
    ASSERT_FALSE(old);
    EXPECT_EQ(old.error().front().id, "hef.hash-mismatch");
    bytes[60] ^= std::byte(1);
    const auto broken = Hef::fromBytes(bytes, "a.hef");
    EXPECT_FALSE(broken && parseHefText(*broken, {.release = ParseHefRelease::v5_2}));
}

TEST(HefContainer, AMessageThatIsNoneIsRefused)
{
    const auto hef = Hef::fromBytes(container(2), "a.hef");
    ASSERT_FALSE(hef);
    EXPECT_EQ(hef.error().front().id, "hef.proto-invalid");
    EXPECT_EQ(hef.error().front().place.offset, 44U);
}

} // namespace

} // namespace hefstudio
