// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/jobs_panel.h"

#include "common/text_label.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>

namespace hefstudio {

namespace {

// Rows of the past that have failed are red, with the word beside.
class JobsView final : public QTableView {
public:
    using QTableView::QTableView;
    QSize sizeHint() const override
    {
        constexpr int shown = 6;
        const int rows = std::clamp(model()->rowCount(), 2, shown);
        return {400, horizontalHeader()->sizeHint().height() +
                         rows * verticalHeader()->defaultSectionSize() + 2};
    }
};

} // namespace

JobsPanel::JobsPanel(ConversionTable &table, QWidget *parent)
    : Card(tr("QUEUE AND HISTORY"), parent), m_table(table), m_view(new JobsView)
{
    m_view->setObjectName(QStringLiteral("conversions"));
    m_view->setAccessibleName(tr("Queued and past conversions"));
    m_view->setModel(&table);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setTabKeyNavigation(false);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(28);
    m_view->horizontalHeader()->setHighlightSections(false);
    const QFontMetrics metrics(m_view->font());
    const char *widest[] = {"", "Hailo-8L ", "accurate ", "11/22/26 12:59 PM ", "100.0 s ",
                            "100.0 MB ", "Ctx ", "10000 ", "100.0 dB ", "mAP kept "};
    for (int column = 0; column < ConversionTable::ColumnCount; ++column) {
        const bool stretches = column == ConversionTable::NetworkColumn;
        m_view->horizontalHeader()->setSectionResizeMode(column, stretches ? QHeaderView::Stretch
                                                                           : QHeaderView::Fixed);
        if (!stretches)
            m_view->setColumnWidth(
                column, metrics.horizontalAdvance(QLatin1String(widest[column])) + 24);
    }
    m_view->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    body()->addWidget(m_view);

    const auto button = [this](const QString &text, const char *name) {
        auto *made = new QPushButton(text);
        made->setObjectName(QLatin1String(name));
        made->setAccessibleName(text);
        return made;
    };
    m_add = button(tr("Add to Queue"), "addToQueue");
    m_addPresets = button(tr("Add All Presets"), "addPresets");
    m_run = button(tr("Run Queue"), "runQueue");
    m_remove = button(tr("Remove"), "removeJob");
    m_open = button(tr("Open"), "openJob");
    m_reuse = button(tr("Use Its Settings"), "reuseJob");
    m_compare = new QCheckBox(tr("Compare each with the float network"));
    m_compare->setObjectName(QStringLiteral("compareJobs"));
    m_compare->setAccessibleName(m_compare->text());
    captionRow()->addWidget(m_compare);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    for (QPushButton *each : {m_add, m_addPresets, m_run, m_remove})
        row->addWidget(each);
    row->addStretch();
    row->addWidget(m_open);
    row->addWidget(m_reuse);
    body()->addLayout(row);

    connect(m_add, &QPushButton::clicked, this, &JobsPanel::addRequested);
    connect(m_addPresets, &QPushButton::clicked, this, &JobsPanel::addPresetsRequested);
    connect(m_run, &QPushButton::clicked, this, &JobsPanel::runRequested);
    connect(m_remove, &QPushButton::clicked, this,
            [this] { Q_EMIT removeRequested(currentRow()); });
    const auto open = [this] {
        if (const PastConversion *entry = m_table.past(currentRow());
            entry && QFileInfo::exists(entry->choices.output))
            Q_EMIT openRequested(entry->choices.output);
    };
    connect(m_open, &QPushButton::clicked, this, open);
    connect(m_view, &QAbstractItemView::activated, this, open);
    connect(m_reuse, &QPushButton::clicked, this, [this] {
        if (const ConversionChoices *choices = m_table.choices(currentRow()))
            Q_EMIT settingsRequested(*choices);
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &JobsPanel::showButtons);
    connect(&table, &QAbstractItemModel::modelReset, this, [this] {
        m_view->updateGeometry();
        showButtons();
    });
    showButtons();
}

bool JobsPanel::wantsComparison() const
{
    return m_compare->isChecked();
}

void JobsPanel::setRunning(bool isRunning)
{
    m_isRunning = isRunning;
    showButtons();
}

int JobsPanel::currentRow() const
{
    return m_view->currentIndex().row();
}

void JobsPanel::showButtons()
{
    const int row = currentRow();
    const PastConversion *entry = m_table.past(row);
    m_run->setEnabled(!m_table.queue().empty() && !m_isRunning);
    m_remove->setEnabled(m_table.isWaiting(row));
    m_open->setEnabled(entry && QFileInfo::exists(entry->choices.output));
    m_reuse->setEnabled(m_table.choices(row) != nullptr);
}

} // namespace hefstudio
