// A graph with the integers decided: for each tensor its scale and zero point, for each layer its
// integer form. Immutable; what mapping, program generation and reports work from.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/channel_scales.h"
#include "graph/graph.h"
#include "ops/integer_layer.h"
#include "quantize/observer.h"

#include <memory>
#include <vector>

namespace hefstudio {

struct QuantizedGraph {
    std::shared_ptr<const Graph> graph;
    std::vector<TensorQuantisation> tensors; // by TensorId; meaningless for constants
    std::vector<RangeMethod> methods;        // by TensorId: where the range came from
    // Factors of channels: the real value is S_c · scale · (q − zeroPoint). Never of inputs or
    // outputs.
    ChannelScales channelScales;
    // By LayerId. The operands are the first inputs of the graph's layer, in its order; weights and
    // biases moved into the form. Constants that stay operands are in the operand.
    std::vector<IntegerLayer> layers;
    // By LayerId, of layers with weights: the scale of each row, as multiplied with the factors of
    // the channels it reads.
    std::vector<std::vector<float>> weightScales;

    const TensorQuantisation &of(TensorId id) const { return tensors[id.index()]; }
    const IntegerLayer &layer(LayerId id) const { return layers[id.index()]; }
};

} // namespace hefstudio
