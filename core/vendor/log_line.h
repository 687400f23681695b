// One line of the Dataflow Compiler's console or log files: its prefix taken off, and what it
// means. The wordings are data, a table of patterns over all known releases (3.27 to 5.4); a line
// that is in no row is `unknown` and never an error.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hefstudio {

enum class LogMeaning {
    unknown,
    harmless, // listed with the reason why nothing is taken from it

    // Machine and tool
    systemCheck, question, toolVersion, memory, gpu, warnedDefault,
    // Parsing
    parseStarted, parseStep, parseSimplified, parseShapesDiffer, parseRetried, nmsDetected,
    nmsEndNodes, endNodesRecommended, startNodes, endNodes, parseFinished,
    // Quantisation
    scriptLoaded, optimiseStarted, levelDefault, levelReduced, algorithmStarted,
    algorithmFinished, algorithmSkipped, dataset, bar, epoch, trainingBar, trainingCut,
    activationReplaced, rangeForced, calibrationRange, shiftMissing, bitsReduced, noise,
    diskNeeded, optimiseFinished,
    // Compilation
    compileStarted, optionsBuilt, singleContextTried, singleContextFailed, flow, caps,
    partitionStarted, partitionIteration, partitionFound, partitionSpinner, partitionFinished,
    partitionApplied, attemptFinished, layerPassed, feasibilityFinished, mappingStarted,
    mappingWorker, workerRow, workerClock, mappingIterations, utilisationOf, utilisationRow,
    mappingFinished, kernels, bandwidthStreams, bandwidthDdr, bandwidthContexts, hefStarted,
    compileFinished, stageFinished5, saved, zooStarted, zooRunner, zooScript, zooHef,
    // Failures; the row's `note` is the diagnostic's id
    failure,
};

struct LogLineRow {
    std::string_view pattern; // {} captures up to the next literal; a last * lets anything follow
    LogMeaning meaning = LogMeaning::unknown;
    std::string_view note = {}; // why it is harmless, or the id of the diagnostic
};

struct ParsedLogLine {
    LogMeaning meaning = LogMeaning::unknown;
    std::string_view note;
    LogLevel level = LogLevel::info;
    std::string_view text; // without prefix and blanks at the end
    std::array<std::string_view, 6> captured{};
};

// `line` has no line end and no colour codes; the views point into it.
ParsedLogLine parseLogLine(std::string_view line);

// The pattern language of the table, on its own for tests.
bool matchesPattern(std::string_view pattern, std::string_view line,
                    std::array<std::string_view, 6> &captured);

// Takes ESC[…m and ESC[?…l/h codes out.
std::string withoutColourCodes(std::string_view line);

// "1,288.5", "93,8", "3.3e+06": a comma before exactly three digits and a point separates
// thousands, any other is a decimal comma (consoles follow the machine's locale).
std::optional<double> logNumber(std::string_view text);
// "00:00:52.69", "16m 50s", "5s 612ms", "1h 0m 0s" in seconds.
std::optional<double> logSeconds(std::string_view text);

} // namespace hefstudio
