// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/picture_facts.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <vector>

namespace hefstudio {
namespace {

using Bytes = std::span<const std::byte>;

std::uint32_t number(Bytes bytes, std::size_t at, std::size_t count, bool isLittle = false)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value =
            value << 8 | std::to_integer<std::uint32_t>(bytes[at + (isLittle ? count - 1 - i : i)]);
    return value;
}

bool startsWith(Bytes bytes, std::string_view text)
{
    return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

// PNG (W3C), section 11.2.2: IHDR is the first chunk.
std::optional<PictureFacts> pngFacts(Bytes bytes)
{
    constexpr std::size_t headerEnd = 26;
    if (bytes.size() < headerEnd)
        return std::nullopt;
    PictureFacts facts{.width = static_cast<int>(number(bytes, 16, 4)),
                       .height = static_cast<int>(number(bytes, 20, 4)),
                       .bits = static_cast<int>(number(bytes, 24, 1))};
    const std::uint32_t color = number(bytes, 25, 1);
    facts.isPalette = color == 3;
    facts.channels = color == 0 ? 1 : color == 4 ? 2 : color == 6 ? 4 : 3;
    return facts;
}

// Orientation (tag 0x0112) of the first directory of a TIFF block; 1 when it is not there.
std::uint32_t orientation(Bytes tiff)
{
    if (tiff.size() < 8 || (!startsWith(tiff, "II") && !startsWith(tiff, "MM")))
        return 1;
    const bool isLittle = startsWith(tiff, "II");
    const std::size_t directory = number(tiff, 4, 4, isLittle);
    if (directory > tiff.size() || tiff.size() - directory < 2)
        return 1;
    const std::size_t entries = number(tiff, directory, 2, isLittle);
    constexpr std::size_t entryBytes = 12;
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t at = directory + 2 + i * entryBytes;
        if (at + entryBytes > tiff.size())
            return 1;
        if (number(tiff, at, 2, isLittle) == 0x0112)
            return number(tiff, at + 8, 2, isLittle);
    }
    return 1;
}

// JPEG (ITU-T T.81, annex B): segments up to the start of frame; Exif lies in APP1.
std::optional<PictureFacts> jpegFacts(Bytes bytes)
{
    PictureFacts facts;
    std::size_t at = 2;
    while (at + 4 <= bytes.size()) {
        if (bytes[at] != std::byte(0xFF))
            return std::nullopt;
        const std::uint32_t marker = number(bytes, at + 1, 1);
        if (marker == 0xFF) { // fill byte
            ++at;
            continue;
        }
        const std::size_t length = number(bytes, at + 2, 2);
        const auto body = bytes.subspan(at + 4);
        if (length < 2)
            return std::nullopt;
        if (marker == 0xE1 && startsWith(body, std::string_view("Exif\0\0", 6)))
            facts.isRotated =
                orientation(body.first(std::min(body.size(), length - 2)).subspan(6)) > 1;
        const bool isFrame =
            marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (isFrame) {
            if (body.size() < 6)
                return std::nullopt;
            facts.bits = static_cast<int>(number(body, 0, 1));
            facts.height = static_cast<int>(number(body, 1, 2));
            facts.width = static_cast<int>(number(body, 3, 2));
            facts.channels = static_cast<int>(number(body, 5, 1));
            facts.isCmyk = facts.channels == 4;
            return facts;
        }
        at += 2 + length;
    }
    return std::nullopt;
}

bool isWholePng(Bytes bytes)
{
    constexpr std::size_t frame = 12; // length, type, checksum
    for (std::size_t at = 8; at + frame <= bytes.size();) {
        if (startsWith(bytes.subspan(at + 4), "IEND"))
            return true;
        at += frame + number(bytes, at, 4);
    }
    return false;
}

// Thumbnails inside of APP segments have end marks of their own: only what follows the first start
// of scan counts. Coded data cannot hold the mark (a stuffed zero follows every 0xFF).
bool isWholeJpeg(Bytes bytes)
{
    std::size_t at = 2;
    while (at + 4 <= bytes.size()) {
        if (bytes[at] != std::byte(0xFF))
            return true; // odd, but decoders find their way
        const auto marker = number(bytes, at + 1, 1);
        if (marker == 0xFF) {
            ++at;
            continue;
        }
        const auto length = number(bytes, at + 2, 2);
        if (length < 2)
            return false;
        at += 2 + length;
        if (marker == 0xDA) {
            const std::string_view rest(
                reinterpret_cast<const char *>(bytes.data()) + std::min(at, bytes.size()),
                bytes.size() - std::min(at, bytes.size()));
            return rest.find("\xFF\xD9") != std::string_view::npos;
        }
    }
    return false;
}

} // namespace

bool isWholePicture(std::span<const std::byte> bytes)
{
    if (startsWith(bytes, "\x89PNG\r\n\x1A\n"))
        return isWholePng(bytes);
    return !startsWith(bytes, "\xFF\xD8") || isWholeJpeg(bytes);
}

std::optional<PictureFacts> pictureFacts(std::span<const std::byte> start)
{
    if (startsWith(start, "\x89PNG\r\n\x1A\n"))
        return pngFacts(start);
    if (startsWith(start, "\xFF\xD8"))
        return jpegFacts(start);
    return std::nullopt;
}

std::optional<PictureFacts> pictureFacts(const std::filesystem::path &file)
{
    constexpr std::size_t most = std::size_t(256) << 10;
    std::ifstream in(file, std::ios::binary);
    std::vector<char> start(most);
    in.read(start.data(), static_cast<std::streamsize>(most));
    start.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    return pictureFacts(std::as_bytes(std::span(start)));
}

} // namespace hefstudio
