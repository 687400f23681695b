// When each context and each layer of a frame is at work, as plain geometry in milliseconds: from
// the mapping's own model (when operands arrive, how long a period is), nothing drawn.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "profile/model_estimate.h"

namespace hefstudio {

struct TimelineSpan {
    enum class Kind { switching, context, layer };
    Kind kind = Kind::layer;
    double startMs = 0, endMs = 0;
    int row = 0;
    int context = 0;
    int layer = -1;
};

struct Timeline {
    std::vector<TimelineSpan> spans; // by row
    int rows = 0;
    double endMs = 0;
};

// One batch through all contexts, one after the other. Every layer has a row, in execution order
// under the row of its context.
Timeline timelineOf(const ModelEstimate &estimate, int batch);

} // namespace hefstudio
