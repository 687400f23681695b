// How far the integer engine may go: each level includes the ones before it. Every level gives the
// same integers; lower ones are asked for in tests and measurements.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace hefstudio {

enum class IntegerInstructionSet { base, avx2, avx512, vnni, amx };

std::string_view integerInstructionSetName(IntegerInstructionSet level);
std::optional<IntegerInstructionSet> integerInstructionSetFromName(std::string_view name);

// The widest level of this machine, and all up to it.
IntegerInstructionSet widestIntegerInstructionSet();
std::vector<IntegerInstructionSet> integerInstructionSets();

} // namespace hefstudio
