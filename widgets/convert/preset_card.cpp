// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/preset_card.h"

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/style_drawing.h"

#include <QPainter>

namespace hefstudio {

PresetCard::PresetCard(Text text, QWidget *parent)
    : QAbstractButton(parent), m_text(std::move(text))
{
    setCheckable(true);
    setAutoExclusive(true);
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::StrongFocus);
    setText(m_text.title);
    setAccessibleName(m_text.title);
    setAccessibleDescription(m_text.precision + QStringLiteral(". ") + m_text.effort);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void PresetCard::setUnavailable(const QString &why)
{
    m_why = why;
    setEnabled(false);
    setAccessibleDescription(accessibleDescription() + QStringLiteral(" ") + why);
    update();
}

void PresetCard::setNote(const QString &note, bool isWarning)
{
    m_note = note;
    m_isWarning = isWarning;
    setAccessibleDescription(m_text.precision + QStringLiteral(". ") + m_text.effort +
                             QStringLiteral(" ") + note);
    update();
}

QSize PresetCard::sizeHint() const
{
    return {260, fontMetrics().height() * 6 + 44};
}

void PresetCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    const QColor fill = isChecked()                   ? mixed(tokens.panel, tokens.accent, 0.1)
                        : underMouse() && isEnabled() ? mixed(tokens.panel, tokens.text, 0.03)
                                                      : tokens.panel;
    drawRounded(&painter, rect(), fill, isChecked() ? tokens.accent : tokens.line,
                metrics::cardRadius);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        drawFocusRing(&painter, rect(), tokens, metrics::cardRadius);
    const QColor &strong = isEnabled() ? tokens.text : tokens.faint;
    const QColor &soft = isEnabled() ? tokens.dim : tokens.faint;
    painter.drawPixmap(
        16, 14,
        iconPixmap(m_text.icon, isChecked() ? tokens.accent : soft, 20, devicePixelRatioF()));
    const QRect inner = rect().adjusted(48, 12, -16, -12);
    const int line = fontMetrics().height();
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.setPen(strong);
    painter.drawText(QRect(inner.left(), inner.top(), inner.width(), line + 4),
                     Qt::AlignLeft | Qt::AlignVCenter, m_text.title);
    if (isChecked())
        painter.drawPixmap(
            rect().right() - 32, 14,
            iconPixmap(QStringLiteral("check"), tokens.accent, 18, devicePixelRatioF()));
    painter.setFont(font());
    painter.setPen(soft);
    painter.drawText(QRect(inner.left(), inner.top() + line + 6, inner.width(), line + 2),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(m_text.precision, Qt::ElideRight, inner.width()));
    painter.setFont(fontFor(TextRole::small));
    painter.setPen(m_why.isEmpty() ? tokens.faint : tokens.warn);
    painter.drawText(QRect(inner.left(), inner.top() + 2 * line + 10, inner.width(), 3 * line),
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                     m_why.isEmpty() ? m_text.effort : m_why);
    painter.setPen(m_isWarning ? tokens.warn : soft);
    painter.drawText(QRect(inner.left(), inner.bottom() - 2 * line + 2, inner.width(), 2 * line),
                     Qt::AlignLeft | Qt::AlignBottom | Qt::TextWordWrap, m_note);
}

} // namespace hefstudio
