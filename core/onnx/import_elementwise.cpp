// Operators that work on each element alone.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include <limits>

namespace hefstudio::onnx_import {

namespace {

template<Function function> void plain(NodeImport &node)
{
    node.output(0, Elementwise{{function, 0, 0}}, {node.input(0)});
}

void apply(NodeImport &node, ScalarFunction function)
{
    node.output(0, Elementwise{function}, {node.input(0)});
}

void leakyRelu(NodeImport &node)
{
    apply(node, {Function::leakyRelu, node.floatAttribute("alpha", 0.01F), 0});
}

void elu(NodeImport &node)
{
    apply(node, {Function::elu, node.floatAttribute("alpha", 1), 0});
}

void selu(NodeImport &node)
{
    const float gamma = node.floatAttribute("gamma", 1.05070102214813232421875F);
    const float alpha = node.floatAttribute("alpha", 1.67326319217681884765625F);
    const Value curve = node.emit(Elementwise{{Function::elu, alpha, 0}}, {node.input(0)});
    node.output(0, Elementwise{{Function::affine, gamma, 0}}, {curve});
}

void hardSigmoid(NodeImport &node)
{
    apply(node, {Function::hardSigmoid, node.floatAttribute("alpha", 0.2F),
                 node.floatAttribute("beta", 0.5F)});
}

void gelu(NodeImport &node)
{
    const std::string approximate = node.stringAttribute("approximate", "none");
    if (approximate != "none" && approximate != "tanh")
        node.refuseForm("approximate " + approximate);
    apply(node, {approximate == "tanh" ? Function::geluTanh : Function::gelu, 0, 0});
}

void swish(NodeImport &node)
{
    if (node.floatAttribute("alpha", 1) != 1)
        node.refuseForm("alpha other than 1");
    apply(node, {Function::silu, 0, 0});
}

void clip(NodeImport &node)
{
    float low = std::numeric_limits<float>::lowest();
    float high = std::numeric_limits<float>::max();
    if (node.opset() < 11) {
        low = node.floatAttribute("min", low);
        high = node.floatAttribute("max", high);
    } else {
        if (node.hasInput(1))
            low = node.constantFloat(1, "minimum");
        if (node.hasInput(2))
            high = node.constantFloat(2, "maximum");
    }
    if (low == 0 && high == std::numeric_limits<float>::max())
        return apply(node, {Function::relu, 0, 0});
    apply(node, {Function::clip, low, high});
}

void parametricRelu(NodeImport &node)
{
    node.constant(1, "slope");
    node.output(0, ParametricRelu{}, {node.input(0), node.input(1)});
}

template<BinaryOperator op> void binary(NodeImport &node)
{
    node.output(0, Binary{op}, {node.input(0), node.input(1)});
}

void power(NodeImport &node)
{
    const Value &exponent = node.input(1);
    // One number of no more dimensions than x: no broadcasting to think of.
    if (exponent.isConstant() && exponent.shape.elementCount() == 1 &&
        exponent.shape.rank() <= node.shape(0).rank() && !node.input(0).isConstant())
        return apply(node, {Function::power, node.constantFloat(1, "exponent"), 0});
    binary<BinaryOperator::power>(node);
}

void modulo(NodeImport &node)
{
    if (node.intAttribute("fmod", 0) == 0)
        node.refuseForm("floating-point numbers and fmod = 0");
    binary<BinaryOperator::modulo>(node);
}

// Any number of operands, joined from the left.
template<BinaryOperator op> void chain(NodeImport &node)
{
    const std::size_t count = node.inputCount();
    if (count < 2)
        return node.alias(0, node.input(0));
    Value result = node.input(0);
    for (std::size_t slot = 1; slot + 1 < count; ++slot)
        result = node.emit(Binary{op}, {result, node.input(slot)});
    node.output(0, Binary{op}, {result, node.input(count - 1)});
}

void mean(NodeImport &node)
{
    const std::size_t count = node.inputCount();
    Value sum = node.input(0);
    for (std::size_t slot = 1; slot < count; ++slot)
        sum = node.emit(Binary{BinaryOperator::add}, {sum, node.input(slot)});
    node.output(0, Elementwise{{Function::affine, 1.0F / static_cast<float>(count), 0}}, {sum});
}

void identity(NodeImport &node)
{
    node.alias(0, node.input(0));
}

void dropout(NodeImport &node)
{
    if (node.isOutputNeeded(1))
        node.refuseForm("the mask as output");
    if (node.hasInput(2) && node.constantFloat(2, "training_mode") != 0)
        node.refuseForm("training_mode");
    node.alias(0, node.input(0));
}

void cast(NodeImport &node)
{
    // float32, float16, float64, bfloat16: all are computed with as float32 here.
    const std::int64_t target = node.intAttribute("to", 0);
    if (target != 1 && target != 10 && target != 11 && target != 16)
        node.refuseForm("computed values and an integer type");
    node.alias(0, node.input(0));
}

constexpr ImporterRow rows[] = {
    {"Relu", plain<Function::relu>},
    {"Sigmoid", plain<Function::sigmoid>},
    {"Tanh", plain<Function::tanh>},
    {"HardSwish", plain<Function::hardSwish>},
    {"Softplus", plain<Function::softplus>},
    {"Exp", plain<Function::exp>},
    {"Log", plain<Function::log>},
    {"Sqrt", plain<Function::sqrt>},
    {"Abs", plain<Function::abs>},
    {"Neg", plain<Function::negate>},
    {"Reciprocal", plain<Function::reciprocal>},
    {"Floor", plain<Function::floor>},
    {"Ceil", plain<Function::ceil>},
    {"Round", plain<Function::round>},
    {"Erf", plain<Function::erf>},
    {"Sign", plain<Function::sign>},
    {"Mish", plain<Function::mish>},
    {"LeakyRelu", leakyRelu},
    {"PRelu", parametricRelu},
    {"Elu", elu},
    {"Selu", selu},
    {"HardSigmoid", hardSigmoid},
    {"Gelu", gelu},
    {"Swish", swish},
    {"Clip", clip},
    {"Add", binary<BinaryOperator::add>},
    {"Sub", binary<BinaryOperator::subtract>},
    {"Mul", binary<BinaryOperator::multiply>},
    {"Div", binary<BinaryOperator::divide>},
    {"Pow", power},
    {"Mod", modulo},
    {"Min", chain<BinaryOperator::minimum>},
    {"Max", chain<BinaryOperator::maximum>},
    {"Sum", chain<BinaryOperator::add>},
    {"Mean", mean},
    {"Identity", identity},
    {"Dropout", dropout},
    {"Cast", cast},
};

} // namespace

std::span<const ImporterRow> elementwiseImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
