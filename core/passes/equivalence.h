// Do two graphs compute the same function? Both run on the same pseudo-random input and their
// outputs are compared. This is how the pipeline proves every rewrite.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace hefstudio {

// Values from −1 to 1 in each input of the graph, the same on every machine.
std::vector<Tensor> pseudoRandomInputs(const Graph &graph, std::uint64_t seed);

// All outputs of a float graph, layer by layer with the scalar reference: slow, for small graphs.
// Diagnostics: cancelled, engine.input-mismatch.
Result<std::vector<Tensor>> evaluateByReference(const Graph &graph, std::span<const Tensor> inputs,
                                                std::stop_token stop = {});

using Evaluate = std::function<Result<std::vector<Tensor>>(
    const std::shared_ptr<const Graph> &graph, std::span<const Tensor> inputs)>;

struct Difference {
    std::string output;
    double largest = 0;   // |a − b|
    double magnitude = 0; // largest |a|
};

// The worst output when it differs by more than float rounding; nothing when all agree. Outputs
// are compared in order, so names may have changed.
std::optional<Difference> meaningfulDifference(const Graph &graph, std::span<const Tensor> a,
                                               std::span<const Tensor> b);

} // namespace hefstudio
