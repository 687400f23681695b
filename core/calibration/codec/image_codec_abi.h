// The C interface of the picture-decoding module (image_codec.so). Plain C types only, so that the
// module and the program may be built with different compilers' C++ libraries.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

// 8-bit RGB, rows from the top, no padding between rows; freed with hefstudioFreePicture.
struct HefstudioPicture {
    std::int32_t width;
    std::int32_t height;
    std::uint8_t *rgb;
};

// How pictures are scaled; area averages when shrinking and is linear when enlarging.
enum HefstudioInterpolation { hefstudioLinear = 0, hefstudioArea = 1 };

// 0 on success. EXIF orientation applied; grey, palette, 16-bit and CMYK pictures become RGB.
using HefstudioDecode = int (*)(const std::uint8_t *bytes, std::size_t size,
                                HefstudioPicture *picture);
// The same, shrunk on the way by 2, 4 or 8, which saves most of a JPEG's decoding; 1 is the whole.
using HefstudioDecodeReduced = int (*)(const std::uint8_t *bytes, std::size_t size, int divisor,
                                       HefstudioPicture *picture);
// Scales to exactly width × height; 0 on success.
using HefstudioScale = int (*)(const HefstudioPicture *from, std::int32_t width,
                               std::int32_t height, int interpolation, HefstudioPicture *to);
// JPEG of the given quality (1 … 100), or PNG for quality 0; freed with hefstudioFreeBytes. 0 on
// success.
using HefstudioEncode = int (*)(const HefstudioPicture *picture, int quality, std::uint8_t **bytes,
                                std::size_t *size);
using HefstudioFreeBytes = void (*)(std::uint8_t *bytes);
// Writes a line of printable ASCII, its lower left corner at (x, y), of about `height` pixels;
// gives its width in pixels. Only measures where `picture` is null.
using HefstudioText = int (*)(HefstudioPicture *picture, std::int32_t x, std::int32_t y,
                              std::int32_t height, const char *text, const std::uint8_t rgb[3]);
using HefstudioFreePicture = void (*)(HefstudioPicture *picture);
}
