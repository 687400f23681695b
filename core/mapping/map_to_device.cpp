// SPDX-License-Identifier: GPL-3.0-or-later
#include "mapping/mapping.h"

#include "mapping/clusters.h"
#include "mapping/frame_time.h"
#include "mapping/partition.h"

#include <algorithm>
#include <limits>

namespace hefstudio {
namespace {

// How far beyond the fewest contexts the search looks: more contexts run each faster, until
// switches eat the gain.
constexpr std::size_t extraContexts = 6;
constexpr std::size_t mostContexts = 256;

ResourceCaps scaled(const ResourceCaps &caps, double factor)
{
    return {.control = std::min(1.0, caps.control * factor),
            .compute = std::min(1.0, caps.compute * factor),
            .memory = std::min(1.0, caps.memory * factor)};
}

class Mapper {
public:
    Mapper(const PartitionCosts &costs, const MappingOptions &options, std::stop_token stop,
           const EventSink &sink)
        : m_costs(costs), m_options(options), m_stop(std::move(stop)), m_sink(sink)
    {
    }

    Result<Mapping> run()
    {
        if (m_costs.size() == 0)
            return fail(Diagnostic("mapping.nothing-to-map"));
        const std::optional<int> wanted = m_options.contexts;
        if (wanted && (*wanted < 1 || static_cast<std::size_t>(*wanted) > m_costs.size() ||
                       static_cast<std::size_t>(*wanted) > mostContexts))
            return impossible(*wanted, 1, std::min(m_costs.size(), mostContexts));
        std::optional<Mapping> single;
        if (wanted.value_or(1) == 1)
            single = mapToOne();
        if (wanted == 1 && single)
            return finished(std::move(*single));
        if (wanted == 1)
            return impossible(1, 2, mostContexts);
        Result<Mapping> several = mapToSeveral(wanted);
        if (!several && !single)
            return several;
        if (m_stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        if (single && (!several || isPreferred(*single, *several)))
            return finished(std::move(*single));
        return finished(std::move(*several));
    }

private:
    const DeviceModel &device() const { return m_costs.device(); }
    const HostLink &link() const { return device().links.front(); }

    bool isPreferred(const Mapping &single, const Mapping &several) const
    {
        return framesPerSecond(single, device(), link(), 1) >=
               device().singleContextPreference * framesPerSecond(several, device(), link(), 8);
    }

    void report(const Mapping &mapping)
    {
        const bool isBest = mapping.predictedFrameMs < m_bestMs;
        m_bestMs = std::min(m_bestMs, mapping.predictedFrameMs);
        send(m_sink, PartitionIteration{.iteration = ++m_iterations,
                                        .contexts = static_cast<int>(mapping.contexts.size()),
                                        .predictedFrameMs = mapping.predictedFrameMs,
                                        .isBest = isBest});
    }

    // Exact periods for the chosen runs. Nothing when one of them does not fit.
    std::optional<Mapping> describe(std::span<const LayerRun> runs, const ResourceCaps &caps) const
    {
        Mapping mapping{.device = device().id};
        for (const LayerRun &run : runs) {
            const std::optional<double> period = m_costs.shortestPeriod(run, caps);
            if (!period)
                return std::nullopt;
            MappedContext context =
                describeContext(m_costs, run, *period, ContextId(mapping.contexts.size()));
            context.clusters = assignClusters(m_costs, run, *period);
            mapping.contexts.push_back(std::move(context));
        }
        mapping.predictedFrameMs = batchMs(mapping, device(), link(), 1);
        return mapping;
    }

    // One context, first with much room left, then filling up.
    std::optional<Mapping> mapToOne()
    {
        const LayerRun all{0, m_costs.size()};
        std::optional<Mapping> best;
        for (const double factor : {0.6, 0.75, 0.9, 1.0}) {
            std::optional<Mapping> mapping =
                describe(std::span(&all, 1), scaled(device().singleContext, factor));
            if (!mapping)
                continue;
            report(*mapping);
            if (!best || mapping->predictedFrameMs < best->predictedFrameMs)
                best = std::move(mapping);
        }
        return best;
    }

    Result<Mapping> mapToSeveral(std::optional<int> wanted)
    {
        std::size_t tooLarge = 0;
        std::size_t fewest = 0;
        for (const double factor : {1.0, 1.25, 1.6}) {
            const ResourceCaps caps = scaled(device().multiContext, factor);
            fewest = fewestContexts(m_costs, caps, tooLarge);
            if (fewest == 0 || (wanted && static_cast<std::size_t>(*wanted) < fewest))
                continue; // perhaps with fuller contexts
            std::optional<Mapping> best = search(wanted, fewest, caps);
            if (m_stop.stop_requested())
                return fail(Diagnostic("cancelled"));
            if (best)
                return std::move(*best);
        }
        if (fewest == 0)
            return layerTooLarge(tooLarge);
        return impossible(wanted.value_or(0), fewest, std::min(m_costs.size(), mostContexts));
    }

    std::optional<Mapping> search(std::optional<int> wanted, std::size_t fewest,
                                  const ResourceCaps &caps)
    {
        const std::size_t most = std::min(m_costs.size(), wanted ? static_cast<std::size_t>(*wanted)
                                                                 : fewest + extraContexts);
        const std::vector<Partition> partitions = bestPartitions(m_costs, caps, most, m_stop);
        std::optional<Mapping> best;
        for (const Partition &partition : partitions) {
            const std::size_t contexts = partition.runs.size();
            if (contexts == 0 || (wanted && contexts != static_cast<std::size_t>(*wanted)) ||
                (!wanted && contexts < 2))
                continue;
            std::optional<Mapping> mapping = describe(partition.runs, caps);
            if (!mapping)
                continue;
            report(*mapping);
            if (!best || mapping->predictedFrameMs < best->predictedFrameMs)
                best = std::move(mapping);
        }
        return best;
    }

    Result<Mapping> finished(Mapping mapping)
    {
        mapping.iterations = m_iterations;
        for (const MappedContext &context : mapping.contexts) {
            const int index = static_cast<int>(context.id.index());
            send(m_sink, ContextUpdated{.context = index,
                                        .layers = static_cast<int>(context.layers.size()),
                                        .predictedMs = context.predictedMs,
                                        .control = context.utilisation.control,
                                        .compute = context.utilisation.compute,
                                        .weightMemory = context.utilisation.weightMemory,
                                        .outputBytes = context.timing.outputBytes});
            for (const ClusterShare &share : context.clusters)
                send(m_sink,
                     AllocationCell{.context = index,
                                    .cluster = static_cast<int>(share.cluster.index()),
                                    .utilisation = std::max({share.utilisation.control,
                                                             share.utilisation.compute,
                                                             share.utilisation.weightMemory})});
        }
        return mapping;
    }

    std::unexpected<Diagnostics> impossible(int wanted, std::size_t fewest, std::size_t most) const
    {
        return fail(Diagnostic("mapping.contexts-impossible")
                        .with("wanted", static_cast<std::int64_t>(wanted))
                        .with("device", device().title)
                        .with("fewest", static_cast<std::int64_t>(fewest))
                        .with("most", static_cast<std::int64_t>(most)));
    }

    std::unexpected<Diagnostics> layerTooLarge(std::size_t position) const
    {
        const Layer &layer = m_costs.graph().layer(m_costs.layer(position));
        const LayerWork &work = m_costs.work(position);
        return fail(
            Diagnostic(
                "mapping.layer-too-large",
                Place{.node = layer.origin.empty() ? "" : layer.origin.back(), .layer = layer.name})
                .with("layer", layer.name)
                .with("bytes", work.weightBytes + static_cast<std::int64_t>(work.bufferBytes))
                .with("device", device().title)
                .with("available", device().weightMemoryBytes()));
    }

    const PartitionCosts &m_costs;
    const MappingOptions &m_options;
    std::stop_token m_stop;
    const EventSink &m_sink;
    int m_iterations = 0;
    double m_bestMs = std::numeric_limits<double>::max();
};

} // namespace

Result<Mapping> mapToDevice(const Graph &graph, std::span<const int> bits,
                            const DeviceModel &device, const MappingOptions &options,
                            std::stop_token stop, const EventSink &sink)
{
    if (stop.stop_requested())
        return fail(Diagnostic("cancelled"));
    const PartitionCosts costs(graph, bits, device);
    return Mapper(costs, options, std::move(stop), sink).run();
}

} // namespace hefstudio
