// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/parse_hef_text.h"

#include "hef/compatibility.h"
#include "hef/hef_reader.h"
#include "hef/message_view.h"
#include "hef/runtime_status.h"

#include <algorithm>

namespace hefstudio {

namespace {

constexpr std::uint64_t messageHashOffset = 40; // in a header of version 3

std::string indent(int levels)
{
    return std::string(static_cast<std::size_t>(4 * levels), ' ');
}

std::string_view directionText(HefDirection direction)
{
    return direction == HefDirection::input ? "Input  " : "Output ";
}

std::string frameText(std::uint64_t bytes)
{
    return "maximum frame size: " + std::to_string(bytes) + ")";
}

// The FIFO limit that decides whether the runtime pads by itself.
std::uint32_t fifoLimit(const Hef &hef, ParseHefRelease release)
{
    return release == ParseHefRelease::v4_23 && hef.arch().isHailo8Family() ? 65536 : 8192;
}

std::string streamText(const HefStream &stream, std::uint32_t limit)
{
    if (stream.nms)
        return std::string(typeText(stream.type)) + ", " + std::string(orderText(stream.order)) +
               "(" + frameText(stream.frameBytes(limit));
    return shapeText(stream.type, stream.order, stream.hardwareShape(limit));
}

std::string vstreamText(const HefVStream &v, ParseHefRelease release)
{
    if (!v.nms)
        return shapeText(v.type, v.order, v.shape);
    const bool isMask = v.order == HefOrder::nmsByteMask;
    const bool isNew = release == ParseHefRelease::v5_2;
    const HefDataType type = isMask && isNew ? HefDataType::uint8 : v.type;
    const std::uint64_t total = v.nms->classes * v.nms->boxesPerClass;
    // 5.2 counts detections with masks differently.
    const std::uint64_t frame =
        isMask && isNew ? 2 + total * 46 + static_cast<std::uint64_t>(v.nms->maskArea * 4)
                        : v.frameBytes();
    std::string text(typeText(type));
    text += ", ";
    text += orderText(v.order);
    text += "(number of classes: " + std::to_string(v.nms->classes);
    text += isMask ? ", maximum bounding boxes total: " + std::to_string(total)
                   : ", maximum bounding boxes per class: " + std::to_string(v.nms->boxesPerClass);
    return text + ", " + frameText(frame);
}

std::string header(const Hef &hef, ParseHefRelease release)
{
    if (release == ParseHefRelease::v4_23)
        return "Architecture HEF was compiled for: " + std::string(hef.arch().name()) + "\n";
    std::string text = "HEF Compatible for: " + hef.arch().compatibleText() + "\n";
    const auto &version = hef.message().header().sdk_version();
    if (version.sdk_version_major() || version.sdk_version_minor() ||
        version.sdk_version_revision())
        text += "HEF Compiler Version: " + std::to_string(version.sdk_version_major()) + "." +
                std::to_string(version.sdk_version_minor()) + "." +
                std::to_string(version.sdk_version_revision()) + "\n";
    return text;
}

// Where the header says so, 5.x looks at the message's own hash alone.
Diagnostics containerFaults(const Hef &hef, ParseHefRelease release)
{
    const HefFile &file = hef.container();
    const bool isMessageAlone = release == ParseHefRelease::v5_2 && file.header.protoHash;
    Diagnostics faults;
    std::ranges::copy_if(hef.hashFaults(), std::back_inserter(faults), [&](const Diagnostic &d) {
        return (d.place.offset == messageHashOffset) == isMessageAlone;
    });
    if (file.tail.size > 0 && !isMessageAlone)
        faults.push_back(
            Diagnostic("hef.trailing-bytes", Place{.file = hef.name(), .offset = file.tail.offset})
                .with("size", std::to_string(file.tail.size)));
    return faults;
}

template<class Stream>
bool serves(const std::vector<Stream> &streams, std::size_t network, HefDirection direction)
{
    return std::ranges::any_of(
        streams, [&](const Stream &s) { return s.network == network && s.direction == direction; });
}

} // namespace

std::optional<ParseHefRelease> parseHefReleaseFromText(std::string_view text)
{
    if (text == "4.23")
        return ParseHefRelease::v4_23;
    if (text == "5.2")
        return ParseHefRelease::v5_2;
    return std::nullopt;
}

Result<std::string> parseHefText(const Hef &hef, const ParseHefOptions &options)
{
    Diagnostics errors = containerFaults(hef, options.release);
    const SchemaRelease release =
        options.release == ParseHefRelease::v4_23 ? SchemaRelease{4, 23} : SchemaRelease{5, 2};
    std::ranges::move(contentFaults(hef, release), std::back_inserter(errors));
    // An output that the order leaves out is missed when virtual streams are listed, not before.
    if (!options.vstreams)
        std::erase_if(errors, [](const Diagnostic &d) {
            return d.id == "hef.output-order" &&
                   runtimeStatusOf(d) == RuntimeStatus::internalFailure;
        });
    if (!errors.empty())
        return fail(std::move(errors));

    std::vector<const HefNetworkGroupView *> groups;
    for (const auto &group : hef.groups())
        groups.push_back(&group);
    std::ranges::sort(groups, {}, [](const auto *group) { return group->name; });

    std::string text = header(hef, options.release);
    const std::uint32_t limit = fifoLimit(hef, options.release);
    for (const HefNetworkGroupView *group : groups) {
        text += "Network group name: " + group->name + ", ";
        text += group->contexts.size() == 1 ? std::string("Single Context")
                                            : "Multi Context - Number of contexts: " +
                                                  std::to_string(group->contexts.size());
        text += "\n";
        for (std::size_t network = 0; network < group->networks.size(); ++network) {
            text += indent(1) + "Network name: " + group->networks[network] + "\n";
            const bool wantsAny = options.streams || options.vstreams;
            if (wantsAny && (!serves(group->streams, network, HefDirection::input) ||
                             !serves(group->streams, network, HefDirection::output)))
                return fail(Diagnostic("hef.network-without-stream", Place{.file = hef.name()})
                                .with("name", group->networks[network]));
            if (options.streams) {
                text += indent(2) + "Stream infos:\n";
                for (const HefStream &stream : group->streams) {
                    if (stream.network == network)
                        text += indent(3) + std::string(directionText(stream.direction)) +
                                stream.name + " " + streamText(stream, limit) + "\n";
                }
            }
            if (!options.vstreams)
                continue;
            text += indent(2) + "VStream infos:\n";
            for (const auto *list : {&group->inputs, &group->outputs}) {
                for (const HefVStream &v : *list) {
                    // Host operations belong to no network; every network lists them.
                    if (v.network == network || v.fromHostOp)
                        text += indent(3) + std::string(directionText(v.direction)) + v.name + " " +
                                vstreamText(v, options.release) + "\n";
                }
            }
            if (!group->hostOps.empty()) {
                text += indent(3) + "Operation:\n";
                for (const std::string &line : group->hostOps.back().text)
                    text += indent(4) + line + "\n";
            }
        }
    }
    return text;
}

} // namespace hefstudio
