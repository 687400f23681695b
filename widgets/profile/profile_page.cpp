// SPDX-License-Identifier: GPL-3.0-or-later
#include "profile/profile_page.h"

#include "common/card.h"
#include "common/diagnostic_card.h"
#include "common/empty_state.h"
#include "common/fact_list.h"
#include "common/files.h"
#include "common/segmented_control.h"
#include "common/text_label.h"
#include "profile/batch_chart.h"
#include "profile/layer_table_model.h"
#include "profile/timeline_view.h"
#include "profile/utilisation_chart.h"
#include "theme/icons.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QTableView>

namespace hefstudio {

namespace {

QString limitText(Limit limit)
{
    switch (limit) {
    case Limit::compute:
        return ProfilePage::tr("compute");
    case Limit::transfer:
        return ProfilePage::tr("host link");
    case Limit::configuration:
        return ProfilePage::tr("loading contexts");
    case Limit::switching:
        return ProfilePage::tr("switching contexts");
    }
    return {};
}

double at(const std::map<int, double> &values, int batch)
{
    const auto found = values.find(batch);
    return found == values.end() ? 0 : found->second;
}

} // namespace

ProfilePage::ProfilePage(ChipEstimates &estimates, QAction *open, QAction *openSample,
                         QWidget *parent)
    : QMainWindow(parent),
      m_estimates(estimates),
      m_stack(new QStackedWidget),
      m_model(new LayerTableModel(this)),
      m_proxy(new QSortFilterProxyModel(this))
{
    setWindowFlags(Qt::Widget);
    setObjectName(QStringLiteral("profilePage"));
    auto *empty = new EmptyState(QStringLiteral("profile"), tr("How fast will it run?"),
                                 tr("Open a network: its speed, latency and use of the chip are "
                                    "predicted for Hailo-8L and Hailo-8, side by side."));
    if (openSample->isEnabled())
        empty->addAction(openSample, EmptyState::Weight::normal);
    empty->addAction(open, EmptyState::Weight::primary);
    m_stack->addWidget(empty);
    m_stack->addWidget(makeOverview());
    setCentralWidget(m_stack);
    m_timeline = new TimelineView;
    m_timelineDock =
        makeDock(tr("TIMELINE"), QStringLiteral("timelineDock"), m_timeline);
    m_tableDock = makeDock(tr("LAYERS BY TIME"), QStringLiteral("layerTableDock"), makeTable());
    splitDockWidget(m_timelineDock, m_tableDock, Qt::Horizontal);
    connect(m_timeline, &TimelineView::layerChosen, this, &ProfilePage::layerChosen);
    connect(&m_estimates, &ChipEstimates::changed, this, &ProfilePage::showEstimates);
    showEstimates();
}

QDockWidget *ProfilePage::makeDock(const QString &title, const QString &name, QWidget *content)
{
    auto *dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    dock->setAutoFillBackground(true);
    dock->setBackgroundRole(QPalette::Base);
    dock->setWidget(content);
    addDockWidget(Qt::BottomDockWidgetArea, dock);
    return dock;
}

ProfilePage::ChipCard ProfilePage::makeChipCard(const QString &chip)
{
    ChipCard made;
    const auto device = findDevice(chip.toStdString());
    const QString title = device ? QString::fromStdString(device->title) : chip;
    made.card = new Card(title.toUpper());
    made.card->setObjectName(QStringLiteral("chipCard-") + chip);
    made.speed = new TextLabel({}, TextRole::display);
    made.detail = new TextLabel({}, TextRole::small, Tone::dim);
    made.detail->setWordWrap(true);
    made.facts = new FactList;
    made.facts->setObjectName(QStringLiteral("chipFacts-") + chip);
    made.link = new QComboBox;
    made.link->setObjectName(QStringLiteral("link-") + chip);
    made.link->setAccessibleName(tr("Host link of %1").arg(title));
    made.link->view()->setAccessibleName(made.link->accessibleName());
    if (device)
        for (const HostLink &link : device->links)
            made.link->addItem(QString::fromStdString(link.name));
    connect(made.link, &QComboBox::currentTextChanged, this,
            [this, chip](const QString &link) { m_estimates.setLink(chip, link); });
    made.card->captionRow()->addWidget(made.link);
    made.card->body()->addWidget(made.speed);
    made.card->body()->addWidget(made.detail);
    made.card->body()->addWidget(made.facts);
    made.card->body()->addStretch();
    return made;
}

QWidget *ProfilePage::makeOverview()
{
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(16, 12, 16, 8);
    column->setSpacing(12);
    auto *head = new QHBoxLayout;
    head->setSpacing(10);
    auto *words = new TextLabel(tr("Predicted from a model of the chip, not measured. Batch"),
                                TextRole::body, Tone::dim);
    head->addWidget(words);
    m_batchBox = new SegmentedControl;
    m_batchBox->setObjectName(QStringLiteral("batch"));
    m_batchBox->setAccessibleName(tr("Batch size"));
    for (const int batch : EstimateChoices().batches)
        m_batchBox->addSegment(QString::number(batch), QStringLiteral("batch%1").arg(batch));
    connect(m_batchBox, &SegmentedControl::valueChanged, this, [this](const QString &value) {
        m_batch = value.mid(5).toInt();
        showEstimates();
    });
    head->addWidget(m_batchBox);
    head->addStretch();
    column->addLayout(head);
    m_problems = new QVBoxLayout;
    column->addLayout(m_problems);
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    for (const QString &chip : ChipEstimates::chips()) {
        m_cards[chip] = makeChipCard(chip);
        row->addWidget(m_cards[chip].card, 3);
    }
    auto *curve = new Card(tr("SPEED BY BATCH"));
    m_chart = new BatchChart;
    curve->body()->addWidget(m_chart, 1);
    row->addWidget(curve, 4);
    auto *use = new Card(tr("USE OF THE CHIP"));
    m_utilisation = new UtilisationChart;
    auto *useScroll = new QScrollArea;
    useScroll->setFrameShape(QFrame::NoFrame);
    useScroll->setWidgetResizable(true);
    useScroll->setAccessibleName(tr("Use of the chip by context"));
    useScroll->viewport()->setBackgroundRole(QPalette::Base);
    m_utilisation->setBackgroundRole(QPalette::Base);
    m_utilisation->setAutoFillBackground(true);
    useScroll->setWidget(m_utilisation);
    use->body()->addWidget(useScroll, 1);
    row->addWidget(use, 4);
    column->addLayout(row, 1);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setAccessibleName(tr("Speed of both chips"));
    scroll->setWidget(content);
    return scroll;
}

QWidget *ProfilePage::makeTable()
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(8, 0, 8, 4);
    column->setSpacing(4);
    auto *search = new QLineEdit;
    search->setObjectName(QStringLiteral("profileSearch"));
    search->setAccessibleName(tr("Find a layer"));
    search->setPlaceholderText(tr("Find a layer"));
    search->setClearButtonEnabled(true);
    search->addAction(themedIcon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_proxy->setSourceModel(m_model);
    m_proxy->setSortRole(LayerTableModel::SortRole);
    m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    connect(search, &QLineEdit::textChanged, m_proxy, &QSortFilterProxyModel::setFilterFixedString);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("layerTable"));
    m_table->setAccessibleName(tr("Layers by time"));
    m_table->setModel(m_proxy);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(LayerTableModel::TimeColumn, Qt::DescendingOrder);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(24);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(LayerTableModel::NameColumn,
                                                      QHeaderView::Stretch);
    const int widths[] = {0, 66, 104, 76, 104, 80};
    for (int section = 1; section < LayerTableModel::ColumnCount; ++section)
        m_table->setColumnWidth(section, widths[section]);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ProfilePage::chooseFromTable);
    column->addWidget(search);
    column->addWidget(m_table, 1);
    return box;
}

