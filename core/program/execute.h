// Runs a program with the reference layers, context after context. Between contexts only the
// declared buffers survive: each context starts with nothing but its loads.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "program/program.h"

#include <functional>
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

} // namespace hefstudio
