// Runs a program, context after context: execute() with the reference layers, which define the
// numbers, ProgramRunner with the integer engine, which gives the same ones fast. Between contexts
// only the declared buffers survive: each context starts with nothing but its loads.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/integer_engine.h"
#include "program/program.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace hefstudio {

struct ExecuteOptions {
    int threads = 1;
    // Sees every kernel's result right after it is computed; may be empty.
    std::function<void(const ProgramKernel &kernel, const Tensor &result)> observer;
};

// Inputs in the program's order, uint8 or uint16 as their quantisation says, in ONNX order (N, C,
// H, W); outputs likewise. Diagnostics: integer.input-mismatch, cancelled, and those of
// verifyProgram().
Result<std::vector<Tensor>> execute(const Program &program, std::span<const Tensor> inputs,
                                    const ExecuteOptions &options = {}, std::stop_token stop = {});

// Planned once, run many times, one picture at a time.
class ProgramRunner {
public:
    // Diagnostics: those of verifyProgram().
    static Result<ProgramRunner> create(std::shared_ptr<const Program> program,
                                        const IntegerEngineOptions &options = {});
    // Another one on the same plan, with its own buffers: for workers side by side.
    ProgramRunner sibling() const;

    using Observer = std::function<void(const ProgramKernel &kernel, const Tensor &result)>;
    // As execute(). Diagnostics: integer.input-mismatch, cancelled.
    Result<std::vector<Tensor>> run(std::span<const Tensor> inputs, const Observer &observer = {},
                                    std::stop_token stop = {});
    // What a run spends its time on, for measurements.
    Result<std::vector<IntegerEngine::StepTime>> profile(std::span<const Tensor> inputs);

private:
    explicit ProgramRunner(std::shared_ptr<const Program> program);
    // Calls work(context, its engine, its loads); the result of each becomes its stores.
    template<class Work>
    Result<std::vector<Tensor>> runContexts(std::span<const Tensor> inputs, const Work &work);

    std::shared_ptr<const Program> m_program;
    std::vector<IntegerEngine> m_contexts;
};

} // namespace hefstudio
