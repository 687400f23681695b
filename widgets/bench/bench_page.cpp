// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_page.h"

#include "base/archive.h"
#include "bench/bench_model.h"
#include "bench/bench_view.h"
#include "bench/tensor_view.h"
#include "calibration/calibration_set.h"
#include "common/badge.h"
#include "common/card.h"
#include "common/diagnostic_card.h"
#include "common/empty_state.h"
#include "common/files.h"
#include "common/segmented_control.h"
#include "common/text_label.h"
#include "hef/bundle.h"
#include "hef/hef_reader.h"

#include <QAbstractItemView>
#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLocale>
#include <QMimeData>
#include <QPushButton>
#include <QScrollArea>
#include <QSlider>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>

namespace hefstudio {

namespace {

QSlider *makeSlider(const QString &name, const QString &accessibleName, int percent)
{
    auto *slider = new QSlider(Qt::Horizontal);
    slider->setObjectName(name);
    slider->setAccessibleName(accessibleName);
    slider->setRange(5, 95);
    slider->setValue(percent);
    return slider;
}

QString percent(double share)
{
    return BenchPage::tr("%1 %").arg(QLocale().toString(share * 100, 'f', 1));
}

// The pictures of files and folders, in order, thinned out evenly.
std::vector<std::filesystem::path> picturesOf(const QStringList &paths)
{
    std::vector<std::filesystem::path> files;
    for (const QString &path : paths)
        if (const auto set = CalibrationSet::open(toPath(path)); set && !set->isArray())
            files.insert(files.end(), set->pictures().begin(), set->pictures().end());
    constexpr auto most = std::size_t(BenchPage::mostPictures);
    if (files.size() <= most)
        return files;
    std::vector<std::filesystem::path> kept;
    for (std::size_t i = 0; i < most; ++i)
        kept.push_back(files[i * files.size() / most]);
    return kept;
}

} // namespace

BenchPage::BenchPage(Project &project, QAction *open, QAction *openSample, QWidget *parent)
    : QWidget(parent), m_project(project), m_stack(new QStackedWidget)
{
    setObjectName(QStringLiteral("benchPage"));
    setAcceptDrops(true);
    const auto action = [this](const QString &text, const char *name, auto slot) {
        auto *made = new QAction(text, this);
        made->setObjectName(QLatin1String(name));
        connect(made, &QAction::triggered, this, slot);
        return made;
    };
    m_chooseHef = action(tr("Choose HEF…"), "benchChooseHef", &BenchPage::chooseHef);
    m_choosePictures =
        action(tr("Choose Pictures…"), "benchChoosePictures", &BenchPage::choosePicture);
    m_useCalibration = action(tr("Use the Calibration Pictures"), "benchUseCalibration",
                              &BenchPage::useCalibration);
    m_build = action(tr("Build Emulation HEF"), "benchBuild", &BenchPage::buildRequested);

    auto *noProject = new EmptyState(QStringLiteral("compare"), tr("No network to compare with"),
                                     tr("Open an ONNX file and build a HEF; here both look at your "
                                        "pictures side by side."));
    if (openSample->isEnabled())
        noProject->addAction(openSample, EmptyState::Weight::normal);
    noProject->addAction(open, EmptyState::Weight::primary);
    auto *noHef = new EmptyState(QStringLiteral("compare"), tr("No HEF of this network yet"),
                                 tr("Build one, or choose one that was built before."));
    noHef->addAction(m_chooseHef, EmptyState::Weight::normal);
    noHef->addAction(m_build, EmptyState::Weight::normal); // the bar above has it, too
    auto *noPictures =
        new EmptyState(QStringLiteral("compare"), tr("Drop pictures here"),
                       tr("A picture, several, or a folder: the float network and the HEF look at "
                          "each, and what differs is marked."));
    noPictures->addAction(m_choosePictures, EmptyState::Weight::normal);
    noPictures->addAction(m_useCalibration, EmptyState::Weight::primary);
    for (QWidget *page : std::initializer_list<QWidget *>{noProject, noHef, noPictures, makeWork()})
        m_stack->addWidget(page);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);

    connect(&m_session, &BenchSession::changed, this, &BenchPage::showSession);
    connect(&m_session, &BenchSession::detailsArrived, this,
            [this](std::size_t picture, const QImage &image,
                   const std::vector<BenchOutput> &outputs) {
                if (int(picture) != m_current)
                    return;
                m_view->setPicture(image);
                m_tensors->setOutputs(outputs);
            });
    connect(&m_project, &Project::changed, this, [this] {
        if (m_project.choices().model == m_model)
            return showState();
        m_model = m_project.choices().model;
        m_files.clear();
        m_session.clear();
        const QString built = m_project.choices().output;
        m_hef = QFileInfo::exists(built) ? built : QString();
        showState();
    });
    showState();
}

