// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/constant_arithmetic.h"

#include <cmath>

namespace hefstudio::onnx_import {

namespace {

std::int64_t truncated(double value)
{
    constexpr double limit = 9223372036854775808.0; // 2^63
    if (std::isnan(value))
        return 0;
    if (value >= limit)
        return INT64_MAX;
    if (value < -limit)
        return INT64_MIN;
    return static_cast<std::int64_t>(value);
}

template<class T, class From> void store(Tensor &tensor, const std::vector<From> &values)
{
    auto target = tensor.as<T>();
    for (std::size_t i = 0; i < target.size(); ++i)
        target[i] = static_cast<T>(values[i]);
}

} // namespace

bool isIntegerType(ElementType type)
{
    switch (type) {
    case ElementType::float32:
    case ElementType::float16:
    case ElementType::bfloat16:
    case ElementType::float64:
        return false;
    default:
        return true;
    }
}

std::optional<ElementType> castTarget(std::int64_t code)
{
    constexpr std::pair<std::int64_t, ElementType> codes[] = {
        {1, ElementType::float32},  {2, ElementType::uint8},   {3, ElementType::int8},
        {4, ElementType::uint16},   {5, ElementType::int16},   {6, ElementType::int32},
        {7, ElementType::int64},    {9, ElementType::boolean}, {10, ElementType::float16},
        {11, ElementType::float64}, {12, ElementType::uint32}, {13, ElementType::uint64},
        {16, ElementType::bfloat16}};
    for (const auto &[known, type] : codes)
        if (known == code)
            return type;
    return std::nullopt;
}

std::vector<std::int64_t> asIntegers(const Tensor &tensor)
{
    if (isIntegerType(tensor.type()))
        return tensor.toInt64();
    std::vector<std::int64_t> values;
    for (const double value : asReals(tensor))
        values.push_back(truncated(value));
    return values;
}

std::vector<double> asReals(const Tensor &tensor)
{
    if (tensor.type() == ElementType::float64) {
        const auto values = tensor.as<double>();
        return {values.begin(), values.end()};
    }
    if (isIntegerType(tensor.type())) {
        const auto values = tensor.toInt64();
        return {values.begin(), values.end()};
    }
    const Tensor floats = tensor.toFloat32();
    const auto values = floats.as<float>();
    return {values.begin(), values.end()};
}

Tensor fromIntegers(ElementType type, Shape shape, const std::vector<std::int64_t> &values)
{
    switch (type) {
    case ElementType::float32:
    case ElementType::float16:
    case ElementType::bfloat16:
    case ElementType::float64: {
        Tensor tensor(ElementType::float32, std::move(shape));
        store<float>(tensor, values);
        return tensor;
    }
    default:
        break;
    }
    Tensor tensor(type, std::move(shape));
    switch (type) {
    case ElementType::int8:
        store<std::int8_t>(tensor, values);
        break;
    case ElementType::uint8:
        store<std::uint8_t>(tensor, values);
        break;
    case ElementType::int16:
        store<std::int16_t>(tensor, values);
        break;
    case ElementType::uint16:
        store<std::uint16_t>(tensor, values);
        break;
    case ElementType::int32:
        store<std::int32_t>(tensor, values);
        break;
    case ElementType::uint32:
        store<std::uint32_t>(tensor, values);
        break;
    case ElementType::uint64:
        store<std::uint64_t>(tensor, values);
        break;
    case ElementType::boolean:
        store<bool>(tensor, values);
        break;
    default:
        store<std::int64_t>(tensor, values);
        break;
    }
    return tensor;
}

Tensor fromReals(ElementType type, Shape shape, const std::vector<double> &values)
{
    if (!isIntegerType(type)) {
        // Every float type is computed with as float32 here.
        Tensor tensor(ElementType::float32, std::move(shape));
        store<float>(tensor, values);
        return tensor;
    }
    std::vector<std::int64_t> integers;
    integers.reserve(values.size());
    for (const double value : values) // a fraction is true too
        integers.push_back(type == ElementType::boolean ? value != 0 : truncated(value));
    return fromIntegers(type, std::move(shape), integers);
}

std::optional<Shape> broadcastShape(const Shape &a, const Shape &b)
{
    const Shape &longer = a.rank() >= b.rank() ? a : b;
    const Shape &shorter = a.rank() >= b.rank() ? b : a;
    std::vector<std::int64_t> dims = longer.dims();
    const std::size_t offset = longer.rank() - shorter.rank();
    for (std::size_t i = 0; i < shorter.rank(); ++i) {
        std::int64_t &dim = dims[offset + i];
        if (dim == 1)
            dim = shorter[i];
        else if (shorter[i] != 1 && shorter[i] != dim)
            return std::nullopt;
    }
    if (!checkedElementCount(dims))
        return std::nullopt;
    return Shape(std::move(dims));
}

std::vector<std::size_t> broadcastIndices(const Shape &from, const Shape &to)
{
    const std::size_t rank = to.rank();
    const std::size_t offset = rank - from.rank();
    const auto fromStrides = from.strides();
    std::vector<std::int64_t> strides(rank, 0);
    for (std::size_t i = 0; i < from.rank(); ++i)
        if (from[i] != 1)
            strides[offset + i] = fromStrides[i];
    std::vector<std::size_t> indices;
    const auto count = static_cast<std::size_t>(to.elementCount());
    indices.reserve(count);
    std::vector<std::int64_t> position(rank, 0);
    std::int64_t at = 0;
    while (indices.size() < count) {
        indices.push_back(static_cast<std::size_t>(at));
        for (std::size_t axis = rank; axis-- > 0;) {
            at += strides[axis];
            if (++position[axis] < to[axis])
                break;
            at -= strides[axis] * to[axis];
            position[axis] = 0;
        }
    }
    return indices;
}

} // namespace hefstudio::onnx_import
