// A built-in HEF opened for running: its kernel program executed in integers, its outputs as the
// device would hand them over or as real numbers, and the host remainder in float behind them. The
// file alone is enough.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/tensor.h"
#include "pipeline/conversion_record.h"

#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>

namespace hefstudio {

struct Program;

class EmulatedHef {
public:
    // Diagnostics: run.vendor-program for a HEF without our program, hef.*, program.*.
    static Result<EmulatedHef> open(const std::filesystem::path &file);
    ~EmulatedHef();
    EmulatedHef(EmulatedHef &&) noexcept;
    EmulatedHef &operator=(EmulatedHef &&) noexcept;

    // Nothing for a file whose optional record was stripped: it still runs.
    const ConversionRecord *record() const;
    bool hasHostRemainder() const;

    struct Port {
        std::string name; // the network's
        Shape shape;      // ONNX order
        float scale = 1;
        std::int32_t zeroPoint = 0;
        int bits = 8;
    };
    const std::vector<Port> &inputs() const;
    // For looking inside (core/report): the layers, their order and their contexts.
    const Program &program() const;
    const std::vector<Port> &outputs() const;

    // Stored integers in ONNX order in, stored integers in ONNX order out; 0 threads means all
    // cores. May be called from several threads at once: each has buffers of its own, which are kept
    // for later calls, as is the plan for each number of threads. Diagnostics: program.malformed,
    // program.too-large, integer.input-mismatch, cancelled.
    Result<std::vector<Tensor>> run(std::span<const Tensor> inputs, int threads = 0,
                                    std::stop_token stop = {}) const;
    // (q − zero point) · scale, float32 in ONNX order.
    std::vector<Tensor> toReal(std::span<const Tensor> outputs) const;
    // The network's own outputs from the real device outputs, with their names. Diagnostics:
    // run.host-unsupported when the remainder holds operators this program does not compute.
    Result<std::vector<std::pair<std::string, Tensor>>>
    runHost(std::span<const Tensor> realOutputs) const;

private:
    struct State;
    explicit EmulatedHef(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace hefstudio
