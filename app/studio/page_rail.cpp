// SPDX-License-Identifier: GPL-3.0-or-later
#include "page_rail.h"

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/style_drawing.h"

#include <QPainter>
#include <QVBoxLayout>

namespace hefstudio {

RailButton::RailButton(const QString &icon, const QString &text, QWidget *parent)
    : QAbstractButton(parent), m_icon(icon)
{
    setText(text);
    setCheckable(true);
    setFont(fontFor(TextRole::small));
    setAccessibleName(text);
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void RailButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    const QRectF body = QRectF(rect()).adjusted(4, 2, -4, -2);
    if (isChecked() || underMouse())
        drawRounded(&painter, body,
                    isChecked() ? tokens.raised : mixed(tokens.panel, tokens.raised, 0.6), QColor(),
                    8);
    if (isChecked())
        drawRounded(&painter, QRectF(0, body.top() + 12, 3, body.height() - 24), tokens.accent,
                    QColor(), 1.5);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        drawFocusRing(&painter, body, tokens, 8);
    const QColor &color = isChecked() ? tokens.text : tokens.dim;
    painter.drawPixmap((width() - 22) / 2, 10, iconPixmap(m_icon, color, 22, devicePixelRatioF()));
    painter.setPen(color);
    painter.drawText(rect().adjusted(2, 34, -2, -4), Qt::AlignHCenter | Qt::AlignTop,
                     fontMetrics().elidedText(text(), Qt::ElideRight, width() - 4));
}

PageRail::PageRail(QWidget *parent)
    : QWidget(parent), m_column(new QVBoxLayout(this)), m_group(new QButtonGroup(this))
{
    m_column->setContentsMargins(4, 8, 5, 8);
    m_column->setSpacing(2);
    m_column->addStretch();
    setAccessibleName(tr("Pages"));
    connect(m_group, &QButtonGroup::idClicked, this, &PageRail::pageChosen);
    connect(m_group, &QButtonGroup::idToggled, this, [this](int id, bool isOn) {
        // Arrow keys toggle without a click.
        if (isOn)
            Q_EMIT pageChosen(id);
    });
}

void PageRail::addPage(const QString &icon, const QString &text, const QString &name)
{
    auto *button = new RailButton(icon, text, this);
    button->setObjectName(name);
    const int id = int(m_group->buttons().size());
    m_group->addButton(button, id);
    m_column->insertWidget(id, button);
    if (id == 0)
        button->setChecked(true);
}

void PageRail::setCurrent(int page)
{
    m_group->button(page)->setChecked(true);
}

void PageRail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    painter.fillRect(rect(), tokens.panel);
    painter.fillRect(QRect(width() - 1, 0, 1, height()), tokens.line);
}

} // namespace hefstudio
