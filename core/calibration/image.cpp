// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/image.h"

#include "base/file.h"
#include "calibration/codec/image_codec_abi.h"
#include "calibration/picture_facts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <dlfcn.h>

namespace hefstudio {
namespace {

struct Codec {
    HefstudioDecodeReduced decode = nullptr;
    HefstudioScale scale = nullptr;
    HefstudioFreePicture free = nullptr;
    HefstudioEncode encode = nullptr;
    HefstudioFreeBytes freeBytes = nullptr;
    HefstudioText text = nullptr;
    std::string failure;
};

// Beside the program as built and as installed: <prefix>/bin/hefc, <prefix>/lib/hefstudio/….
std::filesystem::path modulePath()
{
    std::error_code ignored;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return program.parent_path().parent_path() / "lib" / "hefstudio" / "image_codec.so";
}

Codec openCodec()
{
    Codec codec;
    const auto path = modulePath();
    void *module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!module) {
        const char *reason = ::dlerror();
        codec.failure = reason ? reason : path.string();
        return codec;
    }
    codec.decode = reinterpret_cast<HefstudioDecodeReduced>(::dlsym(module, "hefstudioDecodeReduced"));
    codec.scale = reinterpret_cast<HefstudioScale>(::dlsym(module, "hefstudioScale"));
    codec.free = reinterpret_cast<HefstudioFreePicture>(::dlsym(module, "hefstudioFreePicture"));
    codec.encode = reinterpret_cast<HefstudioEncode>(::dlsym(module, "hefstudioEncode"));
    codec.freeBytes = reinterpret_cast<HefstudioFreeBytes>(::dlsym(module, "hefstudioFreeBytes"));
    codec.text = reinterpret_cast<HefstudioText>(::dlsym(module, "hefstudioText"));
    if (!codec.decode || !codec.scale || !codec.free || !codec.encode || !codec.freeBytes ||
        !codec.text)
        codec.failure = path.string() + " is of another version";
    return codec;
}

// Loaded once per process and never unloaded: the library behind it keeps threads and caches.
const Codec &codec()
{
    static const Codec loaded = openCodec();
    return loaded;
}

Diagnostic codecMissing()
{
    return Diagnostic("calib.codec-missing").with("reason", codec().failure);
}

Image takeOver(HefstudioPicture &picture)
{
    Image image{.width = picture.width, .height = picture.height, .rgb = {}};
    image.rgb.assign(picture.rgb,
                     picture.rgb + static_cast<std::size_t>(picture.width) * picture.height * 3);
    codec().free(&picture);
    return image;
}

} // namespace

bool hasPictureEnding(const std::filesystem::path &file)
{
    static constexpr std::array endings{".jpg", ".jpeg", ".png", ".bmp", ".webp",
                                        ".tif", ".tiff", ".ppm", ".pgm"};
    auto ending = file.extension().string();
    std::ranges::transform(ending, ending.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::ranges::find(endings, ending) != endings.end();
}

Result<Bytes> readPicture(const std::filesystem::path &file)
{
    return readFile(file, {.maxBytes = std::uint64_t(256) << 20});
}

Result<Image> decodeImage(std::span<const std::byte> bytes, const std::string &nameForErrors,
                          int divisor)
{
    if (!codec().failure.empty())
        return fail(codecMissing());
    const auto broken = [&] {
        return fail(Diagnostic("calib.broken-picture", Place{.file = nameForErrors}));
    };
    // A header may promise more pixels than there is memory: no camera makes these.
    constexpr std::int64_t mostPixels = std::int64_t(1) << 28;
    if (const auto facts = pictureFacts(bytes);
        facts && std::int64_t(facts->width) * facts->height > mostPixels)
        return fail(Diagnostic("calib.picture-too-large", Place{.file = nameForErrors})
                        .with("width", std::int64_t(facts->width))
                        .with("height", std::int64_t(facts->height)));
    // The libraries fill what is missing of a picture cut short with grey, without a word.
    if (!isWholePicture(bytes))
        return broken();
    HefstudioPicture picture{};
    if (codec().decode(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size(), divisor,
                       &picture) != 0)
        return broken();
    return takeOver(picture);
}

Result<Image> loadImage(const std::filesystem::path &file)
{
    auto bytes = readPicture(file);
    if (!bytes)
        return passOn(std::move(bytes));
    return decodeImage(*bytes, file.string());
}

Result<Image> loadThumbnail(const std::filesystem::path &file, int side)
{
    auto bytes = readPicture(file);
    if (!bytes)
        return passOn(std::move(bytes));
    int divisor = 1;
    if (const auto facts = pictureFacts(*bytes))
        while (divisor < 8 && std::min(facts->width, facts->height) / (divisor * 2) >= side)
            divisor *= 2;
    auto image = decodeImage(*bytes, file.string(), divisor);
    if (!image)
        return image;
    const double ratio =
        static_cast<double>(side) / std::max({image->width, image->height, 1});
    if (ratio >= 1)
        return image;
    return scaleImage(*image, std::max(1, static_cast<int>(image->width * ratio)),
                      std::max(1, static_cast<int>(image->height * ratio)), Interpolation::area);
}

Result<Image> scaleImage(const Image &image, int width, int height, Interpolation interpolation)
{
    if (!codec().failure.empty())
        return fail(codecMissing());
    const HefstudioPicture from{image.width, image.height,
                                const_cast<std::uint8_t *>(image.rgb.data())};
    HefstudioPicture to{};
    const int how = interpolation == Interpolation::area ? hefstudioArea : hefstudioLinear;
    if (image.rgb.empty() || width <= 0 || height <= 0 ||
        codec().scale(&from, width, height, how, &to) != 0)
        return fail(Diagnostic("calib.broken-picture"));
    return takeOver(to);
}

Result<Bytes> encodeImage(const Image &image, bool isLossless)
{
    if (!codec().failure.empty())
        return fail(codecMissing());
    constexpr int jpegQuality = 90;
    const HefstudioPicture picture{image.width, image.height,
                                   const_cast<std::uint8_t *>(image.rgb.data())};
    std::uint8_t *bytes = nullptr;
    std::size_t size = 0;
    if (image.rgb.empty() ||
        codec().encode(&picture, isLossless ? 0 : jpegQuality, &bytes, &size) != 0)
        return fail(Diagnostic("calib.broken-picture"));
    const auto view = std::as_bytes(std::span(bytes, size));
    Bytes encoded(view.begin(), view.end());
    codec().freeBytes(bytes);
    return encoded;
}

Result<void> saveImage(const std::filesystem::path &file, const Image &image)
{
    auto ending = file.extension().string();
    std::ranges::transform(ending, ending.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto bytes = encodeImage(image, ending == ".png");
    if (!bytes && bytes.error().front().id == "calib.codec-missing")
        return std::unexpected(bytes.error());
    if (!bytes)
        return fail(Diagnostic("file.not-writable", Place{.file = file.string()})
                        .with("reason", std::string("the picture cannot be encoded")));
    return writeFileAtomically(file, *bytes);
}

int drawText(Image &image, int x, int y, int height, std::string_view text,
             std::array<std::uint8_t, 3> rgb)
{
    if (!codec().failure.empty())
        return 0;
    std::string printable;
    for (const char c : text)
        printable += c >= 0x20 && c < 0x7F ? c : '?';
    HefstudioPicture picture{image.width, image.height, image.rgb.data()};
    return codec().text(image.rgb.empty() ? nullptr : &picture, x, y, height, printable.c_str(),
                        rgb.data());
}

} // namespace hefstudio
