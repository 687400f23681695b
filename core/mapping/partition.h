// Where to cut the execution order into contexts: the cuts with the shortest predicted frame, by
// dynamic programming over all runs of neighbouring layers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mapping/partition_costs.h"

#include <functional>
#include <stop_token>
#include <vector>

namespace hefstudio {

struct Partition {
    std::vector<LayerRun> runs; // in order, covering everything; empty when there is none
    double predictedMs = 0;
};

// The fewest contexts that hold all layers at any speed; 0 when a single layer does not fit.
// `tooLarge` then gets its position.
std::size_t fewestContexts(const PartitionCosts &costs, const ResourceCaps &caps,
                           std::size_t &tooLarge);

// The best partition into exactly k contexts, for k = 1 … most (index k − 1). Stops early, with
// fewer entries, when asked to.
std::vector<Partition> bestPartitions(const PartitionCosts &costs, const ResourceCaps &caps,
                                      std::size_t most, std::stop_token stop);

} // namespace hefstudio
