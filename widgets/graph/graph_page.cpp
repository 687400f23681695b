// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph_page.h"

#include "common/diagnostic_card.h"
#include "common/empty_state.h"
#include "common/segmented_control.h"
#include "common/text_label.h"
#include "graph/cut_panel.h"
#include "graph/graph_canvas.h"
#include "graph/layer_details.h"
#include "graph/layer_list.h"
#include "graph/legend.h"
#include "profile/chip_estimates.h"

#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>

#include <algorithm>

namespace hefstudio {

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

GraphPage::GraphPage(ChipEstimates &estimates, QAction *open, QAction *openSample, QWidget *parent)
    : QMainWindow(parent),
      m_estimates(estimates),
      m_stack(new QStackedWidget),
      m_splitter(new QSplitter),
      m_canvas(new GraphCanvas),
      m_other(new GraphCanvas),
      m_list(new LayerList),
      m_details(new LayerDetails),
      m_cut(new CutPanel),
      m_legend(new Legend(m_canvas)),
      m_zoomText(new TextLabel({}, TextRole::small, Tone::dim)),
      m_hint(new TextLabel({}, TextRole::small, Tone::dim, m_canvas))
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
    m_other->setObjectName(QStringLiteral("sourceCanvas"));
    m_other->setAccessibleName(tr("Graph as the file has it"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_canvas);
    m_splitter->addWidget(m_other);
    m_other->hide();
    m_hint->setObjectName(QStringLiteral("graphHint"));
    m_hint->hide();

    for (QWidget *page : {m_empty, static_cast<QWidget *>(m_splitter), makeLoading(), makeErrors()})
        m_stack->addWidget(page);
    setCentralWidget(m_stack);
    makeDocks();
    makeActions();
    makeToolButtons();
    m_canvas->installEventFilter(this);
    connectCanvases();
    connect(&m_estimates, &ChipEstimates::changed, this, [this] {
        m_details->setEstimate(m_estimates.of(m_chip), mainGraph().onDevice);
        recolor();
    });
}

QWidget *GraphPage::makeLoading()
{
    m_loading = new QWidget;
    m_loadingText = new TextLabel({}, TextRole::body, Tone::dim);
    m_loadingText->setAlignment(Qt::AlignCenter);
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelLoading"));
    cancel->setAccessibleName(tr("Cancel reading the network"));
    connect(cancel, &QPushButton::clicked, this, &GraphPage::cancelRequested);
    auto *column = new QVBoxLayout(m_loading);
    column->addStretch();
    column->addWidget(m_loadingText);
    column->addWidget(cancel, 0, Qt::AlignHCenter);
    column->addStretch();
    return m_loading;
}

QWidget *GraphPage::makeErrors()
{
    m_errors = new QWidget;
    auto *content = new QWidget;
    m_errorColumn = new QVBoxLayout(content);
    m_errorColumn->setContentsMargins(24, 24, 24, 24);
    m_errorColumn->setSpacing(12);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    scroll->setAccessibleName(tr("What stands in the way"));
    auto *column = new QVBoxLayout(m_errors);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scroll);
    return m_errors;
}

