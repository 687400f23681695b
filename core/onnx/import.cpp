// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import.h"

#include "onnx/constant_arithmetic.h"
#include "onnx/constant_evaluator.h"
#include "onnx/import_context.h"
#include "onnx/input_shapes.h"
#include "onnx/node_order.h"

#include <algorithm>
#include <map>
#include <new>

namespace hefstudio {

namespace onnx_import {

namespace {

using ImporterTable = std::map<std::string_view, Importer>;

const ImporterTable &importerTable()
{
    static const ImporterTable table = [] {
        ImporterTable all;
        for (const auto rows : {convolutionImporters(), matrixImporters(), elementwiseImporters(),
                                reductionImporters(), shapeImporters(), resizeImporters(),
                                normalizationImporters(), indexImporters(), sampleImporters(),
                                recurrentImporters(), einsumImporters(), quantisedImporters()})
            for (const ImporterRow &row : rows)
                all.emplace(row.op, row.importer);
        return all;
    }();
    return table;
}

} // namespace

Importer findImporter(std::string_view domain, std::string_view op)
{
    const auto found = importerTable().find(op);
    return domain.empty() && found != importerTable().end() ? found->second : nullptr;
}

namespace {

constexpr std::int64_t oldestOpset = 7;
constexpr std::int64_t newestOpset = 26;

class ModelImport {
public:
    ModelImport(const OnnxModel &model, const ImportOptions &options)
        : m_model(model), m_options(options), m_graph(model, opsetOf(model))
    {
    }

    Result<std::shared_ptr<const Graph>> run()
    {
        const Result<std::vector<std::string>> outputs = importNodes();
        if (!outputs)
            return std::unexpected(outputs.error());
        if (!m_faults.empty())
            return fail(std::move(m_faults));
        return finish(*outputs);
    }

    Result<ImportedPrefix> runPrefix()
    {
        const Result<std::vector<std::string>> outputs = importNodes();
        if (!outputs)
            return std::unexpected(outputs.error());
        if (!std::ranges::all_of(m_faults, isAboutOneOperator))
            return fail(std::move(m_faults));
        ImportedPrefix prefix;
        std::vector<std::string> ends = frontier(prefix);
        for (const std::string &output : *outputs) {
            if (m_graph.values.at(output).kind == Value::Kind::unknown)
                prefix.lostOutputs.push_back(output);
            else if (std::ranges::find(ends, output) == ends.end())
                ends.push_back(output);
        }
        if (ends.empty())
            return fail(std::move(m_faults));
        for (const auto &[name, value] : m_graph.values)
            if (value.isConstant())
                prefix.constants.emplace(name, value.constant);
        prefix.refused = std::move(m_faults);
        Result<std::shared_ptr<const Graph>> graph = finish(ends);
        if (!graph)
            return passOn(std::move(graph));
        prefix.graph = std::move(*graph);
        return prefix;
    }

private:
    // The names of the outputs. What single nodes are at fault for is in m_faults.
    Result<std::vector<std::string>> importNodes()
    {
        if (m_graph.opset < oldestOpset || m_graph.opset > newestOpset) {
            m_faults.push_back(Diagnostic("onnx.unsupported-opset", Place{.file = m_model.file})
                                   .with("opset", m_graph.opset)
                                   .with("oldest", oldestOpset)
                                   .with("newest", newestOpset));
            return fail(std::move(m_faults));
        }
        const std::vector<std::string> outputs = outputNames();
        NodeOrder order = orderNodes(m_model, outputs);
        append(std::move(order.faults));
        if (!m_faults.empty())
            return fail(std::move(m_faults));
        m_graph.neededValues = std::move(order.needed);
        addInputs();
        for (const auto &[name, tensor] : m_model.initialisers)
            m_graph.values[name] = Value::of(name, tensor);
        m_order = std::move(order.nodes);
        for (const std::size_t index : m_order)
            importNode(m_model.nodes[index]);
        return outputs;
    }

    static bool isAboutOneOperator(const Diagnostic &fault)
    {
        return fault.id.starts_with("onnx.unsupported") && !fault.place.node.empty();
    }

