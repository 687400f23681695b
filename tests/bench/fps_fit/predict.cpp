// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict.h"

#include "mapping/frame_time.h"
#include "mapping/partition.h"

#include <algorithm>

namespace hefstudio::fit {
namespace {

Prediction summary(const Mapping &mapping, const DeviceModel &device)
{
    Prediction prediction{.contexts = static_cast<int>(mapping.contexts.size())};
    if (mapping.contexts.empty())
        return prediction;
    prediction.batch1 = framesPerSecond(mapping, device, device.links.front(), 1);
    prediction.batch8 = framesPerSecond(mapping, device, device.links.front(), 8);
    for (const MappedContext &context : mapping.contexts) {
        prediction.control += context.utilisation.control / prediction.contexts;
        prediction.compute += context.utilisation.compute / prediction.contexts;
    }
    return prediction;
}

// As the published compilation was made.
DeviceModel asPublished(const Network &network, DeviceModel device)
{
    const double cap = network.cap;
    for (ResourceCaps *caps : {&device.singleContext, &device.multiContext})
        for (double *share : {&caps->control, &caps->compute, &caps->memory})
            *share = std::min(*share, cap);
    return device;
}

Prediction describe(const PartitionCosts &costs, std::span<const LayerRun> runs,
                    const ResourceCaps &caps)
{
    Mapping mapping;
    for (const LayerRun &run : runs) {
        const auto period = costs.shortestPeriod(run, caps);
        if (!period)
            return {};
        mapping.contexts.push_back(
            describeContext(costs, run, *period, ContextId(mapping.contexts.size())));
    }
    return summary(mapping, costs.device());
}

} // namespace

Prediction predict(const Graph &graph, const std::vector<int> &bits, const DeviceModel &device)
{
    const PartitionCosts costs(graph, bits, device, {.ratio = 1.1, .steps = 100});
    const LayerRun all{0, costs.size()};
    const Prediction single = describe(costs, std::span(&all, 1), device.singleContext);
    Partition partition = bestPartition(costs, device.multiContext, {}, {});
    if (partition.runs.size() == 1)
        partition = bestPartition(costs, device.multiContext, {.batch = 1, .contexts = 2}, {});
    const Prediction several = describe(costs, partition.runs, device.multiContext);
    const bool takesOne =
        single.contexts == 1 &&
        single.batch1 >= device.singleContextPreference * several.batch8;
    return takesOne ? single : several;
}

Prediction predict(const Network &network, const DeviceModel &device)
{
    return predict(*network.graph, network.bits, asPublished(network, device));
}

Prediction predictExactly(const Network &network, const DeviceModel &device)
{
    const auto mapping =
        mapToDevice(*network.graph, network.bits, asPublished(network, device), {}, {}, {});
    return mapping ? summary(*mapping, device) : Prediction{};
}

} // namespace hefstudio::fit
