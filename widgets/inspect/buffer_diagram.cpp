// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/buffer_diagram.h"

#include "common/files.h"
#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>
#include <map>

namespace hefstudio {

std::vector<BufferArc> bufferArcs(const HefNetworkGroupView &group)
{
    std::map<std::pair<std::size_t, std::size_t>, BufferArc> arcs;
    for (const HefTransfer &transfer : group.transfers) {
        // Each buffer is listed by its writer and by its readers: the writers' side counts.
        if (transfer.direction != HefDirection::output)
            continue;
        for (const std::size_t reader : transfer.connectedContexts) {
            BufferArc &arc = arcs[{transfer.context, reader}];
            arc.from = transfer.context;
            arc.to = reader;
            ++arc.count;
            arc.bytes += transfer.frameBytes;
        }
    }
    std::vector<BufferArc> result;
    for (const auto &[pair, arc] : arcs)
        result.push_back(arc);
    return result;
}

BufferDiagram::BufferDiagram(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("bufferDiagram"));
    setAccessibleName(tr("Buffers between contexts"));
    setFont(fontFor(TextRole::small));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void BufferDiagram::setGroup(std::size_t contexts, std::vector<BufferArc> arcs)
{
    m_contexts = contexts;
    m_arcs = std::move(arcs);
    QStringList spoken;
    for (const BufferArc &arc : m_arcs)
        spoken << tr("context %1 to %2: %3").arg(arc.from).arg(arc.to).arg(byteText(arc.bytes));
    setAccessibleDescription(spoken.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

QSize BufferDiagram::sizeHint() const
{
    return {500, m_arcs.empty() ? 48 : 200};
}

void BufferDiagram::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens &tokens = tokensOf(palette());
    if (m_arcs.empty() || m_contexts == 0) {
        painter.setPen(tokens.faint);
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter,
                         tr("Nothing is stored between contexts."));
        return;
    }
    const double pitch = double(width()) / double(m_contexts);
    const double boxWidth = std::min(130.0, pitch - 12);
    const QRectF row(0, height() - 44, width(), 40);
    const auto centre = [&](std::size_t context) {
        return QPointF((double(context) + 0.5) * pitch, row.top());
    };
    std::uint64_t most = 1;
    for (const BufferArc &arc : m_arcs)
        most = std::max(most, arc.bytes);
    for (const BufferArc &arc : m_arcs) {
        const QPointF from = centre(arc.from) + QPointF(boxWidth * 0.2, 0);
        const QPointF to = centre(arc.to) - QPointF(boxWidth * 0.2, 0);
        const double reach = std::abs(to.x() - from.x());
        const double rise =
            std::min(row.top() - 22, 30 + reach / std::max(1.0, double(width())) * row.top());
        QPainterPath path(from);
        path.cubicTo(from - QPointF(0, rise * 4 / 3), to - QPointF(0, rise * 4 / 3), to);
        const double wide = 1.2 + 6 * std::sqrt(double(arc.bytes) / double(most));
        painter.setPen(QPen(mixed(tokens.panel, tokens.categories[arc.from % 5], 0.8), wide,
                            Qt::SolidLine, Qt::FlatCap));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(path);
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.categories[arc.from % 5]);
        const double head = 4 + wide / 2;
        painter.drawPolygon(QPolygonF{to, to + QPointF(-head, -head * 1.5),
                                      to + QPointF(head, -head * 1.5)});
        painter.setPen(tokens.dim);
        const QPointF top = path.pointAtPercent(0.5);
        painter.drawText(QRectF(top.x() - 90, top.y() - wide / 2 - 18, 180, 16), Qt::AlignCenter,
                         tr("%1 in %n buffer(s)", nullptr, arc.count).arg(byteText(arc.bytes)));
    }
    for (std::size_t context = 0; context < m_contexts; ++context) {
        const QRectF box(centre(context).x() - boxWidth / 2, row.top(), boxWidth, row.height());
        drawRounded(&painter, box, tokens.raised, tokens.line, 6);
        painter.setPen(tokens.text);
        painter.drawText(box, Qt::AlignCenter,
                         boxWidth > 80 ? tr("Context %1").arg(context)
                                       : QString::number(context));
    }
}

} // namespace hefstudio