    bool isLeftOut(const OnnxNode &node) const
    {
        return std::ranges::any_of(node.outputs, [&](const std::string &output) {
            return !output.empty() && m_graph.neededValues.contains(output) &&
                   m_graph.values.at(output).kind == Value::Kind::unknown;
        });
    }

    // The computed values that left-out nodes read.
    std::vector<std::string> frontier(ImportedPrefix &prefix) const
    {
        std::vector<std::string> names;
        std::set<std::string> seen;
        for (const std::size_t index : m_order) {
            const OnnxNode &node = m_model.nodes[index];
            if (!isLeftOut(node))
                continue;
            prefix.leftOut.push_back(node.name);
            for (const std::string &input : node.inputs) {
                const auto value = m_graph.values.find(input);
                if (value != m_graph.values.end() && value->second.kind == Value::Kind::computed &&
                    !isInput(input) && seen.insert(input).second)
                    names.push_back(input);
            }
        }
        return names;
    }

    static std::int64_t opsetOf(const OnnxModel &model)
    {
        const auto found = model.opsets.find("");
        return found == model.opsets.end() ? 1 : found->second;
    }

    void append(Diagnostics faults)
    {
        for (Diagnostic &fault : faults)
            m_faults.push_back(std::move(fault));
    }

    std::vector<std::string> outputNames()
    {
        std::vector<std::string> names;
        for (const std::string &end : m_options.endNodes) {
            const auto node = std::ranges::find(m_model.nodes, end, &OnnxNode::name);
            if (node == m_model.nodes.end()) {
                m_faults.push_back(
                    Diagnostic("onnx.unknown-node", Place{.file = m_model.file}).with("node", end));
                continue;
            }
            for (const std::string &output : node->outputs)
                if (!output.empty() && std::ranges::find(names, output) == names.end())
                    names.push_back(output);
        }
        if (m_options.endNodes.empty())
            for (const OnnxValue &output : m_model.outputs)
                names.push_back(output.name);
        if (names.empty() && m_faults.empty())
            m_faults.push_back(Diagnostic("onnx.no-outputs", Place{.file = m_model.file}));
        return names;
    }

    void addInputs()
    {
        InputShapes shapes = decideInputShapes(m_model, m_options);
        m_isGuessing = !shapes.faults.empty();
        append(std::move(shapes.faults));
        if (m_model.inputs.empty())
            m_faults.push_back(Diagnostic("onnx.no-inputs", Place{.file = m_model.file}));
        for (const OnnxValue &input : m_model.inputs) {
            if (!input.type) {
                m_faults.push_back(Diagnostic("onnx.unsupported-type",
                                              Place{.file = m_model.file, .keyPath = input.name})
                                       .with("name", input.name)
                                       .with("type", input.typeName));
                m_graph.values[input.name] = Value{};
                continue;
            }
            Value value;
            value.kind = Value::Kind::computed;
            value.name = input.name;
            value.shape = shapes.shapes.at(input.name);
            value.tensor = m_graph.builder.input(input.name, value.shape);
            if (input.dimensions && !input.dimensions->empty() && value.shape.rank() > 0 &&
                value.shape[0] == 1 && input.dimensions->front().value.value_or(1) > 1)
                m_graph.replacedBatch = *input.dimensions->front().value;
            if (isIntegerType(*input.type))
                value.type = *input.type;
            m_graph.values[input.name] = std::move(value);
        }
    }

