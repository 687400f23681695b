// The core's own worker threads. Work is a range of indices; each index runs exactly once on some
// worker, the call returns when all have run. Results must not depend on which worker ran what.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>

namespace hefstudio {

class ThreadPool {
public:
    explicit ThreadPool(int threads = 0); // 0: all cores
    ~ThreadPool();
    ThreadPool(const ThreadPool &) = delete;
    ThreadPool &operator=(const ThreadPool &) = delete;

    int threads() const;

    // Calls work(index, worker) for index in [0, count), worker in [0, threads()). Indices not yet
    // started when stop is requested are skipped: returns false then. Not reentrant.
    bool forEach(std::size_t count, const std::function<void(std::size_t index, int worker)> &work,
                 std::stop_token stop = {});

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace hefstudio
