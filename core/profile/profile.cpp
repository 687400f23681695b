// SPDX-License-Identifier: GPL-3.0-or-later
#include "profile/profile.h"

#include "mapping/frame_time.h"
#include "mapping/layer_cost.h"

#include <algorithm>

namespace hefstudio {
namespace {

const HostLink &chosenLink(const DeviceModel &device, const std::string &name)
{
    const auto found = std::ranges::find(device.links, name, &HostLink::name);
    return found == device.links.end() ? device.links.front() : *found;
}

ContextProfile contextProfile(const Graph &graph, const MappedContext &context,
                              const HostLink &link)
{
    return {.id = context.id,
            .layers = static_cast<int>(context.layers.size()),
            .periodMs = context.timing.periodMs,
            .fillMs = context.timing.fillMs,
            .transferMs = transferMs(context.timing, link),
            .configurationMs = configurationMs(context.timing, link),
            .utilisation = context.utilisation,
            .clusters = context.clusters,
            .weightBytes = context.weightBytes,
            .inputBytes = context.timing.inputBytes,
            .outputBytes = context.timing.outputBytes,
            .bottleneckLayer = context.timing.bottleneck.isValid()
                                   ? graph.layer(context.timing.bottleneck).name
                                   : std::string()};
}

Bottleneck findBottleneck(const std::vector<ContextProfile> &contexts, const DeviceModel &device)
{
    Bottleneck worst;
    const auto offer = [&](Limit limit, const ContextProfile &context, double milliseconds) {
        if (milliseconds > worst.milliseconds)
            worst = {.limit = limit,
                     .context = context.id,
                     .layer = limit == Limit::compute ? context.bottleneckLayer : "",
                     .milliseconds = milliseconds};
    };
    for (std::size_t i = 0; i < contexts.size(); ++i) {
        offer(Limit::compute, contexts[i], contexts[i].fillMs + contexts[i].periodMs);
        offer(Limit::transfer, contexts[i], contexts[i].transferMs);
        if (contexts.size() > 1)
            offer(Limit::configuration, contexts[i], contexts[i].configurationMs);
    }
    if (contexts.size() > 1)
        offer(Limit::switching, contexts.front(),
              1000 * device.switchSeconds * static_cast<double>(contexts.size()));
    return worst;
}

void countTraffic(const Graph &graph, std::span<const int> bits, const Mapping &mapping,
                  Profile &profile)
{
    const auto isHostInput = [&](TensorId id) {
        return graph.tensor(id).producer.isValid() &&
               graph.layer(graph.tensor(id).producer).is<Input>();
    };
    for (const MappedContext &context : mapping.contexts) {
        for (const TensorId id : context.inputs)
            (isHostInput(id) ? profile.hostBytesPerFrame : profile.interContextBytesPerFrame) +=
                tensorBytes(graph, id, bits);
        for (const TensorId id : context.outputs)
            (graph.isOutput(id) ? profile.hostBytesPerFrame : profile.interContextBytesPerFrame) +=
                tensorBytes(graph, id, bits);
        if (mapping.contexts.size() > 1)
            profile.configurationBytesPerBatch += context.timing.configurationBytes;
    }
}

std::vector<TimelineSegment> timelineOf(const Mapping &mapping, const DeviceModel &device,
                                        const HostLink &link)
{
    using Kind = TimelineSegment::Kind;
    std::vector<TimelineSegment> timeline;
    double now = 0;
    const std::vector<MappedContext> &contexts = mapping.contexts;
    for (std::size_t i = 0; i < contexts.size(); ++i) {
        const double running = contextMs(contexts[i].timing, device, link, 1);
        timeline.push_back({Kind::running, contexts[i].id, now, now + running});
        if (contexts.size() == 1)
            break;
        const MappedContext &next = contexts[(i + 1) % contexts.size()];
        const double loading = configurationMs(next.timing, link);
        timeline.push_back({Kind::loading, next.id, now, now + loading});
        now += std::max(running, loading);
        const double leaving = 1000 * device.switchSeconds + device.configurationWeight * loading;
        timeline.push_back({Kind::switching, contexts[i].id, now, now + leaving});
        now += leaving;
    }
    return timeline;
}

double occupancyMs(const Mapping &mapping, const DeviceModel &device, const HostLink &link)
{
    if (mapping.contexts.size() != 1)
        return batchMs(mapping, device, link, 1);
    const ContextTiming &only = mapping.contexts.front().timing;
    return configurationMs(only, link) + 1000 * device.switchSeconds +
           contextMs(only, device, link, 1);
}

} // namespace

std::string_view segmentName(TimelineSegment::Kind kind)
{
    switch (kind) {
    case TimelineSegment::Kind::loading:
        return "loading";
    case TimelineSegment::Kind::running:
        return "running";
    case TimelineSegment::Kind::switching:
        return "switching";
    }
    return "running";
}

double sharedPeriodMs(std::span<const SharedTurn> turns)
{
    double sum = 0;
    double longest = 0;
    for (const SharedTurn &turn : turns) {
        sum += turn.occupancyMs;
        longest = std::max(longest, turn.aloneMs);
    }
    return std::max(sum, longest);
}

std::string_view limitName(Limit limit)
{
    switch (limit) {
    case Limit::compute:
        return "compute";
    case Limit::transfer:
        return "transfer";
    case Limit::configuration:
        return "configuration";
    case Limit::switching:
        return "switching";
    }
    return "compute";
}

Profile estimate(const Graph &graph, std::span<const int> bits, const Mapping &mapping,
                 const DeviceModel &device, std::span<const int> batches, const std::string &link)
{
    const HostLink &host = chosenLink(device, link);
    Profile profile{.device = device.id, .link = host.name};
    profile.errorLower = device.errorLower;
    profile.errorUpper = device.errorUpper;
    const std::vector<LayerWork> works = layerWork(graph, bits, device);
    for (const MappedContext &context : mapping.contexts) {
        profile.contexts.push_back(contextProfile(graph, context, host));
        profile.utilisation.control =
            std::max(profile.utilisation.control, context.utilisation.control);
        profile.utilisation.compute =
            std::max(profile.utilisation.compute, context.utilisation.compute);
        profile.utilisation.weightMemory =
            std::max(profile.utilisation.weightMemory, context.utilisation.weightMemory);
        for (const LayerId id : context.layers) {
            const LayerWork &work = works[id.index()];
            const std::int64_t macs = multiplyAccumulates(graph, graph.layer(id));
            profile.multiplyAccumulates += macs;
            profile.layers.push_back(
                {.id = id,
                 .name = graph.layer(id).name,
                 .context = context.id,
                 .predictedMs = 1000 * unsplitCycles(work, device) / device.clockHz,
                 .multiplyAccumulates = macs,
                 .weightBytes = work.weightBytes});
        }
    }
    if (mapping.contexts.empty())
        return profile;
    double best = 0;
    for (const int batch : batches) {
        if (batch < 1)
            continue;
        const double fps = framesPerSecond(mapping, device, host, batch);
        profile.framesPerSecond[batch] = fps;
        profile.latencyMs[batch] = batch == 1 ? latencyMs(mapping, device, host)
                                              : latencyMs(mapping, device, host) +
                                                    batchMs(mapping, device, host, batch) -
                                                    batchMs(mapping, device, host, 1);
        best = std::max(best, fps);
    }
    for (const MappedContext &context : mapping.contexts) {
        profile.deviceMs += context.timing.fillMs + context.timing.periodMs;
        profile.transferMs += transferMs(context.timing, host);
    }
    profile.occupancyMs = occupancyMs(mapping, device, host);
    profile.timeline = timelineOf(mapping, device, host);
    profile.bottleneck = findBottleneck(profile.contexts, device);
    profile.teraOperationsPerSecond =
        2e-12 * static_cast<double>(profile.multiplyAccumulates) * best;
    countTraffic(graph, bits, mapping, profile);
    profile.hostBandwidth =
        framesPerSecond(mapping, device, host, 1) *
        static_cast<double>(profile.hostBytesPerFrame + profile.interContextBytesPerFrame +
                            profile.configurationBytesPerBatch);
    return profile;
}

} // namespace hefstudio
