// Reads a Python literal as JSON: what exporters write into metadata with str() ("{0: 'cup', 1:
// 'lid'}", "[640, 640]", "True"). Dictionaries become objects with their keys as text, tuples
// become arrays, None becomes null. Nothing is ever evaluated. SPDX-License-Identifier:
// GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string_view>

namespace hefstudio {

// Nothing for anything else than one literal, or one nested deeper than 16.
std::optional<nlohmann::ordered_json> parsePythonLiteral(std::string_view text);

} // namespace hefstudio
