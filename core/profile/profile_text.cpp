// SPDX-License-Identifier: GPL-3.0-or-later
#include "profile/profile.h"

#include "base/diagnostic_json.h"

#include <cmath>
#include <cstdio>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

// Predictions carry no more than four digits; more would only look exact.
double rounded(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return std::strtod(text, nullptr);
}

Json utilisationJson(const Utilisation &utilisation)
{
    return {{"control", rounded(utilisation.control)},
            {"compute", rounded(utilisation.compute)},
            {"weight_memory", rounded(utilisation.weightMemory)},
            {"input_aligners", rounded(utilisation.inputAligners)},
            {"activation", rounded(utilisation.activation)}};
}

Json timelineJson(const std::vector<TimelineSegment> &timeline)
{
    Json segments = Json::array();
    for (const TimelineSegment &segment : timeline)
        segments.push_back({{"kind", segmentName(segment.kind)},
                            {"context", segment.context.index()},
                            {"start_ms", rounded(segment.startMs)},
                            {"end_ms", rounded(segment.endMs)}});
    return segments;
}

Json sharingJson(const std::vector<SharedTurn> &turns)
{
    if (turns.empty())
        return Json();
    Json networks = Json::array();
    for (const SharedTurn &turn : turns)
        networks.push_back({{"name", turn.name}, {"occupancy_ms", rounded(turn.occupancyMs)}});
    const double period = sharedPeriodMs(turns);
    return {{"period_ms", rounded(period)},
            {"fps_each", rounded(period > 0 ? 1000 / period : 0)},
            {"networks", std::move(networks)}};
}

Json contextJson(const ContextProfile &context)
{
    Json clusters = Json::array();
    for (const ClusterShare &share : context.clusters) {
        Json cluster = {{"cluster", share.cluster.index()}};
        cluster.update(utilisationJson(share.utilisation));
        clusters.push_back(std::move(cluster));
    }
    return {{"index", context.id.index()},
            {"layers", context.layers},
            {"period_ms", rounded(context.periodMs)},
            {"fill_ms", rounded(context.fillMs)},
            {"transfer_ms", rounded(context.transferMs)},
            {"configuration_ms", rounded(context.configurationMs)},
            {"weight_bytes", context.weightBytes},
            {"input_bytes", context.inputBytes},
            {"output_bytes", context.outputBytes},
            {"bottleneck_layer", context.bottleneckLayer},
            {"utilisation", utilisationJson(context.utilisation)},
            {"clusters", std::move(clusters)}};
}

Json byBatch(const std::map<int, double> &values)
{
    Json json = Json::object();
    for (const auto &[batch, value] : values)
        json[std::to_string(batch)] = rounded(value);
    return json;
}

class TextPage {
public:
    template<class... Arguments> void line(const char *format, Arguments... arguments)
    {
        char buffer[512];
        std::snprintf(buffer, sizeof buffer, format, arguments...);
        m_text += buffer;
        m_text += '\n';
    }
    std::string take() { return std::move(m_text); }

private:
    std::string m_text;
};

double percent(double fraction)
{
    return 100 * fraction;
}

} // namespace

