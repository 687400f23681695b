// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/extract.h"

#include "onnx/export_proto.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <limits>
#include <new>
#include <set>
#include <unordered_map>

namespace hefstudio {
namespace {

// What a node reads, in its subgraphs too: those see the values of the graph around them.
void collectReads(const onnx::NodeProto &node, std::vector<std::string> &names, int depth = 0)
{
    constexpr int deepest = 100; // as deep as the reader of model files goes
    if (depth > deepest)
        return;
    names.insert(names.end(), node.input().begin(), node.input().end());
    for (const onnx::AttributeProto &attribute : node.attribute()) {
        for (const onnx::NodeProto &inner : attribute.g().node())
            collectReads(inner, names, depth + 1);
        for (const onnx::ValueInfoProto &output : attribute.g().output())
            names.push_back(output.name());
        for (const onnx::GraphProto &graph : attribute.graphs())
            for (const onnx::NodeProto &inner : graph.node())
                collectReads(inner, names, depth + 1);
    }
}

class TailWriter {
public:
    TailWriter(onnx::ModelProto &whole, const OnnxModel &model, const TailRequest &request)
        : m_whole(whole), m_model(model), m_request(request)
    {
        for (int i = 0; i < whole.graph().node_size(); ++i)
            for (const std::string &output : whole.graph().node(i).output())
                m_producers[output] = i;
    }

    Result<OnnxTail> write()
    {
        findNeeded();
        onnx::GraphProto &from = *m_whole.mutable_graph();
        onnx::GraphProto tail;
        tail.set_name(from.name() + "_host");
        OnnxTail result;
        for (const TailRequest::Port &port : m_request.inputs)
            if (m_read.contains(port.name))
                onnx_export::fillValue(*tail.add_input(), port.name, ElementType::float32,
                                       port.shape);
        for (const onnx::ValueInfoProto &input : from.input())
            if (m_read.contains(input.name()) && !m_constants.contains(input.name())) {
                *tail.add_input() = input;
                result.modelInputs.push_back(input.name());
            }
        for (const auto &[name, value] : m_constants)
            onnx_export::fillTensor(*tail.add_initializer(), name, *value);
        for (int i = 0; i < from.node_size(); ++i)
            if (m_nodes.contains(i))
                tail.add_node()->Swap(from.mutable_node(i));
        for (const onnx::ValueInfoProto &output : from.output())
            *tail.add_output() = output;
        *m_whole.mutable_graph() = std::move(tail);
        const std::size_t size = m_whole.ByteSizeLong();
        if (size > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
            return fail(Diagnostic("onnx.cannot-export")
                            .with("kind", std::string("model"))
                            .with("form", std::string("more than 2 GiB")));
        result.bytes.resize(size);
        m_whole.SerializeToArray(result.bytes.data(), static_cast<int>(size));
        return result;
    }

private:
    void findNeeded()
    {
        std::set<std::string> ports;
        for (const TailRequest::Port &port : m_request.inputs)
            ports.insert(port.name);
        std::vector<std::string> open;
        for (const onnx::ValueInfoProto &output : m_whole.graph().output())
            open.push_back(output.name());
        while (!open.empty()) {
            const std::string name = std::move(open.back());
            open.pop_back();
            if (name.empty() || !m_read.insert(name).second || ports.contains(name))
                continue;
            if (const auto known = m_request.constants.find(name);
                known != m_request.constants.end()) {
                m_constants.emplace(name, known->second);
                continue;
            }
            if (const auto initialiser = m_model.initialisers.find(name);
                initialiser != m_model.initialisers.end()) {
                m_constants.emplace(name, initialiser->second);
                continue;
            }
            const auto producer = m_producers.find(name);
            if (producer != m_producers.end() && m_nodes.insert(producer->second).second)
                collectReads(m_whole.graph().node(producer->second), open);
        }
    }

    onnx::ModelProto &m_whole;
    const OnnxModel &m_model;
    const TailRequest &m_request;
    std::unordered_map<std::string, int> m_producers;
    std::set<std::string> m_read;
    std::set<int> m_nodes;
    std::map<std::string, SharedTensor> m_constants;
};

} // namespace

Result<OnnxTail> extractTail(const std::filesystem::path &file, const OnnxModel &model,
                             const TailRequest &request)
{
    const auto bytes = readFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    try {
        onnx::ModelProto whole;
        if (bytes->size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) ||
            !whole.ParseFromArray(bytes->data(), static_cast<int>(bytes->size())))
            return fail(Diagnostic("onnx.malformed", Place{.file = file.string()}));
        return TailWriter(whole, model, request).write();
    } catch (const std::bad_alloc &) {
        return fail(Diagnostic("onnx.out-of-memory", Place{.file = file.string()}));
    }
}

} // namespace hefstudio