    void importNode(const OnnxNode &node)
    {
        for (const std::string &output : node.outputs)
            if (!output.empty())
                m_graph.values[output] = Value{};
        const Importer importer = findImporter(node.domain, node.op);
        const bool isKnown = importer || (node.domain.empty() && isConstantsOnly(node.op));
        bool isUnknown = false;
        for (const std::string &input : node.inputs) {
            if (input.empty())
                continue;
            const auto unreadable = m_model.unreadable.find(input);
            if (unreadable != m_model.unreadable.end() && isKnown)
                m_faults.push_back(Diagnostic("onnx.unsupported-type",
                                              Place{.file = m_model.file, .node = node.name})
                                       .with("name", input)
                                       .with("type", unreadable->second.type));
            const auto value = m_graph.values.find(input);
            isUnknown = isUnknown || value == m_graph.values.end() ||
                        value->second.kind == Value::Kind::unknown;
        }
        try {
            NodeImport nodeImport(m_graph, node);
            if (!isKnown)
                nodeImport.refuseOperator();
            if (isUnknown || node.outputs.empty())
                return;
            if (evaluateConstantNode(m_graph, node))
                return;
            if (node.op == "If" && node.domain.empty())
                return importBranch(nodeImport);
            if (!importer) // one for constants only
                nodeImport.refuseComputedSize("its input");
            importer(nodeImport);
            for (std::size_t slot = 0; slot < node.outputs.size(); ++slot)
                if (nodeImport.isOutputNeeded(slot) &&
                    m_graph.values.at(node.outputs[slot]).kind == Value::Kind::unknown)
                    nodeImport.refuseForm("output " + std::to_string(slot + 1));
        } catch (Refused &refused) {
            for (Diagnostic &diagnostic : refused.diagnostics) {
                // Shapes that follow from a guessed input shape prove nothing.
                const bool isCertain = diagnostic.id.starts_with("onnx.unsupported");
                if (!m_isGuessing || isCertain)
                    m_faults.push_back(std::move(diagnostic));
            }
        }
    }

    // The branch that a constant condition picks takes the place of the node.
    void importBranch(NodeImport &node)
    {
        const Dims condition = node.constantInts(0, "condition");
        if (condition.size() != 1)
            node.refuseConstant("the condition is not one value");
        const char *name = condition[0] != 0 ? "then_branch" : "else_branch";
        const OnnxAttribute *attribute = node.node().findAttribute(name);
        const auto *branch = attribute ? std::get_if<OnnxSubgraph>(&attribute->value) : nullptr;
        if (!branch || !branch->body)
            node.refuse(Diagnostic("onnx.bad-attribute", node.place())
                            .with("operator", node.node().operatorName())
                            .with("attribute", std::string(name)));
        const OnnxBody &body = *branch->body;
        if (body.outputs.size() != node.outputCount())
            node.refuseConstant("the branch has " + std::to_string(body.outputs.size()) +
                                " outputs");
        for (const auto &[tensorName, tensor] : body.initialisers)
            define(node, tensorName, Value::of(tensorName, tensor));
        // Nodes stand in order inside a body; those nobody needs are passed over.
        std::set<std::string> needed;
        for (std::size_t slot = 0; slot < body.outputs.size(); ++slot)
            if (node.isOutputNeeded(slot))
                needed.insert(body.outputs[slot]);
        std::vector<const OnnxNode *> wanted;
        for (auto inner = body.nodes.rbegin(); inner != body.nodes.rend(); ++inner) {
            if (std::ranges::none_of(inner->outputs,
                                     [&](const std::string &o) { return needed.contains(o); }))
                continue;
            needed.insert(inner->inputs.begin(), inner->inputs.end());
            needed.insert(inner->captures.begin(), inner->captures.end());
            wanted.push_back(&*inner);
        }
        m_graph.neededValues.insert(needed.begin(), needed.end());
        for (auto inner = wanted.rbegin(); inner != wanted.rend(); ++inner) {
            for (const std::string &output : (*inner)->outputs)
                if (!output.empty())
                    define(node, output, Value{});
            for (const std::string &input : (*inner)->inputs)
                if (!input.empty() && !m_graph.values.contains(input) &&
                    !body.unreadable.contains(input))
                    node.refuse(
                        Diagnostic("onnx.undefined-input",
                                   Place{.file = m_model.file, .node = (*inner)->name})
                            .with("name", input));
            importNode(**inner);
        }
        for (std::size_t slot = 0; slot < body.outputs.size(); ++slot) {
            if (!node.isOutputNeeded(slot))
                continue;
            const auto value = m_graph.values.find(body.outputs[slot]);
            if (value == m_graph.values.end())
                node.refuse(Diagnostic("onnx.undefined-output", node.place())
                                .with("name", body.outputs[slot]));
            node.alias(slot, value->second);
        }
    }

    // Names inside a body are names of the whole model.
    void define(const NodeImport &node, const std::string &name, Value value)
    {
        if (!m_graph.values.emplace(name, std::move(value)).second)
            node.refuse(Diagnostic("onnx.duplicate-name", node.place()).with("name", name));
    }

