// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/cut_panel.h"

#include "common/card.h"
#include "common/diagnostic_card.h"
#include "common/fact_list.h"
#include "common/files.h"
#include "common/link_button.h"
#include "common/text_label.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>

namespace hefstudio {

namespace {

constexpr std::size_t mostOutputs = 40;

void clear(QVBoxLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater(); // a click on it may have led here
        }
        delete item;
    }
}

} // namespace

CutPanel::CutPanel(QWidget *parent)
    : QWidget(parent),
      m_title(new TextLabel({}, TextRole::title)),
      m_selected(new TextLabel({}, TextRole::smallCode, Tone::dim)),
      m_end(new QPushButton),
      m_start(new QPushButton),
      m_reset(new QPushButton(tr("Use the Proposal"))),
      m_outputs(new QVBoxLayout),
      m_host(new FactList),
      m_problems(new QVBoxLayout)
{
    auto *content = new QWidget;
    content->setBackgroundRole(QPalette::Base);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(12, 0, 12, 12);
    column->setSpacing(6);
    m_title->setWordWrap(true);
    m_title->setObjectName(QStringLiteral("cutTitle"));
    column->addWidget(m_title);
    m_selected->setElidedInTheMiddle();
    column->addWidget(m_selected);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(6);
    m_end->setObjectName(QStringLiteral("toggleEnd"));
    m_start->setObjectName(QStringLiteral("toggleStart"));
    m_reset->setObjectName(QStringLiteral("useProposal"));
    m_reset->setAccessibleName(m_reset->text());
    buttons->addWidget(m_end);
    buttons->addWidget(m_start);
    buttons->addStretch();
    column->addLayout(buttons);
    column->addWidget(m_reset, 0, Qt::AlignLeft);
    column->addLayout(m_problems);
    column->addSpacing(4);
    column->addWidget(new TextLabel(tr("OUTPUTS OF THE HEF"), TextRole::heading, Tone::dim));
    m_outputs->setSpacing(8);
    column->addLayout(m_outputs);
    column->addSpacing(8);
    column->addWidget(new TextLabel(tr("CHIP AND HOST"), TextRole::heading, Tone::dim));
    m_host->setObjectName(QStringLiteral("hostFacts"));
    column->addWidget(m_host);
    column->addStretch();
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("Where the chip's part ends"));
    scroll->viewport()->setBackgroundRole(QPalette::Base);
    scroll->setWidget(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(scroll);

    connect(m_end, &QPushButton::clicked, this, &CutPanel::toggleEnd);
    connect(m_start, &QPushButton::clicked, this, &CutPanel::toggleStart);
    connect(m_reset, &QPushButton::clicked, this, [this] { Q_EMIT cutChosen({}); });
    showButtons();
}

void CutPanel::setModel(const LoadedModel &model)
{
    m_model = model;
    m_preview = previewCut(model);
    clear(m_problems);
    for (const Diagnostic &problem : m_preview.problems)
        m_problems->addWidget(new DiagnosticCard(problem));
    const bool isOwn = !(m_model.cut == CutChoice{});
    m_title->setText(isOwn ? tr("Cut where you chose") : tr("Cut by the network's structure"));
    m_reset->setVisible(isOwn);
    showOutputs();
    showButtons();
}

void CutPanel::showOutputs()
{
    clear(m_outputs);
    const QLocale locale;
    std::int64_t bytes = 0;
    for (std::size_t i = 0; i < m_preview.outputs.size(); ++i) {
        const CutOutput &output = m_preview.outputs[i];
        bytes += output.bytes;
        if (i >= mostOutputs)
            continue;
        auto *box = new QWidget;
        auto *column = new QVBoxLayout(box);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(1);
        auto *head = new QHBoxLayout;
        auto *link = new LinkButton(output.node);
        link->setObjectName(QStringLiteral("cutOutput"));
        link->setAccessibleName(tr("Show %1").arg(output.node));
        connect(link, &QAbstractButton::clicked, this,
                [this, node = output.node] { Q_EMIT nodeChosen(node); });
        head->addWidget(link, 1);
        head->addWidget(new TextLabel(output.shape, TextRole::smallCode));
        column->addLayout(head);
        QStringList facts;
        if (!output.role.isEmpty())
            facts << output.role;
        if (output.stride > 0)
            facts << tr("stride %1").arg(output.stride);
        facts << QStringLiteral("uint8") << byteText(std::uint64_t(output.bytes));
        column->addWidget(
            new TextLabel(facts.join(QStringLiteral(" · ")), TextRole::small, Tone::dim));
        if (!output.reason.isEmpty()) {
            auto *why = new TextLabel(output.reason, TextRole::small, Tone::faint);
            why->setWordWrap(true);
            column->addWidget(why);
        }
        m_outputs->addWidget(box);
    }
    if (m_preview.outputs.size() > mostOutputs)
        m_outputs->addWidget(
            new TextLabel(tr("… and %1 more").arg(m_preview.outputs.size() - mostOutputs),
                          TextRole::small, Tone::dim));
    m_host->setFacts({
        {tr("Layers on the chip"), locale.toString(m_preview.chipLayers)},
        {tr("Layers on the host"), locale.toString(m_preview.hostLayers)},
        {tr("Host operators"), m_preview.hostOperators.isEmpty()
                                   ? tr("none")
                                   : m_preview.hostOperators.join(QStringLiteral(", "))},
        {tr("To the host, a frame"), byteText(std::uint64_t(bytes))},
    });
}

QStringList CutPanel::effectiveEnds() const
{
    QStringList ends = m_model.cut.ends;
    if (ends.isEmpty())
        for (const EndNodeProposal &proposal : m_model.proposals)
            ends << QString::fromStdString(proposal.node);
    return ends;
}

void CutPanel::setSelectedNode(const QString &node)
{
    m_node = node;
    showButtons();
}

void CutPanel::showButtons()
{
    const bool isEnd = effectiveEnds().contains(m_node);
    const bool isStart = m_model.cut.starts.contains(m_node);
    m_end->setText(isEnd ? tr("Not an End") : tr("End Here"));
    m_start->setText(isStart ? tr("Not a Start") : tr("Start Here"));
    for (QPushButton *button : {m_end, m_start}) {
        button->setEnabled(!m_node.isEmpty());
        button->setAccessibleName(button->text());
    }
    m_selected->setText(m_node.isEmpty() ? tr("Select a layer to cut there.") : m_node);
}

void CutPanel::toggleEnd()
{
    if (m_node.isEmpty())
        return;
    CutChoice cut = m_model.cut;
    cut.ends = effectiveEnds();
    if (!cut.ends.removeOne(m_node)) {
        // The first end of one's own replaces the proposal: the two rarely make sense together.
        if (m_model.cut.ends.isEmpty())
            cut.ends.clear();
        cut.ends << m_node;
    }
    Q_EMIT cutChosen(cut);
}

void CutPanel::toggleStart()
{
    if (m_node.isEmpty())
        return;
    CutChoice cut = m_model.cut;
    if (!cut.starts.removeOne(m_node))
        cut.starts << m_node;
    Q_EMIT cutChosen(cut);
}

} // namespace hefstudio
