// Elementwise arithmetic of constants as int64 or double with NumPy broadcasting; the parts of the
// constant evaluator that know no ONNX. Internal to this room.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/tensor.h"

#include <functional>
#include <optional>
#include <vector>

namespace hefstudio::onnx_import {

bool isIntegerType(ElementType type);
// The element type behind an ONNX type code, as Cast names it.
std::optional<ElementType> castTarget(std::int64_t code); // booleans too

// The values of any tensor, and back into any type: integers wrap to the width of the type, floats
// become integers by dropping the fraction and staying inside the range.
std::vector<std::int64_t> asIntegers(const Tensor &tensor);
std::vector<double> asReals(const Tensor &tensor);
Tensor fromIntegers(ElementType type, Shape shape, const std::vector<std::int64_t> &values);
Tensor fromReals(ElementType type, Shape shape, const std::vector<double> &values);

// Nothing when the shapes do not fit.
std::optional<Shape> broadcastShape(const Shape &a, const Shape &b);

// For each element of `to` in row-major order the element of `from` that it reads.
std::vector<std::size_t> broadcastIndices(const Shape &from, const Shape &to);

} // namespace hefstudio::onnx_import
