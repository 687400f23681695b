// Which clusters the layers of a context stand on: first fit in execution order, so that neighbours
// stay near each other; a layer that fits nowhere whole is spread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mapping/partition_costs.h"

#include <vector>

namespace hefstudio {

// One share per cluster of the device, used or not.
std::vector<ClusterShare> assignClusters(const PartitionCosts &costs, LayerRun run,
                                         double periodCycles);

} // namespace hefstudio
