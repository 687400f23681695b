// SPDX-License-Identifier: GPL-3.0-or-later
#include "mapping/mapping.h"

#include "base/hash.h"
#include "mapping/allocation.h"
#include "mapping/frame_time.h"
#include "mapping/partition_search.h"

#include <algorithm>
#include <limits>

namespace hefstudio {
namespace {

constexpr std::size_t mostContexts = 256;

ResourceCaps scaled(const ResourceCaps &caps, double factor)
{
    return {.control = std::min(1.0, caps.control * factor),
            .compute = std::min(1.0, caps.compute * factor),
            .memory = std::min(1.0, caps.memory * factor)};
}

class Mapper {
public:
    Mapper(const Graph &graph, std::span<const int> bits, const DeviceModel &device,
           const MappingOptions &options, std::stop_token stop, const EventSink &sink)
        : m_graph(graph),
          m_bits(bits),
          m_device(device),
          m_asWritten(graph, bits, device),
          m_options(options),
          m_stop(std::move(stop)),
          m_sink(sink)
    {
    }

    Result<Mapping> run()
    {
        const std::size_t layers = m_asWritten.size();
        if (layers == 0)
            return fail(Diagnostic("mapping.nothing-to-map"));
        const std::optional<int> wanted = m_options.contexts;
        if (wanted && (*wanted < 1 || static_cast<std::size_t>(*wanted) > layers ||
                       static_cast<std::size_t>(*wanted) > mostContexts))
            return impossible(*wanted, 1, std::min(layers, mostContexts));
        std::optional<Mapping> single;
        if (wanted.value_or(1) == 1)
            single = mapToOne();
        if (wanted == 1 && single)
            return finished(std::move(*single));
        if (wanted == 1)
            return m_noRoom ? noRoom() : impossible(1, 2, mostContexts);
        Result<Mapping> several = mapToSeveral(wanted);
        if (m_stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        if (!several && !single)
            return several;
        if (single && (!several || isPreferred(*single, *several)))
            return finished(std::move(*single));
        return finished(std::move(*several));
    }

private:
    const HostLink &link() const { return m_device.links.front(); }

    bool isPreferred(const Mapping &single, const Mapping &several) const
    {
        return framesPerSecond(single, m_device, link(), 1) >=
               m_device.singleContextPreference * framesPerSecond(several, m_device, link(), 8);
    }

    void report(const std::vector<std::vector<LayerId>> &contexts, double ms)
    {
        const bool isBest = ms < m_bestMs;
        const bool isFirst = m_bestMs == std::numeric_limits<double>::max();
        send(m_sink, PartitionIteration{.iteration = ++m_iterations,
                                        .contexts = static_cast<int>(contexts.size()),
                                        .predictedFrameMs = ms,
                                        .isBest = isBest,
                                        .candidate = partitionHash(contexts),
                                        .improvement =
                                            isBest && !isFirst ? 1 - ms / m_bestMs : 0});
        m_bestMs = std::min(m_bestMs, ms);
    }

    // Places every layer. Where pieces do not go together at the shortest period, slower and so
    // smaller ones are tried. Nothing, and m_noRoom, when that does not help.
    std::optional<Mapping> placed(const PartitionCosts &costs, std::span<const LayerRun> runs,
                                  const ResourceCaps &caps)
    {
        constexpr int attempts = 24;
        constexpr double slower = 1.04;
        Mapping mapping{.device = m_device.id, .contexts = {}};
        for (const LayerRun &run : runs) {
            std::optional<double> period = costs.shortestPeriod(run, caps);
            if (!period)
                return std::nullopt;
            auto pieces = allocate(costs, run, *period);
            for (int i = 0; !pieces && i < attempts; ++i)
                pieces = allocate(costs, run, *period *= slower);
            if (!pieces) {
                m_noRoom = pieces.error();
                return std::nullopt;
            }
            MappedContext context =
                describeContext(costs, run, *period, ContextId(mapping.contexts.size()));
            context.clusters = clusterShares(*pieces, m_device);
            context.pieces = std::move(*pieces);
            mapping.contexts.push_back(std::move(context));
        }
        mapping.predictedFrameMs = batchMs(mapping, m_device, link(), 1);
        return mapping;
    }

    // One context, first with much room left, then filling up.
    std::optional<Mapping> mapToOne()
    {
        const LayerRun all{0, m_asWritten.size()};
        std::optional<Mapping> best;
        for (const double factor : {0.6, 0.75, 0.9, 1.0}) {
            std::optional<Mapping> mapping =
                placed(m_asWritten, std::span(&all, 1), scaled(m_device.singleContext, factor));
            if (!mapping)
                continue;
            report({mapping->contexts.front().layers}, mapping->predictedFrameMs);
            if (!best || mapping->predictedFrameMs < best->predictedFrameMs)
                best = std::move(mapping);
        }
        m_bestMs = std::numeric_limits<double>::max(); // several contexts are a search of their own
        return best;
    }

    Result<Mapping> mapToSeveral(std::optional<int> wanted)
    {
        std::size_t tooLarge = 0;
        std::size_t fewest = 0;
        // Emptier contexts where pieces did not go together, fuller ones where layers did not fit.
        for (const double factor : {1.0, 0.85, 0.7, 1.25, 1.6}) {
            if (factor < 1 && !m_noRoom)
                continue;
            const ResourceCaps caps = scaled(m_device.multiContext, factor);
            fewest = fewestContexts(m_asWritten, caps, tooLarge);
            if (fewest == 0 || (wanted && static_cast<std::size_t>(*wanted) < fewest))
                continue; // perhaps with fuller contexts
            std::optional<Mapping> best = search(wanted, caps);
            if (m_stop.stop_requested())
                return fail(Diagnostic("cancelled"));
            if (best)
                return std::move(*best);
        }
        if (fewest == 0)
            return layerTooLarge(tooLarge);
        if (m_noRoom)
            return noRoom();
        return impossible(wanted.value_or(0), fewest, std::min(m_asWritten.size(), mostContexts));
    }

    std::optional<Mapping> search(std::optional<int> wanted, const ResourceCaps &caps)
    {
        std::stop_source end;
        const std::stop_callback onStop(m_stop, [&] { end.request_stop(); });
        const std::stop_callback onEnough(m_options.enough, [&] { end.request_stop(); });
        PartitionSearch search{.caps = caps,
                               .batch = m_options.batch,
                               .contexts = std::nullopt,
                               .seed = m_options.seed,
                               .mostCandidates = std::max(1, m_options.mostIterations - m_iterations),
                               .stop = end.get_token()};
        if (wanted)
            search.contexts = static_cast<std::size_t>(*wanted);
        std::vector<PartitionCandidate> improvements;
        searchPartitions(m_graph, m_bits, m_device, search, [&](const PartitionCandidate &found) {
            report(found.contexts(), found.batchMs);
            if (improvements.empty() || found.batchMs < improvements.back().batchMs)
                improvements.push_back(found);
        });
        // The best that can also be placed.
        for (; !improvements.empty(); improvements.pop_back())
            if (auto mapping = placed(*improvements.back().costs, improvements.back().runs, caps))
                return mapping;
        return std::nullopt;
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
                        .with("device", m_device.title)
                        .with("fewest", static_cast<std::int64_t>(fewest))
                        .with("most", static_cast<std::int64_t>(most)));
    }

