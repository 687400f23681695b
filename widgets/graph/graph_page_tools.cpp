// The Graph page's actions, the strips of tools that float on the canvas, and what they start.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph_page.h"

#include "common/segmented_control.h"
#include "common/text_label.h"
#include "graph/cut_panel.h"
#include "graph/graph_canvas.h"
#include "graph/layer_list.h"
#include "graph/legend.h"
#include "graph/scene_export.h"
#include "theme/icons.h"
#include "theme/style_drawing.h"

#include <QAbstractItemView>
#include <QAction>
#include <QActionGroup>
#include <QComboBox>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMenu>
#include <QMessageBox>
#include <QPainter>
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

enum ViewAction { ZoomIn, ZoomOut, Fit, Find, MarkPath, Unfold, EndHere, StartHere, Export };

} // namespace

void GraphPage::makeActions()
{
    const auto add = [this](const QString &name, const QString &text, const QString &icon,
                            const QKeySequence &key, auto slot) {
        auto *action = new QAction(themedIcon(icon), text, this);
        action->setObjectName(name);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        action->setEnabled(false);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        m_viewActions << action;
    };
    add(QStringLiteral("actionZoomIn"), tr("Zoom &In"), QStringLiteral("plus"),
        QKeySequence::ZoomIn, [this] { m_canvas->zoomIn(); });
    add(QStringLiteral("actionZoomOut"), tr("Zoom &Out"), QStringLiteral("minus"),
        QKeySequence::ZoomOut, [this] { m_canvas->zoomOut(); });
    add(QStringLiteral("actionFit"), tr("&Fit to Window"), QStringLiteral("fit"),
        QKeySequence(Qt::CTRL | Qt::Key_0), [this] { m_canvas->fitAll(); });
    add(QStringLiteral("actionFind"), tr("F&ind Layer"), QStringLiteral("search"),
        QKeySequence::Find, [this] {
            m_listDock->show();
            m_list->focusSearch();
        });
    add(QStringLiteral("actionMarkPath"), tr("Mark the &Way to Another Layer"),
        QStringLiteral("path"), QKeySequence(Qt::CTRL | Qt::Key_M),
        [this] { markPathFromSelection(); });
    add(QStringLiteral("actionUnfold"), tr("F&old or Unfold Selected"), QStringLiteral("fold"),
        QKeySequence(Qt::CTRL | Qt::Key_U), [this] {
            if (m_canvas->selected() >= 0)
                toggleExpanded(m_canvas->selected());
        });
    add(QStringLiteral("actionEndHere"), tr("&End the Chip's Part Here"), QStringLiteral("cut"),
        QKeySequence(Qt::CTRL | Qt::Key_E), [this] {
            showCut();
            m_cut->toggleEnd();
        });
    add(QStringLiteral("actionStartHere"), tr("&Start the Chip's Part Here"),
        QStringLiteral("cut"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), [this] {
            showCut();
            m_cut->toggleStart();
        });
    add(QStringLiteral("actionExportGraph"), tr("E&xport Picture of the Graph…"),
        QStringLiteral("export"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S),
        [this] { exportPicture(); });

    m_colorActions = new QActionGroup(this);
    for (int mode = 0; mode < colorModeCount; ++mode) {
        QAction *action = m_colorActions->addAction(colorModeName(ColorMode(mode)));
        action->setCheckable(true);
        action->setChecked(mode == 0);
        connect(action, &QAction::triggered, this,
                [this, mode] { m_colorBox->setCurrentIndex(mode); });
    }
    m_foldActions = new QActionGroup(this);
    const QString folds[] = {tr("Every Layer"), tr("Fold Blocks"), tr("Fold Scopes")};
    for (int level = 0; level < 3; ++level) {
        QAction *action = m_foldActions->addAction(folds[level]);
        action->setCheckable(true);
        action->setChecked(level == 0);
        connect(action, &QAction::triggered, this,
                [this, level] { m_foldBox->setCurrentIndex(level); });
    }
    setActionsEnabled(false);
}

void GraphPage::setActionsEnabled(bool areEnabled)
{
    for (QAction *action : m_viewActions)
        action->setEnabled(areEnabled);
    for (const QActionGroup *group : {m_colorActions, m_foldActions})
        for (QAction *action : group->actions())
            action->setEnabled(areEnabled);
}

void GraphPage::fillMenu(QMenu *menu)
{
    menu->addActions(m_viewActions);
    menu->addSeparator();
    menu->addMenu(tr("&Colour by"))->addActions(m_colorActions->actions());
    menu->addMenu(tr("Fo&ld"))->addActions(m_foldActions->actions());
}

