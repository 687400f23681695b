// The option --input-shape NAME=1,3,640,640, as several verbs take it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hefstudio::cli {

// Nothing for a text of another form or a size below 1.
std::optional<std::pair<std::string, std::vector<std::int64_t>>>
parseInputShape(std::string_view text);

CLI::Validator inputShapeValidator();

} // namespace hefstudio::cli
