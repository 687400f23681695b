// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/emulation_hef.h"

#include "base/hash.h"
#include "base/version.h"
#include "hef/emulation_edge.h"
#include "hef/emulation_host_steps.h"
#include "hef/hef_container.h"
#include "hef/hef_types.h"
#include "hef/message_edit.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace hefstudio {

namespace {

constexpr std::uint64_t messageVersion = 5; // what current compilers write
constexpr std::uint32_t headerVersion = 2;
constexpr std::uint64_t headerBytes = 44;
constexpr std::uint32_t lockedEngine = 255;
constexpr std::size_t longestName = 127;
constexpr std::uint32_t mostChannels = 4; // of the firmware
constexpr std::uint32_t mostParts = 9;    // of a merged list
constexpr std::size_t blobAlignment = 64;
constexpr std::size_t ccwAlignment = 8;
// The two halves of a Hailo-8L: clusters 0, 1, 4, 5 and 2, 3, 6, 7.
constexpr std::array<std::uint32_t, 2> hailo8lLayouts{51, 204};

std::size_t aligned(std::size_t size, std::size_t to)
{
    return (size + to - 1) / to * to;
}

Diagnostic contentInvalid(std::string reason)
{
    return Diagnostic("hef.content-invalid").with("reason", std::move(reason));
}

Result<void> checkName(const std::string &name)
{
    if (name.empty())
        return fail(contentInvalid("a name is empty"));
    if (name.size() > longestName)
        return fail(Diagnostic("hef.name-too-long")
                        .with("name", name)
                        .with("limit", std::int64_t(longestName)));
    return {};
}

// The two ends of a detour through host memory are in the same context and agree.
Result<void> checkDdr(const HefContext &context, const HefEdge &edge, int index)
{
    constexpr std::uint32_t mostRows = 65535;
    const auto others = std::ranges::count_if(context.edges, [&](const HefEdge &other) {
        return other.kind == HefEdge::Kind::ddr && other.name == edge.name &&
               other.direction != edge.direction && other.height == edge.height &&
               other.width == edge.width && other.features == edge.features &&
               other.dataBytes == edge.dataBytes && other.order == edge.order;
    });
    const bool isOwn = edge.connectedContexts == std::vector<int>{index};
    if (others == 1 && isOwn && edge.hostRows >= 1 && edge.hostRows <= mostRows)
        return {};
    return fail(contentInvalid("'" + edge.name + "' does not come back into its context"));
}

// Each inter-context input has its producer in an earlier context and the two agree.
Result<void> checkTransfers(const EmulationHefContent &content)
{
    std::map<std::pair<std::string, int>, const HefEdge *> producers;
    for (std::size_t c = 0; c < content.contexts.size(); ++c) {
        for (const HefEdge &edge : content.contexts[c].edges) {
            if (edge.kind == HefEdge::Kind::ddr) {
                if (auto paired = checkDdr(content.contexts[c], edge, int(c)); !paired)
                    return paired;
            }
            if (edge.kind == HefEdge::Kind::interContext &&
                edge.direction == HefEdge::Direction::deviceToHost &&
                !producers.emplace(std::pair(edge.name, int(c)), &edge).second)
                return fail(Diagnostic("hef.duplicate-name").with("name", edge.name));
        }
    }
    for (std::size_t c = 0; c < content.contexts.size(); ++c) {
        for (const HefEdge &edge : content.contexts[c].edges) {
            if (edge.kind != HefEdge::Kind::interContext)
                continue;
            if (edge.connectedContexts.empty())
                return fail(contentInvalid("'" + edge.name + "' is connected to no context"));
            for (const int other : edge.connectedContexts) {
                if (other < 0 || std::size_t(other) >= content.contexts.size() ||
                    std::size_t(other) == c)
                    return fail(contentInvalid("'" + edge.name + "' names an impossible context"));
                if (edge.direction == HefEdge::Direction::deviceToHost)
                    continue;
                const auto producer = producers.find({edge.name, other});
                if (producer == producers.end() || std::size_t(other) > c ||
                    producer->second->height != edge.height ||
                    producer->second->width != edge.width ||
                    producer->second->features != edge.features ||
                    producer->second->dataBytes != edge.dataBytes ||
                    std::ranges::find(producer->second->connectedContexts, int(c)) ==
                        producer->second->connectedContexts.end())
                    return fail(contentInvalid("no earlier context produces '" + edge.name + "'"));
            }
        }
    }
    return {};
}

Result<void> checkQuantisation(const HefEdge &edge)
{
    const bool isInput = edge.direction == HefEdge::Direction::hostToDevice;
    if (isInput && edge.nms)
        return fail(contentInvalid("a list of boxes cannot go in"));
    constexpr std::size_t listVector = 2; // scales of a list: boxes, scores
    const std::size_t wanted = edge.nms ? listVector : static_cast<std::size_t>(edge.features);
    for (const auto *values : {&edge.scales, &edge.zeroPoints}) {
        if (!values->empty() && values->size() != wanted)
            return fail(contentInvalid("'" + edge.name + "' does not have a value per feature"));
        if (isInput && std::ranges::any_of(*values, [&](double v) { return v != values->front(); }))
            return fail(contentInvalid("the features of input '" + edge.name + "' differ"));
    }
    return {};
}

// Of the outputs of the chip, takes away what is merged or taken by a host step, and adds what
// comes of it.
Result<void> replaceByWhatTheHostSees(const EmulationHefContent &content,
                                      std::set<std::string> &outputs)
{
    std::set<std::string> made;
    const auto make = [&](const std::string &name) -> Result<void> {
        if (auto checked = checkName(name); !checked)
            return checked;
        if (outputs.contains(name) || !made.insert(name).second)
            return fail(Diagnostic("hef.duplicate-name").with("name", name));
        return {};
    };
    for (const HefMergedList &list : content.mergedLists) {
        if (auto added = make(list.name); !added)
            return added;
    }
    for (const HefHostStep &step : content.hostSteps) {
        if (auto added = make(step.output); !added)
            return added;
    }
    for (const HefContext &context : content.contexts) {
        for (const HefEdge &edge : context.edges) {
            if (!edge.nms || edge.nms->mergedInto.empty())
                continue;
            if (std::ranges::find(content.mergedLists, edge.nms->mergedInto,
                                  &HefMergedList::name) == content.mergedLists.end() ||
                edge.nms->part >= mostParts)
                return fail(contentInvalid("'" + edge.name + "' is part of no merged list"));
            outputs.erase(edge.name);
        }
    }
    for (const HefHostStep &step : content.hostSteps) {
        for (const std::string &input : step.inputs)
            outputs.erase(input);
    }
    outputs.insert(made.begin(), made.end());
    return {};
}

Result<void> checkContent(const EmulationHefContent &content)
{
    if (auto name = checkName(content.groupName); !name)
        return name;
    if (!content.groupName.ends_with(emulationSuffix))
        return fail(contentInvalid("the group name does not end with _emulation"));
    if (content.contexts.empty())
        return fail(Diagnostic("hef.no-context"));
    std::set<std::string> boundary;
    std::set<std::string> outputs;
    bool hasInput = false;
    for (const HefContext &context : content.contexts) {
        for (const HefEdge &edge : context.edges) {
            if (auto name = checkName(edge.name); !name)
                return name;
            if (edge.kind != HefEdge::Kind::boundary)
                continue;
            if (!boundary.insert(edge.name).second)
                return fail(Diagnostic("hef.duplicate-name").with("name", edge.name));
            if (auto checked = checkQuantisation(edge); !checked)
                return checked;
            if (edge.direction == HefEdge::Direction::deviceToHost)
                outputs.insert(edge.name);
            else
                hasInput = true;
        }
    }
    if (auto steps = checkHostSteps(content); !steps)
        return steps;
    if (auto visible = replaceByWhatTheHostSees(content, outputs); !visible)
        return visible;
    if (content.configChannels < 1 || content.configChannels > mostChannels)
        return fail(contentInvalid("a file has one to four configuration channels"));
    if (!hasInput || outputs.empty())
        return fail(contentInvalid("a file needs an input and an output"));
    if (std::set<std::string>(content.sortedOutputs.begin(), content.sortedOutputs.end()) !=
            outputs ||
        content.sortedOutputs.size() != outputs.size())
        return fail(contentInvalid("the output order does not name each output once"));
    std::set<std::string> blobs;
    for (const HefBlob &blob : content.blobs) {
        if (!blobs.insert(blob.name).second)
            return fail(Diagnostic("hef.duplicate-name").with("name", blob.name));
    }
    return checkTransfers(content);
}

// Every channel there is has an engine no device has: lock (b).
void fillMetadata(edit::ProtoHEFNetworkGroupMetadata metadata, const EmulationHefContent &content)
{
    metadata.set_network_group_name(content.groupName);
    metadata.set_bottleneck_fps(content.framesPerSecond);
    metadata.set_latency(content.latencySeconds);
    metadata.set_cfg_channels_count(content.configChannels);
    for (std::uint32_t index = 0; index < content.configChannels; ++index) {
        const auto channel = metadata.add_cfg_channels_config();
        channel.set_cfg_channel_index(index);
        channel.set_engine_id(lockedEngine);
    }
}

// One operation without actions, waiting for what Ethernet devices refuse to wait for: lock (d).
void fillPreliminary(edit::ProtoHEFPreliminaryConfig config)
{
    config.add_operation().mutable_trigger().mutable_trigger_dma_idle();
}

std::string contextName(const EmulationHefContent &content, std::size_t index)
{
    return content.groupName + "_context_" + std::to_string(index);
}

class ContextWriter {
public:
    explicit ContextWriter(const EmulationHefContent &content);
    Result<void> write(edit::ProtoHEFCoreOp coreOp) const;
    Result<void> writePads(edit::ProtoHEFOp op) const;
    const PadsByEdge &pads() const { return m_pads; }

private:
    Result<void> writeEdge(const HefEdge &edge, std::size_t context, std::uint32_t index,
                           edit::ProtoHEFEdgeLayer to) const;
    void connect(const HefEdge &edge, std::size_t context,
                 edit::ProtoHEFContextSwitchInformation to) const;

