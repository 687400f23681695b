// Integer and truth-value arithmetic on constants: what exporters leave of the shape computations
// of the original program (Shape → Gather → Mul → Concat → Reshape). Float constants are folded
// with the float reference instead, by NodeImport. Internal to this room. SPDX-License-Identifier:
// GPL-3.0-or-later
#pragma once

#include "onnx/import_context.h"

namespace hefstudio::onnx_import {

// Sets the outputs of the node and answers true when it is one for this evaluator: Constant, Shape
// and their like, or an operator on constants of which an importer would make nothing. Throws
// Refused when the constants make no sense (division by zero, shapes that do not fit).
bool evaluateConstantNode(GraphImport &graph, const OnnxNode &node);

// Whether the operator exists for constants only, so that it is refused on computed values.
bool isConstantsOnly(std::string_view op);
std::span<const std::string_view> constantsOnlyOperators();

} // namespace hefstudio::onnx_import
