// Adding, subtracting, multiplying and dividing by constants moves into the weights of the
// convolution or fully connected layer before it; what has no such layer becomes one affine
// Elementwise (a single number) or a depthwise 1×1 convolution (one number per channel).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>

namespace hefstudio {

Result<std::shared_ptr<const Graph>> foldConstantArithmetic(const Graph &graph);

} // namespace hefstudio
