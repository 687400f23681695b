// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/layer_text.h"

#include "common/files.h"

#include <QCoreApplication>
#include <QLocale>

namespace hefstudio {

namespace {

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QString pair(const std::array<std::int64_t, 2> &values)
{
    return QStringLiteral("%1×%2").arg(values[0]).arg(values[1]);
}

QString functionLabel(const ScalarFunction &function)
{
    switch (function.function) {
    case Function::relu:
        return QStringLiteral("ReLU");
    case Function::leakyRelu:
        return QStringLiteral("LeakyReLU");
    case Function::silu:
        return QStringLiteral("SiLU");
    case Function::gelu:
    case Function::geluTanh:
        return QStringLiteral("GELU");
    case Function::elu:
        return QStringLiteral("ELU");
    case Function::hardSwish:
        return QStringLiteral("HardSwish");
    case Function::hardSigmoid:
        return QStringLiteral("HardSigmoid");
    case Function::clip:
        return QStringLiteral("clip %1…%2").arg(double(function.alpha)).arg(double(function.beta));
    default:
        return fromView(functionName(function.function));
    }
}

QString withStride(QString text, const Window &window)
{
    if (window.stride != std::array<std::int64_t, 2>{1, 1})
        text += window.stride[0] == window.stride[1]
                    ? QStringLiteral(" /%1").arg(window.stride[0])
                    : QStringLiteral(" /%1").arg(pair(window.stride));
    if (window.dilation != std::array<std::int64_t, 2>{1, 1})
        text += QStringLiteral(" d%1").arg(window.dilation[0]);
    return text;
}

bool isDepthwise(const Graph &graph, const Layer &layer)
{
    const auto *convolution = layer.as<Convolution>();
    if (!convolution || convolution->groups <= 1 || !graph.hasInput(layer, 0))
        return false;
    const Shape &input = graph.inputOf(layer, 0).shape;
    return input.rank() > 1 && input[1] == convolution->groups;
}

struct TitleOf {
    const Graph &graph;
    const Layer &layer;

