// Cuts a network in two: what runs on the chip, from the start tensors to the end tensors, and what
// is left for the host to compute from the chip's outputs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hefstudio {

struct GraphCut {
    std::shared_ptr<const Graph> device;
    // Its inputs are outputs of `device` under the same names; an original output that the device
    // computes passes through. Null when the device computes every output that is left.
    std::shared_ptr<const Graph> host;
    // Outputs of the whole network that the device's outputs do not suffice for.
    std::vector<std::string> lostOutputs;
};

// Without start tensors the device graph starts at the inputs, without end tensors it ends at the
// outputs. Tensors keep their names. Device outputs stand in the order of `endTensors`.
// Diagnostics: graph.cut-at-constant, graph.cut-misses-input, graph.invalid.
Result<GraphCut> cutGraph(const Graph &graph, std::span<const TensorId> startTensors,
                          std::span<const TensorId> endTensors);

} // namespace hefstudio
