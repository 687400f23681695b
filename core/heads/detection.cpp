// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/detection.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

using Point = std::array<double, 2>;
using Polygon = std::vector<Point>;

double area(const Polygon &polygon)
{
    double twice = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Point &a = polygon[i];
        const Point &b = polygon[(i + 1) % polygon.size()];
        twice += a[0] * b[1] - b[0] * a[1];
    }
    return std::abs(twice) / 2;
}

// The part of a convex polygon on the right of the line a → b (Sutherland–Hodgman; with y
// downwards the inside of a clockwise polygon).
Polygon clipped(const Polygon &polygon, const Point &a, const Point &b)
{
    const auto side = [&](const Point &p) {
        return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
    };
    Polygon result;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Point &from = polygon[i];
        const Point &to = polygon[(i + 1) % polygon.size()];
        const double here = side(from);
        const double there = side(to);
        if (here >= 0)
            result.push_back(from);
        if ((here > 0 && there < 0) || (here < 0 && there > 0)) {
            const double t = here / (here - there);
            result.push_back({from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])});
        }
    }
    return result;
}

} // namespace

double Box::area() const
{
    return std::max(0.0, width()) * std::max(0.0, height());
}

double intersectionOverUnion(const Box &a, const Box &b)
{
    const Box common{std::max(a.x1, b.x1), std::max(a.y1, b.y1), std::min(a.x2, b.x2),
                     std::min(a.y2, b.y2)};
    if (common.width() <= 0 || common.height() <= 0)
        return 0;
    const double joint = common.area();
    const double all = a.area() + b.area() - joint;
    return all > 0 ? joint / all : 0;
}

std::array<Point, 4> corners(const Detection &detection)
{
    const Box &box = detection.box;
    std::array<Point, 4> points{
        Point{box.x1, box.y1}, {box.x2, box.y1}, {box.x2, box.y2}, {box.x1, box.y2}};
    if (!detection.angle)
        return points;
    const double centreX = (box.x1 + box.x2) / 2;
    const double centreY = (box.y1 + box.y2) / 2;
    const double cosine = std::cos(*detection.angle);
    const double sine = std::sin(*detection.angle);
    for (Point &point : points) {
        const double x = point[0] - centreX;
        const double y = point[1] - centreY;
        point = {centreX + x * cosine - y * sine, centreY + x * sine + y * cosine};
    }
    return points;
}

double intersectionOverUnion(const Detection &a, const Detection &b)
{
    if (!a.angle && !b.angle)
        return intersectionOverUnion(a.box, b.box);
    const auto first = corners(a);
    const auto second = corners(b);
    Polygon common(first.begin(), first.end());
    for (std::size_t i = 0; i < second.size() && !common.empty(); ++i)
        common = clipped(common, second[i], second[(i + 1) % second.size()]);
    const double joint = common.size() < 3 ? 0 : area(common);
    const double all = a.box.area() + b.box.area() - joint;
    return all > 0 ? joint / all : 0;
}

Detections toPicture(const Detections &detections, const CanvasPlacement &placement)
{
    const auto x = [&](double value) { return (value - placement.offsetX) / placement.scaleX; };
    const auto y = [&](double value) { return (value - placement.offsetY) / placement.scaleY; };
    Detections result;
    for (const Detection &found : detections) {
        Detection moved = found;
        moved.box = {x(found.box.x1), y(found.box.y1), x(found.box.x2), y(found.box.y2)};
        if (!found.angle) {
            const auto clip = [](double value, int limit) {
                return std::clamp(value, 0.0, static_cast<double>(limit));
            };
            moved.box = {clip(moved.box.x1, placement.pictureWidth),
                         clip(moved.box.y1, placement.pictureHeight),
                         clip(moved.box.x2, placement.pictureWidth),
                         clip(moved.box.y2, placement.pictureHeight)};
            if (moved.box.area() <= 0)
                continue;
        }
        for (Keypoint &point : moved.keypoints) {
            point.x = x(point.x);
            point.y = y(point.y);
        }
        result.push_back(std::move(moved));
    }
    return result;
}

} // namespace hefstudio
