// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window.h"

#include "base/version.h"
#include "common/diagnostic_card.h"
#include "common/files.h"
#include "common/segmented_control.h"
#include "common/text_label.h"
#include "context_bar.h"
#include "convert/convert_page.h"
#include "graph/graph_page.h"
#include "graph/layer_text.h"
#include "inspect/inspect_page.h"
#include "page_rail.h"
#include "recent_files.h"
#include "theme/icons.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

namespace hefstudio {

namespace {

bool isHef(const QString &file)
{
    QFile opened(file);
    if (opened.open(QIODevice::ReadOnly) && opened.read(4) == QByteArray("\1HEF", 4))
        return true;
    return file.endsWith(QLatin1String(".hef"), Qt::CaseInsensitive);
}

} // namespace

MainWindow::MainWindow(Theme &theme, QWidget *parent) : QMainWindow(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QLatin1String(toolName));
    setWindowIcon(QIcon(QStringLiteral(":/icons/hefstudio.svg")));
    setAcceptDrops(true);
    makeActions();
    makePages();
    makeMenus();
    connectPages();
    restoreSettings();
    showPage(GraphIndex);
    updateBuild();
}

void MainWindow::makeActions()
{
    const auto add = [this](const QString &name, const QString &text, const QKeySequence &key) {
        auto *action = new QAction(text, this);
        action->setObjectName(name);
        action->setShortcut(key);
        addAction(action);
        return action;
    };
    m_open = add(QStringLiteral("actionOpen"), tr("&Open…"), QKeySequence::Open);
    m_openHef = add(QStringLiteral("actionOpenHef"), tr("Open &HEF…"), {});
    m_openSample = add(QStringLiteral("actionOpenSample"), tr("Open &Sample"), {});
    m_openSample->setEnabled(!sampleFolder().isEmpty());
    m_build = add(QStringLiteral("actionBuild"), tr("&Build Emulation HEF"),
                  QKeySequence(Qt::CTRL | Qt::Key_B));
    m_resetLayout = add(QStringLiteral("actionResetLayout"), tr("&Reset Layout"), {});
    m_quit = add(QStringLiteral("actionQuit"), tr("&Quit"), QKeySequence::Quit);
    m_open->setToolTip(tr("Open an ONNX network or a HEF"));
    m_build->setToolTip(tr("Convert the open network; the result runs in the emulator"));
    connect(m_open, &QAction::triggered, this, &MainWindow::chooseFile);
    connect(m_openHef, &QAction::triggered, this, &MainWindow::chooseFile);
    connect(m_openSample, &QAction::triggered, this, &MainWindow::openSample);
    connect(m_quit, &QAction::triggered, this, &QWidget::close);
    connect(m_build, &QAction::triggered, this, [this] {
        showPage(ConvertIndex);
        m_convert->build();
    });
    connect(m_resetLayout, &QAction::triggered, this, [this] { m_graph->resetLayout(); });
}

void MainWindow::makePages()
{
    m_rail = new PageRail;
    m_rail->addPage(QStringLiteral("graph"), tr("Graph"), QStringLiteral("railGraph"));
    m_rail->addPage(QStringLiteral("convert"), tr("Convert"), QStringLiteral("railConvert"));
    m_rail->addPage(QStringLiteral("inspect"), tr("Inspect"), QStringLiteral("railInspect"));
    m_bar = new ContextBar(m_build, m_openHef);
    m_stack = new QStackedWidget;
    m_graph = new GraphPage(m_open, m_openSample);
    m_convert = new ConvertPage(m_open, m_openSample);
    m_inspect = new InspectPage(m_openHef);
    m_stack->addWidget(m_graph);
    m_stack->addWidget(m_convert);
    m_stack->addWidget(m_inspect);

    auto *central = new QWidget;
    auto *column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    auto *row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addWidget(m_stack, 1);
    column->addLayout(row, 1);
    setCentralWidget(central);
    setMinimumSize(960, 600);
    resize(1440, 900);

    m_notice = new TextLabel({}, TextRole::small, Tone::dim);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(new TextLabel(tr("Built-in back end"), TextRole::small, Tone::dim));
    statusBar()->addPermanentWidget(m_notice);
    statusBar()->setContentsMargins(10, 0, 10, 0);
}

