// What the chip's part of a network must not hold: each limit one small function with one sentence.
// The sentence is the message of `hefc check`, the reason of a proposed cut and a row of
// SUPPORTED_OPERATORS.md, so that they cannot disagree.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <span>
#include <string_view>

namespace hefstudio {

struct LayerLimit {
    std::string_view kind; // of the layers it is about; empty for all
    std::string_view text; // what holds on the chip, one English sentence
    bool (*isBroken)(const Graph &graph, const Layer &layer);
};

// Layers that break one of these have no integer form and no counterpart on the chip: they stay on
// the host.
std::span<const LayerLimit> chipLimits();

// The first limit the layer breaks, nullptr when the chip can have it.
const LayerLimit *brokenChipLimit(const Graph &graph, const Layer &layer);

} // namespace hefstudio
