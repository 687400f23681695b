// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/card.h"

#include "common/text_label.h"
#include "theme/style_drawing.h"

#include <QPainter>

namespace hefstudio {

Card::Card(const QString &caption, QWidget *parent) : QWidget(parent)
{
    m_body = new QVBoxLayout(this);
    m_body->setContentsMargins(16, 12, 16, 14);
    m_body->setSpacing(8);
    if (!caption.isEmpty()) {
        m_caption = new TextLabel(caption, TextRole::heading, Tone::dim);
        m_captionRow = new QHBoxLayout;
        m_captionRow->setSpacing(8);
        m_captionRow->addWidget(m_caption);
        m_captionRow->addStretch();
        m_body->addLayout(m_captionRow);
    }
}

void Card::setCaption(const QString &caption)
{
    if (m_caption)
        m_caption->setText(caption);
}

void Card::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    drawRounded(&painter, rect(), tokens.panel, tokens.line, metrics::cardRadius);
}

} // namespace hefstudio