    const EmulationHefContent &m_content;
    NumericForm m_form = NumericForm::scalars;
    PadsByEdge m_pads; // boundary edges, outputs first
    // (name, direction, context) to stream index; inputs and outputs of a context share one space.
    std::map<std::tuple<std::string, HefEdge::Direction, std::size_t>, std::uint32_t> m_indices;
};

bool hasVectors(const EmulationHefContent &content)
{
    return std::ranges::any_of(content.contexts, [](const HefContext &context) {
        return std::ranges::any_of(context.edges, [](const HefEdge &edge) {
            return !edge.scales.empty() || !edge.zeroPoints.empty();
        });
    });
}

ContextWriter::ContextWriter(const EmulationHefContent &content)
    : m_content(content), m_form(hasVectors(content) ? NumericForm::vectors : NumericForm::scalars)
{
    for (const auto direction :
         {HefEdge::Direction::deviceToHost, HefEdge::Direction::hostToDevice}) {
        for (const HefContext &context : content.contexts) {
            for (const HefEdge &edge : context.edges) {
                if (edge.kind == HefEdge::Kind::boundary && edge.direction == direction)
                    m_pads.emplace(edge.name, std::uint32_t(m_pads.size()));
            }
        }
    }
    for (std::size_t c = 0; c < content.contexts.size(); ++c) {
        std::uint32_t index = 0;
        for (const HefEdge &edge : content.contexts[c].edges)
            m_indices.emplace(std::tuple(edge.name, edge.direction, c), index++);
    }
}

void ContextWriter::connect(const HefEdge &edge, std::size_t context,
                            edit::ProtoHEFContextSwitchInformation to) const
{
    constexpr std::uint32_t unusedBuffers = 0xffffffff;
    to.set_context_index(std::uint32_t(context));
    to.set_context_name(contextName(m_content, context));
    to.set_buffers(edge.kind == HefEdge::Kind::ddr ? edge.hostRows : unusedBuffers);
    to.set_cache_id(-1);
    if (edge.kind == HefEdge::Kind::boundary)
        return;
    to.set_edge_connection_type(edge.kind == HefEdge::Kind::ddr
                                    ? proto::PROTO__EDGE_CONNECTION_TYPE__DDR
                                    : proto::PROTO__EDGE_CONNECTION_TYPE__INTERMEDIATE);
    const auto opposite = edge.direction == HefEdge::Direction::deviceToHost
                              ? HefEdge::Direction::hostToDevice
                              : HefEdge::Direction::deviceToHost;
    for (const int other : edge.connectedContexts) {
        const auto index = m_indices.find({edge.name, opposite, std::size_t(other)});
        const std::uint32_t sysIndex = index == m_indices.end() ? 0 : index->second;
        const std::string name = contextName(m_content, std::size_t(other));
        const auto connected = to.add_connected_contexts();
        connected.set_index(std::uint32_t(other));
        connected.set_name(name);
        connected.set_sys_index(sysIndex);
        if (other != edge.connectedContexts.front())
            continue;
        to.set_connected_context_index(std::uint32_t(other));
        to.set_connected_context_name(name);
        to.set_connected_sys_index(sysIndex);
    }
}

Result<void> ContextWriter::writeEdge(const HefEdge &edge, std::size_t context, std::uint32_t index,
                                      edit::ProtoHEFEdgeLayer to) const
{
    to.set_direction(edge.direction == HefEdge::Direction::hostToDevice
                         ? proto::PROTO__EDGE_LAYER_DIRECTION__HOST_TO_DEVICE
                         : proto::PROTO__EDGE_LAYER_DIRECTION__DEVICE_TO_HOST);
    to.set_edge_layer_type(proto::PROTO__EDGE_LAYER_TYPE__INFO);
    connect(edge, context, to.mutable_context_switch_info());
    if (edge.kind == HefEdge::Kind::boundary)
        to.set_pad_index(m_pads.at(edge.name));
    const auto geometry = edgeGeometry(edge);
    if (!geometry)
        return std::unexpected(geometry.error());
    const auto info = to.mutable_layer_info();
    info.set_name(edge.name);
    fillNumericInfo(edge, edge.kind == HefEdge::Kind::boundary ? m_form : NumericForm::scalars,
                    info.mutable_numeric_info());
    for (const std::string &name : edge.originalNames)
        info.add_original_names(name);
    const auto base = info.mutable_edge_layer_base();
    fillBase(edge, *geometry, base);
    base.set_sys_index(index);
    base.add_buffer_indices().set_index(index);
    return {};
}

Result<void> ContextWriter::write(edit::ProtoHEFCoreOp coreOp) const
{
    for (std::size_t c = 0; c < m_content.contexts.size(); ++c) {
        const auto context = coreOp.add_contexts();
        context.set_context_index(std::uint32_t(c));
        context.add_operations().mutable_trigger().mutable_trigger_none();
        const auto metadata = context.mutable_metadata();
        metadata.set_name(contextName(m_content, c));
        std::uint32_t index = 0;
        for (const HefEdge &edge : m_content.contexts[c].edges) {
            if (index > 255)
                return fail(contentInvalid("a context has more than 256 streams"));
            if (auto written = writeEdge(edge, c, index++, metadata.add_edge_layers()); !written)
                return written;
        }
        for (const std::string &name : m_content.sortedOutputs)
            metadata.add_sorted_outputs_order(name);
    }
    return {};
}

Result<void> ContextWriter::writePads(edit::ProtoHEFOp op) const
{
    for (const HefContext &context : m_content.contexts) {
        for (const HefEdge &edge : context.edges) {
            if (edge.kind != HefEdge::Kind::boundary)
                continue;
            const auto geometry = edgeGeometry(edge);
            if (!geometry)
                return std::unexpected(geometry.error());
            const auto pad = edge.direction == HefEdge::Direction::hostToDevice
                                 ? op.add_input_pads()
                                 : op.add_output_pads();
            pad.set_index(m_pads.at(edge.name));
            pad.set_name(edge.name);
            fillPad(edge, *geometry, m_form, pad);
        }
    }
    return {};
}

// How the library joins on-chip lists ("fused layers").
void fillMerged(const EmulationHefContent &content, edit::ProtoHEFCoreOp coreOp)
{
    if (content.mergedLists.empty())
        return;
    const auto fused = coreOp.mutable_fused_layers_metadata();
    fused.set_network_has_fused_layers(true);
    for (const std::string &name : content.sortedOutputs)
        fused.add_updated_sorted_output_names(name);
    for (const HefMergedList &list : content.mergedLists) {
        const auto layer = fused.add_fused_layers();
        HefEdge whole;
        whole.name = list.name;
        whole.direction = HefEdge::Direction::deviceToHost;
        whole.nms = HefOnChipNms{.classes = list.classes, .boxesPerClass = list.boxesPerClass};
        EdgeGeometry geometry;
        geometry.layoutCode = layoutCodeNmsOnChip;
        layer.mutable_layer_info().set_name(list.name);
        const auto base = layer.mutable_layer_info().mutable_edge_layer_base();
        fillBase(whole, geometry, base);
        base.add_buffer_indices();
        for (const HefContext &context : content.contexts) {
            for (const HefEdge &edge : context.edges) {
                if (edge.nms && edge.nms->mergedInto == list.name)
                    layer.add_defused_layers_names(edge.name);
            }
        }
        fillNmsInfo(list.classes, list.boxesPerClass, 1, layer.mutable_nms_info());
    }
}

template<class Edit> void addSortedOutputs(const EmulationHefContent &content, Edit to)
{
    for (const std::string &name : content.sortedOutputs)
        to.add_sorted_outputs_order(name);
}

Result<void> fillGroup(const EmulationHefContent &content, edit::ProtoHEFNetworkGroup group)
{
    const ContextWriter writer(content);
    fillMetadata(group.mutable_network_group_metadata(), content);
    addSortedOutputs(content, group);
    group.set_network_group_name(content.groupName);
    const auto op = group.add_ops();
    if (auto pads = writer.writePads(op); !pads)
        return pads;
    const auto coreOp = op.mutable_core_op();
    fillMetadata(coreOp.mutable_network_group_metadata(), content);
    fillPreliminary(coreOp.mutable_preliminary_config());
    addSortedOutputs(content, coreOp);
    fillMerged(content, coreOp);
    writeHostSteps(content, writer.pads(), group);
    if (content.chip == HefChip::hailo8)
        return writer.write(coreOp);
    for (const std::uint32_t layout : hailo8lLayouts) {
        const auto partialGroup = group.add_partial_network_groups();
        partialGroup.mutable_layout().set_partial_clusters_layout_bitmap(layout);
        fillMetadata(partialGroup.mutable_network_group().mutable_network_group_metadata(),
                     content);
        addSortedOutputs(content, partialGroup.mutable_network_group());
        const auto partial = coreOp.add_partial_core_ops();
        partial.mutable_layout().set_partial_clusters_layout_bitmap(layout);
        const auto inner = partial.mutable_core_op();
        fillMetadata(inner.mutable_network_group_metadata(), content);
        fillPreliminary(inner.mutable_preliminary_config());
        addSortedOutputs(content, inner);
        fillMerged(content, inner);
        if (auto written = writer.write(inner); !written)
            return written;
    }
    return {};
}

void addExtension(edit::ProtoHEFHef hef, proto::ProtoHEFExtensionType type)
{
    const auto extension = hef.add_extensions();
    extension.set_type_index(static_cast<std::uint32_t>(type));
    extension.set_name(enumInfo(EnumId::ProtoHEFExtensionType).value(type)->name);
}

Bytes layBlobs(const EmulationHefContent &content, edit::ProtoHEFHef hef)
{
    Bytes section;
    for (const HefBlob &blob : content.blobs) {
        section.resize(aligned(section.size(), blobAlignment));
        const auto resource = hef.add_external_resources();
        resource.set_offset(section.size());
        resource.set_size(blob.bytes.size());
        resource.set_name(blob.name);
        resource.set_xxhash(xxh3_64(blob.bytes));
        section.insert(section.end(), blob.bytes.begin(), blob.bytes.end());
    }
    section.resize(aligned(section.size(), ccwAlignment));
    return section;
}

void putBigEndian(Bytes &to, std::size_t offset, std::uint64_t value, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        to[offset + i] = std::byte(value >> 8 * (count - 1 - i));
}

} // namespace

