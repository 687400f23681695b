// The output shape of every layer kind, with checked arithmetic: the single place that knows it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"
#include "graph/graph_builder.h"

#include <span>

namespace hefstudio {

// Shapes of absent optional operands are empty pointers. Diagnostics: shape.mismatch,
// shape.too-large, shape.operand-count.
Result<Shape> inferShape(const Attributes &attributes, std::span<const Shape *const> operands);

// Adds a layer to a builder with its inferred shape.
Result<TensorId> addLayer(GraphBuilder &builder, std::string name, Attributes attributes,
                          std::vector<TensorId> inputs, GraphBuilder::Options options = {});

} // namespace hefstudio
