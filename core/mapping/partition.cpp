// SPDX-License-Identifier: GPL-3.0-or-later
#include "mapping/partition.h"

#include "mapping/frame_time.h"

#include <algorithm>
#include <limits>

namespace hefstudio {
namespace {

constexpr double never = std::numeric_limits<double>::max();

// A run that grows towards the front, with the bytes over its borders kept up to date.
class GrowingRun {
public:
    GrowingRun(const PartitionCosts &costs, std::size_t tensors)
        : m_costs(costs), m_countedFor(tensors, 0)
    {
    }

    void startBefore(std::size_t last)
    {
        m_run = {last, last};
        m_in = 0;
        m_out = 0;
        m_start = never;
        m_end = 0;
        ++m_turn;
    }

    void prepend()
    {
        --m_run.first;
        const Layer &layer = m_costs.graph().layer(m_costs.layer(m_run.first));
        std::uint32_t &output = m_countedFor[layer.output.index()];
        if (output == m_turn) {
            m_in -= m_costs.bytes(layer.output); // its reader is inside, now it is inside too
            output = 0;
        }
        if (m_costs.isNeededFrom(layer.output, m_run.last))
            m_out += m_costs.bytes(layer.output);
        for (const TensorId input : layer.inputs) {
            if (!input.isValid() || m_costs.graph().tensor(input).isConstant() ||
                m_countedFor[input.index()] == m_turn)
                continue;
            m_countedFor[input.index()] = m_turn;
            m_in += m_costs.bytes(input);
        }
        m_start = std::min(m_start, m_costs.work(m_run.first).startPeriods);
        m_end = std::max(m_end, m_costs.work(m_run.first).endPeriods);
    }

    LayerRun run() const { return m_run; }

    // Milliseconds of a batch as a context of a longer chain, loading and switching included.
    double cost(std::size_t step, int batch) const
    {
        const DeviceModel &device = m_costs.device();
        const HostLink &link = device.links.front();
        const double periodMs = 1000 * m_costs.gridPeriod(step) / device.clockHz;
        const double transfer =
            1000 * static_cast<double>(m_in + m_out) / link.transferBytesPerSecond;
        const double loading =
            1000 *
            (device.configurationBytesPerWeightByte *
                 static_cast<double>(m_costs.weightBytes(m_run)) +
             device.configurationBytesPerControlUnit * m_costs.gridControl(m_run, step)) /
            link.configurationBytesPerSecond;
        const double fill = device.fillFactor * std::max(0.0, m_end - m_start) * periodMs;
        return std::max(fill + batch * frameMs(periodMs, transfer, device), loading) +
               1000 * device.switchSeconds + device.configurationWeight * loading;
    }

private:
    const PartitionCosts &m_costs;
    std::vector<std::uint32_t> m_countedFor; // turn in which the value counts as an input
    std::uint32_t m_turn = 0;
    LayerRun m_run;
    std::int64_t m_in = 0;
    std::int64_t m_out = 0;
    double m_start = 0;
    double m_end = 0;
};

// best[k][j]: the layers before j in k contexts; with k free there is one row only, for any k.
class CutTable {
public:
    CutTable(std::size_t layers, std::optional<std::size_t> contexts)
        : m_layers(layers),
          m_contexts(contexts),
          m_best(contexts.value_or(0) + 1, std::vector<double>(layers + 1, never)),
          m_cut(m_best.size(), std::vector<std::size_t>(layers + 1, 0))
    {
        m_best[0][0] = 0;
    }

    void offer(std::size_t first, std::size_t last, double cost)
    {
        if (!m_contexts)
            return offer(m_best[0], m_best[0], m_cut[0], first, last, cost);
        for (std::size_t k = 1; k <= *m_contexts; ++k)
            offer(m_best[k - 1], m_best[k], m_cut[k], first, last, cost);
    }

    Partition result() const
    {
        Partition partition;
        std::size_t left = m_best.size() - 1;
        if (m_best[left][m_layers] == never)
            return partition;
        partition.predictedMs = m_best[left][m_layers];
        for (std::size_t last = m_layers; last > 0;) {
            const std::size_t first = m_cut[left][last];
            partition.runs.push_back({first, last});
            last = first;
            left -= m_contexts ? 1 : 0;
        }
        std::ranges::reverse(partition.runs);
        return partition;
    }

private:
    static void offer(const std::vector<double> &before, std::vector<double> &best,
                      std::vector<std::size_t> &cut, std::size_t first, std::size_t last,
                      double cost)
    {
        if (before[first] == never || before[first] + cost >= best[last])
            return;
        best[last] = before[first] + cost;
        cut[last] = first;
    }

    std::size_t m_layers;
    std::optional<std::size_t> m_contexts;
    std::vector<std::vector<double>> m_best;
    std::vector<std::vector<std::size_t>> m_cut;
};

} // namespace

std::size_t fewestContexts(const PartitionCosts &costs, const ResourceCaps &caps,
                           std::size_t &tooLarge)
{
    std::size_t contexts = 0;
    for (std::size_t first = 0; first < costs.size();) {
        std::size_t last = first;
        while (last < costs.size() && costs.gridPeriod({first, last + 1}, caps))
            ++last;
        if (last == first) {
            tooLarge = first;
            return 0;
        }
        ++contexts;
        first = last;
    }
    return contexts;
}

Partition bestPartition(const PartitionCosts &costs, const ResourceCaps &caps,
                        const PartitionGoal &goal, std::stop_token stop)
{
    const std::size_t count = costs.size();
    CutTable table(count, goal.contexts);
    GrowingRun run(costs, costs.graph().tensors.size());
    for (std::size_t last = 1; last <= count; ++last) {
        if (stop.stop_requested())
            return {};
        run.startBefore(last);
        std::size_t step = 0;
        for (std::size_t first = last; first-- > 0;) {
            run.prepend();
            step = costs.gridStep(run.run(), caps, step);
            if (step == costs.gridSize())
                break; // longer runs ask for more still
            table.offer(first, last, run.cost(step, goal.batch));
        }
    }
    return table.result();
}

} // namespace hefstudio
