// Arithmetic on untrusted sizes: nothing instead of a wrapped number.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <optional>

namespace hefstudio {

template<std::integral T> std::optional<T> checkedAdd(T a, T b)
{
    T sum{};
    if (__builtin_add_overflow(a, b, &sum))
        return std::nullopt;
    return sum;
}

template<std::integral T> std::optional<T> checkedMul(T a, T b)
{
    T product{};
    if (__builtin_mul_overflow(a, b, &product))
        return std::nullopt;
    return product;
}

} // namespace hefstudio
