// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/npy.h"

#include "result_matchers.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

Bytes npyText(const std::string &header, std::span<const std::byte> data)
{
    Bytes bytes;
    const auto append = [&bytes](std::span<const std::byte> more) {
        bytes.insert(bytes.end(), more.begin(), more.end());
    };
    append(asBytes(std::string_view("\x93NUMPY\x01\x00", 8)));
    const auto length = static_cast<std::uint16_t>(header.size());
    append(std::as_bytes(std::span(&length, 1)));
    append(asBytes(header));
    append(data);
    return bytes;
}

} // namespace

TEST(Npy, WritesWhatItReads)
{
    const auto tensor = Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
    EXPECT_EQ(*parseNpy(npyBytes(tensor), "x"), tensor);
    EXPECT_EQ(*parseNpy(npyBytes(Tensor::scalar<std::int64_t>(7)), "x"),
              Tensor::scalar<std::int64_t>(7));
    EXPECT_EQ(npyBytes(tensor).size() % 64, tensor.byteCount() % 64);
}

TEST(Npy, ReadsFortranOrderAndBigEndian)
{
    const std::uint8_t columns[] = {1, 4, 2, 5, 3, 6};
    EXPECT_EQ(*parseNpy(npyText("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }",
                                std::as_bytes(std::span(columns))),
                        "x"),
              (Tensor::of<std::uint8_t>({2, 3}, {1, 2, 3, 4, 5, 6})));
    const std::uint8_t big[] = {1, 2};
    EXPECT_EQ(*parseNpy(npyText("{'descr': '>u2', 'fortran_order': False, 'shape': (1,), }",
                                std::as_bytes(std::span(big))),
                        "x"),
              (Tensor::of<std::uint16_t>({1}, {258})));
}

TEST(Npy, EveryTruncationIsADiagnostic)
{
    const auto whole = npyBytes(Tensor::of<float>({3}, {1, 2, 3}));
    for (std::size_t size = 0; size < whole.size(); ++size)
        ASSERT_EQ(failureId(parseNpy(std::span(whole).first(size), "cut.npy")), "npy.malformed");
}

TEST(Npy, RefusesRecordsAndImpossibleShapes)
{
    const auto id = [](const std::string &header) {
        return failureId(parseNpy(npyText(header, {}), "x"));
    };
    EXPECT_EQ(id("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"),
              "npy.unsupported-type");
    EXPECT_EQ(id("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }"),
              "npy.unsupported-type");
    EXPECT_EQ(id("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }"), "npy.malformed");
    EXPECT_EQ(id("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 9999999999), }"),
              "npy.malformed");
}

TEST(Npz, RoundTripsAndIsDeterministic)
{
    const TemporaryFolder folder;
    const std::map<std::string, Tensor> tensors{{"a", Tensor::of<float>({2}, {1, 2})},
                                                {"b", Tensor::of<std::uint8_t>({1, 1}, {9})}};
    ASSERT_TRUE(writeNpz(folder / "one.npz", tensors));
    ASSERT_TRUE(writeNpz(folder / "two.npz", tensors));
    EXPECT_EQ(*readNpz(folder / "one.npz"), tensors);
    EXPECT_EQ(*readFile(folder / "one.npz"), *readFile(folder / "two.npz"));
    ASSERT_TRUE(writeFileAtomically(folder / "bad.npz", asBytes("no archive at all")));
    EXPECT_EQ(failureId(readNpz(folder / "bad.npz")), "npz.malformed");
}
