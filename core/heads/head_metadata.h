// The description of a head in a file's metadata, and back: `outputs[]` of EdgeFirst's schema 2
// (logical outputs with one physical child per scale), with keys of our own where that schema has
// no word (cell_offset, bins, score_rule, keypoints, output_index, channels). Readers that do not
// know them skip them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "heads/head_layout.h"

#include <span>
#include <string>
#include <string_view>

namespace hefstudio {

// How the file carries one output.
struct OutputPort {
    std::string name;          // the runtime's name for it
    std::string type{"uint8"}; // uint8, uint16 or float32
    double scale = 1;          // real = scale · (stored − zeroPoint); unused for float32
    int zeroPoint = 0;
};

// A JSON object with `outputs`, `nms`, `input` and, for anchors, `model`; to be merged into the
// root of the metadata. One port per tensor of the layout, in its order.
std::string headMetadata(const HeadLayout &layout, std::span<const OutputPort> ports);

// The layout that the metadata describes; its tensors have the ports' names. Reads files of other
// makers too, as far as they follow schema 2. Diagnostics: json.malformed,
// heads.metadata-malformed, heads.layout-invalid.
Result<HeadLayout> headFromMetadata(std::string_view json, const std::string &nameForErrors);

} // namespace hefstudio
