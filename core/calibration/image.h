// Pictures as 8-bit RGB, decoded by a module that is loaded when the first one is opened.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace hefstudio {

// Rows from the top, three bytes a pixel (R, G, B), no padding.
struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;
};

// By its ending only (jpg, jpeg, png, bmp, webp, tif, tiff, ppm, pgm), in any case.
bool hasPictureEnding(const std::filesystem::path &file);

// EXIF orientation applied; grey, palette, 16-bit and CMYK pictures become RGB. Diagnostics:
// calib.broken-picture, calib.codec-missing, those of readFile.
Result<Image> loadImage(const std::filesystem::path &file);

enum class Interpolation { linear, area };
// Diagnostics: calib.codec-missing, calib.broken-picture (a side of 0).
Result<Image> scaleImage(const Image &image, int width, int height, Interpolation interpolation);

// For reports: JPEG, or PNG by a file name's ending. Diagnostics: calib.codec-missing,
// file.not-writable.
Result<void> saveImage(const std::filesystem::path &file, const Image &image);

// Writes a line of text (printable ASCII; the rest becomes '?') with its lower left corner at
// (x, y); gives its width in pixels. An empty picture only measures. 0 where the module is missing.
int drawText(Image &image, int x, int y, int height, std::string_view text,
             std::array<std::uint8_t, 3> rgb);

} // namespace hefstudio