void ProfilePage::chooseFromTable(const QModelIndex &index)
{
    if (m_isFollowing || !index.isValid())
        return;
    const int layer = index.data(LayerTableModel::LayerRole).toInt();
    m_timeline->select(layer);
    Q_EMIT layerChosen(layer);
}

void ProfilePage::selectLayer(int layer)
{
    m_timeline->select(layer);
    m_isFollowing = true;
    m_table->clearSelection();
    for (int row = 0; row < m_proxy->rowCount(); ++row)
        if (m_proxy->index(row, 0).data(LayerTableModel::LayerRole).toInt() == layer) {
            m_table->setCurrentIndex(m_proxy->index(row, 0));
            break;
        }
    m_isFollowing = false;
}

void ProfilePage::setChip(const QString &chip)
{
    if (m_chip == chip)
        return;
    m_chip = chip;
    showEstimates();
}

void ProfilePage::showChip(const QString &chip, ChipCard &card)
{
    const auto estimate = m_estimates.of(chip);
    const QLocale locale;
    if (!estimate) {
        const bool hasFailed = !m_estimates.problems(chip).empty();
        card.speed->setText(hasFailed ? tr("does not fit") : tr("…"));
        card.detail->setText(hasFailed ? tr("see above") : tr("being worked out"));
        card.facts->setFacts({});
        return;
    }
    const Profile &profile = estimate->profile;
    const double fps = at(profile.framesPerSecond, m_batch);
    card.speed->setText(tr("%1 frames/s").arg(locale.toString(fps, 'f', fps < 100 ? 1 : 0)));
    card.detail->setText(
        tr("predicted; 80 % of published speeds lie between %1 and %2")
            .arg(locale.toString(fps * (1 + profile.errorLower), 'f', 0),
                 locale.toString(fps * (1 + profile.errorUpper), 'f', 0)));
    double device = 0, transfer = 0, configuration = 0;
    for (const ContextProfile &context : profile.contexts) {
        device += context.fillMs + context.periodMs * m_batch;
        transfer += context.transferMs * m_batch;
        configuration += context.configurationMs;
    }
    const auto ms = [&](double value) { return tr("%1 ms").arg(locale.toString(value, 'f', 2)); };
    QString limit = limitText(profile.bottleneck.limit);
    std::vector<Fact> facts{
        {tr("Latency of the batch"), ms(at(profile.latencyMs, m_batch))},
        {tr("Device alone"), ms(device)},
        {tr("Host link alone"), ms(transfer)},
        {tr("Contexts"), locale.toString(profile.contexts.size())},
    };
    if (profile.contexts.size() > 1)
        facts.push_back({tr("Loading contexts alone"), ms(configuration)});
    facts.push_back({tr("Held up by"), limit});
    if (!profile.bottleneck.layer.empty())
        facts.push_back({tr("Slowest layer"), QString::fromStdString(profile.bottleneck.layer)});
    facts.push_back({tr("To and from the host"),
                     tr("%1 a frame").arg(byteText(std::uint64_t(profile.hostBytesPerFrame)))});
    if (profile.interContextBytesPerFrame > 0)
        facts.push_back(
            {tr("Between contexts"),
             tr("%1 a frame").arg(byteText(std::uint64_t(profile.interContextBytesPerFrame)))});
    facts.push_back({tr("Link traffic"),
                     tr("%1/s").arg(byteText(std::uint64_t(profile.hostBandwidth)))});
    facts.push_back({tr("Host remainder"), tr("not estimated")});
    card.facts->setFacts(std::move(facts));
}

