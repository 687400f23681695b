// Finds out what the ends of a cut detector mean. The arithmetic behind them, where the export has
// it, is asked: a reading counts when it predicts what that arithmetic computes from chosen values.
// Where the export leaves the decoding to the application, the convention of the family with this
// structure is taken and named as such.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "heads/end_nodes.h"
#include "heads/head_layout.h"

#include <memory>
#include <optional>
#include <span>

namespace hefstudio {

// `ends` in the order of the device's outputs, after head surgery. `tail` computes the network's
// outputs from them (null where it is not known). Nothing for what is no detector, or where neither
// arithmetic nor structure tells how its numbers become boxes.
std::optional<HeadLayout> describeHead(const Graph &network, std::span<const EndNodeProposal> ends,
                                       const std::shared_ptr<const Graph> &tail);

} // namespace hefstudio
