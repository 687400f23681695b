// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/badge.h"

#include "theme/style_drawing.h"

#include <QPainter>

namespace hefstudio {

Badge::Badge(const QString &text, Tone tone, QWidget *parent) : QWidget(parent)
{
    setFont(fontFor(TextRole::small));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    set(text, tone);
}

void Badge::set(const QString &text, Tone tone)
{
    m_text = text;
    m_tone = tone;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 18, fontMetrics().height() + 5};
}

void Badge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    const QColor &color = toneColor(tokens, m_tone);
    const bool isPlain = m_tone == Tone::dim || m_tone == Tone::faint || m_tone == Tone::normal;
    drawRounded(&painter, rect(), QColor(),
                isPlain ? mixed(tokens.line, tokens.border, 0.4) : color, height() / 2.0);
    painter.setPen(color);
    painter.drawText(rect(), Qt::AlignCenter, m_text);
}

} // namespace hefstudio
