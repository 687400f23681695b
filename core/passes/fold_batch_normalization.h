// No BatchNormalization is left: it moves into the weights of the convolution or fully connected
// layer before it, else becomes a depthwise 1×1 convolution, else a multiplication and an addition.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>

namespace hefstudio {

Result<std::shared_ptr<const Graph>> foldBatchNormalization(const Graph &graph);

} // namespace hefstudio
