// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/preprocess.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hefstudio {
namespace {

constexpr std::array<std::string_view, 3> colorNames{"rgb", "bgr", "grey"};
constexpr std::array<std::string_view, 4> resizeNames{"letterbox", "topleft", "stretch", "crop"};

// ITU-R BT.601 luma in 8.8 fixed point, as picture libraries round it.
std::uint8_t grey(const std::uint8_t *rgb)
{
    return static_cast<std::uint8_t>((rgb[0] * 77 + rgb[1] * 150 + rgb[2] * 29 + 128) >> 8);
}

// Where the scaled picture lies on the network's canvas; negative when it is cut.
struct Placement {
    int width = 0, height = 0;
    int left = 0, top = 0;
};

Placement place(const Image &image, const PreprocessOptions &options)
{
    if (options.resize == ResizePolicy::stretch)
        return {options.width, options.height, 0, 0};
    const double ratioX = static_cast<double>(options.width) / image.width;
    const double ratioY = static_cast<double>(options.height) / image.height;
    const double ratio =
        options.resize == ResizePolicy::crop ? std::max(ratioX, ratioY) : std::min(ratioX, ratioY);
    Placement placement;
    placement.width = std::max(1, static_cast<int>(std::lround(image.width * ratio)));
    placement.height = std::max(1, static_cast<int>(std::lround(image.height * ratio)));
    if (options.resize == ResizePolicy::topleft)
        return placement;
    // Halves go to the right and bottom, as YOLO's letterbox does with its ±0.1.
    placement.left = static_cast<int>(std::floor((options.width - placement.width) / 2.0));
    placement.top = static_cast<int>(std::floor((options.height - placement.height) / 2.0));
    return placement;
}

} // namespace

std::string_view colorOrderName(ColorOrder order)
{
    return colorNames[static_cast<std::size_t>(order)];
}

std::optional<ColorOrder> colorOrderFromName(std::string_view name)
{
    const auto found = std::ranges::find(colorNames, name);
    if (found == colorNames.end())
        return std::nullopt;
    return static_cast<ColorOrder>(found - colorNames.begin());
}

std::string_view resizePolicyName(ResizePolicy policy)
{
    return resizeNames[static_cast<std::size_t>(policy)];
}

std::optional<ResizePolicy> resizePolicyFromName(std::string_view name)
{
    const auto found = std::ranges::find(resizeNames, name);
    if (found == resizeNames.end())
        return std::nullopt;
    return static_cast<ResizePolicy>(found - resizeNames.begin());
}

Result<Preprocessed> preprocess(const Image &image, const PreprocessOptions &options)
{
    const Placement placement = place(image, options);
    // Linear without averaging, also when shrinking: that is what the common training pipelines do,
    // and calibration must see what the network was trained on.
    Result<Image> scaled =
        placement.width == image.width && placement.height == image.height
            ? Result<Image>(image)
            : scaleImage(image, placement.width, placement.height, Interpolation::linear);
    if (!scaled)
        return passOn(std::move(scaled));

    Preprocessed result;
    result.pixels =
        Tensor(ElementType::uint8, Shape{1, options.channels, options.height, options.width});
    auto pixels = result.pixels.as<std::uint8_t>();
    std::ranges::fill(pixels, options.padValue);
    const int firstRow = std::max(0, placement.top);
    const int endRow = std::min(options.height, placement.top + placement.height);
    const int firstColumn = std::max(0, placement.left);
    const int endColumn = std::min(options.width, placement.left + placement.width);
    const auto plane = static_cast<std::size_t>(options.width) * options.height;
    for (int row = firstRow; row < endRow; ++row) {
        const std::uint8_t *from =
            scaled->rgb.data() + (static_cast<std::size_t>(row - placement.top) * scaled->width +
                                  firstColumn - placement.left) *
                                     3;
        std::uint8_t *to =
            pixels.data() + static_cast<std::size_t>(row) * options.width + firstColumn;
        for (int column = firstColumn; column < endColumn; ++column, from += 3, ++to) {
            if (options.channels == 1) {
                *to = grey(from);
                continue;
            }
            const bool swap = options.color == ColorOrder::bgr;
            to[0] = from[swap ? 2 : 0];
            to[plane] = from[1];
            to[2 * plane] = from[swap ? 0 : 2];
        }
    }
    result.geometry = {.scaleX = static_cast<double>(placement.width) / image.width,
                       .scaleY = static_cast<double>(placement.height) / image.height,
                       .offsetX = static_cast<double>(placement.left),
                       .offsetY = static_cast<double>(placement.top)};
    return result;
}

} // namespace hefstudio
