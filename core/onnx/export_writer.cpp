// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/export_writer.h"

#include "base/version.h"
#include "onnx/export_proto.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <limits>
#include <numbers>

namespace hefstudio::onnx_export {

namespace {

int typeCode(ElementType type)
{
    switch (type) {
    case ElementType::float32:
        return onnx::TensorProto::FLOAT;
    case ElementType::float16:
        return onnx::TensorProto::FLOAT16;
    case ElementType::bfloat16:
        return onnx::TensorProto::BFLOAT16;
    case ElementType::float64:
        return onnx::TensorProto::DOUBLE;
    case ElementType::int8:
        return onnx::TensorProto::INT8;
    case ElementType::uint8:
        return onnx::TensorProto::UINT8;
    case ElementType::int16:
        return onnx::TensorProto::INT16;
    case ElementType::uint16:
        return onnx::TensorProto::UINT16;
    case ElementType::int32:
        return onnx::TensorProto::INT32;
    case ElementType::uint32:
        return onnx::TensorProto::UINT32;
    case ElementType::int64:
        return onnx::TensorProto::INT64;
    case ElementType::uint64:
        return onnx::TensorProto::UINT64;
    case ElementType::boolean:
        return onnx::TensorProto::BOOL;
    }
    return onnx::TensorProto::UNDEFINED;
}

} // namespace

void fillValue(onnx::ValueInfoProto &proto, const std::string &name, ElementType elementType,
               const Shape &dims)
{
    proto.set_name(name);
    auto &type = *proto.mutable_type()->mutable_tensor_type();
    type.set_elem_type(typeCode(elementType));
    auto &shape = *type.mutable_shape();
    for (const std::int64_t dim : dims)
        shape.add_dim()->set_dim_value(dim);
}

void fillTensor(onnx::TensorProto &proto, const std::string &name, const Tensor &value)
{
    proto.set_name(name);
    proto.set_data_type(typeCode(value.type()));
    for (const std::int64_t dim : value.shape())
        proto.add_dims(dim);
    proto.set_raw_data(value.bytes().data(), value.byteCount());
}

struct ModelWriter::State {
    onnx::ModelProto model;
    onnx::GraphProto &graph() { return *model.mutable_graph(); }
};

namespace {

constexpr int irVersion = 8;
constexpr int opsetVersion = 17;

void fillAttribute(onnx::AttributeProto &proto, const Attribute &attribute)
{
    proto.set_name(attribute.name);
    if (const auto *integer = std::get_if<std::int64_t>(&attribute.value)) {
        proto.set_type(onnx::AttributeProto::INT);
        proto.set_i(*integer);
    } else if (const auto *real = std::get_if<float>(&attribute.value)) {
        proto.set_type(onnx::AttributeProto::FLOAT);
        proto.set_f(*real);
    } else if (const auto *text = std::get_if<std::string>(&attribute.value)) {
        proto.set_type(onnx::AttributeProto::STRING);
        proto.set_s(*text);
    } else if (const auto *reals = std::get_if<std::vector<float>>(&attribute.value)) {
        proto.set_type(onnx::AttributeProto::FLOATS);
        for (const float one : *reals)
            proto.add_floats(one);
    } else if (const auto *texts = std::get_if<std::vector<std::string>>(&attribute.value)) {
        proto.set_type(onnx::AttributeProto::STRINGS);
        for (const std::string &one : *texts)
            proto.add_strings(one);
    } else {
        proto.set_type(onnx::AttributeProto::INTS);
        for (const std::int64_t one : std::get<Dims>(attribute.value))
            proto.add_ints(one);
    }
}

// Functions that ONNX has under a name of its own, without parameters.
const char *plainOperator(Function function)
{
    switch (function) {
    case Function::identity:
        return "Identity";
    case Function::relu:
        return "Relu";
    case Function::sigmoid:
        return "Sigmoid";
    case Function::tanh:
        return "Tanh";
    case Function::hardSwish:
        return "HardSwish";
    case Function::softplus:
        return "Softplus";
    case Function::exp:
        return "Exp";
    case Function::log:
        return "Log";
    case Function::sqrt:
        return "Sqrt";
    case Function::reciprocal:
        return "Reciprocal";
    case Function::abs:
        return "Abs";
    case Function::negate:
        return "Neg";
    case Function::floor:
        return "Floor";
    case Function::ceil:
        return "Ceil";
    case Function::round:
        return "Round";
    case Function::erf:
        return "Erf";
    case Function::sign:
        return "Sign";
    case Function::softsign:
        return "Softsign";
    case Function::sin:
        return "Sin";
    case Function::cos:
        return "Cos";
    case Function::tan:
        return "Tan";
    case Function::asin:
        return "Asin";
    case Function::acos:
        return "Acos";
    case Function::atan:
        return "Atan";
    case Function::sinh:
        return "Sinh";
    case Function::cosh:
        return "Cosh";
    case Function::asinh:
        return "Asinh";
    case Function::acosh:
        return "Acosh";
    case Function::atanh:
        return "Atanh";
    default:
        return nullptr;
    }
}

} // namespace

ModelWriter::ModelWriter(const Graph &graph) : m_state(std::make_unique<State>())
{
    onnx::ModelProto &model = m_state->model;
    model.set_ir_version(irVersion);
    model.set_producer_name(toolName);
    model.set_producer_version(toolVersion);
    model.add_opset_import()->set_version(opsetVersion);
    for (const auto &[key, value] : graph.metadata) {
        auto &entry = *model.add_metadata_props();
        entry.set_key(key);
        entry.set_value(value);
    }
    m_state->graph().set_name(graph.name.empty() ? "graph" : graph.name);
    for (const TensorInfo &tensor : graph.tensors)
        m_names.insert(tensor.name);
    for (const Layer &layer : graph.layers)
        m_names.insert(layer.name);
}

ModelWriter::~ModelWriter() = default;

std::string ModelWriter::freshName(const std::string &wanted)
{
    std::string name = wanted;
    for (int number = 2; m_names.contains(name); ++number)
        name = wanted + "_" + std::to_string(number);
    m_names.insert(name);
    return name;
}

void ModelWriter::input(const TensorInfo &tensor)
{
    fillValue(*m_state->graph().add_input(), tensor.name, tensor.type, tensor.shape);
}

void ModelWriter::output(const TensorInfo &tensor)
{
    fillValue(*m_state->graph().add_output(), tensor.name, tensor.type, tensor.shape);
}

void ModelWriter::constant(const TensorInfo &tensor)
{
    if (m_written.insert(tensor.name).second)
        fillTensor(*m_state->graph().add_initializer(), tensor.name, *tensor.constant);
}

std::string ModelWriter::constant(const std::string &wantedName, const Tensor &value)
{
    const std::string name = freshName(wantedName);
    fillTensor(*m_state->graph().add_initializer(), name, value);
    return name;
}

std::string ModelWriter::ints(const std::string &wantedName, const Dims &values)
{
    return constant(wantedName,
                    Tensor::of<std::int64_t>(Shape{static_cast<std::int64_t>(values.size())},
                                             std::span<const std::int64_t>(values)));
}

std::string ModelWriter::scalar(const std::string &wantedName, float value)
{
    return constant(wantedName, Tensor::scalar(value));
}

void ModelWriter::node(const std::string &op, std::string name,
                       const std::vector<std::string> &inputs, const std::string &output,
                       const std::vector<Attribute> &attributes)
{
    nodeWithOutputs(op, std::move(name), inputs, {output}, attributes);
}

void ModelWriter::nodeWithOutputs(const std::string &op, std::string name,
                                  const std::vector<std::string> &inputs,
                                  const std::vector<std::string> &outputs,
                                  const std::vector<Attribute> &attributes)
{
    auto &proto = *m_state->graph().add_node();
    proto.set_op_type(op);
    proto.set_name(std::move(name));
    for (const std::string &input : inputs)
        proto.add_input(input);
    for (const std::string &output : outputs)
        proto.add_output(output);
    for (const Attribute &attribute : attributes)
        fillAttribute(*proto.add_attribute(), attribute);
}

std::string ModelWriter::inner(const std::string &op, const std::string &layer,
                               const std::vector<std::string> &inputs,
                               const std::vector<Attribute> &attributes)
{
    std::string name = freshName(layer + "/" + op);
    node(op, name, inputs, name, attributes);
    return name;
}

void ModelWriter::function(const ScalarFunction &f, const std::string &layer, const std::string &x,
                           const std::string &y)
{
    const auto last = [&](const char *op, const std::vector<std::string> &inputs,
                          const std::vector<Attribute> &attributes = {}) {
        node(op, layer, inputs, y, attributes);
    };
    const auto number = [&](float value) { return scalar(layer + "/number", value); };
    // Truth values and integers are floats between nodes.
    const auto cast = [&](const std::string &from, ElementType type) {
        return inner("Cast", layer, {from}, {{"to", std::int64_t(typeCode(type))}});
    };
    const auto lastAsFloat = [&](const std::string &from) {
        last("Cast", {from}, {{"to", std::int64_t(typeCode(ElementType::float32))}});
    };
    if (const char *op = plainOperator(f.function))
        return last(op, {x});
    switch (f.function) {
    case Function::leakyRelu:
        return last("LeakyRelu", {x}, {{"alpha", f.alpha}});
    case Function::elu:
        return last("Elu", {x}, {{"alpha", f.alpha}});
    case Function::hardSigmoid:
        return last("HardSigmoid", {x}, {{"alpha", f.alpha}, {"beta", f.beta}});
    case Function::clip:
        return last("Clip", {x, number(f.alpha), number(f.beta)});
    case Function::power:
        return last("Pow", {x, number(f.alpha)});
    case Function::affine: {
        const std::string product = inner("Mul", layer, {x, number(f.alpha)});
        return last("Add", {product, number(f.beta)});
    }
    case Function::silu:
        return last("Mul", {x, inner("Sigmoid", layer, {x})});
    case Function::swish: {
        const std::string scaled = inner("Mul", layer, {x, number(f.alpha)});
        return last("Mul", {x, inner("Sigmoid", layer, {scaled})});
    }
    case Function::celu:
        return last("Celu", {x}, {{"alpha", f.alpha}});
    case Function::thresholdedRelu:
        return last("ThresholdedRelu", {x}, {{"alpha", f.alpha}});
    case Function::shrink:
        return last("Shrink", {x}, {{"lambd", f.alpha}, {"bias", f.beta}});
    case Function::truncate:
        return lastAsFloat(cast(x, ElementType::int64));
    case Function::logicalNot:
        return lastAsFloat(inner("Not", layer, {cast(x, ElementType::boolean)}));
    case Function::isNan:
        return lastAsFloat(inner("IsNaN", layer, {x}));
    case Function::isInfinite:
        return lastAsFloat(inner("IsInf", layer, {x},
                                 {{"detect_positive", std::int64_t(f.alpha != 0)},
                                  {"detect_negative", std::int64_t(f.beta != 0)}}));
    case Function::mish:
        return last("Mul", {x, inner("Tanh", layer, {inner("Softplus", layer, {x})})});
    case Function::gelu: {
        // The form that PyTorch writes, which other tools look for.
        const auto root = static_cast<float>(std::numbers::sqrt2);
        const std::string scaled = inner("Div", layer, {x, number(root)});
        const std::string raised = inner("Add", layer, {inner("Erf", layer, {scaled}), number(1)});
        return last("Mul", {inner("Mul", layer, {x, raised}), number(0.5F)});
    }
    case Function::geluTanh: {
        const auto factor =
            static_cast<float>(std::numbers::sqrt2 * std::numbers::inv_sqrtpi); // √(2/π)
        const std::string cube = inner("Pow", layer, {x, number(3)});
        const std::string bend = inner("Mul", layer, {cube, number(0.044715F)});
        const std::string sum = inner("Add", layer, {x, bend});
        const std::string scaled = inner("Mul", layer, {sum, number(factor)});
        const std::string raised = inner("Add", layer, {inner("Tanh", layer, {scaled}), number(1)});
        return last("Mul", {inner("Mul", layer, {x, raised}), number(0.5F)});
    }
    default:
        return last("Identity", {x});
    }
}

Bytes ModelWriter::bytes() const
{
    if (m_state->model.ByteSizeLong() >
        static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
        return {};
    // The ONNX messages have no map fields: equal messages give equal bytes.
    Bytes bytes(m_state->model.ByteSizeLong());
    m_state->model.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
}

} // namespace hefstudio::onnx_export
