// The part of YAML that model-zoo style network files are written in, as JSON: nested mappings and
// lists by indentation, lists in brackets, plain and quoted scalars, comments. Anchors, tags, block
// scalars and several documents are refused with their line, not guessed at.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <nlohmann/json.hpp>

namespace hefstudio {

// Scalars become null, booleans, numbers or texts. Diagnostics: vendor.yaml with the line (1 MiB, 32
// levels).
Result<nlohmann::ordered_json> parsePlainYaml(std::string_view text,
                                              const std::string &nameForErrors);

} // namespace hefstudio