void GraphPage::makeDocks()
{
    m_listDock =
        makeDock(tr("LAYERS"), QStringLiteral("layersDock"), m_list, Qt::LeftDockWidgetArea);
    m_detailsDock =
        makeDock(tr("DETAILS"), QStringLiteral("detailsDock"), m_details, Qt::RightDockWidgetArea);
    m_cutDock = makeDock(tr("CUT"), QStringLiteral("cutDock"), m_cut, Qt::RightDockWidgetArea);
    tabifyDockWidget(m_detailsDock, m_cutDock);
    m_detailsDock->raise();
    nameTabBars();
    setTabPosition(Qt::RightDockWidgetArea, QTabWidget::North);
    resizeDocks({m_listDock, m_detailsDock}, {250, 290}, Qt::Horizontal);
    for (QDockWidget *dock : {m_listDock, m_detailsDock, m_cutDock})
        dock->hide();
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

void GraphPage::connectCanvases()
{
    connect(m_canvas, &GraphCanvas::selectionChanged, this, &GraphPage::select);
    connect(m_other, &GraphCanvas::selectionChanged, this, &GraphPage::selectInOther);
    connect(m_list, &LayerList::nodeChosen, m_canvas,
            [this](int node) { m_canvas->select(node, GraphCanvas::Reveal::yes); });
    connect(m_canvas, &GraphCanvas::activated, this, &GraphPage::toggleExpanded);
    connect(m_canvas, &GraphCanvas::pathMarked, this, [this](int, int, int count) {
        m_hint->setText(count > 0 ? tr("%n layer(s) on the way; Esc to forget", nullptr, count)
                                  : tr("No way leads from one to the other."));
        m_hint->show();
        placeOverlays();
    });
    connect(m_canvas, &GraphCanvas::zoomChanged, this, [this](double zoom) {
        m_zoomText->setText(QLocale().toString(zoom * 100, 'f', zoom < 0.1 ? 1 : 0) +
                            QStringLiteral(" %"));
    });
    connect(m_cut, &CutPanel::cutChosen, this, &GraphPage::cutChosen);
    connect(m_cut, &CutPanel::nodeChosen, this, &GraphPage::showNode);
}

void GraphPage::showLoading(const QString &file)
{
    m_loadingText->setText(tr("Reading %1 …").arg(QFileInfo(file).fileName()));
    m_stack->setCurrentWidget(m_loading);
}

void GraphPage::showPreview(const LoadedModel &model)
{
    m_model = model;
    m_fold = {};
    m_which->setValue(QStringLiteral("source"));
    m_which->setEnabled(false);
    m_stack->setCurrentWidget(m_splitter);
    showGraphs();
    m_hint->setText(tr("The first %1 of %2 layers; the rest is being laid out …")
                        .arg(QLocale().toString(m_mainScene->nodes().size()),
                             QLocale().toString(model.source.graph->layers.size())));
    m_hint->show();
    placeOverlays();
}

void GraphPage::showModel(const LoadedModel &model)
{
    const bool wasPreview = m_model.isPreview && m_model.file == model.file;
    const bool isRecut = !m_model.isPreview && m_model.source.graph == model.source.graph &&
                         m_model.source.graph != nullptr;
    m_model = model;
    m_hint->hide();
    for (QDockWidget *dock : {m_listDock, m_detailsDock, m_cutDock})
        dock->show();
    if (!isRecut)
        m_detailsDock->raise();
    nameTabBars();
    setActionsEnabled(true);
    m_stack->setCurrentWidget(m_splitter);
    const bool hasDevice = model.device.graph != nullptr;
    m_which->setEnabled(hasDevice);
    m_cut->setModel(model);
    if (!hasDevice) {
        m_which->setValue(QStringLiteral("source"));
    } else if (!isRecut && !wasPreview) {
        m_which->setValue(QStringLiteral("device"));
    }
    if (!isRecut) {
        m_fold = {};
        m_foldBox->setCurrentIndex(0);
    }
    if ((wasPreview || isRecut) && wanted() == Shown::source) {
        // The same graph, whole now or cut elsewhere: the eye stays where it is.
        m_mainScene = model.source.scene;
        m_canvas->replaceScene(m_mainScene);
        m_list->setScene(m_mainScene);
        m_details->setGraph(model.source.graph);
        select(m_canvas->selected());
        recolor();
        remark();
    } else {
        showGraphs();
    }
    if (isRecut && m_fold.level != FoldLevel::layers)
        refold();
    if (!isRecut)
        m_canvas->setFocus();
}

GraphPage::Shown GraphPage::wanted() const
{
    const QString value = m_which->value();
    return value == QStringLiteral("both")     ? Shown::both
           : value == QStringLiteral("source") ? Shown::source
                                               : Shown::device;
}

const ShownGraph &GraphPage::mainGraph() const
{
    return wanted() == Shown::source ? m_model.source : m_model.device;
}

void GraphPage::showGraphs()
{
    const ShownGraph &graph = mainGraph();
    if (!graph.scene)
        return;
    const bool areBoth = wanted() == Shown::both;
    m_mainScene = graph.scene;
    m_otherScene = areBoth ? m_model.source.scene : nullptr;
    m_other->setVisible(areBoth);
    m_list->setScene(m_mainScene);
    m_details->setGraph(graph.graph);
    m_details->setEstimate(m_estimates.of(m_chip), graph.onDevice);
    m_canvas->setScene(m_mainScene);
    if (areBoth)
        m_other->setScene(m_otherScene);
    recolor();
    remark();
    if (m_fold.level != FoldLevel::layers)
        refold();
}

// The layer that came from the same ONNX node stays selected.
void GraphPage::switchGraphs()
{
    if (!m_model.source.graph)
        return;
    std::vector<std::string> origin;
    const int selected = m_canvas->selected();
    if (selected >= 0 && m_mainScene) {
        // The switch has changed already: the scene says which graph it shows.
        const bool wasSource = m_mainScene == m_model.source.scene;
        const Graph *before = wasSource ? m_model.source.graph.get() : m_model.device.graph.get();
        const auto layer = std::size_t(m_mainScene->layerOf(selected));
        if (before && layer < before->layers.size())
            origin = before->layers[layer].origin;
    }
    showGraphs();
    if (!mainGraph().graph)
        return;
    for (const std::string &node : origin) {
        const int layer = layerNamed(*mainGraph().graph, node);
        if (layer >= 0) {
            m_canvas->select(m_mainScene->nodeOf(layer), GraphCanvas::Reveal::yes);
            return;
        }
    }
}

void GraphPage::setChip(const QString &chip)
{
    m_chip = chip;
    if (m_model.source.graph)
        m_details->setEstimate(m_estimates.of(m_chip), mainGraph().onDevice);
    recolor();
}

void GraphPage::recolor()
{
    if (!m_mainScene || !mainGraph().graph || m_model.isPreview) {
        if (m_mainScene)
            m_legend->setEntries(
                colorScene(*m_mainScene, ColorMode::operators,
                           {*mainGraph().graph, mainGraph().onDevice, nullptr})
                    .legend);
        return;
    }
    const auto estimate = m_estimates.of(m_chip);
    const auto colorsOf = [&](const GraphScene &scene, const ShownGraph &graph) {
        return colorScene(scene, m_colorMode, {*graph.graph, graph.onDevice, estimate.get()});
    };
    m_canvas->setColors(colorsOf(*m_mainScene, mainGraph()));
    if (m_otherScene)
        m_other->setColors(colorsOf(*m_otherScene, m_model.source));
    m_legend->setEntries(m_canvas->colors().legend);
    placeOverlays();
}

std::vector<int> GraphPage::linkedNodes(int node) const
{
    std::vector<int> linked;
    if (!m_otherScene || node < 0)
        return linked;
    const std::vector<std::uint32_t> &layers = m_mainScene->group(node).layers;
    for (std::size_t source = 0; source < m_model.source.onDevice.deviceOf.size(); ++source) {
        const int device = m_model.source.onDevice.deviceOf[source];
        if (device >= 0 && std::binary_search(layers.begin(), layers.end(), std::uint32_t(device)))
            linked.push_back(m_otherScene->nodeOf(int(source)));
    }
    return linked;
}

void GraphPage::remark()
{
    if (!m_mainScene || m_model.isPreview)
        return;
    const auto marksOfSource = [this](const GraphScene &scene) {
        std::vector<std::uint8_t> marks(scene.nodes().size(), noMark);
        const Graph &graph = *m_model.source.graph;
        for (std::size_t layer = 0; layer < graph.layers.size(); ++layer)
            if (!m_model.source.onDevice.onChip[layer])
                marks[std::size_t(scene.nodeOf(int(layer)))] |= onHost;
        const auto mark = [&](const std::string &node, NodeMark flag) {
            const int layer = layerNamed(graph, node);
            if (layer >= 0)
                marks[std::size_t(scene.nodeOf(layer))] |= flag;
        };
        for (const EndNodeProposal &end : m_model.proposals)
            if (!graph.isOutput(end.tensor) && m_model.cut.ends.isEmpty())
                marks[std::size_t(scene.nodeOf(
                    int(graph.tensor(end.tensor).producer.index())))] |= proposedEnd;
        for (const QString &node : m_model.cut.ends)
            mark(node.toStdString(), chosenEnd);
        for (const QString &node : m_model.cut.starts)
            mark(node.toStdString(), chosenStart);
        return marks;
    };
    if (wanted() == Shown::source) {
        m_canvas->setMarks(marksOfSource(*m_mainScene));
        return;
    }
    m_canvas->setMarks({});
    if (!m_otherScene)
        return;
    std::vector<std::uint8_t> marks = marksOfSource(*m_otherScene);
    for (const int node : linkedNodes(m_canvas->selected()))
        marks[std::size_t(node)] |= linked;
    m_other->setMarks(std::move(marks));
}

QString GraphPage::nodeNameOf(int layer) const
{
    const Layer &each = mainGraph().graph->layers[std::size_t(layer)];
    if (each.is<Input>())
        return {};
    return QString::fromStdString(each.origin.empty() ? each.name : each.origin.back());
}

void GraphPage::select(int node)
{
    m_list->select(node);
    if (node < 0 || !m_mainScene) {
        m_details->showLayer(-1);
        m_cut->setSelectedNode({});
        if (m_canvas->path().empty() && !m_model.isPreview)
            m_hint->hide();
    } else if (m_mainScene->isFolded(node)) {
        m_details->showGroup(m_mainScene->group(node));
        m_cut->setSelectedNode({});
    } else {
        m_details->showLayer(m_mainScene->layerOf(node));
        m_cut->setSelectedNode(nodeNameOf(m_mainScene->layerOf(node)));
    }
    if (!m_isFollowing && m_mainScene && node >= 0 && !m_model.isPreview)
        Q_EMIT deviceLayerSelected(
            mainGraph().onDevice.deviceOf[std::size_t(m_mainScene->layerOf(node))]);
    if (m_pathStart >= 0 && node >= 0) {
        const int from = std::exchange(m_pathStart, -1);
        Q_EMIT m_canvas->pathMarked(from, node, m_canvas->markPath(from, node));
    }
    if (!m_otherScene)
        return;
    remark();
    const std::vector<int> nodes = linkedNodes(node);
    if (!nodes.empty() && !m_other->hasFocus())
        m_other->select(nodes.front(), GraphCanvas::Reveal::yes);
}

void GraphPage::selectInOther(int otherNode)
{
    if (!m_otherScene || otherNode < 0 || !m_other->hasFocus())
        return;
    const int device =
        m_model.source.onDevice.deviceOf[std::size_t(m_otherScene->layerOf(otherNode))];
    if (device >= 0)
        m_canvas->select(m_mainScene->nodeOf(device), GraphCanvas::Reveal::yes);
}

void GraphPage::refold()
{
    m_foldJob.start(
        [main = mainGraph().graph,
         other = wanted() == Shown::both ? m_model.source.graph : nullptr,
         options = SceneOptions{.fold = m_fold, .firstLayers = {}}](const std::stop_token &stop) {
            return std::pair(main ? GraphScene::build(*main, options, stop) : nullptr,
                             other ? GraphScene::build(*other, options, stop) : nullptr);
        },
        [this](auto &&scenes) {
            if (!scenes.first)
                return;
            m_mainScene = scenes.first;
            m_otherScene = scenes.second;
            m_canvas->replaceScene(m_mainScene);
            m_list->setScene(m_mainScene);
            if (m_otherScene)
                m_other->replaceScene(m_otherScene);
            recolor();
            remark();
            select(m_canvas->selected());
        });
}

bool GraphPage::showNode(const QString &name)
{
    for (const Shown which : {wanted(), Shown::device, Shown::source}) {
        const ShownGraph &shown = which == Shown::source ? m_model.source : m_model.device;
        const int layer = shown.graph ? layerNamed(*shown.graph, name.toStdString()) : -1;
        if (layer < 0)
            continue;
        if (which != wanted()) {
            m_which->setValue(which == Shown::source ? QStringLiteral("source")
                                                     : QStringLiteral("device"));
            switchGraphs();
        }
        if (m_mainScene->nodeOf(layer) < 0)
            return false;
        m_canvas->select(m_mainScene->nodeOf(layer), GraphCanvas::Reveal::yes);
        return true;
    }
    return false;
}

void GraphPage::selectDeviceLayer(int layer)
{
    if (!m_model.device.graph || layer < 0)
        return;
    m_isFollowing = true;
    showNode(QString::fromStdString(m_model.device.graph->layers[std::size_t(layer)].name));
    m_isFollowing = false;
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

void GraphPage::showCut()
{
    m_cutDock->show();
    m_cutDock->raise();
}

void GraphPage::showErrors(const QString &file, const Diagnostics &diagnostics)
{
    m_model = {};
    while (QLayoutItem *item = m_errorColumn->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater(); // its fix button may have led here
        }
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
    for (QDockWidget *dock : {m_listDock, m_detailsDock, m_cutDock})
        dock->hide();
    setActionsEnabled(false);
    m_stack->setCurrentWidget(m_errors);
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

// Tabs of docks are made by Qt, without a name for screen readers.
void GraphPage::nameTabBars()
{
    for (QTabBar *bar : findChildren<QTabBar *>(QString(), Qt::FindDirectChildrenOnly))
        bar->setAccessibleName(tr("Panels"));
}

void GraphPage::restoreLayoutState(const QByteArray &state)
{
    const bool wasVisible = m_listDock->isVisibleTo(this);
    restoreState(state, stateVersion);
    nameTabBars();
    for (QDockWidget *dock : {m_listDock, m_detailsDock, m_cutDock})
        dock->setVisible(wasVisible);
}

void GraphPage::resetLayout()
{
    const bool hasModel = m_canvas->scene() != nullptr && m_stack->currentWidget() == m_splitter;
    addDockWidget(Qt::LeftDockWidgetArea, m_listDock);
    addDockWidget(Qt::RightDockWidgetArea, m_detailsDock);
    tabifyDockWidget(m_detailsDock, m_cutDock);
    for (QDockWidget *dock : {m_listDock, m_detailsDock, m_cutDock})
        dock->setVisible(hasModel);
    m_detailsDock->raise();
    nameTabBars();
    resizeDocks({m_listDock, m_detailsDock}, {250, 290}, Qt::Horizontal);
}

} // namespace hefstudio
