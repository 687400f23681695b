// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibrate/calibrate_page.h"

#include "calibrate/contact_sheet.h"
#include "calibrate/doctor_panel.h"
#include "calibrate/picture_preview.h"
#include "calibration/repair.h"
#include "common/card.h"
#include "common/diagnostic_card.h"
#include "common/empty_state.h"
#include "common/files.h"
#include "common/segmented_control.h"
#include "common/text_label.h"

#include <QAbstractItemView>
#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardPaths>

namespace hefstudio {

CalibratePage::CalibratePage(Project &project, QWidget *parent)
    : QWidget(parent),
      m_project(project),
      m_model(new SampleModel(m_session, this)),
      m_addFolder(new QAction(tr("Calibration &Folder…"), this)),
      m_addFiles(new QAction(tr("Calibration Fi&les…"), this)),
      m_stack(new QStackedWidget)
{
    setObjectName(QStringLiteral("calibratePage"));
    setAcceptDrops(true);
    m_addFolder->setObjectName(QStringLiteral("actionCalibrationFolder"));
    m_addFiles->setObjectName(QStringLiteral("actionCalibrationFiles"));
    m_addFiles->setToolTip(tr("Pictures, videos, a data.yaml, a list, or an array"));
    connect(m_addFolder, &QAction::triggered, this, &CalibratePage::addFolder);
    connect(m_addFiles, &QAction::triggered, this, &CalibratePage::addFiles);
    auto *empty = new EmptyState(
        QStringLiteral("calibrate"), tr("What will the network see?"),
        tr("Drop a folder of pictures, a video, a data.yaml or an array here. The pictures set the "
           "range of every layer; the doctor looks for what would spoil them."));
    empty->addAction(m_addFiles, EmptyState::Weight::normal);
    empty->addAction(m_addFolder, EmptyState::Weight::primary);
    m_stack->addWidget(empty);
    m_stack->addWidget(makeErrors());
    m_stack->addWidget(makeSet());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);

    connect(&m_session, &CalibrationSession::started, this, [this] {
        showRunning(true);
        showFace();
    });
    connect(&m_session, &CalibrationSession::progressed, this,
            [this](const QString &what, qint64 done, qint64 total) {
                m_progress->setRange(0, int(std::max<qint64>(total, 0)));
                m_progress->setValue(int(done));
                m_progressText->setText(what);
            });
    connect(&m_session, &CalibrationSession::looked, this, [this] {
        showRunning(false);
        showFace();
        showFacts();
        showFindings();
        if (m_model->rowCount() > 0)
            m_sheet->setCurrentIndex(m_model->index(0));
    });
    connect(&m_session, &CalibrationSession::judged, this, [this] {
        showFacts();
        showFindings();
    });
    connect(&m_session, &CalibrationSession::failed, this, &CalibratePage::showErrors);
    connect(&m_session, &CalibrationSession::stopped, this, [this] {
        m_isTaking = false;
        if (std::exchange(m_isRepairing, false))
            Q_EMIT repairFinished(false);
        showRunning(false);
        showFace();
    });
    connect(&m_session, &CalibrationSession::written, this, &CalibratePage::finishWrite);
    connect(&m_session, &CalibrationSession::repaired, this, [this](const QString &target) {
        showRunning(false);
        m_isRepairing = false;
        ConversionChoices choices = m_project.choices();
        choices.calibration = target;
        if (m_project.isOpen())
            m_project.edit(choices, tr("calibration pictures"));
        open({target});
        Q_EMIT setTaken();
        Q_EMIT repairFinished(true);
    });
    connect(&m_project, &Project::changed, this,
            [this] { m_session.setChoices(m_project.choices()); });
    showRunning(false);
    showFace();
}

QWidget *CalibratePage::makeErrors()
{
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    m_errors = new QVBoxLayout;
    m_errors->setSpacing(8);
    column->addLayout(m_errors);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(buttonFor(m_addFolder));
    row->addWidget(buttonFor(m_addFiles));
    row->addStretch();
    column->addLayout(row);
    column->addStretch();
    return content;
}

