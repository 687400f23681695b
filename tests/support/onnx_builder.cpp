// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx_builder.h"

#include <onnx/onnx_pb.h>

#include <fstream>

using namespace hefstudio;

struct OnnxBuilder::State {
    onnx::ModelProto model;

    onnx::GraphProto &graph() { return *model.mutable_graph(); }
};

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
    return 0;
}

void fillTensor(onnx::TensorProto &proto, const std::string &name, const Tensor &value)
{
    proto.set_name(name);
    proto.set_data_type(typeCode(value.type()));
    for (const std::int64_t dim : value.shape())
        proto.add_dims(dim);
    proto.set_raw_data(value.bytes().data(), value.byteCount());
}

void fillValue(onnx::ValueInfoProto &proto, const std::string &name, ElementType type,
               const OnnxBuilder::Dims *dims)
{
    proto.set_name(name);
    auto &tensor = *proto.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(typeCode(type));
    if (!dims)
        return;
    auto &shape = *tensor.mutable_shape();
    for (std::size_t i = 0; i < dims->size(); ++i) {
        auto &dim = *shape.add_dim();
        if ((*dims)[i] >= 0)
            dim.set_dim_value((*dims)[i]);
        else
            dim.set_dim_param("d" + std::to_string(i));
    }
}

void fillAttribute(onnx::AttributeProto &proto, const OnnxBuilderAttribute &attribute)
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
    } else if (const auto *integers = std::get_if<OnnxBuilderAttribute::Ints>(&attribute.value)) {
        proto.set_type(onnx::AttributeProto::INTS);
        for (const std::int64_t one : *integers)
            proto.add_ints(one);
    } else if (const auto *reals = std::get_if<OnnxBuilderAttribute::Floats>(&attribute.value)) {
        proto.set_type(onnx::AttributeProto::FLOATS);
        for (const float one : *reals)
            proto.add_floats(one);
    } else if (const auto *tensor = std::get_if<Tensor>(&attribute.value)) {
        proto.set_type(onnx::AttributeProto::TENSOR);
        fillTensor(*proto.mutable_t(), "", *tensor);
    } else {
        proto.set_type(onnx::AttributeProto::GRAPH);
        const Bytes &body = std::get<OnnxBuilderAttribute::Subgraph>(attribute.value).model;
        onnx::ModelProto model;
        if (model.ParseFromArray(body.data(), static_cast<int>(body.size())))
            *proto.mutable_g() = model.graph();
        proto.mutable_g()->set_name("body");
    }
}

} // namespace

OnnxBuilder::OnnxBuilder(int opsetVersion) : m_state(std::make_unique<State>())
{
    m_state->model.set_ir_version(8);
    m_state->model.set_producer_name("test");
    m_state->graph().set_name("tiny");
    opset("", opsetVersion);
}

OnnxBuilder::~OnnxBuilder() = default;
OnnxBuilder::OnnxBuilder(OnnxBuilder &&) noexcept = default;

OnnxBuilder &OnnxBuilder::input(const std::string &name, const Dims &dims, ElementType type)
{
    fillValue(*m_state->graph().add_input(), name, type, &dims);
    return *this;
}

OnnxBuilder &OnnxBuilder::inputOfUnknownRank(const std::string &name)
{
    fillValue(*m_state->graph().add_input(), name, ElementType::float32, nullptr);
    return *this;
}

OnnxBuilder &OnnxBuilder::output(const std::string &name)
{
    fillValue(*m_state->graph().add_output(), name, ElementType::float32, nullptr);
    return *this;
}

OnnxBuilder &OnnxBuilder::output(const std::string &name, const Dims &dims)
{
    fillValue(*m_state->graph().add_output(), name, ElementType::float32, &dims);
    return *this;
}

OnnxBuilder &OnnxBuilder::constant(const std::string &name, const Tensor &value)
{
    fillTensor(*m_state->graph().add_initializer(), name, value);
    return *this;
}

OnnxBuilder &OnnxBuilder::floats(const std::string &name, const Dims &dims)
{
    const Shape shape(dims);
    std::vector<float> values(static_cast<std::size_t>(shape.elementCount()));
    std::uint32_t state = 1;
    for (const char c : name)
        state = state * 31 + static_cast<unsigned char>(c);
    for (float &value : values) {
        state = state * 1664525U + 1013904223U;
        value = static_cast<float>(state >> 16U) / 65536.0F - 0.5F;
    }
    return floats(name, dims, values);
}

OnnxBuilder &OnnxBuilder::floats(const std::string &name, const Dims &dims,
                                 const std::vector<float> &values)
{
    return constant(name, Tensor::of<float>(Shape(dims), std::span<const float>(values)));
}

