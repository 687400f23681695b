// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/emulation_edge.h"

#include "hef/hef_types.h"

#include <limits>

namespace hefstudio {

namespace {

constexpr std::uint64_t alignment = 8; // device rows and vectors are multiples of 8 bytes
constexpr std::uint64_t max16 = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t max32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t fifoBytes = 65536;

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

} // namespace

Result<EdgeGeometry> edgeGeometry(const HefEdge &edge)
{
    const auto isDimension = [](std::int64_t n) { return n >= 1 && n <= (std::int64_t(1) << 24); };
    if (!isDimension(edge.height) || !isDimension(edge.width) || !isDimension(edge.features))
        return fail(tooLarge(edge));
    if (edge.dataBytes != 1 && edge.dataBytes != 2)
        return fail(Diagnostic("hef.content-invalid", Place{.layer = edge.name})
                        .with("reason", std::string("an element has neither one nor two bytes")));
    if (edge.isVector && (edge.height != 1 || edge.width != 1))
        return fail(Diagnostic("hef.content-invalid", Place{.layer = edge.name})
                        .with("reason", std::string("a vector has height and width 1")));
    const auto elementBytes = std::uint64_t(edge.dataBytes);
    EdgeGeometry geometry;
    geometry.height = static_cast<std::uint32_t>(edge.height);
    geometry.width = static_cast<std::uint32_t>(edge.width);
    geometry.features = static_cast<std::uint32_t>(edge.features);
    geometry.paddedWidth = geometry.width;
    geometry.paddedFeatures = geometry.features;
    if (edge.isVector) {
        geometry.layoutCode = layoutCodeNc;
        while (geometry.paddedFeatures * elementBytes % alignment != 0)
            ++geometry.paddedFeatures;
    } else {
        // Pictures come in as the host has them; everything else row by row, channel after channel.
        const bool isPicture = edge.kind == HefEdge::Kind::boundary &&
                               edge.direction == HefEdge::Direction::hostToDevice;
        geometry.layoutCode = isPicture ? layoutCodeNhwc : layoutCodeNhcw;
        while (geometry.paddedWidth * std::uint64_t(geometry.features) * elementBytes % alignment !=
               0)
            ++geometry.paddedWidth;
    }
    const std::uint64_t rowBytes =
        std::uint64_t(geometry.paddedWidth) * geometry.paddedFeatures * elementBytes;
    if (rowBytes > max32 || rowBytes * geometry.height > max32 ||
        !cutRow(rowBytes, geometry.height, geometry))
        return fail(tooLarge(edge));
    return geometry;
}

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
    base.set_data_bytes(static_cast<std::uint32_t>(edge.dataBytes));
    base.set_max_shmifo_size(fifoBytes);
}

void fillNumericInfo(const HefEdge &edge, edit::ProtoHEFEdgeLayerNumericInfo info)
{
    info.set_qp_zp(edge.zeroPoint);
    info.set_qp_scale(edge.scale);
    info.set_limvals_min(edge.limitLow);
    info.set_limvals_max(edge.limitHigh);
}

void fillPad(const HefEdge &edge, const EdgeGeometry &geometry, edit::ProtoHEFPad pad)
{
    pad.set_format_order(geometry.layoutCode == layoutCodeNc ? proto::PROTO__FORMAT__ORDER__NC
                         : geometry.layoutCode == layoutCodeNhwc
                             ? proto::PROTO__FORMAT__ORDER__NHWC
                             : proto::PROTO__FORMAT__ORDER__NHCW);
    pad.set_data_bytes(edge.dataBytes == 1 ? proto::PROTO__UINT8 : proto::PROTO__UINT16);
    pad.set_format_type(edge.dataBytes == 1 ? proto::PROTO__FORMAT__TYPE__UINT8
                                            : proto::PROTO__FORMAT__TYPE__UINT16);
    fillNumericInfo(edge, pad.mutable_numeric_info());
    const auto shape = pad.mutable_tensor_shape();
    shape.set_height(geometry.height);
    shape.set_padded_height(geometry.height);
    shape.set_width(geometry.width);
    shape.set_padded_width(geometry.paddedWidth);
    shape.set_features(geometry.features);
    shape.set_padded_features(geometry.paddedFeatures);
}

} // namespace hefstudio
