// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibrate/doctor_panel.h"

#include "common/diagnostic_card.h"
#include "common/link_button.h"
#include "common/text_label.h"

#include <QHBoxLayout>
#include <QScrollBar>
#include <QVBoxLayout>

namespace hefstudio {

DoctorPanel::DoctorPanel(QWidget *parent) : QScrollArea(parent)
{
    setObjectName(QStringLiteral("doctorPanel"));
    setAccessibleName(tr("What the doctor found"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 4, 0);
    column->setSpacing(8);
    m_summary = new TextLabel({}, TextRole::body, Tone::dim);
    m_summary->setObjectName(QStringLiteral("doctorSummary"));
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    m_cards = new QVBoxLayout;
    m_cards->setSpacing(8);
    column->addLayout(m_cards);
    column->addStretch(1);
    setWidget(content);
}

void DoctorPanel::show(const std::vector<Finding> &findings, const QString &allowed)
{
    m_summary->setText(allowed);
    while (QLayoutItem *item = m_cards->takeAt(0)) {
        // The button that was pressed may be among them.
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    for (std::size_t i = 0; i < findings.size(); ++i) {
        const Finding &finding = findings[i];
        auto *holder = new QWidget;
        auto *column = new QVBoxLayout(holder);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(2);
        Diagnostic diagnostic = finding.diagnostic;
        diagnostic.place = {}; // the page is about one set
        auto *card = new DiagnosticCard(diagnostic);
        connect(card, &DiagnosticCard::fixRequested, this,
                [this, i](const Fix &fix) { Q_EMIT fixRequested(int(i), fix); });
        column->addWidget(card);
        if (!finding.samples.empty()) {
            auto *link = new LinkButton(tr("Show %n picture(s)", nullptr, int(finding.samples.size())));
            link->setObjectName(QStringLiteral("showSamples"));
            link->setAccessibleName(link->text());
            connect(link, &QAbstractButton::clicked, this,
                    [this, i] { Q_EMIT showSamplesRequested(int(i)); });
            auto *row = new QHBoxLayout;
            row->setContentsMargins(16, 0, 0, 4);
            row->addWidget(link);
            row->addStretch();
            column->addLayout(row);
        }
        m_cards->addWidget(holder);
    }
}

} // namespace hefstudio
