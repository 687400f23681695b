// How a graph is executed: its layers as a list of steps over values. A value is a buffer in the
// arena (or a constant); a tensor of the graph may exist as two values, plain (as the graph defines
// it) and channels-last, made when a step asks for it. The plan is immutable and shared by the
// engines that run it; each engine binds the steps to its own arena.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/float_engine.h"
#include "engine/loops.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hefstudio {

enum class Layout { plain, channelsLast };

using ValueIndex = std::int32_t;
inline constexpr ValueIndex noValue = -1;

struct PlanValue {
    Shape shape; // logical: ONNX order whatever the layout
    Layout layout = Layout::plain;
    std::int64_t count = 0;
    ValueIndex aliasOf = noValue;                  // same bytes as another value
    std::shared_ptr<const std::vector<float>> own; // a constant made while planning
    const float *constant = nullptr;
    int firstStep = 0, lastStep = -1; // of the buffer's life, for roots that are not constant
    std::size_t offset = 0;           // into the arena, in floats
};

// Resolves what a step needs when an engine binds it.
struct PlanBinder {
    std::function<const float *(ValueIndex)> read;
    std::function<float *(ValueIndex)> write;
};

// Does one chunk of a step; chunks of a step may run side by side, each with its own scratch memory
// of the step's scratchBytes, 64-byte aligned.
using RunChunk = std::function<void(int chunk, std::byte *scratch)>;

struct PlanStep {
    std::string name; // of the layer it works for
    const char *implementation = "";
    std::vector<ValueIndex> reads;
    ValueIndex writes = noValue;
    std::size_t scratchBytes = 0;
    int chunks = 1; // by the work there is, never by the number of threads: the bits depend on it
    std::function<RunChunk(const PlanBinder &)> bind;
    std::vector<TensorId> finishes; // tensors whose values are complete after this step
};

struct FloatPlan {
    std::shared_ptr<const Graph> graph;
    FloatEngineOptions options;
    std::vector<PlanValue> values;
    std::vector<PlanStep> steps;
    std::vector<TensorId> finishedAtStart; // the inputs, as a rule
    std::vector<ValueIndex> inputs;        // plain, in the graph's order
    std::vector<ValueIndex> outputs;       // plain, in the graph's order
    std::vector<ValueIndex> observed;      // per tensor: the value an observer is shown, or noValue
    std::vector<loops::Copy> toPlain;      // per tensor, filled where that value is channels-last
    std::size_t arenaFloats = 0;
    std::size_t scratchBytes = 0;
    std::int64_t largestObserved = 0;

    ValueIndex root(ValueIndex value) const
    {
        while (values[static_cast<std::size_t>(value)].aliasOf != noValue)
            value = values[static_cast<std::size_t>(value)].aliasOf;
        return value;
    }
};

Result<std::shared_ptr<const FloatPlan>> makeFloatPlan(std::shared_ptr<const Graph> graph,
                                                       const FloatEngineOptions &options);

// Strides of a value along its logical axes.
loops::Strides logicalStrides(const Shape &shape, Layout layout);

} // namespace hefstudio
