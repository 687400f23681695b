// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/cluster_grid.h"

#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QPainter>

namespace hefstudio {

namespace {

constexpr int cellHeight = 22;
constexpr int cellGap = 4;
constexpr int labelWidth = 44;

// The shade says how full, the figure says it again for those who cannot see the shade.
QColor shade(const Tokens &tokens, double share)
{
    if (share <= 0)
        return tokens.raised;
    return mixed(tokens.raised, share > 0.85 ? tokens.warn : tokens.accent,
                 0.15 + 0.55 * std::min(1.0, share));
}

} // namespace

ClusterGrid::ClusterGrid(QWidget *parent) : QWidget(parent)
{
    setFont(fontFor(TextRole::small));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ClusterGrid::setCells(std::map<std::pair<int, int>, double> cells)
{
    m_cells = std::move(cells);
    m_contexts = m_clusters = 0;
    for (const auto &[place, share] : m_cells) {
        m_contexts = std::max(m_contexts, place.first + 1);
        m_clusters = std::max(m_clusters, place.second + 1);
    }
    setAccessibleName(tr("%1 contexts on %2 clusters").arg(m_contexts).arg(m_clusters));
    updateGeometry();
    update();
}

QSize ClusterGrid::sizeHint() const
{
    if (m_cells.empty())
        return {160, fontMetrics().height() + 4};
    return {labelWidth + m_clusters * 34,
            fontMetrics().height() * 2 + 14 + m_contexts * (cellHeight + cellGap)};
}

void ClusterGrid::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    if (m_cells.empty()) {
        painter.setPen(tokens.faint);
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignTop, tr("Nothing is placed yet."));
        return;
    }
    const int line = fontMetrics().height();
    const double cellWidth = std::min(60.0, (width() - labelWidth) / double(m_clusters));
    painter.setPen(tokens.faint);
    for (int cluster = 0; cluster < m_clusters; ++cluster)
        painter.drawText(QRectF(labelWidth + cluster * cellWidth, 0, cellWidth - cellGap, line),
                         Qt::AlignCenter, tr("cl %1").arg(cluster));
    for (int context = 0; context < m_contexts; ++context) {
        const double y = line + 4 + context * (cellHeight + cellGap);
        painter.setPen(tokens.faint);
        painter.drawText(QRectF(0, y, labelWidth - 8, cellHeight), Qt::AlignLeft | Qt::AlignVCenter,
                         tr("ctx %1").arg(context));
        for (int cluster = 0; cluster < m_clusters; ++cluster) {
            const auto found = m_cells.find({context, cluster});
            const double share = found == m_cells.end() ? 0 : found->second;
            const QRectF cell(labelWidth + cluster * cellWidth, y, cellWidth - cellGap, cellHeight);
            drawRounded(&painter, cell, shade(tokens, share), QColor(), 4);
            if (share > 0) {
                painter.setPen(tokens.text);
                painter.drawText(cell, Qt::AlignCenter, QString::number(qRound(share * 100)));
            }
        }
    }
    const double y = line + 8 + m_contexts * (cellHeight + cellGap);
    double x = 0;
    const struct {
        double share;
        QString text;
    } legend[] = {{0, tr("free")}, {0.5, tr("in use, %")}, {1, tr("over 85 %")}};
    for (const auto &entry : legend) {
        drawRounded(&painter, QRectF(x, y + 2, 10, 10), shade(tokens, entry.share), QColor(), 2);
        painter.setPen(tokens.dim);
        painter.drawText(QPointF(x + 15, y + 11), entry.text);
        x += 15 + fontMetrics().horizontalAdvance(entry.text) + 12;
    }
}

} // namespace hefstudio
