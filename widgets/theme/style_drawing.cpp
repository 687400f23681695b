// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/style_drawing.h"

#include "theme/icons.h"

#include <QPainter>
#include <QStyleOption>

namespace hefstudio {

void drawRounded(QPainter *painter, const QRectF &rect, const QColor &fill, const QColor &edge,
                 double radius)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(edge.isValid() ? QPen(edge, 1) : QPen(Qt::NoPen));
    painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    // The middle of the line lies on pixel centres: one sharp pixel instead of two grey ones.
    painter->drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter->restore();
}

void drawFocusRing(QPainter *painter, const QRectF &rect, const Tokens &tokens, double radius)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(tokens.accent, 2));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius);
    painter->restore();
}

QColor controlFill(const Tokens &tokens, QStyle::State state)
{
    if (!(state & QStyle::State_Enabled))
        return mixed(tokens.raised, tokens.panel, 0.5);
    if (state & (QStyle::State_Sunken | QStyle::State_On))
        return mixed(tokens.raised, tokens.text, 0.14);
    if (state & QStyle::State_MouseOver)
        return mixed(tokens.raised, tokens.text, 0.07);
    return tokens.raised;
}

void drawMenuItem(QPainter *painter, const QStyleOptionMenuItem &item, const QStyle &style)
{
    const Tokens &tokens = tokensOf(item.palette);
    if (item.menuItemType == QStyleOptionMenuItem::Separator) {
        painter->fillRect(
            QRect(item.rect.left() + 8, item.rect.center().y(), item.rect.width() - 16, 1),
            tokens.line);
        return;
    }
    const bool isEnabled = item.state & QStyle::State_Enabled;
    const bool isSelected = (item.state & QStyle::State_Selected) && isEnabled;
    if (isSelected)
        drawRounded(painter, item.rect.adjusted(4, 1, -4, -1),
                    mixed(tokens.raised, tokens.text, 0.1), QColor(), 5);
    const QColor color = isEnabled ? tokens.text : tokens.faint;
    const double ratio = painter->device()->devicePixelRatioF();
    const QRect mark(item.rect.left() + 12, item.rect.center().y() - 8, 16, 16);
    if (item.checkType != QStyleOptionMenuItem::NotCheckable && item.checked)
        painter->drawPixmap(mark.topLeft(),
                            iconPixmap(QStringLiteral("check"), tokens.accent, 16, ratio));
    else if (!item.icon.isNull())
        item.icon.paint(painter, mark, Qt::AlignCenter,
                        isEnabled ? QIcon::Normal : QIcon::Disabled);
    const QRect textRect = item.rect.adjusted(36, 0, -28, 0);
    const auto parts = item.text.split(QLatin1Char('\t'));
    painter->setFont(item.font);
    painter->setPen(color);
    int flags = Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextShowMnemonic;
    if (!style.styleHint(QStyle::SH_UnderlineShortcut, &item))
        flags |= Qt::TextHideMnemonic;
    painter->drawText(textRect, flags | Qt::AlignLeft, parts.value(0));
    if (parts.size() > 1) {
        painter->setPen(tokens.faint);
        painter->drawText(textRect, flags | Qt::AlignRight, parts.value(1));
    }
    if (item.menuItemType == QStyleOptionMenuItem::SubMenu)
        painter->drawPixmap(item.rect.right() - 24, item.rect.center().y() - 7,
                            iconPixmap(QStringLiteral("chevron-right"), tokens.dim, 14, ratio));
}

void drawTab(QPainter *painter, const QStyleOptionTab &tab)
{
    const Tokens &tokens = tokensOf(tab.palette);
    const bool isSelected = tab.state & QStyle::State_Selected;
    if (!isSelected && (tab.state & QStyle::State_MouseOver))
        drawRounded(painter, tab.rect.adjusted(2, 4, -2, -4), tokens.raised, QColor());
    if (isSelected)
        painter->fillRect(
            QRect(tab.rect.left() + 8, tab.rect.bottom() - 1, tab.rect.width() - 16, 2),
            tokens.accent);
}

void drawScrollBar(QPainter *painter, const QStyleOptionSlider &bar, const QRect &slider)
{
    const Tokens &tokens = tokensOf(bar.palette);
    if (bar.maximum <= bar.minimum)
        return;
    const bool isHeld =
        (bar.state & QStyle::State_Sunken) && (bar.activeSubControls & QStyle::SC_ScrollBarSlider);
    const bool isHovered = bar.state & QStyle::State_MouseOver;
    const QColor color = mixed(tokens.panel, tokens.border, isHeld ? 1.0 : isHovered ? 0.8 : 0.5);
    const QRectF thumb = bar.orientation == Qt::Horizontal ? slider.adjusted(1, 3, -1, -2)
                                                           : slider.adjusted(3, 1, -2, -1);
    drawRounded(painter, thumb, color, QColor(), std::min(thumb.width(), thumb.height()) / 2);
}

} // namespace hefstudio
