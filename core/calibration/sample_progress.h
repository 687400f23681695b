// The progress of a stage that goes through samples, coalesced: at most thirty events a second.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"

#include <chrono>
#include <mutex>
#include <string>

namespace hefstudio {

class SampleProgress {
public:
    SampleProgress(std::string stage, const EventSink &sink, std::size_t total)
        : m_stage(std::move(stage)), m_sink(sink), m_total(static_cast<std::int64_t>(total))
    {
        send(m_sink, StageStarted{.stage = m_stage, .index = 0, .count = 1});
    }
    // From any thread.
    void step(const std::string &name)
    {
        const std::scoped_lock lock(m_mutex);
        ++m_done;
        const auto now = std::chrono::steady_clock::now();
        constexpr std::chrono::milliseconds apart(33);
        if (m_done < m_total && now - m_last < apart)
            return;
        m_last = now;
        send(m_sink, StageProgress{
                         .stage = m_stage, .done = m_done, .total = m_total, .detail = name});
    }
    void finish()
    {
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - m_start;
        send(m_sink, StageFinished{.stage = m_stage,
                                   .seconds = seconds.count(),
                                   .summary = std::to_string(m_total) + " samples"});
    }

private:
    std::string m_stage;
    const EventSink &m_sink;
    std::mutex m_mutex;
    std::int64_t m_done = 0;
    std::int64_t m_total;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point m_last{};
};

} // namespace hefstudio
