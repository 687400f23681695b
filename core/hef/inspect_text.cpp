// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/inspect.h"

#include "base/diagnostic_catalogue.h"
#include "hef/compatibility.h"
#include "hef/field_text.h"
#include "hef/hef_reader.h"
#include "hef/section_map.h"

#include <algorithm>
#include <array>
#include <cstdio>

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

// As many digits as a reader wants; JSON has them all.
std::string shortText(double value)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.6g", value);
    return text.data();
}

std::string quantisationText(const HefQuantisation &q)
{
    std::string text = "scale " + shortText(q.scale) + ", zero point " + shortText(q.zeroPoint);
    if (q.limitLow != q.limitHigh)
        text += ", " + shortText(q.limitLow) + " to " + shortText(q.limitHigh);
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
                groupedText(v.nms->classes) + " classes, up to " +
                groupedText(v.nms->boxesPerClass) + " boxes each";
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
    return countedText(actions, "action") + ", " + bytesText(context.configBytes) +
           " of configuration";
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
        "\nNetwork group " + group.name + ": " + countedText(group.contexts.size(), "context");
    if (!group.layouts.empty()) {
        text += ", cluster layouts";
        for (const std::uint32_t layout : group.layouts)
            text += ' ' + std::to_string(layout);
    }
    text += "\n";
    if (group.framesPerSecond > 0)
        text +=
            row("predicted", shortText(group.framesPerSecond) + " frames/s, latency " +
                                 shortText(group.latencySeconds * 1000) + " ms (by " +
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
                countedText(op.inputs.size(), "output") + "\n";
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
    std::string text = bytesText(file.bytes.size()) + ": message " + groupedText(file.proto.size);
    if (file.ccws.size > 0)
        text += ", configuration and blobs " + groupedText(file.ccws.size);
    if (file.additionalInfo.size > 0)
        text += ", additional " + groupedText(file.additionalInfo.size);
    if (file.tail.size > 0)
        text += ", appended " + groupedText(file.tail.size);
    return text;
}

} // namespace

std::string hefSectionsText(const Hef &hef)
{
    constexpr std::size_t width = 14;
    const auto right = [](const std::string &text) {
        return std::string(text.size() < width ? width - text.size() : 0, ' ') + text;
    };
    std::string text = right("from") + right("bytes") + "\n";
    for (const HefMapEntry &entry : sectionMapOf(hef)) {
        text += right(groupedText(entry.place.offset)) + right(groupedText(entry.place.size)) +
                "  " + std::string(static_cast<std::size_t>(2 * entry.level), ' ') + entry.name;
        text += (entry.remark.empty() ? "" : "  (" + entry.remark + ")") + "\n";
    }
    return text;
}

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
