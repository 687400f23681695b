// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/picture_measures.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace hefstudio {
namespace {

constexpr int longestSide = 512;
constexpr int grid = 4;
constexpr int tinySide = 16;

Plane lumaOf(const Image &image)
{
    Plane plane{image.width, image.height, {}};
    plane.pixels.resize(static_cast<std::size_t>(image.width) * image.height);
    const std::uint8_t *rgb = image.rgb.data();
    for (std::uint8_t &value : plane.pixels) {
        // ITU-R BT.601 in 8.8 fixed point.
        value = static_cast<std::uint8_t>((rgb[0] * 77 + rgb[1] * 150 + rgb[2] * 29 + 128) >> 8);
        rgb += 3;
    }
    return plane;
}

// Box means of the source over `width` × `height` cells; cells of a picture smaller than that
// repeat its pixels.
std::vector<double> cellMeans(const Plane &plane, int width, int height)
{
    std::vector<double> means(static_cast<std::size_t>(width) * height);
    for (int row = 0; row < height; ++row) {
        const int top = row * plane.height / height;
        const int bottom = std::max(top + 1, (row + 1) * plane.height / height);
        for (int column = 0; column < width; ++column) {
            const int left = column * plane.width / width;
            const int right = std::max(left + 1, (column + 1) * plane.width / width);
            std::int64_t sum = 0;
            for (int y = top; y < bottom; ++y)
                for (int x = left; x < right; ++x)
                    sum += plane.pixels[static_cast<std::size_t>(y) * plane.width + x];
            means[static_cast<std::size_t>(row) * width + column] =
                static_cast<double>(sum) / ((bottom - top) * (right - left));
        }
    }
    return means;
}

// The picture's own gradient and what of it a running box mean of nine takes away, along steps of
// `step` through lines that start `lineStep` apart.
struct Losses {
    double before = 0;
    double lost = 0;
    double blur() const { return before > 0 ? (before - lost) / before : 1; }
};

Losses gradientLosses(const std::uint8_t *pixels, int length, int lines, int step, int lineStep)
{
    constexpr int half = 4;
    constexpr int box = 2 * half + 1;
    Losses losses;
    if (length < box + 2)
        return losses;
    std::int64_t before = 0;
    std::int64_t lost = 0; // in ninths
    for (int line = 0; line < lines; ++line) {
        const std::uint8_t *p = pixels + static_cast<std::ptrdiff_t>(line) * lineStep;
        const auto at = [&](int i) { return static_cast<int>(p[std::ptrdiff_t(i) * step]); };
        int sum = 0;
        for (int i = 0; i < box; ++i)
            sum += at(i);
        for (int i = half; i + half + 1 < length; ++i) {
            const int next = sum + at(i + half + 1) - at(i - half);
            const int own = std::abs(at(i + 1) - at(i));
            before += own;
            lost += std::max(0, own * box - std::abs(next - sum));
            sum = next;
        }
    }
    losses.before = static_cast<double>(before);
    losses.lost = static_cast<double>(lost) / box;
    return losses;
}

struct Percentiles {
    double low, high;
};

Percentiles percentiles(const Plane &luma)
{
    std::array<std::size_t, 256> counts{};
    for (const std::uint8_t value : luma.pixels)
        ++counts[value];
    const auto at = [&](double share) {
        const double wanted = share * static_cast<double>(luma.pixels.size());
        double sum = 0;
        for (std::size_t value = 0; value < counts.size(); ++value) {
            sum += static_cast<double>(counts[value]);
            if (sum > wanted)
                return static_cast<double>(value);
        }
        return 255.0;
    };
    return {at(0.02), at(0.98)};
}

TinyPicture tinyOf(const Image &image)
{
    TinyPicture tiny{};
    for (int channel = 0; channel < 3; ++channel) {
        Plane plane{image.width, image.height, {}};
        plane.pixels.resize(static_cast<std::size_t>(image.width) * image.height);
        for (std::size_t i = 0; i < plane.pixels.size(); ++i)
            plane.pixels[i] = image.rgb[i * 3 + static_cast<std::size_t>(channel)];
        const auto means = cellMeans(plane, tinySide, tinySide);
        for (std::size_t i = 0; i < means.size(); ++i)
            tiny[i * 3 + static_cast<std::size_t>(channel)] =
                static_cast<std::uint8_t>(std::lround(means[i]));
    }
    return tiny;
}

// Mean absolute step to the right and down, by cell of the grid, as a share of a full step.
std::array<double, grid * grid> edgeStrength(const Plane &luma)
{
    std::array<double, grid * grid> sums{};
    std::array<std::int64_t, grid * grid> counts{};
    for (int y = 0; y + 1 < luma.height; ++y)
        for (int x = 0; x + 1 < luma.width; ++x) {
            const std::uint8_t *p = &luma.pixels[static_cast<std::size_t>(y) * luma.width + x];
            const auto cell = static_cast<std::size_t>(y * grid / luma.height * grid +
                                                       x * grid / luma.width);
            sums[cell] += std::abs(p[1] - p[0]) + std::abs(p[luma.width] - p[0]);
            ++counts[cell];
        }
    for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] = counts[i] > 0 ? sums[i] / (510.0 * static_cast<double>(counts[i])) : 0;
    return sums;
}

