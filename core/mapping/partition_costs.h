// The costs of every possible context: layers in execution order, and for any run of neighbours
// what they occupy at a period, the shortest period they fit at, and the values that cross their
// borders. Sums over runs are differences of sums kept for a grid of periods.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mapping/layer_cost.h"
#include "mapping/mapping.h"

#include <optional>
#include <span>
#include <vector>

namespace hefstudio {

// Layers [first, last) of the execution order.
struct LayerRun {
    std::size_t first = 0;
    std::size_t last = 0;
};

// The periods that runs are first tried at: `steps` of them, from the device's shortest, each
// `ratio` times the one before. The default reaches ten seconds per frame.
struct PeriodGrid {
    double ratio = 1.07;
    std::size_t steps = 170;
};

class PartitionCosts {
public:
    // `order`: all layers but inputs; the graph's own when empty.
    PartitionCosts(const Graph &graph, std::span<const int> bits, const DeviceModel &device,
                   const PeriodGrid &grid = {}, std::span<const LayerId> order = {});

    std::size_t size() const { return m_order.size(); }
    LayerId layer(std::size_t position) const { return m_order[position]; }
    const LayerWork &work(std::size_t position) const { return m_works[position]; }
    const DeviceModel &device() const { return m_device; }
    const Graph &graph() const { return m_graph; }

    // The first period of the grid, not before `from`, that the run fits at; gridSize() when there
    // is none. What fits at a period fits at every longer one, and a part of a run at least as soon.
    std::size_t gridStep(LayerRun run, const ResourceCaps &caps, std::size_t from) const;
    std::size_t gridSize() const { return m_grid.size(); }
    double gridPeriod(std::size_t step) const { return m_grid[step]; }
    double gridControl(LayerRun run, std::size_t step) const
    {
        return m_sums[step][run.last].control - m_sums[step][run.first].control;
    }
    // Shortest period on the grid that the run fits at; nothing when it fits at none.
    std::optional<double> gridPeriod(LayerRun run, const ResourceCaps &caps) const;
    // The same, exactly.
    std::optional<double> shortestPeriod(LayerRun run, const ResourceCaps &caps) const;
    // Sum over the run. The period must be one the run fits at.
    LayerDemand demand(LayerRun run, double periodCycles) const;
    std::int64_t weightBytes(LayerRun run) const;
    double fillPeriods(LayerRun run) const;

    // Values that enter and leave the run, each once, in order of first use and of production.
    std::vector<TensorId> inputs(LayerRun run) const;
    std::vector<TensorId> outputs(LayerRun run) const;
    std::int64_t bytes(std::span<const TensorId> values) const;
    std::int64_t bytes(TensorId value) const { return tensorBytes(m_graph, value, m_bits); }

    // Is the value read by a layer at or behind `position`, or by the host?
    bool isNeededFrom(TensorId value, std::size_t position) const;
    // Where the value's producer stands; nothing for inputs of the graph.
    std::optional<std::size_t> positionOfProducer(TensorId value) const;

private:
    struct Sums { // over the layers before a position, at one period
        double control = 0;
        double compute = 0;
        double memoryBlocks = 0;
        int impossible = 0;
    };
    bool fitsOnGrid(LayerRun run, const ResourceCaps &caps, std::size_t step) const;
    bool fits(LayerRun run, const ResourceCaps &caps, double periodCycles) const;
    std::size_t firstGridStep(LayerRun run, const ResourceCaps &caps) const;

    const Graph &m_graph;
    std::span<const int> m_bits;
    const DeviceModel &m_device;
    std::vector<LayerId> m_order;
    std::vector<LayerWork> m_works;          // by position
    std::vector<std::size_t> m_lastReader;   // by TensorId: one past the last position that reads
    std::vector<std::size_t> m_position;     // by LayerId
    std::vector<double> m_grid;              // periods in cycles, ascending
    std::vector<std::vector<Sums>> m_sums;   // [grid step][position]
    std::vector<std::int64_t> m_weightBytes; // before a position
};

ContextTiming contextTiming(const PartitionCosts &costs, LayerRun run, double periodCycles);
// Fills in everything but the clusters and pieces.
MappedContext describeContext(const PartitionCosts &costs, LayerRun run, double periodCycles,
                              ContextId id);

} // namespace hefstudio
