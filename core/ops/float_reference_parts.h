// The pieces of the float reference, one function per layer kind; runFloatReference() dispatches.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/layer.h"

#include <functional>
#include <span>
#include <vector>

namespace hefstudio::reference {

using Operands = std::span<const Tensor *const>;

// nullptr for an operand that is absent or not given.
inline const Tensor *operandAt(Operands operands, std::size_t slot)
{
    return slot < operands.size() ? operands[slot] : nullptr;
}

// Any element type as doubles, and back (integers are truncated and kept in range).
std::vector<double> asDoubles(const Tensor &tensor);
Tensor fromDoubles(ElementType type, const Shape &shape, std::span<const double> values);

// For each element of `shape`, the index of the element of `from` that NumPy broadcasting pairs
// with it.
std::vector<std::int64_t> broadcastIndices(const Shape &from, const Shape &shape);

// Shape split around one axis: outer × length × inner.
struct AxisView {
    std::int64_t outer = 1, length = 1, inner = 1;
};
AxisView viewAround(const Shape &shape, std::size_t axis);

// x to the power y from base/math.h, so that folded constants have the same bits everywhere.
double exactPower(double x, double y);

Tensor run(const Convolution &attributes, Operands operands, const Shape &shape);
Tensor run(const TransposedConvolution &attributes, Operands operands, const Shape &shape);
Tensor run(const MaxPool &attributes, Operands operands, const Shape &shape);
Tensor run(const AveragePool &attributes, Operands operands, const Shape &shape);
Tensor run(const Resize &attributes, Operands operands, const Shape &shape);

Tensor run(const FullyConnected &attributes, Operands operands, const Shape &shape);
Tensor run(const MatMul &attributes, Operands operands, const Shape &shape);
Tensor run(const BatchNormalization &attributes, Operands operands, const Shape &shape);
Tensor run(const LayerNormalization &attributes, Operands operands, const Shape &shape);
Tensor run(const Softmax &attributes, Operands operands, const Shape &shape);
Tensor run(const Reduce &attributes, Operands operands, const Shape &shape);

Tensor run(const Elementwise &attributes, Operands operands, const Shape &shape);
Tensor run(const ParametricRelu &attributes, Operands operands, const Shape &shape);
Tensor run(const Binary &attributes, Operands operands, const Shape &shape);

Tensor run(const RmsNormalization &attributes, Operands operands, const Shape &shape);
Tensor run(const Select &attributes, Operands operands, const Shape &shape);
Tensor run(const ArgReduce &attributes, Operands operands, const Shape &shape);
Tensor run(const TopK &attributes, Operands operands, const Shape &shape);
Tensor run(const CumulativeSum &attributes, Operands operands, const Shape &shape);
Tensor run(const GatherElements &attributes, Operands operands, const Shape &shape);
Tensor run(const GatherNd &attributes, Operands operands, const Shape &shape);
Tensor run(const ScatterElements &attributes, Operands operands, const Shape &shape);
Tensor run(const ScatterNd &attributes, Operands operands, const Shape &shape);
Tensor run(const GridSample &attributes, Operands operands, const Shape &shape);
Tensor run(const RoiAlign &attributes, Operands operands, const Shape &shape);
Tensor run(const Recurrent &attributes, Operands operands, const Shape &shape);

// These move elements of any type.
Tensor run(const Concat &attributes, Operands operands, const Shape &shape);
Tensor run(const Slice &attributes, Operands operands, const Shape &shape);
Tensor run(const Reshape &attributes, Operands operands, const Shape &shape);
Tensor run(const Transpose &attributes, Operands operands, const Shape &shape);
Tensor run(const Pad &attributes, Operands operands, const Shape &shape);
Tensor run(const DepthToSpace &attributes, Operands operands, const Shape &shape);
Tensor run(const SpaceToDepth &attributes, Operands operands, const Shape &shape);
Tensor run(const Gather &attributes, Operands operands, const Shape &shape);
Tensor run(const Broadcast &attributes, Operands operands, const Shape &shape);

} // namespace hefstudio::reference
