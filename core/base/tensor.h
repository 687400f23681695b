// Shapes and dense tensors as plain values. A shape is in ONNX order (N, C, H, W for pictures) and
// storage is row-major in that order unless a name says otherwise (…Nhwc).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

enum class ElementType {
    float32,
    float16,
    bfloat16,
    float64,
    int8,
    uint8,
    int16,
    uint16,
    int32,
    uint32,
    int64,
    uint64,
    boolean,
};

std::size_t elementBytes(ElementType type);
std::string_view elementTypeName(ElementType type); // "float32"
std::optional<ElementType> elementTypeFromName(std::string_view name);

template<class T> constexpr ElementType elementTypeOf();
template<> constexpr ElementType elementTypeOf<float>()
{
    return ElementType::float32;
}
template<> constexpr ElementType elementTypeOf<double>()
{
    return ElementType::float64;
}
template<> constexpr ElementType elementTypeOf<std::int8_t>()
{
    return ElementType::int8;
}
template<> constexpr ElementType elementTypeOf<std::uint8_t>()
{
    return ElementType::uint8;
}
template<> constexpr ElementType elementTypeOf<std::int16_t>()
{
    return ElementType::int16;
}
template<> constexpr ElementType elementTypeOf<std::uint16_t>()
{
    return ElementType::uint16;
}
template<> constexpr ElementType elementTypeOf<std::int32_t>()
{
    return ElementType::int32;
}
template<> constexpr ElementType elementTypeOf<std::uint32_t>()
{
    return ElementType::uint32;
}
template<> constexpr ElementType elementTypeOf<std::int64_t>()
{
    return ElementType::int64;
}
template<> constexpr ElementType elementTypeOf<std::uint64_t>()
{
    return ElementType::uint64;
}
template<> constexpr ElementType elementTypeOf<bool>()
{
    return ElementType::boolean;
}

// Dimensions of a tensor; rank 0 is a scalar with one element. Dimensions are never negative.
class Shape {
public:
    Shape() = default;
    Shape(std::initializer_list<std::int64_t> dims) : m_dims(dims) {}
    explicit Shape(std::vector<std::int64_t> dims) : m_dims(std::move(dims)) {}

    std::size_t rank() const { return m_dims.size(); }
    std::int64_t operator[](std::size_t axis) const { return m_dims[axis]; }
    std::int64_t &operator[](std::size_t axis) { return m_dims[axis]; }
    std::int64_t back() const { return m_dims.back(); }
    const std::vector<std::int64_t> &dims() const { return m_dims; }
    auto begin() const { return m_dims.begin(); }
    auto end() const { return m_dims.end(); }

    // Number of elements of a shape that was checked (importers use checkedElementCount).
    std::int64_t elementCount() const;
    // Row-major strides in elements.
    std::vector<std::int64_t> strides() const;
    std::string text() const; // "1×3×240×320"

    friend bool operator==(const Shape &, const Shape &) = default;

private:
    std::vector<std::int64_t> m_dims;
};

// Element count of untrusted dimensions: nothing on a negative dimension or past 2^40 elements.
std::optional<std::int64_t> checkedElementCount(std::span<const std::int64_t> dims);

// A dense tensor that owns its bytes (64-byte aligned); copies are deep, moves are cheap. Share
// as std::shared_ptr<const Tensor>.
class Tensor {
public:
    Tensor() = default;
    // Zero-filled.
    Tensor(ElementType type, Shape shape);
    template<class T> static Tensor of(Shape shape, std::span<const T> values);
    template<class T> static Tensor of(Shape shape, std::initializer_list<T> values);
    template<class T> static Tensor scalar(T value) { return of<T>(Shape{}, {value}); }

    Tensor(const Tensor &other);
    Tensor &operator=(const Tensor &other);
    Tensor(Tensor &&) noexcept = default;
    Tensor &operator=(Tensor &&) noexcept = default;

    ElementType type() const { return m_type; }
    const Shape &shape() const { return m_shape; }
    std::int64_t elementCount() const { return m_shape.elementCount(); }
    std::size_t byteCount() const { return m_byteCount; }
    std::span<const std::byte> bytes() const { return {m_bytes.get(), m_byteCount}; }
    std::span<std::byte> bytes() { return {m_bytes.get(), m_byteCount}; }

    // T must be the element type (asserted).
    template<class T> std::span<const T> as() const;
    template<class T> std::span<T> as();

    // Same elements under another shape of equal element count.
    Tensor reshaped(Shape shape) &&;
    // Any numeric type to float32 (float16, bfloat16 and integers are widened, float64 rounded).
    Tensor toFloat32() const;
    // Integers of any width (and booleans) widened; floats truncated.
    std::vector<std::int64_t> toInt64() const;

    // Same type, shape and bytes.
    friend bool operator==(const Tensor &a, const Tensor &b);

private:
    struct Free {
        void operator()(std::byte *bytes) const;
    };
    ElementType m_type = ElementType::float32;
    Shape m_shape{0};
    std::size_t m_byteCount = 0;
    std::unique_ptr<std::byte[], Free> m_bytes;
};

template<class T> Tensor Tensor::of(Shape shape, std::span<const T> values)
{
    Tensor tensor(elementTypeOf<T>(), std::move(shape));
    if (!values.empty())
        std::memcpy(tensor.bytes().data(), values.data(),
                    std::min(values.size_bytes(), tensor.byteCount()));
    return tensor;
}

template<class T> Tensor Tensor::of(Shape shape, std::initializer_list<T> values)
{
    return of<T>(std::move(shape), std::span<const T>(values.begin(), values.size()));
}

void requireElementType(ElementType wanted, ElementType found); // aborts on our own mistake

template<class T> std::span<const T> Tensor::as() const
{
    requireElementType(elementTypeOf<T>(), m_type);
    return {reinterpret_cast<const T *>(m_bytes.get()), m_byteCount / sizeof(T)};
}

template<class T> std::span<T> Tensor::as()
{
    requireElementType(elementTypeOf<T>(), m_type);
    return {reinterpret_cast<T *>(m_bytes.get()), m_byteCount / sizeof(T)};
}

// IEEE half and bfloat16 conversions (round to nearest even).
float float16ToFloat(std::uint16_t bits);
std::uint16_t floatToFloat16(float value);
float bfloat16ToFloat(std::uint16_t bits);

} // namespace hefstudio
