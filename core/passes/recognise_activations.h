// Finds activations that exporters spell out in arithmetic: x·sigmoid(x) is silu, x·clip(x+3,0,6)/6
// hard swish, x/2·(1+erf(x/√2)) gelu, x·tanh(softplus(x)) mish, min and max with constants clip or
// relu, max(x, a·x) leaky relu. Each becomes one Elementwise layer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>

namespace hefstudio {

Result<std::shared_ptr<const Graph>> recogniseActivations(const Graph &graph);

} // namespace hefstudio
