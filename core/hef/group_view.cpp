// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/group_view.h"

#include <algorithm>
#include <set>

namespace hefstudio {

namespace {

constexpr std::size_t longestGroupName = 127;

void readConfigChannels(const proto::ProtoHEFNetworkGroupMetadata &metadata,
                        HefNetworkGroupView &view, const KeyPath &path, Findings &findings)
{
    if (!findings.fits(path, "cfg_channels_count", metadata.cfg_channels_count(), 255))
        return;
    const std::uint32_t count = std::max(1U, metadata.cfg_channels_count());
    for (std::uint32_t index = 0; index < count; ++index) {
        HefConfigChannel channel{.index = index};
        for (const auto &config : metadata.cfg_channels_config()) {
            if (config.cfg_channel_index() != index)
                continue;
            findings.fits(path, "engine_id", config.engine_id(), 255);
            channel.engine = config.engine_id();
            break; // the runtime takes the first
        }
        view.configChannels.push_back(channel);
    }
}

std::vector<std::string> sortedOutputsOf(const proto::ProtoHEFNetworkGroup &group,
                                         const CoreOpSource &source, const FileTraits &traits)
{
    const auto copy = [](const auto &names) {
        return std::vector<std::string>(names.begin(), names.end());
    };
    // Of several cluster layouts none is asked, but what stands around them.
    auto fused = source.fused;
    auto contexts = source.contexts;
    if (traits.arch.isMultiLayout() && !traits.isNetFlow) {
        fused = group.fused_layers_metadata();
        contexts = group.contexts();
    } else if (traits.arch.isMultiLayout()) {
        for (const proto::ProtoHEFOp &op : group.ops())
            if (op.has_core_op()) {
                fused = op.core_op().fused_layers_metadata();
                contexts = op.core_op().contexts();
                break;
            }
    }
    if (fused.network_has_fused_layers())
        return copy(fused.updated_sorted_output_names());
    if (!traits.isNetFlow && !group.partial_network_groups().empty())
        return copy(group.partial_network_groups()[0].network_group().sorted_outputs_order());
    if (!group.sorted_outputs_order().empty())
        return copy(group.sorted_outputs_order());
    proto::ProtoHEFContext last;
    for (const proto::ProtoHEFContext &context : contexts)
        last = context;
    return copy(last.metadata().sorted_outputs_order());
}

void orderOutputs(HefNetworkGroupView &view, const KeyPath &path, Findings &findings)
{
    const auto position = [&](const std::string &name) {
        return std::ranges::find(view.sortedOutputs, name) - view.sortedOutputs.begin();
    };
    // With a single output the list is never looked at.
    if (view.outputs.size() < 2)
        return;
    for (const HefVStream &v : view.outputs) {
        if (position(v.name) == static_cast<std::ptrdiff_t>(view.sortedOutputs.size())) {
            findings.error(findings.at("hef.output-order", path).with("name", printable(v.name)));
            return;
        }
    }
    std::ranges::stable_sort(view.outputs, {},
                             [&](const HefVStream &v) { return position(v.name); });
}

// Reads one form of the core op. Every form is checked; the caller keeps the first.
struct CoreOpView {
    HefContextView preliminary;
    std::vector<HefContextView> contexts;
    std::vector<BoundaryEdge> boundary;
    std::vector<HefTransfer> transfers;
};

CoreOpView readCoreOp(const CoreOpSource &source, const FileTraits &traits, Findings &findings)
{
    CoreOpView view;
    const KeyPath path{nullptr, source.keyPath};
    view.preliminary = readOperations(source.preliminary.operation(), traits,
                                      path.at("preliminary_config.operation"), findings);
    std::size_t index = 0;
    for (const proto::ProtoHEFContext &context : source.contexts) {
        const KeyPath contextPath = path.at("contexts", static_cast<int>(index));
        HefContextView contextView =
            readOperations(context.operations(), traits, contextPath.at("operations"), findings);
        contextView.name = context.metadata().name();
        EdgesOfContext edges = readEdges(context, index++, source, traits, contextPath, findings);
        for (BoundaryEdge &edge : edges.boundary) {
            (edge.streams[0].direction == HefDirection::input ? contextView.boundaryInputs
                                                              : contextView.boundaryOutputs) +=
                edge.streams.size();
            view.boundary.push_back(std::move(edge));
        }
        std::ranges::move(edges.transfers, std::back_inserter(view.transfers));
        view.contexts.push_back(std::move(contextView));
    }
    std::set<std::string_view> names;
    for (const BoundaryEdge &edge : view.boundary) {
        for (const HefStream &stream : edge.streams) {
            if (!names.insert(stream.name).second)
                findings.error(
                    findings.at("hef.duplicate-name", path).with("name", printable(stream.name)));
        }
    }
    return view;
}

void addStreams(const std::vector<BoundaryEdge> &boundary, HefNetworkGroupView &view)
{
    for (const HefDirection direction : {HefDirection::input, HefDirection::output}) {
        for (const BoundaryEdge &edge : boundary) {
            for (const HefStream &stream : edge.streams) {
                if (stream.direction == direction)
                    view.streams.push_back(stream);
            }
        }
    }
}

void addVirtualStreams(const std::vector<BoundaryEdge> &boundary,
                       std::vector<HefVStream> fromHostOps, HefNetworkGroupView &view)
{
    std::set<std::string> consumed; // outputs that only a host operation sees
    for (const HefHostOp &op : view.hostOps)
        consumed.insert(op.inputs.begin(), op.inputs.end());
    std::set<std::string> known; // parts of one merged list name the same virtual stream
    for (const BoundaryEdge &edge : boundary) {
        const bool isInput = edge.streams[0].direction == HefDirection::input;
        if (!isInput && consumed.contains(edge.streams[0].name))
            continue;
        for (const HefVStream &v : edge.vstreams) {
            if (isInput)
                view.inputs.push_back(v);
            else if (known.insert(v.name).second)
                view.outputs.push_back(v);
        }
    }
    std::ranges::move(fromHostOps, std::back_inserter(view.outputs));
}

} // namespace

HefNetworkGroupView readNetworkGroup(const proto::ProtoHEFNetworkGroup &group,
                                     const FileTraits &traits, const KeyPath &path,
                                     Findings &findings)
{
    HefNetworkGroupView view;
    view.isNetFlow = traits.isNetFlow;
    view.name = !group.partial_network_groups().empty()
                    ? group.partial_network_groups()[0]
                          .network_group()
                          .network_group_metadata()
                          .network_group_name()
                    : group.network_group_metadata().network_group_name();
    if (view.name.size() > longestGroupName)
        findings.error(findings.at("hef.name-too-long", path)
                           .with("name", printable(view.name))
                           .with("limit", std::int64_t(longestGroupName)));

    const auto sources = coreOpsOf(group, traits, path, findings);
    std::optional<CoreOpView> first;
    std::vector<CoreOpView> others; // of further cluster layouts
    for (const CoreOpSource &source : sources) {
        if (source.layout != 0)
            view.layouts.push_back(source.layout);
        if (source.metadata.network_group_name() != view.name) {
            const KeyPath here{nullptr, source.keyPath};
            Diagnostic finding = findings.at("hef.group-name-mismatch", here)
                                     .with("found", printable(source.metadata.network_group_name()))
                                     .with("expected", printable(view.name));
            // HailoRT looks for the name of the first alone.
            if (&source == &sources.front())
                findings.error(std::move(finding));
            else
                findings.warning(std::move(finding));
        }
        CoreOpView read = readCoreOp(source, traits, findings);
        if (!first)
            first = std::move(read);
        else
            others.push_back(std::move(read));
    }
    if (!first)
        return view;
    const CoreOpSource &source = sources.front();
    for (const CoreOpSource &each : sources) {
        HefNetworkGroupView scratch;
        const KeyPath here{nullptr, each.keyPath};
        readConfigChannels(each.metadata, &each == &source ? view : scratch,
                           here.at("network_group_metadata"), findings);
    }
    view.framesPerSecond = source.metadata.bottleneck_fps();
    view.latencySeconds = source.metadata.latency();
    view.preliminary = std::move(first->preliminary);
    view.contexts = std::move(first->contexts);
    view.transfers = std::move(first->transfers);
    view.sortedOutputs = sortedOutputsOf(group, source, traits);
    if (view.sortedOutputs.empty())
        findings.error(findings.at("hef.output-order", path).with("name", std::string()));
    if (traits.isMultiNetwork && !source.networkNames.empty()) {
        for (const std::string &name : source.networkNames)
            view.networks.push_back(view.name + '/' + name);
    } else {
        view.networks.push_back(view.name + '/' + view.name);
    }
    addStreams(first->boundary, view);
    std::vector<HefVStream> produced;
    if (traits.isNetFlow)
        produced = readHostOps(group, first->boundary, view, path, findings);
    // The steps have to fit the streams of every layout; what they fail on with the first is said.
    const bool hasSteps = !view.hostOps.empty() && view.hostOps.size() + 1 == group.ops().size();
    if (traits.isNetFlow && hasSteps)
        for (const CoreOpView &other : others) {
            HefNetworkGroupView scratch;
            (void)readHostOps(group, other.boundary, scratch, path, findings);
        }
    addVirtualStreams(first->boundary, std::move(produced), view);
    orderOutputs(view, path, findings);
    return view;
}

HefShape HefStream::hardwareShape(std::uint32_t fifoLimit) const
{
    const std::uint64_t limit = maxFifoBytes == 0 ? fifoLimit : std::min(fifoLimit, maxFifoBytes);
    const std::uint64_t row =
        std::uint64_t(unpaddedShape.width) * unpaddedShape.features * typeBytes(type);
    return runtimeMayPad && limit > 0 && row <= limit - 1 ? unpaddedShape : paddedShape;
}

std::uint64_t HefStream::frameBytes(std::uint32_t fifoLimit) const
{
    if (nms)
        return nmsDeviceFrameBytes(*nms);
    return (hardwareShape(fifoLimit).elements() * typeBytes(type) + 7) / 8 * 8;
}

std::uint64_t HefVStream::frameBytes() const
{
    if (!nms)
        return shape.elements() * typeBytes(type);
    if (order == HefOrder::nmsByteMask)
        return 2 + nms->classes * nms->boxesPerClass * 38 +
               static_cast<std::uint64_t>(nms->maskArea * 2);
    return nmsByClassFrameBytes(*nms);
}

} // namespace hefstudio
