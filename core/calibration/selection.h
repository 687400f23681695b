// Which samples of a large set to calibrate with. All choices are the same for a seed on every
// machine, hold each sample once and are sorted. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/picture_measures.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

namespace hefstudio {

enum class SelectionStrategy { random, diverse, perClass };
std::string_view selectionStrategyName(SelectionStrategy strategy); // "random", "per-class" …
std::optional<SelectionStrategy> selectionStrategyFromName(std::string_view name);

// `count` of the numbers below `from`.
std::vector<std::size_t> selectRandom(std::size_t from, std::size_t count, std::uint64_t seed);

// Farthest-point sampling (T. Gonzalez, 1985): begins with a sample that the seed draws, then
// takes again and again the one that is farthest from all taken. Cut short when stop is requested.
std::vector<std::size_t> selectDiverse(std::span<const PictureFeatures> features,
                                       std::size_t count, std::uint64_t seed,
                                       const std::stop_token &stop = {});

// Takes again and again a sample of the class that has the fewest so far and has one left; samples
// without classes come last. `classes` by sample.
std::vector<std::size_t> selectPerClass(std::span<const std::vector<int>> classes,
                                        std::size_t count, std::uint64_t seed);

} // namespace hefstudio
