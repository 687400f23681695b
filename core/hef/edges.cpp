// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/group_view.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace hefstudio {

namespace {

using EdgeBase = proto::ProtoHEFEdgeLayerBase;
using EdgeInfo = proto::ProtoHEFEdgeLayerInfo;

constexpr std::uint64_t max8 = std::numeric_limits<std::uint8_t>::max();
constexpr std::uint64_t max16 = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t max32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t longestName = 127;
constexpr int deepestNesting = 8;
constexpr std::uint64_t bytesPerNmsBox = 5; // host form: five floats
constexpr std::uint64_t largestBurst = 65536;

// What all forms of an edge have in common while one is read.
struct EdgeFrame {
    HefDirection direction = HefDirection::input;
    std::size_t network = 0;
    std::size_t context = 0;
    bool isBoundary = true;
    bool isInMux = false;
};

class EdgeReader {
public:
    EdgeReader(const CoreOpSource &source, const FileTraits &traits, Findings &findings)
        : m_source(source), m_traits(traits), m_findings(findings)
    {
    }

    std::optional<BoundaryEdge> readBoundary(const proto::ProtoHEFEdgeLayer &edge,
                                             const EdgeFrame &frame, const KeyPath &path);
    std::optional<HefTransfer> readTransfer(const proto::ProtoHEFEdgeLayer &edge,
                                            const EdgeFrame &frame, const KeyPath &path);

private:
    std::optional<HefStream> readBase(const EdgeBase &base, const EdgeFrame &frame,
                                      bool isTransposed, const KeyPath &path);
    std::optional<HefStream> readInfo(const EdgeInfo &info, const EdgeFrame &frame,
                                      const KeyPath &path);
    HefNmsShape readNms(const proto::ProtoHEFNmsInfo &info, const KeyPath &path);
    void readQuantisation(const proto::ProtoHEFEdgeLayerNumericInfo &info, HefStream &stream,
                          const KeyPath &path);
    bool checkName(const std::string &name, const KeyPath &path);
    std::optional<HefVStream> virtualStreamOf(const EdgeInfo &info, const HefStream &stream,
                                              const KeyPath &path);
    bool readMuxLeaves(const proto::ProtoHEFEdgeLayerMux &mux, const EdgeFrame &frame,
                       BoundaryEdge &edge, int depth, const KeyPath &path);
    std::optional<BoundaryEdge> readMux(const proto::ProtoHEFEdgeLayerMux &mux,
                                        const EdgeFrame &frame, const KeyPath &path);
    std::optional<BoundaryEdge> readPlanes(const proto::ProtoHEFEdgeLayerPlanes &planes,
                                           const EdgeFrame &frame, const KeyPath &path);

