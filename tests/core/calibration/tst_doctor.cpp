// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/doctor.h"

#include "base/file.h"
#include "base/npy.h"
#include "calibration/picture_facts.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace hefstudio {
namespace {

class CalibrationDoctor : public testing::Test {
protected:
    // Ids found in two samples of this shape, filled by `value(index)`, for a 3×8×6 picture.
    template<class T, class Value>
    std::vector<std::string> ids(Shape sample, Value value, ExpectedInput input = {})
    {
        std::vector<std::int64_t> dims{2};
        dims.insert(dims.end(), sample.begin(), sample.end());
        Tensor tensor(elementTypeOf<T>(), Shape(dims));
        auto values = tensor.as<T>();
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<T>(value(i));
        const auto file = folder.path() / "set.npy";
        EXPECT_TRUE(writeNpy(file, tensor));
        return examined(file, std::is_same_v<T, std::uint8_t>, std::move(input));
    }
    std::vector<std::string> examined(const std::filesystem::path &file, bool isPicture,
                                      ExpectedInput input = {})
    {
        input.name = "images";
        input.shape = {1, 3, 8, 6};
        input.isPicture = isPicture;
        const auto set = CalibrationSet::open(file);
        EXPECT_TRUE(set);
        std::vector<std::string> found;
        for (const auto &diagnostic : examine(*set, std::vector{input})) {
            found.push_back(diagnostic.id);
            if (diagnostic.severity == Severity::error && diagnostic.id != "calib.not-finite" &&
                diagnostic.id != "calib.shape-mismatch") {
                EXPECT_FALSE(diagnostic.fixes.empty()) << diagnostic.id;
            }
        }
        return found;
    }
    static double bytes(std::size_t i) { return static_cast<double>(i * 37 % 256); }
    static double shares(std::size_t i) { return bytes(i) / 255; }

    using Ids = std::vector<std::string>;
    TemporaryFolder folder;
};

TEST_F(CalibrationDoctor, RawPicturesWithChannelsLastAreFine)
{
    EXPECT_EQ(ids<std::uint8_t>({8, 6, 3}, bytes), Ids{});
}

TEST_F(CalibrationDoctor, ChannelsFirstMustBeDeclared)
{
    EXPECT_EQ(ids<std::uint8_t>({3, 8, 6}, bytes), Ids{"calib.layout-nchw"});
}

TEST_F(CalibrationDoctor, SafetensorsDeclareChannelsFirst)
{
    const std::string header =
        R"({"images":{"dtype":"U8","shape":[1,3,8,6],"data_offsets":[0,144]}})";
    std::string file(8, '\0');
    file[0] = static_cast<char>(header.size());
    file += header;
    for (std::size_t i = 0; i < 144; ++i)
        file += static_cast<char>(static_cast<std::uint8_t>(bytes(i)));
    ASSERT_TRUE(writeFileAtomically(folder.path() / "set.safetensors", asBytes(file)));
    EXPECT_EQ(examined(folder.path() / "set.safetensors", true), Ids{});
}

TEST_F(CalibrationDoctor, SizesAndChannelsAreToldApart)
{
    EXPECT_EQ(ids<std::uint8_t>({8, 8, 3}, bytes), Ids{"calib.size-mismatch"});
    EXPECT_EQ(ids<std::uint8_t>({8, 6, 4}, bytes), Ids{"calib.channels-mismatch"});
    EXPECT_EQ(ids<std::uint8_t>({48}, bytes), Ids{"calib.shape-mismatch"});
}

TEST_F(CalibrationDoctor, DividedPicturesAreNotRaw)
{
    EXPECT_EQ(ids<std::uint8_t>({8, 6, 3}, [](std::size_t i) { return i % 2; }),
              Ids{"calib.range-mismatch"});
    // A network that was trained on raw values, fed with shares of them, and the other way round.
    EXPECT_EQ(ids<float>({8, 6, 3}, shares, {.blackAndWhite = std::pair(0.0, 255.0)}),
              Ids{"calib.range-mismatch"});
    EXPECT_EQ(ids<float>({8, 6, 3}, bytes, {.blackAndWhite = std::pair(0.0, 1.0)}),
              Ids{"calib.range-mismatch"});
    EXPECT_EQ(ids<float>({8, 6, 3}, shares, {.blackAndWhite = std::pair(0.0, 1.0)}), Ids{});
    EXPECT_EQ(ids<float>({8, 6, 3}, shares), Ids{}); // nothing known, nothing said
}

TEST_F(CalibrationDoctor, NoNumberIsFound)
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(ids<float>({8, 6, 3}, [&](std::size_t i) { return i == 5 ? nan : shares(i); }),
              Ids{"calib.not-finite"});
}

std::vector<std::byte> bytesOf(std::initializer_list<int> values)
{
    std::vector<std::byte> bytes;
    for (const int value : values)
        bytes.push_back(std::byte(value));
    return bytes;
}

TEST(PictureFacts, PngSaysDepthAndPalette)
{
    auto png = bytesOf({0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0,  13, 'I',
                        'H',  'D', 'R', 0,   0,    0,    40,   0,    0, 0, 30, 16, 2});
    auto facts = pictureFacts(png);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->width, 40);
    EXPECT_EQ(facts->height, 30);
    EXPECT_EQ(facts->bits, 16);
    png[25] = std::byte(3);
    EXPECT_TRUE(pictureFacts(png)->isPalette);
    png.resize(20);
    EXPECT_FALSE(pictureFacts(png));
}

TEST(PictureFacts, JpegSaysRotationAndInk)
{
    // APP1 with an Exif block of one entry, orientation 6, then a frame of four components.
    const auto jpeg =
        bytesOf({0xFF, 0xD8, 0xFF, 0xE1, 0, 34, 'E',  'x',  'i', 'f', 0, 0, 'M', 'M', 0,  42,
                 0,    0,    0,    8,    0, 1,  0x01, 0x12, 0,   3,   0, 0, 0,   1,   0,  6,
                 0,    0,    0,    0,    0, 0,  0xFF, 0xC0, 0,   20,  8, 0, 30,  0,   40, 4});
    const auto facts = pictureFacts(jpeg);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->width, 40);
    EXPECT_TRUE(facts->isCmyk);
    EXPECT_TRUE(facts->isRotated);
    EXPECT_FALSE(pictureFacts(std::span(jpeg).first(30)));
}

} // namespace
} // namespace hefstudio
