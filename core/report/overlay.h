// Draws detections on the picture they were found in.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/image.h"
#include "heads/decode.h"
#include "heads/detection.h"

#include <array>
#include <span>
#include <string>

namespace hefstudio {

// A colour of its own for each class, the same in every picture.
std::array<std::uint8_t, 3> classColor(int classIndex);

// "person 87 %"; the class's number where there is no name for it.
std::string detectionLabel(const Detection &detection, std::span<const std::string> labels);

// Outlines (turned ones as they are), keypoints and labels over a copy of the picture. `masks`:
// none, or one for each detection over the network's canvas, placed by `placement`.
Image overlay(const Image &picture, const Detections &detections,
              std::span<const std::string> labels, std::span<const Mask> masks = {},
              const CanvasPlacement &placement = {}, std::array<int, 2> canvas = {0, 0});

} // namespace hefstudio