PictureFeatures featuresOf(const TinyPicture &tiny, const Plane &luma)
{
    PictureFeatures features{};
    const auto edges = edgeStrength(luma);
    constexpr int each = tinySide / grid;
    for (std::size_t cell = 0; cell < grid * grid; ++cell) {
        std::array<double, 3> mean{};
        for (int i = 0; i < each * each; ++i) {
            const auto y = static_cast<std::size_t>(cell / grid * each) + i / each;
            const auto x = static_cast<std::size_t>(cell % grid * each) + i % each;
            for (std::size_t channel = 0; channel < 3; ++channel)
                mean[channel] += tiny[(y * tinySide + x) * 3 + channel] / (255.0 * each * each);
        }
        const auto [r, g, b] = mean;
        // Edges and colours weigh as much as lightness: their usual spread is a fraction of its.
        constexpr double edgeWeight = 6;
        constexpr double colorWeight = 2;
        features[cell * 4] = static_cast<float>((r + g + b) / 3);
        features[cell * 4 + 1] = static_cast<float>(colorWeight * (r - g));
        features[cell * 4 + 2] = static_cast<float>(colorWeight * (b - g));
        features[cell * 4 + 3] = static_cast<float>(edgeWeight * edges[cell]);
    }
    return features;
}

} // namespace

double blurOf(const Plane &luma)
{
    const double across =
        gradientLosses(luma.pixels.data(), luma.width, luma.height, 1, luma.width).blur();
    const double down =
        gradientLosses(luma.pixels.data(), luma.height, luma.width, luma.width, 1).blur();
    return std::max(across, down);
}

std::uint64_t perceptualHash(const Plane &luma)
{
    constexpr int side = 32;
    constexpr int kept = 8;
    static const auto cosines = [] {
        std::array<std::array<double, side>, kept> table{};
        for (int k = 0; k < kept; ++k)
            for (int i = 0; i < side; ++i)
                table[k][i] = std::cos(std::numbers::pi * (i + 0.5) * k / side);
        return table;
    }();
    const auto pixels = cellMeans(luma, side, side);
    std::array<double, kept * side> rows{};
    for (int k = 0; k < kept; ++k)
        for (int y = 0; y < side; ++y) {
            double sum = 0;
            for (int x = 0; x < side; ++x)
                sum += pixels[static_cast<std::size_t>(y * side + x)] * cosines[k][x];
            rows[static_cast<std::size_t>(k * side + y)] = sum;
        }
    std::array<double, kept * kept> frequencies{};
    for (int k = 0; k < kept; ++k)
        for (int l = 0; l < kept; ++l) {
            double sum = 0;
            for (int y = 0; y < side; ++y)
                sum += rows[static_cast<std::size_t>(k * side + y)] * cosines[l][y];
            frequencies[static_cast<std::size_t>(l * kept + k)] = sum;
        }
    std::array<double, kept * kept - 1> sorted{};
    std::copy(frequencies.begin() + 1, frequencies.end(), sorted.begin());
    std::ranges::nth_element(sorted, sorted.begin() + sorted.size() / 2);
    const double median = sorted[sorted.size() / 2];
    std::uint64_t hash = 0;
    for (std::size_t i = 1; i < frequencies.size(); ++i)
        hash |= static_cast<std::uint64_t>(frequencies[i] > median) << i;
    return hash;
}

