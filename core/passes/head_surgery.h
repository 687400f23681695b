// Makes a detector's outputs ready to be scaled one by one: what the export joined (boxes and
// scores of all grids in one array) comes apart again, the sigmoid of the scores moves to the end
// of the chip's part, and the convolution of a classic anchor head is split by filters. The network
// as a whole computes the same.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"
#include "heads/end_nodes.h"

#include <memory>
#include <string>
#include <vector>

namespace hefstudio {

struct HeadSurgery {
    std::shared_ptr<const Graph> graph; // the given one where there was nothing to do
    std::vector<EndNodeProposal> ends;  // of `graph`; one tensor per scale and role
    int foldedSigmoids = 0;             // how many outputs hold probabilities now
    int splitConvolutions = 0;
};

// `ends` as proposeEndNodes() gives them. A sigmoid moves through any chain of reshapes, transposes,
// concatenations and slices to the outputs with the roles classes and objectness, and to no other;
// where something else reads the raw score it stays where it is, for all scales alike.
// Diagnostics: graph.invalid.
Result<HeadSurgery> prepareHead(std::shared_ptr<const Graph> graph,
                                std::vector<EndNodeProposal> ends);

} // namespace hefstudio
