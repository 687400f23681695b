// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/layer_details.h"

#include "common/files.h"
#include "common/text_label.h"
#include "graph/layer_text.h"

#include <QVBoxLayout>

namespace hefstudio {

LayerDetails::LayerDetails(QWidget *parent)
    : QScrollArea(parent),
      m_title(new TextLabel({}, TextRole::title)),
      m_name(new TextLabel({}, TextRole::small, Tone::dim)),
      m_facts(new FactList),
      m_originCaption(new TextLabel(tr("FROM THE ONNX NODES"), TextRole::heading, Tone::dim)),
      m_origin(new TextLabel({}, TextRole::smallCode, Tone::dim))
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
    column->addSpacing(12);
    column->addWidget(m_originCaption);
    column->addWidget(m_origin);
    column->addStretch();
    setWidget(content);
    m_facts->setObjectName(QStringLiteral("layerFacts"));
    m_title->setObjectName(QStringLiteral("layerTitle"));
}

void LayerDetails::setGraph(std::shared_ptr<const Graph> graph)
{
    m_graph = std::move(graph);
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
    QStringList origin;
    for (const std::string &node : layer.origin)
        origin << QString::fromStdString(node);
    m_origin->setText(origin.join(QLatin1Char('\n')));
    m_originCaption->setVisible(!origin.isEmpty());
    m_origin->setVisible(!origin.isEmpty());
}

} // namespace hefstudio
