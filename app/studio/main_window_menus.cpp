// The window's actions, its menus and the dialogs they open.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window.h"

#include "base/version.h"
#include "calibrate/calibrate_page.h"
#include "command_palette.h"
#include "common/diagnostic_card.h"
#include "common/files.h"
#include "context_bar.h"
#include "convert/convert_page.h"
#include "graph/graph_page.h"
#include "profile/profile_page.h"
#include "recent_files.h"
#include "recipe/recipe.h"
#include "settings_dialog.h"
#include "status_facts.h"
#include "theme/icons.h"

#include <QActionGroup>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QStatusBar>
#include <QSettings>

namespace hefstudio {

namespace {

QString withoutMnemonic(QString text)
{
    return text.replace(QLatin1String("&&"), QLatin1String("\x01"))
        .remove(QLatin1Char('&'))
        .replace(QLatin1Char('\x01'), QLatin1Char('&'));
}

void collect(const QMenu &menu, const QString &group, std::vector<Command> &commands)
{
    for (QAction *action : menu.actions()) {
        if (action->isSeparator())
            continue;
        const QString name = withoutMnemonic(action->text());
        if (const QMenu *inner = action->menu())
            collect(*inner, group + QStringLiteral(" › ") + name, commands);
        else
            commands.push_back({name, group, action});
    }
}

} // namespace

void MainWindow::makeActions()
{
    const auto add = [this](const QString &name, const QString &icon, const QString &text,
                            const QKeySequence &key) {
        auto *action = new QAction(text, this);
        if (!icon.isEmpty())
            action->setIcon(themedIcon(icon));
        action->setObjectName(name);
        action->setShortcut(key);
        addAction(action);
        return action;
    };
    m_open = add(QStringLiteral("actionOpen"), QStringLiteral("open"), tr("&Open…"),
                 QKeySequence::Open);
    m_openHef = add(QStringLiteral("actionOpenHef"), {}, tr("Open &HEF…"),
                    QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O));
    m_openSample =
        add(QStringLiteral("actionOpenSample"), QStringLiteral("sample"), tr("Open &Sample"), {});
    m_openSample->setEnabled(!sampleFolder().isEmpty());
    m_build = add(QStringLiteral("actionBuild"), {}, tr("&Build Emulation HEF"),
                  QKeySequence(Qt::CTRL | Qt::Key_B));
    m_saveRecipe = add(QStringLiteral("actionSaveRecipe"), QStringLiteral("recipe"),
                       tr("&Save Recipe…"), QKeySequence::Save);
    m_resetLayout = add(QStringLiteral("actionResetLayout"), QStringLiteral("reset"),
                        tr("&Reset Layout"), {});
    m_commands = add(QStringLiteral("actionCommands"), QStringLiteral("command"),
                     tr("&Find Command…"), QKeySequence(Qt::CTRL | Qt::Key_K));
    m_settings = add(QStringLiteral("actionSettings"), QStringLiteral("settings"),
                     tr("&Settings…"), QKeySequence(Qt::CTRL | Qt::Key_Comma));
    m_quit = add(QStringLiteral("actionQuit"), {}, tr("&Quit"), QKeySequence::Quit);
    m_open->setToolTip(tr("Open an ONNX network, a HEF or a recipe"));
    m_build->setToolTip(tr("Convert the open network; the result runs in the emulator"));
    connect(m_open, &QAction::triggered, this, &MainWindow::chooseFile);
    connect(m_openHef, &QAction::triggered, this, &MainWindow::chooseFile);
    connect(m_openSample, &QAction::triggered, this, &MainWindow::openSample);
    connect(m_saveRecipe, &QAction::triggered, this, &MainWindow::saveRecipe);
    connect(m_quit, &QAction::triggered, this, &QWidget::close);
    connect(m_build, &QAction::triggered, this, [this] {
        showPage(ConvertIndex);
        m_convert->build(m_preferences.threads);
    });
    connect(m_resetLayout, &QAction::triggered, this, [this] {
        m_graph->resetLayout();
        m_profile->resetLayout();
    });
    connect(m_commands, &QAction::triggered, this, &MainWindow::showCommands);
    connect(m_settings, &QAction::triggered, this, &MainWindow::showSettings);
}

void MainWindow::makeMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    file->addAction(m_open);
    file->addAction(m_openHef);
    auto *recent = new RecentFilesMenu(*m_recent, this);
    connect(recent, &RecentFilesMenu::fileChosen, this, &MainWindow::openPath);
    file->addMenu(recent);
    file->addAction(m_openSample);
    file->addSeparator();
    file->addActions(m_calibrate->sourceActions());
    file->addSeparator();
    file->addAction(m_build);
    file->addAction(m_saveRecipe);
    file->addSeparator();
    file->addAction(m_quit);
    makeEditMenu();
    makeViewMenu();
    makeHelpMenu();
}

void MainWindow::makeEditMenu()
{
    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    QAction *undo = m_project.history().createUndoAction(this, tr("&Undo"));
    undo->setObjectName(QStringLiteral("actionUndo"));
    undo->setIcon(themedIcon(QStringLiteral("undo")));
    undo->setShortcut(QKeySequence::Undo);
    QAction *redo = m_project.history().createRedoAction(this, tr("&Redo"));
    redo->setObjectName(QStringLiteral("actionRedo"));
    redo->setIcon(themedIcon(QStringLiteral("redo")));
    redo->setShortcut(QKeySequence::Redo);
    edit->addAction(undo);
    edit->addAction(redo);
    edit->addSeparator();
    edit->addAction(m_commands);
    edit->addAction(m_settings);
}