void MainWindow::makeMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    file->addAction(m_open);
    m_recent = new RecentFiles(this);
    file->addMenu(m_recent);
    file->addAction(m_openSample);
    file->addSeparator();
    file->addAction(m_build);
    file->addSeparator();
    file->addAction(m_quit);
    makeViewMenu();
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    QAction *about = help->addAction(tr("&About %1").arg(QLatin1String(toolName)));
    about->setObjectName(QStringLiteral("actionAbout"));
    connect(about, &QAction::triggered, this, &MainWindow::showAbout);
    connect(m_recent, &RecentFiles::fileChosen, this, &MainWindow::openPath);
}

void MainWindow::makeViewMenu()
{
    QMenu *view = menuBar()->addMenu(tr("&View"));
    const struct {
        Page page;
        QString text;
        Qt::Key key;
    } pages[] = {{GraphIndex, tr("&Graph"), Qt::Key_1},
                 {ConvertIndex, tr("&Convert"), Qt::Key_2},
                 {InspectIndex, tr("I&nspect"), Qt::Key_3}};
    for (const auto &each : pages) {
        QAction *action = view->addAction(each.text);
        action->setShortcut(QKeySequence(Qt::ALT | each.key));
        connect(action, &QAction::triggered, this, [this, page = each.page] { showPage(page); });
    }
    view->addSeparator();
    view->addActions(m_graph->viewActions());
    view->addSeparator();
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
        action->setChecked(m_theme.choice() == each.choice);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, choice = each.choice] {
            m_theme.setChoice(choice);
            QSettings().setValue(QStringLiteral("theme"), int(choice));
        });
    }
    view->addAction(m_resetLayout);
}

void MainWindow::connectPages()
{
    connect(m_rail, &PageRail::pageChosen, this, &MainWindow::showPage);
    connect(m_bar->chip(), &SegmentedControl::valueChanged, m_convert, &ConvertPage::setChip);
    connect(&m_loader, &ModelLoader::started, m_graph, &GraphPage::showLoading);
    connect(&m_loader, &ModelLoader::loaded, this, &MainWindow::modelLoaded);
    connect(&m_loader, &ModelLoader::failed, this,
            [this](const QString &file, const Diagnostics &diagnostics) {
                m_model = {};
                m_model.file = file;
                m_graph->showErrors(file, diagnostics);
                showContext();
                updateBuild();
            });
    connect(m_graph, &GraphPage::fixRequested, this, &MainWindow::applyFix);
    connect(m_convert, &ConvertPage::fixRequested, this, &MainWindow::applyFix);
    connect(m_convert, &ConvertPage::openRequested, this, &MainWindow::openPath);
    connect(m_convert, &ConvertPage::resultShown, this,
            [this](bool isShown) { m_bar->setBuildPrimary(!isShown); });
    connect(m_convert, &ConvertPage::runningChanged, this, &MainWindow::updateBuild);
    connect(m_inspect, &InspectPage::currentChanged, this, &MainWindow::showContext);
    connect(m_inspect, &InspectPage::opened, this,
            [this](const QString &file) { m_recent->add(file); });
}

void MainWindow::showPage(int page)
{
    m_page = page;
    m_rail->setCurrent(page);
    m_stack->setCurrentIndex(page);
    showContext();
}

void MainWindow::showContext()
{
    QString name = tr("No network open");
    QString facts;
    auto controls = ContextBar::Controls::project;
    QString notice = tr("builds emulation HEFs: they run in the emulator, not on a chip");
    if (m_page == InspectIndex) {
        const HefOverview *hef = m_inspect->current();
        name = hef ? QFileInfo(hef->file).fileName() : tr("No HEF open");
        facts = hef ? byteText(hef->bytes) : QString();
        controls = ContextBar::Controls::hef;
        notice = hef && hef->isEmulation
                     ? tr("emulation HEF: runs in the emulator, does not run on a chip")
                     : QString();
    } else if (!m_model.file.isEmpty()) {
        name = QFileInfo(m_model.file).fileName();
        if (m_model.source.graph) {
            facts = tr("%1 parameters").arg(countText(parameterCount(*m_model.source.graph)));
            if (!m_model.source.graph->inputs.empty())
                facts +=
                    QStringLiteral(" · ") +
                    shapeText(
                        m_model.source.graph->tensor(m_model.source.graph->inputs.front()).shape);
        }
    }
    m_bar->showDocument(name, facts, controls);
    m_notice->setText(notice);
    setWindowTitle(name + QStringLiteral(" — ") + QLatin1String(toolName));
}

