// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/edge_reader.h"

#include <algorithm>
#include <array>

namespace hefstudio {

using namespace edgelimits;

namespace {

constexpr int deepestNesting = 8;

// Each DDR output has exactly one input of the same geometry in the same context.
void checkDdrPairs(const proto::ProtoHEFContextMetadata &metadata, const KeyPath &path,
                   Findings &findings)
{
    std::vector<proto::ProtoHEFEdgeLayer> inputs;
    std::vector<proto::ProtoHEFEdgeLayer> outputs;
    for (const auto &edge : metadata.edge_layers()) {
        if (edge.context_switch_info().edge_connection_type() !=
            proto::PROTO__EDGE_CONNECTION_TYPE__DDR)
            continue;
        const bool isInput = edge.direction() == proto::PROTO__EDGE_LAYER_DIRECTION__HOST_TO_DEVICE;
        (isInput ? inputs : outputs).push_back(edge);
    }
    bool isPaired = inputs.size() == outputs.size();
    for (const auto &output : outputs) {
        const auto link = output.context_switch_info();
        if (link.connected_contexts().empty())
            continue; // reported already
        const proto::ProtoHEFEdgeLayerBase &from = output.layer_info().edge_layer_base();
        const auto matches = std::ranges::count_if(inputs, [&](const auto &input) {
            const proto::ProtoHEFEdgeLayerBase &to = input.layer_info().edge_layer_base();
            return to.sys_index() == link.connected_contexts()[0].sys_index() &&
                   to.core_bytes_per_buffer() == from.core_bytes_per_buffer() &&
                   to.core_buffers_per_frame() == from.core_buffers_per_frame();
        });
        isPaired &= matches == 1;
    }
    if (!isPaired)
        findings.error(findings.at("hef.ddr-pair", path));
}

} // namespace

bool EdgeReader::readMuxLeaves(const proto::ProtoHEFEdgeLayerMux &mux, const EdgeFrame &frame,
                               BoundaryEdge &edge, int depth, const KeyPath &path)
{
    const auto malformed = [&](const char *what) {
        m_findings.error(m_findings.at("hef.edge-form", path).with("form", std::string(what)));
        return false;
    };
    if (depth > deepestNesting)
        return malformed("mux nested too deeply");
    const auto count = mux.mux_data().number_of_predecessors();
    if (count > mux.predecessors().size())
        return malformed("mux with fewer parts than it states");
    std::uint32_t done = 0;
    for (const proto::ProtoHefEdge &part : mux.predecessors()) {
        if (done == count)
            break;
        const KeyPath partPath = path.at("predecessors", static_cast<int>(done++));
        if (part.member() == proto::ProtoHefEdge::layer_mux_number) {
            if (!readMuxLeaves(part.layer_mux(), frame, edge, depth + 1, partPath.at("layer_mux")))
                return false;
        } else if (part.member() == proto::ProtoHefEdge::layer_info_number) {
            const KeyPath infoPath = partPath.at("layer_info");
            const auto leaf = readInfo(part.layer_info(), frame, infoPath);
            const auto v =
                leaf ? virtualStreamOf(part.layer_info(), *leaf, infoPath) : std::nullopt;
            if (!v)
                return false;
            edge.vstreams.push_back(*v);
        } else {
            return malformed("planes inside a mux");
        }
    }
    return true;
}

std::optional<BoundaryEdge> EdgeReader::readMux(const proto::ProtoHEFEdgeLayerMux &mux,
                                                const EdgeFrame &frame, const KeyPath &path)
{
    if (!checkName(mux.name(), path))
        return std::nullopt;
    EdgeFrame inside = frame;
    inside.isInMux = true;
    auto stream = readBase(mux.edge_layer_base(), inside, false, path.at("edge_layer_base"));
    if (!stream)
        return std::nullopt;
    stream->name = mux.name();
    stream->originalNames.assign(mux.original_names().begin(), mux.original_names().end());
    if (mux.edge_layer_base().buffer_indices().empty()) {
        m_findings.error(m_findings.at("hef.buffer-index-missing", path));
        return std::nullopt;
    }
    BoundaryEdge edge;
    edge.streams.push_back(std::move(*stream));
    if (!readMuxLeaves(mux, inside, edge, 1, path))
        return std::nullopt;
    return edge;
}

std::optional<BoundaryEdge> EdgeReader::readPlanes(const proto::ProtoHEFEdgeLayerPlanes &planes,
                                                   const EdgeFrame &frame, const KeyPath &path)
{
    static constexpr std::array orders{HefOrder::nv12, HefOrder::nv21, HefOrder::i420};
    const auto format = static_cast<std::size_t>(planes.planes_format());
    BoundaryEdge edge;
    if (planes.planes().empty() || format >= orders.size() || !checkName(planes.name(), path)) {
        m_findings.error(m_findings.at("hef.edge-form", path).with("form", std::string("planes")));
        return std::nullopt;
    }
    int position = 0;
    for (const proto::ProtoHefEdge &plane : planes.planes()) {
        const KeyPath planePath = path.at("planes", position++);
        std::optional<HefStream> stream;
        if (plane.member() == proto::ProtoHefEdge::layer_info_number)
            stream = readInfo(plane.layer_info(), frame, planePath.at("layer_info"));
        if (!stream || (!edge.streams.empty() && stream->type != edge.streams[0].type)) {
            const char *form = stream ? "plane of another type" : "plane that is no single stream";
            m_findings.error(
                m_findings.at("hef.edge-form", planePath).with("form", std::string(form)));
            return std::nullopt;
        }
        edge.streams.push_back(std::move(*stream));
    }
    HefVStream v;
    v.name = planes.name();
    v.direction = frame.direction;
    v.network = frame.network;
    v.type = edge.streams[0].type;
    v.order = orders[format];
    v.shape = {planes.height(), planes.width(), planes.features()};
    v.quantisation = edge.streams[0].quantisation;
    edge.vstreams.push_back(std::move(v));
    return edge;
}

std::optional<HefTransfer> EdgeReader::readTransfer(const proto::ProtoHEFEdgeLayer &edge,
                                                    const EdgeFrame &frame, const KeyPath &path)
{
    const auto &link = edge.context_switch_info();
    const KeyPath linkPath = path.at("context_switch_info");
    HefTransfer transfer;
    switch (link.edge_connection_type()) {
    case proto::PROTO__EDGE_CONNECTION_TYPE__INTERMEDIATE:
        transfer.kind = HefTransfer::Kind::interContext;
        break;
    case proto::PROTO__EDGE_CONNECTION_TYPE__DDR:
        transfer.kind = HefTransfer::Kind::ddr;
        m_findings.fits(linkPath, "buffers", link.buffers(), max16);
        break;
    case proto::PROTO__EDGE_CONNECTION_TYPE__CACHE:
        transfer.kind = HefTransfer::Kind::cache;
        if (link.cache_id() < 0)
            m_findings.error(m_findings.at("hef.cache-id", linkPath));
        break;
    default:
        m_findings.error(m_findings.at("hef.edge-form", path).with("form", std::string("unknown")));
        return std::nullopt;
    }
    if (edge.edge_layer_type() != proto::PROTO__EDGE_LAYER_TYPE__INFO) {
        m_findings.error(m_findings.at("hef.edge-form", path)
                             .with("form", std::string("mux or planes between contexts")));
        return std::nullopt;
    }
    const KeyPath infoPath = path.at("layer_info");
    const KeyPath basePath = infoPath.at("edge_layer_base");
    const auto &info = edge.layer_info();
    auto stream = readBase(info.edge_layer_base(), frame, info.transposed(), basePath);
    if (!stream)
        return std::nullopt;
    const bool isDdr = transfer.kind == HefTransfer::Kind::ddr;
    const std::size_t connected = link.connected_contexts().size();
    if (transfer.kind != HefTransfer::Kind::cache && (connected == 0 || (isDdr && connected != 1)))
        m_findings.error(m_findings.at("hef.connection-missing", linkPath));
    for (const auto &other : link.connected_contexts()) {
        m_findings.fits(linkPath, "index", other.index(), max16);
        m_findings.fits(linkPath, "sys_index", other.sys_index(), max8);
        m_findings.fits(linkPath, "engine_id", other.engine_id(), max8);
        if (isDdr && other.index() != frame.context)
            m_findings.error(m_findings.at("hef.ddr-pair", linkPath));
        transfer.connectedContexts.push_back(other.index());
    }
    transfer.name = info.name();
    transfer.direction = frame.direction;
    transfer.context = frame.context;
    transfer.type = stream->type;
    transfer.order = stream->order;
    transfer.userShape = stream->userShape;
    transfer.paddedShape = stream->paddedShape;
    transfer.index = stream->index;
    transfer.coreBytesPerBuffer = stream->coreBytesPerBuffer;
    transfer.coreBuffersPerFrame = stream->coreBuffersPerFrame;
    transfer.hostRows = isDdr ? link.buffers() : 0;
    transfer.frameBytes = stream->paddedShape.elements() * typeBytes(stream->type);
    return transfer;
}

EdgesOfContext readEdges(const proto::ProtoHEFContext &context, std::size_t contextIndex,
                         const CoreOpSource &source, const FileTraits &traits, const KeyPath &path,
                         Findings &findings)
{
    EdgesOfContext edges;
    EdgeReader reader(source, traits, findings);
    const auto &metadata = context.metadata();
    const KeyPath metadataPath = path.at("metadata");
    int position = 0;
    for (const proto::ProtoHEFEdgeLayer &edge : metadata.edge_layers()) {
        const KeyPath edgePath = metadataPath.at("edge_layers", position++);
        EdgeFrame frame;
        frame.direction = edge.direction() == proto::PROTO__EDGE_LAYER_DIRECTION__HOST_TO_DEVICE
                              ? HefDirection::input
                              : HefDirection::output;
        frame.context = contextIndex;
        frame.isBoundary = edge.context_switch_info().edge_connection_type() ==
                           proto::PROTO__EDGE_CONNECTION_TYPE__BOUNDARY;
        if (traits.isMultiNetwork) {
            const std::size_t networks = source.networkNames.size();
            if (edge.network_index() >= networks) {
                findings.fits(edgePath, "network_index", std::uint64_t(edge.network_index()) + 1,
                              networks);
                continue;
            }
            frame.network = edge.network_index();
        }
        if (frame.isBoundary) {
            if (auto read = reader.readBoundary(edge, frame, edgePath))
                edges.boundary.push_back(std::move(*read));
        } else if (auto read = reader.readTransfer(edge, frame, edgePath)) {
            edges.transfers.push_back(std::move(*read));
        }
    }
    checkDdrPairs(metadata, metadataPath, findings);
    return edges;
}

} // namespace hefstudio
