// The one window: menus, page rail, context bar and the pages, and what connects them. Opening
// anything by menu, drop, argument or recent file goes through openPath().
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model_loader.h"
#include "theme/theme.h"

#include <QMainWindow>

class QActionGroup;
class QStackedWidget;

namespace hefstudio {

class ContextBar;
class ConvertPage;
class GraphPage;
class InspectPage;
class PageRail;
class RecentFiles;
class TextLabel;

class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(Theme &theme, QWidget *parent = nullptr);

    // An ONNX or HEF file; a folder becomes the calibration pictures of the open model.
    void openPath(const QString &path);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    enum Page { GraphIndex, ConvertIndex, InspectIndex };

    void makeActions();
    void makeMenus();
    void makeViewMenu();
    void makePages();
    void connectPages();
    void showPage(int page);
    void showContext();
    void chooseFile();
    void openSample();
    void modelLoaded(const LoadedModel &model);
    void applyFix(const Fix &fix);
    void updateBuild();
    void showAbout();
    void restoreSettings();
    void saveSettings() const;

    Theme &m_theme;
    ModelLoader m_loader;
    ModelLoader::InputShapes m_shapes;
    LoadedModel m_model;
    QString m_calibration;

    QAction *m_open, *m_openHef, *m_openSample, *m_build, *m_resetLayout, *m_quit;
    RecentFiles *m_recent;
    PageRail *m_rail;
    ContextBar *m_bar;
    QStackedWidget *m_stack;
    GraphPage *m_graph;
    ConvertPage *m_convert;
    InspectPage *m_inspect;
    TextLabel *m_notice;
    int m_page = GraphIndex;
};

} // namespace hefstudio
