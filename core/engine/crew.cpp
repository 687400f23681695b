// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crew.h"

#include "engine/dnnl_wrapper.h"
#include "engine/subnormals.h"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace hefstudio {

namespace {

// About 50 µs: longer than the serial bits between two steps, too short to be seen on a load meter.
constexpr int looksBeforeSleep = 2000;

void pauseBriefly()
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    std::this_thread::yield();
#endif
}

// generation (32 bits) | number of chunks (16) | next chunk (16), in one word, so that claiming a
// chunk proves that it belongs to the run now going on.
constexpr std::uint64_t ticketOf(std::uint64_t generation, int count)
{
    return generation << 32U | static_cast<std::uint64_t>(count) << 16U;
}
constexpr int nextOf(std::uint64_t ticket)
{
    return static_cast<int>(ticket & 0xFFFFU);
}
constexpr bool hasWork(std::uint64_t ticket)
{
    return nextOf(ticket) < static_cast<int>(ticket >> 16U & 0xFFFFU);
}

} // namespace

struct Crew::State {
    std::atomic<std::uint64_t> ticket{0};
    const Work *work = nullptr; // of the run now going on; written before its ticket
    std::atomic<int> done{0};
    std::atomic<bool> isOver{false};
    std::uint64_t generation = 0;
    std::vector<std::jthread> workers;

    void takeChunks(int worker)
    {
        std::uint64_t seen = ticket.load(std::memory_order_acquire);
        while (hasWork(seen)) {
            if (!ticket.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel,
                                              std::memory_order_acquire))
                continue;
            (*work)(nextOf(seen), worker);
            done.fetch_add(1, std::memory_order_release);
            seen = ticket.load(std::memory_order_acquire);
        }
    }

    void workerLoop(int worker)
    {
        const dnnl_wrapper::ThreadScope one(1);
        const SubnormalsAreZero fast;
        while (!isOver.load(std::memory_order_acquire)) {
            std::uint64_t seen = ticket.load(std::memory_order_acquire);
            for (int look = 0; look < looksBeforeSleep && !hasWork(seen); ++look) {
                pauseBriefly();
                seen = ticket.load(std::memory_order_acquire);
            }
            if (hasWork(seen))
                takeChunks(worker);
            else if (!isOver.load(std::memory_order_acquire))
                ticket.wait(seen, std::memory_order_acquire);
        }
    }
};

Crew::Crew(int threads) : m_state(std::make_unique<State>())
{
    for (int worker = 1; worker < threads; ++worker)
        m_state->workers.emplace_back([state = m_state.get(), worker] {
            state->workerLoop(worker);
        });
}

Crew::~Crew()
{
    State &state = *m_state;
    state.isOver.store(true, std::memory_order_release);
    state.ticket.store(ticketOf(++state.generation, 0), std::memory_order_release);
    state.ticket.notify_all();
}

int Crew::threads() const
{
    return static_cast<int>(m_state->workers.size()) + 1;
}

void Crew::run(int count, const Work &work)
{
    State &state = *m_state;
    if (count == 1 || state.workers.empty()) {
        for (int chunk = 0; chunk < count; ++chunk)
            work(chunk, 0);
        return;
    }
    state.work = &work;
    state.done.store(0, std::memory_order_relaxed);
    state.ticket.store(ticketOf(++state.generation, count), std::memory_order_release);
    state.ticket.notify_all();
    state.takeChunks(0);
    for (int look = 0; state.done.load(std::memory_order_acquire) != count; ++look) {
        if (look < looksBeforeSleep)
            pauseBriefly();
        else
            std::this_thread::yield(); // somebody else may have the worker's processor
    }
}

} // namespace hefstudio
