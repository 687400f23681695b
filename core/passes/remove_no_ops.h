// Drops layers that change nothing: identities, reshapes, transposes, slices, pads, resizes and
// broadcasts whose output equals their input, concats of one value, neighbouring transposes or
// reshapes that combine (to one, or to nothing), and everything that no output needs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>

namespace hefstudio {

Result<std::shared_ptr<const Graph>> removeNoOps(const Graph &graph);

} // namespace hefstudio
