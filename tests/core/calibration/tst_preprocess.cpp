// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/preprocess.h"

#include "result_matchers.h"

#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

// A picture of one colour.
Image plain(int width, int height, std::uint8_t r, std::uint8_t g, std::uint8_t b)
{
    Image image{.width = width, .height = height, .rgb = {}};
    for (int i = 0; i < width * height; ++i)
        image.rgb.insert(image.rgb.end(), {r, g, b});
    return image;
}

std::vector<int> channelRow(const Tensor &pixels, int channel, int row)
{
    const auto width = pixels.shape()[3];
    const auto at = (channel * pixels.shape()[2] + row) * width;
    const auto values = pixels.as<std::uint8_t>().subspan(at, width);
    return {values.begin(), values.end()};
}

} // namespace

TEST(Preprocess, LetterboxCentresAndPads)
{
    const auto ready = preprocess(plain(4, 2, 10, 20, 30), {.width = 4, .height = 4});
    ASSERT_TRUE(ready) << failureText(ready);
    EXPECT_EQ(ready->pixels.shape(), (Shape{1, 3, 4, 4}));
    EXPECT_EQ(channelRow(ready->pixels, 0, 0), (std::vector{114, 114, 114, 114}));
    EXPECT_EQ(channelRow(ready->pixels, 0, 1), (std::vector{10, 10, 10, 10}));
    EXPECT_EQ(channelRow(ready->pixels, 2, 2), (std::vector{30, 30, 30, 30}));
    EXPECT_EQ(ready->geometry.offsetY, 1);
    EXPECT_EQ(ready->geometry.scaleX, 1);
}

TEST(Preprocess, TopleftKeepsTheCorner)
{
    const auto ready = preprocess(plain(4, 2, 9, 9, 9),
                                  {.width = 2, .height = 2, .resize = ResizePolicy::topleft});
    ASSERT_TRUE(ready) << failureText(ready);
    EXPECT_EQ(channelRow(ready->pixels, 0, 0), (std::vector{9, 9}));
    EXPECT_EQ(channelRow(ready->pixels, 0, 1), (std::vector{114, 114}));
}

TEST(Preprocess, CropFillsTheCanvas)
{
    const auto ready =
        preprocess(plain(8, 4, 1, 2, 3), {.width = 2, .height = 2, .resize = ResizePolicy::crop});
    ASSERT_TRUE(ready) << failureText(ready);
    EXPECT_EQ(channelRow(ready->pixels, 0, 0), (std::vector{1, 1}));
    EXPECT_EQ(channelRow(ready->pixels, 0, 1), (std::vector{1, 1}));
}

TEST(Preprocess, SwapsColoursAndMakesGrey)
{
    const PreprocessOptions bgr{.width = 1, .height = 1, .color = ColorOrder::bgr};
    EXPECT_EQ(preprocess(plain(1, 1, 1, 2, 3), bgr)->pixels,
              (Tensor::of<std::uint8_t>({1, 3, 1, 1}, {3, 2, 1})));
    const PreprocessOptions grey{.width = 1, .height = 1, .channels = 1, .color = ColorOrder::grey};
    EXPECT_EQ(preprocess(plain(1, 1, 255, 255, 255), grey)->pixels,
              (Tensor::of<std::uint8_t>({1, 1, 1, 1}, {255})));
}

TEST(Names, OfColoursAndPoliciesReadBack)
{
    for (const auto order : {ColorOrder::rgb, ColorOrder::bgr, ColorOrder::grey})
        EXPECT_EQ(colorOrderFromName(colorOrderName(order)), order);
    for (const auto policy : {ResizePolicy::letterbox, ResizePolicy::topleft, ResizePolicy::stretch,
                              ResizePolicy::crop})
        EXPECT_EQ(resizePolicyFromName(resizePolicyName(policy)), policy);
    EXPECT_FALSE(colorOrderFromName("rbg"));
}
