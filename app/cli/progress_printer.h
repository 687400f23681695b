// Shows the events of a conversion: as JSON lines, as plain lines, or as one live line on a
// terminal. Ledger rows and diagnostics are never dropped; progress is drawn at most ten times a
// second.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "verb.h"

#include "base/event.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>

namespace hefstudio::cli {

enum class ProgressStyle { automatic, plain, json, none };
std::optional<ProgressStyle> progressStyleFromName(std::string_view name);

class ProgressPrinter {
public:
    ProgressPrinter(Console &console, ProgressStyle style);
    ~ProgressPrinter(); // clears the live line

    void operator()(const Event &event);
    EventSink sink();

private:
    void print(const Event &event);
    void line(const std::string &text);
    void live(const std::string &text);
    void clearLive();

    Console &m_console;
    ProgressStyle m_style;
    std::mutex m_mutex;
    bool m_liveShown = false;
    std::chrono::steady_clock::time_point m_lastLive{};
};

} // namespace hefstudio::cli
