// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/model_file.h"

#include "base/file.h"
#include "onnx/local_functions.h"
#include "onnx/tensor_reader.h"
#include "onnx/wire_check.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <limits>
#include <new>
#include <set>

namespace hefstudio {

namespace {

// Bodies inside bodies and functions inside functions; nothing real comes near.
constexpr int deepestNesting = 16;
// Attribute → graph → node → attribute: three levels of the message for each body inside a body.
constexpr int deepestMessage = 400;

std::string_view asText(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

// A serialised ModelProto starts with a field tag below 0x80 that no text starts with, followed by
// numbers; half a kilobyte without one control character is text.
bool looksLikeText(std::string_view start)
{
    return !start.empty() && std::ranges::none_of(start, [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return (code < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || code == 0x7f ||
               code >= 0xf8; // no UTF-8 has these
    });
}

// Other model files that get renamed, by their first bytes.
const char *otherFormat(std::string_view start)
{
    if (start.starts_with("PK\x03\x04"))
        return "a ZIP archive (a PyTorch checkpoint is one)";
    if (start.starts_with("\x89HDF"))
        return "an HDF5 file (Keras)";
    if (start.size() > 8 && start.substr(4, 4) == "TFL3")
        return "a TensorFlow Lite file";
    if (start.starts_with("GGUF"))
        return "a GGUF file";
    if (start.starts_with("\x01HEF") || start.starts_with("HEF"))
        return "a HEF";
    if (start.starts_with("\x1f\x8b"))
        return "a gzip archive";
    if (start.starts_with("\x80\x02") || start.starts_with("\x80\x04"))
        return "a Python pickle";
    return nullptr;
}

Result<void> checkFormat(std::span<const std::byte> bytes, const std::string &file)
{
    const Place place{.file = file, .offset = 0};
    if (bytes.empty())
        return fail(Diagnostic("file.empty", place));
    const std::string_view start = asText(bytes.first(std::min<std::size_t>(bytes.size(), 512)));
    if (start.starts_with("version https://git-lfs"))
        return fail(Diagnostic("onnx.git-lfs-pointer", place));
    if (const char *format = otherFormat(start))
        return fail(Diagnostic("onnx.other-format", place).with("format", std::string(format)));
    if (looksLikeText(start))
        return fail(Diagnostic("onnx.text-file", place));
    const auto fault = findWireFault(bytes);
    if (!fault)
        return {};
    const Place at{.file = file, .offset = fault->offset};
    const bool startsAsModel = bytes[0] == std::byte(0x08); // ir_version
    if (fault->isFirst && !(fault->isCutOff && startsAsModel))
        return fail(
            Diagnostic("onnx.other-format", at).with("format", std::string("an unknown file")));
    if (fault->isCutOff)
        return fail(Diagnostic("onnx.truncated", Place{.file = file, .offset = bytes.size()})
                        .with("bytes", static_cast<std::int64_t>(bytes.size()))
                        .with("field", static_cast<std::int64_t>(fault->offset)));
    return fail(Diagnostic("onnx.malformed", at));
}

class ModelReader {
public:
    ModelReader(const std::string &file, std::optional<std::filesystem::path> folder)
        : m_tensors(file, std::move(folder))
    {
        m_model.file = file;
    }

    Result<OnnxModel> read(onnx::ModelProto &proto)
    {
        m_model.irVersion = proto.ir_version();
        m_model.producer = proto.producer_name();
        for (const auto &opset : proto.opset_import())
            m_model.opsets[domainName(opset.domain())] = opset.version();
        for (const auto &entry : proto.metadata_props())
            m_model.metadata.emplace_back(entry.key(), entry.value());
        onnx::GraphProto &graph = *proto.mutable_graph();
        m_model.graphName = graph.name();
        if (auto inlined = inlineFunctions(proto, m_model.file); !inlined)
            return passOn(std::move(inlined));
        for (const auto &node : graph.node())
            m_statedNames.insert(node.name());
        readInitialisers(graph, m_model.initialisers, m_model.unreadable);
        for (const auto &input : graph.input())
            if (!m_model.initialisers.contains(input.name()) &&
                !m_model.unreadable.contains(input.name()))
                m_model.inputs.push_back(readValue(input));
        for (const auto &output : graph.output())
            m_model.outputs.push_back(readValue(output));
        m_model.nodes = readNodes(graph, 0);
        if (!m_faults.empty())
            return fail(std::move(m_faults));
        return std::move(m_model);
    }

private:
    static std::string domainName(const std::string &domain)
    {
        return domain == "ai.onnx" ? "" : domain;
    }

    using Tensors = std::map<std::string, SharedTensor>;
    using Unreadable = std::map<std::string, UnreadableTensor>;

    void readInitialisers(onnx::GraphProto &graph, Tensors &tensors, Unreadable &unreadable)
    {
        const auto keep = [&](const std::string &name, Result<TensorReader::Outcome> outcome) {
            if (!outcome)
                return add(std::move(outcome.error()));
            if (tensors.contains(name) || unreadable.contains(name))
                return add({Diagnostic("onnx.duplicate-name", Place{.file = m_model.file})
                                .with("name", name)});
            if (auto *tensor = std::get_if<SharedTensor>(&*outcome))
                tensors.emplace(name, std::move(*tensor));
            else
                unreadable.emplace(name, std::get<UnreadableTensor>(*outcome));
        };
        for (auto &tensor : *graph.mutable_initializer()) {
            const std::string name = tensor.name();
            keep(name, m_tensors.read(tensor, name));
        }
        for (auto &tensor : *graph.mutable_sparse_initializer()) {
            const std::string name = tensor.values().name();
            keep(name, m_tensors.readSparse(tensor, name));
        }
    }

    void add(Diagnostics faults)
    {
        constexpr std::size_t enough = 100; // a broken file may have a million of them
        for (Diagnostic &fault : faults)
            if (m_faults.size() < enough)
                m_faults.push_back(std::move(fault));
    }

    static OnnxValue readValue(const onnx::ValueInfoProto &proto)
    {
        OnnxValue value;
        value.name = proto.name();
        const auto &type = proto.type();
        if (!type.has_tensor_type()) {
            value.typeName = type.has_sequence_type() ? "sequence"
                             : type.has_map_type()    ? "map"
                                                      : "unknown";
            return value;
        }
        value.typeName = onnxTypeName(type.tensor_type().elem_type());
        value.type = elementTypeOfOnnx(type.tensor_type().elem_type());
        if (type.tensor_type().has_shape()) {
            auto &dimensions = value.dimensions.emplace();
            for (const auto &dim : type.tensor_type().shape().dim()) {
                OnnxDimension &dimension = dimensions.emplace_back();
                if (dim.has_dim_value() && dim.dim_value() > 0)
                    dimension.value = dim.dim_value();
                else
                    dimension.symbol = dim.dim_param();
            }
        }
        return value;
    }

    // Names that the body reads and does not define.
    static std::vector<std::string> capturesOf(const OnnxBody &body)
    {
        std::set<std::string> own(body.inputs.begin(), body.inputs.end());
        for (const auto &[name, tensor] : body.initialisers)
            own.insert(name);
        for (const auto &[name, tensor] : body.unreadable)
            own.insert(name);
        for (const OnnxNode &node : body.nodes)
            own.insert(node.outputs.begin(), node.outputs.end());
        std::set<std::string> captured;
        const auto look = [&](const std::vector<std::string> &names) {
            for (const std::string &name : names)
                if (!name.empty() && !own.contains(name))
                    captured.insert(name);
        };
        for (const OnnxNode &node : body.nodes) {
            look(node.inputs);
            look(node.captures);
        }
        look(body.outputs);
        return {captured.begin(), captured.end()};
    }

    OnnxSubgraph readBody(onnx::GraphProto &proto, int depth)
    {
        if (depth > deepestNesting) {
            add({Diagnostic("onnx.too-deep", Place{.file = m_model.file})});
            return {};
        }
        auto body = std::make_shared<OnnxBody>();
        readInitialisers(proto, body->initialisers, body->unreadable);
        for (const auto &input : proto.input())
            body->inputs.push_back(input.name());
        for (const auto &output : proto.output())
            body->outputs.push_back(output.name());
        body->nodes = readNodes(proto, depth);
        return {std::move(body)};
    }

    OnnxAttribute readAttribute(onnx::AttributeProto &proto, const std::string &node, int depth)
    {
        OnnxAttribute attribute;
        attribute.name = proto.name();
        switch (kindOf(proto)) {
        case onnx::AttributeProto::INT:
            attribute.value = static_cast<std::int64_t>(proto.i());
            break;
        case onnx::AttributeProto::FLOAT:
            attribute.value = proto.f();
            break;
        case onnx::AttributeProto::STRING:
            attribute.value = proto.s();
            break;
        case onnx::AttributeProto::INTS:
            attribute.value = std::vector<std::int64_t>(proto.ints().begin(), proto.ints().end());
            break;
        case onnx::AttributeProto::FLOATS:
            attribute.value = std::vector<float>(proto.floats().begin(), proto.floats().end());
            break;
        case onnx::AttributeProto::STRINGS:
            attribute.value =
                std::vector<std::string>(proto.strings().begin(), proto.strings().end());
            break;
        case onnx::AttributeProto::TENSOR:
            store(attribute, m_tensors.read(*proto.mutable_t(), node));
            break;
        case onnx::AttributeProto::SPARSE_TENSOR:
            store(attribute, m_tensors.readSparse(*proto.mutable_sparse_tensor(), node));
            break;
        case onnx::AttributeProto::GRAPH:
            attribute.value = readBody(*proto.mutable_g(), depth + 1);
            break;
        case onnx::AttributeProto::GRAPHS:
            attribute.value = OnnxSubgraph{};
            break;
        default:
            break;
        }
        return attribute;
    }

    // Files from before IR version 3 may lack the type: the field that is there tells.
    static int kindOf(const onnx::AttributeProto &proto)
    {
        if (proto.type() != onnx::AttributeProto::UNDEFINED)
            return proto.type();
        if (proto.has_i())
            return onnx::AttributeProto::INT;
        if (proto.has_f())
            return onnx::AttributeProto::FLOAT;
        if (proto.has_s())
            return onnx::AttributeProto::STRING;
        if (proto.has_t())
            return onnx::AttributeProto::TENSOR;
        if (proto.has_g())
            return onnx::AttributeProto::GRAPH;
        if (proto.ints_size() > 0)
            return onnx::AttributeProto::INTS;
        if (proto.floats_size() > 0)
            return onnx::AttributeProto::FLOATS;
        if (proto.strings_size() > 0)
            return onnx::AttributeProto::STRINGS;
        return onnx::AttributeProto::UNDEFINED;
    }

    void store(OnnxAttribute &attribute, Result<TensorReader::Outcome> outcome)
    {
        if (!outcome)
            add(std::move(outcome.error()));
        else if (auto *tensor = std::get_if<SharedTensor>(&*outcome))
            attribute.value = std::move(*tensor);
        else
            attribute.value = std::get<UnreadableTensor>(*outcome);
    }

    std::vector<OnnxNode> readNodes(onnx::GraphProto &graph, int depth)
    {
        std::vector<OnnxNode> nodes;
        nodes.reserve(static_cast<std::size_t>(graph.node_size()));
        for (int index = 0; index < graph.node_size(); ++index) {
            auto &proto = *graph.mutable_node(index);
            OnnxNode node;
            node.op = proto.op_type();
            node.domain = domainName(proto.domain());
            node.name = proto.name();
            if (node.name.empty() || m_takenNames.contains(node.name)) {
                const std::string base = node.name.empty() ? node.op : node.name;
                node.name = base + "_" + std::to_string(index);
                while (m_statedNames.contains(node.name) || m_takenNames.contains(node.name))
                    node.name += "_";
            }
            m_takenNames.insert(node.name);
            node.inputs.assign(proto.input().begin(), proto.input().end());
            node.outputs.assign(proto.output().begin(), proto.output().end());
            for (auto &attribute : *proto.mutable_attribute()) {
                node.attributes.push_back(readAttribute(attribute, node.name, depth));
                const auto *bodyOf = std::get_if<OnnxSubgraph>(&node.attributes.back().value);
                if (!bodyOf || !bodyOf->body)
                    continue;
                for (std::string &name : capturesOf(*bodyOf->body))
                    node.captures.push_back(std::move(name));
            }
            nodes.push_back(std::move(node));
        }
        return nodes;
    }

    TensorReader m_tensors;
    OnnxModel m_model;
    Diagnostics m_faults;
    std::set<std::string> m_statedNames, m_takenNames; // of nodes
};

Result<OnnxModel> parseModel(std::span<const std::byte> bytes, const std::string &file,
                             std::optional<std::filesystem::path> folder)
{
    const Place place{.file = file};
    try {
        if (auto ok = checkFormat(bytes, file); !ok)
            return passOn(std::move(ok));
        if (bytes.size() > std::numeric_limits<int>::max())
            return fail(Diagnostic("file.too-large", place)
                            .with("bytes", static_cast<std::int64_t>(bytes.size()))
                            .with("limit", std::int64_t(std::numeric_limits<int>::max())));
        auto proto = std::make_unique<onnx::ModelProto>();
        google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
        google::protobuf::io::CodedInputStream coded(&stream);
        coded.SetRecursionLimit(deepestMessage);
        if (!proto->ParsePartialFromCodedStream(&coded) || !coded.ConsumedEntireMessage())
            return fail(Diagnostic(isNestedDeeper(bytes, deepestNesting) ? "onnx.too-deep"
                                                                         : "onnx.malformed",
                                   place));
        if (!proto->has_graph())
            return fail(Diagnostic("onnx.no-graph", place));
        return ModelReader(file, std::move(folder)).read(*proto);
    } catch (const std::bad_alloc &) {
        return fail(Diagnostic("onnx.out-of-memory", place));
    } catch (const std::exception &fault) {
        // The protobuf library checks its own limits with exceptions.
        return fail(
            Diagnostic("onnx.malformed", place)
                .withNote(Diagnostic("onnx.library-says").with("text", std::string(fault.what()))));
    }
}

} // namespace

const OnnxAttribute *OnnxNode::findAttribute(std::string_view attribute) const
{
    const auto found = std::ranges::find(attributes, attribute, &OnnxAttribute::name);
    return found == attributes.end() ? nullptr : &*found;
}

Result<OnnxModel> readOnnxModel(const std::filesystem::path &file)
{
    auto mapped = MappedFile::open(file);
    if (!mapped)
        return passOn(std::move(mapped));
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    return parseModel(mapped->bytes(), file.string(), folder);
}

Result<OnnxModel> parseOnnxModel(std::span<const std::byte> bytes, const std::string &nameForErrors)
{
    return parseModel(bytes, nameForErrors, std::nullopt);
}

} // namespace hefstudio
