// The Graph page: canvas in the middle (the device graph, the source graph, or both side by side),
// layer list, details and the cut in docks, one selection for all.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model_loader.h"

#include <QMainWindow>

class QAction;
class QActionGroup;
class QComboBox;
class QMenu;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QVBoxLayout;

namespace hefstudio {

class ChipEstimates;
class CutPanel;
class GraphCanvas;
class LayerDetails;
class LayerList;
class Legend;
class SegmentedControl;
class TextLabel;

class GraphPage final : public QMainWindow {
    Q_OBJECT
public:
    // The actions are offered while no model is open.
    GraphPage(ChipEstimates &estimates, QAction *open, QAction *openSample,
              QWidget *parent = nullptr);

    void showLoading(const QString &file);
    void showPreview(const LoadedModel &model);
    void showModel(const LoadedModel &model);
    void showErrors(const QString &file, const Diagnostics &diagnostics);
    void setChip(const QString &chip);
    // Brings the panel that cuts the network to the front.
    void showCut();
    // Selects what has that name or came from the ONNX node of that name; says whether it is there.
    bool showNode(const QString &name);
    void selectDeviceLayer(int layer);
    // The nodes whose outputs a layer needs: where a cut before it ends the chip's part.
    QStringList endsBefore(const QString &node) const;
    void fillMenu(QMenu *menu);
    QByteArray layoutState() const { return saveState(stateVersion); }
    void restoreLayoutState(const QByteArray &state);
    void resetLayout();

Q_SIGNALS:
    void fixRequested(const hefstudio::Fix &fix);
    void placeRequested(const hefstudio::Place &place);
    void cutChosen(const hefstudio::CutChoice &cut);
    void cancelRequested();
    void deviceLayerSelected(int layer); // -1 for none

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    static constexpr int stateVersion = 2;
    enum class Shown { device, source, both };

    QWidget *makeLoading();
    QWidget *makeErrors();
    void makeDocks();
    void nameTabBars();
    QDockWidget *makeDock(const QString &title, const QString &name, QWidget *content,
                          Qt::DockWidgetArea area);
    void connectCanvases();

    // graph_page_tools.cpp
    void makeActions();
    void makeToolButtons();
    QWidget *makeLens();
    void placeOverlays();
    void setActionsEnabled(bool areEnabled);
    void exportPicture();
    void markPathFromSelection();
    void toggleExpanded(int node);

    Shown wanted() const;
    const ShownGraph &mainGraph() const;
    void showGraphs();
    void switchGraphs();
    void refold();
    void recolor();
    void remark();
    void select(int node);
    void selectInOther(int otherNode);
    // The node of the other picture that the selected one corresponds to; -1 for none.
    std::vector<int> linkedNodes(int node) const;
    QString nodeNameOf(int layer) const;

    ChipEstimates &m_estimates;
    QString m_chip = QStringLiteral("hailo8l");
    LoadedModel m_model;
    std::shared_ptr<const GraphScene> m_mainScene, m_otherScene; // as folded now
    FoldOptions m_fold;
    ColorMode m_colorMode = ColorMode::operators;
    int m_pathStart = -1;
    bool m_isFollowing = false; // another page selects
    LatestJob<std::pair<std::shared_ptr<const GraphScene>, std::shared_ptr<const GraphScene>>>
        m_foldJob;

    SegmentedControl *m_which;
    QStackedWidget *m_stack;
    QWidget *m_empty;
    QSplitter *m_splitter;
    GraphCanvas *m_canvas;
    GraphCanvas *m_other; // the source graph where both are shown
    QWidget *m_loading;
    TextLabel *m_loadingText;
    QWidget *m_errors;
    QVBoxLayout *m_errorColumn;
    LayerList *m_list;
    LayerDetails *m_details;
    CutPanel *m_cut;
    Legend *m_legend;
    QWidget *m_tools;
    QWidget *m_lens;
    QComboBox *m_colorBox;
    QComboBox *m_foldBox;
    TextLabel *m_zoomText;
    TextLabel *m_hint;
    QDockWidget *m_listDock;
    QDockWidget *m_detailsDock;
    QDockWidget *m_cutDock;
    QList<QAction *> m_viewActions;
    QActionGroup *m_colorActions;
    QActionGroup *m_foldActions;
};

} // namespace hefstudio
