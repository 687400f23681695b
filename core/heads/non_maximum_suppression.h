// Keeps the best of boxes that lie on one another.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "heads/detection.h"

#include <cstddef>
#include <string_view>

namespace hefstudio {

enum class SuppressionScope {
    perClass, // boxes of different classes never suppress each other
    agnostic, // whatever the class
    none,     // the network's boxes are already single (one-to-one heads)
};
// "class_aware", "class_agnostic", "none": the words of the EdgeFirst metadata.
std::string_view suppressionScopeName(SuppressionScope scope);

struct SuppressionOptions {
    SuppressionScope scope = SuppressionScope::perClass;
    double scoreThreshold = 0.25; // weaker boxes are left out
    double iouThreshold = 0.45;   // a box that overlaps a better one more than this goes
    std::size_t maximum = 300;    // kept per picture; 0: all
};

// Best first; equal scores keep their order, so that the result hangs on nothing but the input.
// Boxes whose score or corners are not finite are left out.
Detections suppress(Detections candidates, const SuppressionOptions &options);

} // namespace hefstudio
