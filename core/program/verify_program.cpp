// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/checked.h"
#include "program/program.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace hefstudio {

namespace {

// Bytes of all values and buffers that are alive at once. A program that asks for more is broken or
// hostile: a chip of this family has a few megabytes.
constexpr std::int64_t mostLiveBytes = std::int64_t(1) << 30;

bool isSane(const TensorQuantisation &quantisation)
{
    return (quantisation.bits == 8 || quantisation.bits == 16) &&
           std::isfinite(quantisation.scale) && quantisation.scale > 0 &&
           quantisation.zeroPoint >= 0 && quantisation.zeroPoint <= quantisation.maximum();
}

class Verifier {
public:
    explicit Verifier(const Program &program) : m_program(program) {}

    Result<void> run()
    {
        if (auto ok = checkBuffers(); !ok)
            return ok;
        std::vector<bool> isFilled(m_program.buffers.size(), false);
        for (const BufferId input : m_program.inputs) {
            if (isFilled[input.index()])
                return malformed("an input stands twice");
            isFilled[input.index()] = true;
        }
        for (m_context = 0; m_context < m_program.contexts.size(); ++m_context)
            if (auto ok = checkContext(m_program.contexts[m_context], isFilled); !ok)
                return ok;
        for (const BufferId output : m_program.outputs)
            if (!isFilled[output.index()])
                return malformed("nothing fills output " + m_program.buffer(output).name);
        return {};
    }

private:
    std::unexpected<Diagnostics> malformed(std::string what) const
    {
        return fail(Diagnostic("program.malformed",
                               Place{.keyPath = "contexts[" + std::to_string(m_context) + "]"})
                        .with("what", std::move(what)));
    }

    Result<std::int64_t> bytesOf(const Shape &shape, const TensorQuantisation &quantisation) const
    {
        if (!isSane(quantisation))
            return malformed("a quantisation is out of range");
        const auto count = checkedElementCount(shape.dims());
        if (!count || *count > mostLiveBytes)
            return fail(Diagnostic("program.too-large").with("shape", shape.text()));
        return *count * (quantisation.bits / 8);
    }

    Result<void> checkBuffers()
    {
        for (const ProgramBuffer &buffer : m_program.buffers) {
            const auto bytes = bytesOf(buffer.shape, buffer.quantisation);
            if (!bytes)
                return std::unexpected(bytes.error());
            m_bufferBytes += *bytes;
            if (m_bufferBytes > mostLiveBytes)
                return fail(Diagnostic("program.too-large").with("shape", buffer.shape.text()));
        }
        const auto exists = [&](BufferId id) {
            return id.isValid() && id.index() < m_program.buffers.size();
        };
        if (!std::ranges::all_of(m_program.inputs, exists) ||
            !std::ranges::all_of(m_program.outputs, exists))
            return malformed("an input or output names no buffer");
        return {};
    }

    Result<void> checkTransfer(const ProgramContext &context, const ProgramTransfer &transfer) const
    {
        if (!transfer.buffer.isValid() || transfer.buffer.index() >= m_program.buffers.size() ||
            transfer.value >= context.values.size())
            return malformed("a transfer names nothing that exists");
        const ProgramBuffer &buffer = m_program.buffer(transfer.buffer);
        const ProgramValue &value = context.values[transfer.value];
        if (buffer.shape != value.shape || buffer.quantisation != value.quantisation)
            return malformed("a transfer changes shape or quantisation of " + buffer.name);
        return {};
    }

