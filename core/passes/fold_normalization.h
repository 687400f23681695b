// The input contract says what the network expects: (x − mean) / deviation per channel. This
// rewrite moves that into the graph, so that it takes the picture's raw 0…255: into the weights of
// the first convolutions (also behind slices, concats and pools that only move values), else into a
// depthwise 1×1 convolution of its own. The padding of those convolutions then holds the mean.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hefstudio {

struct InputNormalization {
    std::string input;            // name of the input tensor
    std::vector<float> mean;      // one per channel, or a single one for all
    std::vector<float> deviation; // likewise; what the picture is divided by after the mean

    bool changesNothing() const;
};

// Diagnostics: passes.unknown-input, passes.normalization-mismatch, graph.invalid.
Result<std::shared_ptr<const Graph>>
foldNormalization(const Graph &graph, std::span<const InputNormalization> normalizations);

} // namespace hefstudio
