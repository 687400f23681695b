// SPDX-License-Identifier: GPL-3.0-or-later
#include "mapping/partition.h"

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

    // Milliseconds as a context of a longer chain, loading and switching included.
    double cost(double periodCycles) const
    {
        const DeviceModel &device = m_costs.device();
        const HostLink &link = device.links.front();
        const double periodMs = 1000 * periodCycles / device.clockHz;
        const double transfer =
            1000 * static_cast<double>(m_in + m_out) / link.transferBytesPerSecond;
        // Loading is counted with the context itself; which one it overlaps with is not known yet.
        const double loading = 1000 * device.configurationBytesPerWeightByte *
                               static_cast<double>(m_costs.weightBytes(m_run)) /
                               link.configurationBytesPerSecond;
        const double fill = device.fillFactor * std::max(0.0, m_end - m_start) * periodMs;
        return std::max(fill + std::max(periodMs, transfer), loading) +
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

std::vector<Partition> bestPartitions(const PartitionCosts &costs, const ResourceCaps &caps,
                                      std::size_t most, std::stop_token stop)
{
    const std::size_t count = costs.size();
    // best[k][j]: the layers before j in k contexts.
    std::vector best(most + 1, std::vector<double>(count + 1, never));
    std::vector cut(most + 1, std::vector<std::size_t>(count + 1, 0));
    best[0][0] = 0;
    GrowingRun run(costs, costs.graph().tensors.size());
    for (std::size_t last = 1; last <= count; ++last) {
        if (stop.stop_requested())
            return {};
        run.startBefore(last);
        for (std::size_t first = last; first-- > 0;) {
            run.prepend();
            const std::optional<double> period = costs.gridPeriod(run.run(), caps);
            if (!period)
                break; // longer runs ask for more still
            const double cost = run.cost(*period);
            for (std::size_t k = 1; k <= most; ++k) {
                if (best[k - 1][first] == never || best[k - 1][first] + cost >= best[k][last])
                    continue;
                best[k][last] = best[k - 1][first] + cost;
                cut[k][last] = first;
            }
        }
    }
    std::vector<Partition> partitions(most);
    for (std::size_t k = 1; k <= most; ++k) {
        if (best[k][count] == never)
            continue;
        Partition &partition = partitions[k - 1];
        partition.predictedMs = best[k][count];
        std::size_t last = count;
        for (std::size_t left = k; left > 0; --left) {
            partition.runs.push_back({cut[left][last], last});
            last = cut[left][last];
        }
        std::ranges::reverse(partition.runs);
    }
    return partitions;
}

} // namespace hefstudio
