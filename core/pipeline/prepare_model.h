// `hefc prepare`: the chip's part of a network as an ONNX model of its own, rewritten until it
// holds what the vendor's parser is known to read, and the rest for the host as another.
// Numerically the two together are the network. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "base/file.h"
#include "heads/end_nodes.h"
#include "heads/head_layout.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

struct PrepareOptions {
    std::map<std::string, std::vector<std::int64_t>> inputShapes;
    std::vector<std::string> startNodes;
    std::vector<std::string> endNodes; // empty: found by structure
    bool verify = false;               // prove every rewrite on the float engine
};

struct PreparedModel {
    std::shared_ptr<const Graph> graph; // what `onnx` holds; its outputs in the order of `ends`
    std::shared_ptr<const Graph> device; // the same part as cut, before any rewriting
    std::optional<HeadLayout> head;      // what the outputs mean, for a detector of known coding
    Bytes onnx;
    Bytes host; // reads the outputs of the other by name; empty when nothing is left
    std::vector<EndNodeProposal> ends;
    std::vector<std::string> hostOutputs;
    // What the vendor's parser may still refuse: warnings prepare.parser-limit, one per kind.
    Diagnostics warnings;
};

// The end nodes' names as the parser wants them are those of `onnx`: it ends there itself, so no
// list is needed. Diagnostics: those of importing, cutting, rewriting and export.
Result<PreparedModel> prepareModel(const std::filesystem::path &model,
                                   const PrepareOptions &options, std::stop_token stop,
                                   const EventSink &sink);

} // namespace hefstudio
