// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/stream_layout.h"

#include <gtest/gtest.h>
#include <set>

using namespace hefstudio;

TEST(StreamLayout, PicturesBecomeChannelsLastAndComeBack)
{
    const auto onnx = Tensor::of<std::uint8_t>({1, 3, 1, 2}, {1, 2, 3, 4, 5, 6});
    const auto stream = toStreamLayout(onnx);
    EXPECT_EQ(stream, (Tensor::of<std::uint8_t>({1, 1, 2, 3}, {1, 3, 5, 2, 4, 6})));
    EXPECT_EQ(fromStreamLayout(stream, onnx.shape()), onnx);
}

TEST(StreamLayout, RowsAndVectorsKeepTheirOrder)
{
    const auto rows = Tensor::of<float>({1, 2, 2}, {1, 2, 3, 4});
    EXPECT_EQ(toStreamLayout(rows), rows);
    EXPECT_EQ(streamShape({1, 4420, 2}).width, 4420);
    EXPECT_EQ(streamShape({1, 4420, 2}).features, 2);
    EXPECT_TRUE(streamShape({1, 10}).isVector);
    EXPECT_EQ(streamShape({1, 16, 8, 4}).height, 8);
}

TEST(StreamName, FitsTheRuntimeAndStaysDistinct)
{
    EXPECT_EQ(streamName("net_emulation", "/model/head/Conv"), "net_emulation/model/head/Conv");
    std::set<std::string> names;
    for (int i = 0; i < 20; ++i) {
        const auto name = streamName("net", std::string(200, 'x') + std::to_string(i));
        EXPECT_LE(name.size(), 127U);
        EXPECT_TRUE(names.insert(name).second);
    }
    EXPECT_LE(streamName("net", std::string(118, 'x') + "ÄÖÜÄÖÜ").size(), 127U);
}
