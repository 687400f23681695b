// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window.h"

#include "base/version.h"
#include "bench/bench_page.h"
#include "calibrate/calibrate_page.h"
#include "calibration/repair.h"
#include "command_palette.h"
#include "common/diagnostic_card.h"
#include "common/files.h"
#include "common/segmented_control.h"
#include "common/text_label.h"
#include "context_bar.h"
#include "convert/convert_page.h"
#include "file_kind.h"
#include "graph/graph_page.h"
#include "graph/layer_text.h"
#include "inspect/inspect_page.h"
#include "page_rail.h"
#include "profile/profile_page.h"
#include "recent_files.h"
#include "status_facts.h"
#include "welcome_page.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

namespace hefstudio {

MainWindow::MainWindow(Theme &theme, QWidget *parent) : QMainWindow(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QLatin1String(toolName));
    setWindowIcon(QIcon(QStringLiteral(":/icons/hefstudio.svg")));
    setAcceptDrops(true);
    m_preferences = Preferences::load();
    makeActions();
    makePages();
    makeStatusBar();
    makeMenus();
    connectPages();
    restoreSettings();
    showPage(WelcomeIndex);
    showProject();
}

void MainWindow::makePages()
{
    m_recent = new RecentFiles(this);
    m_rail = new PageRail;
    m_rail->addPage(QStringLiteral("home"), tr("Start"), QStringLiteral("railStart"));
    m_rail->addPage(QStringLiteral("graph"), tr("Graph"), QStringLiteral("railGraph"));
    m_rail->addPage(QStringLiteral("calibrate"), tr("Calibrate"), QStringLiteral("railCalibrate"));
    m_rail->addPage(QStringLiteral("convert"), tr("Convert"), QStringLiteral("railConvert"));
    m_rail->addPage(QStringLiteral("inspect"), tr("Inspect"), QStringLiteral("railInspect"));
    m_rail->addPage(QStringLiteral("profile"), tr("Profile"), QStringLiteral("railProfile"));
    m_rail->addPage(QStringLiteral("compare"), tr("Bench"), QStringLiteral("railBench"));
    m_bar = new ContextBar(m_build, m_openHef);
    m_stack = new QStackedWidget;
    auto *welcome = new WelcomePage({m_open, m_openSample, m_openHef}, *m_recent);
    connect(welcome, &WelcomePage::fileChosen, this, &MainWindow::openPath);
    m_graph = new GraphPage(m_estimates, m_open, m_openSample);
    m_calibrate = new CalibratePage(m_project);
    m_convert = new ConvertPage(m_project, m_open, m_openSample);
    m_inspect = new InspectPage(m_openHef);
    m_profile = new ProfilePage(m_estimates, m_open, m_openSample);
    m_bench = new BenchPage(m_project, m_open, m_openSample);
    for (QWidget *page : std::initializer_list<QWidget *>{welcome, m_graph, m_calibrate, m_convert,
                                                          m_inspect, m_profile, m_bench})
        m_stack->addWidget(page);

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
    m_palette = new CommandPalette(this);
}

void MainWindow::makeStatusBar()
{
    m_notice = new TextLabel({}, TextRole::small, Tone::dim);
    statusBar()->setSizeGripEnabled(false);
    m_status = new StatusFacts;
    m_status->setThreads(effectiveThreads(m_preferences));
    statusBar()->addWidget(m_status);
    statusBar()->addPermanentWidget(m_notice);
    statusBar()->setContentsMargins(10, 0, 10, 0);
}