    Place placeOf(const Layer &layer) const
    {
        return {.node = layer.origin.empty() ? "" : layer.origin.back(), .layer = layer.name};
    }

    std::unexpected<Diagnostics> noRoom() const
    {
        const Layer &layer = m_graph.layer(m_noRoom->layer);
        return fail(Diagnostic("mapping.no-room", placeOf(layer))
                        .with("layer", layer.name)
                        .with("unit", std::string(unitName(m_noRoom->unit)))
                        .with("device", m_device.title));
    }

    std::unexpected<Diagnostics> layerTooLarge(std::size_t position) const
    {
        const Layer &layer = m_graph.layer(m_asWritten.layer(position));
        const LayerWork &work = m_asWritten.work(position);
        return fail(Diagnostic("mapping.layer-too-large", placeOf(layer))
                        .with("layer", layer.name)
                        .with("bytes", work.weightBytes + static_cast<std::int64_t>(work.bufferBytes))
                        .with("device", m_device.title)
                        .with("available", m_device.weightMemoryBytes()));
    }

    const Graph &m_graph;
    std::span<const int> m_bits;
    const DeviceModel &m_device;
    PartitionCosts m_asWritten;
    const MappingOptions &m_options;
    std::stop_token m_stop;
    const EventSink &m_sink;
    int m_iterations = 0;
    double m_bestMs = std::numeric_limits<double>::max();
    std::optional<AllocationFailure> m_noRoom;
};

} // namespace

std::string partitionHash(std::span<const std::vector<LayerId>> contexts)
{
    std::string listed;
    for (const std::vector<LayerId> &layers : contexts) {
        for (const LayerId id : layers)
            listed += std::to_string(id.index()) + " ";
        listed += "|";
    }
    std::uint64_t hash = xxh3_64(std::as_bytes(std::span(listed)));
    std::string text(16, '0');
    for (std::size_t i = text.size(); i-- > 0; hash >>= 4)
        text[i] = "0123456789abcdef"[hash & 15];
    return text;
}

Result<Mapping> mapToDevice(const Graph &graph, std::span<const int> bits,
                            const DeviceModel &device, const MappingOptions &options,
                            std::stop_token stop, const EventSink &sink)
{
    if (stop.stop_requested())
        return fail(Diagnostic("cancelled"));
    return Mapper(graph, bits, device, options, std::move(stop), sink).run();
}

} // namespace hefstudio
