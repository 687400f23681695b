// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/segmented_control.h"

#include "theme/style_drawing.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>

namespace hefstudio {

SegmentButton::SegmentButton(const QString &text, QWidget *parent) : QAbstractButton(parent)
{
    setText(text);
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
}

void SegmentButton::setPosition(Position position)
{
    m_position = position;
    update();
}

QSize SegmentButton::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 26,
            std::max(fontMetrics().height() + 10, metrics::controlHeight)};
}

void SegmentButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    QStyleOption option;
    option.initFrom(this);
    // Neighbours overlap their inner edges by drawing beyond their own rectangle, clipped.
    QRectF shape = rect();
    constexpr int beyond = 12;
    if (m_position == Position::middle || m_position == Position::last)
        shape.adjust(-beyond, 0, 0, 0);
    if (m_position == Position::middle || m_position == Position::first)
        shape.adjust(0, 0, beyond, 0);
    const QColor edge = mixed(tokens.line, tokens.border, 0.55);
    const QColor fill = isChecked() ? (isEnabled() ? tokens.accent : tokens.border)
                        : underMouse() && isEnabled() ? mixed(tokens.raised, tokens.text, 0.07)
                                                      : tokens.raised;
    drawRounded(&painter, shape, fill, isChecked() ? fill : edge);
    if (!isChecked() && (m_position == Position::first || m_position == Position::middle))
        painter.fillRect(QRect(width() - 1, 6, 1, height() - 12), tokens.line);
    painter.setPen(isChecked() ? tokens.onAccent : isEnabled() ? tokens.dim : tokens.faint);
    painter.drawText(rect(), Qt::AlignCenter | Qt::TextSingleLine, text());
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        drawRounded(&painter, QRectF(rect()).adjusted(3, 3, -3, -3), QColor(),
                    isChecked() ? tokens.onAccent : tokens.accent, 5);
}

SegmentedControl::SegmentedControl(QWidget *parent)
    : QWidget(parent), m_group(new QButtonGroup(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(m_group, &QButtonGroup::idToggled, this, [this](int, bool isOn) {
        if (isOn)
            Q_EMIT valueChanged(value());
    });
}

SegmentButton *SegmentedControl::addSegment(const QString &text, const QString &value)
{
    auto *button = new SegmentButton(text, this);
    button->setProperty("segmentValue", value);
    button->setObjectName(QStringLiteral("segment-%1").arg(value));
    button->setAccessibleName(text);
    layout()->addWidget(button);
    const bool isFirst = m_group->buttons().isEmpty();
    m_group->addButton(button);
    if (isFirst)
        button->setChecked(true);
    const auto buttons = m_group->buttons();
    for (QAbstractButton *each : buttons) {
        const bool first = each == buttons.first();
        const bool last = each == buttons.last();
        static_cast<SegmentButton *>(each)->setPosition(first && last
                                                            ? SegmentButton::Position::only
                                                        : first ? SegmentButton::Position::first
                                                        : last  ? SegmentButton::Position::last
                                                                : SegmentButton::Position::middle);
    }
    return button;
}

QString SegmentedControl::value() const
{
    const QAbstractButton *checked = m_group->checkedButton();
    return checked ? checked->property("segmentValue").toString() : QString();
}

void SegmentedControl::setValue(const QString &value)
{
    for (QAbstractButton *button : m_group->buttons())
        if (button->property("segmentValue").toString() == value)
            button->setChecked(true);
}

} // namespace hefstudio
