// Digests by which a value between two stages is known again: as the key of a cache, and in a
// recipe's lock, where they tell which stage was the first to give something else.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/calibration_set.h"
#include "graph/graph.h"
#include "pipeline/input_plan.h"

#include <initializer_list>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hefstudio {

// SHA-256 over the parts with their lengths, so that no two lists of parts run into each other.
std::string digestOfParts(std::initializer_list<std::string_view> parts);

// Layers as printGraph() shows them and every constant to the bit.
std::string graphDigest(const Graph &graph);
std::string plansDigest(std::span<const InputPlan> plans);

// The program's own file, which libraries it runs with, and its version: what may change float
// results between two runs on one machine.
std::string buildDigest();

// Each file the set reads, named relative to its source, with its SHA-256, in set order; an array
// is one file, noise none. A file that cannot be read has an empty digest; whether that matters is
// for whoever decodes it to say. Diagnostics: cancelled.
Result<std::vector<std::pair<std::string, std::string>>> calibrationDigests(const CalibrationSet &set,
                                                                            std::stop_token stop);

} // namespace hefstudio
