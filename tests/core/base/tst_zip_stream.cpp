// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/zip_stream.h"

#include "base/archive.h"
#include "base/hash.h"
#include "base/npy.h"
#include "result_matchers.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

using namespace hefstudio;

TEST(ZipStream, IsReadBackAsWritten)
{
    const TemporaryFolder folder;
    auto zip = ZipStream::create(folder / "a.zip");
    ASSERT_TRUE(zip) << failureText(zip);
    ASSERT_TRUE(zip->begin("first.txt"));
    ASSERT_TRUE(zip->write(asBytes("one ")));
    ASSERT_TRUE(zip->write(asBytes("piece")));
    ASSERT_TRUE(zip->begin("empty"));
    ASSERT_TRUE(zip->begin("last"));
    ASSERT_TRUE(zip->write(asBytes("end")));
    EXPECT_FALSE(std::filesystem::exists(folder / "a.zip"));
    ASSERT_TRUE(zip->commit());
    const auto bytes = readFile(folder / "a.zip");
    ASSERT_TRUE(bytes) << failureText(bytes);
    const auto members = readArchive(*bytes, ArchiveForm::zip, "a.zip");
    ASSERT_TRUE(members) << failureText(members);
    ASSERT_EQ(members->size(), 3U);
    EXPECT_EQ((*members)[0].name, "first.txt");
    EXPECT_EQ((*members)[0].bytes, Bytes(asBytes("one piece").begin(), asBytes("one piece").end()));
    EXPECT_TRUE((*members)[1].bytes.empty());
    EXPECT_EQ((*members)[2].bytes.size(), 3U);
}

TEST(ZipStream, SumsGoOnWhereTheyEnded)
{
    EXPECT_EQ(crc32(asBytes("123456789")), 0xCBF43926U); // the polynomial's published check value
    EXPECT_EQ(crc32(asBytes("6789"), crc32(asBytes("12345"))), 0xCBF43926U);
}

TEST(NpyLayoutTest, SaysWhereTheDataBegin)
{
    const auto tensor = Tensor::of<std::uint8_t>({2, 3}, {1, 2, 3, 4, 5, 6});
    const Bytes bytes = npyBytes(tensor);
    const auto layout = parseNpyLayout(bytes, "a.npy");
    ASSERT_TRUE(layout) << failureText(layout);
    EXPECT_EQ(layout->shape, (Shape{2, 3}));
    EXPECT_EQ(layout->type, ElementType::uint8);
    EXPECT_EQ(std::to_integer<int>(bytes[layout->dataStart + 5]), 6);
    EXPECT_FALSE(layout->isFortranOrder);
    EXPECT_FALSE(layout->isSwapped);
}
