// Runs a quantised graph: runInteger() with the reference layers, what the program of a HEF must
// reproduce; IntegerRunner with the integer engine, the same numbers fast.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/integer_engine.h"
#include "quantize/quantized_graph.h"

#include <functional>
#include <memory>
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

// Planned once, run many times, one picture at a time.
class IntegerRunner {
public:
    explicit IntegerRunner(std::shared_ptr<const QuantizedGraph> quantized,
                           const IntegerEngineOptions &options = {});
    // Another one on the same plan, with its own buffers: for workers side by side.
    IntegerRunner sibling() const;
    // As runInteger(). Diagnostics: integer.input-mismatch, cancelled.
    Result<std::vector<Tensor>> run(std::span<const Tensor> inputs,
                                    const IntegerObserver &observer = {},
                                    std::stop_token stop = {});

private:
    IntegerRunner(std::shared_ptr<const QuantizedGraph> quantized, IntegerEngine engine,
                  std::vector<TensorId> results);
    std::shared_ptr<const QuantizedGraph> m_quantized;
    std::vector<TensorId> m_results; // by node of the engine's network
    IntegerEngine m_engine;
};

// Real values as stored integers (nearest, ties to even, saturated) and back.
Tensor quantiseTensor(const Tensor &real, const TensorQuantisation &quantisation);
Tensor dequantiseTensor(const Tensor &stored, const TensorQuantisation &quantisation);
// The real values of a value inside a quantised graph, the factors of its channels included.
Tensor realValues(const QuantizedGraph &quantized, TensorId id, const Tensor &stored);

} // namespace hefstudio
