// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/hef_overview_panel.h"

#include "common/badge.h"
#include "common/card.h"
#include "common/diagnostic_card.h"
#include "inspect/context_strip.h"
#include "inspect/section_strip.h"
#include "inspect/stream_model.h"

#include <QHeaderView>
#include <QTableView>

namespace hefstudio {

namespace {

Card *verdictCard(const QString &caption, const QString &verdict, Tone tone, const QString &detail)
{
    auto *card = new Card(caption);
    auto *title = new TextLabel(verdict, TextRole::title, tone);
    title->setElidedInTheMiddle();
    card->body()->addWidget(title);
    auto *text = new TextLabel(detail, TextRole::body, Tone::dim);
    text->setElidedInTheMiddle();
    card->body()->addWidget(text);
    card->body()->setSpacing(4);
    card->setAccessibleName(caption + QStringLiteral(": ") + verdict + QStringLiteral(", ") +
                            detail);
    return card;
}

} // namespace

HefOverviewPanel::HefOverviewPanel(const HefOverview &overview, QWidget *parent)
    : QScrollArea(parent), m_overview(overview)
{
    setObjectName(QStringLiteral("hefOverview"));
    setAccessibleName(tr("Overview of the HEF"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(makeVerdicts());
    if (!m_overview.contexts.empty()) {
        auto *card = new Card(tr("CONTEXTS · %1").arg(m_overview.contextsMeasure));
        card->body()->addWidget(new ContextStrip(m_overview.contexts));
        column->addWidget(card);
    }
    auto *pair = new QHBoxLayout;
    pair->setSpacing(12);
    pair->addWidget(makeStreams(), 3);
    pair->addWidget(makeFacts(), 1);
    column->addLayout(pair);
    for (const Diagnostic &check : m_overview.checks)
        column->addWidget(new DiagnosticCard(check));
    column->addStretch(1);
    setWidget(content);
}

QWidget *HefOverviewPanel::makeVerdicts()
{
    auto *row = new QWidget;
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(verdictCard(tr("CHIP"), m_overview.chip, Tone::normal, m_overview.chipDetail),
                      1);
    layout->addWidget(
        verdictCard(tr("COMPILER"), m_overview.compiler, Tone::normal, m_overview.compilerDetail),
        1);
    layout->addWidget(verdictCard(tr("INTEGRITY"), m_overview.integrity,
                                  m_overview.isIntact ? Tone::ok : Tone::bad,
                                  m_overview.integrityDetail),
                      1);
    Card *runs = nullptr;
    if (m_overview.isEmulation) {
        runs = verdictCard(tr("RUNS"), tr("In the emulator"), Tone::warn,
                           tr("does not run on a chip"));
        auto *badge = new Badge(tr("emulation HEF"), Tone::warn);
        badge->setObjectName(QStringLiteral("emulationBadge"));
        runs->captionRow()->addWidget(badge);
    } else if (m_overview.loads) {
        runs = verdictCard(tr("RUNS WITH"), tr("HailoRT %1").arg(m_overview.releases), Tone::ok,
                           tr("on %1").arg(m_overview.chips));
    } else {
        runs = verdictCard(tr("RUNS"), tr("Nowhere"), Tone::bad, tr("see the objections below"));
    }
    layout->addWidget(runs, 1);
    return row;
}

QWidget *HefOverviewPanel::makeStreams()
{
    auto *card = new Card(tr("STREAMS"));
    auto *table = new QTableView;
    table->setObjectName(QStringLiteral("streams"));
    table->setAccessibleName(tr("Streams"));
    table->setModel(new StreamModel(m_overview.streams, table));
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTextElideMode(Qt::ElideMiddle);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(30);
    QHeaderView *header = table->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionResizeMode(StreamModel::NameColumn, QHeaderView::Stretch);
    table->setColumnWidth(StreamModel::DirectionColumn, 48);
    table->setColumnWidth(StreamModel::TypeColumn, 72);
    table->setColumnWidth(StreamModel::LayoutColumn, 170);
    table->setColumnWidth(StreamModel::ScaleColumn, 100);
    table->setColumnWidth(StreamModel::ZeroColumn, 92);
    // As tall as its rows, up to a size from which it scrolls by itself.
    constexpr int mostRows = 14;
    const int rows = std::min(mostRows, std::max(1, int(m_overview.streams.size())));
    table->setMinimumHeight(rows * 30 + 34);
    card->body()->addWidget(table, 1);
    return card;
}

QWidget *HefOverviewPanel::makeFacts()
{
    auto *card = new Card(tr("FILE"));
    card->setMinimumWidth(280);
    auto *strip = new SectionStrip(m_overview.sections);
    connect(strip, &SectionStrip::placeChosen, this, &HefOverviewPanel::placeChosen);
    card->body()->addWidget(strip);
    auto *file = new FactList;
    file->setFacts(m_overview.fileFacts);
    card->body()->addWidget(file);
    card->body()->addSpacing(8);
    card->body()->addWidget(new TextLabel(tr("NETWORK"), TextRole::heading, Tone::dim));
    auto *group = new FactList;
    group->setFacts(m_overview.groupFacts);
    card->body()->addWidget(group);
    card->body()->addStretch();
    return card;
}

} // namespace hefstudio
