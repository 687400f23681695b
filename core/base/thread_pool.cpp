// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace hefstudio {

struct ThreadPool::State {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::condition_variable finished;
    std::vector<std::jthread> threads;

    // One job at a time; `generation` tells workers that a new one is there.
    std::uint64_t generation = 0;
    std::size_t count = 0;
    const std::function<void(std::size_t, int)> *work = nullptr;
    std::stop_token stop;
    std::atomic<std::size_t> next{0};
    std::atomic<bool> skipped{false};
    int busy = 0;

    void runShare(int worker)
    {
        for (;;) {
            const auto index = next.fetch_add(1);
            if (index >= count)
                return;
            if (stop.stop_requested()) {
                skipped = true;
                return;
            }
            (*work)(index, worker);
        }
    }

    void workerLoop(const std::stop_token &quit, int worker)
    {
        std::uint64_t seen = 0;
        std::unique_lock lock(mutex);
        while (wake.wait(lock, quit, [&] { return generation != seen; })) {
            seen = generation;
            lock.unlock();
            runShare(worker);
            lock.lock();
            if (--busy == 0)
                finished.notify_all();
        }
    }
};

ThreadPool::ThreadPool(int threads) : m_state(std::make_unique<State>())
{
    if (threads <= 0)
        threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    // The caller is worker 0.
    for (int worker = 1; worker < threads; ++worker)
        m_state->threads.emplace_back([state = m_state.get(), worker](const std::stop_token &quit) {
            state->workerLoop(quit, worker);
        });
}

ThreadPool::~ThreadPool()
{
    for (auto &thread : m_state->threads)
        thread.request_stop();
    m_state->threads.clear(); // joins before the condition variables go
}

int ThreadPool::threads() const
{
    return static_cast<int>(m_state->threads.size()) + 1;
}

bool ThreadPool::forEach(std::size_t count, const std::function<void(std::size_t, int)> &work,
                         std::stop_token stop)
{
    State &state = *m_state;
    {
        const std::lock_guard lock(state.mutex);
        state.count = count;
        state.work = &work;
        state.stop = std::move(stop);
        state.next = 0;
        state.skipped = false;
        state.busy = static_cast<int>(state.threads.size());
        ++state.generation;
    }
    state.wake.notify_all();
    state.runShare(0);
    std::unique_lock lock(state.mutex);
    state.finished.wait(lock, [&] { return state.busy == 0; });
    state.work = nullptr;
    return !state.skipped;
}

} // namespace hefstudio
