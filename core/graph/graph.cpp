// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph.h"

#include <algorithm>
#include <cstdio>

namespace hefstudio {
namespace {

std::string windowText(const Window &window)
{
    const auto pair = [](const std::array<std::int64_t, 2> &values) {
        return std::to_string(values[0]) + "x" + std::to_string(values[1]);
    };
    std::string text = " " + pair(window.kernel);
    if (window.stride != std::array<std::int64_t, 2>{1, 1})
        text += window.stride[0] == window.stride[1] ? "/" + std::to_string(window.stride[0])
                                                     : "/" + pair(window.stride);
    if (window.dilation != std::array<std::int64_t, 2>{1, 1})
        text += " dilation " + pair(window.dilation);
    if (window.padBegin != std::array<std::int64_t, 2>{0, 0} ||
        window.padEnd != std::array<std::int64_t, 2>{0, 0})
        text += " pad " + pair(window.padBegin) + ".." + pair(window.padEnd);
    return text;
}

std::string listText(const std::vector<std::int64_t> &values)
{
    std::string text;
    for (const auto value : values)
        text += (text.empty() ? "" : ",") + std::to_string(value);
    return "[" + text + "]";
}

std::string numberText(float value)
{
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.6g", static_cast<double>(value));
    return buffer;
}

std::string functionText(const ScalarFunction &function)
{
    std::string text(functionName(function.function));
    if (function.alpha != 0 || function.beta != 0)
        text += "(" + numberText(function.alpha) + "," + numberText(function.beta) + ")";
    return text;
}

// What distinguishes two layers of one kind, in a few words.
struct Detail {
    std::string operator()(const Convolution &c) const
    {
        return windowText(c.window) + (c.groups != 1 ? " groups " + std::to_string(c.groups) : "") +
               (c.padValues.empty() ? "" : " pad values");
    }
    std::string operator()(const TransposedConvolution &c) const
    {
        return windowText(c.window) + (c.groups != 1 ? " groups " + std::to_string(c.groups) : "");
    }
    std::string operator()(const MaxPool &p) const { return windowText(p.window); }
    std::string operator()(const AveragePool &p) const { return windowText(p.window); }
    std::string operator()(const Elementwise &e) const { return " " + functionText(e.function); }
    std::string operator()(const Binary &b) const
    {
        return " " + std::string(binaryOperatorName(b.op));
    }
    std::string operator()(const Reduce &r) const
    {
        return " " + std::string(reductionName(r.reduction)) + listText(r.axes);
    }
    std::string operator()(const Concat &c) const { return " axis " + std::to_string(c.axis); }
    std::string operator()(const Softmax &s) const { return " axis " + std::to_string(s.axis); }
    std::string operator()(const Slice &s) const
    {
        return " " + listText(s.begin) + "+" + listText(s.size);
    }
    std::string operator()(const Transpose &t) const { return " " + listText(t.permutation); }
    std::string operator()(const Resize &r) const
    {
        static constexpr const char *modes[] = {"nearest", "linear", "cubic"};
        return std::string(" ") + modes[static_cast<int>(r.mode)];
    }
    std::string operator()(const Pad &p) const { return " " + listText(p.begin) + listText(p.end); }
    std::string operator()(const ArgReduce &a) const
    {
        return std::string(a.smallest ? " min" : " max") + " axis " + std::to_string(a.axis);
    }
    std::string operator()(const TopK &t) const
    {
        return " " + std::to_string(t.count) + (t.smallest ? " smallest" : " largest") +
               " axis " + std::to_string(t.axis) +
               (t.result == TopK::Result::values ? " values" : " indices");
    }
    std::string operator()(const CumulativeSum &c) const
    {
        return " axis " + std::to_string(c.axis);
    }
    std::string operator()(const Recurrent &r) const
    {
        static constexpr const char *cells[] = {"rnn", "lstm", "gru"};
        return std::string(" ") + cells[static_cast<int>(r.cell)] + " " +
               std::to_string(r.hiddenSize);
    }
    template<class Other> std::string operator()(const Other &) const { return {}; }
};

class Verifier {
public:
    explicit Verifier(const Graph &graph) : m_graph(graph) {}

    Result<void> run()
    {
        checkTensors();
        checkLayers();
        checkEnds();
        if (m_faults.empty())
            return {};
        return fail(std::move(m_faults));
    }

private:
    void fault(std::string where, std::string reason)
    {
        if (m_faults.size() < 20)
            m_faults.push_back(Diagnostic("graph.invalid")
                                   .with("where", std::move(where))
                                   .with("reason", std::move(reason)));
    }

    bool exists(TensorId id) const { return id.isValid() && id.index() < m_graph.tensors.size(); }

