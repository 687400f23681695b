// The forms that pictures come in, each decoded as what a person sees.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"
#include "calibration/image.h"
#include "calibration/picture_facts.h"
#include "calibration/picture_measures.h"
#include "picture_world.h"
#include "result_matchers.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

namespace hefstudio {
namespace {

class PictureForms : public testing::Test {
protected:
    Result<Image> load(const std::string &name, std::string_view bytes)
    {
        EXPECT_TRUE(writeFileAtomically(folder / name, asBytes(bytes)));
        return loadImage(folder / name);
    }
    static std::array<int, 3> at(const Image &image, int x, int y)
    {
        const std::uint8_t *rgb = &image.rgb[(static_cast<std::size_t>(y) * image.width + x) * 3];
        return {rgb[0], rgb[1], rgb[2]};
    }
    static std::filesystem::path data(const char *name)
    {
        return std::filesystem::path(HEFSTUDIO_SOURCE_DIR) / "tests/data/picture_forms" / name;
    }
    static std::string text(const Bytes &bytes)
    {
        return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
    }
    TemporaryFolder folder;
};

TEST_F(PictureForms, GreyBecomesThreeEqualChannels)
{
    const auto image = load("grey.pgm", std::string_view("P5\n2 1\n255\n\x10\xF0", 13));
    ASSERT_TRUE(image) << failureText(image);
    EXPECT_EQ(at(*image, 0, 0), (std::array{0x10, 0x10, 0x10}));
    EXPECT_EQ(at(*image, 1, 0), (std::array{0xF0, 0xF0, 0xF0}));
}

TEST_F(PictureForms, SixteenBitsGiveTheirUpperEight)
{
    const auto image =
        load("deep.pgm", std::string_view("P5\n2 1\n65535\n\x40\x00\xC0\xFF", 17));
    ASSERT_TRUE(image) << failureText(image);
    EXPECT_EQ(at(*image, 0, 0)[0], 0x40);
    EXPECT_EQ(at(*image, 1, 0)[0], 0xC0);
}

TEST_F(PictureForms, PalettesBecomeTheirColours)
{
    const auto image = loadImage(data("palette.png"));
    ASSERT_TRUE(image) << failureText(image);
    EXPECT_EQ(at(*image, 0, 0), (std::array{255, 0, 0}));
    EXPECT_EQ(at(*image, 7, 7), (std::array{0, 0, 255}));
    EXPECT_TRUE(pictureFacts(data("palette.png"))->isPalette);
}

TEST_F(PictureForms, InksBecomeLight)
{
    const auto image = loadImage(data("cmyk.jpg"));
    ASSERT_TRUE(image) << failureText(image);
    // Magenta on yellow is red, cyan on yellow green, cyan on magenta blue.
    const auto red = at(*image, 3, 8), green = at(*image, 12, 8), blue = at(*image, 20, 8);
    EXPECT_TRUE(red[0] > 200 && red[1] < 60 && red[2] < 60);
    EXPECT_TRUE(green[1] > 200 && green[0] < 60 && green[2] < 60);
    EXPECT_TRUE(blue[2] > 200 && blue[0] < 60 && blue[1] < 60);
    EXPECT_TRUE(pictureFacts(data("cmyk.jpg"))->isCmyk);
}

TEST_F(PictureForms, ExifTurnsThePicture)
{
    Image wide{16, 8, std::vector<std::uint8_t>(std::size_t(16) * 8 * 3, 0)};
    for (std::size_t i = 0; i < std::size_t(16) * 3; ++i)
        wide.rgb[i] = 255; // the top row… of a block of four
    for (int row = 1; row < 4; ++row)
        std::copy_n(wide.rgb.begin(), 48, wide.rgb.begin() + row * 48);
    ASSERT_TRUE(saveImage(folder / "wide.jpg", wide));
    std::string jpeg = text(*readPicture(folder / "wide.jpg"));
    // An Exif block of one entry behind the start mark: orientation 6, the top is at the right.
    jpeg.insert(2, std::string_view("\xFF\xE1\x00\x22"
                                    "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06"
                                    "\0\0\0\0\0\0",
                                    36));
    const auto tall = load("tall.jpg", jpeg);
    ASSERT_TRUE(tall) << failureText(tall);
    EXPECT_EQ(tall->width, 8);
    EXPECT_EQ(tall->height, 16);
    EXPECT_GT(at(*tall, 6, 8)[0], 200);
    EXPECT_LT(at(*tall, 1, 8)[0], 60);
}

TEST_F(PictureForms, CutShortIsBroken)
{
    for (const char *name : {"whole.jpg", "whole.png"}) {
        ASSERT_TRUE(saveImage(folder / name, landscape(1, 60, 40)));
        const std::string whole = text(*readPicture(folder / name));
        EXPECT_TRUE(load(name, whole));
        EXPECT_TRUE(load(name, whole + "appended by a camera"));
        for (const double share : {0.02, 0.5, 0.95}) {
            const auto cut =
                whole.substr(0, static_cast<std::size_t>(share * double(whole.size())));
            EXPECT_EQ(failureId(load(name, cut)), "calib.broken-picture") << name << " " << share;
        }
    }
}

TEST_F(PictureForms, APromiseOfTooManyPixelsIsRefused)
{
    ASSERT_TRUE(saveImage(folder / "a.png", landscape(1, 8, 8)));
    std::string png = text(*readPicture(folder / "a.png"));
    png.replace(16, 8, std::string_view("\0\0\xFF\xFF\0\0\xFF\xFF", 8));
    EXPECT_EQ(failureId(load("bomb.png", png)), "calib.picture-too-large");
}

TEST_F(PictureForms, ThumbnailsFitTheirSide)
{
    ASSERT_TRUE(saveImage(folder / "a.jpg", landscape(1, 640, 320)));
    const auto thumbnail = loadThumbnail(folder / "a.jpg", 64);
    ASSERT_TRUE(thumbnail) << failureText(thumbnail);
    EXPECT_EQ(thumbnail->width, 64);
    EXPECT_EQ(thumbnail->height, 32);
}

// --- measures ---

TEST(PictureMeasures, BlurGrowsWithTheRadius)
{
    const Image sharp = landscape(5, 200, 150);
    double last = measurePicture(sharp)->blur;
    EXPECT_LT(last, 0.45);
    for (const int radius : {1, 2, 4}) {
        const double blur = measurePicture(blurredBy(sharp, radius))->blur;
        EXPECT_GT(blur, last);
        last = blur;
    }
    EXPECT_GT(last, 0.62);
}

TEST(PictureMeasures, HashesOfCopiesAreNear)
{
    const auto bits = [](const Image &a, const Image &b) {
        return __builtin_popcountll(measurePicture(a)->hash ^ measurePicture(b)->hash);
    };
    const Image picture = landscape(7, 320, 200);
    EXPECT_EQ(bits(picture, picture), 0);
    EXPECT_LE(bits(picture, mapped(picture, 1.05, 3)), 6);
    EXPECT_LE(bits(picture, *scaleImage(picture, 200, 125, Interpolation::area)), 6);
    EXPECT_GT(bits(picture, landscape(8, 320, 200)), 10);
}

TEST(PictureMeasures, ColoursSpeakForTheirOrder)
{
    int right = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const Image picture = landscape(seed, 120, 90);
        right += colorOrderEvidence(picture) > 0 ? 1 : 0;
        right += colorOrderEvidence(redAndBlueExchanged(picture)) < 0 ? 1 : 0;
    }
    EXPECT_GE(right, 38);
    Image grey{4, 4, std::vector<std::uint8_t>(48, 128)};
    EXPECT_EQ(colorOrderEvidence(grey), 0);
}

TEST(PictureMeasures, TheSmallestPictureIsMeasured)
{
    const auto measures = measurePicture(Image{1, 1, {7, 7, 7}});
    ASSERT_TRUE(measures) << failureText(measures);
    EXPECT_EQ(measures->mean, 7);
    EXPECT_EQ(measures->contrast, 0);
}

} // namespace
} // namespace hefstudio
