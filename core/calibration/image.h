// Pictures as 8-bit RGB, decoded by a module that is loaded when the first one is opened.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "base/file.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
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

// The file's bytes, up to 256 MiB. Diagnostics: those of readFile.
Result<Bytes> readPicture(const std::filesystem::path &file);
// EXIF orientation applied; grey, palette, 16-bit and CMYK pictures become RGB; shrunk by `divisor`
// (1, 2, 4 or 8) while decoding. Diagnostics: calib.broken-picture (also of one cut short),
// calib.picture-too-large, calib.codec-missing.
Result<Image> decodeImage(std::span<const std::byte> bytes, const std::string &nameForErrors,
                          int divisor = 1);
// Both in one.
Result<Image> loadImage(const std::filesystem::path &file);
// For contact sheets: no side longer than `side`, decoded no finer than that needs.
Result<Image> loadThumbnail(const std::filesystem::path &file, int side);

enum class Interpolation { linear, area };
// Diagnostics: calib.codec-missing, calib.broken-picture (a side of 0).
Result<Image> scaleImage(const Image &image, int width, int height, Interpolation interpolation);

// JPEG, or PNG where `isLossless`. Diagnostics: calib.codec-missing, calib.broken-picture (no pixels).
Result<Bytes> encodeImage(const Image &image, bool isLossless);
// For reports: JPEG, or PNG by a file name's ending. Diagnostics: calib.codec-missing,
// file.not-writable.
Result<void> saveImage(const std::filesystem::path &file, const Image &image);

// Writes a line of text (printable ASCII; the rest becomes '?') with its lower left corner at
// (x, y); gives its width in pixels. An empty picture only measures. 0 where the module is missing.
int drawText(Image &image, int x, int y, int height, std::string_view text,
             std::array<std::uint8_t, 3> rgb);

} // namespace hefstudio
