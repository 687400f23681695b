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

PlacedPiece halved(PlacedPiece piece)
{
    piece.control /= 2;
    piece.compute /= 2;
    piece.memoryBlocks /= 2;
    piece.inputAligners /= 2;
    piece.activation /= 2;
    return piece;
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

    // Of those with room, the one that keeps the least of the unit the piece takes most of.
    std::optional<std::size_t> tightestFor(const PlacedPiece &piece) const
    {
        const double control = piece.control / m_device.controlUnitsPerCluster;
        const double compute = piece.compute / m_device.computeUnitsPerCluster;
        const double memory = piece.memoryBlocks / m_device.weightBlocksPerCluster;
        const auto left = [&](const LayerDemand &free) {
            if (memory >= std::max(control, compute))
                return free.memoryBlocks;
            return compute >= control ? free.compute : free.control;
        };
        std::optional<std::size_t> best;
        for (std::size_t i = 0; i < m_free.size(); ++i)
            if (!missing(i, piece) && (!best || left(m_free[i]) < left(m_free[*best])))
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

struct OrderedPiece {
    PlacedPiece piece;
    std::size_t position = 0; // of its layer in the execution order
};

using Placement = std::expected<std::vector<PlacedPiece>, AllocationFailure>;

// Neighbours beside each other, as they come.
Placement placeInOrder(std::vector<OrderedPiece> pieces, const DeviceModel &device)
{
    Clusters clusters(device);
    std::vector<PlacedPiece> placed;
    std::size_t near = 0;
    for (OrderedPiece &ordered : pieces) {
        const auto cluster = clusters.roomFor(ordered.piece, near);
        if (!cluster)
            return std::unexpected(
                AllocationFailure{ordered.piece.layer, clusters.scarcest(ordered.piece)});
        clusters.take(*cluster, ordered.piece);
        near = *cluster;
        placed.push_back(ordered.piece);
    }
    return placed;
}

// For tight contexts: the largest pieces first, each where it leaves the least room; one that fits
// nowhere whole is halved, a few times over.
Placement placeBySize(std::vector<OrderedPiece> pieces, const DeviceModel &device)
{
    constexpr int mostHalvings = 3;
    const auto size = [&](const OrderedPiece &ordered) {
        return std::max({ordered.piece.control / device.controlUnitsPerCluster,
                         ordered.piece.compute / device.computeUnitsPerCluster,
                         ordered.piece.memoryBlocks / device.weightBlocksPerCluster});
    };
    std::ranges::stable_sort(pieces, std::ranges::greater{}, size);
    Clusters clusters(device);
    std::vector<OrderedPiece> placed;
    for (const OrderedPiece &whole : pieces) {
        std::vector<std::pair<OrderedPiece, int>> waiting{{whole, 0}};
        while (!waiting.empty()) {
            auto [ordered, halvings] = waiting.back();
            waiting.pop_back();
            if (const auto cluster = clusters.tightestFor(ordered.piece)) {
                clusters.take(*cluster, ordered.piece);
                placed.push_back(ordered);
            } else if (halvings == mostHalvings) {
                return std::unexpected(
                    AllocationFailure{ordered.piece.layer, clusters.scarcest(ordered.piece)});
            } else {
                ordered.piece = halved(ordered.piece);
                waiting.insert(waiting.end(), 2, {ordered, halvings + 1});
            }
        }
    }
    std::ranges::stable_sort(placed, {}, &OrderedPiece::position);
    std::vector<PlacedPiece> result;
    for (const OrderedPiece &ordered : placed)
        result.push_back(ordered.piece);
    return result;
}

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
    std::vector<OrderedPiece> all;
    for (std::size_t i = run.first; i < run.last; ++i) {
        const auto demand = demandAt(costs.work(i), periodCycles, device);
        if (!demand)
            return std::unexpected(AllocationFailure{costs.layer(i), Unit::compute});
        // Half a cluster's memory at most per piece, so that large weights leave no gaps.
        const double pieces = std::max(
            {1.0, std::ceil(demand->control - slack),
             std::ceil(demand->compute / device.mostUnitsPerPiece - slack),
             std::ceil(2 * demand->memoryBlocks / device.weightBlocksPerCluster - slack)});
        for (double n = 0; n < pieces; ++n)
            all.push_back({part(*demand, pieces, costs.layer(i)), i});
    }
    if (Placement placement = placeInOrder(all, device))
        return placement;
    return placeBySize(std::move(all), device);
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
