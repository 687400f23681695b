// Runs a quantised graph with the reference layers: what the program of a HEF must reproduce.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "quantize/quantized_graph.h"

#include <functional>
#include <span>
#include <stop_token>
#include <vector>

namespace hefstudio {

class ThreadPool;

// Sees each value right after it is computed.
using IntegerObserver = std::function<void(TensorId tensor, const Tensor &value)>;

// Inputs in the graph's order, in the type and shape of their quantisation; outputs likewise. A
// value is freed after its last reader. Diagnostics: integer.input-mismatch, cancelled.
Result<std::vector<Tensor>> runInteger(const QuantizedGraph &quantized,
                                       std::span<const Tensor> inputs,
                                       const IntegerObserver &observer = {},
                                       std::stop_token stop = {}, ThreadPool *pool = nullptr);

// Real values as stored integers (nearest, ties to even, saturated) and back.
Tensor quantiseTensor(const Tensor &real, const TensorQuantisation &quantisation);
Tensor dequantiseTensor(const Tensor &stored, const TensorQuantisation &quantisation);
// The real values of a value inside a quantised graph, the factors of its channels included.
Tensor realValues(const QuantizedGraph &quantized, TensorId id, const Tensor &stored);

} // namespace hefstudio
