// The meaning of every layer kind in float32, written to be obviously right and slow. Fast kernels
// (core/engine) are tested against it, constants are folded with it. Sums run in double.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/layer.h"

#include <span>

namespace hefstudio {

double applyFunction(const ScalarFunction &function, double x);

// `operands` in the layer's input order (nullptr for an absent one), float32 except Gather's int64
// indices. The result has `outputShape`; the fused activation is applied.
Tensor runFloatReference(const Attributes &attributes, const ScalarFunction &activation,
                         std::span<const Tensor *const> operands, const Shape &outputShape);

} // namespace hefstudio
