// From the real values of a cut detector's outputs to detections, by the description in its
// metadata. Everything in float: what eight bits cannot carry (anchors, exponentials, expected
// values) happens here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "heads/head_layout.h"

#include <span>

namespace hefstudio {

struct DecodeOptions {
    double scoreThreshold = 0.25;
    // A cell may give one detection for each class above the threshold instead of its best only.
    enum class Labels { best, all } labels = Labels::best;
};

// All boxes above the threshold, before suppression, in pixels of the network's input. `outputs`
// are float32 tensors in the order and shapes of layout.tensors. Deterministic order: scale, row,
// column, anchor. Diagnostics: heads.layout-invalid, heads.outputs-mismatch.
Result<Detections> decode(const HeadLayout &layout, std::span<const Tensor> outputs,
                          const DecodeOptions &options = {});

struct BoxPosition {
    std::size_t scale = 0, row = 0, column = 0, anchor = 0;
};
// What stands at one place, without class and score. The layout must be sound and the outputs must
// fit it.
Detection decodeAt(const HeadLayout &layout, std::span<const Tensor> outputs,
                   const BoxPosition &position);

// The mask of one detection at the prototypes' resolution: 1 inside, cut at its box.
struct Mask {
    int width = 0, height = 0;
    std::vector<std::uint8_t> inside;
};
// σ(coefficients · prototypes) > 0.5. An empty mask for a detection without coefficients.
Mask maskOf(const Detection &detection, const HeadLayout &layout, const Tensor &protos);

} // namespace hefstudio
