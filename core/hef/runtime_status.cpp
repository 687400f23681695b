// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/runtime_status.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace hefstudio {

namespace {

std::string_view argumentOf(const Diagnostic &finding, std::string_view name)
{
    for (const auto &[key, value] : finding.arguments) {
        if (key == name) {
            const auto *text = std::get_if<std::string>(&value);
            return text ? std::string_view(*text) : std::string_view();
        }
    }
    return {};
}

// Findings that mean one status whatever their arguments.
const std::map<std::string_view, RuntimeStatus> &statusById()
{
    using enum RuntimeStatus;
    static const std::map<std::string_view, RuntimeStatus> statuses{
        {"file.not-found", openFileFailure},
        {"file.not-readable", openFileFailure},
        {"file.empty", fileOperationFailure},
        {"hef.unsupported-version", hefNotSupported},
        {"hef.invalid-header", hefFileCorrupted},
        {"hef.trailing-bytes", hefFileCorrupted},
        {"hef.hash-mismatch", hefFileCorrupted},
        {"hef.proto-invalid", hefFileCorrupted},
        {"hef.arch-unknown", invalidArgument},
        {"hef.duplicate-group", invalidOperation},
        {"hef.no-core-op", crash},
        {"hef.missing-layouts", crash},
        {"hef.no-context-in-file", crash},
        {"hef.group-name-mismatch", crash},
        {"hef.value-range", invalidHef},
        {"hef.trigger-missing", invalidHef},
        {"hef.trigger-refused", notImplemented},
        {"hef.action-refused", internalFailure},
        {"hef.action-malformed", invalidHef},
        {"hef.action-header-version", invalidHef},
        {"hef.name-too-long", internalFailure},
        {"hef.duplicate-name", invalidHef},
        {"hef.layout-unknown", internalFailure},
        {"hef.element-size", invalidArgument},
        {"hef.host-argmax", hefNotSupported},
        {"hef.buffer-index-missing", crash},
        {"hef.input-scales-differ", invalidHef},
        {"hef.nms-burst", invalidHef},
        {"hef.fused-layer-missing", notFound},
        {"hef.connection-missing", invalidHef},
        {"hef.ddr-pair", invalidHef},
        {"hef.cache-id", invalidHef},
        {"hef.network-without-stream", notFound},
        {"hef.extension-unsupported", hefNotSupported},
        {"hef.extension-newer", hefNotSupported},
        {"hef.extension-missing", hefNotSupported},
        {"hef.shared-words", hefNotSupported},
    };
    return statuses;
}

RuntimeStatus statusOfForm(std::string_view form)
{
    if (form == "mux with fewer parts than it states" || form == "mux nested too deeply")
        return RuntimeStatus::crash;
    if (form == "mux or planes between contexts" || form == "plane of another type")
        return RuntimeStatus::invalidHef;
    return RuntimeStatus::internalFailure;
}

RuntimeStatus statusOfHostOp(std::string_view reason)
{
    static constexpr std::string_view asInvalidHef[] = {
        "anchor heights and widths differ in number",
        "the mask prototype layer is no input of the step",
        "a logits step has one input and one output",
        "a host step has one output",
    };
    if (std::ranges::find(asInvalidHef, reason) != std::end(asInvalidHef))
        return RuntimeStatus::invalidHef;
    return reason.starts_with("unknown") ? RuntimeStatus::internalFailure
                                         : RuntimeStatus::invalidArgument;
}

} // namespace

std::optional<RuntimeStatus> runtimeStatusOf(const Diagnostic &finding)
{
    if (finding.severity != Severity::error)
        return std::nullopt;
    if (finding.id == "hef.not-a-hef")
        return argumentOf(finding, "size") == "short" ? RuntimeStatus::fileOperationFailure
                                                      : RuntimeStatus::hefNotSupported;
    if (finding.id == "hef.truncated")
        return argumentOf(finding, "part") == "header" ? RuntimeStatus::fileOperationFailure
                                                       : RuntimeStatus::hefFileCorrupted;
    if (finding.id == "hef.vector-length" || finding.id == "hef.vectors-missing")
        return argumentOf(finding, "direction") == "input" ? RuntimeStatus::crash
                                                           : RuntimeStatus::invalidHef;
    if (finding.id == "hef.pad-unknown")
        return argumentOf(finding, "by") == "decoder" ? RuntimeStatus::crash
                                                      : RuntimeStatus::invalidHef;
    if (finding.id == "hef.output-order")
        return argumentOf(finding, "name").empty() ? RuntimeStatus::invalidHef
                                                   : RuntimeStatus::internalFailure;
    if (finding.id == "hef.edge-form")
        return statusOfForm(argumentOf(finding, "form"));
    if (finding.id == "hef.host-op-invalid")
        return statusOfHostOp(argumentOf(finding, "reason"));
    const auto found = statusById().find(finding.id);
    return found == statusById().end() ? std::nullopt : std::optional(found->second);
}

std::string runtimeStatusText(RuntimeStatus status)
{
    const auto named = [&](const char *name) {
        return std::to_string(static_cast<int>(status)) + " HAILO_" + name;
    };
    switch (status) {
    case RuntimeStatus::crash:
        return "crash";
    case RuntimeStatus::invalidArgument:
        return named("INVALID_ARGUMENT");
    case RuntimeStatus::invalidOperation:
        return named("INVALID_OPERATION");
    case RuntimeStatus::notImplemented:
        return named("NOT_IMPLEMENTED");
    case RuntimeStatus::internalFailure:
        return named("INTERNAL_FAILURE");
    case RuntimeStatus::openFileFailure:
        return named("OPEN_FILE_FAILURE");
    case RuntimeStatus::fileOperationFailure:
        return named("FILE_OPERATION_FAILURE");
    case RuntimeStatus::invalidHef:
        return named("INVALID_HEF");
    case RuntimeStatus::notFound:
        return named("NOT_FOUND");
    case RuntimeStatus::hefFileCorrupted:
        return named("HEF_FILE_CORRUPTED");
    case RuntimeStatus::hefNotSupported:
        return named("HEF_NOT_SUPPORTED");
    }
    return {};
}

} // namespace hefstudio
