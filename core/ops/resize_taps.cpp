// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/resize_taps.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {

namespace {

// Where the centre of output position `index` lies in the input. In float on purpose: the stated
// scale is a float, and 4 / 1.33333337f must be 3, not 2.9999999.
float sourceCoordinate(const Resize &resize, int axis, std::int64_t index, std::int64_t in,
                       std::int64_t out)
{
    const float scale = resize.scale[static_cast<std::size_t>(axis)];
    const auto position = static_cast<float>(index);
    switch (resize.coordinates) {
    case ResizeCoordinates::halfPixel:
        return (position + 0.5F) / scale - 0.5F;
    case ResizeCoordinates::asymmetric:
        return position / scale;
    case ResizeCoordinates::alignCorners:
        return out > 1 ? position * static_cast<float>(in - 1) / static_cast<float>(out - 1) : 0.0F;
    case ResizeCoordinates::pytorchHalfPixel:
        return out > 1 ? (position + 0.5F) / scale - 0.5F : 0.0F;
    case ResizeCoordinates::tfHalfPixelForNearest:
        return (position + 0.5F) / scale;
    }
    return 0;
}

std::int64_t nearestIndex(NearestRounding rounding, float coordinate)
{
    switch (rounding) {
    case NearestRounding::roundPreferFloor:
        return static_cast<std::int64_t>(std::ceil(coordinate - 0.5F));
    case NearestRounding::roundPreferCeil:
        return static_cast<std::int64_t>(std::floor(coordinate + 0.5F));
    case NearestRounding::floor:
        return static_cast<std::int64_t>(std::floor(coordinate));
    case NearestRounding::ceil:
        return static_cast<std::int64_t>(std::ceil(coordinate));
    }
    return 0;
}

std::vector<ResizeTap> tapsOf(const Resize &resize, int axis, std::int64_t index, std::int64_t in,
                              std::int64_t out)
{
    const auto inside = [in](std::int64_t i) {
        return std::clamp<std::int64_t>(i, 0, std::max<std::int64_t>(in - 1, 0));
    };
    const float coordinate = sourceCoordinate(resize, axis, index, in, out);
    if (!(std::abs(coordinate) < 1e15F))
        return std::vector<ResizeTap>(resize.mode == ResizeMode::nearest  ? 1
                                      : resize.mode == ResizeMode::linear ? 2
                                                                          : 4,
                                      ResizeTap{});
    if (resize.mode == ResizeMode::nearest)
        return {{inside(nearestIndex(resize.rounding, coordinate)), 1.0}};
    const auto low = static_cast<std::int64_t>(std::floor(coordinate));
    const double t = static_cast<double>(coordinate) - static_cast<double>(low);
    if (resize.mode == ResizeMode::linear)
        return {{inside(low), 1 - t}, {inside(low + 1), t}};
    const double a = resize.cubicCoefficient;
    const auto near = [a](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
    const auto far = [a](double d) { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a; };
    std::vector<ResizeTap> taps{{inside(low - 1), far(1 + t)},
                                {inside(low), near(t)},
                                {inside(low + 1), near(1 - t)},
                                {inside(low + 2), far(2 - t)}};
    if (!resize.excludesOutside)
        return taps;
    double sum = 0;
    for (std::int64_t i = 0; i < 4; ++i) {
        ResizeTap &tap = taps[static_cast<std::size_t>(i)];
        if (tap.index != low - 1 + i)
            tap.weight = 0;
        sum += tap.weight;
    }
    for (ResizeTap &tap : taps)
        tap.weight = sum == 0 ? 0 : tap.weight / sum;
    return taps;
}

} // namespace

std::vector<std::vector<ResizeTap>> resizeTaps(const Resize &resize, int axis, std::int64_t in,
                                               std::int64_t out)
{
    std::vector<std::vector<ResizeTap>> taps;
    taps.reserve(static_cast<std::size_t>(out));
    for (std::int64_t index = 0; index < out; ++index)
        taps.push_back(tapsOf(resize, axis, index, in, out));
    return taps;
}

} // namespace hefstudio
