// A quantised graph in float: the rounded weights as real numbers, every value brought onto its
// grid. As fast as the float engine, and the same as the integers but for the rounding of sums and
// tables; what searches and reports measure with where the exact run would take too long.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/float_engine.h"
#include "quantize/lower.h"
#include "quantize/quantized_graph.h"

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace hefstudio {

class Simulation {
public:
    // Diagnostics: those of FloatEngine.
    static Result<Simulation> create(std::shared_ptr<const QuantizedGraph> quantized,
                                     const FloatEngineOptions &options = {});
    Simulation sibling() const; // see FloatEngine

    // Real inputs in the graph's order, real outputs likewise, as the integers would give them.
    Result<std::vector<Tensor>> run(std::span<const Tensor> inputs, std::stop_token stop = {},
                                    const FloatEngine::RawObserver &observer = {});

private:
    Simulation(std::shared_ptr<const QuantizedGraph> quantized, FloatEngine engine);
    std::shared_ptr<const QuantizedGraph> m_quantized;
    FloatEngine m_engine;
};

// Each value to the nearest point of the grid; `channelScales` may be empty.
void roundToGrid(std::span<float> values, const Shape &shape, bool isChannelsLast,
                 const TensorQuantisation &quantisation, std::span<const float> channelScales);

// The weights and biases of an integer layer as real numbers, by slot; nothing for layers without
// (or that share them with others).
struct RealWeights {
    Tensor weights, bias;
};
std::optional<RealWeights> realWeights(const Graph &graph, const Layer &layer,
                                       const LoweredLayer &lowered, const ChannelScales &scales);

// The graph with the weights and biases of its integer layers as real numbers.
std::shared_ptr<const Graph> withRoundedWeights(const QuantizedGraph &quantized);

} // namespace hefstudio
