// SPDX-License-Identifier: GPL-3.0-or-later
#include "mapping/partition_search.h"

#include "mapping/execution_order.h"
#include "mapping/frame_time.h"

#include <algorithm>
#include <map>
#include <set>

namespace hefstudio {
namespace {

// So many orders without a better partition end the search.
constexpr int patience = 12;

// Exact times of partitions of one order; runs that come again are remembered.
class ExactTimes {
public:
    ExactTimes(const PartitionCosts &costs, const ResourceCaps &caps, int batch)
        : m_costs(costs), m_caps(caps), m_batch(batch)
    {
    }

    std::optional<double> ms(std::span<const LayerRun> runs)
    {
        m_timings.clear();
        for (const LayerRun &run : runs) {
            const std::optional<ContextTiming> &timing = timingOf(run);
            if (!timing)
                return std::nullopt;
            m_timings.push_back(*timing);
        }
        return batchMs(m_timings, m_costs.device(), m_costs.device().links.front(), m_batch);
    }

private:
    const std::optional<ContextTiming> &timingOf(LayerRun run)
    {
        const auto [found, isNew] = m_known.try_emplace({run.first, run.last});
        if (isNew)
            if (const auto period = m_costs.shortestPeriod(run, m_caps))
                found->second = contextTiming(m_costs, run, *period);
        return found->second;
    }

    const PartitionCosts &m_costs;
    const ResourceCaps &m_caps;
    int m_batch;
    std::map<std::pair<std::size_t, std::size_t>, std::optional<ContextTiming>> m_known;
    std::vector<ContextTiming> m_timings;
};

// Moves cuts, merges neighbours and splits contexts while that helps.
class CutRefinement {
public:
    CutRefinement(ExactTimes &times, const PartitionSearch &search, std::vector<LayerRun> runs)
        : m_times(times), m_search(search), m_runs(std::move(runs)), m_ms(m_times.ms(m_runs))
    {
    }

    bool isPossible() const { return m_ms.has_value(); }

    void run()
    {
        while (moveCuts() || (!m_search.contexts && (merge() || split())))
            if (m_search.stop.stop_requested())
                return;
    }

    const std::vector<LayerRun> &runs() const { return m_runs; }
    double ms() const { return *m_ms; }

private:
    bool offer(const std::vector<LayerRun> &runs)
    {
        const std::optional<double> ms = m_times.ms(runs);
        // A hair's gain may be rounding, and would let the loop go round in circles.
        if (!ms || *ms >= *m_ms * (1 - 1e-9))
            return false;
        m_runs = runs;
        m_ms = ms;
        return true;
    }

    bool moveCuts()
    {
        bool helped = false;
        for (std::size_t i = 0; i + 1 < m_runs.size(); ++i) {
            for (const std::ptrdiff_t by : {-1, 1, -2, 2, -4, 4, -8, 8, -16, 16}) {
                const auto cut = static_cast<std::ptrdiff_t>(m_runs[i].last) + by;
                if (cut <= static_cast<std::ptrdiff_t>(m_runs[i].first) ||
                    cut >= static_cast<std::ptrdiff_t>(m_runs[i + 1].last))
                    continue;
                std::vector<LayerRun> runs = m_runs;
                runs[i].last = runs[i + 1].first = static_cast<std::size_t>(cut);
                helped = offer(runs) || helped;
            }
        }
        return helped;
    }

    bool merge()
    {
        for (std::size_t i = 0; m_runs.size() > 2 && i + 1 < m_runs.size(); ++i) {
            std::vector<LayerRun> runs = m_runs;
            runs[i].last = runs[i + 1].last;
            runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(i) + 1);
            if (offer(runs))
                return true;
        }
        return false;
    }

    bool split()
    {
        for (std::size_t i = 0; i < m_runs.size(); ++i) {
            const std::size_t length = m_runs[i].last - m_runs[i].first;
            for (const std::size_t quarter : {2, 1, 3}) {
                const std::size_t cut = m_runs[i].first + length * quarter / 4;
                if (cut <= m_runs[i].first || cut >= m_runs[i].last)
                    continue;
                std::vector<LayerRun> runs = m_runs;
                runs.insert(runs.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                            {cut, m_runs[i].last});
                runs[i].last = cut;
                if (offer(runs))
                    return true;
            }
        }
        return false;
    }

    ExactTimes &m_times;
    const PartitionSearch &m_search;
    std::vector<LayerRun> m_runs;
    std::optional<double> m_ms;
};

std::optional<PartitionCandidate> bestOfOrder(std::shared_ptr<const PartitionCosts> costs,
                                              const PartitionSearch &search)
{
    Partition partition = bestPartition(*costs, search.caps,
                                        {.batch = search.batch, .contexts = search.contexts}, {});
    if (partition.runs.size() == 1 && costs->size() > 1 && !search.contexts)
        partition = bestPartition(*costs, search.caps, {.batch = search.batch, .contexts = 2}, {});
    if (partition.runs.empty())
        return std::nullopt;
    ExactTimes times(*costs, search.caps, search.batch);
    CutRefinement refinement(times, search, std::move(partition.runs));
    if (!refinement.isPossible())
        return std::nullopt;
    refinement.run();
    return PartitionCandidate{
        .costs = std::move(costs), .runs = refinement.runs(), .batchMs = refinement.ms()};
}

} // namespace

std::vector<std::vector<LayerId>> PartitionCandidate::contexts() const
{
    std::vector<std::vector<LayerId>> all;
    for (const LayerRun &run : runs) {
        std::vector<LayerId> &layers = all.emplace_back();
        for (std::size_t i = run.first; i < run.last; ++i)
            layers.push_back(costs->layer(i));
        std::ranges::sort(layers);
    }
    return all;
}

std::optional<double> partitionMs(const PartitionCosts &costs, std::span<const LayerRun> runs,
                                  const ResourceCaps &caps, int batch)
{
    return ExactTimes(costs, caps, batch).ms(runs);
}

void searchPartitions(const Graph &graph, std::span<const int> bits, const DeviceModel &device,
                      const PartitionSearch &search,
                      const std::function<void(const PartitionCandidate &)> &found)
{
    constexpr OrderStyle rules[] = {OrderStyle::asWritten, OrderStyle::depthFirst, OrderStyle::late,
                                    OrderStyle::fewestLive};
    std::set<std::vector<LayerId>> tried;
    std::optional<double> best;
    int candidates = 0;
    int withoutGain = 0;
    for (int i = 0; candidates < search.mostCandidates && withoutGain < patience; ++i) {
        if (search.stop.stop_requested() && candidates > 0)
            return;
        const bool isRule = i < static_cast<int>(std::size(rules));
        const OrderStyle style = isRule ? rules[i] : OrderStyle::disturbed;
        std::vector<LayerId> order =
            executionOrder(graph, style, search.seed + static_cast<std::uint64_t>(i));
        ++withoutGain;
        if (tried.contains(order))
            continue;
        const auto candidate = bestOfOrder(
            std::make_shared<const PartitionCosts>(graph, bits, device, search.grid, order),
            search);
        tried.insert(std::move(order));
        if (!candidate)
            continue;
        ++candidates;
        if (!best || candidate->batchMs < *best * (1 - 1e-9)) {
            best = candidate->batchMs;
            withoutGain = 0;
        }
        found(*candidate);
    }
}

} // namespace hefstudio
