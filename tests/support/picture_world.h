// Pictures drawn from a seed that look enough like photographs to judge: skies above grass, earth
// and leaves, faces and houses, with texture everywhere; and the faults that sets of pictures have.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/image.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace hefstudio {

class PictureSeed {
public:
    explicit PictureSeed(std::uint64_t seed) : m_state(seed * 0x9E3779B97F4A7C15U + 1) {}
    double unit()
    {
        m_state = m_state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<double>(m_state >> 11) / 9007199254740992.0;
    }
    double between(double low, double high) { return low + unit() * (high - low); }

private:
    std::uint64_t m_state;
};

using Rgb = std::array<double, 3>;

// A landscape: no two seeds have the same layout, colours or light.
inline Image landscape(std::uint64_t seed, int width, int height)
{
    PictureSeed draw(seed);
    Image image{width, height, {}};
    image.rgb.resize(static_cast<std::size_t>(width) * height * 3);
    const double light = draw.between(0.75, 1.1);
    const double horizon = draw.between(0.25, 0.6);
    const double slope = draw.between(-0.25, 0.25);
    const Rgb sky{draw.between(90, 160), draw.between(140, 190), draw.between(195, 240)};
    const Rgb ground = draw.unit() < 0.6
                           ? Rgb{draw.between(70, 120), draw.between(110, 150), draw.between(30, 60)}
                           : Rgb{draw.between(130, 180), draw.between(95, 130), draw.between(50, 80)};
    const double phase = draw.between(0, 6.3);
    const double waves = draw.between(2, 9);
    struct Thing {
        double x, y, radius, squash;
        Rgb color;
    };
    std::array<Thing, 7> things{};
    for (Thing &thing : things) {
        const double kind = draw.unit();
        thing = {draw.between(0, 1), draw.between(horizon, 1), draw.between(0.04, 0.16),
                 draw.between(0.5, 2),
                 kind < 0.4   ? Rgb{draw.between(190, 230), draw.between(140, 175), 110} // skin
                 : kind < 0.7 ? Rgb{draw.between(110, 150), draw.between(70, 95), 45}    // wood
                              : Rgb{60, draw.between(90, 130), 35}};                     // leaves
    }
    const double aspect = static_cast<double>(width) / height;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const double u = static_cast<double>(x) / width;
            const double v = static_cast<double>(y) / height;
            const double edge =
                horizon + slope * (u - 0.5) + 0.03 * std::sin(waves * 6.28 * u + phase);
            Rgb color = v < edge ? sky : ground;
            if (v < edge)
                for (double &c : color)
                    c += (255 - c) * 0.5 * v / edge;
            for (const Thing &thing : things) {
                const double dx = (u - thing.x) * aspect / thing.radius;
                const double dy = (v - thing.y) / (thing.radius * thing.squash);
                if (dx * dx + dy * dy < 1)
                    color = thing.color;
            }
            const double grain = v < edge ? 10 : 60;
            const double texture = (draw.unit() - 0.5) * grain +
                                   (v < edge ? 0 : 14 * std::sin(u * 90 + v * 140 + phase));
            for (int c = 0; c < 3; ++c)
                image.rgb[(static_cast<std::size_t>(y) * width + x) * 3 + c] =
                    static_cast<std::uint8_t>(std::clamp(color[c] * light + texture, 0.0, 255.0));
        }
    return image;
}

// --- faults ---

inline Image redAndBlueExchanged(Image image)
{
    for (std::size_t i = 0; i < image.rgb.size(); i += 3)
        std::swap(image.rgb[i], image.rgb[i + 2]);
    return image;
}

inline Image mapped(Image image, double factor, double offset)
{
    for (std::uint8_t &value : image.rgb)
        value = static_cast<std::uint8_t>(std::clamp(value * factor + offset, 0.0, 255.0));
    return image;
}

// Three box means, each of 2·radius + 1 pixels along both axes: close to a Gaussian.
inline Image blurredBy(const Image &image, int radius)
{
    Image current = image;
    for (int pass = 0; pass < 3; ++pass)
        for (const bool isAcross : {true, false}) {
            const Image from = current;
            const int lines = isAcross ? image.height : image.width;
            const int length = isAcross ? image.width : image.height;
            for (int line = 0; line < lines; ++line)
                for (int c = 0; c < 3; ++c) {
                    const auto at = [&](int i) {
                        i = std::clamp(i, 0, length - 1);
                        const int x = isAcross ? i : line;
                        const int y = isAcross ? line : i;
                        return (static_cast<std::size_t>(y) * image.width + x) * 3 + c;
                    };
                    int sum = 0;
                    for (int i = -radius; i <= radius; ++i)
                        sum += from.rgb[at(i)];
                    for (int i = 0; i < length; ++i) {
                        current.rgb[at(i)] = static_cast<std::uint8_t>(sum / (2 * radius + 1));
                        sum += from.rgb[at(i + radius + 1)] - from.rgb[at(i - radius)];
                    }
                }
        }
    return current;
}

} // namespace hefstudio
