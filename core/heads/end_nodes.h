// Where the chip's part of a network should end. Detectors finish with arithmetic that suits
// neither the chip nor 8-bit numbers: maps of several grids are flattened and joined, anchors and
// grid positions added, exponentials taken. That tail is recognised by its structure, never by
// names, and the values before it are proposed as outputs; everything else ends at the outputs of
// the graph.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

// What a proposed output holds, as far as the arithmetic behind it tells.
enum class EndNodeRole {
    output, // an output of the graph, kept as it is
    box,
    objectness,
    classes,
    keypoints,
    angle,        // of a turned box
    coefficients, // of masks, one per prototype
    combined,     // box and scores of the anchors in one map
    extra,        // beside box and classes, of unknown use
    prototypes,   // of masks: one map for all grids
};
std::string_view endNodeRoleName(EndNodeRole role); // "box"

struct EndNodeProposal {
    TensorId tensor;
    std::string node; // ONNX node that computes it; the layer's name where none is known
    EndNodeRole role = EndNodeRole::output;
    std::int64_t stride = 0; // input height / height; 0 for what is no map
    Shape shape;
    std::string reason; // one English sentence
};

// In the order per grid (finest first) box, objectness, classes, keypoints, angle, coefficients,
// extra; then outputs kept as they are, in graph order. Never empty for a graph with outputs.
// Layers that the chip cannot have (ops/chip_limits.h) are part of a tail like any decoding
// arithmetic.
std::vector<EndNodeProposal> proposeEndNodes(const Graph &graph);

// The same form for a value that somebody else chose: role output, no reason.
EndNodeProposal describeEnd(const Graph &graph, TensorId tensor);

} // namespace hefstudio
