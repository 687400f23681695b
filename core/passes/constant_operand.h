// Reads constant operands the way the rewrites need them: as one number, as one number per channel,
// or as the affine function a·x + b that a layer computes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "passes/graph_rewriter.h"

#include <optional>
#include <vector>

namespace hefstudio {

// The only element of a floating-point constant; nothing for values and larger constants.
std::optional<double> scalarConstant(const GraphRewriter &graph, TensorId id);
// All elements of a constant in row-major order.
std::vector<double> constantValues(const GraphRewriter &graph, TensorId id);

// y = scale·x + shift, per channel of x (one entry each), or for all alike (a single entry).
struct AffineForm {
    TensorId x;
    std::vector<double> scale;
    std::vector<double> shift;

    bool isScalar() const { return scale.size() == 1; }
};
// Which axis of a value holds its channels: 1, or the last for the output of a fully connected
// layer.
std::size_t channelAxis(const GraphRewriter &graph, TensorId id);
// The affine function of a Binary with a constant, an affine or negating Elementwise, or a
// BatchNormalization. Nothing when the layer does more: another activation, a constant that varies
// along a picture, broadcasting of the value itself, a division by zero.
std::optional<AffineForm> affineForm(const GraphRewriter &graph, const Layer &layer);

// Is `id` computed by an Elementwise layer of this function, with nothing fused behind it?
const Layer *elementwise(const GraphRewriter &graph, TensorId id, Function function);
bool isNear(double a, double b); // to 1e-5, for constants written in decimal

} // namespace hefstudio
