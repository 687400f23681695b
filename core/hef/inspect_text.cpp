// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/inspect.h"

#include "base/diagnostic_catalogue.h"
#include "hef/compatibility.h"
#include "hef/hef_reader.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace hefstudio {

namespace {

std::string row(std::string_view label, std::string_view value)
{
    constexpr std::size_t width = 14;
    std::string text = "  ";
    text += label;
    text.append(label.size() < width ? width - label.size() : 1, ' ');
    text += value;
    return text + "\n";
}

// 1217 → "1 217": easier to read than a rounded unit, and exact.
std::string grouped(std::uint64_t number)
{
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3)
        text.insert(at - 3, 1, ' ');
    return text;
}

std::string counted(std::uint64_t number, const char *noun)
{
    return grouped(number) + ' ' + noun + (number == 1 ? "" : "s");
}

std::string bytesText(std::uint64_t bytes)
{
    return counted(bytes, "byte");
}

std::string numberText(double value)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.6g", value);
    return text.data();
}

std::string dateText(std::uint64_t milliseconds)
{
    const auto seconds = static_cast<std::time_t>(milliseconds / 1000);
    std::tm utc{};
    std::array<char, 64> text{};
    // A hostile stamp may lie beyond what a calendar holds.
    constexpr std::uint64_t year9999 = 253402300799ULL * 1000;
    if (milliseconds > year9999 || !gmtime_r(&seconds, &utc) ||
        std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &utc) == 0)
        return "an impossible time";
    return text.data();
}

std::string quantisationText(const HefQuantisation &q)
{
    std::string text = "scale " + numberText(q.scale) + ", zero point " + numberText(q.zeroPoint);
    if (q.limitLow != q.limitHigh)
        text += ", " + numberText(q.limitLow) + " to " + numberText(q.limitHigh);
    if (q.scales.size() > 1 &&
        std::ranges::any_of(q.scales, [&](double s) { return s != q.scales.front(); }))
        text += ", a scale per channel";
    return text;
}

std::string vstreamText(const HefVStream &v)
{
    std::string text = "    " + v.name + "  ";
    if (v.nms)
        text += std::string(typeText(v.type)) + ", " + std::string(orderText(v.order)) + ", " +
                grouped(v.nms->classes) + " classes, up to " + grouped(v.nms->boxesPerClass) +
                " boxes each";
    else
        text += shapeText(v.type, v.order, v.shape);
    return text + "  " +
           (v.fromHostOp && v.nms ? "computed on the host" : quantisationText(v.quantisation)) +
           "\n";
}

std::size_t actionCount(const HefContextView &context)
{
    std::size_t count = 0;
    for (const auto &[kind, n] : context.actions)
        count += n;
    return count;
}

std::string actionsText(const HefContextView &context)
{
    const std::size_t actions = actionCount(context);
    if (actions == 0)
        return "no actions";
    return counted(actions, "action") + ", " + bytesText(context.configBytes) + " of configuration";
}

std::string contextText(const HefContextView &context, std::size_t index)
{
    std::string text = "    " + std::to_string(index) + "  " + context.name + ": ";
    text += std::to_string(context.boundaryInputs) + " in, " +
            std::to_string(context.boundaryOutputs) + " out, ";
    return text + actionsText(context) + "\n";
}

std::string transferText(const HefTransfer &t)
{
    std::string others;
    for (const std::size_t other : t.connectedContexts)
        others += (others.empty() ? "" : ", ") + std::to_string(other);
    const char *how = t.kind == HefTransfer::Kind::cache ? "cache of "
                      : t.kind == HefTransfer::Kind::ddr ? "host buffer inside "
                                                         : "";
    return "    " + t.name + "  " + how + "context " + std::to_string(t.context) +
           (others.empty() ? "" : " to " + others) + "  " +
           shapeText(t.type, t.order, t.userShape) + "  " + bytesText(t.frameBytes) + "\n";
}

