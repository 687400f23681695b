// SPDX-License-Identifier: GPL-3.0-or-later
#include "profile/public_profile.h"

#include "base/diagnostic_json.h"

#include <algorithm>
#include <cstdio>
#include <sstream>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

// HailoRT's limit for lines of the newest 4.x; only the padding of odd widths depends on it.
constexpr std::uint32_t fifoLimit = 65536;

std::size_t sumActions(const HefContextView &context)
{
    std::size_t sum = 0;
    for (const auto &[kind, count] : context.actions)
        sum += count;
    return sum;
}

std::string number(double value, const char *format)
{
    char text[48];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

double rounded(double value)
{
    return std::strtod(number(value, "%.4g").c_str(), nullptr);
}

} // namespace

PublicProfile profileOfHef(const HefNetworkGroupView &group, const DeviceModel &device,
                           std::span<const int> batches)
{
    const HostLink &link = device.links.front();
    PublicProfile profile{.device = device.id,
                          .network = group.name,
                          .link = link.name,
                          .contexts = {},
                          .startupBytes = group.preliminary.configBytes,
                          .compilerFps = group.framesPerSecond,
                          .compilerLatencyMs = 1000 * group.latencySeconds,
                          .framesPerSecond = {},
                          .bottleneck = "compute"};
    for (const HefContextView &context : group.contexts)
        profile.contexts.push_back({.name = context.name,
                                    .actions = sumActions(context),
                                    .configurationBytes = context.configBytes});
    const auto count = [&](std::size_t context, HefDirection direction, std::uint64_t bytes) {
        if (context >= profile.contexts.size())
            return;
        PublicContext &one = profile.contexts[context];
        (direction == HefDirection::input ? one.inputBytes : one.outputBytes) += bytes;
    };
    for (const HefStream &stream : group.streams)
        count(stream.context, stream.direction, stream.frameBytes(fifoLimit));
    for (const HefTransfer &transfer : group.transfers)
        count(transfer.context, transfer.direction, transfer.frameBytes);

    double transferMs = 0;
    double loadingMs = 0;
    for (const PublicContext &context : profile.contexts) {
        transferMs += 1000 * static_cast<double>(context.inputBytes + context.outputBytes) /
                      link.transferBytesPerSecond;
        loadingMs += 1000 * static_cast<double>(context.configurationBytes) /
                     link.configurationBytesPerSecond;
    }
    if (profile.compilerFps <= 0)
        return profile; // nothing to start from
    const double slowestMs = 1000 / profile.compilerFps;
    const auto contexts = static_cast<double>(profile.contexts.size());
    const bool isSingle = profile.contexts.size() < 2;
    for (const int batch : batches) {
        if (batch < 1)
            continue;
        const double frame = std::max(isSingle ? slowestMs : slowestMs * contexts, transferMs);
        const double working = isSingle ? batch * frame
                                        : std::max(profile.compilerLatencyMs, transferMs) +
                                              (batch - 1) * frame;
        const double all = isSingle ? working
                                    : std::max(working, loadingMs) +
                                          1000 * device.switchSeconds * contexts;
        profile.framesPerSecond[batch] = 1000.0 * batch / all;
    }
    if (!isSingle && loadingMs > std::max(profile.compilerLatencyMs, transferMs))
        profile.bottleneck = "configuration";
    else if (transferMs > slowestMs)
        profile.bottleneck = "transfer";
    return profile;
}

std::string publicProfileJson(const PublicProfile &profile)
{
    Json contexts = Json::array();
    for (const PublicContext &context : profile.contexts)
        contexts.push_back({{"name", context.name},
                            {"actions", context.actions},
                            {"configuration_bytes", context.configurationBytes},
                            {"input_bytes", context.inputBytes},
                            {"output_bytes", context.outputBytes}});
    Json fps = Json::object();
    for (const auto &[batch, value] : profile.framesPerSecond)
        fps[std::to_string(batch)] = rounded(value);
    return jsonText(Json{{"arch", profile.device},
                         {"predicted", true},
                         {"source", "public fields of the HEF"},
                         {"network", profile.network},
                         {"link", profile.link},
                         {"contexts", std::move(contexts)},
                         {"startup_bytes", profile.startupBytes},
                         {"compiler",
                          {{"bottleneck_fps", rounded(profile.compilerFps)},
                           {"latency_ms", rounded(profile.compilerLatencyMs)}}},
                         {"fps", std::move(fps)},
                         {"latency_ms", {{"1", rounded(profile.compilerLatencyMs)}}},
                         {"bottleneck", {{"limit", profile.bottleneck}}},
                         {"utilisation", nullptr}});
}

std::string publicProfileText(const PublicProfile &profile)
{
    std::ostringstream page;
    page << profile.network << " on " << profile.device << " over " << profile.link
         << ": from the HEF's public fields, predicted (not measured on a chip)\n"
         << "  the vendor's compiler states " << number(profile.compilerFps, "%.1f")
         << " frames/s for the slowest layer and " << number(profile.compilerLatencyMs, "%.2f")
         << " ms latency\n";
    for (const auto &[batch, fps] : profile.framesPerSecond)
        page << "  batch " << batch << ": predicted " << number(fps, "%.1f") << " frames/s\n";
    for (std::size_t i = 0; i < profile.contexts.size(); ++i) {
        const PublicContext &context = profile.contexts[i];
        page << "  context " << i << ": " << context.actions << " actions, loads "
             << context.configurationBytes << " bytes, takes in " << context.inputBytes
             << " and sends " << context.outputBytes << " bytes a frame\n";
    }
    page << "  loaded once at the start: " << profile.startupBytes << " bytes\n"
         << "predicted bottleneck: " << profile.bottleneck << "\n";
    return page.str();
}

} // namespace hefstudio
