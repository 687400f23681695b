// Models that come quantised, read as what they mean in floats: this program quantises by itself.
// A value between QuantizeLinear and DequantizeLinear is held as the real number its integers stand
// for, clipped to what they can express; so the given scales survive as the bounds of a clip. What
// DynamicQuantizeLinear makes is held as the real value too, with the power of a scale that is
// known only while the network runs: it must cancel out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include "onnx/constant_arithmetic.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hefstudio::onnx_import {

namespace {

std::pair<double, double> limitsOf(ElementType type)
{
    switch (type) {
    case ElementType::int8:
        return {-128, 127};
    case ElementType::uint16:
        return {0, 65535};
    case ElementType::int16:
        return {-32768, 32767};
    case ElementType::int32:
        return {-2147483648.0, 2147483647.0};
    default:
        return {0, 255};
    }
}

double halfEven(double x)
{
    const double down = std::floor(x);
    const double rest = x - down;
    if (rest != 0.5)
        return rest < 0.5 ? down : down + 1;
    return std::fmod(down, 2) == 0 ? down : down + 1;
}

// Scale and zero point of one operand, as constants.
struct Code {
    std::vector<double> scale, zero;
    ElementType type = ElementType::uint8;
    Shape shape; // of the scale
};

Code readCode(const NodeImport &node, std::size_t scaleSlot, std::size_t zeroSlot)
{
    Code code;
    const Tensor &scale = node.constant(scaleSlot, "scales");
    code.scale = asReals(scale);
    code.shape = scale.shape();
    for (const double one : code.scale)
        if (!(std::isfinite(one) && one > 0))
            node.refuseConstant("a scale is not a positive number");
    code.zero.assign(code.scale.size(), 0);
    if (node.hasInput(zeroSlot)) {
        const Tensor &zero = node.constant(zeroSlot, "zero points");
        code.type = zero.type();
        const std::vector<double> values = asReals(zero);
        if (values.size() != 1 && values.size() != code.scale.size())
            node.refuseConstant("there is not one zero point per scale");
        for (std::size_t i = 0; i < code.zero.size(); ++i)
            code.zero[i] = values[values.size() == 1 ? 0 : i];
    }
    return code;
}

// For each element of `shape` the entry of the code: one for all, one per index of an axis, or one
// per block along it.
class CodeIndex {
public:
    CodeIndex(const NodeImport &node, const Code &code, const Shape &shape, std::int64_t axis,
              std::int64_t block)
    {
        if (code.scale.size() == 1)
            return;
        const std::size_t at = static_cast<std::size_t>(node.axis(axis, shape.rank()));
        m_strides = shape.strides();
        m_shape = shape;
        m_axis = at;
        m_block = std::max<std::int64_t>(1, block);
        Dims expected{shape[at]};
        if (block > 0) {
            expected = shape.dims();
            expected[at] = (shape[at] + block - 1) / block;
        }
        if (code.shape != Shape(expected))
            node.refuseConstant("the scales do not suit the axis");
        m_codeStrides = code.shape.strides();
        m_isBlocked = block > 0;
        m_isPlain = false;
    }