OnnxBuilder &OnnxBuilder::ints(const std::string &name, const std::vector<std::int64_t> &values)
{
    return constant(name, Tensor::of<std::int64_t>(Shape{std::int64_t(values.size())},
                                                   std::span<const std::int64_t>(values)));
}

OnnxBuilder &OnnxBuilder::external(const std::string &name, const Dims &dims,
                                   const std::string &location, const std::string &offset,
                                   const std::string &length)
{
    auto &tensor = *m_state->graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t dim : dims)
        tensor.add_dims(dim);
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    const auto entry = [&](const char *key, const std::string &value) {
        if (value.empty())
            return;
        auto &pair = *tensor.add_external_data();
        pair.set_key(key);
        pair.set_value(value);
    };
    entry("location", location);
    entry("offset", offset);
    entry("length", length);
    return *this;
}

OnnxBuilder &OnnxBuilder::rawConstant(const std::string &name, const Dims &dims, int dataType,
                                      std::size_t bytes)
{
    auto &tensor = *m_state->graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(dataType);
    for (const std::int64_t dim : dims)
        tensor.add_dims(dim);
    tensor.set_raw_data(std::string(bytes, '\0'));
    return *this;
}

OnnxBuilder &OnnxBuilder::sparse(const std::string &name, const Dims &dims,
                                 const std::vector<float> &values,
                                 const std::vector<std::int64_t> &places)
{
    auto &tensor = *m_state->graph().add_sparse_initializer();
    for (const std::int64_t dim : dims)
        tensor.add_dims(dim);
    const Shape count{std::int64_t(values.size())};
    fillTensor(*tensor.mutable_values(), name,
               Tensor::of<float>(count, std::span<const float>(values)));
    const Shape placeCount{std::int64_t(places.size())};
    fillTensor(*tensor.mutable_indices(), "",
               Tensor::of<std::int64_t>(placeCount, std::span<const std::int64_t>(places)));
    return *this;
}

OnnxBuilder &OnnxBuilder::node(const std::string &op, const std::vector<std::string> &inputs,
                               const std::vector<std::string> &outputs,
                               const std::vector<OnnxBuilderAttribute> &attributes)
{
    auto &proto = *m_state->graph().add_node();
    proto.set_op_type(op);
    for (const std::string &input : inputs)
        proto.add_input(input);
    for (const std::string &output : outputs)
        proto.add_output(output);
    for (const OnnxBuilderAttribute &attribute : attributes)
        fillAttribute(*proto.add_attribute(), attribute);
    return *this;
}

OnnxBuilder &OnnxBuilder::function(const std::string &domain, const std::string &name,
                                   const std::vector<std::string> &inputs,
                                   const std::vector<std::string> &outputs,
                                   const OnnxBuilder &body)
{
    auto &function = *m_state->model.add_functions();
    function.set_domain(domain);
    function.set_name(name);
    for (const std::string &input : inputs)
        function.add_input(input);
    for (const std::string &output : outputs)
        function.add_output(output);
    *function.mutable_node() = body.m_state->graph().node();
    return *this;
}

OnnxBuilder &OnnxBuilder::referring(const std::string &attribute)
{
    auto &node = *m_state->graph().mutable_node()->rbegin();
    auto &last = *node.mutable_attribute()->rbegin();
    const auto type = last.type();
    const std::string name = last.name();
    last.Clear();
    last.set_name(name);
    last.set_type(type);
    last.set_ref_attr_name(attribute);
    return *this;
}

OnnxBuilder &OnnxBuilder::named(const std::string &name)
{
    m_state->graph().mutable_node()->rbegin()->set_name(name);
    return *this;
}

OnnxBuilder &OnnxBuilder::inDomain(const std::string &domain)
{
    m_state->graph().mutable_node()->rbegin()->set_domain(domain);
    return *this;
}

OnnxBuilder &OnnxBuilder::metadata(const std::string &key, const std::string &value)
{
    auto &entry = *m_state->model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
    return *this;
}

OnnxBuilder &OnnxBuilder::opset(const std::string &domain, int version)
{
    auto &entry = *m_state->model.add_opset_import();
    entry.set_domain(domain);
    entry.set_version(version);
    return *this;
}

OnnxBuilder &OnnxBuilder::irVersion(int version)
{
    m_state->model.set_ir_version(version);
    return *this;
}

Bytes OnnxBuilder::bytes() const
{
    const std::string text = m_state->model.SerializeAsString();
    const auto bytes = asBytes(text);
    return {bytes.begin(), bytes.end()};
}

void OnnxBuilder::write(const std::filesystem::path &file) const
{
    std::ofstream stream(file, std::ios::binary);
    m_state->model.SerializeToOstream(&stream);
}