    void checkTensors()
    {
        for (std::size_t i = 0; i < m_graph.tensors.size(); ++i) {
            const auto &tensor = m_graph.tensors[i];
            if (tensor.id != TensorId(i))
                fault(tensor.name, "its id is not its position");
            if (!checkedElementCount(tensor.shape.dims()))
                fault(tensor.name, "its shape is negative or too large");
            if (tensor.constant && (tensor.constant->shape() != tensor.shape ||
                                    tensor.constant->type() != tensor.type))
                fault(tensor.name, "the constant differs from its stated shape or type");
            if (tensor.constant && tensor.producer.isValid())
                fault(tensor.name, "a constant has a producer");
            if (!tensor.constant &&
                (!tensor.producer.isValid() || tensor.producer.index() >= m_graph.layers.size() ||
                 m_graph.layer(tensor.producer).output != tensor.id))
                fault(tensor.name, "no layer produces it");
            if (!std::ranges::is_sorted(tensor.consumers))
                fault(tensor.name, "its consumers are not in order");
        }
    }

    void checkLayers()
    {
        for (std::size_t i = 0; i < m_graph.layers.size(); ++i) {
            const auto &layer = m_graph.layers[i];
            if (layer.id != LayerId(i))
                fault(layer.name, "its id is not its position");
            if (!exists(layer.output)) {
                fault(layer.name, "its output does not exist");
                continue;
            }
            for (const auto id : layer.inputs) {
                if (!id.isValid())
                    continue;
                if (!exists(id)) {
                    fault(layer.name, "an operand does not exist");
                    continue;
                }
                const auto &tensor = m_graph.tensor(id);
                if (!tensor.isConstant() && !(tensor.producer < layer.id))
                    fault(layer.name, "it reads '" + tensor.name + "' before that is computed");
                if (!std::ranges::binary_search(tensor.consumers, layer.id))
                    fault(layer.name, "'" + tensor.name + "' does not know it as a consumer");
            }
        }
    }

    void checkEnds()
    {
        for (const auto id : m_graph.inputs)
            if (!exists(id) || m_graph.tensor(id).isConstant() ||
                !m_graph.layer(m_graph.tensor(id).producer).is<Input>())
                fault(m_graph.name, "an input is not made by an input layer");
        for (const auto id : m_graph.outputs)
            if (!exists(id))
                fault(m_graph.name, "an output does not exist");
    }

    const Graph &m_graph;
    Diagnostics m_faults;
};

} // namespace

const Layer *Graph::findLayer(std::string_view wanted) const
{
    const auto found = std::ranges::find(layers, wanted, &Layer::name);
    return found == layers.end() ? nullptr : &*found;
}

const TensorInfo *Graph::findTensor(std::string_view wanted) const
{
    const auto found = std::ranges::find(tensors, wanted, &TensorInfo::name);
    return found == tensors.end() ? nullptr : &*found;
}

bool Graph::isOutput(TensorId id) const
{
    return std::ranges::find(outputs, id) != outputs.end();
}

Result<void> verify(const Graph &graph)
{
    return Verifier(graph).run();
}

std::string printGraph(const Graph &graph)
{
    std::string text;
    for (const auto &layer : graph.layers) {
        text +=
            layer.name + " " + std::string(layer.kind()) + std::visit(Detail{}, layer.attributes);
        if (!layer.is<Input>()) {
            text += " (";
            bool first = true;
            for (const auto id : layer.inputs) {
                text += first ? "" : ", ";
                first = false;
                if (!id.isValid())
                    text += "-";
                else if (const auto &tensor = graph.tensor(id); tensor.isConstant())
                    text += "const " + tensor.shape.text();
                else
                    text += tensor.name;
            }
            text += ")";
        }
        const auto &output = graph.outputOf(layer);
        text += " -> " + (output.name == layer.name ? "" : output.name + " ") + output.shape.text();
        if (output.type != ElementType::float32)
            text += " " + std::string(elementTypeName(output.type));
        if (layer.hasActivation())
            text += " " + functionText(layer.activation);
        text += "\n";
    }
    text += "outputs:";
    for (const auto id : graph.outputs)
        text += " " + graph.tensor(id).name;
    return text + "\n";
}

std::int64_t multiplyAccumulates(const Graph &graph, const Layer &layer)
{
    const std::int64_t outputs = graph.outputOf(layer).shape.elementCount();
    if (layer.is<Convolution>()) {
        const auto &weights = graph.inputOf(layer, 1).shape;
        return outputs * weights[1] * weights[2] * weights[3];
    }
    if (layer.is<TransposedConvolution>()) {
        const auto &weights = graph.inputOf(layer, 1).shape;
        return graph.inputOf(layer, 0).shape.elementCount() * weights[1] * weights[2] * weights[3];
    }
    if (layer.is<FullyConnected>() || layer.is<MatMul>())
        return outputs * graph.inputOf(layer, 0).shape.back();
    return 0;
}

std::int64_t multiplyAccumulates(const Graph &graph)
{
    std::int64_t sum = 0;
    for (const auto &layer : graph.layers)
        sum += multiplyAccumulates(graph, layer);
    return sum;
}

std::int64_t parameterCount(const Graph &graph)
{
    std::int64_t sum = 0;
    for (const auto &tensor : graph.tensors)
        if (tensor.isConstant() && tensor.type == ElementType::float32 && !tensor.consumers.empty())
            sum += tensor.shape.elementCount();
    return sum;
}

} // namespace hefstudio
