// Operators that work on each element alone.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include "onnx/constant_arithmetic.h"

#include <algorithm>
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
    const float alpha = node.floatAttribute("alpha", 1);
    apply(node, alpha == 1 ? ScalarFunction{Function::silu, 0, 0}
                           : ScalarFunction{Function::swish, alpha, 0});
}

void celu(NodeImport &node)
{
    const float alpha = node.floatAttribute("alpha", 1);
    if (alpha == 0)
        node.refuseConstant("alpha is 0");
    apply(node, {Function::celu, alpha, 0});
}

void thresholdedRelu(NodeImport &node)
{
    apply(node, {Function::thresholdedRelu, node.floatAttribute("alpha", 1), 0});
}

void shrink(NodeImport &node)
{
    apply(node,
          {Function::shrink, node.floatAttribute("lambd", 0.5F), node.floatAttribute("bias", 0)});
}

void isInfinite(NodeImport &node)
{
    const bool positive = node.intAttribute("detect_positive", 1) != 0;
    const bool negative = node.intAttribute("detect_negative", 1) != 0;
    apply(node, {Function::isInfinite, positive ? 1.0F : 0.0F, negative ? 1.0F : 0.0F});
}

void clip(NodeImport &node)
{
    float low = std::numeric_limits<float>::lowest();
    float high = std::numeric_limits<float>::max();
    if (node.opset() < 11) {
        low = node.floatAttribute("min", low);
        high = node.floatAttribute("max", high);
    } else {
        const auto isComputed = [&](std::size_t slot) {
            return node.hasInput(slot) && !node.input(slot).isConstant();
        };
        if (isComputed(1) || isComputed(2)) {
            Value x = node.input(0);
            if (node.hasInput(1))
                x = node.emit(Binary{BinaryOperator::maximum}, {x, node.input(1)});
            if (!node.hasInput(2))
                return node.alias(0, x);
            return node.output(0, Binary{BinaryOperator::minimum}, {x, node.input(2)});
        }
        if (node.hasInput(1))
            low = node.constantFloat(1, "minimum");
        if (node.hasInput(2))
            high = node.constantFloat(2, "maximum");
    }
    if (low > high) // the maximum wins
        low = high;
    if (low == 0 && high == std::numeric_limits<float>::max())
        return apply(node, {Function::relu, 0, 0});
    apply(node, {Function::clip, low, high});
}

void parametricRelu(NodeImport &node)
{
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
    if (node.intAttribute("fmod", 0) != 0)
        return binary<BinaryOperator::modulo>(node);
    if (!node.isInteger(0))
        node.refuseForm("floating-point numbers and fmod = 0");
    binary<BinaryOperator::floorModulo>(node);
}

void divide(NodeImport &node)
{
    if (node.isInteger(0))
        return binary<BinaryOperator::truncatedDivide>(node);
    binary<BinaryOperator::divide>(node);
}

void notEqualToZero(NodeImport &node, const Value &x)
{
    const Value isZero = node.emit(Elementwise{{Function::logicalNot, 0, 0}}, {x});
    node.output(0, Elementwise{{Function::logicalNot, 0, 0}}, {isZero});
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
    if (node.isOutputNeeded(1)) { // nothing is dropped
        Tensor kept(ElementType::boolean, node.shape(0));
        std::ranges::fill(kept.as<bool>(), true);
        node.outputConstant(1, std::move(kept));
    }
    const bool dropsNothing = node.hasInput(1) && node.constantFloat(1, "ratio") == 0;
    if (node.hasInput(2) && node.constantFloat(2, "training_mode") != 0 && !dropsNothing)
        node.refuseForm("training_mode");
    node.alias(0, node.input(0));
}

// Floats of every width are computed with as float32; integers are cut off towards zero.
void castTo(NodeImport &node, ElementType target)
{
    Value x = node.input(0);
    if (target == ElementType::boolean && x.type != ElementType::boolean)
        return notEqualToZero(node, x);
    if (isIntegerType(target) && !isIntegerType(x.type)) {
        if (x.scalePower != 0) // the integers of a dynamic quantisation stay what they are
            return node.alias(0, x);
        x = node.emit(Elementwise{{Function::truncate, 0, 0}}, {x});
    }
    x.type = isIntegerType(target) ? target : ElementType::float32;
    node.alias(0, x);
}

void cast(NodeImport &node)
{
    const auto target = castTarget(node.intAttribute("to", 0));
    if (!target)
        node.refuseForm("this target type");
    castTo(node, *target);
}

void castLike(NodeImport &node)
{
    castTo(node, node.input(1).type);
}

void select(NodeImport &node)
{
    node.output(0, Select{}, {node.input(0), node.input(1), node.input(2)});
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
    {"Div", divide},
    {"Pow", power},
    {"Mod", modulo},
    {"Min", chain<BinaryOperator::minimum>},
    {"Max", chain<BinaryOperator::maximum>},
    {"Sum", chain<BinaryOperator::add>},
    {"Mean", mean},
    {"Identity", identity},
    {"Dropout", dropout},
    {"Cast", cast},
    {"CastLike", castLike},
    {"Celu", celu},
    {"ThresholdedRelu", thresholdedRelu},
    {"Softsign", plain<Function::softsign>},
    {"Shrink", shrink},
    {"Sin", plain<Function::sin>},
    {"Cos", plain<Function::cos>},
    {"Tan", plain<Function::tan>},
    {"Asin", plain<Function::asin>},
    {"Acos", plain<Function::acos>},
    {"Atan", plain<Function::atan>},
    {"Sinh", plain<Function::sinh>},
    {"Cosh", plain<Function::cosh>},
    {"Asinh", plain<Function::asinh>},
    {"Acosh", plain<Function::acosh>},
    {"Atanh", plain<Function::atanh>},
    {"Not", plain<Function::logicalNot>},
    {"IsNaN", plain<Function::isNan>},
    {"IsInf", isInfinite},
    {"Equal", binary<BinaryOperator::equal>},
    {"Less", binary<BinaryOperator::less>},
    {"LessOrEqual", binary<BinaryOperator::lessOrEqual>},
    {"Greater", binary<BinaryOperator::greater>},
    {"GreaterOrEqual", binary<BinaryOperator::greaterOrEqual>},
    {"And", binary<BinaryOperator::logicalAnd>},
    {"Or", binary<BinaryOperator::logicalOr>},
    {"Xor", binary<BinaryOperator::logicalXor>},
    {"Where", select},
};

} // namespace

std::span<const ImporterRow> elementwiseImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
