// What is legal but unwise in a network for the chip: sizes that waste compute units, windows that
// miss pixels, maps and weights that do not fit. Notes and warnings with the first place and the
// number of places, so that a bad habit makes one line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "device/device_model.h"
#include "graph/graph.h"

namespace hefstudio {

// Diagnostics: check.stride-skips, check.padding-window, check.unread-border,
// check.channel-alignment, check.prime-channels, check.large-feature-map,
// check.weights-exceed-memory.
Diagnostics lintForChip(const Graph &rewritten, const DeviceModel &device);

// The value between layers with most elements, at one byte each; invalid for a graph without any.
TensorId largestMap(const Graph &graph);

} // namespace hefstudio