double colorOrderEvidence(const Image &image)
{
    double sum = 0;
    const auto pixels = static_cast<std::size_t>(image.width) * image.height;
    for (int y = 0; y < image.height; ++y) {
        const bool isUpperThird = y * 3 < image.height;
        const std::uint8_t *rgb = &image.rgb[static_cast<std::size_t>(y) * image.width * 3];
        for (int x = 0; x < image.width; ++x, rgb += 3) {
            const int r = rgb[0], g = rgb[1], b = rgb[2];
            const int difference = r - b;
            const int largest = std::max({r, g, b});
            // Near grey or near black: no evidence.
            if (std::abs(difference) * 6 < largest || largest < 40)
                continue;
            const double strength = std::min(1.0, std::abs(difference) * 2.0 / largest);
            const double sign = difference > 0 ? 1 : -1;
            if (g >= r && g >= b)
                sum += sign * strength; // leaves: chlorophyll takes blue
            else if (g > std::min(r, b)) {
                // Between: warm earth, wood and skin, or a cool shade; a bright cool pixel high up
                // is sky and speaks for the order.
                const bool isSky = isUpperThird && largest > 110;
                sum += isSky ? (difference < 0 ? 1.2 : 0.3) * strength : sign * strength;
            } else {
                sum += 0.3 * sign * strength; // reds and blues, magentas: things people make
            }
        }
    }
    return pixels > 0 ? sum / static_cast<double>(pixels) : 0;
}

double featureDistance(const PictureFeatures &a, const PictureFeatures &b)
{
    float sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(static_cast<double>(sum));
}

double tinyDistance(const TinyPicture &a, const TinyPicture &b)
{
    int sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::abs(a[i] - b[i]);
    return static_cast<double>(sum) / static_cast<double>(a.size());
}

Result<PictureMeasures> measurePicture(const Image &image)
{
    PictureMeasures measures;
    measures.width = image.width;
    measures.height = image.height;
    Image smaller;
    const Image *small = &image;
    const int longest = std::max(image.width, image.height);
    if (longest > longestSide) {
        const double ratio = static_cast<double>(longestSide) / longest;
        auto scaled = scaleImage(image, std::max(1, static_cast<int>(image.width * ratio)),
                                 std::max(1, static_cast<int>(image.height * ratio)),
                                 Interpolation::area);
        if (!scaled)
            return passOn(std::move(scaled));
        smaller = std::move(*scaled);
        small = &smaller;
    }
    const Plane luma = lumaOf(*small);
    std::int64_t sum = 0;
    std::int64_t squares = 0;
    for (const std::uint8_t value : luma.pixels) {
        sum += value;
        squares += value * value;
    }
    const auto count = static_cast<double>(std::max<std::size_t>(luma.pixels.size(), 1));
    measures.mean = static_cast<double>(sum) / count;
    measures.contrast = std::sqrt(
        std::max(0.0, static_cast<double>(squares) / count - measures.mean * measures.mean));
    const auto [low, high] = percentiles(luma);
    measures.low = low;
    measures.high = high;
    measures.largest = image.rgb.empty() ? 0 : *std::ranges::max_element(image.rgb);
    measures.blur = blurOf(luma);
    measures.colorOrder = colorOrderEvidence(*small);
    measures.hash = perceptualHash(luma);
    measures.tiny = tinyOf(*small);
    measures.features = featuresOf(measures.tiny, luma);
    return measures;
}

} // namespace hefstudio
