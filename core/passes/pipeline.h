// The passes in their order, each a name and a function, and the loop that runs them: the verifier
// after each, and on request the proof that the graph still means the same.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "graph/graph.h"
#include "passes/equivalence.h"
#include "passes/fold_normalization.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

struct NamedPass {
    std::string name;
    std::function<Result<std::shared_ptr<const Graph>>(const Graph &)> run;
    // For a pass that changes what the inputs mean: the inputs of the graph before it that
    // correspond to the given inputs of the graph after it. Empty for all others.
    std::function<std::vector<Tensor>(const Graph &before, std::vector<Tensor> after)>
        inputsBefore{};
};

// What every network goes through before calibration, in this order.
std::vector<NamedPass> preparePasses();

// foldNormalization as a pass; to be run after preparePasses(), which bring padding and
// convolutions together.
NamedPass normalizationPass(std::vector<InputNormalization> normalizations);

struct PassOptions {
    bool verify = false; // run the graph before and after each pass and compare
    Evaluate evaluate{}; // how verify runs a graph; the float engine when empty
};

// Sends StageProgress of stage "rewrite" with the pass as detail. Diagnostics:
// passes.meaning-changed, cancelled, and those of the passes.
Result<std::shared_ptr<const Graph>> runPasses(std::shared_ptr<const Graph> graph,
                                               std::span<const NamedPass> passes,
                                               const PassOptions &options, std::stop_token stop,
                                               const EventSink &sink);

} // namespace hefstudio
