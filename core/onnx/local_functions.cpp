// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/local_functions.h"

#include <onnx/onnx_pb.h>

#include <map>
#include <utility>

namespace hefstudio {

namespace {

constexpr int deepestCall = 16;
constexpr std::size_t mostNodes = 1 << 20;
constexpr std::size_t mostBytes = std::size_t(1) << 28; // of copied nodes, their constants included

using Renaming = std::map<std::string, std::string>;

class Inliner {
public:
    Inliner(onnx::ModelProto &model, const std::string &file) : m_model(model), m_file(file)
    {
        for (const auto &function : model.functions())
            m_functions.emplace(std::pair(function.domain(), function.name()), &function);
    }

    Result<void> run()
    {
        if (m_functions.empty())
            return {};
        onnx::GraphProto &graph = *m_model.mutable_graph();
        google::protobuf::RepeatedPtrField<onnx::NodeProto> nodes;
        nodes.Swap(graph.mutable_node());
        for (int i = 0; i < nodes.size(); ++i)
            if (auto ok = expand(*nodes.Mutable(i), *graph.mutable_node(), 0, i); !ok)
                return ok;
        return {};
    }

private:
    using Nodes = google::protobuf::RepeatedPtrField<onnx::NodeProto>;

    static std::string renamed(const Renaming &names, const std::string &name)
    {
        const auto found = names.find(name);
        return found == names.end() ? name : found->second;
    }

    // Bodies in attributes read the values around them under the new names.
    static void renameBody(onnx::GraphProto &graph, const Renaming &names)
    {
        for (auto &node : *graph.mutable_node()) {
            for (std::string &input : *node.mutable_input())
                input = renamed(names, input);
            for (auto &attribute : *node.mutable_attribute())
                if (attribute.has_g())
                    renameBody(*attribute.mutable_g(), names);
        }
        for (auto &output : *graph.mutable_output())
            output.set_name(renamed(names, output.name()));
    }

    Result<void> expand(onnx::NodeProto &node, Nodes &target, int depth, int number)
    {
        const auto found = m_functions.find(std::pair(node.domain(), node.op_type()));
        if (found == m_functions.end()) {
            m_bytes += depth > 0 ? node.ByteSizeLong() : 0;
            if (++m_nodes > mostNodes || m_bytes > mostBytes)
                return fail(Diagnostic("onnx.function-too-large", Place{.file = m_file}));
            target.Add()->Swap(&node);
            return {};
        }
        if (depth >= deepestCall)
            return fail(Diagnostic("onnx.too-deep", Place{.file = m_file, .node = node.name()}));
        const onnx::FunctionProto &function = *found->second;
        const std::string prefix =
            (node.name().empty() ? node.op_type() + "_" + std::to_string(number) : node.name()) +
            "/";
        Renaming names;
        for (int i = 0; i < function.input_size(); ++i)
            names[function.input(i)] = i < node.input_size() ? node.input(i) : "";
        for (int i = 0; i < function.output_size(); ++i)
            if (i < node.output_size() && !node.output(i).empty())
                names[function.output(i)] = node.output(i);
        for (const auto &inner : function.node())
            for (const std::string &output : inner.output())
                if (!output.empty())
                    names.emplace(output, prefix + output);
        int index = 0;
        for (const auto &inner : function.node()) {
            onnx::NodeProto copy = inner;
            copy.set_name(prefix +
                          (inner.name().empty() ? inner.op_type() + "_" + std::to_string(index)
                                                : inner.name()));
            for (std::string &input : *copy.mutable_input())
                input = renamed(names, input);
            for (std::string &output : *copy.mutable_output())
                output = renamed(names, output);
            bindAttributes(copy, node);
            for (auto &attribute : *copy.mutable_attribute())
                if (attribute.has_g())
                    renameBody(*attribute.mutable_g(), names);
            if (auto ok = expand(copy, target, depth + 1, index++); !ok)
                return ok;
        }
        return {};
    }

    // An attribute may stand for one of the call; where the call has none, the operator's default
    // holds.
    static void bindAttributes(onnx::NodeProto &node, const onnx::NodeProto &call)
    {
        google::protobuf::RepeatedPtrField<onnx::AttributeProto> attributes;
        attributes.Swap(node.mutable_attribute());
        for (auto &attribute : attributes) {
            if (attribute.ref_attr_name().empty()) {
                node.add_attribute()->Swap(&attribute);
                continue;
            }
            for (const auto &given : call.attribute()) {
                if (given.name() != attribute.ref_attr_name())
                    continue;
                onnx::AttributeProto &bound = *node.add_attribute();
                bound = given;
                bound.set_name(attribute.name());
            }
        }
    }

    onnx::ModelProto &m_model;
    const std::string &m_file;
    std::map<std::pair<std::string, std::string>, const onnx::FunctionProto *> m_functions;
    std::size_t m_nodes = 0, m_bytes = 0;
};

} // namespace

Result<void> inlineFunctions(onnx::ModelProto &model, const std::string &file)
{
    return Inliner(model, file).run();
}

} // namespace hefstudio
