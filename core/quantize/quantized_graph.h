// A graph with the integers decided: for each tensor its scale and zero point, for each layer its
// integer form. Immutable; what mapping, program generation and reports work from.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"
#include "ops/integer_layer.h"

#include <memory>
#include <vector>

namespace hefstudio {

struct QuantizedGraph {
    std::shared_ptr<const Graph> graph;
    std::vector<TensorQuantisation> tensors; // by TensorId; meaningless for constants

    const TensorQuantisation &of(TensorId id) const { return tensors[id.index()]; }
};

} // namespace hefstudio