void MainWindow::connectPages()
{
    connect(m_rail, &PageRail::pageChosen, this, &MainWindow::showPage);
    connect(m_bar->chip(), &SegmentedControl::valueChanged, this, [this](const QString &chip) {
        ConversionChoices choices = m_project.choices();
        choices.chip = chip;
        m_project.edit(choices, tr("chip"));
    });
    connect(&m_project, &Project::changed, this, &MainWindow::showProject);
    connect(&m_loader, &ModelLoader::started, m_graph, &GraphPage::showLoading);
    connect(&m_loader, &ModelLoader::previewed, m_graph, &GraphPage::showPreview);
    connect(&m_loader, &ModelLoader::loaded, this, &MainWindow::modelLoaded);
    connect(&m_loader, &ModelLoader::failed, this, &MainWindow::modelFailed);
    connect(m_graph, &GraphPage::fixRequested, this, &MainWindow::applyFix);
    connect(m_convert, &ConvertPage::fixRequested, this, &MainWindow::applyFix);
    connect(m_calibrate, &CalibratePage::fixRequested, this, &MainWindow::applyOption);
    connect(m_calibrate, &CalibratePage::setTaken, m_convert, &ConvertPage::showSettings);
    connect(m_calibrate, &CalibratePage::repairFinished, this, [this](bool isDone) {
        if (std::exchange(m_buildsAfterRepair, false) && isDone) {
            showPage(ConvertIndex);
            m_convert->build(m_preferences.threads);
        }
    });
    connect(m_convert, &ConvertPage::placeRequested, this, &MainWindow::showPlace);
    connect(m_graph, &GraphPage::placeRequested, this, &MainWindow::showPlace);
    connect(m_convert, &ConvertPage::chooseEndsRequested, this, [this] {
        showPage(GraphIndex);
        m_graph->showCut();
    });
    connect(m_graph, &GraphPage::deviceLayerSelected, m_profile, &ProfilePage::selectLayer);
    connect(m_profile, &ProfilePage::layerChosen, m_graph, &GraphPage::selectDeviceLayer);
    connect(m_graph, &GraphPage::cutChosen, this, &MainWindow::setCut);
    connect(m_graph, &GraphPage::cancelRequested, this, [this] {
        m_loader.cancel();
        m_model = {};
        m_project.close();
        showPage(WelcomeIndex);
        showProject();
    });
    connect(m_convert, &ConvertPage::openRequested, this, &MainWindow::openPath);
    connect(m_convert, &ConvertPage::benchRequested, this, [this](const QString &hef) {
        m_bench->setHef(hef);
        showPage(BenchIndex);
    });
    connect(m_bench, &BenchPage::buildRequested, m_build, &QAction::trigger);
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
    if (page == CalibrateIndex)
        m_calibrate->showProject();
    showContext();
}

void MainWindow::showContext()
{
    QString name = tr("No network open");
    QString facts;
    auto controls = ContextBar::Controls::project;
    QString notice = tr("builds emulation HEFs: they run in the emulator, not on a chip");
    // The start page has its own main button.
    if (m_page == WelcomeIndex)
        controls = ContextBar::Controls::none;
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
    const QString both = tr("Networks, HEFs and recipes (*.onnx *.hef *.json)");
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
    const QString whole = QFileInfo(path).absoluteFilePath();
    switch (kindOf(whole)) {
    case FileKind::folder:
        openFolder(whole);
        return;
    case FileKind::hef:
        showPage(InspectIndex);
        m_inspect->openFile(whole);
        return;
    case FileKind::recipe:
        openRecipe(whole);
        return;
    case FileKind::samples:
        showPage(CalibrateIndex);
        m_calibrate->open({whole});
        return;
    case FileKind::network:
        m_shapes.clear();
        m_recipe.reset();
        showPage(GraphIndex);
        m_loader.open(whole);
        return;
    }
}

void MainWindow::openFolder(const QString &folder)
{
    const QStringList files = filesToOpen(folder);
    for (const QString &file : files)
        openPath(file);
    if (!files.isEmpty())
        return;
    m_calibration = folder;
    if (m_project.isOpen()) {
        ConversionChoices choices = m_project.choices();
        choices.calibration = folder;
        m_project.edit(choices, tr("calibration pictures"));
        m_convert->showSettings();
        showPage(ConvertIndex);
    } else {
        showPage(CalibrateIndex);
        m_calibrate->open({folder});
        statusBar()->showMessage(
            tr("The folder will be used for calibration once a network is open."), 8000);
    }
}

void MainWindow::openRecipe(const QString &file)
{
    auto choices = choicesFromRecipe(file);
    if (!choices) {
        showPage(GraphIndex);
        modelFailed(file, choices.error());
        return;
    }
    m_shapes.clear();
    for (auto shape = choices->inputShapes.begin(); shape != choices->inputShapes.end(); ++shape)
        for (const QString &dim : shape.value().split(QLatin1Char(',')))
            m_shapes[shape.key().toStdString()].push_back(dim.toLongLong());
    m_recipe = std::move(*choices);
    m_recipeFile = file;
    showPage(GraphIndex);
    m_loader.open(m_recipe->model, m_shapes, cutOf(*m_recipe));
}

ConversionChoices MainWindow::choicesFor(const QString &model) const
{
    ConversionChoices choices;
    choices.model = model;
    choices.chip = m_bar->chip()->value();
    choices.output = defaultOutput(model);
    choices.calibration = m_calibration;
    const QString labels =
        QFileInfo(model).absoluteDir().absoluteFilePath(QStringLiteral("labels.txt"));
    if (QFileInfo::exists(labels))
        choices.labels = labels;
    for (const auto &[name, shape] : m_shapes) {
        QStringList dims;
        for (const std::int64_t dim : shape)
            dims << QString::number(dim);
        choices.inputShapes.insert(QString::fromStdString(name), dims.join(QLatin1Char(',')));
    }
    return choices;
}

