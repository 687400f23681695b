// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/layer_details.h"

#include "common/files.h"
#include "common/text_label.h"
#include "graph/layer_text.h"
#include "graph/weight_view.h"
#include "profile/model_estimate.h"

#include <QLocale>
#include <QMap>
#include <QVBoxLayout>

#include <set>

namespace hefstudio {

LayerDetails::LayerDetails(QWidget *parent)
    : QScrollArea(parent),
      m_title(new TextLabel({}, TextRole::title)),
      m_name(new TextLabel({}, TextRole::small, Tone::dim)),
      m_facts(new FactList),
      m_originCaption(new TextLabel(tr("FROM THE ONNX NODES"), TextRole::heading, Tone::dim)),
      m_origin(new TextLabel({}, TextRole::smallCode, Tone::dim)),
      m_costCaption(new TextLabel(tr("ON THE CHIP, PREDICTED"), TextRole::heading, Tone::dim)),
      m_costs(new FactList),
      m_weightCaption(new TextLabel(tr("WEIGHTS"), TextRole::heading, Tone::dim)),
      m_weights(new WeightView)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Details of the selected layer"));
    auto *content = new QWidget;
    content->setBackgroundRole(QPalette::Base);
    viewport()->setBackgroundRole(QPalette::Base);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(12, 0, 12, 12);
    column->setSpacing(4);
    m_title->setWordWrap(true);
    m_name->setElidedInTheMiddle();
    m_origin->setWordWrap(true);
    column->addWidget(m_title);
    column->addWidget(m_name);
    column->addSpacing(8);
    column->addWidget(m_facts);
    column->addSpacing(8);
    column->addWidget(m_costCaption);
    column->addWidget(m_costs);
    column->addSpacing(8);
    column->addWidget(m_weightCaption);
    column->addWidget(m_weights);
    column->addSpacing(8);
    column->addWidget(m_originCaption);
    column->addWidget(m_origin);
    column->addStretch();
    setWidget(content);
    m_facts->setObjectName(QStringLiteral("layerFacts"));
    m_costs->setObjectName(QStringLiteral("layerCosts"));
    m_costCaption->hide();
    m_costs->hide();
    m_weightCaption->hide();
    m_title->setObjectName(QStringLiteral("layerTitle"));
}

void LayerDetails::setGraph(std::shared_ptr<const Graph> graph)
{
    m_graph = std::move(graph);
    m_estimate.reset();
    showLayer(-1);
}

void LayerDetails::showNetwork()
{
    m_title->setText(QString::fromStdString(m_graph->name));
    m_name->setText(tr("the whole network"));
    std::vector<Fact> facts{
        {tr("Layers"), countText(qint64(m_graph->layers.size()))},
        {tr("Parameters"), countText(parameterCount(*m_graph))},
        {tr("Multiply-adds"), countText(multiplyAccumulates(*m_graph))},
    };
    for (const TensorId id : m_graph->inputs)
        facts.push_back({tr("Input %1").arg(QString::fromStdString(m_graph->tensor(id).name)),
                         shapeText(m_graph->tensor(id).shape)});
    for (const TensorId id : m_graph->outputs)
        facts.push_back({tr("Output %1").arg(QString::fromStdString(m_graph->tensor(id).name)),
                         shapeText(m_graph->tensor(id).shape)});
    m_facts->setFacts(std::move(facts));
    m_originCaption->hide();
    m_origin->hide();
    m_weightCaption->hide();
    m_weights->setFigures(std::nullopt);
    m_shown.clear();
    showCosts({});
}

void LayerDetails::setEstimate(std::shared_ptr<const ModelEstimate> estimate,
                               const Correspondence &onDevice)
{
    m_estimate = std::move(estimate);
    m_onDevice = onDevice;
    showCosts(costFacts(m_shown));
}

