// What the vendor's parser is known to refuse, in the form of ops/chip_limits.h: facts from its
// public error messages and from what the model zoo had to rewrite. It is warned of, not refused:
// newer parsers may read more.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ops/chip_limits.h"

namespace hefstudio {

std::span<const LayerLimit> parserLimits();
const LayerLimit *brokenParserLimit(const Graph &graph, const Layer &layer);

} // namespace hefstudio
