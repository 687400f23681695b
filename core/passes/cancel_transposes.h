// Transposes that meet their inverse behind layers which do not mind the order of axes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>

namespace hefstudio {

// A transpose, a chain of layers that work element by element, join, reduce or take a softmax, and
// the inverse transpose become the chain alone, with its axes and constants turned round. Dense
// layers over channels that such a transpose put last are 1×1 convolutions before it. Second
// operands come from a transpose of the same kind or are constants. Only whole chains are
// rewritten: the number of transposes falls with every change.
Result<std::shared_ptr<const Graph>> cancelTransposes(const Graph &graph);

} // namespace hefstudio
