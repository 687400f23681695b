// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/edge_reader.h"

#include <algorithm>
#include <array>

namespace hefstudio {

using namespace edgelimits;

namespace {

using EdgeBase = proto::ProtoHEFEdgeLayerBase;
using EdgeInfo = proto::ProtoHEFEdgeLayerInfo;

constexpr std::size_t longestName = 127;
constexpr std::uint64_t valuesPerNmsBox = 5; // host form: five floats
constexpr std::uint64_t largestBurst = 65536;

} // namespace

bool EdgeReader::checkName(std::string_view name, const KeyPath &path)
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
        const auto type = info.burst_type();
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
    const auto tooLarge = [&] {
        return m_findings.at("hef.shape-too-large", path)
            .with("shape", std::to_string(base.padded_height()) + "x" +
                               std::to_string(base.padded_width()) + "x" +
                               std::to_string(base.padded_features()));
    };
    if (std::ranges::max(dimensions) >= largestDimension) {
        m_findings.error(tooLarge());
        return std::nullopt;
    }
    // HailoRT means to refuse this, but its product wraps around before it is looked at.
    if (bytes(base.padded_height(), base.padded_width(), base.padded_features()) > max32 ||
        bytes(base.height(), base.width(), base.features()) > max32)
        m_findings.warning(tooLarge());
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
    if ((isTransposed || m_source.metadata.transposed_net()) && stream.order != HefOrder::nc)
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
        stream.userShape = {static_cast<std::uint32_t>(stream.nms->classes), valuesPerNmsBox,
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
    q.scales = info.qp_scales();
    q.zeroPoints = info.qp_zps();
    const std::size_t wanted = stream.order == HefOrder::nmsOnChip ? 2 : stream.userShape.features;
    const bool isInput = stream.direction == HefDirection::input;
    const auto wrong = [&](std::size_t found) {
        return isInput ? found < wanted : found != wanted;
    };
    if (wrong(q.scales.size()) || wrong(q.zeroPoints.size())) {
        const auto isOdd = [&](std::size_t found) { return found > 0 && wrong(found); };
        const bool isLeftOut = !isOdd(q.scales.size()) && !isOdd(q.zeroPoints.size());
        m_findings.error(
            m_findings.at(isLeftOut ? "hef.vectors-missing" : "hef.vector-length", path)
                .with("expected", std::int64_t(wanted))
                .with("found", std::int64_t(q.scales.size()))
                .with("direction", std::string(isInput ? "input" : "output")));
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
    if (!m_source.fused.network_has_fused_layers() || !own.is_defused())
        return v;
    // One part of a list the host merges: the merged list is what the user sees.
    const std::string_view merged = own.defuse_info().original_name();
    for (const auto &fused : m_source.fused.fused_layers()) {
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

} // namespace hefstudio