void ProfilePage::showTimeline()
{
    const auto estimate = m_estimates.of(m_chip);
    m_timeline->setTimeline(estimate ? timelineOf(*estimate, m_batch) : Timeline(), estimate);
}

void ProfilePage::showEstimates()
{
    bool hasAny = m_estimates.isWorking();
    while (QLayoutItem *item = m_problems->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    std::vector<BatchChart::Series> series;
    for (const QString &chip : ChipEstimates::chips()) {
        showChip(chip, m_cards[chip]);
        const auto estimate = m_estimates.of(chip);
        hasAny = hasAny || estimate || !m_estimates.problems(chip).empty();
        if (estimate)
            series.push_back({QString::fromStdString(estimate->device.title),
                              estimate->profile.framesPerSecond, chip == m_chip});
        for (const Diagnostic &problem : m_estimates.problems(chip))
            m_problems->addWidget(new DiagnosticCard(problem));
    }
    m_chart->setSeries(std::move(series));
    m_chart->setBatch(m_batch);
    const auto estimate = m_estimates.of(m_chip);
    m_utilisation->setEstimate(estimate);
    m_model->setEstimate(estimate);
    showTimeline();
    m_stack->setCurrentIndex(hasAny ? 1 : 0);
    m_timelineDock->setVisible(hasAny);
    m_tableDock->setVisible(hasAny);
}

void ProfilePage::resetLayout()
{
    addDockWidget(Qt::BottomDockWidgetArea, m_timelineDock);
    addDockWidget(Qt::BottomDockWidgetArea, m_tableDock);
    splitDockWidget(m_timelineDock, m_tableDock, Qt::Horizontal);
    showEstimates();
}

} // namespace hefstudio
