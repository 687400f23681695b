// Small integer layers for the tests: bytes in, bytes out.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ops/integer_layer.h"

#include <gtest/gtest.h>

namespace hefstudio {

inline Tensor bytes(Shape shape, std::vector<int> values)
{
    Tensor tensor(ElementType::uint8, std::move(shape));
    for (std::size_t i = 0; i < values.size(); ++i)
        tensor.as<std::uint8_t>()[i] = static_cast<std::uint8_t>(values[i]);
    return tensor;
}

inline std::vector<int> values(const Tensor &tensor)
{
    const std::vector<std::int64_t> wide = tensor.toInt64();
    return {wide.begin(), wide.end()};
}

inline OutputStage stageOf(double factor, int zeroPoint = 0)
{
    OutputStage stage;
    stage.rescale = {fixedPoint(factor)};
    stage.zeroPoint = zeroPoint;
    return stage;
}

// Checks the layer for the operands, then runs it.
inline std::vector<int> run(IntegerForm form, std::vector<Tensor> inputs, const Shape &outputShape,
                            std::vector<TensorQuantisation> quantisations = {},
                            TensorQuantisation output = {})
{
    quantisations.resize(inputs.size());
    IntegerLayer layer{"layer", {}, output, std::move(form)};
    std::vector<Shape> shapes;
    std::vector<const Tensor *> pointers;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        layer.operands.push_back({quantisations[i], nullptr});
        shapes.push_back(inputs[i].shape());
        pointers.push_back(&inputs[i]);
    }
    const auto ok = checkIntegerLayer(layer, shapes, outputShape);
    if (!ok) {
        ADD_FAILURE() << "the layer was refused";
        return {};
    }
    return values(runIntegerReference(layer, pointers, outputShape));
}

} // namespace hefstudio