QWidget *BenchPage::makeWork()
{
    auto *split = new QSplitter(Qt::Horizontal);
    split->setChildrenCollapsible(false);
    split->addWidget(makeList());
    split->addWidget(makeCentre());
    split->addWidget(makeSide());
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 1);
    split->setStretchFactor(2, 0);
    split->setSizes({310, 700, 300});
    auto *work = new QWidget;
    auto *column = new QVBoxLayout(work);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    auto *faults = new QWidget;
    m_faults = new QVBoxLayout(faults);
    m_faults->setContentsMargins(0, 0, 0, 0);
    m_faults->setSpacing(8);
    column->addWidget(faults);
    column->addWidget(split, 1);
    return work;
}

QWidget *BenchPage::makeList()
{
    auto *card = new Card(tr("PICTURES"));
    card->setMinimumWidth(250);
    m_rows = new BenchModel(this);
    m_list = new QTableView;
    m_list->setObjectName(QStringLiteral("benchPictures"));
    m_list->setAccessibleName(tr("Pictures, worst agreement first"));
    m_list->setModel(m_rows);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setShowGrid(false);
    m_list->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setTabKeyNavigation(false);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->verticalHeader()->hide();
    m_list->verticalHeader()->setDefaultSectionSize(28);
    auto *header = m_list->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionResizeMode(BenchModel::NameColumn, QHeaderView::Stretch);
    for (const int column :
         {BenchModel::AgreementColumn, BenchModel::BoxesColumn, BenchModel::SnrColumn}) {
        header->setSectionResizeMode(column, QHeaderView::Fixed);
        m_list->setColumnWidth(column, column == BenchModel::SnrColumn ? 70 : 58);
    }
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    card->body()->addWidget(m_list, 1);
    m_progress = new TextLabel({}, TextRole::small, Tone::dim);
    m_progress->setObjectName(QStringLiteral("benchProgress"));
    card->body()->addWidget(m_progress);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(buttonFor(m_choosePictures));
    row->addStretch();
    card->body()->addLayout(row);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) {
                const int picture = m_rows->pictureOf(current.row());
                if (picture < 0 || picture == m_current)
                    return;
                m_current = picture;
                m_isChosen = true;
                showCurrent();
            });
    return card;
}

QWidget *BenchPage::makeCentre()
{
    auto *split = new QSplitter(Qt::Vertical);
    split->setChildrenCollapsible(false);
    auto *card = new Card(tr("FLOAT AND HEF"));
    m_mode = new SegmentedControl;
    m_mode->setObjectName(QStringLiteral("benchMode"));
    m_mode->setAccessibleName(tr("How both are shown"));
    m_mode->addSegment(tr("Side by side"), QStringLiteral("side"));
    m_mode->addSegment(tr("Swipe"), QStringLiteral("swipe"));
    card->captionRow()->addWidget(m_mode);
    m_view = new BenchView;
    m_view->setObjectName(QStringLiteral("benchView"));
    connect(m_mode, &SegmentedControl::valueChanged, m_view, [this](const QString &mode) {
        m_view->setMode(mode == QStringLiteral("swipe") ? BenchView::Mode::swipe
                                                        : BenchView::Mode::sideBySide);
    });
    card->body()->addWidget(m_view, 1);
    m_pictureFacts = new TextLabel({}, TextRole::small, Tone::dim);
    m_pictureFacts->setObjectName(QStringLiteral("benchPictureFacts"));
    card->body()->addWidget(m_pictureFacts);
    split->addWidget(card);
    auto *values = new Card(tr("OUTPUT VALUES"));
    m_tensors = new TensorView;
    values->body()->addWidget(m_tensors, 1);
    split->addWidget(values);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 1);
    split->setSizes({470, 220});
    return split;
}

QWidget *BenchPage::makeSide()
{
    auto *area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setAccessibleName(tr("Agreement and thresholds"));
    area->setMinimumWidth(270);
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(makeFigures());
    column->addWidget(makeThresholds());
    column->addStretch(1);
    area->setWidget(content);
    return area;
}

