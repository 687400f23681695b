// The kernel program of a built-in HEF as a value: contexts that run one after the other, kernels
// in each, and the buffers that outlive a context. It is complete: the file alone can be executed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_id.h"
#include "mapping/mapping.h"
#include "ops/integer_layer.h"
#include "quantize/quantized_graph.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hefstudio {

// A tensor that lives in the host's memory: an input, an output, or what one context leaves for a
// later one.
struct ProgramBuffer {
    std::string name; // of the graph's tensor
    Shape shape;
    TensorQuantisation quantisation;
    friend bool operator==(const ProgramBuffer &, const ProgramBuffer &) = default;
};

// A tensor that lives inside one context only.
struct ProgramValue {
    std::string name;
    Shape shape;
    TensorQuantisation quantisation;
    friend bool operator==(const ProgramValue &, const ProgramValue &) = default;
};

struct ProgramKernel {
    static constexpr std::uint32_t constantOperand = 0xFFFFFFFF;

    IntegerLayer layer;                  // its name is the source layer's
    std::vector<std::uint32_t> operands; // values of the context, or constantOperand
    std::uint32_t result = 0;
    friend bool operator==(const ProgramKernel &, const ProgramKernel &) = default;
};

// Between a buffer and a value of the context.
struct ProgramTransfer {
    BufferId buffer;
    std::uint32_t value = 0;
    friend bool operator==(const ProgramTransfer &, const ProgramTransfer &) = default;
};

struct ProgramContext {
    std::vector<ProgramValue> values;
    std::vector<ProgramTransfer> loads; // before the first kernel
    std::vector<ProgramKernel> kernels;
    std::vector<ProgramTransfer> stores; // after the last; everything else is lost
    friend bool operator==(const ProgramContext &, const ProgramContext &) = default;
};

struct Program {
    std::string name;
    std::vector<ProgramBuffer> buffers;
    std::vector<BufferId> inputs;  // in the model's order
    std::vector<BufferId> outputs; // in the model's order
    std::vector<ProgramContext> contexts;

    const ProgramBuffer &buffer(BufferId id) const { return buffers[id.index()]; }
    friend bool operator==(const Program &, const Program &) = default;
};

// Kernels follow the mapping's contexts; a tensor the mapping does not declare does not cross.
// Diagnostics: program.malformed (a mapping that leaves a value out).
Result<Program> buildProgram(const QuantizedGraph &quantized, const Mapping &mapping);

// Everything that executing relies on: ids exist, each value is set once before it is read, each
// buffer is filled before it is loaded, layers are sound for their shapes, and nothing asks for an
// unreasonable amount of memory. Diagnostics: program.malformed, program.too-large.
Result<void> verifyProgram(const Program &program);

} // namespace hefstudio
