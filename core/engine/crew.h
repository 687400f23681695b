// The threads of one float engine. A step of a plan is a number of chunks, fixed when the plan was
// made, so that results do not depend on who runs them. Whoever is free takes the next chunk, the
// caller included: a worker that the machine has given to somebody else is not waited for unless it
// holds a chunk. Workers look for work for a moment before they sleep, because the next step of a
// network follows within microseconds; a mutex and a condition variable (ThreadPool) would cost
// more than many steps do.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

namespace hefstudio {

class Crew {
public:
    explicit Crew(int threads); // the caller is one of them
    ~Crew();
    Crew(const Crew &) = delete;
    Crew &operator=(const Crew &) = delete;

    int threads() const;

    using Work = std::function<void(int chunk, int worker)>; // must not throw
    // Calls work for each chunk in [0, count), count < 65536; returns when all have run. One call
    // at a time.
    void run(int count, const Work &work);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace hefstudio