std::vector<Fact> LayerDetails::costFacts(const std::vector<std::uint32_t> &layers) const
{
    if (!m_estimate || layers.empty() || m_onDevice.deviceOf.size() != m_graph->layers.size())
        return {};
    std::set<int> device;
    for (const std::uint32_t layer : layers)
        if (m_onDevice.deviceOf[layer] >= 0)
            device.insert(m_onDevice.deviceOf[layer]);
    if (device.empty())
        return {{tr("Runs"), m_onDevice.onChip[layers.front()]
                                 ? tr("nowhere: rewritten away")
                                 : tr("on the host, in float")}};
    std::set<int> contexts;
    double ms = 0;
    for (const int layer : device) {
        contexts.insert(m_estimate->contextOf[std::size_t(layer)]);
        ms += m_estimate->millisecondsOf[std::size_t(layer)];
    }
    contexts.erase(-1);
    QStringList names;
    for (const int context : contexts)
        names << QString::number(context);
    const QLocale locale;
    std::vector<Fact> facts;
    if (!names.isEmpty())
        facts.push_back({tr("Context"),
                         tr("%1 of %2").arg(names.join(QStringLiteral(", ")),
                                            locale.toString(m_estimate->mapping.contexts.size()))});
    if (ms > 0)
        facts.push_back({tr("Time in one piece"), tr("%1 ms").arg(locale.toString(ms, 'f', 3))});
    if (ms > 0 && m_estimate->totalMs > 0)
        facts.push_back(
            {tr("Share of all layers"),
             tr("%1 %").arg(locale.toString(100 * ms / m_estimate->totalMs, 'f', 1))});
    const Layer &last = m_estimate->graph->layers[std::size_t(*device.rbegin())];
    facts.push_back({tr("Precision, planned"),
                     tr("%1 bit").arg(m_estimate->bits[last.output.index()])});
    return facts;
}

void LayerDetails::showCosts(std::vector<Fact> facts)
{
    m_costCaption->setVisible(!facts.empty());
    m_costs->setVisible(!facts.empty());
    m_costs->setFacts(std::move(facts));
}

void LayerDetails::showGroup(const NodeGroup &group)
{
    if (!m_graph)
        return;
    m_shown = group.layers;
    m_title->setText(group.title);
    m_name->setText(group.key);
    std::int64_t parameters = 0, macs = 0;
    QMap<QString, int> titles;
    for (const std::uint32_t index : group.layers) {
        const Layer &layer = m_graph->layers[index];
        macs += multiplyAccumulates(*m_graph, layer);
        for (const TensorId id : layer.inputs)
            if (id.isValid() && m_graph->tensor(id).isConstant())
                parameters += m_graph->tensor(id).shape.elementCount();
        ++titles[layerTitle(*m_graph, layer)];
    }
    std::vector<Fact> facts{{tr("Layers"), countText(qint64(group.layers.size()))},
                            {tr("Parameters"), countText(parameters)},
                            {tr("Multiply-adds"), countText(macs)}};
    for (auto title = titles.begin(); title != titles.end(); ++title)
        facts.push_back({title.key(), QStringLiteral("× %1").arg(title.value())});
    m_facts->setFacts(std::move(facts));
    showCosts(costFacts(m_shown));
    m_weightCaption->hide();
    m_weights->setFigures(std::nullopt);
    m_originCaption->hide();
    m_origin->hide();
}

void LayerDetails::showLayer(int index)
{
    if (!m_graph) {
        m_title->setText({});
        m_facts->setFacts({});
        return;
    }
    if (index < 0) {
        showNetwork();
        return;
    }
    const Layer &layer = m_graph->layers[std::size_t(index)];
    m_title->setText(layerTitle(*m_graph, layer));
    m_name->setText(QString::fromStdString(layer.name));
    m_facts->setFacts(layerFacts(*m_graph, layer));
    m_shown = {std::uint32_t(index)};
    showCosts(costFacts(m_shown));
    auto weights = weightFigures(*m_graph, layer);
    m_weightCaption->setVisible(weights.has_value());
    m_weights->setFigures(std::move(weights));
    QStringList origin;
    for (const std::string &node : layer.origin)
        origin << QString::fromStdString(node);
    m_origin->setText(origin.join(QLatin1Char('\n')));
    m_originCaption->setVisible(!origin.isEmpty());
    m_origin->setVisible(!origin.isEmpty());
}

} // namespace hefstudio
