// Executes a Graph in float32 on this machine. A plan is made once (kernels chosen, weights packed,
// buffers assigned) and run many times. One FloatEngine runs one picture at a time; run several
// engines side by side, each with one thread, where results must not depend on the thread count.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace hefstudio {

enum class InstructionSet { automatic, avx2, avx512 };

struct FloatEngineOptions {
    int threads = 1;
    InstructionSet isa =
        InstructionSet::automatic; // process-wide in the kernel library: first wins
    // Tensors whose values the observer of run() sees; they are kept as the graph defines them
    // (post-activation). Empty: only the outputs are kept.
    bool observeAll = false;
};

class FloatEngine {
public:
    // Diagnostics: engine.unsupported-layer.
    static Result<FloatEngine> create(std::shared_ptr<const Graph> graph,
                                      const FloatEngineOptions &options = {});
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

private:
    struct Plan;
    explicit FloatEngine(std::unique_ptr<Plan> plan);
    std::unique_ptr<Plan> m_plan;
};

} // namespace hefstudio
