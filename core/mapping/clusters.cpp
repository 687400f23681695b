// SPDX-License-Identifier: GPL-3.0-or-later
#include "mapping/clusters.h"

#include <algorithm>

namespace hefstudio {
namespace {

struct Room {
    double control = 0;
    double compute = 0;
    double memory = 0;

    bool holds(const LayerDemand &demand) const
    {
        return demand.control <= control && demand.compute <= compute &&
               demand.memoryBlocks <= memory;
    }
    void take(const LayerDemand &demand, double share)
    {
        control -= demand.control * share;
        compute -= demand.compute * share;
        memory -= demand.memoryBlocks * share;
    }
    // The part of the demand that fits, 0…1.
    double shareOf(const LayerDemand &demand) const
    {
        double share = 1;
        const auto limit = [&](double wanted, double free) {
            if (wanted > 0)
                share = std::min(share, std::max(0.0, free) / wanted);
        };
        limit(demand.control, control);
        limit(demand.compute, compute);
        limit(demand.memoryBlocks, memory);
        return share;
    }
};

// What is left when no cluster has some of everything free: each resource where there is room.
void spread(std::vector<Room> &rooms, double Room::*resource, double wanted)
{
    for (Room &room : rooms) {
        const double taken = std::min(wanted, std::max(0.0, room.*resource));
        room.*resource -= taken;
        wanted -= taken;
    }
}

void place(std::vector<Room> &rooms, const LayerDemand &demand)
{
    const auto whole =
        std::ranges::find_if(rooms, [&](const Room &room) { return room.holds(demand); });
    if (whole != rooms.end())
        return whole->take(demand, 1);
    double left = 1;
    for (Room &room : rooms) {
        const double share = std::min(left, room.shareOf(demand));
        room.take(demand, share);
        left -= share;
    }
    if (left <= 1e-12)
        return;
    spread(rooms, &Room::control, demand.control * left);
    spread(rooms, &Room::compute, demand.compute * left);
    spread(rooms, &Room::memory, demand.memoryBlocks * left);
}

} // namespace

std::vector<ClusterShare> assignClusters(const PartitionCosts &costs, LayerRun run,
                                         double periodCycles)
{
    const DeviceModel &device = costs.device();
    const Room empty{device.controlUnitsPerCluster, device.computeUnitsPerCluster,
                     device.weightBlocksPerCluster};
    std::vector<Room> rooms(static_cast<std::size_t>(device.clusters), empty);
    for (std::size_t i = run.first; i < run.last; ++i)
        if (const auto demand = demandAt(costs.work(i), periodCycles, device))
            place(rooms, *demand);
    std::vector<ClusterShare> shares;
    for (std::size_t i = 0; i < rooms.size(); ++i)
        shares.push_back({.cluster = ClusterId(i),
                          .utilisation = {.control = 1 - rooms[i].control / empty.control,
                                          .compute = 1 - rooms[i].compute / empty.compute,
                                          .weightMemory = 1 - rooms[i].memory / empty.memory}});
    return shares;
}

} // namespace hefstudio
