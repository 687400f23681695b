// SPDX-License-Identifier: GPL-3.0-or-later
#include "program/execute.h"

#include "base/thread_pool.h"

#include <algorithm>
#include <memory>
#include <optional>

namespace hefstudio {

namespace {

using Slots = std::vector<std::optional<Tensor>>;

// How often each value of a context is still to be read.
std::vector<std::size_t> readersOf(const ProgramContext &context)
{
    std::vector<std::size_t> readers(context.values.size(), 0);
    for (const ProgramKernel &kernel : context.kernels)
        for (const std::uint32_t operand : kernel.operands)
            if (operand != ProgramKernel::constantOperand)
                ++readers[operand];
    for (const ProgramTransfer &store : context.stores)
        ++readers[store.value];
    return readers;
}

// The index of the last context that loads each buffer; outputs are needed to the end.
std::vector<std::size_t> lastLoads(const Program &program)
{
    std::vector<std::size_t> last(program.buffers.size(), 0);
    for (std::size_t c = 0; c < program.contexts.size(); ++c)
        for (const ProgramTransfer &load : program.contexts[c].loads)
            last[load.buffer.index()] = c;
    for (const BufferId output : program.outputs)
        last[output.index()] = program.contexts.size();
    return last;
}

Result<void> checkInputs(const Program &program, std::span<const Tensor> inputs)
{
    if (inputs.size() != program.inputs.size())
        return fail(Diagnostic("integer.input-mismatch")
                        .with("name", program.name)
                        .with("wanted", std::to_string(program.inputs.size()) + " inputs")
                        .with("found", std::to_string(inputs.size())));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const ProgramBuffer &buffer = program.buffer(program.inputs[i]);
        const ElementType type = buffer.quantisation.elementType();
        if (inputs[i].type() != type || inputs[i].shape() != buffer.shape)
            return fail(
                Diagnostic("integer.input-mismatch")
                    .with("name", buffer.name)
                    .with("wanted", std::string(elementTypeName(type)) + " " + buffer.shape.text())
                    .with("found", std::string(elementTypeName(inputs[i].type())) + " " +
                                       inputs[i].shape().text()));
    }
    return {};
}

Result<void> runContext(const ProgramContext &context, Slots &buffers,
                        const ExecuteOptions &options, ThreadPool *pool,
                        const std::stop_token &stop)
{
    Slots values(context.values.size());
    std::vector<std::size_t> readers = readersOf(context);
    for (const ProgramTransfer &load : context.loads)
        values[load.value] = buffers[load.buffer.index()];
    for (const ProgramKernel &kernel : context.kernels) {
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        std::vector<const Tensor *> operands;
        for (const std::uint32_t operand : kernel.operands)
            operands.push_back(operand == ProgramKernel::constantOperand ? nullptr
                                                                         : &*values[operand]);
        std::optional<Tensor> &result = values[kernel.result];
        result =
            runIntegerReference(kernel.layer, operands, context.values[kernel.result].shape, pool);
        if (options.observer)
            options.observer(kernel, *result);
        for (const std::uint32_t operand : kernel.operands)
            if (operand != ProgramKernel::constantOperand && --readers[operand] == 0)
                values[operand].reset();
        if (readers[kernel.result] == 0)
            result.reset();
    }
    for (const ProgramTransfer &store : context.stores)
        buffers[store.buffer.index()] = values[store.value];
    return {};
}

} // namespace

Result<std::vector<Tensor>> execute(const Program &program, std::span<const Tensor> inputs,
                                    const ExecuteOptions &options, std::stop_token stop)
{
    if (auto ok = verifyProgram(program); !ok)
        return passOn(std::move(ok));
    if (auto ok = checkInputs(program, inputs); !ok)
        return passOn(std::move(ok));
    std::unique_ptr<ThreadPool> pool;
    if (options.threads > 1)
        pool = std::make_unique<ThreadPool>(options.threads);
    Slots buffers(program.buffers.size());
    for (std::size_t i = 0; i < inputs.size(); ++i)
        buffers[program.inputs[i].index()] = inputs[i];
    const std::vector<std::size_t> last = lastLoads(program);
    for (std::size_t c = 0; c < program.contexts.size(); ++c) {
        if (auto ok = runContext(program.contexts[c], buffers, options, pool.get(), stop); !ok)
            return passOn(std::move(ok));
        for (std::size_t b = 0; b < buffers.size(); ++b)
            if (last[b] == c)
                buffers[b].reset();
    }
    std::vector<Tensor> outputs;
    for (const BufferId output : program.outputs)
        outputs.push_back(*buffers[output.index()]);
    return outputs;
}

