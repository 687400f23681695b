// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/run_panel.h"

#include "common/card.h"
#include "common/files.h"
#include "common/text_label.h"
#include "convert/cluster_grid.h"
#include "convert/context_cards.h"
#include "convert/conversion_run.h"
#include "convert/log_view.h"
#include "convert/partition_chart.h"
#include "convert/result_card.h"
#include "convert/stage_delegate.h"

#include <QHeaderView>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTableView>

namespace hefstudio {

RunPanel::RunPanel(ConversionRun &run, QWidget *parent)
    : QWidget(parent), m_run(run), m_result(new ResultCard)
{
    auto *top = new QSplitter(Qt::Horizontal);
    top->setChildrenCollapsible(false);
    top->addWidget(makeStages());
    top->addWidget(makeMapping());
    top->addWidget(makeLedger());
    top->setStretchFactor(0, 0);
    top->setStretchFactor(1, 3);
    top->setStretchFactor(2, 2);
    top->setSizes({270, 500, 420});
    auto *all = new QSplitter(Qt::Vertical);
    all->setChildrenCollapsible(false);
    all->addWidget(top);
    auto *log = new LogView(run.log());
    log->setMinimumHeight(84);
    all->addWidget(log);
    all->setStretchFactor(0, 4);
    all->setStretchFactor(1, 1);
    all->setSizes({480, 140});

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(m_result);
    column->addWidget(all, 1);
    connect(&run, &ConversionRun::mappingChanged, this, &RunPanel::showMapping);
}

QWidget *RunPanel::makeStages()
{
    auto *card = new Card(tr("STAGES"));
    card->setMinimumWidth(230);
    auto *view = new QListView;
    view->setObjectName(QStringLiteral("stages"));
    view->setAccessibleName(tr("Stages"));
    view->setModel(&m_run.stages());
    view->setItemDelegate(new StageDelegate(view));
    view->setFrameShape(QFrame::NoFrame);
    view->setSelectionMode(QAbstractItemView::NoSelection);
    view->setFocusPolicy(Qt::TabFocus);
    view->setUniformItemSizes(true);
    view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view->setMinimumHeight(120);
    card->body()->addWidget(view, 1);
    auto *foot = new QHBoxLayout;
    m_elapsed = new TextLabel({}, TextRole::small, Tone::dim);
    m_elapsed->setObjectName(QStringLiteral("elapsed"));
    m_elapsed->setElidedInTheMiddle();
    foot->addWidget(m_elapsed, 1);
    m_cancel = new QPushButton(tr("Cancel"));
    m_cancel->setObjectName(QStringLiteral("cancelConversion"));
    m_cancel->setAccessibleName(tr("Cancel the conversion"));
    foot->addWidget(m_cancel);
    card->body()->addLayout(foot);
    return card;
}

QWidget *RunPanel::makeMapping()
{
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    m_chartCard = new Card(tr("PARTITION · predicted frame time by iteration"));
    m_chart = new PartitionChart;
    m_chart->setAccessibleName(tr("Predicted frame time by iteration"));
    m_chartCard->body()->addWidget(m_chart, 1);
    column->addWidget(m_chartCard, 1);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setAccessibleName(tr("Contexts"));
    m_contexts = new ContextCards;
    scroll->setWidget(m_contexts);
    scroll->viewport()->setBackgroundRole(QPalette::Base);
    m_contexts->setBackgroundRole(QPalette::Base);
    scroll->setMinimumHeight(m_contexts->minimumSizeHint().height());
    auto *card = new Card(tr("CONTEXTS"));
    card->body()->addWidget(scroll, 1);
    column->addWidget(card, 1);
    content->setMinimumWidth(330);
    return content;
}

QWidget *RunPanel::makeLedger()
{
    auto *card = new Card(tr("ASKED · USED · WHY"));
    card->setMinimumWidth(300);
    auto *table = new QTableView;
    table->setObjectName(QStringLiteral("ledger"));
    table->setAccessibleName(tr("Asked, used, why"));
    table->setModel(&m_run.ledger());
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTextElideMode(Qt::ElideRight);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(28);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->setColumnWidth(LedgerModel::SettingColumn, 104);
    table->setColumnWidth(LedgerModel::AskedColumn, 84);
    table->setColumnWidth(LedgerModel::UsedColumn, 84);
    card->body()->addWidget(table, 1);
    m_why = new TextLabel({}, TextRole::small, Tone::dim);
    m_why->setObjectName(QStringLiteral("why"));
    m_why->setWordWrap(true);
    card->body()->addWidget(m_why);
    connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) { showWhy(current.row()); });
    connect(&m_run.ledger(), &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int first) {
                if (m_run.ledger().rows()[std::size_t(first)].isLowered())
                    showWhy(first);
            });
    connect(&m_run.ledger(), &QAbstractItemModel::modelReset, this, [this] { showWhy(-1); });
    card->body()->addSpacing(4);
    card->body()->addWidget(new TextLabel(tr("CLUSTERS"), TextRole::heading, Tone::dim));
    m_clusters = new ClusterGrid;
    card->body()->addWidget(m_clusters);
    return card;
}

// The whole sentence: of the row that is chosen, else of the last one that was lowered.
void RunPanel::showWhy(int row)
{
    const Ledger &rows = m_run.ledger().rows();
    if (row < 0 || std::size_t(row) >= rows.size()) {
        m_why->setText({});
        return;
    }
    const LedgerRow &entry = rows[std::size_t(row)];
    QString text = QStringLiteral("%1: %2").arg(QString::fromStdString(entry.setting),
                                                QString::fromStdString(entry.used));
    if (!entry.why.empty())
        text += QStringLiteral(" — ") + QString::fromStdString(entry.why);
    m_why->setText(text);
}

void RunPanel::setRunning(bool isRunning)
{
    m_cancel->setVisible(isRunning);
    m_cancel->setEnabled(true);
    m_cancel->setText(tr("Cancel"));
}

void RunPanel::setElapsed(double seconds, double left, qint64 memory)
{
    QStringList facts{secondsText(seconds)};
    if (left >= 0)
        facts << tr("about %1 left").arg(secondsText(left));
    if (memory > 0)
        facts << byteText(std::uint64_t(memory));
    m_elapsed->setText(facts.join(QStringLiteral(" · ")));
}

void RunPanel::showMapping()
{
    m_chart->setIterations(m_run.iterations());
    m_contexts->setContexts(m_run.contexts());
    m_clusters->setCells(m_run.cells());
}

} // namespace hefstudio
