// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/integer_engine.h"

#include "base/thread_pool.h"
#include "engine/dnnl_wrapper.h"
#include "engine/integer_plan.h"

#include <atomic>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace hefstudio {

namespace {

struct Free {
    void operator()(std::byte *bytes) const
    {
        ::operator delete[](bytes, std::align_val_t{64});
    }
};
using Buffer = std::unique_ptr<std::byte[], Free>;

Buffer allocate(std::size_t bytes)
{
    return Buffer(static_cast<std::byte *>(
        ::operator new[](std::max<std::size_t>(bytes, 64), std::align_val_t{64})));
}

// Where the threads stand with one step. On lines of its own: it is written by all of them.
struct alignas(64) Progress {
    std::atomic<std::int64_t> next{0};
    std::atomic<std::int64_t> done{0};
};

void pause()
{
#if defined(__x86_64__)
    _mm_pause();
#endif
}

} // namespace

struct IntegerEngine::State {
    std::shared_ptr<const IntegerPlan> plan;
    std::unique_ptr<ThreadPool> pool; // null for one thread
    Buffer arena;
    std::vector<Buffer> scratch; // per thread
    std::vector<Progress> progress;
    std::vector<std::byte *> bytes; // per value of the plan
    std::vector<std::vector<const std::byte *>> reads; // per step

    explicit State(std::shared_ptr<const IntegerPlan> made)
        : plan(std::move(made)),
          arena(allocate(plan->arenaBytes)),
          progress(plan->steps.size()),
          bytes(plan->values.size()),
          reads(plan->steps.size())
    {
        if (plan->threads > 1)
            pool = std::make_unique<ThreadPool>(plan->threads);
        for (int i = 0; i < plan->threads; ++i)
            scratch.push_back(allocate(plan->scratchBytes));
    }

    void bind(std::span<const Tensor *const> inputs)
    {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const IntegerPlanValue &root =
                plan->value(plan->root(static_cast<ValueIndex>(i)));
            // Inputs and constants are only read.
            if (root.constant)
                bytes[i] = const_cast<std::byte *>(root.constant->bytes().data());
            else if (root.input >= 0)
                bytes[i] = const_cast<std::byte *>(
                    inputs[static_cast<std::size_t>(root.input)]->bytes().data());
            else
                bytes[i] = arena.get() + root.offset;
        }
        for (std::size_t s = 0; s < reads.size(); ++s) {
            reads[s].clear();
            for (const ValueIndex read : plan->steps[s].reads)
                reads[s].push_back(at(read));
        }
    }

    std::byte *at(ValueIndex value) const { return bytes[static_cast<std::size_t>(value)]; }

    void runJob(std::size_t step, std::int64_t job, int worker) const
    {
        const IntegerStep &what = plan->steps[step];
        what.run({reads[step].data(), at(what.writes),
                  scratch[static_cast<std::size_t>(worker)].get(), job});
    }

    // All steps by all threads: a thread that finds no job left waits for the others, for a moment
    // awake (the next step is microseconds away), then letting others have the core.
    void runSteps(int worker, const std::stop_token &stop)
    {
        const dnnl_wrapper::ThreadScope one(1);
        for (std::size_t s = 0; s < plan->steps.size(); ++s) {
            const std::int64_t jobs = plan->steps[s].jobs;
            Progress &state = progress[s];
            for (;;) {
                const std::int64_t job = state.next.fetch_add(1, std::memory_order_relaxed);
                if (job >= jobs)
                    break;
                if (!stop.stop_requested())
                    runJob(s, job, worker);
                state.done.fetch_add(1, std::memory_order_release);
            }
            for (int turn = 0; state.done.load(std::memory_order_acquire) < jobs; ++turn) {
                if (turn < 4000)
                    pause();
                else
                    std::this_thread::yield();
            }
        }
    }

    void runTogether(const std::stop_token &stop)
    {
        if (!pool) {
            runAlone(stop, {});
            return;
        }
        for (Progress &state : progress) {
            state.next.store(0, std::memory_order_relaxed);
            state.done.store(0, std::memory_order_relaxed);
        }
        pool->forEach(static_cast<std::size_t>(plan->threads),
                      [&](std::size_t, int worker) { runSteps(worker, stop); });
    }

    // Step by step, each announced when it is complete.
    void runAlone(const std::stop_token &stop, const std::function<void(std::size_t)> &finished)
    {
        const dnnl_wrapper::ThreadScope one(1);
        for (std::size_t s = 0; s < plan->steps.size() && !stop.stop_requested(); ++s) {
            const std::int64_t jobs = plan->steps[s].jobs;
            if (pool && jobs > 1)
                pool->forEach(static_cast<std::size_t>(jobs), [&](std::size_t job, int worker) {
                    const dnnl_wrapper::ThreadScope each(1);
                    runJob(s, static_cast<std::int64_t>(job), worker);
                });
            else
                for (std::int64_t job = 0; job < jobs; ++job)
                    runJob(s, job, 0);
            if (finished)
                finished(s);
        }
    }

    Tensor show(ValueIndex value, const TensorQuantisation &quantisation) const
    {
        return plainTensor(plan->value(value), at(value), quantisation);
    }
};