QWidget *BenchPage::makeFigures()
{
    auto *card = new Card(tr("AGREEMENT OF THE SET"));
    card->captionRow()->addWidget(new Badge(tr("predicted"), Tone::warn));
    m_setFigure = new TextLabel({}, TextRole::display);
    m_setFigure->setObjectName(QStringLiteral("benchSetFigure"));
    card->body()->addWidget(m_setFigure);
    m_setFacts = new TextLabel({}, TextRole::body, Tone::dim);
    m_setFacts->setWordWrap(true);
    card->body()->addWidget(m_setFacts);
    m_hefName = new TextLabel({}, TextRole::small, Tone::faint);
    m_hefName->setElidedInTheMiddle();
    card->body()->addWidget(m_hefName);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(buttonFor(m_chooseHef));
    m_export = new QPushButton(tr("Decode Code…"));
    m_export->setObjectName(QStringLiteral("benchExport"));
    m_export->setAccessibleName(tr("Write Python and C++ code that decodes the outputs"));
    m_export->setToolTip(m_export->accessibleName());
    connect(m_export, &QPushButton::clicked, this, &BenchPage::exportCode);
    row->addWidget(m_export);
    row->addStretch();
    card->body()->addLayout(row);
    return card;
}

QWidget *BenchPage::makeThresholds()
{
    auto *card = new Card(tr("WHAT COUNTS AS A BOX"));
    const auto add = [&](const QString &label, QSlider *slider, TextLabel *&value) {
        auto *row = new QHBoxLayout;
        row->addWidget(new TextLabel(label, TextRole::body, Tone::dim), 1);
        value = new TextLabel;
        row->addWidget(value);
        card->body()->addLayout(row);
        card->body()->addWidget(slider);
        connect(slider, &QSlider::valueChanged, this, &BenchPage::showThresholds);
        return slider;
    };
    m_score = add(tr("Score at least"),
                  makeSlider(QStringLiteral("benchScore"), tr("Weakest score that counts"), 25),
                  m_scoreText);
    m_iou = add(tr("Partners overlap at least"),
                makeSlider(QStringLiteral("benchIou"), tr("Least overlap of partners"), 50),
                m_iouText);
    card->body()->addWidget(new TextLabel(tr("Class"), TextRole::body, Tone::dim));
    m_class = new QComboBox;
    m_class->setObjectName(QStringLiteral("benchClass"));
    m_class->setAccessibleName(tr("Class to look at"));
    m_class->view()->setAccessibleName(m_class->accessibleName());
    m_class->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_class->addItem(tr("All classes"), -1);
    connect(m_class, &QComboBox::currentIndexChanged, this, &BenchPage::showThresholds);
    card->body()->addWidget(m_class);
    return card;
}

BenchThresholds BenchPage::thresholds() const
{
    return {.score = m_score->value() / 100.0,
            .iou = m_iou->value() / 100.0,
            .onlyClass = m_class->currentData().toInt()};
}

void BenchPage::setHef(const QString &file)
{
    m_hef = file;
    restart();
}

void BenchPage::setPictures(const QStringList &paths)
{
    m_files = picturesOf(paths);
    restart();
}

void BenchPage::restart()
{
    m_current = m_loaded = -1;
    m_isChosen = false;
    m_view->setPicture({});
    m_tensors->setOutputs({});
    showState();
    if (m_stack->currentIndex() == Working)
        m_session.start(m_hef, settingsOf(m_project.choices()), m_files);
    else
        m_session.clear();
}

void BenchPage::showState()
{
    const ConversionChoices &choices = m_project.choices();
    m_useCalibration->setEnabled(!choices.calibration.isEmpty());
    m_stack->setCurrentIndex(!m_project.isOpen()        ? NoProject
                             : !QFileInfo::exists(m_hef) ? NoHef
                             : m_files.empty()           ? NoPictures
                                                         : Working);
    m_hefName->setText(QFileInfo(m_hef).fileName());
    m_hefName->setToolTip(m_hef);
}

void BenchPage::showSession()
{
    while (QLayoutItem *item = m_faults->takeAt(0)) {
        if (QWidget *widget = item->widget())
            widget->deleteLater();
        delete item;
    }
    constexpr std::size_t mostCards = 2;
    for (std::size_t i = 0; i < std::min(mostCards, m_session.faults().size()); ++i)
        m_faults->addWidget(new DiagnosticCard(m_session.faults()[i]));
    const auto &labels = m_session.labels();
    if (m_class->count() != int(labels.size()) + 1) {
        const QSignalBlocker quiet(m_class);
        while (m_class->count() > 1)
            m_class->removeItem(1);
        for (std::size_t i = 0; i < labels.size(); ++i)
            m_class->addItem(QString::fromStdString(labels[i]), int(i));
    }
    const int done = int(m_session.pictures().size());
    m_progress->setText(m_session.isRunning() && done < m_session.wanted()
                            ? tr("%1 of %2 looked at").arg(done).arg(m_session.wanted())
                            : tr("%n picture(s)", nullptr, done));
    for (QWidget *box : {static_cast<QWidget *>(m_score), static_cast<QWidget *>(m_iou),
                         static_cast<QWidget *>(m_class)})
        box->setEnabled(m_session.isDetector());
    showThresholds();
}