void MainWindow::makeViewMenu()
{
    QMenu *view = menuBar()->addMenu(tr("&View"));
    const struct {
        Page page;
        QString text;
        Qt::Key key;
    } pages[] = {{WelcomeIndex, tr("&Start"), Qt::Key_Home},
                 {GraphIndex, tr("&Graph"), Qt::Key_1},
                 {CalibrateIndex, tr("C&alibrate"), Qt::Key_2},
                 {ConvertIndex, tr("&Convert"), Qt::Key_3},
                 {InspectIndex, tr("I&nspect"), Qt::Key_4},
                 {ProfileIndex, tr("&Profile"), Qt::Key_5},
                 {BenchIndex, tr("&Bench"), Qt::Key_6}};
    for (const auto &each : pages) {
        QAction *action = view->addAction(each.text);
        action->setShortcut(QKeySequence(Qt::ALT | each.key));
        connect(action, &QAction::triggered, this, [this, page = each.page] { showPage(page); });
    }
    view->addSeparator();
    m_graph->fillMenu(view);
    view->addSeparator();
    makeThemeMenu(view);
    view->addAction(m_resetLayout);
}

void MainWindow::makeThemeMenu(QMenu *view)
{
    QMenu *theme = view->addMenu(tr("&Theme"));
    auto *group = new QActionGroup(this);
    const struct {
        ThemeChoice choice;
        QString text;
        QString name;
    } themes[] = {
        {ThemeChoice::system, tr("Like the &System"), QStringLiteral("actionThemeSystem")},
        {ThemeChoice::light, tr("&Light"), QStringLiteral("actionThemeLight")},
        {ThemeChoice::dark, tr("&Dark"), QStringLiteral("actionThemeDark")}};
    for (const auto &each : themes) {
        QAction *action = theme->addAction(each.text);
        action->setObjectName(each.name);
        action->setCheckable(true);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, choice = each.choice] {
            m_theme.setChoice(choice);
            QSettings().setValue(QStringLiteral("theme"), int(choice));
        });
        const auto show = [this, action, choice = each.choice] {
            action->setChecked(m_theme.choice() == choice);
        };
        show();
        connect(&m_theme, &Theme::changed, action, show);
    }
}

void MainWindow::makeHelpMenu()
{
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    QAction *about = help->addAction(tr("&About %1").arg(QLatin1String(toolName)));
    about->setObjectName(QStringLiteral("actionAbout"));
    connect(about, &QAction::triggered, this, &MainWindow::showAbout);
}

void MainWindow::showCommands()
{
    std::vector<Command> commands;
    for (QAction *action : menuBar()->actions())
        if (const QMenu *menu = action->menu())
            collect(*menu, withoutMnemonic(action->text()), commands);
    std::erase_if(commands, [this](const Command &each) { return each.action == m_commands; });
    m_palette->open(std::move(commands));
}

void MainWindow::showSettings()
{
    auto *dialog = new SettingsDialog(m_theme, m_preferences, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_preferences = dialog->preferences();
        m_preferences.save();
        m_status->setThreads(effectiveThreads(m_preferences));
    });
    dialog->open();
}

void MainWindow::showAbout()
{
    auto *box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("About %1").arg(QLatin1String(toolName)));
    box->setIconPixmap(windowIcon().pixmap(64));
    box->setTextFormat(Qt::PlainText);
    box->setText(QStringLiteral("%1 %2").arg(QLatin1String(toolName), QLatin1String(toolVersion)));
    box->setInformativeText(tr(
        "Converts trained networks for Hailo-8 and Hailo-8L and shows what happens on the way.\n\n"
        "What the built-in back end writes is an emulation HEF: it runs bit for bit in the "
        "emulator and does not run on a chip.\n\n"
        "Free software under the GNU General Public License, version 3 or later."));
    box->open();
}

// The choices as they are. Files that lie elsewhere need a root with a name; it is offered.
void MainWindow::saveRecipe()
{
    const ConversionChoices &choices = m_project.choices();
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Save Recipe"), recipeBeside(choices.output), tr("Recipes (*.hefrecipe.json)"));
    if (file.isEmpty())
        return;
    const auto fault = [this](const Diagnostics &diagnostics) {
        QMessageBox::warning(this, tr("Save Recipe"),
                             causeText(diagnostics.front()) + QLatin1Char('\n') +
                                 nextStepText(diagnostics.front()));
    };
    auto roots = readRecipeRoots(userRootsFile());
    if (!roots)
        return fault(roots.error());
    ConversionSettings settings = settingsOf(choices);
    settings.output.clear();
    if (const auto fits = checkRecipePaths(toPath(file), settings, *roots); !fits) {
        for (const Diagnostic &outside : fits.error()) {
            const auto folder = toPath(QString::fromStdString(outside.place.file)).parent_path();
            std::string name = "data";
            for (int next = 2; roots->contains(name); ++next)
                name = "data" + std::to_string(next);
            const auto answer = QMessageBox::question(
                this, tr("Save Recipe"),
                tr("%1 does not lie below the recipe. Give its folder the name “%2”, so that the "
                   "recipe can say ${%2}/…? Others bind the name to a folder of their own.")
                    .arg(QString::fromStdString(outside.place.file), QString::fromStdString(name)));
            if (answer != QMessageBox::Yes)
                return;
            roots->emplace(name, folder);
        }
        if (auto kept = writeRecipeRoots(userRootsFile(), *roots); !kept)
            return fault(kept.error());
    }
    if (auto written = writeRecipe(toPath(file), {.settings = settings}, *roots); !written)
        return fault(written.error());
    m_recent->add(file);
    statusBar()->showMessage(tr("Saved %1").arg(QFileInfo(file).fileName()), 8000);
}

} // namespace hefstudio
