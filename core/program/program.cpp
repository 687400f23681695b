// SPDX-License-Identifier: GPL-3.0-or-later
#include "program/program.h"

namespace hefstudio {

namespace {

class Builder {
public:
    explicit Builder(const QuantizedGraph &quantized)
        : m_quantized(quantized), m_graph(*quantized.graph), m_buffers(m_graph.tensors.size())
    {
        m_program.name = m_graph.name;
        for (const TensorId input : m_graph.inputs)
            m_program.inputs.push_back(bufferOf(input));
    }

    void add(const MappedContext &mapped)
    {
        ProgramContext context;
        m_values.assign(m_graph.tensors.size(), ProgramKernel::constantOperand);
        for (const TensorId id : mapped.inputs)
            context.loads.push_back({bufferOf(id), valueOf(context, id)});
        for (const LayerId id : mapped.layers) {
            const Layer &layer = m_graph.layer(id);
            if (layer.is<Input>())
                continue;
            ProgramKernel kernel{m_quantized.layer(id), {}, 0};
            for (std::size_t slot = 0; slot < kernel.layer.operands.size(); ++slot)
                kernel.operands.push_back(kernel.layer.operands[slot].constant
                                              ? ProgramKernel::constantOperand
                                              : valueOf(context, layer.inputs[slot]));
            kernel.result = valueOf(context, layer.output);
            context.kernels.push_back(std::move(kernel));
        }
        for (const TensorId id : mapped.outputs)
            if (!m_graph.layer(m_graph.tensor(id).producer).is<Input>())
                context.stores.push_back({bufferOf(id), valueOf(context, id)});
        m_program.contexts.push_back(std::move(context));
    }

    Program finish() &&
    {
        for (const TensorId output : m_graph.outputs)
            m_program.outputs.push_back(bufferOf(output));
        return std::move(m_program);
    }

private:
    BufferId bufferOf(TensorId id)
    {
        BufferId &buffer = m_buffers[id.index()];
        if (!buffer.isValid()) {
            buffer = BufferId(m_program.buffers.size());
            const TensorInfo &info = m_graph.tensor(id);
            m_program.buffers.push_back({info.name, info.shape, m_quantized.of(id)});
        }
        return buffer;
    }

    std::uint32_t valueOf(ProgramContext &context, TensorId id)
    {
        std::uint32_t &value = m_values[id.index()];
        if (value == ProgramKernel::constantOperand) {
            value = static_cast<std::uint32_t>(context.values.size());
            const TensorInfo &info = m_graph.tensor(id);
            context.values.push_back({info.name, info.shape, m_quantized.of(id)});
        }
        return value;
    }

    const QuantizedGraph &m_quantized;
    const Graph &m_graph;
    Program m_program;
    std::vector<BufferId> m_buffers;     // by TensorId
    std::vector<std::uint32_t> m_values; // by TensorId, of the context at work
};

} // namespace

Result<Program> buildProgram(const QuantizedGraph &quantized, const Mapping &mapping)
{
    Builder builder(quantized);
    for (const MappedContext &context : mapping.contexts)
        builder.add(context);
    Program program = std::move(builder).finish();
    if (auto ok = verifyProgram(program); !ok)
        return passOn(std::move(ok));
    return program;
}

} // namespace hefstudio
