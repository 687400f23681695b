// The one window: menus, page rail, context bar and the pages, and what connects them. Opening
// anything by menu, drop, argument or recent file goes through openPath().
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "convert/project.h"
#include "graph/model_loader.h"
#include "profile/chip_estimates.h"
#include "preferences.h"
#include "theme/theme.h"

#include <QMainWindow>

#include <optional>

class QStackedWidget;

namespace hefstudio {

class BenchPage;
class CalibratePage;
class CommandPalette;
class ContextBar;
class ConvertPage;
class GraphPage;
class InspectPage;
class PageRail;
class ProfilePage;
class RecentFiles;
class StatusFacts;
class TextLabel;

class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(Theme &theme, QWidget *parent = nullptr);

    // An ONNX file, a HEF, a recipe; a folder of pictures becomes the calibration set of the open
    // network, another folder opens what lies in it.
    void openPath(const QString &path);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    enum Page {
        WelcomeIndex,
        GraphIndex,
        CalibrateIndex,
        ConvertIndex,
        InspectIndex,
        ProfileIndex,
        BenchIndex
    };

    // main_window_menus.cpp
    void makeActions();
    void makeMenus();
    void makeEditMenu();
    void makeViewMenu();
    void makeThemeMenu(QMenu *view);
    void makeHelpMenu();
    void showCommands();
    void showSettings();
    void showAbout();

    void makePages();
    void makeStatusBar();
    void connectPages();
    void showPage(int page);
    void showContext();
    void showProject();
    void showPlace(const Place &place);
    void chooseFile();
    void openSample();
    void openFolder(const QString &folder);
    void openRecipe(const QString &file);
    void saveRecipe();
    void modelLoaded(const LoadedModel &model);
    void modelFailed(const QString &file, const Diagnostics &diagnostics);
    ConversionChoices choicesFor(const QString &model) const;
    void applyFix(const Fix &fix);
    void applyOption(const Fix &fix);
    void setCut(const CutChoice &cut);
    CutChoice cutOf(const ConversionChoices &choices) const;
    void updateBuild();
    void restoreSettings();
    void saveSettings() const;

    Theme &m_theme;
    Preferences m_preferences;
    ModelLoader m_loader;
    ModelLoader::InputShapes m_shapes;
    LoadedModel m_model;
    Project m_project;
    ChipEstimates m_estimates;
    QString m_calibration;                       // waits for a network
    std::optional<ConversionChoices> m_recipe;   // waits for its network
    QString m_recipeFile;

    QAction *m_open, *m_openHef, *m_openSample, *m_build, *m_resetLayout, *m_quit, *m_commands,
        *m_settings, *m_saveRecipe;
    RecentFiles *m_recent;
    PageRail *m_rail;
    ContextBar *m_bar;
    QStackedWidget *m_stack;
    GraphPage *m_graph;
    CalibratePage *m_calibrate;
    ConvertPage *m_convert;
    InspectPage *m_inspect;
    ProfilePage *m_profile;
    BenchPage *m_bench;
    CommandPalette *m_palette;
    StatusFacts *m_status;
    TextLabel *m_notice;
    int m_page = WelcomeIndex;
    bool m_buildsAfterRepair = false;
    bool m_isRecut = false; // the model on its way is the open one, cut elsewhere
};

} // namespace hefstudio
