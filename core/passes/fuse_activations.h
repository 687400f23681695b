// An Elementwise layer behind a convolution, fully connected layer, matrix product or arithmetic
// of two values becomes that layer's activation, unless someone else reads the value in between.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>

namespace hefstudio {

Result<std::shared_ptr<const Graph>> fuseActivations(const Graph &graph);

} // namespace hefstudio
