// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph_page.h"

#include "common/diagnostic_card.h"
#include "common/empty_state.h"
#include "common/segmented_control.h"
#include "common/text_label.h"
#include "graph/graph_canvas.h"
#include "graph/layer_details.h"
#include "graph/layer_list.h"
#include "graph/legend.h"
#include "theme/icons.h"
#include "theme/style_drawing.h"

#include <QAction>
#include <QDockWidget>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>

namespace hefstudio {

namespace {

// A strip of buttons that floats on the canvas.
class ToolStrip final : public QWidget {
public:
    explicit ToolStrip(QWidget *parent) : QWidget(parent) {}

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Tokens &tokens = tokensOf(palette());
        drawRounded(&painter, rect(), tokens.panel, tokens.line, metrics::cardRadius);
    }
};

} // namespace

GraphPage::GraphPage(QAction *open, QAction *openSample, QWidget *parent)
    : QMainWindow(parent),
      m_stack(new QStackedWidget),
      m_canvas(new GraphCanvas),
      m_loading(new QWidget),
      m_loadingText(new TextLabel({}, TextRole::body, Tone::dim)),
      m_errors(new QWidget),
      m_list(new LayerList),
      m_details(new LayerDetails),
      m_legend(new Legend(m_canvas)),
      m_tools(new ToolStrip(m_canvas)),
      m_zoomText(new TextLabel({}, TextRole::small, Tone::dim))
{
    setWindowFlags(Qt::Widget);
    auto *empty = new EmptyState(
        QStringLiteral("graph"), tr("Open a network to see it"),
        tr("Drop an ONNX file here, or open one. The sample is a small detector with pictures and "
           "labels: enough to try every step."));
    if (openSample->isEnabled())
        empty->addAction(openSample, EmptyState::Weight::normal);
    empty->addAction(open, EmptyState::Weight::primary);
    m_empty = empty;

    auto *loadingColumn = new QVBoxLayout(m_loading);
    m_loadingText->setAlignment(Qt::AlignCenter);
    loadingColumn->addWidget(m_loadingText);

    auto *errorContent = new QWidget;
    m_errorColumn = new QVBoxLayout(errorContent);
    m_errorColumn->setContentsMargins(24, 24, 24, 24);
    m_errorColumn->setSpacing(12);
    auto *errorScroll = new QScrollArea;
    errorScroll->setFrameShape(QFrame::NoFrame);
    errorScroll->setWidgetResizable(true);
    errorScroll->setWidget(errorContent);
    errorScroll->setAccessibleName(tr("What stands in the way"));
    auto *errorsLayout = new QVBoxLayout(m_errors);
    errorsLayout->setContentsMargins(0, 0, 0, 0);
    errorsLayout->addWidget(errorScroll);

    for (QWidget *page : {m_empty, static_cast<QWidget *>(m_canvas), m_loading, m_errors})
        m_stack->addWidget(page);
    setCentralWidget(m_stack);

    m_listDock =
        makeDock(tr("LAYERS"), QStringLiteral("layersDock"), m_list, Qt::LeftDockWidgetArea);
    m_detailsDock =
        makeDock(tr("DETAILS"), QStringLiteral("detailsDock"), m_details, Qt::RightDockWidgetArea);
    resizeDocks({m_listDock, m_detailsDock}, {250, 290}, Qt::Horizontal);
    m_listDock->hide();
    m_detailsDock->hide();

    makeActions();
    makeToolButtons();
    m_canvas->installEventFilter(this);

    connect(m_canvas, &GraphCanvas::selectionChanged, m_details, &LayerDetails::showLayer);
    connect(m_canvas, &GraphCanvas::selectionChanged, m_list, &LayerList::select);
    connect(m_list, &LayerList::nodeChosen, m_canvas,
            [this](int node) { m_canvas->select(node, GraphCanvas::Reveal::yes); });
    connect(m_canvas, &GraphCanvas::zoomChanged, this, [this](double zoom) {
        m_zoomText->setText(QLocale().toString(zoom * 100, 'f', zoom < 0.1 ? 1 : 0) +
                            QStringLiteral(" %"));
    });
}

QDockWidget *GraphPage::makeDock(const QString &title, const QString &name, QWidget *content,
                                 Qt::DockWidgetArea area)
{
    auto *dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    // Floating docks do not work on Wayland; everywhere the same is better than here and there.
    dock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    dock->setAutoFillBackground(true);
    dock->setBackgroundRole(QPalette::Base);
    content->setMinimumWidth(200);
    dock->setWidget(content);
    addDockWidget(area, dock);
    return dock;
}

