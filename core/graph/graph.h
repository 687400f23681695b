// The network as a directed acyclic graph of layers and tensors: plain data, immutable once built
// and shared by pointer-to-const. Tensors are values between layers or constants; layers stand in
// topological order. Build one with GraphBuilder, change one by building another (GraphRewriter
// in core/passes); verify() says whether the invariants hold.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "graph/layer.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

struct TensorInfo {
    TensorId id;
    std::string name; // unique within its graph; the ONNX value name where there is one
    ElementType type = ElementType::float32;
    Shape shape;
    LayerId producer;                       // invalid for constants
    std::vector<LayerId> consumers;         // ascending; a layer that reads twice stands once
    std::shared_ptr<const Tensor> constant; // null for values between layers

    bool isConstant() const { return constant != nullptr; }
};

struct Graph {
    std::string name;
    std::vector<Layer> layers; // topological order; layers[id.index()].id == id
    std::vector<TensorInfo> tensors;
    std::vector<TensorId> inputs;  // outputs of Input layers, in the model's order
    std::vector<TensorId> outputs; // in the model's order
    // What the exporter left in the file (ONNX metadata_props), unread.
    std::vector<std::pair<std::string, std::string>> metadata;

    const Layer &layer(LayerId id) const { return layers[id.index()]; }
    const TensorInfo &tensor(TensorId id) const { return tensors[id.index()]; }
    const TensorInfo &outputOf(const Layer &layer) const { return tensor(layer.output); }
    const TensorInfo &inputOf(const Layer &layer, std::size_t slot) const
    {
        return tensor(layer.inputs[slot]);
    }
    bool hasInput(const Layer &layer, std::size_t slot) const
    {
        return slot < layer.inputs.size() && layer.inputs[slot].isValid();
    }
    const Layer *findLayer(std::string_view name) const;
    const TensorInfo *findTensor(std::string_view name) const;
    bool isOutput(TensorId id) const;
};

// Checks every invariant written above plus: operands exist, no cycles, constants match their
// stated shape, attribute lists have the rank of their operand. Diagnostics: graph.invalid.
Result<void> verify(const Graph &graph);

// One line a layer: "conv1 convolution 3x3/2 (images) -> 1×16×160×160 relu"; stable, for tests
// and logs.
std::string printGraph(const Graph &graph);

// Multiply-accumulate operations of one layer, and of all.
std::int64_t multiplyAccumulates(const Graph &graph, const Layer &layer);
std::int64_t multiplyAccumulates(const Graph &graph);
// Elements of the layer's constant weights.
std::int64_t parameterCount(const Graph &graph);

} // namespace hefstudio
