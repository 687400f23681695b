// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include "onnx/constant_arithmetic.h"
#include "ops/float_reference.h"
#include "ops/shape_inference.h"

#include <algorithm>
#include <cmath>

namespace hefstudio::onnx_import {

namespace {

// Layers that move elements and so work on every type.
bool onlyMoves(const Attributes &attributes)
{
    return std::holds_alternative<Concat>(attributes) ||
           std::holds_alternative<Slice>(attributes) ||
           std::holds_alternative<Reshape>(attributes) ||
           std::holds_alternative<Transpose>(attributes) ||
           std::holds_alternative<Gather>(attributes) ||
           std::holds_alternative<Broadcast>(attributes);
}

// Layers whose reference computes in double whatever the type; the others want float32.
bool takesAnyType(const Attributes &attributes)
{
    return onlyMoves(attributes) || std::holds_alternative<Binary>(attributes) ||
           std::holds_alternative<Elementwise>(attributes) ||
           std::holds_alternative<Reduce>(attributes) ||
           std::holds_alternative<Select>(attributes) ||
           std::holds_alternative<ArgReduce>(attributes) ||
           std::holds_alternative<TopK>(attributes) ||
           std::holds_alternative<CumulativeSum>(attributes) ||
           std::holds_alternative<GatherElements>(attributes) ||
           std::holds_alternative<GatherNd>(attributes) ||
           std::holds_alternative<ScatterElements>(attributes) ||
           std::holds_alternative<ScatterNd>(attributes);
}

// Where a layer wants indices.
bool isIndexSlot(const Attributes &attributes, std::size_t slot)
{
    if (std::holds_alternative<RoiAlign>(attributes))
        return slot == 2;
    return slot == 1 && (std::holds_alternative<Gather>(attributes) ||
                         std::holds_alternative<GatherElements>(attributes) ||
                         std::holds_alternative<GatherNd>(attributes) ||
                         std::holds_alternative<ScatterElements>(attributes) ||
                         std::holds_alternative<ScatterNd>(attributes));
}

bool keepsIntegers(Function function)
{
    switch (function) {
    case Function::identity:
    case Function::relu:
    case Function::clip:
    case Function::abs:
    case Function::negate:
    case Function::floor:
    case Function::ceil:
    case Function::round:
    case Function::sign:
    case Function::truncate:
        return true;
    default:
        return false;
    }
}

// What ONNX would call the result of a layer.
ElementType resultType(const Attributes &attributes, const std::vector<Value> &operands)
{
    if (operands.empty())
        return ElementType::float32;
    const ElementType first = operands[0].type;
    const ElementType asFirst = isIntegerType(first) ? first : ElementType::float32;
    if (const auto *binary = std::get_if<Binary>(&attributes))
        return binary->op >= BinaryOperator::less ? ElementType::boolean : asFirst;
    if (const auto *elementwise = std::get_if<Elementwise>(&attributes)) {
        const Function function = elementwise->function.function;
        if (function == Function::logicalNot || function == Function::isNan ||
            function == Function::isInfinite)
            return ElementType::boolean;
        return keepsIntegers(function) ? asFirst : ElementType::float32;
    }
    if (std::holds_alternative<ArgReduce>(attributes))
        return ElementType::int64;
    if (const auto *top = std::get_if<TopK>(&attributes))
        return top->result == TopK::Result::indices ? ElementType::int64 : asFirst;
    if (std::holds_alternative<Select>(attributes))
        return isIntegerType(operands[1].type) ? operands[1].type : ElementType::float32;
    if (takesAnyType(attributes) || std::holds_alternative<Pad>(attributes))
        return asFirst;
    return ElementType::float32;
}

// Work of one result element, as a bound against constants that would take hours to fold.
std::int64_t workPerElement(const Attributes &attributes, const std::vector<Value> &operands)
{
    const auto elements = [&](std::size_t slot) { return operands[slot].shape.elementCount(); };
    if (std::holds_alternative<Convolution>(attributes))
        return std::max<std::int64_t>(1, elements(1) / operands[1].shape[0]);
    if (std::holds_alternative<TransposedConvolution>(attributes))
        return std::max<std::int64_t>(1, elements(1) / operands[1].shape[1]);
    if (std::holds_alternative<FullyConnected>(attributes) ||
        std::holds_alternative<MatMul>(attributes))
        return operands[0].shape.back();
    if (const auto *pool = std::get_if<MaxPool>(&attributes))
        return pool->window.kernel[0] * pool->window.kernel[1];
    if (const auto *pool = std::get_if<AveragePool>(&attributes))
        return pool->window.kernel[0] * pool->window.kernel[1];
    return 1;
}

template<class T> const T *attributeOf(const OnnxNode &node, std::string_view name)
{
    const OnnxAttribute *attribute = node.findAttribute(name);
    return attribute ? std::get_if<T>(&attribute->value) : nullptr;
}

} // namespace

Value Value::of(std::string name, SharedTensor tensor)
{
    Value value;
    value.kind = Kind::constant;
    value.name = std::move(name);
    value.shape = tensor->shape();
    value.type = tensor->type();
    value.constant = std::move(tensor);
    return value;
}

Value Value::of(std::string name, Tensor tensor)
{
    return of(std::move(name), std::make_shared<const Tensor>(std::move(tensor)));
}

GraphImport::GraphImport(const OnnxModel &onnxModel, std::int64_t opsetVersion)
    : model(onnxModel), opset(opsetVersion), builder(onnxModel.graphName)
{
    for (const auto &[name, tensor] : model.initialisers)
        m_names.insert(name);
    for (const OnnxValue &input : model.inputs)
        m_names.insert(input.name);
    reserveNames(model.nodes);
}

void GraphImport::reserveNames(const std::vector<OnnxNode> &nodes)
{
    for (const OnnxNode &node : nodes) {
        m_names.insert(node.outputs.begin(), node.outputs.end());
        for (const OnnxAttribute &attribute : node.attributes) {
            const auto *inner = std::get_if<OnnxSubgraph>(&attribute.value);
            if (!inner || !inner->body)
                continue;
            for (const auto &[name, tensor] : inner->body->initialisers)
                m_names.insert(name);
            reserveNames(inner->body->nodes);
        }
    }
}

std::string GraphImport::freshName(const std::string &wanted)
{
    std::string name = wanted;
    for (int number = 2; m_names.contains(name); ++number)
        name = wanted + "_" + std::to_string(number);
    m_names.insert(name);
    return name;
}

TensorId GraphImport::tensorOf(const Value &value, Holding holding)
{
    if (!value.isConstant())
        return value.tensor;
    const std::pair key(value.constant.get(), holding);
    const auto known = m_constants.find(key);
    if (known != m_constants.end())
        return known->second;
    SharedTensor tensor = value.constant;
    m_keptAlive.push_back(tensor);
    if (holding == Holding::indices) {
        if (tensor->type() != ElementType::int64) {
            const std::vector<std::int64_t> numbers = tensor->toInt64();
            tensor = std::make_shared<const Tensor>(
                Tensor::of<std::int64_t>(tensor->shape(), std::span<const std::int64_t>(numbers)));
        }
    } else if (tensor->type() != ElementType::float32) {
        tensor = std::make_shared<const Tensor>(tensor->toFloat32());
    }
    const TensorId id = builder.constant(value.name, std::move(tensor));
    m_constants.emplace(key, id);
    return id;
}

void GraphImport::spend(const OnnxNode &node, std::int64_t elements, std::int64_t operandElements)
{
    const std::int64_t growth = std::max<std::int64_t>(0, elements - operandElements);
    constexpr std::int64_t largest = std::int64_t(1) << 22;
    if (growth > largest || growth > m_elementBudget)
        throw Refused{
            {Diagnostic("onnx.constant-too-large", Place{.file = model.file, .node = node.name})
                 .with("elements", elements)}};
    m_elementBudget -= growth;
}

Place NodeImport::place() const
{
    return Place{.file = m_graph.model.file, .node = m_node.name};
}

void NodeImport::refuse(Diagnostic diagnostic) const
{
    if (diagnostic.place == Place{})
        diagnostic.place = place();
    Diagnostics diagnostics;
    diagnostics.push_back(std::move(diagnostic));
    throw Refused{std::move(diagnostics)};
}

void NodeImport::refuseForm(std::string form) const
{
    refuse(Diagnostic("onnx.unsupported-form", place())
               .with("node", m_node.name)
               .with("operator", m_node.operatorName())
               .with("form", std::move(form))
               .withFix(Fix{"cut-before", {{"node", m_node.name}}}));
}

void NodeImport::refuseComputedSize(std::string what) const
{
    refuse(Diagnostic("onnx.unsupported-computed-size", place())
               .with("node", m_node.name)
               .with("operator", m_node.operatorName())
               .with("what", std::move(what))
               .withFix(Fix{"cut-before", {{"node", m_node.name}}}));
}

void NodeImport::refuseOperator() const
{
    refuse(Diagnostic("onnx.unsupported-op", place())
               .with("node", m_node.name)
               .with("operator", m_node.operatorName())
               .withFix(Fix{"cut-before", {{"node", m_node.name}}}));
}

void NodeImport::refuseConstant(std::string reason) const
{
    refuse(Diagnostic("onnx.bad-constant", place())
               .with("operator", m_node.operatorName())
               .with("reason", std::move(reason)));
}

void NodeImport::spend(std::int64_t elements) const
{
    m_graph.spend(m_node, elements, 0);
}

// Weights that are no numbers make every result none; constants elsewhere may be infinite (masks).
void NodeImport::checkWeights(const Attributes &attributes,
                              const std::vector<Value> &operands) const
{
    const bool isWeighted = std::holds_alternative<Convolution>(attributes) ||
                            std::holds_alternative<TransposedConvolution>(attributes) ||
                            std::holds_alternative<FullyConnected>(attributes) ||
                            std::holds_alternative<BatchNormalization>(attributes) ||
                            std::holds_alternative<LayerNormalization>(attributes) ||
                            std::holds_alternative<RmsNormalization>(attributes);
    for (std::size_t slot = 1; isWeighted && slot < operands.size(); ++slot) {
        if (!operands[slot].isConstant() ||
            operands[slot].constant->type() != ElementType::float32)
            continue;
        const auto values = operands[slot].constant->as<float>();
        const auto count = std::ranges::count_if(
            values, [](float value) { return !std::isfinite(value); });
        if (count > 0)
            refuse(Diagnostic("onnx.not-finite", place())
                       .with("name", operands[slot].name)
                       .with("count", static_cast<std::int64_t>(count)));
    }
}

bool NodeImport::isInteger(std::size_t slot) const
{
    return isIntegerType(input(slot).type);
}

bool NodeImport::hasInput(std::size_t slot) const
{
    return slot < m_node.inputs.size() && !m_node.inputs[slot].empty();
}

const Value &NodeImport::input(std::size_t slot) const
{
    if (!hasInput(slot))
        refuse(Diagnostic("onnx.missing-input", place())
                   .with("operator", m_node.operatorName())
                   .with("slot", static_cast<std::int64_t>(slot + 1)));
    return m_graph.values.at(m_node.inputs[slot]);
}

const Tensor &NodeImport::constant(std::size_t slot, const char *what) const
{
    const Value &value = input(slot);
    if (!value.isConstant())
        refuseForm(std::string("computed ") + what);
    return *value.constant;
}

Dims NodeImport::constantInts(std::size_t slot, const char *what) const
{
    if (!input(slot).isConstant())
        refuseComputedSize(what);
    const Tensor &tensor = *input(slot).constant;
    if (!isIntegerType(tensor.type()))
        refuseConstant(std::string(what) + " are no integers");
    return tensor.toInt64();
}

float NodeImport::constantFloat(std::size_t slot, const char *what) const
{
    const Tensor &tensor = constant(slot, what);
    if (tensor.elementCount() != 1)
        refuseConstant(std::string(what) + " is not one number");
    return tensor.toFloat32().as<float>()[0];
}

std::int64_t NodeImport::intAttribute(std::string_view name, std::int64_t fallback) const
{
    if (!hasAttribute(name))
        return fallback;
    if (const auto *value = attributeOf<std::int64_t>(m_node, name))
        return *value;
    refuse(Diagnostic("onnx.bad-attribute", place())
               .with("operator", m_node.operatorName())
               .with("attribute", std::string(name)));
}

float NodeImport::floatAttribute(std::string_view name, float fallback) const
{
    if (!hasAttribute(name))
        return fallback;
    if (const auto *value = attributeOf<float>(m_node, name))
        return *value;
    refuse(Diagnostic("onnx.bad-attribute", place())
               .with("operator", m_node.operatorName())
               .with("attribute", std::string(name)));
}

std::string NodeImport::stringAttribute(std::string_view name, std::string fallback) const
{
    if (!hasAttribute(name))
        return fallback;
    if (const auto *value = attributeOf<std::string>(m_node, name))
        return *value;
    refuse(Diagnostic("onnx.bad-attribute", place())
               .with("operator", m_node.operatorName())
               .with("attribute", std::string(name)));
}

std::optional<Dims> NodeImport::intsAttribute(std::string_view name) const
{
    if (!hasAttribute(name))
        return std::nullopt;
    if (const auto *value = attributeOf<Dims>(m_node, name))
        return *value;
    refuse(Diagnostic("onnx.bad-attribute", place())
               .with("operator", m_node.operatorName())
               .with("attribute", std::string(name)));
}

std::optional<std::vector<float>> NodeImport::floatsAttribute(std::string_view name) const
{
    if (!hasAttribute(name))
        return std::nullopt;
    if (const auto *value = attributeOf<std::vector<float>>(m_node, name))
        return *value;
    refuse(Diagnostic("onnx.bad-attribute", place())
               .with("operator", m_node.operatorName())
               .with("attribute", std::string(name)));
}

std::optional<std::vector<std::string>>
NodeImport::stringsAttribute(std::string_view name) const
{
    if (!hasAttribute(name))
        return std::nullopt;
    if (const auto *value = attributeOf<std::vector<std::string>>(m_node, name))
        return *value;
    refuse(Diagnostic("onnx.bad-attribute", place())
               .with("operator", m_node.operatorName())
               .with("attribute", std::string(name)));
}

std::optional<Dims> NodeImport::intsFrom(std::string_view attribute, std::size_t slot) const
{
    if (hasInput(slot))
        return constantInts(slot, std::string(attribute).c_str());
    return intsAttribute(attribute);
}

std::int64_t NodeImport::axis(std::int64_t stated, std::size_t rank, AxisRange range) const
{
    const auto count = static_cast<std::int64_t>(rank);
    const std::int64_t last = range == AxisRange::insideOrEnd ? count : count - 1;
    if (stated < -count || stated > last)
        refuseConstant("axis " + std::to_string(stated) + " is outside a tensor of " +
                       std::to_string(rank) + " dimensions");
    return stated < 0 ? stated + count : stated;
}

Dims NodeImport::axes(const Dims &stated, std::size_t rank) const
{
    Dims result;
    for (const std::int64_t one : stated)
        result.push_back(axis(one, rank));
    std::ranges::sort(result);
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

std::optional<Tensor> NodeImport::fold(const Attributes &attributes,
                                       const std::vector<Value> &operands, const Shape &shape)
{
    std::vector<Tensor> converted;
    converted.reserve(operands.size());
    std::vector<const Tensor *> pointers;
    std::int64_t operandElements = 0;
    const bool takesAny = takesAnyType(attributes);
    for (std::size_t slot = 0; slot < operands.size(); ++slot) {
        const Value &operand = operands[slot];
        if (operand.kind == Value::Kind::unknown) { // an absent optional operand
            pointers.push_back(nullptr);
            continue;
        }
        if (!operand.isConstant())
            return std::nullopt;
        operandElements += operand.shape.elementCount();
        const Tensor &tensor = *operand.constant;
        if (takesAny || tensor.type() == ElementType::float32 || isIndexSlot(attributes, slot))
            pointers.push_back(&tensor);
        else
            pointers.push_back(&converted.emplace_back(tensor.toFloat32()));
    }
    m_graph.spend(m_node, shape.elementCount(), operandElements);
    constexpr std::int64_t mostWork = std::int64_t(1) << 30;
    if (shape.elementCount() > mostWork / workPerElement(attributes, operands))
        return std::nullopt; // left to the engine
    Tensor result = runFloatReference(attributes, ScalarFunction{}, pointers, shape);
    const ElementType type = resultType(attributes, operands);
    if (isIntegerType(type) && result.type() != type)
        return fromReals(type, shape, asReals(result));
    return result;
}

int NodeImport::scalePowerOf(const Attributes &attributes,
                             const std::vector<Value> &operands) const
{
    int sum = 0;
    bool isAny = false;
    for (const Value &operand : operands) {
        sum += operand.scalePower;
        isAny = isAny || operand.scalePower != 0;
    }
    if (!isAny)
        return 0;
    // The scale itself is held as 1, so it may only be multiplied, and move.
    const auto *binary = std::get_if<Binary>(&attributes);
    const bool isProduct = (binary && binary->op == BinaryOperator::multiply) ||
                           std::holds_alternative<Convolution>(attributes) ||
                           std::holds_alternative<FullyConnected>(attributes) ||
                           std::holds_alternative<MatMul>(attributes);
    if (!isProduct && !(onlyMoves(attributes) && operands.size() == 1))
        refuseForm("values that are quantised while the network runs");
    return sum;
}

bool NodeImport::holdsRealAfter(const Attributes &attributes,
                                const std::vector<Value> &operands) const
{
    if (std::ranges::none_of(operands, &Value::holdsReal))
        return false;
    const bool keeps = operands.size() == 1 &&
                       (onlyMoves(attributes) || std::holds_alternative<MaxPool>(attributes));
    if (!keeps)
        refuseForm("integers between QuantizeLinear and DequantizeLinear");
    return true;
}

Value NodeImport::add(Attributes attributes, std::vector<Value> operands, std::string layerName,
                      std::string outputName)
{
    std::vector<const Shape *> shapes;
    for (const Value &operand : operands)
        shapes.push_back(operand.kind == Value::Kind::unknown ? nullptr : &operand.shape);
    auto shape = inferShape(attributes, shapes);
    if (!shape) {
        for (Diagnostic &diagnostic : shape.error())
            diagnostic.place = place();
        throw Refused{std::move(shape.error())};
    }
    checkWeights(attributes, operands);
    const int power = scalePowerOf(attributes, operands);
    const bool holdsReal = holdsRealAfter(attributes, operands);
    if (auto folded = fold(attributes, operands, *shape)) {
        Value value = Value::of(std::move(outputName), std::move(*folded));
        value.scalePower = power;
        return value;
    }
    std::vector<TensorId> inputs;
    for (std::size_t slot = 0; slot < operands.size(); ++slot)
        inputs.push_back(operands[slot].kind == Value::Kind::unknown
                             ? TensorId::invalid()
                             : m_graph.tensorOf(operands[slot],
                                                isIndexSlot(attributes, slot)
                                                    ? GraphImport::Holding::indices
                                                    : GraphImport::Holding::floats));
    Value value;
    value.kind = Value::Kind::computed;
    value.name = outputName;
    value.shape = *shape;
    value.type = resultType(attributes, operands);
    value.scalePower = power;
    value.holdsReal = holdsReal;
    GraphBuilder::Options options;
    options.origin = {m_node.name};
    options.outputName = std::move(outputName);
    value.tensor = m_graph.builder.layer(std::move(layerName), std::move(attributes),
                                         std::move(inputs), std::move(*shape), std::move(options));
    return value;
}

Value NodeImport::emit(Attributes attributes, std::vector<Value> operands)
{
    const std::string name =
        m_graph.freshName(m_node.name + "/" + std::string(kindName(attributes)));
    return add(std::move(attributes), std::move(operands), name, name);
}

void NodeImport::output(std::size_t slot, Attributes attributes, std::vector<Value> operands)
{
    const std::string &name = m_node.outputs.at(slot);
    std::string layerName = m_node.name;
    if (slot > 0)
        layerName += "_" + std::to_string(slot);
    Value value = add(std::move(attributes), std::move(operands), std::move(layerName), name);
    m_graph.values[name] = std::move(value);
}

void NodeImport::alias(std::size_t slot, Value value)
{
    m_graph.values[m_node.outputs.at(slot)] = std::move(value);
}

void NodeImport::outputConstant(std::size_t slot, Tensor tensor)
{
    const std::string &name = m_node.outputs.at(slot);
    m_graph.values[name] = Value::of(name, std::move(tensor));
}

bool NodeImport::isOutputNeeded(std::size_t slot) const
{
    return slot < m_node.outputs.size() && !m_node.outputs[slot].empty() &&
           m_graph.neededValues.contains(m_node.outputs[slot]);
}

Value NodeImport::made(Tensor tensor, const char *what) const
{
    return Value::of(m_graph.freshName(m_node.name + "/" + what), std::move(tensor));
}

Value NodeImport::reshaped(const Value &value, Dims dims)
{
    if (value.shape.dims() == dims)
        return value;
    return emit(Reshape{dims}, {value});
}

Value NodeImport::transposed(const Value &value, Dims permutation)
{
    return emit(Transpose{std::move(permutation)}, {value});
}

} // namespace hefstudio::onnx_import
