// Moves y = scale·x + shift into the weights of the layer that computes x, or gives it a layer of
// its own: what the folding of batch normalisation and of constant arithmetic share.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "passes/constant_operand.h"

namespace hefstudio {

// `layer` computes `form`. When the layer before has constant weights, no activation and no other
// reader, it takes the function over and `layer` disappears.
bool foldIntoProducer(GraphRewriter &graph, LayerId layer, const AffineForm &form);

// `layer` becomes a depthwise 1×1 convolution; false where x has no four dimensions.
bool becomeDepthwise(GraphRewriter &graph, LayerId layer, const AffineForm &form);

// The weights [C,1,1,1] and bias [C] of a depthwise 1×1 convolution, in slots 1 and 2.
std::vector<TensorId> depthwiseOperands(GraphRewriter &graph, const std::string &layerName,
                                        TensorId x, std::span<const double> scale,
                                        std::span<const double> shift);

} // namespace hefstudio
