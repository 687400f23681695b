// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/fact_list.h"

#include "common/tool_tip.h"
#include "theme/fonts.h"
#include "theme/tokens.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace hefstudio {

FactList::FactList(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void FactList::setFacts(std::vector<Fact> facts)
{
    m_facts = std::move(facts);
    QStringList spoken;
    for (const Fact &fact : m_facts)
        spoken << QStringLiteral("%1: %2").arg(fact.name, fact.value);
    setAccessibleDescription(spoken.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

int FactList::rowHeight() const
{
    return fontMetrics().height() + 11;
}

QSize FactList::sizeHint() const
{
    return {220, int(m_facts.size()) * rowHeight() + 1};
}

QSize FactList::minimumSizeHint() const
{
    return {120, sizeHint().height()};
}

void FactList::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    const QFont code = fontFor(TextRole::code);
    const QFontMetrics codeMetrics(code);
    int y = 0;
    for (const Fact &fact : m_facts) {
        const QRect row(0, y, width(), rowHeight());
        painter.setFont(font());
        painter.setPen(tokens.dim);
        const int nameWidth = std::min(fontMetrics().horizontalAdvance(fact.name) + 12,
                                       std::max(60, width() * 6 / 10));
        painter.drawText(row.adjusted(0, 0, -(width() - nameWidth), 0), Qt::AlignVCenter,
                         fontMetrics().elidedText(fact.name, Qt::ElideRight, nameWidth));
        painter.setFont(code);
        painter.setPen(tokens.text);
        painter.drawText(row, Qt::AlignVCenter | Qt::AlignRight,
                         codeMetrics.elidedText(fact.value, Qt::ElideMiddle, width() - nameWidth));
        painter.fillRect(QRect(0, row.bottom(), width(), 1), tokens.line);
        y += rowHeight();
    }
}

bool FactList::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const auto row = std::size_t(std::max(0, help->pos().y() / rowHeight()));
        if (row < m_facts.size())
            QToolTip::showText(help->globalPos(), plainToolTip(m_facts[row].value), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace hefstudio