void MainWindow::chooseFile()
{
    QSettings settings;
    const bool wantsHef = sender() == m_openHef;
    const QString folder = settings.value(QStringLiteral("lastFolder")).toString();
    const QString both = tr("Networks and HEFs (*.onnx *.hef)");
    const QString hefs = tr("HEF files (*.hef)");
    const QString file = QFileDialog::getOpenFileName(
        this, wantsHef ? tr("Open HEF") : tr("Open"), folder,
        (wantsHef ? hefs : both) + QStringLiteral(";;") + tr("All files (*)"));
    if (file.isEmpty())
        return;
    settings.setValue(QStringLiteral("lastFolder"), QFileInfo(file).absolutePath());
    openPath(file);
}

void MainWindow::openSample()
{
    const QDir folder(sampleFolder());
    m_calibration = folder.absoluteFilePath(QStringLiteral("pictures"));
    openPath(folder.absoluteFilePath(QStringLiteral("detector.onnx")));
}

void MainWindow::openPath(const QString &path)
{
    const QFileInfo info(path);
    if (info.isDir()) {
        m_calibration = info.absoluteFilePath();
        if (m_convert->hasModel()) {
            ConversionChoices settings = m_convert->settings();
            settings.calibration = m_calibration;
            m_convert->setModel(settings);
            showPage(ConvertIndex);
        } else {
            statusBar()->showMessage(tr("The folder will be used for calibration once a network is "
                                        "open."),
                                     8000);
        }
        return;
    }
    if (isHef(path)) {
        showPage(InspectIndex);
        m_inspect->openFile(path);
        return;
    }
    m_shapes.clear();
    showPage(GraphIndex);
    m_loader.open(info.absoluteFilePath());
}

void MainWindow::modelLoaded(const LoadedModel &model)
{
    m_model = model;
    m_graph->showModel(model);
    ConversionChoices settings;
    settings.model = model.file;
    settings.output = defaultOutput(model.file);
    settings.calibration = m_calibration;
    const QString labels =
        QFileInfo(model.file).absoluteDir().absoluteFilePath(QStringLiteral("labels.txt"));
    if (QFileInfo::exists(labels))
        settings.labels = labels;
    for (const auto &[name, shape] : m_shapes) {
        QStringList dims;
        for (const std::int64_t dim : shape)
            dims << QString::number(dim);
        settings.inputShapes.insert(QString::fromStdString(name), dims.join(QLatin1Char(',')));
    }
    m_convert->setModel(settings);
    m_recent->add(model.file);
    showContext();
    updateBuild();
}

void MainWindow::applyFix(const Fix &fix)
{
    if (!canApply(fix))
        return;
    if (fix.kind == "set-option") {
        ConversionChoices choices = m_convert->settings();
        choices.normalize = QString::fromStdString(fix.values.front().second);
        m_convert->setModel(choices);
        m_convert->build();
        return;
    }
    std::string input;
    std::vector<std::int64_t> shape;
    for (const auto &[key, value] : fix.values) {
        if (key == "input")
            input = value;
        else if (key == "shape")
            for (const QString &dim : QString::fromStdString(value).split(QLatin1Char(',')))
                shape.push_back(dim.toLongLong());
    }
    m_shapes[input] = std::move(shape);
    showPage(GraphIndex);
    m_loader.open(m_model.file, m_shapes);
}

void MainWindow::updateBuild()
{
    const bool isRunning = m_convert->isRunning();
    m_build->setEnabled(m_model.source.graph && !isRunning);
    m_bar->chip()->setEnabled(!isRunning);
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

void MainWindow::restoreSettings()
{
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    m_graph->restoreLayoutState(settings.value(QStringLiteral("graphLayout")).toByteArray());
    m_bar->chip()->setValue(settings.value(QStringLiteral("chip")).toString());
    m_convert->setChip(m_bar->chip()->value());
}

void MainWindow::saveSettings() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("geometry"), saveGeometry());
    settings.setValue(QStringLiteral("graphLayout"), m_graph->layoutState());
    settings.setValue(QStringLiteral("chip"), m_bar->chip()->value());
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_convert->isRunning()) {
        const auto answer = QMessageBox::question(
            this, tr("Quit"), tr("A conversion is running. Stop it and quit?"),
            QMessageBox::Yes | QMessageBox::No, QMessageBox::No);
        if (answer != QMessageBox::Yes) {
            event->ignore();
            return;
        }
    }
    saveSettings();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.first().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    for (const QUrl &url : event->mimeData()->urls())
        if (url.isLocalFile())
            openPath(url.toLocalFile());
    event->acceptProposedAction();
}

} // namespace hefstudio
