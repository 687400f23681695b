// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/tensor.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace hefstudio;

TEST(Shape, CountsElementsAndStrides)
{
    const Shape shape{2, 3, 4};
    EXPECT_EQ(shape.elementCount(), 24);
    EXPECT_EQ(shape.strides(), (std::vector<std::int64_t>{12, 4, 1}));
    EXPECT_EQ(shape.text(), "2×3×4");
    EXPECT_EQ(Shape{}.elementCount(), 1);
}

TEST(Shape, RefusesUntrustedDimensionsThatWrap)
{
    const std::int64_t wraps[] = {std::int64_t(1) << 33, std::int64_t(1) << 33};
    EXPECT_FALSE(checkedElementCount(wraps));
    const std::int64_t negative[] = {2, -1};
    EXPECT_FALSE(checkedElementCount(negative));
    const std::int64_t fine[] = {2, 0, 5};
    EXPECT_EQ(checkedElementCount(fine), 0);
}

TEST(Tensor, KeepsTypeShapeAndBytes)
{
    const auto tensor = Tensor::of<float>({2, 2}, {1, 2, 3, 4});
    EXPECT_EQ(tensor.as<float>()[3], 4);
    EXPECT_EQ(tensor, Tensor(tensor));
    EXPECT_NE(tensor, (Tensor::of<float>({4}, {1, 2, 3, 4})));
    EXPECT_EQ(Tensor(tensor).reshaped({4}), (Tensor::of<float>({4}, {1, 2, 3, 4})));
}

TEST(Tensor, WidensAnyTypeToFloatAndInteger)
{
    EXPECT_EQ((Tensor::of<std::int8_t>({2}, {-1, 5}).toFloat32()),
              (Tensor::of<float>({2}, {-1, 5})));
    EXPECT_EQ((Tensor::of<float>({3}, {-1.7F, 5.2F, NAN}).toInt64()),
              (std::vector<std::int64_t>{-1, 5, 0}));
}

TEST(Float16, RoundTripsEveryFiniteValue)
{
    for (std::uint32_t bits = 0; bits < 65536; ++bits) {
        if ((bits & 0x7C00) == 0x7C00)
            continue;
        const auto half = static_cast<std::uint16_t>(bits);
        ASSERT_EQ(floatToFloat16(float16ToFloat(half)), half) << bits;
    }
    EXPECT_EQ(floatToFloat16(1e6F), 0x7C00);
    EXPECT_EQ(floatToFloat16(1.0F + 0x1p-11F), 0x3C00); // ties to even
}
