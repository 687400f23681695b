// The Graph page: canvas in the middle, layer list and details in docks, one selection for all.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model_loader.h"

#include <QMainWindow>

class QAction;
class QStackedWidget;
class QVBoxLayout;

namespace hefstudio {

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
    GraphPage(QAction *open, QAction *openSample, QWidget *parent = nullptr);

    void showLoading(const QString &file);
    void showModel(const LoadedModel &model);
    void showErrors(const QString &file, const Diagnostics &diagnostics);
    // Selects what has that name or came from the ONNX node of that name; says whether it is there.
    bool showNode(const QString &name);
    // The nodes whose outputs a layer needs: where a cut before it ends the chip's part.
    QStringList endsBefore(const QString &node) const;
    const QList<QAction *> &viewActions() const { return m_viewActions; }
    QByteArray layoutState() const { return saveState(stateVersion); }
    void restoreLayoutState(const QByteArray &state);
    void resetLayout();

Q_SIGNALS:
    void fixRequested(const hefstudio::Fix &fix);
    void placeRequested(const hefstudio::Place &place);

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    static constexpr int stateVersion = 1;
    void makeActions();
    void makeToolButtons();
    QDockWidget *makeDock(const QString &title, const QString &name, QWidget *content,
                          Qt::DockWidgetArea area);
    void placeOverlays();
    const ShownGraph &shown() const;
    void showGraph();
    void switchGraph();

    LoadedModel m_model;
    SegmentedControl *m_which;
    QStackedWidget *m_stack;
    QWidget *m_empty;
    GraphCanvas *m_canvas;
    QWidget *m_loading;
    TextLabel *m_loadingText;
    QWidget *m_errors;
    QVBoxLayout *m_errorColumn;
    LayerList *m_list;
    LayerDetails *m_details;
    Legend *m_legend;
    QWidget *m_tools;
    TextLabel *m_zoomText;
    QDockWidget *m_listDock;
    QDockWidget *m_detailsDock;
    QList<QAction *> m_viewActions;
};

} // namespace hefstudio