    Result<std::shared_ptr<const Graph>> finish(const std::vector<std::string> &outputs)
    {
        std::vector<TensorId> used;
        for (const std::string &name : outputs) {
            Value value = m_graph.values.at(name);
            if (value.scalePower != 0) {
                m_faults.push_back(Diagnostic("onnx.unsupported-type", Place{.file = m_model.file})
                                       .with("name", name)
                                       .with("type", std::string("dynamically quantised")));
                return fail(std::move(m_faults));
            }
            if (value.isConstant())
                value.name = m_graph.freshName(name + "/value");
            // An output that is another name of a value (Identity at the end), or a constant, gets
            // a layer of its own, so that outputs keep their names.
            TensorId tensor = m_graph.tensorOf(value, GraphImport::Holding::floats);
            const TensorInfo &info = m_graph.builder.tensor(tensor);
            if (info.name != name || info.isConstant() || !info.producer.isValid() ||
                std::ranges::find(used, tensor) != used.end() || isInput(name)) {
                GraphBuilder::Options options;
                options.outputName = name;
                for (const OnnxNode &node : m_model.nodes)
                    if (std::ranges::find(node.outputs, name) != node.outputs.end())
                        options.origin = {node.name};
                const std::string layerName =
                    options.origin.empty() ? name : options.origin.front();
                const Shape shape = info.shape;
                tensor = m_graph.builder.layer(layerName, Elementwise{}, {tensor}, shape,
                                               std::move(options));
            }
            used.push_back(tensor);
            m_graph.builder.output(tensor);
        }
        for (const auto &[key, value] : m_model.metadata)
            m_graph.builder.metadata(key, value);
        auto graph = std::move(m_graph.builder).finish();
        if (!graph)
            return passOn(std::move(graph));
        return std::make_shared<const Graph>(std::move(*graph));
    }

    bool isInput(const std::string &name) const
    {
        return std::ranges::find(m_model.inputs, name, &OnnxValue::name) != m_model.inputs.end();
    }

    const OnnxModel &m_model;
    const ImportOptions &m_options;
    GraphImport m_graph;
    Diagnostics m_faults;
    std::vector<std::size_t> m_order; // of the nodes that matter
    bool m_isGuessing = false;
};

} // namespace
} // namespace onnx_import

bool isOperatorSupported(const std::string &domain, std::string_view op)
{
    return onnx_import::findImporter(domain, op) ||
           (domain.empty() && onnx_import::isConstantsOnly(op));
}

std::vector<std::string> supportedOperators()
{
    std::set<std::string> names;
    for (const auto &[op, importer] : onnx_import::importerTable())
        names.emplace(op);
    for (const std::string_view op : onnx_import::constantsOnlyOperators())
        names.emplace(op);
    return {names.begin(), names.end()};
}

Result<std::shared_ptr<const Graph>> importOnnx(const OnnxModel &model,
                                                const ImportOptions &options)
{
    try {
        return onnx_import::ModelImport(model, options).run();
    } catch (const std::bad_alloc &) {
        return fail(Diagnostic("onnx.out-of-memory", Place{.file = model.file}));
    }
}

Result<ImportedPrefix> importPrefix(const OnnxModel &model, const ImportOptions &options)
{
    try {
        return onnx_import::ModelImport(model, options).runPrefix();
    } catch (const std::bad_alloc &) {
        return fail(Diagnostic("onnx.out-of-memory", Place{.file = model.file}));
    }
}

Result<std::shared_ptr<const Graph>> importOnnx(const std::filesystem::path &file,
                                                const ImportOptions &options)
{
    const auto model = readOnnxModel(file);
    if (!model)
        return std::unexpected(model.error());
    return importOnnx(*model, options);
}

Result<std::shared_ptr<const Graph>> importOnnx(std::span<const std::byte> bytes,
                                                const ImportOptions &options)
{
    const auto model = parseOnnxModel(bytes, "model.onnx");
    if (!model)
        return std::unexpected(model.error());
    return importOnnx(*model, options);
}

} // namespace hefstudio
