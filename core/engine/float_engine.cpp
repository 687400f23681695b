// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/float_engine.h"

#include "engine/crew.h"
#include "engine/dnnl_wrapper.h"
#include "engine/float_plan.h"
#include "engine/subnormals.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

namespace hefstudio {

struct FloatEngine::State {
    std::shared_ptr<const FloatPlan> plan;
    Tensor arena;
    Tensor scratch;
    Tensor shown; // what a plain observer is shown of a channels-last tensor
    std::vector<RunChunk> calls;
    Crew crew;

    explicit State(std::shared_ptr<const FloatPlan> sharedPlan)
        : plan(std::move(sharedPlan)), crew(threadsWanted(plan->options))
    {
        arena = Tensor(ElementType::float32, {static_cast<std::int64_t>(plan->arenaFloats)});
        scratch = Tensor(ElementType::uint8, {static_cast<std::int64_t>(plan->scratchBytes) *
                                              crew.threads()});
        const PlanBinder binder{[this](ValueIndex index) { return data(index); },
                                [this](ValueIndex index) { return writable(index); }};
        for (const PlanStep &step : plan->steps)
            calls.push_back(step.bind(binder));
    }

    const PlanValue &rootOf(ValueIndex index) const
    {
        return plan->values[static_cast<std::size_t>(plan->root(index))];
    }
    const float *data(ValueIndex index)
    {
        const PlanValue &root = rootOf(index);
        return root.constant ? root.constant : arena.as<float>().data() + root.offset;
    }
    float *writable(ValueIndex index) { return arena.as<float>().data() + rootOf(index).offset; }
    std::span<const float> valuesOf(ValueIndex index)
    {
        const auto count = plan->values[static_cast<std::size_t>(index)].count;
        return {data(index), static_cast<std::size_t>(count)};
    }

    static int threadsWanted(const FloatEngineOptions &options)
    {
        return options.threads > 0
                   ? options.threads
                   : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    }

    void runStep(std::size_t index)
    {
        // Around the step alone: what observers count must not depend on it.
        const SubnormalsAreZero fast;
        const RunChunk &call = calls[index];
        std::byte *const memory = scratch.bytes().data();
        crew.run(plan->steps[index].chunks, [&call, memory, this](int chunk, int worker) {
            call(chunk, memory + static_cast<std::size_t>(worker) * plan->scratchBytes);
        });
    }

    Result<void> loadInputs(std::span<const Tensor> inputs);
    std::vector<Tensor> outputs();
    void show(std::span<const TensorId> finished, const RawObserver &observer);
};

Result<void> FloatEngine::State::loadInputs(std::span<const Tensor> inputs)
{
    const Graph &graph = *plan->graph;
    if (inputs.size() != plan->inputs.size())
        return fail(Diagnostic("engine.input-mismatch")
                        .with("wanted", std::to_string(plan->inputs.size()) + " inputs")
                        .with("found", std::to_string(inputs.size())));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const TensorInfo &wanted = graph.tensor(graph.inputs[i]);
        const Tensor &found = inputs[i];
        if (found.type() != ElementType::float32 || found.shape() != wanted.shape)
            return fail(Diagnostic("engine.input-mismatch")
                            .with("wanted", wanted.name + " as float32 " + wanted.shape.text())
                            .with("found", std::string(elementTypeName(found.type())) + " " +
                                               found.shape().text()));
        std::memcpy(writable(plan->inputs[i]), found.bytes().data(), found.byteCount());
    }
    return {};
}

std::vector<Tensor> FloatEngine::State::outputs()
{
    std::vector<Tensor> results;
    for (const ValueIndex output : plan->outputs)
        results.push_back(Tensor::of<float>(plan->values[static_cast<std::size_t>(output)].shape,
                                            valuesOf(output)));
    return results;
}

void FloatEngine::State::show(std::span<const TensorId> finished, const RawObserver &observer)
{
    for (const TensorId tensor : finished) {
        const ValueIndex index = plan->observed[tensor.index()];
        observer(tensor, valuesOf(index), !plan->toPlain[tensor.index()].sizes.empty());
    }
}

FloatEngine::FloatEngine(std::unique_ptr<State> state) : m_state(std::move(state)) {}
FloatEngine::~FloatEngine() = default;
FloatEngine::FloatEngine(FloatEngine &&) noexcept = default;
FloatEngine &FloatEngine::operator=(FloatEngine &&) noexcept = default;

Result<FloatEngine> FloatEngine::create(std::shared_ptr<const Graph> graph,
                                        const FloatEngineOptions &options)
{
    auto plan = makeFloatPlan(std::move(graph), options);
    if (!plan)
        return passOn(std::move(plan));
    return FloatEngine(std::make_unique<State>(std::move(*plan)));
}

FloatEngine FloatEngine::sibling() const
{
    return FloatEngine(std::make_unique<State>(m_state->plan));
}

Result<std::vector<Tensor>> FloatEngine::runRaw(std::span<const Tensor> inputs,
                                                const RawObserver &observer, std::stop_token stop)
{
    State &state = *m_state;
    if (Result<void> loaded = state.loadInputs(inputs); !loaded)
        return passOn(std::move(loaded));
    const dnnl_wrapper::ThreadScope one(1); // the steps are split here, not in the library
    if (observer)
        state.show(state.plan->finishedAtStart, observer);
    for (std::size_t i = 0; i < state.calls.size(); ++i) {
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        state.runStep(i);
        if (observer)
            state.show(state.plan->steps[i].finishes, observer);
    }
    return state.outputs();
}

Result<std::vector<Tensor>> FloatEngine::runEdited(std::span<const Tensor> inputs,
                                                   const RawEditor &editor, std::stop_token stop)
{
    State &state = *m_state;
    const auto edit = [&](TensorId tensor, std::span<const float> values, bool isChannelsLast) {
        const ValueIndex index = state.plan->observed[tensor.index()];
        if (!state.rootOf(index).constant)
            editor(tensor, {state.writable(index), values.size()}, isChannelsLast);
    };
    return runRaw(inputs, edit, std::move(stop));
}

Result<std::vector<Tensor>> FloatEngine::run(std::span<const Tensor> inputs,
                                             const Observer &observer, std::stop_token stop)
{
    if (!observer)
        return runRaw(inputs, {}, std::move(stop));
    State &state = *m_state;
    if (state.shown.elementCount() < state.plan->largestObserved)
        state.shown = Tensor(ElementType::float32, {state.plan->largestObserved});
    const auto inGraphOrder = [&](TensorId tensor, std::span<const float> values,
                                  bool isChannelsLast) {
        if (!isChannelsLast) {
            observer(tensor, values);
            return;
        }
        const std::span<float> plain = state.shown.as<float>().first(values.size());
        loops::run(state.plan->toPlain[tensor.index()], values.data(), plain.data());
        observer(tensor, plain);
    };
    return runRaw(inputs, inGraphOrder, std::move(stop));
}

Result<std::vector<FloatEngine::StepTime>> FloatEngine::profile(std::span<const Tensor> inputs)
{
    State &state = *m_state;
    if (Result<void> loaded = state.loadInputs(inputs); !loaded)
        return passOn(std::move(loaded));
    const dnnl_wrapper::ThreadScope one(1); // the steps are split here, not in the library
    std::vector<StepTime> times;
    for (std::size_t i = 0; i < state.calls.size(); ++i) {
        const auto start = std::chrono::steady_clock::now();
        state.runStep(i);
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
        const PlanStep &step = state.plan->steps[i];
        times.push_back({step.name, step.implementation, spent.count()});
    }
    return times;
}

} // namespace hefstudio
