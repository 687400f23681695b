// From ONNX to our Graph: static shapes, constants folded, one layer (or a few) per node, every
// layer with the names of the nodes it came from. What cannot be imported is reported completely:
// one diagnostic for each node at fault, so that one run shows the whole way to go.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "graph/graph.h"
#include "onnx/model_file.h"

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

struct ImportOptions {
    // Shapes for inputs by name. Needed where the file leaves a dimension open; may also replace a
    // stated shape of the same rank.
    std::map<std::string, std::vector<std::int64_t>> inputShapes;
    // Names of nodes whose outputs become the outputs of the graph, in this order; what only other
    // nodes need is not looked at. Empty: the outputs the model states.
    std::vector<std::string> endNodes;
};

// Diagnostics besides those of model_file.h: onnx.unsupported-op, onnx.unsupported-form,
// onnx.unsupported-type, onnx.unsupported-opset, onnx.dynamic-shape, onnx.input-shape-mismatch,
// onnx.unknown-input, onnx.unknown-node, onnx.undefined-input, onnx.undefined-output,
// onnx.duplicate-name, onnx.cycle, onnx.no-inputs, onnx.no-outputs, onnx.bad-attribute,
// onnx.missing-input, onnx.bad-constant, onnx.constant-too-large, onnx.not-finite, shape.*, graph.invalid.
Result<std::shared_ptr<const Graph>> importOnnx(const std::filesystem::path &file,
                                                const ImportOptions &options = {});
Result<std::shared_ptr<const Graph>> importOnnx(std::span<const std::byte> bytes,
                                                const ImportOptions &options = {});
Result<std::shared_ptr<const Graph>> importOnnx(const OnnxModel &model,
                                                const ImportOptions &options = {});

// The part of a model before the nodes that cannot be imported: what a chip could still compute of
// a network whose end it cannot.
struct ImportedPrefix {
    // Outputs: the values that left-out nodes read, in the order of those nodes, then the outputs
    // of the model that could be imported.
    std::shared_ptr<const Graph> graph;
    Diagnostics refused; // why nodes are left out; empty when the model is whole
    // Nodes that are no part of it: the refused ones and all that depend on them.
    std::vector<std::string> leftOut;
    std::vector<std::string> lostOutputs; // of the model
    // Every value that is the same for every input, under its ONNX name.
    std::map<std::string, std::shared_ptr<const Tensor>> constants;

    bool isWhole() const { return leftOut.empty(); }
};

// Fails like importOnnx, except for operators and forms that are not supported, as long as
// something is left before them.
Result<ImportedPrefix> importPrefix(const OnnxModel &model, const ImportOptions &options = {});

// Whether the importer knows the operator at all (some of its forms may still be refused).
bool isOperatorSupported(const std::string &domain, std::string_view op);
// All of them, in alphabetical order.
std::vector<std::string> supportedOperators();

} // namespace hefstudio
