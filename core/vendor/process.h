// Runs another program without a shell, in a process group of its own, so that stopping it stops
// all it started. Output is handed on as it comes; nothing is waited for without a limit.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace hefstudio {

struct ProcessRequest {
    std::vector<std::string> command; // program, found on PATH when it has no slash, and arguments
    std::filesystem::path folder;     // to run in; empty: the caller's
    // Changes to the caller's environment; nothing as value takes the variable away.
    std::vector<std::pair<std::string, std::optional<std::string>>> variables;
    std::chrono::milliseconds limit = std::chrono::hours(24 * 7);
    // Standard output and error, in the order they arrive. Standard input is empty.
    std::function<void(std::string_view bytes)> onOutput;
};

struct ProcessOutcome {
    int exitCode = 0; // of a signal: 128 + its number
    bool timedOut = false;
};

// What a process of its own session keeps after the one that started it has ended.
struct DetachedStreams {
    int input = -1;  // descriptors of the caller, who still closes them
    int output = -1; // both outputs
    int kept = -1;   // stays open as descriptor `keptDescriptor`: a lock, for instance
};
inline constexpr int keptDescriptor = 3;

// Starts the program in a session of its own and gives its process id, which is also its group's;
// the caller may wait for it. `limit` and `onOutput` of the request are not used. Diagnostics:
// vendor.program-missing, vendor.program-not-started.
Result<int> startDetached(const ProcessRequest &request, const DetachedStreams &streams);

// A stop request ends the group: first asked (SIGTERM), after two seconds killed. Diagnostics:
// vendor.program-missing, vendor.program-not-started, cancelled.
Result<ProcessOutcome> runProcess(const ProcessRequest &request, std::stop_token stop);

} // namespace hefstudio
