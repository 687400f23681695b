// Which units of which clusters the layers of one context stand on. A layer is cut into pieces of
// at most one control unit; neighbours are put near each other, since values that stay in a cluster
// travel least; where that leaves gaps, the largest pieces are placed first. No cluster is ever given
// more than it has.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mapping/mapping.h"
#include "mapping/partition_costs.h"

#include <expected>
#include <span>
#include <string_view>
#include <vector>

namespace hefstudio {

enum class Unit { control, compute, memory, inputAligners, activation };
std::string_view unitName(Unit unit);

struct AllocationFailure {
    LayerId layer; // that found no room
    Unit unit = Unit::control;
};

std::expected<std::vector<PlacedPiece>, AllocationFailure>
allocate(const PartitionCosts &costs, LayerRun run, double periodCycles);

// Sums of the pieces, one share per cluster of the device, used or not.
std::vector<ClusterShare> clusterShares(std::span<const PlacedPiece> pieces,
                                        const DeviceModel &device);

} // namespace hefstudio