void GraphPage::makeToolButtons()
{
    m_tools = new ToolStrip(m_canvas);
    auto *row = new QHBoxLayout(m_tools);
    row->setContentsMargins(4, 4, 4, 4);
    row->setSpacing(2);
    m_which = new SegmentedControl;
    m_which->setAccessibleName(tr("Which graph"));
    m_which->addSegment(tr("Device"), QStringLiteral("device"))
        ->setToolTip(tr("What runs on the chip, after rewriting"));
    m_which->addSegment(tr("Source"), QStringLiteral("source"))
        ->setToolTip(tr("The network as the file has it"));
    m_which->addSegment(tr("Both"), QStringLiteral("both"))
        ->setToolTip(tr("Both side by side, with one selection"));
    row->addWidget(m_which);
    row->addSpacing(6);
    connect(m_which, &SegmentedControl::valueChanged, this, &GraphPage::switchGraphs);
    const auto add = [&](QAction *action) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setProperty("quiet", true);
        button->setAccessibleName(action->text().remove(QLatin1Char('&')));
        button->setFocusPolicy(Qt::TabFocus);
        row->addWidget(button);
    };
    add(m_viewActions[ZoomOut]);
    m_zoomText->setAlignment(Qt::AlignCenter);
    m_zoomText->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("000.0 %")) + 4);
    row->addWidget(m_zoomText);
    add(m_viewActions[ZoomIn]);
    add(m_viewActions[Fit]);
    add(m_viewActions[Find]);
    m_lens = makeLens();
}

QWidget *GraphPage::makeLens()
{
    auto *strip = new ToolStrip(m_canvas);
    auto *row = new QHBoxLayout(strip);
    row->setContentsMargins(4, 4, 4, 4);
    row->setSpacing(4);
    const auto makeBox = [&](const QString &name, const QString &objectName) {
        auto *box = new QComboBox;
        box->setObjectName(objectName);
        box->setAccessibleName(name);
        box->view()->setAccessibleName(name);
        box->setToolTip(name);
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        row->addWidget(box);
        return box;
    };
    m_colorBox = makeBox(tr("Colour by"), QStringLiteral("colorMode"));
    for (int mode = 0; mode < colorModeCount; ++mode)
        m_colorBox->addItem(themedIcon(QStringLiteral("colour")), colorModeName(ColorMode(mode)));
    m_foldBox = makeBox(tr("Fold layers"), QStringLiteral("foldLevel"));
    for (const QAction *action : m_foldActions->actions())
        m_foldBox->addItem(themedIcon(QStringLiteral("fold")), action->text());
    connect(m_colorBox, &QComboBox::currentIndexChanged, this, [this](int mode) {
        m_colorMode = ColorMode(mode);
        m_colorActions->actions()[mode]->setChecked(true);
        recolor();
    });
    connect(m_foldBox, &QComboBox::currentIndexChanged, this, [this](int level) {
        m_foldActions->actions()[level]->setChecked(true);
        if (FoldLevel(level) == m_fold.level)
            return;
        m_fold = {FoldLevel(level), {}};
        if (m_model.source.graph && !m_model.isPreview)
            refold();
    });
    return strip;
}

void GraphPage::placeOverlays()
{
    constexpr int margin = 12;
    m_tools->adjustSize();
    m_tools->move(margin, margin);
    m_lens->adjustSize();
    const int beside = m_tools->geometry().right() + 9;
    if (beside + m_lens->width() + margin <= m_canvas->width())
        m_lens->move(beside, margin);
    else
        m_lens->move(margin, m_tools->geometry().bottom() + 9);
    m_lens->setEnabled(!m_model.isPreview);
    // Beside the minimap, which is at most 136 wide.
    const int room = m_canvas->width() - (m_canvas->width() < 900 ? 0 : 160) - 2 * margin;
    m_legend->fitInto(std::max(120, room));
    m_legend->move(margin, m_canvas->height() - m_legend->height() - margin);
    m_legend->setVisible(m_legend->width() <= room + margin);
    m_hint->adjustSize();
    m_hint->move(margin + 2, m_legend->y() - m_hint->height() - 6);
}

void GraphPage::markPathFromSelection()
{
    if (m_canvas->selected() < 0)
        return;
    m_pathStart = m_canvas->selected();
    m_hint->setText(tr("Choose the other layer: a click, the list, or the arrow keys."));
    m_hint->show();
    placeOverlays();
}

// A folded node shows its layers; a layer of an unfolded group folds it again.
void GraphPage::toggleExpanded(int node)
{
    if (m_fold.level == FoldLevel::layers || !m_mainScene)
        return;
    if (m_mainScene->isFolded(node)) {
        m_fold.expanded.insert(m_mainScene->group(node).key);
    } else {
        const Layer &layer = mainGraph().graph->layers[std::size_t(m_mainScene->layerOf(node))];
        const QString path = scopesOf(layer).join(QLatin1Char('/'));
        std::erase_if(m_fold.expanded, [&](const QString &key) {
            return path.startsWith(key.section(QStringLiteral(" ×"), 0, 0));
        });
    }
    refold();
}

void GraphPage::exportPicture()
{
    if (!m_mainScene)
        return;
    const QString name = QFileInfo(m_model.file).completeBaseName() + QStringLiteral("-graph.svg");
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Export Picture"), QFileInfo(m_model.file).absolutePath() + QLatin1Char('/') + name,
        tr("Pictures (*.svg *.png)"));
    if (file.isEmpty())
        return;
    if (!exportScene(file, *m_mainScene, m_canvas->colors(), tokensOf(palette())))
        QMessageBox::warning(this, tr("Export Picture"), tr("%1 cannot be written.").arg(file));
}

} // namespace hefstudio
