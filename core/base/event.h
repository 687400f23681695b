// What a conversion tells the world while it runs: values that `--progress json` prints one per
// line and that the window draws. Producers send; they never wait for whoever listens.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "base/ledger.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace hefstudio {

struct StageStarted {
    std::string stage; // stable name: "import", "rewrite", "calibrate", "quantize", "map", …
    int index = 0;     // 0-based position among `count` stages
    int count = 0;
};
struct StageProgress {
    std::string stage;
    std::int64_t done = 0;
    std::int64_t total = 0; // 0 when unknown
    std::string detail;     // a name, not a sentence: the layer or picture at work
};
struct StageFinished {
    std::string stage;
    double seconds = 0;
    std::string summary; // figures, "353 → 118 layers"
    bool fromCache = false;
};
struct PartitionIteration {
    int iteration = 0;
    int contexts = 0;
    double predictedFrameMs = 0;
    bool isBest = false;
    std::string candidate{};   // hash of the layers of each context
    double improvement = 0; // over the best before, 0…1; of a best one that is not the first
};
struct ContextUpdated {
    int context = 0;
    int layers = 0;
    double predictedMs = 0;
    // Fractions of the context's cap, 0…1.
    double control = 0, compute = 0, weightMemory = 0;
    std::int64_t outputBytes = 0;
};
struct AllocationCell {
    int context = 0;
    int cluster = 0;
    double utilisation = 0; // of the tightest unit, 0…1
};
struct LedgerEntry {
    LedgerRow row;
};
struct DiagnosticRaised {
    Diagnostic diagnostic;
};
enum class LogLevel { info, warning, error };
struct LogLine {
    LogLevel level = LogLevel::info;
    std::string stage;
    std::string text;
};
struct ConversionFinished {
    std::string file; // empty when it failed
    std::string sha256;
    std::uint64_t bytes = 0;
    bool isEmulation = true;
};

using Event =
    std::variant<StageStarted, StageProgress, StageFinished, PartitionIteration, ContextUpdated,
                 AllocationCell, LedgerEntry, DiagnosticRaised, LogLine, ConversionFinished>;

// Called from any worker thread, one call at a time; must not block. May be empty: use send().
using EventSink = std::function<void(const Event &)>;

inline void send(const EventSink &sink, Event event)
{
    if (sink)
        sink(event);
}

// One JSON object without line breaks: {"event":"stage-started","stage":"import",…}.
std::string toJsonLine(const Event &event);
// The inverse, for the window that reads its child process; nothing for an unknown or broken line.
std::optional<Event> eventFromJsonLine(std::string_view line);

} // namespace hefstudio
