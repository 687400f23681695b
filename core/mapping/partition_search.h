// The search for the partition with the shortest predicted time: for each of several execution
// orders the best cuts, then better cuts by moving, merging and splitting contexts under the exact
// cost. Orders come from a few rules and, after those, from a seeded draw.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mapping/partition.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace hefstudio {

// A network in several contexts.
struct PartitionCandidate {
    std::shared_ptr<const PartitionCosts> costs; // of the candidate's execution order
    std::vector<LayerRun> runs;
    double batchMs = 0; // predicted, at the exact periods of all runs

    std::vector<std::vector<LayerId>> contexts() const; // ascending within each
};

struct PartitionSearch {
    ResourceCaps caps;
    int batch = 1;
    std::optional<std::size_t> contexts; // exactly; else two or more
    std::uint64_t seed = 1;
    int mostCandidates = 60;
    PeriodGrid grid{}; // of the first cuts
    std::stop_token stop; // no more candidates
};

// Candidates in the order they are found, better and worse ones; ends by itself when new orders
// have not helped for a while.
void searchPartitions(const Graph &graph, std::span<const int> bits, const DeviceModel &device,
                      const PartitionSearch &search,
                      const std::function<void(const PartitionCandidate &)> &found);

// Predicted milliseconds of a batch; nothing when a run does not fit at any period.
std::optional<double> partitionMs(const PartitionCosts &costs, std::span<const LayerRun> runs,
                                  const ResourceCaps &caps, int batch);

} // namespace hefstudio