void MainWindow::modelLoaded(const LoadedModel &model)
{
    m_model = model;
    m_estimates.setGraph(model.device.graph);
    m_graph->showModel(model);
    m_convert->setGraph(model.source.graph);
    if (m_project.choices().model == model.file && m_isRecut) {
        m_isRecut = false;
    } else if (m_recipe) {
        m_project.open(*m_recipe);
        m_recent->add(m_recipeFile);
        m_recipe.reset();
    } else {
        m_project.open(choicesFor(model.file));
        m_recent->add(model.file);
    }
    m_convert->showSettings();
    showContext();
    updateBuild();
}

void MainWindow::modelFailed(const QString &file, const Diagnostics &diagnostics)
{
    m_model = {};
    m_model.file = file;
    m_recipe.reset();
    m_isRecut = false;
    m_project.close();
    m_estimates.setGraph(nullptr);
    m_graph->showErrors(file, diagnostics);
    showContext();
    updateBuild();
}

void MainWindow::showProject()
{
    if (m_project.isOpen() && m_bar->chip()->value() != m_project.choices().chip)
        m_bar->chip()->setValue(m_project.choices().chip);
    m_status->setDevice(m_bar->chip()->value() == QStringLiteral("hailo8") ? tr("Hailo-8")
                                                                           : tr("Hailo-8L"));
    m_graph->setChip(m_bar->chip()->value());
    m_profile->setChip(m_bar->chip()->value());
    // Also after an undo: the graph shows the cut that the project says.
    if (m_project.isOpen() && m_model.source.graph && m_project.choices().model == m_model.file &&
        !(cutOf(m_project.choices()) == m_model.cut)) {
        m_isRecut = true;
        m_model.cut = cutOf(m_project.choices());
        m_loader.recut(m_model, m_model.cut);
    }
    updateBuild();
}

void MainWindow::showPlace(const Place &place)
{
    const std::string &node = place.node.empty() ? place.layer : place.node;
    if (!node.empty() && m_graph->showNode(QString::fromStdString(node)))
        showPage(GraphIndex);
}

CutChoice MainWindow::cutOf(const ConversionChoices &choices) const
{
    return {choices.startNodes, choices.endNodes};
}

void MainWindow::setCut(const CutChoice &cut)
{
    ConversionChoices choices = m_project.choices();
    choices.startNodes = cut.starts;
    choices.endNodes = cut.ends;
    m_project.edit(choices, tr("part on the chip"));
}

void MainWindow::applyOption(const Fix &fix)
{
    ConversionChoices choices = m_project.choices();
    const QString value = QString::fromStdString(fix.values.front().second);
    const bool isColor = fix.values.front().first == "--color";
    (isColor ? choices.color : choices.normalize) = value;
    m_project.edit(choices, isColor ? tr("colour order") : tr("value range"));
}

void MainWindow::applyFix(const Fix &fix)
{
    if (!canApply(fix))
        return;
    const auto value = [&fix](std::string_view wanted) {
        for (const auto &[key, text] : fix.values)
            if (key == wanted)
                return QString::fromStdString(text);
        return QString();
    };
    if (fix.kind == "set-option") {
        applyOption(fix);
        m_convert->build(m_preferences.threads);
        return;
    }
    if (isRepair(fix)) {
        m_buildsAfterRepair = true;
        showPage(CalibrateIndex);
        m_calibrate->repairProject();
        return;
    }
    if (fix.kind == "set-end-nodes") {
        setCut({{}, value("nodes").split(QLatin1Char(','))});
        m_convert->build(m_preferences.threads);
        return;
    }
    if (fix.kind == "cut-before") {
        const QStringList ends = m_graph->endsBefore(value("node"));
        if (!ends.isEmpty()) {
            setCut({{}, ends});
            showPage(ConvertIndex);
            m_convert->showSettings();
        }
        return;
    }
    std::vector<std::int64_t> shape;
    for (const QString &dim : value("shape").split(QLatin1Char(',')))
        shape.push_back(dim.toLongLong());
    m_shapes[value("input").toStdString()] = std::move(shape);
    showPage(GraphIndex);
    m_loader.open(m_model.file, m_shapes);
}

void MainWindow::updateBuild()
{
    const bool isRunning = m_convert->isRunning();
    m_build->setEnabled(m_model.source.graph && !isRunning);
    m_saveRecipe->setEnabled(m_project.isOpen());
    m_bar->chip()->setEnabled(!isRunning);
}

void MainWindow::restoreSettings()
{
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    m_graph->restoreLayoutState(settings.value(QStringLiteral("graphLayout")).toByteArray());
    m_profile->restoreLayoutState(settings.value(QStringLiteral("profileLayout")).toByteArray());
    m_bar->chip()->setValue(settings.value(QStringLiteral("chip")).toString());
}

void MainWindow::saveSettings() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("geometry"), saveGeometry());
    settings.setValue(QStringLiteral("graphLayout"), m_graph->layoutState());
    settings.setValue(QStringLiteral("profileLayout"), m_profile->layoutState());
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
