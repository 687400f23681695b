// Executes a Graph in float32 on this machine. A plan is made once (kernels chosen, weights packed,
// buffers assigned) and run many times. One FloatEngine runs one picture at a time; run several
// engines side by side, each with one thread, for many pictures; give one engine several threads for
// one picture. The bits are the same: how a layer is split does not depend on the threads.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

enum class InstructionSet { automatic, avx2, avx512 };

struct FloatEngineOptions {
    int threads = 1; // 0: all cores
    InstructionSet isa =
        InstructionSet::automatic; // process-wide in the kernel library: first wins
    // Every tensor of the graph is computed as such, so that an observer of run() sees them all.
    // Without it the engine may join layers, and an observer sees what is left.
    bool observeAll = false;
};

class FloatEngine {
public:
    // Diagnostics: engine.unsupported-layer.
    static Result<FloatEngine> create(std::shared_ptr<const Graph> graph,
                                      const FloatEngineOptions &options = {});
    // Another engine on the same plan: it shares the packed weights and has its own buffers. For
    // workers side by side.
    FloatEngine sibling() const;
    ~FloatEngine();
    FloatEngine(FloatEngine &&) noexcept;
    FloatEngine &operator=(FloatEngine &&) noexcept;

    // Sees each non-constant tensor right after it is computed, dense in the tensor's shape. The
    // values are valid during the call only.
    using Observer = std::function<void(TensorId tensor, std::span<const float> values)>;

    // Inputs in the graph's order, float32, of exactly the stated shapes; outputs likewise.
    // Diagnostics: engine.input-mismatch, cancelled.
    Result<std::vector<Tensor>> run(std::span<const Tensor> inputs, const Observer &observer = {},
                                    std::stop_token stop = {});

    // Like Observer, but pictures come as they lie: channels-last (N, H, W, C) where it says so.
    // Saves turning every tensor round for those who do not care about the order.
    using RawObserver =
        std::function<void(TensorId tensor, std::span<const float> values, bool isChannelsLast)>;
    Result<std::vector<Tensor>> runRaw(std::span<const Tensor> inputs, const RawObserver &observer,
                                       std::stop_token stop = {});

    // Like runRaw with an observer that may change what it sees: the layers that follow compute with
    // the changed values. For simulating coarser arithmetic; needs observeAll, or the engine may
    // have joined layers.
    using RawEditor =
        std::function<void(TensorId tensor, std::span<float> values, bool isChannelsLast)>;
    Result<std::vector<Tensor>> runEdited(std::span<const Tensor> inputs, const RawEditor &editor,
                                          std::stop_token stop = {});

    // What a run spends its time on, for measurements: one entry per step, in order.
    struct StepTime {
        std::string layer;
        std::string implementation;
        double seconds = 0;
    };
    Result<std::vector<StepTime>> profile(std::span<const Tensor> inputs);

private:
    struct State;
    explicit FloatEngine(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

// The widest instructions the kernel library uses in this process: "avx512", "avx2", "avx" or
// "sse41". Recorded with every result that float arithmetic shaped.
std::string effectiveInstructionSet();

} // namespace hefstudio