    QString operator()(const Input &) const
    {
        return QCoreApplication::translate("Layer", "input");
    }
    QString operator()(const Convolution &c) const
    {
        const QString name = isDepthwise(graph, layer) ? QStringLiteral("dw conv")
                             : c.groups > 1            ? QStringLiteral("group conv")
                                                       : QStringLiteral("conv");
        return withStride(QStringLiteral("%1 %2").arg(name, pair(c.window.kernel)), c.window);
    }
    QString operator()(const TransposedConvolution &c) const
    {
        return withStride(QStringLiteral("deconv %1").arg(pair(c.window.kernel)), c.window);
    }
    QString operator()(const MaxPool &p) const
    {
        return withStride(QStringLiteral("max pool %1").arg(pair(p.window.kernel)), p.window);
    }
    QString operator()(const AveragePool &p) const
    {
        return withStride(QStringLiteral("avg pool %1").arg(pair(p.window.kernel)), p.window);
    }
    QString operator()(const Elementwise &e) const { return functionLabel(e.function); }
    QString operator()(const Binary &b) const
    {
        switch (b.op) {
        case BinaryOperator::add:
            return QStringLiteral("add");
        case BinaryOperator::subtract:
            return QStringLiteral("subtract");
        case BinaryOperator::multiply:
            return QStringLiteral("multiply");
        case BinaryOperator::divide:
            return QStringLiteral("divide");
        default:
            return fromView(binaryOperatorName(b.op));
        }
    }
    QString operator()(const Reduce &r) const
    {
        return QStringLiteral("reduce %1").arg(fromView(reductionName(r.reduction)));
    }
    QString operator()(const Resize &r) const
    {
        const char *mode = r.mode == ResizeMode::nearest  ? "nearest"
                           : r.mode == ResizeMode::linear ? "linear"
                                                          : "cubic";
        return QStringLiteral("resize %1").arg(QLatin1String(mode));
    }
    QString operator()(const FullyConnected &) const { return QStringLiteral("fully connected"); }
    QString operator()(const BatchNormalization &) const { return QStringLiteral("batch norm"); }
    QString operator()(const LayerNormalization &) const { return QStringLiteral("layer norm"); }
    QString operator()(const ParametricRelu &) const { return QStringLiteral("PReLU"); }
    template<class Other> QString operator()(const Other &) const
    {
        return fromView(layer.kind()).replace(QLatin1Char('_'), QLatin1Char(' '));
    }
};

void addWindow(std::vector<Fact> &facts, const Window &window)
{
    facts.push_back({QCoreApplication::translate("Layer", "Kernel"), pair(window.kernel)});
    facts.push_back({QCoreApplication::translate("Layer", "Stride"), pair(window.stride)});
    if (window.dilation != std::array<std::int64_t, 2>{1, 1})
        facts.push_back({QCoreApplication::translate("Layer", "Dilation"), pair(window.dilation)});
    facts.push_back({QCoreApplication::translate("Layer", "Padding"),
                     QStringLiteral("%1 … %2").arg(pair(window.padBegin), pair(window.padEnd))});
}

std::int64_t constantElements(const Graph &graph, const Layer &layer)
{
    std::int64_t total = 0;
    for (const TensorId id : layer.inputs)
        if (id.isValid() && graph.tensor(id).isConstant())
            total += graph.tensor(id).shape.elementCount();
    return total;
}

} // namespace

LayerFamily familyOf(const Graph &graph, const Layer &layer)
{
    if (layer.is<Input>() || graph.isOutput(layer.output))
        return LayerFamily::boundary;
    if (layer.is<Convolution>() || layer.is<TransposedConvolution>() ||
        layer.is<FullyConnected>() || layer.is<MatMul>())
        return LayerFamily::weighted;
    if (layer.is<Elementwise>() || layer.is<ParametricRelu>() || layer.is<Softmax>() ||
        layer.is<BatchNormalization>() || layer.is<LayerNormalization>() ||
        layer.is<RmsNormalization>())
        return LayerFamily::activation;
    if (layer.is<MaxPool>() || layer.is<AveragePool>() || layer.is<Reduce>() ||
        layer.is<Resize>() || layer.is<DepthToSpace>() || layer.is<SpaceToDepth>())
        return LayerFamily::spatial;
    if (layer.is<Binary>() || layer.is<Concat>())
        return LayerFamily::joining;
    return LayerFamily::layout;
}

QString familyName(LayerFamily family)
{
    switch (family) {
    case LayerFamily::weighted:
        return QCoreApplication::translate("Layer", "weights");
    case LayerFamily::activation:
        return QCoreApplication::translate("Layer", "function");
    case LayerFamily::spatial:
        return QCoreApplication::translate("Layer", "pool, resize");
    case LayerFamily::joining:
        return QCoreApplication::translate("Layer", "join");
    case LayerFamily::boundary:
        return QCoreApplication::translate("Layer", "input, output");
    case LayerFamily::layout:
        return QCoreApplication::translate("Layer", "layout");
    }
    return {};
}

QString layerTitle(const Graph &graph, const Layer &layer)
{
    QString title = std::visit(TitleOf{graph, layer}, layer.attributes);
    if (layer.hasActivation())
        title += QStringLiteral(" + ") + functionLabel(layer.activation);
    return title;
}

QString shapeText(const Shape &shape)
{
    if (shape.rank() == 4)
        return QStringLiteral("%1×%2×%3").arg(shape[2]).arg(shape[3]).arg(shape[1]);
    QStringList dims;
    for (const std::int64_t dim : shape)
        dims << QString::number(dim);
    return dims.isEmpty() ? QCoreApplication::translate("Layer", "scalar")
                          : dims.join(QStringLiteral("×"));
}

std::vector<Fact> layerFacts(const Graph &graph, const Layer &layer)
{
    std::vector<Fact> facts;
    facts.push_back({QCoreApplication::translate("Layer", "Kind"), fromView(layer.kind())});
    const TensorInfo &output = graph.outputOf(layer);
    const bool isPicture = output.shape.rank() == 4;
    int inputs = 0;
    for (std::size_t slot = 0; slot < layer.inputs.size(); ++slot) {
        if (!graph.hasInput(layer, slot))
            continue;
        const TensorInfo &input = graph.inputOf(layer, slot);
        if (!input.isConstant())
            facts.push_back({++inputs == 1
                                 ? QCoreApplication::translate("Layer", "Input")
                                 : QCoreApplication::translate("Layer", "Input %1").arg(inputs),
                             shapeText(input.shape)});
    }
    facts.push_back({isPicture ? QCoreApplication::translate("Layer", "Output (H×W×C)")
                               : QCoreApplication::translate("Layer", "Output"),
                     shapeText(output.shape)});
    if (const auto *c = layer.as<Convolution>()) {
        addWindow(facts, c->window);
        if (c->groups > 1)
            facts.push_back(
                {QCoreApplication::translate("Layer", "Groups"), QString::number(c->groups)});
    } else if (const auto *t = layer.as<TransposedConvolution>()) {
        addWindow(facts, t->window);
    } else if (const auto *m = layer.as<MaxPool>()) {
        addWindow(facts, m->window);
    } else if (const auto *a = layer.as<AveragePool>()) {
        addWindow(facts, a->window);
    } else if (const auto *concat = layer.as<Concat>()) {
        facts.push_back(
            {QCoreApplication::translate("Layer", "Axis"), QString::number(concat->axis)});
    } else if (const auto *softmax = layer.as<Softmax>()) {
        facts.push_back(
            {QCoreApplication::translate("Layer", "Axis"), QString::number(softmax->axis)});
    }
    if (layer.hasActivation())
        facts.push_back(
            {QCoreApplication::translate("Layer", "Activation"), functionLabel(layer.activation)});
    if (const std::int64_t parameters = constantElements(graph, layer))
        facts.push_back({QCoreApplication::translate("Layer", "Parameters"),
                         QLocale().toString(qlonglong(parameters))});
    if (const std::int64_t macs = multiplyAccumulates(graph, layer))
        facts.push_back({QCoreApplication::translate("Layer", "Multiply-adds"), countText(macs)});
    facts.push_back({QCoreApplication::translate("Layer", "Element type"),
                     fromView(elementTypeName(output.type))});
    return facts;
}

} // namespace hefstudio
