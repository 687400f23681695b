// Finds what a user means by a name: the ONNX node, our layer or the tensor. Unknown names come
// back with the most similar ones that exist.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

// The value that the named node computes: the output of the last layer that came from the ONNX node
// of this name, else of the layer, else the tensor of this name. Diagnostics: graph.unknown-node.
Result<TensorId> resolveNodeName(const Graph &graph, std::string_view name);

// The values that enter the named node (for start nodes); a tensor stands for itself.
// Diagnostics: graph.unknown-node.
Result<std::vector<TensorId>> resolveStartNode(const Graph &graph, std::string_view name);

// All names at once, in order, each tensor once; every unknown name is reported.
Result<std::vector<TensorId>> resolveNodeNames(const Graph &graph,
                                               std::span<const std::string> names);

// Up to `count` existing names (nodes, layers, tensors) that look like this one, best first.
std::vector<std::string> similarNames(const Graph &graph, std::string_view name,
                                      std::size_t count = 3);

} // namespace hefstudio
