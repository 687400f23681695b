// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/tensor.h"

#include "base/checked.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace hefstudio {
namespace {

struct TypeFacts {
    std::string_view name;
    std::size_t bytes;
};
// In the order of ElementType.
constexpr std::array<TypeFacts, 13> typeFacts{{
    {"float32", 4},
    {"float16", 2},
    {"bfloat16", 2},
    {"float64", 8},
    {"int8", 1},
    {"uint8", 1},
    {"int16", 2},
    {"uint16", 2},
    {"int32", 4},
    {"uint32", 4},
    {"int64", 8},
    {"uint64", 8},
    {"bool", 1},
}};

constexpr std::align_val_t alignment{64};

// Calls visit with the elements of `tensor` one by one, widened to double or int64.
template<class Visit> void forEachElement(const Tensor &tensor, Visit visit)
{
    const auto each = [&]<class T>(std::span<const T> values) {
        for (const T value : values)
            visit(value);
    };
    switch (tensor.type()) {
    case ElementType::float32:
        return each(tensor.as<float>());
    case ElementType::float64:
        return each(tensor.as<double>());
    case ElementType::int8:
        return each(tensor.as<std::int8_t>());
    case ElementType::uint8:
        return each(tensor.as<std::uint8_t>());
    case ElementType::int16:
        return each(tensor.as<std::int16_t>());
    case ElementType::uint16:
        return each(tensor.as<std::uint16_t>());
    case ElementType::int32:
        return each(tensor.as<std::int32_t>());
    case ElementType::uint32:
        return each(tensor.as<std::uint32_t>());
    case ElementType::int64:
        return each(tensor.as<std::int64_t>());
    case ElementType::uint64:
        return each(tensor.as<std::uint64_t>());
    case ElementType::boolean:
        for (const std::byte value : tensor.bytes())
            visit(value != std::byte{0} ? 1 : 0);
        return;
    case ElementType::float16:
    case ElementType::bfloat16:
        for (std::size_t i = 0; i + 1 < tensor.byteCount(); i += 2) {
            std::uint16_t bits = 0;
            std::memcpy(&bits, tensor.bytes().data() + i, 2);
            visit(tensor.type() == ElementType::float16 ? float16ToFloat(bits)
                                                        : bfloat16ToFloat(bits));
        }
        return;
    }
}

} // namespace

std::size_t elementBytes(ElementType type)
{
    return typeFacts[static_cast<std::size_t>(type)].bytes;
}

std::string_view elementTypeName(ElementType type)
{
    return typeFacts[static_cast<std::size_t>(type)].name;
}

std::optional<ElementType> elementTypeFromName(std::string_view name)
{
    const auto found = std::ranges::find(typeFacts, name, &TypeFacts::name);
    if (found == typeFacts.end())
        return std::nullopt;
    return static_cast<ElementType>(found - typeFacts.begin());
}

std::int64_t Shape::elementCount() const
{
    std::int64_t count = 1;
    for (const auto dim : m_dims)
        count *= dim;
    return count;
}

std::vector<std::int64_t> Shape::strides() const
{
    std::vector<std::int64_t> result(m_dims.size(), 1);
    for (std::size_t axis = m_dims.size(); axis-- > 1;)
        result[axis - 1] = result[axis] * m_dims[axis];
    return result;
}

std::string Shape::text() const
{
    if (m_dims.empty())
        return "scalar";
    std::string text;
    for (const auto dim : m_dims) {
        if (!text.empty())
            text += "×";
        text += std::to_string(dim);
    }
    return text;
}

std::optional<std::int64_t> checkedElementCount(std::span<const std::int64_t> dims)
{
    constexpr std::int64_t limit = std::int64_t(1) << 40;
    std::int64_t count = 1;
    for (const auto dim : dims) {
        if (dim < 0)
            return std::nullopt;
        const auto product = checkedMul(count, dim);
        if (!product || *product > limit)
            return std::nullopt;
        count = *product;
    }
    return count;
}

void Tensor::Free::operator()(std::byte *bytes) const
{
    ::operator delete[](bytes, alignment);
}