    std::size_t operator()(std::size_t element) const
    {
        if (m_isPlain)
            return 0;
        std::int64_t place = 0;
        for (std::size_t axis = 0; axis < m_shape.rank(); ++axis) {
            const std::int64_t index =
                static_cast<std::int64_t>(element) / m_strides[axis] % m_shape[axis];
            if (axis == m_axis)
                place += index / m_block * (m_isBlocked ? m_codeStrides[axis] : 1);
            else if (m_isBlocked)
                place += index * m_codeStrides[axis];
        }
        return static_cast<std::size_t>(place);
    }

private:
    bool m_isPlain = true, m_isBlocked = false;
    std::size_t m_axis = 0;
    std::int64_t m_block = 1;
    Shape m_shape;
    std::vector<std::int64_t> m_strides, m_codeStrides;
};

Value realConstant(NodeImport &node, const Value &value, const Code &code, std::int64_t axis,
                   std::int64_t block)
{
    const CodeIndex index(node, code, value.shape, axis, block);
    const std::vector<double> integers = asReals(*value.constant);
    Tensor real(ElementType::float32, value.shape);
    const auto out = real.as<float>();
    for (std::size_t i = 0; i < integers.size(); ++i)
        out[i] = static_cast<float>((integers[i] - code.zero[index(i)]) * code.scale[index(i)]);
    return node.made(std::move(real), "real");
}

// What the integers of `value` mean.
Value realOf(NodeImport &node, const Value &value, const Code &code, std::int64_t axis = 1,
             std::int64_t block = 0)
{
    if (value.isConstant())
        return realConstant(node, value, code, axis, block);
    if (value.holdsReal) {
        Value real = value;
        real.holdsReal = false;
        real.type = ElementType::float32;
        return real;
    }
    if (code.scale.size() != 1)
        node.refuseForm("integers that are computed and a scale per channel");
    Value plain = value;
    plain.type = ElementType::float32;
    const double scale = code.scale[0];
    return node.emit(Elementwise{{Function::affine, static_cast<float>(scale),
                                  static_cast<float>(-code.zero[0] * scale)}},
                     {plain});
}

// The named output is `real`, held as the integers of `code` would.
void outputCoded(NodeImport &node, const Value &real, const Code &code, std::int64_t axis = 1)
{
    const auto [least, most] = limitsOf(code.type);
    const auto bound = [&](std::size_t i, double limit) {
        return static_cast<float>((limit - code.zero[i]) * code.scale[i]);
    };
    Value held;
    if (code.scale.size() == 1) {
        held = node.emit(Elementwise{{Function::clip, bound(0, least), bound(0, most)}}, {real});
    } else {
        Dims dims(real.shape.rank(), 1);
        dims[static_cast<std::size_t>(node.axis(axis, real.shape.rank()))] =
            static_cast<std::int64_t>(code.scale.size());
        Tensor low(ElementType::float32, Shape(dims)), high(ElementType::float32, Shape(dims));
        if (low.elementCount() != static_cast<std::int64_t>(code.scale.size()))
            node.refuseConstant("the scales do not suit the axis");
        for (std::size_t i = 0; i < code.scale.size(); ++i) {
            low.as<float>()[i] = bound(i, least);
            high.as<float>()[i] = bound(i, most);
        }
        held = node.emit(Binary{BinaryOperator::maximum}, {real, node.made(std::move(low), "low")});
        held =
            node.emit(Binary{BinaryOperator::minimum}, {held, node.made(std::move(high), "high")});
    }
    held.holdsReal = true;
    held.type = code.type;
    node.alias(0, held);
}

void quantizeLinear(NodeImport &node)
{
    const Code code = readCode(node, 1, 2);
    const Value &x = node.input(0);
    const std::int64_t axis = node.intAttribute("axis", 1);
    const std::int64_t block = node.intAttribute("block_size", 0);
    if (!x.isConstant()) {
        if (block > 0)
            node.refuseForm("computed values and blocks");
        return outputCoded(node, x, code, axis);
    }
    const CodeIndex index(node, code, x.shape, axis, block);
    const auto [least, most] = limitsOf(code.type);
    std::vector<double> values = asReals(*x.constant);
    for (std::size_t i = 0; i < values.size(); ++i) {
        // In float, as runtimes do.
        const float ratio = static_cast<float>(values[i]) / static_cast<float>(code.scale[index(i)]);
        values[i] = std::clamp(halfEven(static_cast<double>(ratio)) + code.zero[index(i)], least, most);
    }
    node.outputConstant(0, fromReals(code.type, x.shape, values));
}

void dequantizeLinear(NodeImport &node)
{
    const Code code = readCode(node, 1, 2);
    node.alias(0, realOf(node, node.input(0), code, node.intAttribute("axis", 1),
                         node.intAttribute("block_size", 0)));
}

void dynamicQuantizeLinear(NodeImport &node)
{
    Value integers = node.input(0);
    integers.scalePower -= 1;
    integers.type = ElementType::uint8;
    node.alias(0, integers);
    if (node.outputCount() > 1) {
        Value scale = node.made(Tensor::scalar(1.0F), "scale");
        scale.scalePower = 1;
        node.alias(1, scale);
    }
    if (node.outputCount() > 2) // what is held is the real value: zero is zero
        node.outputConstant(2, Tensor::scalar<std::uint8_t>(0));
}

// Integers without their zero point, as floats. `axis` is where a list of zero points runs.
Value withoutZero(NodeImport &node, std::size_t slot, std::size_t zeroSlot, std::int64_t axis)
{
    Value x = node.input(slot);
    if (x.holdsReal)
        node.refuseForm("values quantised elsewhere");
    x.type = ElementType::float32;
    if (x.isConstant())
        x = node.made(x.constant->toFloat32(), slot == 0 ? "a" : "b");
    if (!node.hasInput(zeroSlot) || x.scalePower != 0)
        return x;
    const Tensor zero = node.constant(zeroSlot, "zero points").toFloat32();
    const auto values = zero.as<float>();
    if (std::ranges::all_of(values, [](float value) { return value == 0; }))
        return x;
    if (values.size() == 1)
        return node.emit(Elementwise{{Function::affine, 1, -values[0]}}, {x});
    Dims dims(x.shape.rank(), 1);
    dims[static_cast<std::size_t>(node.axis(axis, x.shape.rank()))] =
        static_cast<std::int64_t>(values.size());
    const Value list = node.reshaped(node.made(zero, "zero"), dims);
    return node.emit(Binary{BinaryOperator::subtract}, {x, list});
}

void matMulInteger(NodeImport &node)
{
    const Value a = withoutZero(node, 0, 2, -2);
    const Value b = withoutZero(node, 1, 3, -1);
    Value product = matrixProduct(node, a, b);
    product.type = ElementType::int32;
    node.alias(0, product);
}

void convInteger(NodeImport &node)
{
    const Value x = withoutZero(node, 0, 2, 1);
    const Value weights = withoutZero(node, 1, 3, 0);
    Value result = convolve(node, x, weights, std::nullopt);
    result.type = ElementType::int32;
    node.alias(0, result);
}

void qLinearConv(NodeImport &node)
{
    const Code codeX = readCode(node, 1, 2);
    const Code codeW = readCode(node, 4, 5);
    const Value x = realOf(node, node.input(0), codeX);
    node.constant(3, "weights");
    const Value weights = realOf(node, node.input(3), codeW, 0);
    std::optional<Value> bias;
    if (node.hasInput(8)) {
        const std::vector<double> integers = asReals(node.constant(8, "bias"));
        Tensor real(ElementType::float32, node.shape(8));
        for (std::size_t i = 0; i < integers.size(); ++i)
            real.as<float>()[i] = static_cast<float>(
                integers[i] * codeX.scale[0] * codeW.scale[codeW.scale.size() == 1 ? 0 : i]);
        if (codeW.scale.size() != 1 && codeW.scale.size() != integers.size())
            node.refuseConstant("there is not one bias per scale");
        bias = node.made(std::move(real), "bias");
    }
    outputCoded(node, convolve(node, x, weights, bias), readCode(node, 6, 7));
}

void qLinearMatMul(NodeImport &node)
{
    const Value a = realOf(node, node.input(0), readCode(node, 1, 2), -2);
    const Value b = realOf(node, node.input(3), readCode(node, 4, 5), -1);
    outputCoded(node, matrixProduct(node, a, b), readCode(node, 6, 7));
}

constexpr ImporterRow rows[] = {
    {"QuantizeLinear", quantizeLinear},
    {"DequantizeLinear", dequantizeLinear},
    {"DynamicQuantizeLinear", dynamicQuantizeLinear},
    {"MatMulInteger", matMulInteger},
    {"ConvInteger", convInteger},
    {"QLinearConv", qLinearConv},
    {"QLinearMatMul", qLinearMatMul},
};

} // namespace

std::span<const ImporterRow> quantisedImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
