// Runs hefc and keeps what it said.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

struct HefcResult {
    int exitCode = -1; // 128 + signal when killed by one
    std::string out;
    std::string err;
};

HefcResult hefc(const std::vector<std::string> &arguments);

// Sends SIGINT as soon as a line of standard output contains `text`.
HefcResult hefcInterruptedAt(const std::vector<std::string> &arguments, const std::string &text);

// Sends SIGKILL after that time, unless it has ended.
HefcResult hefcKilledAfter(const std::vector<std::string> &arguments,
                           std::chrono::microseconds moment);
// The same with SIGKILL: the program has no time to clean up.
HefcResult hefcKilledAt(const std::vector<std::string> &arguments, const std::string &text);

// The sample that comes with the product.
std::filesystem::path sampleFolder();
// The options that convert it, up to the output.
std::vector<std::string> sampleConversion(const std::filesystem::path &output);
