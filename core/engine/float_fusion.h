// Which layers after a convolution or a product are done by the step of that layer, on values that
// are still in the cache: its activation (also one spelled out in several layers: SiLU as
// x·sigmoid(x), GELU by erf), a bias added apart, a residual.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/epilogue.h"
#include "graph/graph.h"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace hefstudio {

// What follows a layer, as far as its step can do it.
struct FusedTail {
    TensorId result; // the tensor that the step then makes
    std::span<const float> bias; // of the last axis
    Epilogue epilogue;
    TensorId residual; // valid where the epilogue adds one
    std::vector<LayerId> absorbed;
};

// A layer normalisation over the last axis made of nine layers, found at the first of them.
struct SpelledNormalization {
    TensorId result;
    float epsilon = 0;
    std::span<const float> gamma, beta;
    std::vector<LayerId> absorbed; // without the first
};

class TailFinder {
public:
    // `isThere` says whether a tensor's value exists before the layer looked at.
    TailFinder(const Graph &graph, std::function<bool(TensorId)> isThere)
        : m_graph(graph), m_isThere(std::move(isThere))
    {
    }

    // Begins with the layer's own activation. `takesBias`: the step can add one.
    FusedTail find(const Layer &layer, bool takesBias) const;
    // (x − mean)/√(mean((x − mean)²) + ε)·γ + β, from the first mean on.
    std::optional<SpelledNormalization> normalizationAt(const Layer &mean) const;
    // Only the layer itself, for plans in which every tensor can be observed.
    static FusedTail alone(const Layer &layer);

private:
    struct Spelled { // a function made of several layers
        ScalarFunction function;
        TensorId result;
        std::vector<LayerId> layers;
    };
    std::optional<Spelled> activationAfter(TensorId tensor) const;
    std::optional<Spelled> gatedAfter(TensorId tensor) const;
    std::optional<Spelled> geluAfter(TensorId tensor) const;
    bool extend(FusedTail &tail, bool takesBias) const;

    const Layer *soleReader(TensorId tensor) const;
    const Layer *multiplication(TensorId a, TensorId b) const;
    // x·factor (or x/…) with a constant of one element; x + term likewise.
    std::optional<float> factorOf(const Layer &layer, TensorId x) const;
    std::optional<float> termOf(const Layer &layer, TensorId x) const;
    // The constant of one value per element of the last axis that `op` joins with x.
    std::span<const float> rowBeside(const Layer &layer, BinaryOperator op, TensorId x) const;
    std::optional<float> scalarBeside(const Layer &layer, TensorId x) const;
    bool isPlain(const Layer &layer) const { return !layer.hasActivation(); }
    bool isOutput(TensorId tensor) const;

    const Graph &m_graph;
    std::function<bool(TensorId)> m_isThere;
};

} // namespace hefstudio
