// Splits and joins that undo or repeat each other.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>

namespace hefstudio {

// Afterwards no join reads another join of the same axis that only it reads, no slice takes from a
// join what one of its operands is or holds, and no join puts neighbouring slices of one value
// together again. A join of the b·b pictures of every b-th pixel (Focus) is a space-to-depth, with
// its channels picked where they stand in another order. Moves values, computes none.
Result<std::shared_ptr<const Graph>> simplifyJoins(const Graph &graph);

} // namespace hefstudio
