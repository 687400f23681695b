// Orders in which the layers of a network can run: every one is topological; they differ in how
// long values wait for their readers, and so in what crosses a cut between contexts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <cstdint>
#include <span>
#include <vector>

namespace hefstudio {

enum class OrderStyle {
    asWritten,  // the graph's own order
    depthFirst, // a branch is finished before the next one starts
    late,       // every layer as near to its first reader as can be
    fewestLive, // of the layers that can run, the one that leaves the fewest bytes waiting
    disturbed,  // the graph's order, with neighbours exchanged at random
};

// All layers but Input layers. Equal arguments give equal orders on every machine; `seed` matters
// for `disturbed` only.
std::vector<LayerId> executionOrder(const Graph &graph, OrderStyle style, std::uint64_t seed = 0);

} // namespace hefstudio
