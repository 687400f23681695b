// How far into a network the chip can go: the values at which its part has to end because a layer
// behind them breaks a limit of ops/chip_limits.h.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"
#include "ops/chip_limits.h"

#include <vector>

namespace hefstudio {

struct SupportedFrontier {
    struct End {
        TensorId tensor;
        LayerId blocked;                   // the first layer behind it that the chip cannot have;
                                           // invalid for an output of the graph
        const LayerLimit *limit = nullptr; // that it breaks
    };
    // In the order of their layers. A value that the host gets from another by arithmetic on single
    // elements and movement alone is left to the host. Never an input or a constant.
    std::vector<End> ends;
    // All layers that break a limit with nothing broken before them.
    std::vector<LayerId> blocked;

    bool isWhole() const { return blocked.empty(); }
};

SupportedFrontier supportedFrontier(const Graph &graph);

} // namespace hefstudio
