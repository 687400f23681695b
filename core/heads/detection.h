// What a detector finds, as plain values: boxes with class and score, and what some heads add to a
// box. Coordinates are pixels, of the network's input until toPicture() is applied, then of the
// original photograph; x grows to the right, y downwards.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <vector>

namespace hefstudio {

struct Box {
    double x1 = 0, y1 = 0, x2 = 0, y2 = 0;

    double width() const { return x2 - x1; }
    double height() const { return y2 - y1; }
    double area() const; // 0 for an empty or inverted box
    friend bool operator==(const Box &, const Box &) = default;
};

// 0…1; boxes without area meet nothing.
double intersectionOverUnion(const Box &a, const Box &b);

struct Keypoint {
    double x = 0, y = 0;
    double score = 1; // visibility; 1 where the head gives none
    friend bool operator==(const Keypoint &, const Keypoint &) = default;
};

struct Detection {
    int classIndex = 0;
    double score = 0; // 0…1
    Box box;          // the upright box; of an oriented one the box before it is turned
    std::vector<Keypoint> keypoints{};
    std::optional<double> angle{};         // radians, clockwise on the screen, about the centre
    std::vector<float> maskCoefficients{}; // to be multiplied with the prototypes
    friend bool operator==(const Detection &, const Detection &) = default;
};

using Detections = std::vector<Detection>;

// The corners of the box, turned by its angle, in order.
std::array<std::array<double, 2>, 4> corners(const Detection &detection);
// Of the turned boxes; the plain ratio where neither has an angle.
double intersectionOverUnion(const Detection &a, const Detection &b);

// How a photograph was laid on the network's canvas: x_network = x_photograph · scaleX + offsetX.
struct CanvasPlacement {
    double scaleX = 1, scaleY = 1;
    double offsetX = 0, offsetY = 0;
    int pictureWidth = 0, pictureHeight = 0; // of the photograph; boxes are clipped to it
};

// From pixels of the canvas to pixels of the photograph. Boxes (not turned ones) are clipped to
// it; what lies outside altogether is dropped. An angle is kept, which is exact where both scales
// are equal.
Detections toPicture(const Detections &detections, const CanvasPlacement &placement);

} // namespace hefstudio
