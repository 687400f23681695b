// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/overlay.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

using Color = std::array<std::uint8_t, 3>;

void setPixel(Image &image, int x, int y, const Color &color)
{
    if (x < 0 || y < 0 || x >= image.width || y >= image.height)
        return;
    const std::size_t at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                            static_cast<std::size_t>(x)) *
                           3;
    std::ranges::copy(color, image.rgb.begin() + static_cast<std::ptrdiff_t>(at));
}

void fill(Image &image, int left, int top, int right, int bottom, const Color &color)
{
    for (int y = std::max(0, top); y < std::min(image.height, bottom); ++y)
        for (int x = std::max(0, left); x < std::min(image.width, right); ++x)
            setPixel(image, x, y, color);
}

void drawLine(Image &image, const std::array<double, 2> &from, const std::array<double, 2> &to,
              int thickness, const Color &color)
{
    const double dx = to[0] - from[0];
    const double dy = to[1] - from[1];
    const double longest = std::max(std::abs(dx), std::abs(dy));
    // Lines that leave the picture by far are cut by setPixel; their steps stay bounded.
    const int steps = static_cast<int>(std::clamp(longest, 1.0, 20'000.0));
    for (int i = 0; i <= steps; ++i) {
        const int x =
            static_cast<int>(std::lround(std::clamp(from[0] + dx * i / steps, -1e6, 1e6)));
        const int y =
            static_cast<int>(std::lround(std::clamp(from[1] + dy * i / steps, -1e6, 1e6)));
        fill(image, x - thickness / 2, y - thickness / 2, x - thickness / 2 + thickness,
             y - thickness / 2 + thickness, color);
    }
}

void blendMask(Image &image, const Mask &mask, const CanvasPlacement &placement,
               const std::array<int, 2> &canvas, const Color &color)
{
    if (mask.inside.empty() || canvas[0] <= 0 || canvas[1] <= 0)
        return;
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x) {
            const double u = (x * placement.scaleX + placement.offsetX) * mask.width / canvas[0];
            const double v = (y * placement.scaleY + placement.offsetY) * mask.height / canvas[1];
            const auto column = static_cast<int>(u);
            const auto row = static_cast<int>(v);
            if (u < 0 || v < 0 || column >= mask.width || row >= mask.height ||
                mask.inside[static_cast<std::size_t>(row) * static_cast<std::size_t>(mask.width) +
                            static_cast<std::size_t>(column)] == 0)
                continue;
            const std::size_t at =
                (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                 static_cast<std::size_t>(x)) *
                3;
            for (std::size_t k = 0; k < 3; ++k)
                image.rgb[at + k] = static_cast<std::uint8_t>((image.rgb[at + k] + color[k]) / 2);
        }
}

} // namespace

std::array<std::uint8_t, 3> classColor(int classIndex)
{
    // Hues a golden ratio apart, full and bright.
    const double hue = std::fmod(0.07 + static_cast<double>(classIndex) * 0.6180339887, 1.0) * 6;
    const auto channel = [hue](double shift) {
        const double distance = std::abs(std::fmod(hue + shift, 6.0) - 3);
        return static_cast<std::uint8_t>(std::lround(std::clamp(distance - 1, 0.0, 1.0) * 235) +
                                         20);
    };
    return {channel(0), channel(4), channel(2)};
}

std::string detectionLabel(const Detection &detection, std::span<const std::string> labels)
{
    const auto index = static_cast<std::size_t>(detection.classIndex);
    const std::string name = detection.classIndex >= 0 && index < labels.size()
                                 ? labels[index]
                                 : std::to_string(detection.classIndex);
    return name + " " + std::to_string(std::lround(detection.score * 100)) + " %";
}

Image overlay(const Image &picture, const Detections &detections,
              std::span<const std::string> labels, std::span<const Mask> masks,
              const CanvasPlacement &placement, std::array<int, 2> canvas)
{
    Image image = picture;
    const int thickness = std::max(2, std::min(image.width, image.height) / 240);
    const int textHeight = std::max(10, std::min(image.width, image.height) / 45);
    for (std::size_t i = 0; i < detections.size() && i < masks.size(); ++i)
        blendMask(image, masks[i], placement, canvas, classColor(detections[i].classIndex));
    // The best last, so that its outline is whole.
    for (std::size_t i = detections.size(); i-- > 0;) {
        const Detection &found = detections[i];
        const Color color = classColor(found.classIndex);
        const auto points = corners(found);
        for (std::size_t k = 0; k < points.size(); ++k)
            drawLine(image, points[k], points[(k + 1) % points.size()], thickness, color);
        for (const Keypoint &point : found.keypoints)
            if (point.score >= 0.5)
                drawLine(image, {point.x, point.y}, {point.x, point.y}, 2 * thickness, color);
        const std::string text = detectionLabel(found, labels);
        Image nothing;
        const int width = drawText(nothing, 0, 0, textHeight, text, {});
        const int left =
            std::clamp(static_cast<int>(found.box.x1), 0, std::max(0, image.width - width));
        const int bottom = std::clamp(static_cast<int>(found.box.y1), textHeight + 6,
                                      std::max(textHeight + 6, image.height));
        fill(image, left, bottom - textHeight - 6, left + width + 4, bottom, color);
        drawText(image, left + 2, bottom - 4, textHeight, text, {0, 0, 0});
    }
    return image;
}

} // namespace hefstudio
