// Normalisations that exporters wrote as arithmetic become one layer again.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>

namespace hefstudio {

// (x − mean(x)) / √(mean((x − mean(x))²) + ε), scaled and shifted by constants, over any axes, is a
// LayerNormalization; over axes that are not the last ones it stands between two transposes.
// x / √(mean(x²) + ε), scaled, is an RmsNormalization in the same way.
// √(sum(x²)) is a reduction by the L2 norm. Run before constant arithmetic is folded. A value
// inside that something else reads is still computed for it.
Result<std::shared_ptr<const Graph>> recogniseNormalizations(const Graph &graph);

} // namespace hefstudio