std::string profileJson(const Profile &profile)
{
    Json contexts = Json::array();
    for (const ContextProfile &context : profile.contexts)
        contexts.push_back(contextJson(context));
    Json layers = Json::array();
    for (const LayerProfile &layer : profile.layers)
        layers.push_back({{"name", layer.name},
                          {"context", layer.context.index()},
                          {"predicted_ms", rounded(layer.predictedMs)},
                          {"macs", layer.multiplyAccumulates},
                          {"weight_bytes", layer.weightBytes}});
    Json bottleneck = {{"limit", limitName(profile.bottleneck.limit)},
                       {"context", profile.bottleneck.context.isValid()
                                       ? Json(profile.bottleneck.context.index())
                                       : Json()},
                       {"layer", profile.bottleneck.layer},
                       {"ms", rounded(profile.bottleneck.milliseconds)}};
    return jsonText(Json{
        {"arch", profile.device},
        {"predicted", true},
        {"error_band", {{"lower", profile.errorLower}, {"upper", profile.errorUpper}}},
        {"link", profile.link},
        {"contexts", std::move(contexts)},
        {"fps", byBatch(profile.framesPerSecond)},
        {"latency_ms", byBatch(profile.latencyMs)},
        {"bottleneck", std::move(bottleneck)},
        {"device_ms", rounded(profile.deviceMs)},
        {"transfer_ms", rounded(profile.transferMs)},
        {"occupancy_ms", rounded(profile.occupancyMs)},
        {"timeline", timelineJson(profile.timeline)},
        {"host", {{"layers", profile.hostLayers}, {"elements", profile.hostElements}}},
        {"sharing", sharingJson(profile.sharing)},
        {"utilisation", utilisationJson(profile.utilisation)},
        {"macs", profile.multiplyAccumulates},
        {"tops", rounded(profile.teraOperationsPerSecond)},
        {"bandwidth",
         {{"host_bytes_per_frame", profile.hostBytesPerFrame},
          {"inter_context_bytes_per_frame", profile.interContextBytesPerFrame},
          {"configuration_bytes_per_batch", profile.configurationBytesPerBatch},
          {"bytes_per_second", rounded(profile.hostBandwidth)}}},
        {"layers", std::move(layers)},
    });
}

std::string profileText(const Profile &profile)
{
    TextPage page;
    page.line("%s over %s, predicted (not measured on a chip)", profile.device.c_str(),
              profile.link.c_str());
    for (const auto &[batch, fps] : profile.framesPerSecond) {
        const auto latency = profile.latencyMs.find(batch);
        page.line("  batch %-3d predicted %8.1f frames/s, %8.2f ms", batch, fps,
                  latency == profile.latencyMs.end() ? 0.0 : latency->second);
    }
    if (profile.errorLower != 0 || profile.errorUpper != 0)
        page.line("  published speeds lie mostly within %+.0f %% to %+.0f %% of such predictions",
                  percent(profile.errorLower), percent(profile.errorUpper));
    page.line("  of one frame: %.2f ms on the chip, %.2f ms of transfers; %.2f ms of a shared chip",
              profile.deviceMs, profile.transferMs, profile.occupancyMs);
    page.line("  %.3f GMAC a frame, predicted %.2f TOPS at the best batch",
              1e-9 * static_cast<double>(profile.multiplyAccumulates),
              profile.teraOperationsPerSecond);
    page.line("context  layers  period ms  fill ms  link ms  load ms  control  compute  memory");
    for (const ContextProfile &context : profile.contexts)
        page.line("%7zu  %6d  %9.3f  %7.3f  %7.3f  %7.3f  %5.0f %%  %5.0f %%  %4.0f %%",
                  context.id.index(), context.layers, context.periodMs, context.fillMs,
                  context.transferMs, context.configurationMs, percent(context.utilisation.control),
                  percent(context.utilisation.compute), percent(context.utilisation.weightMemory));
    if (profile.bottleneck.context.isValid())
        page.line("predicted bottleneck: %s of context %zu%s%s",
                  std::string(limitName(profile.bottleneck.limit)).c_str(),
                  profile.bottleneck.context.index(),
                  profile.bottleneck.layer.empty() ? "" : ", layer ",
                  profile.bottleneck.layer.substr(0, 200).c_str());
    page.line("traffic per frame: host %.3f MB, between contexts %.3f MB; configuration %.3f MB a "
              "batch",
              1e-6 * static_cast<double>(profile.hostBytesPerFrame),
              1e-6 * static_cast<double>(profile.interContextBytesPerFrame),
              1e-6 * static_cast<double>(profile.configurationBytesPerBatch));
    if (profile.hostLayers > 0)
        page.line("left to the host: %d layers, %.2f million values a frame", profile.hostLayers,
                  1e-6 * static_cast<double>(profile.hostElements));
    if (!profile.sharing.empty()) {
        const double period = sharedPeriodMs(profile.sharing);
        page.line("in turns on one chip: predicted %.1f frames/s each, a round of %.2f ms",
                  1000 / period, period);
        for (const SharedTurn &turn : profile.sharing)
            page.line("  %-32s %8.2f ms", turn.name.substr(0, 200).c_str(), turn.occupancyMs);
    }
    return page.take();
}

} // namespace hefstudio
