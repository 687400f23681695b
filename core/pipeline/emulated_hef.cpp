// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/emulated_hef.h"

#include "engine/float_engine.h"
#include "hef/hef_reader.h"
#include "onnx/import.h"
#include "program/encode.h"
#include "program/execute.h"
#include "program/program.h"
#include "quantize/integer_run.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>

namespace hefstudio {

struct EmulatedHef::State {
    std::shared_ptr<const Program> program;
    std::optional<ConversionRecord> record;
    std::shared_ptr<const Graph> host;
    Diagnostics hostFaults; // why a remainder that is there cannot be computed
    std::vector<Port> inputs;
    std::vector<Port> outputs;

    // By number of threads: the first runner, which the others are made from, and those that wait.
    struct Runners {
        std::optional<ProgramRunner> first;
        std::vector<ProgramRunner> idle;
    };
    std::mutex mutex; // guards `runners`
    std::map<int, Runners> runners;

    Result<ProgramRunner> takeRunner(int threads)
    {
        const std::lock_guard lock(mutex);
        Runners &some = runners[threads];
        if (!some.idle.empty()) {
            ProgramRunner runner = std::move(some.idle.back());
            some.idle.pop_back();
            return runner;
        }
        if (!some.first) {
            auto made = ProgramRunner::create(program, {.threads = threads});
            if (!made)
                return passOn(std::move(made));
            some.first = std::move(*made);
        }
        return some.first->sibling();
    }
    void giveBack(int threads, ProgramRunner runner)
    {
        const std::lock_guard lock(mutex);
        runners[threads].idle.push_back(std::move(runner));
    }
};

namespace {

EmulatedHef::Port portOf(const Program &program, BufferId id)
{
    const auto &buffer = program.buffers[id.index()];
    return {.name = buffer.name,
            .shape = buffer.shape,
            .scale = buffer.quantisation.scale,
            .zeroPoint = buffer.quantisation.zeroPoint,
            .bits = buffer.quantisation.bits};
}

TensorQuantisation quantisationOf(const EmulatedHef::Port &port)
{
    return {.scale = port.scale, .zeroPoint = port.zeroPoint, .bits = port.bits};
}

bool carries(const Hef &hef, std::string_view name)
{
    return std::ranges::find(hef.resources(), name, &HefResource::name) != hef.resources().end();
}

} // namespace

EmulatedHef::EmulatedHef(std::unique_ptr<State> state) : m_state(std::move(state)) {}
EmulatedHef::~EmulatedHef() = default;
EmulatedHef::EmulatedHef(EmulatedHef &&) noexcept = default;
EmulatedHef &EmulatedHef::operator=(EmulatedHef &&) noexcept = default;

Result<EmulatedHef> EmulatedHef::open(const std::filesystem::path &file)
{
    const auto hef = Hef::open(file);
    if (!hef)
        return std::unexpected(hef.error());
    if (!carries(*hef, hefProgramResourceName))
        return fail(Diagnostic("run.vendor-program", Place{.file = file.string()}));
    const auto programBytes = hef->resource(hefProgramResourceName);
    if (!programBytes)
        return std::unexpected(programBytes.error());
    auto program = decodeProgram(*programBytes);
    if (!program)
        return passOn(std::move(program));
    auto state = std::make_unique<State>();
    state->program = std::make_shared<const Program>(std::move(*program));
    for (const auto id : state->program->inputs)
        state->inputs.push_back(portOf(*state->program, id));
    for (const auto id : state->program->outputs)
        state->outputs.push_back(portOf(*state->program, id));
    if (carries(*hef, recordResourceName)) {
        const auto bytes = hef->resource(recordResourceName);
        if (!bytes)
            return std::unexpected(bytes.error());
        auto record = recordFromJson(*bytes, file.string());
        if (!record)
            return passOn(std::move(record));
        state->record = std::move(*record);
    }
    if (carries(*hef, hostGraphResourceName)) {
        const auto bytes = hef->resource(hostGraphResourceName);
        if (!bytes)
            return std::unexpected(bytes.error());
        auto host = importOnnx(*bytes);
        if (host)
            state->host = *host;
        else
            state->hostFaults = std::move(host.error()); // the chip's part runs all the same
    }
    return EmulatedHef(std::move(state));
}

const ConversionRecord *EmulatedHef::record() const
{
    return m_state->record ? &*m_state->record : nullptr;
}

bool EmulatedHef::hasHostRemainder() const
{
    return m_state->host != nullptr || !m_state->hostFaults.empty();
}

const std::vector<EmulatedHef::Port> &EmulatedHef::inputs() const
{
    return m_state->inputs;
}

const Program &EmulatedHef::program() const
{
    return *m_state->program;
}

const std::vector<EmulatedHef::Port> &EmulatedHef::outputs() const
{
    return m_state->outputs;
}

Result<std::vector<Tensor>> EmulatedHef::run(std::span<const Tensor> inputs, int threads,
                                             std::stop_token stop) const
{
    auto runner = m_state->takeRunner(threads);
    if (!runner)
        return passOn(std::move(runner));
    auto outputs = runner->run(inputs, {}, std::move(stop));
    m_state->giveBack(threads, std::move(*runner));
    return outputs;
}

std::vector<Tensor> EmulatedHef::toReal(std::span<const Tensor> outputs) const
{
    std::vector<Tensor> real;
    for (std::size_t i = 0; i < outputs.size(); ++i)
        real.push_back(dequantiseTensor(outputs[i], quantisationOf(m_state->outputs[i])));
    return real;
}

Result<std::vector<std::pair<std::string, Tensor>>>
EmulatedHef::runHost(std::span<const Tensor> realOutputs) const
{
    if (!m_state->host) {
        Diagnostic unsupported("run.host-unsupported");
        unsupported.notes = m_state->hostFaults;
        return fail(std::move(unsupported));
    }
    const Graph &host = *m_state->host;
    std::vector<Tensor> inputs;
    for (const auto id : host.inputs) {
        // The remainder's inputs are the device's outputs under the same names.
        const auto port = std::ranges::find(m_state->outputs, host.tensor(id).name, &Port::name);
        if (port == m_state->outputs.end() || port->shape != host.tensor(id).shape)
            return fail(Diagnostic("record.malformed").with("what", host.tensor(id).name));
        inputs.push_back(realOutputs[static_cast<std::size_t>(port - m_state->outputs.begin())]);
    }
    auto engine = FloatEngine::create(m_state->host, {.threads = 1});
    if (!engine)
        return passOn(std::move(engine));
    auto values = engine->run(inputs);
    if (!values)
        return passOn(std::move(values));
    std::vector<std::pair<std::string, Tensor>> named;
    for (std::size_t i = 0; i < values->size(); ++i)
        named.emplace_back(host.tensor(host.outputs[i]).name, std::move((*values)[i]));
    return named;
}

} // namespace hefstudio
