// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/link_button.h"

#include "common/tool_tip.h"
#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QPainter>

namespace hefstudio {

LinkButton::LinkButton(const QString &text, QWidget *parent) : QAbstractButton(parent)
{
    setText(text);
    setFont(fontFor(TextRole::smallCode));
    setAccessibleName(text);
    setToolTip(plainToolTip(text));
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

QSize LinkButton::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 6, fontMetrics().height() + 4};
}

QSize LinkButton::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 8, sizeHint().height()};
}

void LinkButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    QFont drawn = font();
    drawn.setUnderline(underMouse() || hasFocus());
    painter.setFont(drawn);
    painter.setPen(isEnabled() ? tokens.accent : tokens.faint);
    const QRect inner = rect().adjusted(2, 0, -2, 0);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(text(), Qt::ElideMiddle, inner.width()));
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        drawFocusRing(&painter, rect(), tokens, 4);
}

} // namespace hefstudio
