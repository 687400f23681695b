// SPDX-License-Identifier: GPL-3.0-or-later
#include "mapping/frame_time.h"

#include <algorithm>

namespace hefstudio {
namespace {

double startMs(const DeviceModel &device)
{
    return 1000 * device.startCycles / device.clockHz;
}

} // namespace

double transferMs(const MappedContext &context, const HostLink &link)
{
    return 1000 * static_cast<double>(context.timing.inputBytes + context.timing.outputBytes) /
           link.transferBytesPerSecond;
}

double configurationMs(const MappedContext &context, const HostLink &link)
{
    return 1000 * static_cast<double>(context.timing.configurationBytes) /
           link.configurationBytesPerSecond;
}

double contextMs(const MappedContext &context, const HostLink &link, int batch)
{
    return context.timing.fillMs +
           batch * std::max(context.timing.periodMs, transferMs(context, link));
}

double batchMs(const Mapping &mapping, const DeviceModel &device, const HostLink &link, int batch)
{
    const std::vector<MappedContext> &contexts = mapping.contexts;
    if (contexts.size() == 1) {
        // Frames follow each other without a gap, so filling shows in the latency only.
        const MappedContext &only = contexts.front();
        return batch * std::max(only.timing.periodMs + startMs(device), transferMs(only, link));
    }
    double sum = 0;
    for (std::size_t i = 0; i < contexts.size(); ++i) {
        const MappedContext &next = contexts[(i + 1) % contexts.size()];
        const double loading = configurationMs(next, link);
        sum += std::max(contextMs(contexts[i], link, batch), loading) +
               1000 * device.switchSeconds + device.configurationWeight * loading;
    }
    return sum;
}

double framesPerSecond(const Mapping &mapping, const DeviceModel &device, const HostLink &link,
                       int batch)
{
    const double ms = batchMs(mapping, device, link, batch);
    return ms > 0 ? 1000.0 * batch / ms : 0;
}

double latencyMs(const Mapping &mapping, const DeviceModel &device, const HostLink &link)
{
    if (mapping.contexts.size() != 1)
        return batchMs(mapping, device, link, 1);
    const MappedContext &only = mapping.contexts.front();
    return only.timing.fillMs + only.timing.periodMs + startMs(device) + transferMs(only, link);
}

} // namespace hefstudio
