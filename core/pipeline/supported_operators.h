// The manual of what can be converted, SUPPORTED_OPERATORS.md, made from the tables that import,
// check and cut work with: importers by operator, limits of the chip, limits of the vendor's parser.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace hefstudio {

// The whole file, as `hefc check --operators` prints it.
std::string supportedOperatorsText();

} // namespace hefstudio
