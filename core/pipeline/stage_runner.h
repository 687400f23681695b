// Runs the stages of a conversion one after the other: announces each, times it, stops between and
// keeps the ledger.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "pipeline/conversion.h"

#include <chrono>
#include <utility>

namespace hefstudio {

class StageRunner {
public:
    StageRunner(std::vector<std::string> stages, std::stop_token stop, const EventSink &sink)
        : m_stages(std::move(stages)), m_stop(std::move(stop)), m_listener(sink)
    {
    }

    // `work(StageRunner&)` gives a Result; `describe(value)` the figures for the summary line.
    template<class Work, class Describe> auto run(Work work, Describe describe) -> decltype(work())
    {
        const std::string &name = m_stages[m_next];
        if (m_stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        send(m_listener,
             StageStarted{name, static_cast<int>(m_next), static_cast<int>(m_stages.size())});
        ++m_next;
        m_isKept = false;
        const auto start = std::chrono::steady_clock::now();
        auto result = work();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        m_times.push_back({name, seconds.count()});
        if (!result)
            return result;
        if (m_stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        send(m_listener, StageFinished{name, seconds.count(), describe(*result), m_isKept});
        return result;
    }

    void enter(LedgerRow row)
    {
        send(m_listener, LedgerEntry{row});
        m_ledger.push_back(std::move(row));
    }
    // For rooms that send events: ledger rows on their way are kept.
    EventSink sink()
    {
        return [this](const Event &event) {
            if (const auto *entry = std::get_if<LedgerEntry>(&event))
                m_ledger.push_back(entry->row);
            send(m_listener, event);
        };
    }
    // The stage at work took its value from the cache.
    void noteKept() { m_isKept = true; }
    // Rows of an earlier run, instead of those so far.
    void replaceLedger(Ledger ledger)
    {
        m_ledger = std::move(ledger);
        for (const LedgerRow &row : m_ledger)
            send(m_listener, LedgerEntry{row});
    }
    const std::stop_token &stop() const { return m_stop; }
    const Ledger &ledger() const { return m_ledger; }
    const std::vector<StageTime> &times() const { return m_times; }

private:
    std::vector<std::string> m_stages;
    std::stop_token m_stop;
    const EventSink &m_listener;
    std::size_t m_next = 0;
    bool m_isKept = false;
    Ledger m_ledger;
    std::vector<StageTime> m_times;
};

} // namespace hefstudio