std::string groupText(const HefNetworkGroupView &group, bool isEmulation)
{
    std::string text =
        "\nNetwork group " + group.name + ": " + counted(group.contexts.size(), "context");
    if (!group.layouts.empty()) {
        text += ", cluster layouts";
        for (const std::uint32_t layout : group.layouts)
            text += ' ' + std::to_string(layout);
    }
    text += "\n";
    if (group.framesPerSecond > 0)
        text +=
            row("predicted", numberText(group.framesPerSecond) + " frames/s, latency " +
                                 numberText(group.latencySeconds * 1000) + " ms (by " +
                                 (isEmulation ? "HEF Studio" : "the compiler") + ", not measured)");
    text += "  inputs\n";
    for (const HefVStream &v : group.inputs)
        text += vstreamText(v);
    text += "  outputs\n";
    for (const HefVStream &v : group.outputs)
        text += vstreamText(v);
    text += "  contexts\n";
    if (actionCount(group.preliminary) > 0)
        text += "    start-up: " + actionsText(group.preliminary) + "\n";
    for (std::size_t i = 0; i < group.contexts.size(); ++i)
        text += contextText(group.contexts[i], i);
    const bool hasTransfers = std::ranges::any_of(
        group.transfers, [](const HefTransfer &t) { return t.direction == HefDirection::output; });
    if (hasTransfers)
        text += "  between contexts\n";
    for (const HefTransfer &t : group.transfers) {
        if (t.direction == HefDirection::output)
            text += transferText(t);
    }
    if (!group.hostOps.empty())
        text += "  on the host\n";
    for (const HefHostOp &op : group.hostOps) {
        text += "    " + op.name + " makes " + op.output + " of " +
                counted(op.inputs.size(), "output") + "\n";
    }
    return text;
}

const char *integrityText(HefIntegrity integrity)
{
    switch (integrity) {
    case HefIntegrity::intact:
        return "checksum intact";
    case HefIntegrity::damaged:
        return "damaged: a checksum does not hold";
    case HefIntegrity::refused:
        return "checksum intact, but HailoRT refuses the content";
    }
    return "";
}

std::string sizesText(const HefFile &file)
{
    std::string text = bytesText(file.bytes.size()) + ": message " + grouped(file.proto.size);
    if (file.ccws.size > 0)
        text += ", configuration and blobs " + grouped(file.ccws.size);
    if (file.additionalInfo.size > 0)
        text += ", additional " + grouped(file.additionalInfo.size);
    if (file.tail.size > 0)
        text += ", appended " + grouped(file.tail.size);
    return text;
}

} // namespace

std::string hefOverviewText(const Hef &hef)
{
    const HefFile &file = hef.container();
    const HefCompatibility compatibility = compatibilityOf(hef);
    std::string text = hef.name() + "\n";
    if (hef.isEmulation())
        text += "  Emulation HEF: does not run on a chip.\n";
    else if (hef.hasProgram())
        text += "  Emulation HEF with a broken fence: do not use it, build it again.\n";
    text += row("chip", std::string(hef.arch().productName()) + " (" +
                            std::string(hef.arch().name()) + ")");
    text += row("made by",
                hef.hasProgram() ? hef.sdkVersion() : "the vendor's compiler " + hef.sdkVersion());
    if (hef.timestampMs() != 0)
        text += row("made", dateText(hef.timestampMs()));
    text += row("size", sizesText(file));
    text += row("container", "header version " + std::to_string(file.header.version) + ", " +
                                 integrityText(integrityOf(hef)));
    text += row("opens in", "HailoRT " + compatibility.releasesText());
    text += row("runs on", compatibility.chipsText());
    for (const HefNetworkGroupView &group : hef.groups())
        text += groupText(group, hef.hasProgram());
    if (!hef.resources().empty())
        text += "\nBlobs\n";
    for (const HefResource &r : hef.resources()) {
        const bool isIntact = r.isInside && hef.resource(r.name).has_value();
        text += row(r.name, "  " + bytesText(r.size) + (isIntact ? "" : ", damaged"));
    }
    if (const auto metadata = hefMetadataText(hef); !metadata.empty())
        text += "\n" + metadata;
    if (!hef.checks().empty())
        text += "\nFindings\n";
    for (const Diagnostic &d : hef.checks())
        text += consoleText(d);
    return text;
}

} // namespace hefstudio
