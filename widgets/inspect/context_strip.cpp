// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/context_strip.h"

#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace hefstudio {

ContextStrip::ContextStrip(std::vector<ContextShare> contexts, QWidget *parent)
    : QWidget(parent), m_contexts(std::move(contexts))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    QStringList spoken;
    for (const ContextShare &context : m_contexts)
        spoken << context.name + QStringLiteral(": ") + context.detail;
    setAccessibleName(spoken.join(QStringLiteral("; ")));
}

QSize ContextStrip::sizeHint() const
{
    return {400, fontMetrics().height() * 2 + 18};
}

std::vector<QRectF> ContextStrip::cells() const
{
    // Each gets a share that its name fits in as far as possible, the rest goes by weight.
    constexpr double gap = 6;
    const double count = double(m_contexts.size());
    const double all = width() - gap * (count - 1);
    const double least = std::min(120.0, all / std::max(1.0, count));
    double total = 0;
    for (const ContextShare &context : m_contexts)
        total += context.weight;
    std::vector<QRectF> result;
    double x = 0;
    for (const ContextShare &context : m_contexts) {
        const double share = total > 0 ? context.weight / total : 1 / count;
        const double wide = least + (all - least * count) * share;
        result.emplace_back(x, 0, wide, height());
        x += wide + gap;
    }
    return result;
}

void ContextStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    const std::vector<QRectF> all = cells();
    const QFont small = fontFor(TextRole::small);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const QRectF &cell = all[i];
        drawRounded(&painter, cell, tokens.raised, QColor(), 5);
        painter.fillRect(QRectF(cell.left(), cell.top() + 6, 3, cell.height() - 12),
                         tokens.categories[i % tokens.categories.size()]);
        const QRectF text = cell.adjusted(12, 7, -6, -7);
        if (text.width() < 24)
            continue;
        painter.setFont(bold);
        painter.setPen(tokens.text);
        painter.drawText(
            text, Qt::AlignLeft | Qt::AlignTop,
            QFontMetrics(bold).elidedText(m_contexts[i].name, Qt::ElideRight, int(text.width())));
        painter.setFont(small);
        painter.setPen(tokens.dim);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignBottom,
                         QFontMetrics(small).elidedText(m_contexts[i].detail, Qt::ElideRight,
                                                        int(text.width())));
    }
}

bool ContextStrip::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const std::vector<QRectF> all = cells();
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i].contains(help->pos()))
                QToolTip::showText(help->globalPos(),
                                   m_contexts[i].name + QLatin1Char('\n') + m_contexts[i].detail,
                                   this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace hefstudio
