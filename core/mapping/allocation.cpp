// SPDX-License-Identifier: GPL-3.0-or-later
#include "mapping/allocation.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

namespace hefstudio {
namespace {

// Sums of shares like 0.38 are not exact; a cluster is full a hair before its limit.
constexpr double slack = 1e-9;

PlacedPiece part(const LayerDemand &demand, double pieces, LayerId layer)
{
    return {.layer = layer,
            .cluster = ClusterId(),
            .control = demand.control / pieces,
            .compute = demand.compute / pieces,
            .memoryBlocks = demand.memoryBlocks / pieces,
            .inputAligners = demand.inputAligners / pieces,
            .activation = demand.activation / pieces};
}

class Clusters {
public:
    explicit Clusters(const DeviceModel &device) : m_device(device)
    {
        m_free.assign(static_cast<std::size_t>(device.clusters),
                      {.control = device.controlUnitsPerCluster,
                       .compute = device.computeUnitsPerCluster,
                       .memoryBlocks = device.weightBlocksPerCluster,
                       .inputAligners = device.inputAlignersPerCluster,
                       .activation = device.activationUnitsPerCluster});
    }

    // The nearest cluster that has room, `near` itself first.
    std::optional<std::size_t> roomFor(const PlacedPiece &piece, std::size_t near) const
    {
        std::optional<std::size_t> best;
        for (std::size_t i = 0; i < m_free.size(); ++i)
            if (!missing(i, piece) && (!best || distance(i, near) < distance(*best, near)))
                best = i;
        return best;
    }

    void take(std::size_t cluster, PlacedPiece &piece)
    {
        LayerDemand &free = m_free[cluster];
        free.control -= piece.control;
        free.compute -= piece.compute;
        free.memoryBlocks -= piece.memoryBlocks;
        free.inputAligners -= piece.inputAligners;
        free.activation -= piece.activation;
        piece.cluster = ClusterId(cluster);
    }

    // The unit that most clusters lack for the piece.
    Unit scarcest(const PlacedPiece &piece) const
    {
        int counts[5] = {};
        for (std::size_t i = 0; i < m_free.size(); ++i)
            if (const std::optional<Unit> unit = missing(i, piece))
                ++counts[static_cast<int>(*unit)];
        return static_cast<Unit>(std::max_element(counts, counts + 5) - counts);
    }

private:
    static std::size_t distance(std::size_t a, std::size_t b) { return a < b ? b - a : a - b; }

    std::optional<Unit> missing(std::size_t cluster, const PlacedPiece &piece) const
    {
        const LayerDemand &free = m_free[cluster];
        if (piece.control > free.control - slack)
            return Unit::control;
        if (piece.compute > free.compute - slack)
            return Unit::compute;
        if (piece.memoryBlocks > free.memoryBlocks - slack)
            return Unit::memory;
        if (piece.inputAligners > free.inputAligners - slack)
            return Unit::inputAligners;
        if (piece.activation > free.activation - slack)
            return Unit::activation;
        return std::nullopt;
    }

    const DeviceModel &m_device;
    std::vector<LayerDemand> m_free;
};

} // namespace

std::string_view unitName(Unit unit)
{
    switch (unit) {
    case Unit::control:
        return "control units";
    case Unit::compute:
        return "compute units";
    case Unit::memory:
        return "memory blocks";
    case Unit::inputAligners:
        return "input aligners";
    case Unit::activation:
        return "activation units";
    }
    return "control units";
}

std::expected<std::vector<PlacedPiece>, AllocationFailure>
allocate(const PartitionCosts &costs, LayerRun run, double periodCycles)
{
    const DeviceModel &device = costs.device();
    Clusters clusters(device);
    std::vector<PlacedPiece> placed;
    std::size_t near = 0;
    for (std::size_t i = run.first; i < run.last; ++i) {
        const auto demand = demandAt(costs.work(i), periodCycles, device);
        if (!demand)
            return std::unexpected(AllocationFailure{costs.layer(i), Unit::compute});
        // Half a cluster's memory at most per piece, so that large weights leave no gaps.
        const double pieces = std::max(
            {1.0, std::ceil(demand->control - slack),
             std::ceil(demand->compute / device.mostUnitsPerPiece - slack),
             std::ceil(2 * demand->memoryBlocks / device.weightBlocksPerCluster - slack)});
        for (double n = 0; n < pieces; ++n) {
            PlacedPiece piece = part(*demand, pieces, costs.layer(i));
            const std::optional<std::size_t> cluster = clusters.roomFor(piece, near);
            if (!cluster)
                return std::unexpected(
                    AllocationFailure{costs.layer(i), clusters.scarcest(piece)});
            clusters.take(*cluster, piece);
            near = *cluster;
            placed.push_back(piece);
        }
    }
    return placed;
}

std::vector<ClusterShare> clusterShares(std::span<const PlacedPiece> pieces,
                                        const DeviceModel &device)
{
    std::vector<ClusterShare> shares;
    for (int i = 0; i < device.clusters; ++i)
        shares.push_back({.cluster = ClusterId(static_cast<std::size_t>(i)), .utilisation = {}});
    for (const PlacedPiece &piece : pieces) {
        Utilisation &use = shares[piece.cluster.index()].utilisation;
        use.control += piece.control / device.controlUnitsPerCluster;
        use.compute += piece.compute / device.computeUnitsPerCluster;
        use.weightMemory += piece.memoryBlocks / device.weightBlocksPerCluster;
        use.inputAligners += piece.inputAligners / device.inputAlignersPerCluster;
        use.activation += piece.activation / device.activationUnitsPerCluster;
    }
    return shares;
}

} // namespace hefstudio