Tensor::Tensor(ElementType type, Shape shape) : m_type(type), m_shape(std::move(shape))
{
    m_byteCount = static_cast<std::size_t>(m_shape.elementCount()) * elementBytes(type);
    if (m_byteCount == 0)
        return;
    m_bytes.reset(static_cast<std::byte *>(::operator new[](m_byteCount, alignment)));
    std::memset(m_bytes.get(), 0, m_byteCount);
}

Tensor::Tensor(const Tensor &other) : m_type(other.m_type), m_shape(other.m_shape)
{
    m_byteCount = other.m_byteCount;
    if (m_byteCount == 0)
        return;
    m_bytes.reset(static_cast<std::byte *>(::operator new[](m_byteCount, alignment)));
    std::memcpy(m_bytes.get(), other.m_bytes.get(), m_byteCount);
}

Tensor &Tensor::operator=(const Tensor &other)
{
    if (this != &other)
        *this = Tensor(other);
    return *this;
}

Tensor Tensor::reshaped(Shape shape) &&
{
    if (shape.elementCount() != elementCount()) {
        std::fprintf(stderr, "internal error: reshape changes the element count\n");
        std::abort();
    }
    m_shape = std::move(shape);
    return std::move(*this);
}

Tensor Tensor::toFloat32() const
{
    if (m_type == ElementType::float32)
        return *this;
    Tensor result(ElementType::float32, m_shape);
    auto out = result.as<float>().begin();
    forEachElement(*this, [&out](auto value) { *out++ = static_cast<float>(value); });
    return result;
}

std::vector<std::int64_t> Tensor::toInt64() const
{
    std::vector<std::int64_t> result;
    result.reserve(static_cast<std::size_t>(elementCount()));
    forEachElement(*this, [&result](auto value) {
        if constexpr (std::is_floating_point_v<decltype(value)>) {
            // A float outside the target's range is undefined to convert: saturate.
            if (!(value > -9.2e18))
                result.push_back(value != value ? 0 : INT64_MIN);
            else
                result.push_back(value < 9.2e18 ? static_cast<std::int64_t>(value) : INT64_MAX);
        } else {
            result.push_back(static_cast<std::int64_t>(value));
        }
    });
    return result;
}

bool operator==(const Tensor &a, const Tensor &b)
{
    return a.m_type == b.m_type && a.m_shape == b.m_shape && a.m_byteCount == b.m_byteCount &&
           (a.m_byteCount == 0 ||
            std::memcmp(a.m_bytes.get(), b.m_bytes.get(), a.m_byteCount) == 0);
}

void requireElementType(ElementType wanted, ElementType found)
{
    if (wanted == found)
        return;
    std::fprintf(stderr, "internal error: tensor of %s read as %s\n",
                 std::string(elementTypeName(found)).c_str(),
                 std::string(elementTypeName(wanted)).c_str());
    std::abort();
}

float float16ToFloat(std::uint16_t bits)
{
    const std::uint32_t sign = std::uint32_t(bits & 0x8000U) << 16;
    const std::uint32_t exponent = (bits >> 10) & 0x1FU;
    const std::uint32_t mantissa = bits & 0x3FFU;
    if (exponent == 0x1F)
        return std::bit_cast<float>(sign | 0x7F800000U | (mantissa << 13));
    if (exponent != 0)
        return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24F; // subnormal: exact
    return sign ? -magnitude : magnitude;
}

std::uint16_t floatToFloat16(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    if (magnitude > 0x7F800000U)
        return sign | 0x7E00U;
    if (magnitude >= 0x477FF000U) // rounds to 2^16 or more
        return sign | 0x7C00U;
    if (magnitude < 0x38800000U) { // subnormal half: let the float adder round
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        return static_cast<std::uint16_t>(sign |
                                          (std::bit_cast<std::uint32_t>(shifted) - 0x3F000000U));
    }
    const std::uint32_t rounded = magnitude - 0x38000000U + 0xFFFU + ((magnitude >> 13) & 1U);
    return static_cast<std::uint16_t>(sign | (rounded >> 13));
}

float bfloat16ToFloat(std::uint16_t bits)
{
    return std::bit_cast<float>(std::uint32_t(bits) << 16);
}

} // namespace hefstudio