QWidget *CalibratePage::makeSet()
{
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    column->addWidget(makeBar());
    m_progressRow = new QWidget;
    auto *row = new QHBoxLayout(m_progressRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_progress = new QProgressBar;
    m_progress->setObjectName(QStringLiteral("calibrationProgress"));
    m_progress->setAccessibleName(tr("Progress of looking at the pictures"));
    m_progress->setTextVisible(false);
    m_progressText = new TextLabel({}, TextRole::small, Tone::dim);
    m_progressText->setElidedInTheMiddle();
    m_cancel = new QPushButton(tr("Cancel"));
    m_cancel->setObjectName(QStringLiteral("calibrationCancel"));
    m_cancel->setAccessibleName(m_cancel->text());
    connect(m_cancel, &QPushButton::clicked, &m_session, &CalibrationSession::cancel);
    row->addWidget(m_progress, 2);
    row->addWidget(m_progressText, 1);
    row->addWidget(m_cancel);
    column->addWidget(m_progressRow);
    auto *splitter = new QSplitter;
    splitter->setObjectName(QStringLiteral("calibrateSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(12);
    splitter->addWidget(makeSheet());
    splitter->addWidget(makeSide());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({680, 460});
    column->addWidget(splitter, 1);
    return content;
}

QWidget *CalibratePage::makeBar()
{
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_name = new TextLabel({}, TextRole::title);
    m_name->setObjectName(QStringLiteral("calibrationName"));
    m_name->setElidedInTheMiddle();
    row->addWidget(m_name, 1);
    m_facts = new TextLabel({}, TextRole::body, Tone::dim);
    m_facts->setObjectName(QStringLiteral("calibrationFacts"));
    row->addWidget(m_facts);
    row->addStretch();
    row->addWidget(buttonFor(m_addFolder));
    row->addWidget(buttonFor(m_addFiles));
    m_export = new QPushButton(tr("&Export…"));
    m_export->setObjectName(QStringLiteral("calibrationExport"));
    m_export->setAccessibleName(tr("Export the set"));
    m_export->setToolTip(tr("As a folder, a list or an array of what the chip sees"));
    connect(m_export, &QPushButton::clicked, this, &CalibratePage::chooseExport);
    row->addWidget(m_export);
    m_take = new QPushButton(tr("&Use This Set"));
    m_take->setObjectName(QStringLiteral("calibrationTake"));
    m_take->setAccessibleName(tr("Use this set for the conversion"));
    m_take->setProperty("primary", true);
    connect(m_take, &QPushButton::clicked, this, &CalibratePage::take);
    row->addWidget(m_take);
    return bar;
}

QWidget *CalibratePage::makeSheet()
{
    auto *card = new Card;
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    m_filter = new SegmentedControl;
    m_filter->setObjectName(QStringLiteral("calibrationFilter"));
    m_filter->setAccessibleName(tr("Which pictures are shown"));
    m_filter->addSegment(tr("All"), QStringLiteral("all"));
    m_filter->addSegment(tr("In"), QStringLiteral("in"));
    m_filter->addSegment(tr("Left out"), QStringLiteral("out"));
    m_filter->addSegment(tr("Named"), QStringLiteral("named"));
    connect(m_filter, &SegmentedControl::valueChanged, this, [this](const QString &value) {
        m_showAll->hide();
        m_model->setFilter(value == QStringLiteral("in")      ? SampleModel::Filter::in
                           : value == QStringLiteral("out")   ? SampleModel::Filter::out
                           : value == QStringLiteral("named") ? SampleModel::Filter::named
                                                              : SampleModel::Filter::all);
    });
    row->addWidget(m_filter);
    m_showAll = new QPushButton(tr("Show All Again"));
    m_showAll->setObjectName(QStringLiteral("calibrationShowAll"));
    m_showAll->setAccessibleName(m_showAll->text());
    m_showAll->hide();
    connect(m_showAll, &QPushButton::clicked, this, [this] {
        m_showAll->hide();
        m_filter->setValue(QStringLiteral("all"));
        m_model->setFilter(SampleModel::Filter::all);
    });
    row->addWidget(m_showAll);
    row->addStretch();
    card->body()->addLayout(row);
    m_sheet = new ContactSheet(*m_model, m_session);
    m_sheet->viewport()->setBackgroundRole(QPalette::Base);
    connect(m_sheet, &ContactSheet::currentSampleChanged, this, &CalibratePage::showSample);
    card->body()->addWidget(m_sheet, 1);
    card->body()->addWidget(makeChoice());
    return card;
}

QWidget *CalibratePage::makeChoice()
{
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(new TextLabel(tr("Keep"), TextRole::body, Tone::dim));
    m_count = new QSpinBox;
    m_count->setObjectName(QStringLiteral("calibrationCount"));
    m_count->setAccessibleName(tr("Number of pictures to keep"));
    m_count->setRange(1, 1'000'000);
    m_count->setValue(int(samplesToCalibrate));
    row->addWidget(m_count);
    m_strategy = new QComboBox;
    m_strategy->setObjectName(QStringLiteral("calibrationStrategy"));
    m_strategy->setAccessibleName(tr("How they are chosen"));
    m_strategy->view()->setAccessibleName(m_strategy->accessibleName());
    m_strategy->addItem(tr("as unlike each other as can be"), int(SelectionStrategy::diverse));
    m_strategy->addItem(tr("at random"), int(SelectionStrategy::random));
    m_strategy->addItem(tr("of every class alike"), int(SelectionStrategy::perClass));
    row->addWidget(m_strategy);
    row->addWidget(new TextLabel(tr("seed"), TextRole::body, Tone::dim));
    m_seed = new QSpinBox;
    m_seed->setObjectName(QStringLiteral("calibrationSeed"));
    m_seed->setAccessibleName(tr("Seed of the choice"));
    m_seed->setRange(0, 1'000'000);
    m_seed->setValue(1);
    row->addWidget(m_seed);
    m_choose = new QPushButton(tr("&Choose"));
    m_choose->setObjectName(QStringLiteral("calibrationChoose"));
    m_choose->setAccessibleName(tr("Choose the pictures to keep"));
    connect(m_choose, &QPushButton::clicked, this, &CalibratePage::choose);
    row->addWidget(m_choose);
    auto *reset = new QPushButton(tr("Put &All Back"));
    reset->setObjectName(QStringLiteral("calibrationReset"));
    reset->setAccessibleName(tr("Put all pictures back"));
    connect(reset, &QPushButton::clicked, &m_session, &CalibrationSession::putAllBack);
    row->addWidget(reset);
    row->addStretch();
    return bar;
}

QWidget *CalibratePage::makeSide()
{
    auto *side = new QSplitter(Qt::Vertical);
    side->setObjectName(QStringLiteral("calibrateSide"));
    side->setChildrenCollapsible(false);
    side->setHandleWidth(12);
    auto *look = new Card(tr("PICTURE AND INPUT"));
    m_preview = new PicturePreview;
    look->body()->addWidget(m_preview, 1);
    side->addWidget(look);
    auto *doctor = new Card(tr("DOCTOR"));
    m_doctor = new DoctorPanel;
    m_doctor->viewport()->setBackgroundRole(QPalette::Base);
    m_doctor->widget()->setBackgroundRole(QPalette::Base);
    doctor->body()->addWidget(m_doctor, 1);
    connect(m_doctor, &DoctorPanel::fixRequested, this, &CalibratePage::applyFix);
    connect(m_doctor, &DoctorPanel::showSamplesRequested, this, [this](int finding) {
        const auto &findings = m_session.findings();
        if (std::size_t(finding) >= findings.size())
            return;
        m_model->showOnly(findings[std::size_t(finding)].samples);
        m_showAll->show();
        m_sheet->setCurrentIndex(m_model->index(0));
    });
    side->addWidget(doctor);
    side->setSizes({270, 320});
    return side;
}

void CalibratePage::open(const QStringList &sources)
{
    m_model->setFilter(SampleModel::Filter::all);
    m_session.open(sources, m_project.choices());
}

void CalibratePage::showProject()
{
    const QString &calibration = m_project.choices().calibration;
    if (calibration.isEmpty() || m_session.sources() == QStringList{calibration} ||
        m_session.isRunning() || !QFileInfo::exists(calibration))
        return;
    // A set that was put together here and written for the project is that set.
    if (m_session.set() && calibration == targetBeside(QStringLiteral("json")))
        return;
    open({calibration});
}

void CalibratePage::repairProject()
{
    m_isRepairing = true;
    const QString source = m_project.choices().calibration;
    m_session.repair(source, targetBeside(QStringLiteral("npy")), m_project.choices());
}

// "<model>.calibration.<ending>" beside the HEF to write, else beside the first source.
QString CalibratePage::targetBeside(const QString &ending) const
{
    const ConversionChoices &choices = m_project.choices();
    const QString basis = !choices.output.isEmpty() ? choices.output : m_session.sources().value(0);
    QFileInfo info(basis);
    QDir folder = info.absoluteDir();
    if (!QFileInfo(folder.absolutePath()).isWritable())
        folder = QDir(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    const QString stem = choices.model.isEmpty() ? info.completeBaseName()
                                                 : QFileInfo(choices.model).completeBaseName();
    return folder.absoluteFilePath(stem + QStringLiteral(".calibration.") + ending);
}

void CalibratePage::addFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder of pictures"));
    if (folder.isEmpty())
        return;
    if (m_session.set())
        m_session.add({folder});
    else
        open({folder});
}

void CalibratePage::addFiles()
{
    const QStringList files = QFileDialog::getOpenFileNames(
        this, tr("Pictures, videos, lists or an array"), {},
        tr("All that can be a set (*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff *.ppm *.pgm *.mp4 "
           "*.mov *.avi *.mkv *.webm *.yaml *.yml *.json *.npy *.npz *.safetensors)"));
    if (files.isEmpty())
        return;
    if (m_session.set() && !m_session.set()->isArray())
        m_session.add(files);
    else
        open(files);
}

void CalibratePage::chooseExport()
{
    QString chosen;
    const QString list = tr("List of the files (*.json)");
    const QString npy = tr("Array, NumPy (*.npy)");
    const QString npz = tr("Array, NumPy archive (*.npz)");
    const QString folder = tr("New folder of copies (*)");
    QString file = QFileDialog::getSaveFileName(
        this, tr("Export the set"), targetBeside(QStringLiteral("json")),
        QStringList{list, npy, npz, folder}.join(QStringLiteral(";;")), &chosen);
    if (file.isEmpty())
        return;
    if (!exportFormOf(toPath(file)))
        file += chosen == npy   ? QStringLiteral(".npy")
                : chosen == npz ? QStringLiteral(".npz")
                                : QStringLiteral(".json");
    m_session.write(file);
}

void CalibratePage::choose()
{
    m_session.choose(SelectionStrategy(m_strategy->currentData().toInt()),
                     std::size_t(m_count->value()), std::uint64_t(m_seed->value()));
    m_filter->setValue(QStringLiteral("in"));
    m_model->setFilter(SampleModel::Filter::in);
}

void CalibratePage::take()
{
    // One source of which nothing was left out needs no list.
    if (m_session.isWhole() && m_session.sources().size() == 1 &&
        !hasVideoEnding(toPath(m_session.sources().front()))) {
        m_isTaking = true;
        finishWrite(m_session.sources().front());
        return;
    }
    m_isTaking = true;
    m_session.write(targetBeside(QStringLiteral("json")));
}

void CalibratePage::finishWrite(const QString &target)
{
    showRunning(false);
    if (!std::exchange(m_isTaking, false))
        return;
    ConversionChoices choices = m_project.choices();
    choices.calibration = target;
    m_project.edit(choices, tr("calibration pictures"));
    Q_EMIT setTaken();
}

void CalibratePage::showFace()
{
    m_stack->setCurrentIndex(m_session.sources().isEmpty() && !m_session.isRunning() ? EmptyFace
                             : m_session.set() || m_session.isRunning()              ? SetFace
                                                                                     : EmptyFace);
}

void CalibratePage::showRunning(bool isRunning)
{
    m_progressRow->setVisible(isRunning);
    m_progress->setRange(0, 0);
    m_progressText->setText({});
    const bool hasSet = m_session.set() != nullptr;
    for (QWidget *widget : std::initializer_list<QWidget *>{m_export, m_choose})
        widget->setEnabled(hasSet && !isRunning);
    m_take->setEnabled(hasSet && !isRunning && m_project.isOpen());
    m_take->setToolTip(m_project.isOpen() ? QString() : tr("Open a network first"));
    QString name;
    for (const QString &source : m_session.sources())
        name += (name.isEmpty() ? QString() : QStringLiteral(" + ")) + QFileInfo(source).fileName();
    m_name->setText(name);
}

void CalibratePage::showFacts()
{
    const QLocale locale;
    const auto &set = m_session.set();
    if (!set)
        return;
    m_facts->setText(tr("%1 of %2 in")
                         .arg(locale.toString(qulonglong(m_session.countIn())),
                              locale.toString(qulonglong(set->size()))));
    const bool hasClasses = m_session.looks().labels.has_value();
    const int perClass = m_strategy->findData(int(SelectionStrategy::perClass));
    if (hasClasses && perClass < 0)
        m_strategy->addItem(tr("of every class alike"), int(SelectionStrategy::perClass));
    if (!hasClasses && perClass >= 0)
        m_strategy->removeItem(perClass);
    m_take->setEnabled(m_project.isOpen() && m_session.countIn() > 0 && !m_session.isRunning());
}

QString CalibratePage::allowedText() const
{
    const std::size_t count = m_session.countIn();
    const QString number = QLocale().toString(qulonglong(count));
    if (count >= samplesToTune)
        return tr("%1 samples: enough for every preset and for tuning weights.").arg(number);
    if (count >= samplesToCalibrate)
        return tr("%1 samples: enough for the presets; tuning weights wants 1024.").arg(number);
    return tr("%1 samples: 64 make ranges that can be trusted.").arg(number);
}

void CalibratePage::showFindings()
{
    std::vector<Finding> shown = m_session.findings();
    // The sentence above says it already.
    std::erase_if(shown, [](const Finding &f) { return f.diagnostic.id == "calib.no-tuning"; });
    const bool isFine = shown.empty();
    m_doctor->show(m_session.findings().empty() || isFine ? std::vector<Finding>() : shown,
                   isFine ? allowedText() + QLatin1Char(' ') + tr("Nothing to mend.")
                          : allowedText());
}

void CalibratePage::showErrors(const Diagnostics &why)
{
    m_isTaking = false;
    const bool wasRepairing = std::exchange(m_isRepairing, false);
    showRunning(false);
    while (QLayoutItem *item = m_errors->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const Diagnostic &diagnostic : why)
        m_errors->addWidget(new DiagnosticCard(diagnostic));
    m_stack->setCurrentIndex(ErrorFace);
    if (wasRepairing)
        Q_EMIT repairFinished(false);
}

void CalibratePage::showSample(int sample)
{
    if (sample < 0 || !m_session.set())
        m_preview->clear();
    else
        m_preview->show(m_session.set(), sample, m_session.preprocess());
}

void CalibratePage::applyFix(int finding, const Fix &fix)
{
    const auto &findings = m_session.findings();
    if (fix.kind == "leave-out-samples") {
        // Cards are made anew after each judgement; the finding is looked up by what it is called.
        const auto wanted = std::ranges::find_if(findings, [&fix](const Finding &each) {
            return !fix.values.empty() && each.diagnostic.id == fix.values.front().second;
        });
        if (wanted != findings.end())
            m_session.setIn(std::vector<std::size_t>(wanted->samples), false);
        return;
    }
    (void)finding;
    if (isRepair(fix)) {
        m_session.repair(m_session.sources().value(0), targetBeside(QStringLiteral("npy")),
                         m_project.choices());
        return;
    }
    Q_EMIT fixRequested(fix);
}

void CalibratePage::dragEnterEvent(QDragEnterEvent *event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.first().isLocalFile())
        event->acceptProposedAction();
}

void CalibratePage::dropEvent(QDropEvent *event)
{
    QStringList files;
    for (const QUrl &url : event->mimeData()->urls())
        if (url.isLocalFile())
            files << url.toLocalFile();
    if (files.isEmpty())
        return;
    event->acceptProposedAction();
    if (m_session.set() && !m_session.set()->isArray())
        m_session.add(files);
    else
        open(files);
}

} // namespace hefstudio