void GraphPage::makeActions()
{
    const auto add = [this](const QString &text, const QString &icon, const QKeySequence &key,
                            auto slot) {
        auto *action = new QAction(themedIcon(icon), text, this);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        action->setEnabled(false);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        m_viewActions << action;
    };
    add(tr("Zoom &In"), QStringLiteral("plus"), QKeySequence::ZoomIn,
        [this] { m_canvas->zoomIn(); });
    add(tr("Zoom &Out"), QStringLiteral("minus"), QKeySequence::ZoomOut,
        [this] { m_canvas->zoomOut(); });
    add(tr("&Fit to Window"), QStringLiteral("fit"), QKeySequence(Qt::CTRL | Qt::Key_0),
        [this] { m_canvas->fitAll(); });
    add(tr("F&ind Layer"), QStringLiteral("search"), QKeySequence::Find, [this] {
        m_listDock->show();
        m_list->focusSearch();
    });
}

void GraphPage::makeToolButtons()
{
    auto *row = new QHBoxLayout(m_tools);
    row->setContentsMargins(4, 4, 4, 4);
    row->setSpacing(2);
    m_which = new SegmentedControl;
    m_which->setAccessibleName(tr("Which graph"));
    m_which->addSegment(tr("Device"), QStringLiteral("device"))
        ->setToolTip(tr("What runs on the chip, after rewriting"));
    m_which->addSegment(tr("Source"), QStringLiteral("source"))
        ->setToolTip(tr("The network as the file has it"));
    row->addWidget(m_which);
    row->addSpacing(6);
    connect(m_which, &SegmentedControl::valueChanged, this, &GraphPage::switchGraph);
    const auto add = [&](QAction *action) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setProperty("quiet", true);
        button->setAccessibleName(action->text().remove(QLatin1Char('&')));
        button->setFocusPolicy(Qt::TabFocus);
        row->addWidget(button);
    };
    add(m_viewActions[1]);
    m_zoomText->setAlignment(Qt::AlignCenter);
    m_zoomText->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("000.0 %")) + 4);
    row->addWidget(m_zoomText);
    add(m_viewActions[0]);
    add(m_viewActions[2]);
    add(m_viewActions[3]);
}

void GraphPage::showLoading(const QString &file)
{
    m_loadingText->setText(tr("Reading %1 …").arg(QFileInfo(file).fileName()));
    m_stack->setCurrentWidget(m_loading);
}

void GraphPage::showModel(const LoadedModel &model)
{
    m_listDock->show();
    m_detailsDock->show();
    for (QAction *action : m_viewActions)
        action->setEnabled(true);
    m_stack->setCurrentWidget(m_canvas);
    m_model = model;
    const bool hasDevice = model.device.graph != nullptr;
    m_which->setValue(hasDevice ? QStringLiteral("device") : QStringLiteral("source"));
    m_which->setEnabled(hasDevice);
    showGraph();
    m_canvas->setFocus();
}

const ShownGraph &GraphPage::shown() const
{
    return m_which->value() == QStringLiteral("device") ? m_model.device : m_model.source;
}

void GraphPage::showGraph()
{
    const ShownGraph &graph = shown();
    if (!graph.scene)
        return;
    m_list->setScene(graph.scene);
    m_details->setGraph(graph.graph);
    m_legend->setCounts(graph.scene->familyCounts());
    m_canvas->setScene(graph.scene);
    placeOverlays();
}

// The layer that came from the same ONNX node stays selected.
void GraphPage::switchGraph()
{
    if (!m_model.source.graph)
        return;
    const Graph *other = shown().graph == m_model.source.graph ? m_model.device.graph.get()
                                                               : m_model.source.graph.get();
    std::vector<std::string> origin;
    if (other && m_canvas->selected() >= 0)
        origin = other->layers[std::size_t(m_canvas->selected())].origin;
    showGraph();
    if (origin.empty() || !shown().graph)
        return;
    for (const Layer &layer : shown().graph->layers)
        for (const std::string &node : layer.origin)
            if (std::find(origin.begin(), origin.end(), node) != origin.end()) {
                m_canvas->select(int(layer.id.index()), GraphCanvas::Reveal::yes);
                return;
            }
}

