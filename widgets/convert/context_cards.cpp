// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/context_cards.h"

#include "common/files.h"
#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QLocale>
#include <QPainter>

#include <cmath>

namespace hefstudio {

ContextCards::ContextCards(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void ContextCards::setContexts(std::vector<ContextUpdated> contexts)
{
    m_contexts = std::move(contexts);
    QStringList spoken;
    for (const ContextUpdated &c : m_contexts)
        spoken << tr("context %1: compute %2 %").arg(c.context).arg(qRound(c.compute * 100));
    setAccessibleName(spoken.join(QStringLiteral(", ")));
    setMinimumHeight(heightForWidth(width()));
    updateGeometry();
    update();
}

int ContextCards::cardHeight() const
{
    return fontMetrics().height() * 5 + 34;
}

int ContextCards::columns(int width) const
{
    return std::max(1, (width + gap) / (cardWidth + gap));
}

int ContextCards::heightForWidth(int width) const
{
    const int count = std::max(1, int(m_contexts.size()));
    const int perRow = columns(width);
    const int rows = (count + perRow - 1) / perRow;
    return rows * cardHeight() + (rows - 1) * gap;
}

void ContextCards::resizeEvent(QResizeEvent *)
{
    setMinimumHeight(heightForWidth(width()));
}

void ContextCards::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (m_contexts.empty()) {
        const Tokens &tokens = tokensOf(palette());
        painter.setPen(tokens.faint);
        painter.drawText(rect(), Qt::AlignCenter, tr("Contexts appear here while they fill."));
        return;
    }
    const int perRow = std::min(columns(width()), int(m_contexts.size()));
    // Cards share the row's width, up to a width that still looks like a card.
    const int wide = std::min(260, (width() - (perRow - 1) * gap) / perRow);
    for (std::size_t i = 0; i < m_contexts.size(); ++i) {
        const int column = int(i) % perRow;
        const int row = int(i) / perRow;
        paintCard(painter,
                  QRect(column * (wide + gap), row * (cardHeight() + gap), wide, cardHeight()),
                  m_contexts[i]);
    }
}

void ContextCards::paintCard(QPainter &painter, const QRect &card,
                             const ContextUpdated &context) const
{
    const Tokens &tokens = tokensOf(palette());
    const QLocale locale;
    drawRounded(&painter, card, tokens.background, tokens.line, metrics::controlRadius);
    const QRect inner = card.adjusted(12, 10, -12, -10);
    const int line = fontMetrics().height();
    QRect row(inner.left(), inner.top(), inner.width(), line);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.setPen(tokens.text);
    painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, tr("Context %1").arg(context.context));
    painter.setFont(font());
    painter.setPen(tokens.dim);
    if (context.predictedMs > 0)
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter,
                         tr("%1 ms").arg(locale.toString(context.predictedMs, 'f',
                                                         context.predictedMs < 10 ? 2 : 1)));
    row.translate(0, line + 6);
    const QFont small = fontFor(TextRole::small);
    painter.setFont(small);
    const QFontMetrics smallMetrics(small);
    const struct {
        QString name;
        double share;
    } meters[] = {{tr("control"), context.control},
                  {tr("compute"), context.compute},
                  {tr("memory"), context.weightMemory}};
    const int nameWidth = std::max({smallMetrics.horizontalAdvance(meters[0].name),
                                    smallMetrics.horizontalAdvance(meters[1].name),
                                    smallMetrics.horizontalAdvance(meters[2].name)}) +
                          8;
    const int valueWidth = smallMetrics.horizontalAdvance(QStringLiteral("100 %")) + 8;
    for (const auto &meter : meters) {
        const bool isHigh = meter.share > 0.85;
        painter.setPen(tokens.dim);
        painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, meter.name);
        painter.setPen(isHigh ? tokens.warn : tokens.text);
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter,
                         tr("%1 %").arg(qRound(meter.share * 100)));
        const QRectF groove(row.left() + nameWidth, row.center().y() - 2,
                            std::max(8, row.width() - nameWidth - valueWidth), 6);
        drawRounded(&painter, groove, mixed(tokens.raised, tokens.text, 0.06), QColor(), 3);
        if (meter.share > 0.001) {
            QRectF filled = groove;
            filled.setWidth(std::clamp(groove.width() * meter.share, 4.0, groove.width()));
            drawRounded(&painter, filled, isHigh ? tokens.warn : tokens.accent, QColor(), 3);
        }
        row.translate(0, line + 1);
    }
    row.translate(0, 3);
    painter.setPen(tokens.faint);
    QString foot = tr("%n layer(s)", nullptr, context.layers);
    if (context.outputBytes > 0)
        foot +=
            QStringLiteral(" · ") + tr("%1 out").arg(byteText(std::uint64_t(context.outputBytes)));
    painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter,
                     smallMetrics.elidedText(foot, Qt::ElideRight, row.width()));
}

} // namespace hefstudio
