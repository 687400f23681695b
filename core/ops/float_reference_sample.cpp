// Layers that sample pictures at computed places.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/float_reference_parts.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hefstudio::reference {

namespace {

// One plane of a picture.
struct Plane {
    const float *pixels = nullptr;
    std::int64_t height = 1, width = 1;

    double at(std::int64_t y, std::int64_t x) const { return pixels[y * width + x]; }
    bool contains(std::int64_t y, std::int64_t x) const
    {
        return y >= 0 && y < height && x >= 0 && x < width;
    }
};

double reflected(double x, double low, double high)
{
    const double span = high - low;
    if (span <= 0)
        return low;
    const double turns = std::floor((x - low) / span);
    const double rest = x - low - turns * span;
    return std::fmod(std::abs(turns), 2) == 0 ? low + rest : high - rest;
}

class GridSampler {
public:
    GridSampler(const GridSample &attributes, Plane plane) : m_how(attributes), m_plane(plane) {}

    double sample(double gridX, double gridY) const
    {
        const double x = pixelOf(gridX, m_plane.width);
        const double y = pixelOf(gridY, m_plane.height);
        if (!std::isfinite(x) || !std::isfinite(y) || std::abs(x) > 1e9 || std::abs(y) > 1e9)
            return 0;
        const double left = std::floor(x), top = std::floor(y);
        const auto column = static_cast<std::int64_t>(left);
        const auto row = static_cast<std::int64_t>(top);
        if (m_how.mode == ResizeMode::nearest)
            return pixel(static_cast<std::int64_t>(std::nearbyint(y)),
                         static_cast<std::int64_t>(std::nearbyint(x)));
        if (m_how.mode == ResizeMode::linear) {
            const double dx = x - left, dy = y - top;
            return (1 - dy) * ((1 - dx) * pixel(row, column) + dx * pixel(row, column + 1)) +
                   dy * ((1 - dx) * pixel(row + 1, column) + dx * pixel(row + 1, column + 1));
        }
        const std::array<double, 4> across = cubic(x - left), down = cubic(y - top);
        double sum = 0;
        for (int i = 0; i < 4; ++i)
            for (int k = 0; k < 4; ++k)
                sum += down[static_cast<std::size_t>(i)] * across[static_cast<std::size_t>(k)] *
                       pixel(row - 1 + i, column - 1 + k);
        return sum;
    }

private:
    // From −1…1 to pixels, and back inside where the padding says so.
    double pixelOf(double grid, std::int64_t size) const
    {
        const auto length = static_cast<double>(size);
        double x = m_how.alignCorners ? (grid + 1) / 2 * (length - 1)
                                      : ((grid + 1) * length - 1) / 2;
        if (m_how.mode == ResizeMode::cubic) // its taps are brought inside one by one
            return x;
        if (m_how.padding == GridPadding::border)
            x = std::clamp(x, 0.0, length - 1);
        else if (m_how.padding == GridPadding::reflection)
            x = insideByReflection(x, size);
        return x;
    }

    double insideByReflection(double x, std::int64_t size) const
    {
        const auto length = static_cast<double>(size);
        const double folded =
            m_how.alignCorners ? reflected(x, 0, length - 1) : reflected(x, -0.5, length - 0.5);
        return std::clamp(folded, 0.0, length - 1);
    }

    double pixel(std::int64_t y, std::int64_t x) const
    {
        if (m_plane.contains(y, x))
            return m_plane.at(y, x);
        switch (m_how.padding) {
        case GridPadding::zeros:
            return 0;
        case GridPadding::border:
            return m_plane.at(std::clamp<std::int64_t>(y, 0, m_plane.height - 1),
                              std::clamp<std::int64_t>(x, 0, m_plane.width - 1));
        case GridPadding::reflection:
            break;
        }
        return m_plane.at(static_cast<std::int64_t>(
                              insideByReflection(static_cast<double>(y), m_plane.height)),
                          static_cast<std::int64_t>(
                              insideByReflection(static_cast<double>(x), m_plane.width)));
    }