    Result<void> checkContext(const ProgramContext &context, std::vector<bool> &isFilled)
    {
        std::vector<std::int64_t> bytes;
        for (const ProgramValue &value : context.values) {
            const auto size = bytesOf(value.shape, value.quantisation);
            if (!size)
                return std::unexpected(size.error());
            bytes.push_back(*size);
        }
        std::vector<bool> isSet(context.values.size(), false);
        for (const ProgramTransfer &load : context.loads) {
            if (auto ok = checkTransfer(context, load); !ok)
                return ok;
            if (!isFilled[load.buffer.index()])
                return malformed("a context loads " + m_program.buffer(load.buffer).name +
                                 " before anything filled it");
            if (isSet[load.value])
                return malformed("a value is set twice");
            isSet[load.value] = true;
        }
        for (const ProgramKernel &kernel : context.kernels)
            if (auto ok = checkKernel(context, kernel, isSet); !ok)
                return ok;
        for (const ProgramTransfer &store : context.stores) {
            if (auto ok = checkTransfer(context, store); !ok)
                return ok;
            if (!isSet[store.value])
                return malformed("a context stores a value it never had");
            if (isFilled[store.buffer.index()])
                return malformed("buffer " + m_program.buffer(store.buffer).name +
                                 " is filled twice");
            isFilled[store.buffer.index()] = true;
        }
        return checkMemory(context, bytes);
    }

    Result<void> checkKernel(const ProgramContext &context, const ProgramKernel &kernel,
                             std::vector<bool> &isSet) const
    {
        const IntegerLayer &layer = kernel.layer;
        if (layer.is<IntegerInput>() || kernel.operands.size() != layer.operands.size() ||
            kernel.result >= context.values.size())
            return malformed("kernel " + layer.name + " names nothing that exists");
        std::vector<Shape> shapes;
        for (std::size_t slot = 0; slot < kernel.operands.size(); ++slot) {
            const IntegerOperand &operand = layer.operands[slot];
            const std::uint32_t index = kernel.operands[slot];
            if (operand.constant) {
                if (index != ProgramKernel::constantOperand)
                    return malformed("kernel " + layer.name + " has a constant twice");
                shapes.push_back(operand.constant->shape());
                continue;
            }
            if (index >= context.values.size() || !isSet[index])
                return malformed("kernel " + layer.name +
                                 " reads a value that its context does "
                                 "not have");
            if (context.values[index].quantisation != operand.quantisation)
                return malformed("kernel " + layer.name + " reads integers of another scale");
            shapes.push_back(context.values[index].shape);
        }
        const ProgramValue &result = context.values[kernel.result];
        if (isSet[kernel.result])
            return malformed("a value is set twice");
        if (result.quantisation != layer.output)
            return malformed("kernel " + layer.name + " gives integers of another scale");
        isSet[kernel.result] = true;
        return checkIntegerLayer(layer, shapes, result.shape);
    }

    // Replays the lifetimes execute() keeps: a value dies after its last reader.
    Result<void> checkMemory(const ProgramContext &context,
                             std::span<const std::int64_t> bytes) const
    {
        std::vector<std::size_t> lastUse(context.values.size(), 0);
        for (std::size_t k = 0; k < context.kernels.size(); ++k)
            for (const std::uint32_t operand : context.kernels[k].operands)
                if (operand != ProgramKernel::constantOperand)
                    lastUse[operand] = k;
        for (const ProgramTransfer &store : context.stores)
            lastUse[store.value] = context.kernels.size();
        std::int64_t live = m_bufferBytes;
        for (const ProgramTransfer &load : context.loads)
            live += bytes[load.value];
        for (std::size_t k = 0; k < context.kernels.size(); ++k) {
            const ProgramKernel &kernel = context.kernels[k];
            live += bytes[kernel.result];
            if (live > mostLiveBytes)
                return fail(Diagnostic("program.too-large")
                                .with("shape", context.values[kernel.result].shape.text()));
            std::vector<std::uint32_t> operands = kernel.operands;
            std::ranges::sort(operands);
            operands.erase(std::ranges::unique(operands).begin(), operands.end());
            for (const std::uint32_t operand : operands)
                if (operand != ProgramKernel::constantOperand && lastUse[operand] == k)
                    live -= bytes[operand];
        }
        return {};
    }

    const Program &m_program;
    std::size_t m_context = 0;
    std::int64_t m_bufferBytes = 0;
};

} // namespace

Result<void> verifyProgram(const Program &program)
{
    return Verifier(program).run();
}

} // namespace hefstudio