namespace {

int layerNamed(const Graph &graph, const std::string &name)
{
    for (const Layer &layer : graph.layers)
        if (layer.name == name)
            return int(layer.id.index());
    for (const Layer &layer : graph.layers)
        if (std::find(layer.origin.begin(), layer.origin.end(), name) != layer.origin.end())
            return int(layer.id.index());
    return -1;
}

} // namespace

bool GraphPage::showNode(const QString &name)
{
    for (const char *which : {"device", "source"}) {
        const Graph *graph = which[0] == 'd' ? m_model.device.graph.get() : m_model.source.graph.get();
        const int layer = graph ? layerNamed(*graph, name.toStdString()) : -1;
        if (layer < 0)
            continue;
        m_which->setValue(QLatin1String(which));
        switchGraph();
        m_canvas->select(layer, GraphCanvas::Reveal::yes);
        return true;
    }
    return false;
}

QStringList GraphPage::endsBefore(const QString &node) const
{
    const Graph *graph = m_model.source.graph.get();
    const int at = graph ? layerNamed(*graph, node.toStdString()) : -1;
    QStringList ends;
    if (at < 0)
        return ends;
    for (const TensorId input : graph->layers[std::size_t(at)].inputs) {
        if (!input.isValid() || graph->tensor(input).isConstant())
            continue;
        const Layer &producer = graph->layer(graph->tensor(input).producer);
        ends << QString::fromStdString(producer.origin.empty() ? producer.name
                                                               : producer.origin.back());
    }
    return ends;
}

void GraphPage::showErrors(const QString &file, const Diagnostics &diagnostics)
{
    while (QLayoutItem *item = m_errorColumn->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    auto *title =
        new TextLabel(tr("%1 cannot be opened").arg(QFileInfo(file).fileName()), TextRole::title);
    title->setElidedInTheMiddle();
    m_errorColumn->addWidget(title);
    m_errorColumn->addWidget(
        new TextLabel(tr("%n thing(s) stand in the way.", nullptr, int(diagnostics.size())),
                      TextRole::body, Tone::dim));
    constexpr std::size_t most = 100;
    for (std::size_t i = 0; i < std::min(most, diagnostics.size()); ++i) {
        auto *card = new DiagnosticCard(diagnostics[i]);
        connect(card, &DiagnosticCard::fixRequested, this, &GraphPage::fixRequested);
        connect(card, &DiagnosticCard::placeRequested, this, &GraphPage::placeRequested);
        m_errorColumn->addWidget(card);
    }
    if (diagnostics.size() > most)
        m_errorColumn->addWidget(new TextLabel(tr("… and %1 more").arg(diagnostics.size() - most),
                                               TextRole::body, Tone::dim));
    m_errorColumn->addStretch();
    m_listDock->hide();
    m_detailsDock->hide();
    for (QAction *action : m_viewActions)
        action->setEnabled(false);
    m_stack->setCurrentWidget(m_errors);
}

void GraphPage::placeOverlays()
{
    m_tools->adjustSize();
    m_tools->move(12, 12);
    m_legend->resize(m_legend->sizeHint());
    m_legend->move(12, m_canvas->height() - m_legend->height() - 12);
    // A legend cut off in the middle of a word is worse than none.
    m_legend->setVisible(m_legend->width() + 24 <= m_canvas->width());
}

void GraphPage::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    placeOverlays();
}

bool GraphPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_canvas && event->type() == QEvent::Resize)
        placeOverlays();
    return QMainWindow::eventFilter(watched, event);
}

void GraphPage::restoreLayoutState(const QByteArray &state)
{
    const bool wasVisible = m_listDock->isVisibleTo(this);
    restoreState(state, stateVersion);
    m_listDock->setVisible(wasVisible);
    m_detailsDock->setVisible(wasVisible);
}

void GraphPage::resetLayout()
{
    const bool hasModel = m_canvas->scene() != nullptr && m_stack->currentWidget() == m_canvas;
    addDockWidget(Qt::LeftDockWidgetArea, m_listDock);
    addDockWidget(Qt::RightDockWidgetArea, m_detailsDock);
    m_listDock->setVisible(hasModel);
    m_detailsDock->setVisible(hasModel);
    resizeDocks({m_listDock, m_detailsDock}, {250, 290}, Qt::Horizontal);
}

} // namespace hefstudio