    static std::array<double, 4> cubic(double t)
    {
        constexpr double a = -0.75;
        const auto near = [](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
        const auto far = [](double d) { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a; };
        return {far(1 + t), near(t), near(1 - t), far(2 - t)};
    }

    const GridSample &m_how;
    Plane m_plane;
};

// What RoiAlign reads at (y, x): bilinear, zero more than a pixel outside. `corners` receives the
// four weighted pixels.
std::array<double, 4> alignCorners(const Plane &plane, double y, double x)
{
    const auto height = static_cast<double>(plane.height), width = static_cast<double>(plane.width);
    if (!(y >= -1 && y <= height && x >= -1 && x <= width))
        return {};
    y = std::max(y, 0.0);
    x = std::max(x, 0.0);
    auto top = static_cast<std::int64_t>(y), left = static_cast<std::int64_t>(x);
    std::int64_t bottom = top + 1, right = left + 1;
    if (top >= plane.height - 1) {
        top = bottom = plane.height - 1;
        y = static_cast<double>(top);
    }
    if (left >= plane.width - 1) {
        left = right = plane.width - 1;
        x = static_cast<double>(left);
    }
    const double dy = y - static_cast<double>(top), dx = x - static_cast<double>(left);
    return {(1 - dy) * (1 - dx) * plane.at(top, left), (1 - dy) * dx * plane.at(top, right),
            dy * (1 - dx) * plane.at(bottom, left), dy * dx * plane.at(bottom, right)};
}

} // namespace

Tensor run(const GridSample &attributes, Operands operands, const Shape &shape)
{
    const Shape &in = operands[0]->shape();
    const std::span<const float> x = operands[0]->as<float>();
    const std::span<const float> grid = operands[1]->as<float>();
    Tensor result(ElementType::float32, shape);
    float *out = result.as<float>().data();
    const std::int64_t places = shape[2] * shape[3];
    for (std::int64_t n = 0; n < shape[0]; ++n) {
        for (std::int64_t c = 0; c < shape[1]; ++c) {
            const GridSampler sampler(
                attributes, {x.data() + (n * in[1] + c) * in[2] * in[3], in[2], in[3]});
            for (std::int64_t place = 0; place < places; ++place) {
                const auto at = static_cast<std::size_t>(2 * (n * places + place));
                *out++ = static_cast<float>(sampler.sample(grid[at], grid[at + 1]));
            }
        }
    }
    return result;
}

Tensor run(const RoiAlign &attributes, Operands operands, const Shape &shape)
{
    const Shape &in = operands[0]->shape();
    const std::span<const float> x = operands[0]->as<float>();
    const std::span<const float> boxes = operands[1]->as<float>();
    const std::vector<std::int64_t> pictures = operands[2]->toInt64();
    constexpr double mostSamples = 1 << 16; // along one axis of one bin
    Tensor result(ElementType::float32, shape);
    float *out = result.as<float>().data();
    const double shift = attributes.halfPixel ? 0.5 : 0;
    for (std::int64_t box = 0; box < shape[0]; ++box) {
        std::array<double, 4> edge{};
        for (std::size_t i = 0; i < 4; ++i)
            edge[i] = static_cast<double>(boxes[static_cast<std::size_t>(box) * 4 + i]) *
                          attributes.spatialScale -
                      shift;
        double width = edge[2] - edge[0], height = edge[3] - edge[1];
        if (!attributes.halfPixel) {
            width = std::max(width, 1.0);
            height = std::max(height, 1.0);
        }
        const double binHeight = height / static_cast<double>(shape[2]);
        const double binWidth = width / static_cast<double>(shape[3]);
        const auto samplesOf = [&](double bin) -> std::int64_t {
            if (attributes.samplingRatio > 0)
                return std::min<std::int64_t>(attributes.samplingRatio, 1 << 16);
            return std::isfinite(bin) && bin > 0
                       ? static_cast<std::int64_t>(std::min(std::ceil(bin), mostSamples))
                       : 0;
        };
        const std::int64_t rows = samplesOf(binHeight), columns = samplesOf(binWidth);
        const std::int64_t picture = pictures[static_cast<std::size_t>(box)];
        const bool exists = picture >= 0 && picture < in[0];
        for (std::int64_t c = 0; c < shape[1]; ++c) {
            const Plane plane{x.data() + ((exists ? picture : 0) * in[1] + c) * in[2] * in[3],
                              in[2], in[3]};
            for (std::int64_t bin = 0; bin < shape[2] * shape[3]; ++bin) {
                const double top = edge[1] + static_cast<double>(bin / shape[3]) * binHeight;
                const double left = edge[0] + static_cast<double>(bin % shape[3]) * binWidth;
                double sum = 0, largest = 0;
                bool isFirst = true;
                for (std::int64_t i = 0; i < rows && exists; ++i) {
                    const double y =
                        top + (static_cast<double>(i) + 0.5) * binHeight / static_cast<double>(rows);
                    for (std::int64_t k = 0; k < columns; ++k) {
                        const double across = left + (static_cast<double>(k) + 0.5) * binWidth /
                                                         static_cast<double>(columns);
                        const auto corners = alignCorners(plane, y, across);
                        sum += corners[0] + corners[1] + corners[2] + corners[3];
                        const double best = *std::ranges::max_element(corners);
                        largest = isFirst ? best : std::max(largest, best);
                        isFirst = false;
                    }
                }
                const auto count = static_cast<double>(std::max<std::int64_t>(rows * columns, 1));
                *out++ = static_cast<float>(attributes.usesMaximum ? largest : sum / count);
            }
        }
    }
    return result;
}

} // namespace hefstudio::reference
