// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/text_label.h"

#include "common/tool_tip.h"

#include <QEvent>
#include <QPainter>

namespace hefstudio {

const QColor &toneColor(const Tokens &tokens, Tone tone)
{
    switch (tone) {
    case Tone::normal:
        return tokens.text;
    case Tone::dim:
        return tokens.dim;
    case Tone::faint:
        return tokens.faint;
    case Tone::accent:
        return tokens.accent;
    case Tone::ok:
        return tokens.ok;
    case Tone::warn:
        return tokens.warn;
    case Tone::bad:
        return tokens.bad;
    }
    return tokens.text;
}

TextLabel::TextLabel(const QString &text, TextRole role, Tone tone, QWidget *parent)
    : QLabel(parent), m_role(role), m_tone(tone)
{
    setTextFormat(Qt::PlainText);
    setFont(fontFor(role));
    setText(text);
}

void TextLabel::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

void TextLabel::setElidedInTheMiddle()
{
    m_isElided = true;
    setToolTip(plainToolTip(text()));
    updateGeometry();
}

void TextLabel::setText(const QString &text)
{
    QLabel::setText(text);
    if (m_isElided)
        setToolTip(plainToolTip(text));
}

QSize TextLabel::minimumSizeHint() const
{
    const QSize hint = QLabel::minimumSizeHint();
    return m_isElided ? QSize(fontMetrics().averageCharWidth() * 6, hint.height()) : hint;
}

void TextLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    painter.setPen(isEnabled() ? toneColor(tokens, m_tone) : tokens.faint);
    int flags = int(alignment());
    if (wordWrap())
        flags |= Qt::TextWordWrap;
    const QRect rect = contentsRect();
    painter.drawText(rect, flags,
                     m_isElided ? fontMetrics().elidedText(text(), Qt::ElideMiddle, rect.width())
                                : text());
}

void TextLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange)
        setFont(fontFor(m_role));
}

} // namespace hefstudio
