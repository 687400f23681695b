// SPDX-License-Identifier: GPL-3.0-or-later
#include "context_bar.h"

#include "common/empty_state.h"
#include "common/segmented_control.h"
#include "common/text_label.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

namespace hefstudio {

ContextBar::ContextBar(QAction *build, QAction *openHef, QWidget *parent)
    : QWidget(parent),
      m_name(new TextLabel({}, TextRole::body)),
      m_facts(new TextLabel({}, TextRole::small, Tone::dim)),
      m_chip(new SegmentedControl),
      m_build(buttonFor(build)),
      m_openHef(buttonFor(openHef))
{
    QFont bold = m_name->font();
    bold.setWeight(QFont::DemiBold);
    m_name->setFont(bold);
    m_name->setElidedInTheMiddle();
    m_facts->setElidedInTheMiddle();
    m_name->setObjectName(QStringLiteral("documentName"));
    m_facts->setObjectName(QStringLiteral("documentFacts"));
    m_chip->setObjectName(QStringLiteral("chip"));
    m_chip->setAccessibleName(tr("Chip"));
    m_chip->addSegment(tr("Hailo-8L"), QStringLiteral("hailo8l"))
        ->setToolTip(tr("Raspberry Pi AI Kit, AI HAT+ 13 TOPS"));
    m_chip->addSegment(tr("Hailo-8"), QStringLiteral("hailo8"))
        ->setToolTip(tr("AI HAT+ 26 TOPS, Hailo-8 M.2 modules"));
    m_build->setObjectName(QStringLiteral("build"));
    m_build->setProperty("primary", true);
    m_openHef->setObjectName(QStringLiteral("openHefButton"));

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 8, 16, 9);
    row->setSpacing(12);
    row->addWidget(m_name);
    row->addWidget(m_facts, 1);
    row->addWidget(m_chip);
    row->addWidget(m_build);
    row->addWidget(m_openHef);
    setFixedHeight(metrics::controlHeight + 18);
}

void ContextBar::showDocument(const QString &name, const QString &facts, Controls controls)
{
    m_name->setText(name);
    m_facts->setText(facts);
    m_chip->setVisible(controls == Controls::project);
    m_build->setVisible(controls == Controls::project);
    m_openHef->setVisible(controls == Controls::hef);
}

void ContextBar::setBuildPrimary(bool isPrimary)
{
    m_build->setProperty("primary", isPrimary);
    m_build->update();
}

void ContextBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    painter.fillRect(rect(), tokens.panel);
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.line);
    painter.fillRect(QRect(0, 0, width(), 1), tokens.line);
}

} // namespace hefstudio