IntegerEngine::IntegerEngine(std::unique_ptr<State> state) : m_state(std::move(state)) {}
IntegerEngine::~IntegerEngine() = default;
IntegerEngine::IntegerEngine(IntegerEngine &&) noexcept = default;
IntegerEngine &IntegerEngine::operator=(IntegerEngine &&) noexcept = default;

IntegerEngine IntegerEngine::create(IntegerNetwork network, const IntegerEngineOptions &options)
{
    IntegerPlanOptions wanted{.threads = options.threads, .isa = options.isa};
    if (wanted.threads <= 0)
        wanted.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    return IntegerEngine(std::make_unique<State>(makeIntegerPlan(std::move(network), wanted)));
}

IntegerEngine IntegerEngine::sibling() const
{
    return IntegerEngine(std::make_unique<State>(m_state->plan));
}

Result<std::vector<Tensor>> IntegerEngine::run(std::span<const Tensor *const> inputs,
                                               const Observer &observer, std::stop_token stop)
{
    State &state = *m_state;
    const IntegerPlan &plan = *state.plan;
    state.bind(inputs);
    if (observer) {
        const auto show = [&](const std::vector<std::size_t> &nodes) {
            for (const std::size_t node : nodes)
                observer(node, state.show(plan.observed[node],
                                          plan.network.nodes[node].layer->output));
        };
        show(plan.finishedAtStart);
        state.runAlone(stop, [&](std::size_t step) { show(plan.steps[step].finishes); });
    } else {
        state.runTogether(stop);
    }
    if (stop.stop_requested())
        return fail(Diagnostic("cancelled"));
    std::vector<Tensor> outputs;
    for (std::size_t i = 0; i < plan.outputs.size(); ++i)
        outputs.push_back(state.show(
            plan.outputs[i], plan.network.values[plan.network.outputs[i]].quantisation));
    return outputs;
}

std::vector<IntegerEngine::StepTime> IntegerEngine::profile(std::span<const Tensor *const> inputs)
{
    State &state = *m_state;
    state.bind(inputs);
    std::vector<StepTime> times;
    auto last = std::chrono::steady_clock::now();
    state.runAlone({}, [&](std::size_t step) {
        const auto now = std::chrono::steady_clock::now();
        const IntegerStep &done = state.plan->steps[step];
        times.push_back({done.name, done.implementation,
                         std::chrono::duration<double>(now - last).count()});
        last = std::chrono::steady_clock::now();
    });
    return times;
}

IntegerEngine makeLayerEngine(const IntegerLayer &layer, std::span<const Tensor *const> operands,
                              const Shape &outputShape, const IntegerEngineOptions &options)
{
    IntegerNetwork network;
    IntegerNode node{.layer = &layer};
    for (std::size_t slot = 0; slot < layer.operands.size(); ++slot) {
        if (layer.operands[slot].constant) {
            node.operands.push_back(IntegerNode::constantOperand);
            continue;
        }
        node.operands.push_back(static_cast<std::uint32_t>(network.values.size()));
        network.inputs.push_back(node.operands.back());
        network.values.push_back({operands[slot]->shape(), layer.operands[slot].quantisation});
    }
    node.result = static_cast<std::uint32_t>(network.values.size());
    network.outputs.push_back(node.result);
    network.values.push_back({outputShape, layer.output});
    network.nodes.push_back(std::move(node));
    return IntegerEngine::create(std::move(network), options);
}

Tensor runLayer(IntegerEngine &engine, const IntegerLayer &layer,
                std::span<const Tensor *const> operands)
{
    std::vector<const Tensor *> given;
    for (std::size_t slot = 0; slot < layer.operands.size(); ++slot)
        if (!layer.operands[slot].constant)
            given.push_back(operands[slot]);
    auto results = engine.run(given);
    return std::move(results->front()); // nothing can cancel it
}

} // namespace hefstudio
