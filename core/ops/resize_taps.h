// Which input positions one output position of a Resize reads, along one axis: resizing is
// separable, so this is all there is to know about its modes and coordinate rules.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/layer.h"

#include <cstdint>
#include <vector>

namespace hefstudio {

struct ResizeTap {
    std::int64_t index = 0; // inside the input
    double weight = 0;
};

// One entry per output position; axis 0 is height, 1 is width. All entries have the same number of
// taps: 1 for nearest, 2 for linear, 4 for cubic.
std::vector<std::vector<ResizeTap>> resizeTaps(const Resize &resize, int axis, std::int64_t in,
                                               std::int64_t out);

} // namespace hefstudio
