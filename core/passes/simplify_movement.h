// Chains of reshapes, transposes, gathers and slices that in the end only pick channels of a
// picture (channel shuffles, splits by halves) become one slice or gather along the channels, or
// nothing at all; a slice of a slice becomes one slice. What the chain does is found by sending the
// numbers of its elements through it, so no spelling of a shuffle is special.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>

namespace hefstudio {

Result<std::shared_ptr<const Graph>> simplifyMovement(const Graph &graph);

} // namespace hefstudio
