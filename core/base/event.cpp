// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/event.h"

#include "base/diagnostic_json.h"

#include <array>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char *, 3> levelNames{"info", "warning", "error"};

struct ToJson {
    Json operator()(const StageStarted &e) const
    {
        return {
            {"event", "stage-started"}, {"stage", e.stage}, {"index", e.index}, {"count", e.count}};
    }
    Json operator()(const StageProgress &e) const
    {
        return {{"event", "stage-progress"},
                {"stage", e.stage},
                {"done", e.done},
                {"total", e.total},
                {"detail", e.detail}};
    }
    Json operator()(const StageFinished &e) const
    {
        return {{"event", "stage-finished"},
                {"stage", e.stage},
                {"seconds", e.seconds},
                {"summary", e.summary},
                {"from_cache", e.fromCache}};
    }
    Json operator()(const PartitionIteration &e) const
    {
        return {{"event", "partition-iteration"},
                {"iteration", e.iteration},
                {"contexts", e.contexts},
                {"predicted_frame_ms", e.predictedFrameMs},
                {"is_best", e.isBest},
                {"candidate", e.candidate},
                {"improvement", e.improvement}};
    }
    Json operator()(const ContextUpdated &e) const
    {
        return {{"event", "context-updated"},
                {"context", e.context},
                {"layers", e.layers},
                {"predicted_ms", e.predictedMs},
                {"control", e.control},
                {"compute", e.compute},
                {"weight_memory", e.weightMemory},
                {"output_bytes", e.outputBytes}};
    }
    Json operator()(const AllocationCell &e) const
    {
        return {{"event", "allocation-cell"},
                {"context", e.context},
                {"cluster", e.cluster},
                {"utilisation", e.utilisation}};
    }
    Json operator()(const LedgerEntry &e) const
    {
        return {{"event", "ledger"},
                {"setting", e.row.setting},
                {"asked", e.row.asked},
                {"used", e.row.used},
                {"why", e.row.why}};
    }
    Json operator()(const DiagnosticRaised &e) const
    {
        return {{"event", "diagnostic"}, {"diagnostic", toJson(e.diagnostic)}};
    }
    Json operator()(const LogLine &e) const
    {
        return {{"event", "log"},
                {"level", levelNames[static_cast<std::size_t>(e.level)]},
                {"stage", e.stage},
                {"text", e.text}};
    }
    Json operator()(const ConversionFinished &e) const
    {
        return {{"event", "finished"},
                {"file", e.file},
                {"sha256", e.sha256},
                {"bytes", e.bytes},
                {"emulation", e.isEmulation}};
    }
};

// Reads keys with defaults; throws only inside eventFromJsonLine's own guard.
template<class T> T value(const Json &json, const char *key, T otherwise = {})
{
    return json.value(key, otherwise);
}

std::optional<Event> parseEvent(const Json &json)
{
    const auto kind = value<std::string>(json, "event");
    const auto text = [&](const char *key) { return value<std::string>(json, key); };
    const auto number = [&](const char *key) { return value<double>(json, key); };
    const auto integer = [&](const char *key) { return value<int>(json, key); };
    if (kind == "stage-started")
        return StageStarted{text("stage"), integer("index"), integer("count")};
    if (kind == "stage-progress")
        return StageProgress{text("stage"), value<std::int64_t>(json, "done"),
                             value<std::int64_t>(json, "total"), text("detail")};
    if (kind == "stage-finished")
        return StageFinished{text("stage"), number("seconds"), text("summary"),
                             value<bool>(json, "from_cache")};
    if (kind == "partition-iteration")
        return PartitionIteration{integer("iteration"), integer("contexts"),
                                  number("predicted_frame_ms"), value<bool>(json, "is_best"),
                                  text("candidate"), number("improvement")};
    if (kind == "context-updated")
        return ContextUpdated{integer("context"),
                              integer("layers"),
                              number("predicted_ms"),
                              number("control"),
                              number("compute"),
                              number("weight_memory"),
                              value<std::int64_t>(json, "output_bytes")};
    if (kind == "allocation-cell")
        return AllocationCell{integer("context"), integer("cluster"), number("utilisation")};
    if (kind == "ledger")
        return LedgerEntry{{text("setting"), text("asked"), text("used"), text("why")}};
    if (kind == "diagnostic")
        return DiagnosticRaised{diagnosticFromJson(json.value("diagnostic", Json::object()))};
    if (kind == "log") {
        const auto level = text("level");
        return LogLine{level == "error"     ? LogLevel::error
                       : level == "warning" ? LogLevel::warning
                                            : LogLevel::info,
                       text("stage"), text("text")};
    }
    if (kind == "finished")
        return ConversionFinished{text("file"), text("sha256"), value<std::uint64_t>(json, "bytes"),
                                  value<bool>(json, "emulation", true)};
    return std::nullopt;
}

} // namespace

std::string toJsonLine(const Event &event)
{
    return jsonText(std::visit(ToJson{}, event), -1);
}

std::optional<Event> eventFromJsonLine(std::string_view line)
{
    const auto json = parseJson(line, "progress");
    if (!json || !json->is_object())
        return std::nullopt;
    try {
        return parseEvent(*json);
    } catch (const nlohmann::json::exception &) { // a key of the wrong type
        return std::nullopt;
    }
}

} // namespace hefstudio
