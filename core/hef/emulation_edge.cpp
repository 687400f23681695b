// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/emulation_edge.h"

#include "hef/hef_types.h"

#include <algorithm>
#include <limits>

namespace hefstudio {

namespace {

constexpr std::uint64_t alignment = 8; // device rows and vectors are multiples of 8 bytes
constexpr std::uint64_t max16 = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t max32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t fifoBytes = 65536;
constexpr std::uint32_t nmsBoxBytes = 10;    // five uint16: y, x, y, x, score
constexpr std::uint32_t nmsElementBytes = 2; // of those
constexpr std::size_t nmsVectorLength = 2;   // scales of a list: boxes, scores

Diagnostic tooLarge(const HefEdge &edge)
{
    return Diagnostic("hef.shape-too-large", Place{.layer = edge.name})
        .with("shape", std::to_string(edge.height) + "x" + std::to_string(edge.width) + "x" +
                           std::to_string(edge.features));
}

// A row that does not fit the 16-bit field is cut into the fewest equal parts of whole words.
bool cutRow(std::uint64_t rowBytes, std::uint64_t rows, EdgeGeometry &geometry)
{
    for (std::uint64_t parts = 1; parts * rows <= max16 && parts <= rowBytes / alignment; ++parts) {
        if (rowBytes % (parts * alignment) == 0 && rowBytes / parts <= max16) {
            geometry.bytesPerBuffer = static_cast<std::uint32_t>(rowBytes / parts);
            geometry.buffersPerFrame = static_cast<std::uint32_t>(rows * parts);
            return true;
        }
    }
    return false;
}

std::uint32_t alignedTo8(std::uint32_t value)
{
    return (value + 7) / 8 * 8;
}

HefEdge::Order orderOf(const HefEdge &edge)
{
    if (edge.order != HefEdge::Order::automatic)
        return edge.order;
    if (edge.isVector)
        return HefEdge::Order::nc;
    // Pictures come in as the host has them; everything else row by row, channel after channel.
    const bool isPicture =
        edge.kind == HefEdge::Kind::boundary && edge.direction == HefEdge::Direction::hostToDevice;
    return isPicture ? HefEdge::Order::nhwc : HefEdge::Order::nhcw;
}

std::uint32_t codeOf(HefEdge::Order order)
{
    switch (order) {
    case HefEdge::Order::nhwc:
        return layoutCodeNhwc;
    case HefEdge::Order::nc:
        return layoutCodeNc;
    case HefEdge::Order::fcr:
        return layoutCodeFcr;
    case HefEdge::Order::nhw:
        return layoutCodeNhw;
    case HefEdge::Order::f8cr:
        return layoutCodeF8cr;
    default:
        return layoutCodeNhcw;
    }
}

// Makes rows, or pixels where a layout keeps a pixel's channels together, whole words.
void pad(HefEdge::Order order, std::uint64_t elementBytes, EdgeGeometry &geometry)
{
    switch (order) {
    case HefEdge::Order::nc:
        while (geometry.paddedFeatures * elementBytes % alignment != 0)
            ++geometry.paddedFeatures;
        break;
    case HefEdge::Order::fcr:
    case HefEdge::Order::f8cr:
        geometry.paddedFeatures = alignedTo8(geometry.paddedFeatures);
        break;
    default:
        while (geometry.paddedWidth * std::uint64_t(geometry.features) * elementBytes % alignment !=
               0)
            ++geometry.paddedWidth;
        break;
    }
}

// One list is one line of bytes, its length by HailoRT's rule.
Result<EdgeGeometry> listGeometry(const HefEdge &edge)
{
    HefNmsShape shape;
    shape.classes = edge.nms->classes;
    shape.boxesPerClass = edge.nms->boxesPerClass;
    shape.chunks = edge.nms->chunks;
    shape.boxBytes = nmsBoxBytes;
    constexpr std::uint64_t most = 4096;
    if (shape.classes - 1 >= most || shape.boxesPerClass - 1 >= most || shape.chunks - 1 >= most ||
        nmsDeviceFrameBytes(shape) > max32)
        return fail(tooLarge(edge));
    EdgeGeometry geometry;
    geometry.layoutCode = layoutCodeNmsOnChip;
    geometry.bytesPerBuffer = nmsBoxBytes;
    geometry.buffersPerFrame = static_cast<std::uint32_t>(
        std::min(max16, shape.chunks * shape.classes * shape.boxesPerClass));
    return geometry;
}

} // namespace

Result<EdgeGeometry> edgeGeometry(const HefEdge &edge)
{
    const auto invalid = [&](const char *reason) {
        return fail(Diagnostic("hef.content-invalid", Place{.layer = edge.name})
                        .with("reason", std::string(reason)));
    };
    if (edge.nms)
        return listGeometry(edge);
    const auto isDimension = [](std::int64_t n) { return n >= 1 && n <= (std::int64_t(1) << 24); };
    if (!isDimension(edge.height) || !isDimension(edge.width) || !isDimension(edge.features))
        return fail(tooLarge(edge));
    if (edge.dataBytes != 1 && edge.dataBytes != 2)
        return invalid("an element has neither one nor two bytes");
    const HefEdge::Order order = orderOf(edge);
    if (order == HefEdge::Order::nc && (edge.height != 1 || edge.width != 1))
        return invalid("a vector has height and width 1");
    if (order == HefEdge::Order::nhw && edge.features != 1)
        return invalid("a picture without channels has one feature");
    const auto elementBytes = std::uint64_t(edge.dataBytes);
    EdgeGeometry geometry;
    geometry.height = static_cast<std::uint32_t>(edge.height);
    geometry.width = static_cast<std::uint32_t>(edge.width);
    geometry.features = static_cast<std::uint32_t>(edge.features);
    geometry.paddedWidth = geometry.width;
    geometry.paddedFeatures = geometry.features;
    geometry.layoutCode = codeOf(order);
    pad(order, elementBytes, geometry);
    const std::uint64_t rowBytes =
        std::uint64_t(geometry.paddedWidth) * geometry.paddedFeatures * elementBytes;
    if (rowBytes > max32 || rowBytes * geometry.height > max32 ||
        !cutRow(rowBytes, geometry.height, geometry))
        return fail(tooLarge(edge));
    return geometry;
}

namespace {

proto::ProtoHEFFormatOrder padOrderOf(std::uint32_t layoutCode)
{
    switch (layoutCode) {
    case layoutCodeNhwc:
        return proto::PROTO__FORMAT__ORDER__NHWC;
    case layoutCodeNc:
        return proto::PROTO__FORMAT__ORDER__NC;
    case layoutCodeFcr:
        return proto::PROTO__FORMAT__ORDER__FCR;
    case layoutCodeNhw:
        return proto::PROTO__FORMAT__ORDER__NHW;
    case layoutCodeF8cr:
        return proto::PROTO__FORMAT__ORDER__F8CR;
    case layoutCodeNmsOnChip:
        return proto::PROTO__FORMAT__ORDER__HAILO_NMS;
    default:
        return proto::PROTO__FORMAT__ORDER__NHCW;
    }
}

} // namespace

void fillBase(const HefEdge &edge, const EdgeGeometry &geometry, edit::ProtoHEFEdgeLayerBase base)
{
    base.set_height(geometry.height);
    base.set_padded_height(geometry.height);
    base.set_width(geometry.width);
    base.set_padded_width(geometry.paddedWidth);
    base.set_features(geometry.features);
    base.set_padded_features(geometry.paddedFeatures);
    base.set_format(geometry.layoutCode);
    base.set_core_bytes_per_buffer(geometry.bytesPerBuffer);
    base.set_core_buffers_per_frame(geometry.buffersPerFrame);
    base.set_data_bytes(edge.nms ? nmsElementBytes : static_cast<std::uint32_t>(edge.dataBytes));
    base.set_max_shmifo_size(fifoBytes);
    if (!edge.nms)
        return;
    const auto info = base.mutable_additional_info().mutable_nms_info();
    fillNmsInfo(edge.nms->classes, edge.nms->boxesPerClass, edge.nms->chunks, info);
    if (edge.nms->mergedInto.empty())
        return;
    info.set_is_defused(true);
    info.mutable_defuse_info().set_class_group_index(edge.nms->part);
    info.mutable_defuse_info().set_original_name(edge.nms->mergedInto);
}

void fillNmsInfo(std::uint32_t classes, std::uint32_t boxesPerClass, std::uint32_t chunks,
                 edit::ProtoHEFNmsInfo info)
{
    info.set_number_of_classes(classes);
    info.set_max_output_size(boxesPerClass);
    info.set_bbox_size(nmsBoxBytes);
    info.set_input_division_factor(chunks);
}

void fillNumericInfo(const HefEdge &edge, NumericForm form, edit::ProtoHEFEdgeLayerNumericInfo info)
{
    info.set_qp_zp(edge.zeroPoint);
    info.set_qp_scale(edge.scale);
    info.set_limvals_min(edge.limitLow);
    info.set_limvals_max(edge.limitHigh);
    if (form == NumericForm::scalars)
        return;
    const std::size_t count = edge.nms ? nmsVectorLength : static_cast<std::size_t>(edge.features);
    for (std::size_t i = 0; i < count; ++i) {
        info.add_qp_zps(edge.zeroPoints.empty() ? static_cast<double>(edge.zeroPoint)
                                                : edge.zeroPoints[i]);
        info.add_qp_scales(edge.scales.empty() ? static_cast<double>(edge.scale) : edge.scales[i]);
    }
}

void fillPad(const HefEdge &edge, const EdgeGeometry &geometry, NumericForm form,
             edit::ProtoHEFPad pad)
{
    pad.set_format_order(padOrderOf(geometry.layoutCode));
    const bool isByte = edge.dataBytes == 1 && !edge.nms;
    pad.set_data_bytes(isByte ? proto::PROTO__UINT8 : proto::PROTO__UINT16);
    pad.set_format_type(isByte ? proto::PROTO__FORMAT__TYPE__UINT8
                               : proto::PROTO__FORMAT__TYPE__UINT16);
    fillNumericInfo(edge, form, pad.mutable_numeric_info());
    if (edge.nms) {
        const auto list = pad.mutable_nms_shape();
        list.set_number_of_classes(edge.nms->classes);
        list.set_max_bboxes_per_class(edge.nms->boxesPerClass);
        list.set_bbox_size(nmsBoxBytes);
        list.set_division_factor(edge.nms->chunks);
        return;
    }
    const auto shape = pad.mutable_tensor_shape();
    shape.set_height(geometry.height);
    shape.set_padded_height(geometry.height);
    shape.set_width(geometry.width);
    shape.set_padded_width(geometry.paddedWidth);
    shape.set_features(geometry.features);
    shape.set_padded_features(geometry.paddedFeatures);
}

} // namespace hefstudio