namespace {

// A context as the engine takes it: loads are its inputs, stores its outputs.
IntegerNetwork networkOf(const std::shared_ptr<const Program> &program,
                         const ProgramContext &context)
{
    IntegerNetwork network;
    network.owner = program;
    for (const ProgramValue &value : context.values)
        network.values.push_back({value.shape, value.quantisation});
    for (const ProgramKernel &kernel : context.kernels)
        network.nodes.push_back({&kernel.layer, kernel.operands, kernel.result});
    for (const ProgramTransfer &load : context.loads)
        network.inputs.push_back(load.value);
    for (const ProgramTransfer &store : context.stores)
        network.outputs.push_back(store.value);
    return network;
}

} // namespace

ProgramRunner::ProgramRunner(std::shared_ptr<const Program> program) : m_program(std::move(program))
{
}

Result<ProgramRunner> ProgramRunner::create(std::shared_ptr<const Program> program,
                                            const IntegerEngineOptions &options)
{
    static_assert(ProgramKernel::constantOperand == IntegerNode::constantOperand);
    if (auto ok = verifyProgram(*program); !ok)
        return passOn(std::move(ok));
    ProgramRunner runner(program);
    for (const ProgramContext &context : program->contexts)
        runner.m_contexts.push_back(IntegerEngine::create(networkOf(program, context), options));
    return runner;
}

ProgramRunner ProgramRunner::sibling() const
{
    ProgramRunner other(m_program);
    for (const IntegerEngine &context : m_contexts)
        other.m_contexts.push_back(context.sibling());
    return other;
}

template<class Work>
Result<std::vector<Tensor>> ProgramRunner::runContexts(std::span<const Tensor> inputs,
                                                       const Work &work)
{
    const Program &program = *m_program;
    if (auto ok = checkInputs(program, inputs); !ok)
        return passOn(std::move(ok));
    std::vector<Tensor> kept(program.buffers.size()); // what contexts leave for later ones
    std::vector<const Tensor *> buffers(program.buffers.size(), nullptr);
    for (std::size_t i = 0; i < inputs.size(); ++i)
        buffers[program.inputs[i].index()] = &inputs[i];
    const std::vector<std::size_t> last = lastLoads(program);
    for (std::size_t c = 0; c < program.contexts.size(); ++c) {
        const ProgramContext &context = program.contexts[c];
        std::vector<const Tensor *> loads;
        for (const ProgramTransfer &load : context.loads)
            loads.push_back(buffers[load.buffer.index()]);
        auto stores = work(context, m_contexts[c], loads);
        if (!stores)
            return passOn(std::move(stores));
        for (std::size_t s = 0; s < stores->size(); ++s) {
            const std::size_t buffer = context.stores[s].buffer.index();
            kept[buffer] = std::move((*stores)[s]);
            buffers[buffer] = &kept[buffer];
        }
        for (std::size_t b = 0; b < kept.size(); ++b)
            if (last[b] == c && c + 1 < program.contexts.size())
                kept[b] = Tensor();
    }
    std::vector<Tensor> outputs;
    for (const BufferId output : program.outputs)
        outputs.push_back(*buffers[output.index()]);
    return outputs;
}

Result<std::vector<Tensor>> ProgramRunner::run(std::span<const Tensor> inputs,
                                               const Observer &observer, std::stop_token stop)
{
    return runContexts(inputs, [&](const ProgramContext &context, IntegerEngine &engine,
                                   std::span<const Tensor *const> loads) {
        IntegerEngine::Observer seen;
        if (observer)
            seen = [&](std::size_t node, const Tensor &result) {
                observer(context.kernels[node], result);
            };
        return engine.run(loads, seen, stop);
    });
}

Result<std::vector<IntegerEngine::StepTime>>
ProgramRunner::profile(std::span<const Tensor> inputs)
{
    std::vector<IntegerEngine::StepTime> times;
    auto done = runContexts(inputs, [&](const ProgramContext &, IntegerEngine &engine,
                                        std::span<const Tensor *const> loads) {
        for (IntegerEngine::StepTime &time : engine.profile(loads))
            times.push_back(std::move(time));
        return engine.run(loads);
    });
    if (!done)
        return passOn(std::move(done));
    return times;
}

} // namespace hefstudio
