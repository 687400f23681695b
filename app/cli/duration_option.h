// A length of time on the command line: 90m, 5h, 45s.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace hefstudio::cli {

// A whole number and its unit, of at most 30 days; nothing for anything else.
std::optional<std::chrono::milliseconds> durationFromText(const std::string &text);
CLI::Validator durationValidator();

} // namespace hefstudio::cli
