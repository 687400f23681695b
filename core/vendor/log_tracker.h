// Follows a run of the Dataflow Compiler by what it prints: stages, progress, partition, contexts,
// settings that were lowered, failures with their remedy. Text may arrive in any pieces; a line that
// no release is known to print passes through as a log line and breaks nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "vendor/log_line.h"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

// The stages of a vendor run, in order; Event::stage carries their names.
inline constexpr std::array<std::string_view, 6> vendorStages = {
    "vendor-parse", "vendor-optimise", "vendor-partition",
    "vendor-map",   "vendor-kernels",  "vendor-write"};

struct VendorLayerNoise {
    std::string layer;
    double snrDb = 0;
};

struct VendorContextFill {
    // Fractions of the whole chip's units, 0…1, as the "Total" row of the vendor's table says.
    double control = 0, compute = 0, memory = 0;
};

// What a run said about itself so far.
struct VendorRunFacts {
    std::string toolVersion; // of the Dataflow Compiler; the Python interface does not print it
    std::string network;
    bool usesGpu = false;
    std::vector<std::string> endNodes;            // as the parser took them
    std::vector<std::string> recommendedEndNodes; // as the parser wishes them
    std::string nmsArchitecture;                  // "yolov8" when the parser saw its head
    int calibrationEntries = 0;
    int optimisationLevel = -1; // -1: not said
    std::vector<VendorLayerNoise> noise;
    double worstShiftDelta = 0;
    std::string worstShiftLayer;
    int contexts = 0;
    int partitionIterations = 0;
    double partitionSeconds = 0, mappingSeconds = 0, kernelSeconds = 0;
    std::vector<VendorContextFill> fills; // one per context
    // Mbit (2^20 bit) per frame.
    double inputMbit = 0, outputMbit = 0, ddrMbit = 0, interContextMbit = 0;
    std::string hefPath, harPath; // as printed, on the machine or in the container of the run
    bool isWaitingForAnswer = false;
    bool hasFailed = false;
    bool isFinished = false;
};

struct VendorLogCounts {
    std::int64_t understood = 0; // turned into a fact or an event
    std::int64_t harmless = 0;   // listed with a reason
    std::int64_t unknown = 0;
};

class VendorLogTracker {
public:
    explicit VendorLogTracker(EventSink sink);

    void feed(std::string_view bytes);
    void finish(); // the stream has ended: an open line and an open stage are closed

    const VendorRunFacts &facts() const { return m_facts; }
    const VendorLogCounts &counts() const { return m_counts; }
    const Diagnostics &diagnostics() const { return m_diagnostics; }

private:
    void takeRow(std::string_view row);
    void takeLine(std::string_view line);
    void take(const ParsedLogLine &line);
    void takeParsing(const ParsedLogLine &line);
    void takeQuantisation(const ParsedLogLine &line);
    void takeCompilation(const ParsedLogLine &line);
    void takeFailure(const ParsedLogLine &line);
    void takeUtilisation(const ParsedLogLine &line);
    void enter(std::size_t stage);
    void leave(std::string summary);
    void progress(std::int64_t done, std::int64_t total, std::string_view detail);
    void raise(Diagnostic diagnostic);
    void lower(std::string setting, std::string asked, std::string used, std::string why);

    EventSink m_sink;
    VendorRunFacts m_facts;
    VendorLogCounts m_counts;
    Diagnostics m_diagnostics;
    std::string m_open; // the line that has not ended yet
    std::optional<std::size_t> m_stage;
    int m_algorithms = 0;
    int m_iteration = 0;
    int m_context = 0;
};

} // namespace hefstudio