    const CoreOpSource &m_source;
    const FileTraits &m_traits;
    Findings &m_findings;
};

bool EdgeReader::checkName(const std::string &name, const KeyPath &path)
{
    if (name.size() <= longestName)
        return true;
    m_findings.error(m_findings.at("hef.name-too-long", path.at("name"))
                         .with("name", printable(name))
                         .with("limit", std::int64_t(longestName)));
    return false;
}

HefNmsShape EdgeReader::readNms(const proto::ProtoHEFNmsInfo &info, const KeyPath &path)
{
    HefNmsShape nms;
    const std::uint64_t chunks = std::max<std::uint64_t>(1, info.input_division_factor());
    // Bounded so that no later product can wrap.
    m_findings.fits(path, "number_of_classes", info.number_of_classes(), max16);
    m_findings.fits(path, "max_output_size", info.max_output_size(), max16);
    m_findings.fits(path, "bbox_size", info.bbox_size(), max16);
    m_findings.fits(path, "input_division_factor", chunks, max16);
    nms.classes = std::min(info.number_of_classes(), max16);
    nms.chunks = std::min(chunks, max16);
    nms.boxBytes = std::min(info.bbox_size(), max16);
    nms.boxesPerClass = std::min(info.max_output_size(), max16);
    nms.burst = m_traits.hasNmsBurst ? std::max<std::uint64_t>(1, info.burst_size()) : 1;
    const bool isBurstTypeLegal = [&] {
        const int type = info.burst_type();
        if (!m_traits.hasNmsBurst)
            return type == proto::PROTO__NMS_BURST_TYPE__NO_BURST;
        if (m_traits.arch.isHailo8Family())
            return type == proto::PROTO__NMS_BURST_TYPE__H8_PER_CLASS;
        return type == proto::PROTO__NMS_BURST_TYPE__H15_PER_CLASS ||
               type == proto::PROTO__NMS_BURST_TYPE__H15_PER_FRAME;
    }();
    if (!isBurstTypeLegal || nms.burst * nms.boxBytes > largestBurst)
        m_findings.error(m_findings.at("hef.nms-burst", path)
                             .with("type", std::int64_t(info.burst_type()))
                             .with("size", std::int64_t(info.burst_size())));
    if (info.is_defused()) {
        m_findings.fits(path, "class_group_index", info.defuse_info().class_group_index(), 8);
        checkName(info.defuse_info().original_name(), path);
    }
    return nms;
}

std::optional<HefStream> EdgeReader::readBase(const EdgeBase &base, const EdgeFrame &frame,
                                              bool isTransposed, const KeyPath &path)
{
    const auto layout = layoutFromCode(base.format());
    if (!layout) {
        m_findings.error(m_findings.at("hef.layout-unknown", path.at("format"))
                             .with("code", std::int64_t(base.format())));
        return std::nullopt;
    }
    if (base.data_bytes() != 1 && base.data_bytes() != 2) {
        m_findings.error(m_findings.at("hef.element-size", path.at("data_bytes"))
                             .with("bytes", std::int64_t(base.data_bytes())));
        return std::nullopt;
    }
    const std::array<std::uint32_t, 6> dimensions{base.height(),   base.padded_height(),
                                                  base.width(),    base.padded_width(),
                                                  base.features(), base.padded_features()};
    constexpr std::uint32_t largestDimension = 1U << 21; // three of them fit 63 bits
    const auto bytes = [&](std::uint64_t h, std::uint64_t w, std::uint64_t f) {
        return h * w * f * base.data_bytes();
    };
    if (std::ranges::max(dimensions) >= largestDimension ||
        bytes(base.padded_height(), base.padded_width(), base.padded_features()) > max32 ||
        bytes(base.height(), base.width(), base.features()) > max32) {
        m_findings.error(m_findings.at("hef.shape-too-large", path)
                             .with("shape", std::to_string(base.padded_height()) + "x" +
                                                std::to_string(base.padded_width()) + "x" +
                                                std::to_string(base.padded_features())));
        return std::nullopt;
    }
    if (std::ranges::min(dimensions) == 0 && layout->device != HefOrder::nmsOnChip)
        m_findings.warning(m_findings.at("hef.shape-empty", path));
    if (frame.isBoundary && base.host_argmax()) {
        m_findings.error(m_findings.at("hef.host-argmax", path));
        return std::nullopt;
    }
    bool fits = m_findings.fits(path, "core_bytes_per_buffer", base.core_bytes_per_buffer(), max16);
    fits &= m_findings.fits(path, "core_buffers_per_frame", base.core_buffers_per_frame(), max16);
    fits &= m_findings.fits(path, "sys_index", base.sys_index(), max8);
    fits &= m_findings.fits(path, "engine_id", base.engine_id(), max8);
    if (!fits)
        return std::nullopt;

    HefStream stream;
    stream.direction = frame.direction;
    stream.network = frame.network;
    stream.context = frame.context;
    stream.type = base.data_bytes() == 1 ? HefDataType::uint8 : HefDataType::uint16;
    stream.order = layout->device;
    stream.unpaddedShape = {base.height(), base.width(), base.features()};
    stream.paddedShape = {base.padded_height(), base.padded_width(), base.padded_features()};
    stream.userShape = stream.unpaddedShape;
    if ((isTransposed || m_source.metadata->transposed_net()) && stream.order != HefOrder::nc)
        std::swap(stream.userShape.height, stream.userShape.width);
    stream.index = base.sys_index();
    stream.engine = base.engine_id();
    stream.coreBytesPerBuffer = base.core_bytes_per_buffer();
    stream.coreBuffersPerFrame = base.core_buffers_per_frame();
    stream.maxFifoBytes = base.max_shmifo_size();
    if (stream.order == HefOrder::nmsOnChip) {
        stream.nms =
            readNms(base.additional_info().nms_info(), path.at("additional_info.nms_info"));
        const std::uint64_t features = stream.nms->boxesPerClass * stream.nms->chunks;
        stream.userShape = {static_cast<std::uint32_t>(stream.nms->classes), bytesPerNmsBox,
                            static_cast<std::uint32_t>(features)};
    }
    stream.runtimeMayPad = frame.isBoundary && !frame.isInMux && !m_traits.compilerPads &&
                           stream.order == HefOrder::nhcw &&
                           base.core_buffers_per_frame() == base.height() &&
                           std::uint64_t(base.width()) * base.features() % 8 == 0;
    return stream;
}

void EdgeReader::readQuantisation(const proto::ProtoHEFEdgeLayerNumericInfo &info,
                                  HefStream &stream, const KeyPath &path)
{
    HefQuantisation &q = stream.quantisation;
    q.scale = info.qp_scale();
    q.zeroPoint = info.qp_zp();
    q.limitLow = info.limvals_min();
    q.limitHigh = info.limvals_max();
    if (!m_traits.hasVectors)
        return;
    q.scales.assign(info.qp_scales().begin(), info.qp_scales().end());
    q.zeroPoints.assign(info.qp_zps().begin(), info.qp_zps().end());
    const std::size_t wanted = stream.order == HefOrder::nmsOnChip ? 2 : stream.userShape.features;
    const bool isInput = stream.direction == HefDirection::input;
    const auto wrong = [&](std::size_t found) {
        return isInput ? found < wanted : found != wanted;
    };
    if (wrong(q.scales.size()) || wrong(q.zeroPoints.size())) {
        m_findings.error(m_findings.at("hef.vector-length", path)
                             .with("expected", std::int64_t(wanted))
                             .with("found", std::int64_t(q.scales.size())));
        q.scales.clear();
        q.zeroPoints.clear();
        return;
    }
    const auto differ = [&](const std::vector<double> &values) {
        return std::any_of(values.begin(), values.begin() + std::ptrdiff_t(wanted),
                           [&](double v) { return float(v) != float(values.front()); });
    };
    if (isInput && wanted > 0 && (differ(q.scales) || differ(q.zeroPoints)))
        m_findings.error(m_findings.at("hef.input-scales-differ", path));
}

std::optional<HefStream> EdgeReader::readInfo(const EdgeInfo &info, const EdgeFrame &frame,
                                              const KeyPath &path)
{
    if (!checkName(info.name(), path))
        return std::nullopt;
    const KeyPath basePath = path.at("edge_layer_base");
    auto stream = readBase(info.edge_layer_base(), frame, info.transposed(), basePath);
    if (!stream)
        return std::nullopt;
    stream->name = info.name();
    stream->originalNames.assign(info.original_names().begin(), info.original_names().end());
    readQuantisation(info.numeric_info(), *stream, path.at("numeric_info"));
    if (info.edge_layer_base().buffer_indices().empty()) {
        m_findings.error(m_findings.at("hef.buffer-index-missing", basePath));
        return std::nullopt;
    }
    return stream;
}

std::optional<HefVStream> EdgeReader::virtualStreamOf(const EdgeInfo &info, const HefStream &stream,
                                                      const KeyPath &path)
{
    HefVStream v;
    v.name = stream.name;
    v.direction = stream.direction;
    v.network = stream.network;
    v.type = stream.type;
    v.order = layoutFromCode(info.edge_layer_base().format())->host;
    v.shape = stream.userShape;
    v.quantisation = stream.quantisation;
    if (!stream.nms)
        return v;
    v.type = HefDataType::float32;
    v.nms = stream.nms;
    v.nms->boxesPerClass *= v.nms->chunks;
    const auto &own = info.edge_layer_base().additional_info().nms_info();
    if (!m_source.fused->network_has_fused_layers() || !own.is_defused())
        return v;
    // One part of a list the host merges: the merged list is what the user sees.
    const std::string &merged = own.defuse_info().original_name();
    for (const auto &fused : m_source.fused->fused_layers()) {
        if (fused.layer_info().name() != merged)
            continue;
        v.name = merged;
        v.nms = readNms(fused.nms_info(), path.at("fused_layers"));
        v.nms->boxesPerClass *= v.nms->chunks;
        return v;
    }
    m_findings.error(
        m_findings.at("hef.fused-layer-missing", path).with("name", printable(merged)));
    return std::nullopt;
}

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
    if (count > static_cast<std::uint32_t>(mux.predecessors_size()))
        return malformed("mux with fewer parts than it states");
    for (int i = 0; i < static_cast<int>(count); ++i) {
        const auto &part = mux.predecessors(i);
        const KeyPath partPath = path.at("predecessors", i);
        if (part.edge_case() == proto::ProtoHefEdge::kLayerMux) {
            if (!readMuxLeaves(part.layer_mux(), frame, edge, depth + 1, partPath.at("layer_mux")))
                return false;
        } else if (part.edge_case() == proto::ProtoHefEdge::kLayerInfo) {
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
    for (int i = 0; i < planes.planes_size(); ++i) {
        const KeyPath planePath = path.at("planes", i);
        std::optional<HefStream> stream;
        if (planes.planes(i).edge_case() == proto::ProtoHefEdge::kLayerInfo)
            stream = readInfo(planes.planes(i).layer_info(), frame, planePath.at("layer_info"));
        if (!stream || (!edge.streams.empty() && stream->type != edge.streams[0].type)) {
            m_findings.error(
                m_findings.at("hef.edge-form", planePath).with("form", std::string("plane")));
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

std::optional<BoundaryEdge> EdgeReader::readBoundary(const proto::ProtoHEFEdgeLayer &edge,
                                                     const EdgeFrame &frame, const KeyPath &path)
{
    std::optional<BoundaryEdge> result;
    // HailoRT goes by the type field, not by the member that is set.
    switch (edge.edge_layer_type()) {
    case proto::PROTO__EDGE_LAYER_TYPE__INFO: {
        const KeyPath infoPath = path.at("layer_info");
        auto stream = readInfo(edge.layer_info(), frame, infoPath);
        const auto v =
            stream ? virtualStreamOf(edge.layer_info(), *stream, infoPath) : std::nullopt;
        if (v) {
            result.emplace();
            result->streams.push_back(std::move(*stream));
            result->vstreams.push_back(*v);
        }
        break;
    }
    case proto::PROTO__EDGE_LAYER_TYPE__MUX:
        result = readMux(edge.layer_mux(), frame, path.at("layer_mux"));
        break;
    case proto::PROTO__EDGE_LAYER_TYPE__PLANES:
        result = readPlanes(edge.layer_planes(), frame, path.at("layer_planes"));
        break;
    default:
        m_findings.error(m_findings.at("hef.edge-form", path).with("form", std::string("unknown")));
        break;
    }
    if (result && edge.has_pad_index())
        result->pad = edge.pad_index();
    return result;
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
    const int connected = link.connected_contexts_size();
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
    transfer.frameBytes = stream->paddedShape.elements() * typeBytes(stream->type);
    return transfer;
}

// Each DDR output has exactly one input of the same geometry in the same context.
void checkDdrPairs(const proto::ProtoHEFContextMetadata &metadata, const KeyPath &path,
                   Findings &findings)
{
    std::vector<const proto::ProtoHEFEdgeLayer *> inputs;
    std::vector<const proto::ProtoHEFEdgeLayer *> outputs;
    for (const auto &edge : metadata.edge_layers()) {
        if (edge.context_switch_info().edge_connection_type() !=
            proto::PROTO__EDGE_CONNECTION_TYPE__DDR)
            continue;
        const bool isInput = edge.direction() == proto::PROTO__EDGE_LAYER_DIRECTION__HOST_TO_DEVICE;
        (isInput ? inputs : outputs).push_back(&edge);
    }
    bool isPaired = inputs.size() == outputs.size();
    for (const auto *output : outputs) {
        const auto &link = output->context_switch_info();
        if (link.connected_contexts().empty())
            continue; // reported already
        const EdgeBase &from = output->layer_info().edge_layer_base();
        const auto matches = std::ranges::count_if(inputs, [&](const auto *input) {
            const EdgeBase &to = input->layer_info().edge_layer_base();
            return to.sys_index() == link.connected_contexts(0).sys_index() &&
                   to.core_bytes_per_buffer() == from.core_bytes_per_buffer() &&
                   to.core_buffers_per_frame() == from.core_buffers_per_frame();
        });
        isPaired &= matches == 1;
    }
    if (!isPaired)
        findings.error(findings.at("hef.ddr-pair", path));
}

} // namespace

EdgesOfContext readEdges(const proto::ProtoHEFContext &context, std::size_t contextIndex,
                         const CoreOpSource &source, const FileTraits &traits, const KeyPath &path,
                         Findings &findings)
{
    EdgesOfContext edges;
    EdgeReader reader(source, traits, findings);
    const auto &metadata = context.metadata();
    const KeyPath metadataPath = path.at("metadata");
    for (int i = 0; i < metadata.edge_layers_size(); ++i) {
        const auto &edge = metadata.edge_layers(i);
        const KeyPath edgePath = metadataPath.at("edge_layers", i);
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