void BenchPage::showThresholds()
{
    const BenchThresholds limits = thresholds();
    m_scoreText->setText(tr("%1 %").arg(m_score->value()));
    m_iouText->setText(tr("%1 %").arg(m_iou->value()));
    const bool isDetector = m_session.isDetector();
    const BenchSummary summary = summaryOf(m_session.pictures(), limits);
    double weakest = 200;
    for (const BenchPicture &picture : m_session.pictures())
        for (const BenchOutput &output : picture.outputs)
            weakest = std::min(weakest, output.signal.snrDb());
    if (summary.pictures == 0) {
        m_setFigure->setText(QStringLiteral("–"));
        m_setFacts->setText({});
    } else if (isDetector) {
        m_setFigure->setText(percent(summary.share()));
        m_setFacts->setText(
            tr("%1 of the boxes have a partner: %2 in float, %3 in the HEF, %4 pairs with a mean "
               "overlap of %5. Weakest output %6.")
                .arg(percent(summary.share()))
                .arg(summary.floatBoxes)
                .arg(summary.hefBoxes)
                .arg(summary.partners)
                .arg(percent(summary.meanIou), snrText(weakest)));
    } else {
        m_setFigure->setText(snrText(weakest));
        m_setFacts->setText(tr("This is no detector whose boxes are known: the weakest output of "
                               "all pictures, signal over error."));
    }
    m_rows->show(m_session.pictures(), limits, isDetector);
    if (summary.pictures == 0)
        return;
    if (!m_isChosen)
        m_current = m_rows->pictureOf(0);
    {
        const QSignalBlocker quiet(m_list->selectionModel());
        m_list->selectRow(m_rows->rowOf(m_current));
    }
    m_list->viewport()->update();
    showCurrent();
}

void BenchPage::showCurrent()
{
    if (m_current < 0 || std::size_t(m_current) >= m_session.pictures().size())
        return;
    const BenchPicture &picture = m_session.pictures()[std::size_t(m_current)];
    BenchAgreement agreement = agreementOf(picture, thresholds());
    m_pictureFacts->setText(
        m_session.isDetector()
            ? tr("%1 — %2 agree, %3 boxes in float, %4 in the HEF, mean overlap %5")
                  .arg(QString::fromStdString(picture.name), percent(agreement.share()))
                  .arg(agreement.floatBoxes.size())
                  .arg(agreement.hefBoxes.size())
                  .arg(percent(agreement.meanIou))
            : QString::fromStdString(picture.name));
    m_view->setBoxes(std::move(agreement), m_session.labels());
    if (m_current == m_loaded)
        return;
    m_loaded = m_current;
    m_view->setPicture({});
    m_session.loadDetails(std::size_t(m_current));
}

void BenchPage::choosePicture()
{
    const QStringList files = QFileDialog::getOpenFileNames(
        this, tr("Choose Pictures"), m_project.choices().calibration,
        tr("Pictures (%1)").arg(pictureFilters().join(QLatin1Char(' '))));
    if (!files.isEmpty())
        setPictures(files);
}

void BenchPage::chooseHef()
{
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Choose HEF"), QFileInfo(m_hef).absolutePath(),
                                     tr("HEF files (*.hef)"));
    if (!file.isEmpty())
        setHef(file);
}

void BenchPage::useCalibration()
{
    setPictures({m_project.choices().calibration});
}

void BenchPage::exportCode()
{
    const QString folder = QFileDialog::getExistingDirectory(
        this, tr("Folder for the Decode Code"), QFileInfo(m_hef).absolutePath());
    if (folder.isEmpty())
        return;
    const auto fault = [this](const Diagnostics &faults) {
        m_faults->addWidget(new DiagnosticCard(faults.front()));
    };
    const auto hef = Hef::open(toPath(m_hef));
    if (!hef)
        return fault(hef.error());
    const auto files = decodeFiles(*hef);
    if (!files)
        return fault(files.error());
    for (const ArchiveMember &file : *files)
        if (auto written = writeFileAtomically(toPath(folder) / file.name, file.bytes); !written)
            return fault(written.error());
}

void BenchPage::dragEnterEvent(QDragEnterEvent *event)
{
    for (const QUrl &url : event->mimeData()->urls()) {
        const QFileInfo file(url.toLocalFile());
        if (url.isLocalFile() && (file.isDir() || hasPictureEnding(toPath(file.filePath()))))
            return event->acceptProposedAction();
    }
}

void BenchPage::dropEvent(QDropEvent *event)
{
    QStringList paths;
    for (const QUrl &url : event->mimeData()->urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    setPictures(paths);
    event->acceptProposedAction();
}

} // namespace hefstudio
