// Executes an IntegerNetwork at the speed of the machine, bit for bit as runIntegerReference()
// would. A plan is made once (kernels chosen, weights packed, buffers assigned) and run many times.
// One engine runs one picture at a time, on its own threads; several run side by side.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/integer_instruction_set.h"
#include "engine/integer_network.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

struct IntegerEngineOptions {
    int threads = 1; // 0: all cores
    // The result is the same at every level.
    IntegerInstructionSet isa = IntegerInstructionSet::amx;
};

class IntegerEngine {
public:
    // The network's layers must have passed checkIntegerLayer() for their shapes.
    static IntegerEngine create(IntegerNetwork network, const IntegerEngineOptions &options = {});
    // Another engine on the same plan: it shares the packed weights and has its own buffers.
    IntegerEngine sibling() const;
    ~IntegerEngine();
    IntegerEngine(IntegerEngine &&) noexcept;
    IntegerEngine &operator=(IntegerEngine &&) noexcept;

    // Sees each node's result right after it is computed, in ONNX order.
    using Observer = std::function<void(std::size_t node, const Tensor &result)>;

    // Stored integers in the network's order, of exactly its types and shapes (the caller's
    // business); outputs likewise, all in ONNX order. Diagnostics: cancelled.
    Result<std::vector<Tensor>> run(std::span<const Tensor *const> inputs,
                                    const Observer &observer = {}, std::stop_token stop = {});

    // What a run spends its time on, for measurements: one entry per step, in order.
    struct StepTime {
        std::string layer;
        std::string implementation;
        double seconds = 0;
    };
    std::vector<StepTime> profile(std::span<const Tensor *const> inputs);

private:
    struct State;
    explicit IntegerEngine(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

// One layer on its own, for those who look at single layers: an engine for operands of these shapes
// (constants may be null), and its run, as runIntegerReference(). The layer must outlive the engine.
IntegerEngine makeLayerEngine(const IntegerLayer &layer, std::span<const Tensor *const> operands,
                              const Shape &outputShape, const IntegerEngineOptions &options = {});
Tensor runLayer(IntegerEngine &engine, const IntegerLayer &layer,
                std::span<const Tensor *const> operands);

} // namespace hefstudio
