// Makes a FloatPlan: chooses layouts and kernels layer by layer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dnnl_wrapper.h"
#include "engine/float_fusion.h"
#include "engine/float_plan.h"

#include <array>
#include <optional>
#include <span>

namespace hefstudio {

// One chunk of a step that a kernel of the library does: where in the buffers it works (offsets in
// values), and its result as rows. Rows that lie apart are made in scratch memory and put there by
// the epilogue.
struct KernelPart {
    std::shared_ptr<const dnnl_wrapper::Kernel> kernel;
    std::int64_t source = 0, second = 0, destination = 0;
    std::int64_t rows = 0, columns = 0, destinationRow = 0;

    bool isDense() const { return destinationRow == columns; }
};

class FloatPlanner {
public:
    FloatPlanner(std::shared_ptr<const Graph> graph, const FloatEngineOptions &options);
    Result<std::shared_ptr<const FloatPlan>> finish();

private:
    // Values.
    ValueIndex addValue(const Shape &shape, Layout layout);
    // The tensor as a value of the wanted layout, converted now if it does not exist yet.
    ValueIndex need(TensorId tensor, Layout layout);
    ValueIndex needPlain(const Layer &layer, std::size_t slot);
    ValueIndex needAnyOf(const Layer &layer, std::size_t slot, Layout preferred);
    // The layout a tensor exists in (channels-last when in both).
    Layout layoutOf(TensorId tensor) const;
    ValueIndex define(TensorId tensor, Layout layout);
    void defineAs(TensorId tensor, Layout layout, ValueIndex value);
    ValueIndex addConstant(const Shape &shape, Layout layout, std::vector<float> values);
    const PlanValue &value(ValueIndex index) const
    {
        return m_plan->values[static_cast<std::size_t>(index)];
    }
    loops::Strides stridesOf(ValueIndex index) const;
    // Strides for reading `index` broadcast to `shape`.
    loops::Strides broadcastStrides(ValueIndex index, const Shape &shape) const;

    // Steps.
    using Run = std::function<void(const float *const *sources, float *destination)>;
    void addStep(const Layer &layer, const char *implementation, std::vector<ValueIndex> reads,
                 ValueIndex writes, Run run);
    // The same in `chunks` parts that write different places.
    using ChunkRun =
        std::function<void(const float *const *sources, float *destination, int chunk)>;
    void addChunks(const Layer &layer, const char *implementation, std::vector<ValueIndex> reads,
                   ValueIndex writes, int chunks, ChunkRun run);
    static int chunksFor(std::int64_t values);
    void addKernels(const Layer &layer, std::vector<KernelPart> parts,
                    std::vector<ValueIndex> reads, ValueIndex writes, const Epilogue &epilogue,
                    ValueIndex residual);
    void addCopy(const Layer &layer, const char *what, ValueIndex from, ValueIndex to,
                 const loops::Copy &copy, std::int64_t fromOffset = 0, std::int64_t toOffset = 0);
    void addFunction(const Layer &layer, const ScalarFunction &function, ValueIndex from,
                     ValueIndex to);
    void addReference(const Layer &layer);

    // Layers. False: the layer has no kernel here and runs as the reference defines it.
    bool plan(const Layer &layer, const Input &);
    bool plan(const Layer &layer, const Convolution &convolution);
    bool plan(const Layer &layer, const TransposedConvolution &convolution);
    bool plan(const Layer &layer, const FullyConnected &);
    bool plan(const Layer &layer, const MatMul &);
    bool plan(const Layer &layer, const BatchNormalization &normalization);
    bool plan(const Layer &layer, const LayerNormalization &normalization);
    bool plan(const Layer &layer, const Elementwise &elementwise);
    bool plan(const Layer &layer, const ParametricRelu &);
    bool plan(const Layer &layer, const Binary &binary);
    bool plan(const Layer &layer, const MaxPool &pool);
    bool plan(const Layer &layer, const AveragePool &pool);
    bool plan(const Layer &layer, const Reduce &reduce);
    bool plan(const Layer &layer, const Concat &concat);
    bool plan(const Layer &layer, const Slice &slice);
    bool plan(const Layer &layer, const Reshape &);
    bool plan(const Layer &layer, const Transpose &transpose);
    bool plan(const Layer &layer, const Resize &resize);
    bool plan(const Layer &layer, const Softmax &softmax);
    bool plan(const Layer &layer, const Pad &pad);
    bool plan(const Layer &layer, const DepthToSpace &depthToSpace);
    bool plan(const Layer &layer, const SpaceToDepth &spaceToDepth);
    bool plan(const Layer &layer, const Gather &gather);
    bool plan(const Layer &layer, const Broadcast &);
    // The kinds of the tails and of sequence networks: the reference is their kernel.
    template<class Kind> bool plan(const Layer &, const Kind &) { return false; }

    void addNormalization(const Layer &layer, ValueIndex input, ValueIndex result,
                          std::int64_t length, float epsilon, std::span<const float> gamma,
                          std::span<const float> beta);
    void addCombination(const Layer &layer, loops::Combine op, ValueIndex a, ValueIndex b,
                        ValueIndex result);
    bool planPool(const Layer &layer, dnnl_wrapper::Pool pool, const Window &window);
    bool planCombination(const Layer &layer, loops::Combine op);
    bool planRearrangement(const Layer &layer, const Shape &seenAs, loops::Strides from,
                           ValueIndex source, const Shape &resultAs, loops::Strides to,
                           Layout layout);
    ValueIndex padded(const Layer &layer, ValueIndex source, const Window &window,
                      const Shape &outputShape, std::span<const float> padValues);
    void finishActivation(const Layer &layer, ValueIndex result, bool isFused);

    // Layers that the step of an earlier one does.
    FusedTail tailOf(const Layer &layer, bool takesBias);
    TailFinder finder() const;
    void take(std::span<const LayerId> absorbed, TensorId result);
    // Kernels for a layer with this tail; false without a change when there are none. The bias and
    // what the library does of the tail are in the settings.
    bool finishKernels(const Layer &layer, std::vector<KernelPart> parts,
                       std::vector<ValueIndex> reads, FusedTail tail, Layout layout);

    const Shape &shapeOf(TensorId tensor) const { return m_graph.tensor(tensor).shape; }
    std::span<const float> constantOf(const Layer &layer, std::size_t slot) const;
    void placeBuffers();

    std::shared_ptr<FloatPlan> m_plan;
    const Graph &m_graph;
    std::vector<std::array<ValueIndex, 2>> m_where; // per tensor: plain, channels-last
    std::vector<bool> m_isAbsorbed;                 // per layer
    TensorId m_made;                                // by the layer being planned
};

} // namespace hefstudio
