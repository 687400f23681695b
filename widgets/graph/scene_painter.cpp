// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/scene_painter.h"

#include "theme/fonts.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

namespace hefstudio {

namespace {

QPainterPath edgePath(const GraphLayout &layout, std::size_t edge)
{
    QPainterPath path;
    const std::uint32_t first = layout.edgeStart[edge];
    const std::uint32_t end = layout.edgeStart[edge + 1];
    if (end - first < 2)
        return path;
    path.moveTo(layout.edgePoints[first]);
    for (std::uint32_t p = first + 1; p < end; ++p) {
        const QPointF &from = layout.edgePoints[p - 1];
        const QPointF &to = layout.edgePoints[p];
        if (std::abs(from.x() - to.x()) < 0.5) {
            path.lineTo(to);
        } else {
            const double middle = (from.y() + to.y()) / 2;
            path.cubicTo(QPointF(from.x(), middle), QPointF(to.x(), middle), to);
        }
    }
    return path;
}

// One pixel on screen whatever the zoom.
QPen screenPen(const QColor &color, double width)
{
    QPen pen(color, width);
    pen.setCosmetic(true);
    return pen;
}

} // namespace

QColor familyColor(const Tokens &tokens, LayerFamily family)
{
    switch (family) {
    case LayerFamily::weighted:
        return tokens.categories[0];
    case LayerFamily::activation:
        return tokens.categories[1];
    case LayerFamily::spatial:
        return tokens.categories[2];
    case LayerFamily::joining:
        return tokens.categories[3];
    case LayerFamily::boundary:
        return tokens.categories[4];
    case LayerFamily::layout:
        return tokens.border;
    }
    return tokens.border;
}

ScenePainter::Detail ScenePainter::detailAt(double zoom)
{
    if (zoom < 0.12)
        return Detail::dots;
    if (zoom < 0.42)
        return Detail::boxes;
    return zoom < 0.66 ? Detail::titles : Detail::full;
}

void ScenePainter::paint(QPainter &painter, const GraphScene &scene, const View &view,
                         const Tokens &tokens)
{
    paintEdges(painter, scene, view, tokens);
    scene.nodesIn(view.visible, m_found);
    if (detailAt(view.zoom) == Detail::dots) {
        paintDots(painter, scene, tokens);
    } else {
        painter.setRenderHint(QPainter::Antialiasing);
        for (const std::uint32_t i : m_found)
            paintNode(painter, scene.nodes()[i], view, int(i), tokens);
    }
    if (view.selected >= 0 && view.zoom < 0.12) {
        const double grow = 3 / view.zoom;
        painter.setPen(screenPen(tokens.text, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(
            scene.nodes()[std::size_t(view.selected)].rect.adjusted(-grow, -grow, grow, grow));
    }
}

void ScenePainter::paintEdges(QPainter &painter, const GraphScene &scene, const View &view,
                              const Tokens &tokens)
{
    scene.edgesIn(view.visible, m_found);
    const GraphLayout &layout = scene.layout();
    painter.setBrush(Qt::NoBrush);
    if (detailAt(view.zoom) <= Detail::dots) {
        QList<QLineF> lines;
        for (const std::uint32_t e : m_found)
            for (std::uint32_t p = layout.edgeStart[e] + 1; p < layout.edgeStart[e + 1]; ++p)
                lines.emplaceBack(layout.edgePoints[p - 1], layout.edgePoints[p]);
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(screenPen(tokens.line, 0));
        painter.drawLines(lines);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    const QPen normal =
        screenPen(mixed(tokens.background, tokens.border, 0.75), view.zoom < 0.42 ? 1 : 1.4);
    painter.setPen(normal);
    std::vector<std::uint32_t> marked;
    for (const std::uint32_t e : m_found) {
        const auto &[from, to] = scene.edges()[e];
        if (int(from) == view.selected || int(to) == view.selected)
            marked.push_back(e);
        else
            painter.drawPath(edgePath(layout, e));
    }
    painter.setPen(screenPen(tokens.accent, 2));
    for (const std::uint32_t e : marked)
        painter.drawPath(edgePath(layout, e));
}

void ScenePainter::paintDots(QPainter &painter, const GraphScene &scene, const Tokens &tokens)
{
    std::array<QList<QRectF>, layerFamilyCount> byFamily;
    for (const std::uint32_t i : m_found)
        byFamily[std::size_t(scene.nodes()[i].family)].push_back(scene.nodes()[i].rect);
    painter.setPen(Qt::NoPen);
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (int family = 0; family < layerFamilyCount; ++family) {
        painter.setBrush(familyColor(tokens, LayerFamily(family)));
        painter.drawRects(byFamily[std::size_t(family)]);
    }
}

void ScenePainter::paintNode(QPainter &painter, const SceneNode &node, const View &view, int index,
                             const Tokens &tokens)
{
    const Detail detail = detailAt(view.zoom);
    const QColor color = familyColor(tokens, node.family);
    const bool isSelected = index == view.selected;
    const QColor fill = isSelected              ? mixed(tokens.panel, color, 0.22)
                        : index == view.hovered ? mixed(tokens.panel, tokens.text, 0.06)
                                                : tokens.panel;
    painter.setPen(
        screenPen(isSelected ? color : mixed(tokens.panel, color, 0.7), isSelected ? 2.5 : 1));
    painter.setBrush(fill);
    if (detail == Detail::boxes) {
        painter.drawRect(node.rect);
    } else {
        painter.drawRoundedRect(node.rect, 6, 6);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    const QRectF bar(node.rect.left() + (detail == Detail::boxes ? 0 : 6),
                     node.rect.top() + (detail == Detail::boxes ? 0 : 9),
                     detail == Detail::boxes ? 22 : 4,
                     node.rect.height() - (detail == Detail::boxes ? 0 : 18));
    if (detail == Detail::boxes)
        painter.drawRect(bar);
    else
        painter.drawRoundedRect(bar, 2, 2);
    if (detail == Detail::boxes)
        return;

    static constexpr double inset = 18;
    QFont title = QApplication::font();
    title.setWeight(QFont::DemiBold);
    title.setPointSizeF(title.pointSizeF() * (detail == Detail::titles ? 1.15 : 12.5 / 13));
    painter.setFont(title);
    painter.setPen(tokens.text);
    const QRectF text = node.rect.adjusted(inset, 0, -10, 0);
    const auto elided = [&](const QString &whole, Qt::TextElideMode mode, double width) {
        return painter.fontMetrics().elidedText(whole, mode, int(width));
    };
    if (detail == Detail::titles) {
        painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                         elided(node.title, Qt::ElideRight, text.width()));
        return;
    }
    QFont small = QApplication::font();
    small.setPointSizeF(small.pointSizeF() * 11.0 / 13);
    const double shapeWidth = QFontMetricsF(small).horizontalAdvance(node.shape);
    painter.drawText(text.adjusted(0, 5, 0, 0), Qt::AlignTop | Qt::AlignLeft,
                     elided(node.title, Qt::ElideRight, text.width() - shapeWidth - 8));
    painter.setFont(small);
    painter.setPen(tokens.dim);
    painter.drawText(text.adjusted(0, 6, 0, 0), Qt::AlignTop | Qt::AlignRight, node.shape);
    painter.setPen(tokens.faint);
    painter.drawText(text.adjusted(0, 0, 0, -6), Qt::AlignBottom | Qt::AlignLeft,
                     elided(node.subtitle, Qt::ElideMiddle, text.width()));
}

} // namespace hefstudio
