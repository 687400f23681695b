// What the integer engine executes: layers in integers over numbered values. The rooms below that
// own such layers (a quantised graph, a context of a program) describe them in this form and hand
// them over; the engine knows neither.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ops/integer_layer.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace hefstudio {

struct IntegerNode {
    static constexpr std::uint32_t constantOperand = 0xFFFFFFFF;

    const IntegerLayer *layer = nullptr; // kept alive by IntegerNetwork::owner
    std::vector<std::uint32_t> operands; // values, or constantOperand
    std::uint32_t result = 0;
};

struct IntegerNetwork {
    struct Value {
        Shape shape; // ONNX order
        TensorQuantisation quantisation;
    };
    std::vector<Value> values;
    std::vector<IntegerNode> nodes; // each after those it reads; every layer has passed
                                    // checkIntegerLayer(); none is an IntegerInput
    std::vector<std::uint32_t> inputs, outputs;
    std::shared_ptr<const void> owner;
};

} // namespace hefstudio
