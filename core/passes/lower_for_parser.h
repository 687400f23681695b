// Rewrites what the chip has into what the vendor's parser is known to read, for `hefc prepare`.
// Facts: reference notes of the model zoo and public reports of refused networks; the parser reads
// tensors of at most four dimensions, refuses LayerNormalization on lists, and has no gather.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"
#include "passes/pipeline.h"

#include <memory>
#include <vector>

namespace hefstudio {

// Every layer normalisation becomes mean, difference, square, mean, root and quotient along its
// axes, then scale and shift: the form exporters wrote before operator set 17. The arithmetic is
// the same, in another order of rounding.
Result<std::shared_ptr<const Graph>> spellOutLayerNormalization(const Graph &graph);

// Channels of a picture that are picked or shuffled (a gather, or a slice with steps) come out of a
// 1×1 convolution whose weights are 0 and 1: exactly the same values.
Result<std::shared_ptr<const Graph>> pickChannelsByConvolution(const Graph &graph);

// Reshape – transpose – reshape over more than four dimensions (windows of Swin, channel shuffle):
// axes of one element go, axes that stay neighbours move as one. What then needs more than four
// stays as it is.
Result<std::shared_ptr<const Graph>> mergeTransposedAxes(const Graph &graph);

// The three, in this order; to be run after preparePasses().
std::vector<NamedPass> parserPasses();

} // namespace hefstudio
