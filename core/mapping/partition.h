// Where to cut the execution order into contexts: the cuts with the shortest predicted time, by
// dynamic programming over all runs of neighbouring layers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mapping/partition_costs.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace hefstudio {

struct Partition {
    std::vector<LayerRun> runs; // in order, covering everything; empty when there is none
    double predictedMs = 0;     // of one batch
};

// What a partition is asked for: the shortest time of `batch` frames, with a given number of
// contexts or as many as are best.
struct PartitionGoal {
    int batch = 1;
    std::optional<std::size_t> contexts;
};

// The fewest contexts that hold all layers at any speed; 0 when a single layer does not fit.
// `tooLarge` then gets its position.
std::size_t fewestContexts(const PartitionCosts &costs, const ResourceCaps &caps,
                           std::size_t &tooLarge);

// The cuts with the least sum of the costs of their runs, at periods of the grid. A run's cost is
// its own time or its own loading, whichever is longer: what loading really overlaps with, the
// context before it, is not known while cutting. Without runs when there is none, or when asked to
// stop.
Partition bestPartition(const PartitionCosts &costs, const ResourceCaps &caps,
                        const PartitionGoal &goal, std::stop_token stop);

} // namespace hefstudio
