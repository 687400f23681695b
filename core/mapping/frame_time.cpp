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

double transferMs(const ContextTiming &timing, const HostLink &link)
{
    return 1000 * static_cast<double>(timing.inputBytes + timing.outputBytes) /
           link.transferBytesPerSecond;
}

double configurationMs(const ContextTiming &timing, const HostLink &link)
{
    return 1000 * static_cast<double>(timing.configurationBytes) /
           link.configurationBytesPerSecond;
}

double frameMs(double periodMs, double transferMs, const DeviceModel &device)
{
    return std::max(periodMs, transferMs) +
           device.serialTransferShare * std::min(periodMs, transferMs);
}

double contextMs(const ContextTiming &timing, const DeviceModel &device, const HostLink &link,
                 int batch)
{
    return timing.fillMs + batch * frameMs(timing.periodMs, transferMs(timing, link), device);
}

double batchMs(std::span<const ContextTiming> contexts, const DeviceModel &device,
               const HostLink &link, int batch)
{
    if (contexts.size() == 1) {
        // Frames follow each other without a gap, so filling shows in the latency only.
        const ContextTiming &only = contexts.front();
        return batch * std::max(only.periodMs + startMs(device), transferMs(only, link));
    }
    double sum = 0;
    for (std::size_t i = 0; i < contexts.size(); ++i) {
        const double loading = configurationMs(contexts[(i + 1) % contexts.size()], link);
        sum += std::max(contextMs(contexts[i], device, link, batch), loading) +
               1000 * device.switchSeconds + device.configurationWeight * loading;
    }
    return sum;
}

double batchMs(const Mapping &mapping, const DeviceModel &device, const HostLink &link, int batch)
{
    std::vector<ContextTiming> timings;
    for (const MappedContext &context : mapping.contexts)
        timings.push_back(context.timing);
    return batchMs(timings, device, link, batch);
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
    const ContextTiming &only = mapping.contexts.front().timing;
    return only.fillMs + only.periodMs + startMs(device) + transferMs(only, link);
}

} // namespace hefstudio
