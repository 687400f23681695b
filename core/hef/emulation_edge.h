// Room-internal: how a stream of an emulation HEF lies in device buffers, and the messages that
// say so.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/emulation_hef.h"
#include "hef/message_edit.h"

namespace hefstudio {

struct EdgeGeometry {
    std::uint32_t height = 1, width = 1, features = 1;
    std::uint32_t paddedWidth = 1, paddedFeatures = 1;
    std::uint32_t layoutCode = 0;
    std::uint32_t bytesPerBuffer = 0;
    std::uint32_t buffersPerFrame = 1;
};

// Diagnostics: hef.shape-too-large, hef.content-invalid.
Result<EdgeGeometry> edgeGeometry(const HefEdge &edge);

void fillBase(const HefEdge &edge, const EdgeGeometry &geometry, edit::ProtoHEFEdgeLayerBase base);
// As vectors: the values per feature, too, whether the edge has its own or not (extension 25).
enum class NumericForm { scalars, vectors };
void fillNumericInfo(const HefEdge &edge, NumericForm form,
                     edit::ProtoHEFEdgeLayerNumericInfo info);
void fillPad(const HefEdge &edge, const EdgeGeometry &geometry, NumericForm form,
             edit::ProtoHEFPad pad);
void fillNmsInfo(std::uint32_t classes, std::uint32_t boxesPerClass, std::uint32_t chunks,
                 edit::ProtoHEFNmsInfo info);

} // namespace hefstudio