std::string emulationGroupName(std::string_view model)
{
    std::string name;
    for (const char c : model) {
        const bool isPlain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                             (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
        name += isPlain ? c : '_';
    }
    if (name.empty())
        name = "model";
    // Room for "/<layer>" in stream names, which have the same limit.
    constexpr std::size_t longestGroup = 64;
    name.resize(std::min(name.size(), longestGroup - emulationSuffix.size()));
    return name + std::string(emulationSuffix);
}

Result<Bytes> emulationHefBytes(const EmulationHefContent &content)
{
    if (auto checked = checkContent(content); !checked)
        return passOn(std::move(checked));
    MessageNode root(rootMessage);
    const edit::ProtoHEFHef hef(root);
    const auto header = hef.mutable_header();
    // Lock (a): 0 prints as HAILO8 and matches no device of the 4.x line.
    header.set_hw_arch(content.chip == HefChip::hailo8 ? proto::PROTO__HW_ARCH__HAILO8
                                                       : proto::PROTO__HW_ARCH__HAILO8L);
    header.set_timestamp(content.timestampMs);
    header.set_version(messageVersion);
    header.set_sdk_version_str(std::string(toolName) + " " +
                               (content.toolVersion.empty() ? toolVersion : content.toolVersion) +
                               " (emulation, does not run on a chip)");
    addExtension(hef, proto::HAILO_NET_FLOW);
    addExtension(hef, proto::PERIPH_CALCULATION_IN_HAILORT);
    if (content.contexts.size() > 1)
        addExtension(hef, proto::IS_MULTI_CONTEXTS);
    const bool hasDdr = std::ranges::any_of(content.contexts, [](const HefContext &context) {
        return std::ranges::any_of(
            context.edges, [](const HefEdge &edge) { return edge.kind == HefEdge::Kind::ddr; });
    });
    if (hasDdr) {
        addExtension(hef, proto::DDR);
        addExtension(hef, proto::PADDED_DDR_BUFFERS);
    }
    if (hasVectors(content))
        addExtension(hef, proto::OUTPUT_SCALE_PER_FEATURE);
    for (const proto::ProtoHEFExtensionType extension : extensionsOfHostSteps(content))
        addExtension(hef, extension);
    if (auto filled = fillGroup(content, hef.add_network_groups()); !filled)
        return passOn(std::move(filled));
    const Bytes ccws = layBlobs(content, hef);

    const Bytes message = root.encode();
    Bytes bytes(headerBytes);
    bytes.reserve(headerBytes + message.size() + ccws.size());
    bytes.insert(bytes.end(), message.begin(), message.end());
    bytes.insert(bytes.end(), ccws.begin(), ccws.end());
    putBigEndian(bytes, 0, hefMagic, 4);
    putBigEndian(bytes, 4, headerVersion, 4);
    putBigEndian(bytes, 8, message.size(), 4);
    putBigEndian(bytes, 12, xxh3_64(std::span(bytes).subspan(headerBytes)), 8);
    putBigEndian(bytes, 20, ccws.size(), 8);
    return bytes;
}

} // namespace hefstudio
