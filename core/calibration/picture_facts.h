// What a picture file says of itself in its first bytes, without decoding it: size, depth and the
// forms that surprise (palettes, CMYK, rotation by EXIF).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>

namespace hefstudio {

struct PictureFacts {
    int width = 0, height = 0; // as stored, before any rotation
    int bits = 8;              // of a channel
    int channels = 3;
    bool isPalette = false;
    bool isCmyk = false;
    bool isRotated = false; // EXIF asks for a turn or a mirror
};

// PNG and JPEG; nothing for other formats and for damaged headers.
std::optional<PictureFacts> pictureFacts(std::span<const std::byte> start);
// Whether a JPEG has its end mark behind its first scan and a PNG its last chunk: files cut short
// by a broken copy have neither. True for other formats.
bool isWholePicture(std::span<const std::byte> bytes);
// Reads no more than the first 256 KiB.
std::optional<PictureFacts> pictureFacts(const std::filesystem::path &file);

} // namespace hefstudio
