// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/scene_painter.h"

#include "theme/fonts.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace hefstudio {

namespace {

constexpr double dotsBelow = 0.12;
constexpr double boxesBelow = 0.42;
constexpr double titlesBelow = 0.66;
constexpr double smoothEdgesFrom = 0.3; // below it a curve and its chord look the same
constexpr double textInset = 18;
constexpr int mostTexts = 3000; // laid-out texts kept

// Pixels wide on screen whatever the zoom.
QPen screenPen(const QColor &color, double width, Qt::PenStyle style = Qt::SolidLine)
{
    QPen pen(color, width, style);
    pen.setCosmetic(true);
    return pen;
}

void addCurve(QPainterPath &path, const GraphLayout &layout, std::size_t edge)
{
    const std::uint32_t first = layout.edgeStart[edge];
    const std::uint32_t end = layout.edgeStart[edge + 1];
    if (end - first < 2)
        return;
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
}

bool isStraight(const GraphLayout &layout, std::size_t edge)
{
    const double x = layout.edgePoints[layout.edgeStart[edge]].x();
    for (std::uint32_t p = layout.edgeStart[edge] + 1; p < layout.edgeStart[edge + 1]; ++p)
        if (std::abs(layout.edgePoints[p].x() - x) >= 0.5)
            return false;
    return true;
}

// Thin, middle, thick: what flows, in powers of 16 from 4 k values on.
int widthClass(std::int64_t elements)
{
    return elements < 64 * 1024 ? 0 : elements < 1024 * 1024 ? 1 : 2;
}
constexpr double edgeWidths[] = {1.1, 1.9, 3.2};

std::uint8_t markOf(const ScenePainter::View &view, std::size_t node)
{
    return view.marks && node < view.marks->size() ? (*view.marks)[node] : std::uint8_t(noMark);
}

enum NodeState { plain, hoveredState, selectedState, linkedState, hostState };

} // namespace

ScenePainter::Detail ScenePainter::detailAt(double zoom)
{
    if (zoom < dotsBelow)
        return Detail::dots;
    if (zoom < boxesBelow)
        return Detail::boxes;
    return zoom < titlesBelow ? Detail::titles : Detail::full;
}

ScenePainter::Detail ScenePainter::detailOf(const View &view) const
{
    const Detail detail = detailAt(view.zoom);
    return view.isMoving && detail > Detail::boxes ? Detail(int(detail) - 1) : detail;
}

ColorSlot ScenePainter::slotOf(const GraphScene &scene, const View &view, std::size_t node)
{
    return view.colors && node < view.colors->slots.size() ? view.colors->slots[node]
                                                           : familySlot(scene.nodes()[node].family);
}

void ScenePainter::forget()
{
    m_texts.clear();
    m_textCount = 0;
    m_chrome.clear();
}

void ScenePainter::paint(QPainter &painter, const GraphScene &scene, const View &view,
                         const Tokens &tokens)
{
    if (m_texts.size() != scene.nodes().size() || m_textCount > mostTexts) {
        forget();
        m_texts.resize(scene.nodes().size());
        m_titleFont = QApplication::font();
        m_titleFont.setWeight(QFont::DemiBold);
        m_wideFont = m_titleFont;
        m_smallFont = QApplication::font();
        m_titleFont.setPointSizeF(m_titleFont.pointSizeF() * 12.5 / 13);
        m_wideFont.setPointSizeF(m_wideFont.pointSizeF() * 1.15);
        m_smallFont.setPointSizeF(m_smallFont.pointSizeF() * 11.0 / 13);
    }
    paintEdges(painter, scene, view, tokens);
    scene.nodesIn(view.visible, m_found);
    const Detail detail = detailOf(view);
    if (detail == Detail::dots || (detail == Detail::boxes && view.zoom < 0.3))
        paintRectangles(painter, scene, view, tokens);
    else
        paintNodes(painter, scene, view, tokens);
    if (detail == Detail::full)
        paintEdgeLabels(painter, scene, view, tokens);
    paintMarks(painter, scene, view, tokens);
}

void ScenePainter::paintEdges(QPainter &painter, const GraphScene &scene, const View &view,
                              const Tokens &tokens)
{
    scene.edgesIn(view.visible, m_edges);
    const GraphLayout &layout = scene.layout();
    painter.setBrush(Qt::NoBrush);
    if (view.zoom >= smoothEdgesFrom) {
        paintCurves(painter, scene, view, tokens);
        return;
    }
    QList<QLineF> lines, marked;
    const QRectF &area = view.visible;
    for (const std::uint32_t e : m_edges) {
        const SceneEdge &edge = scene.edges()[e];
        const bool isMarked = (markOf(view, edge.from) & markOf(view, edge.to) & onPath) != 0;
        for (std::uint32_t p = layout.edgeStart[e] + 1; p < layout.edgeStart[e + 1]; ++p) {
            const QPointF &from = layout.edgePoints[p - 1];
            const QPointF &to = layout.edgePoints[p];
            if (std::max(from.y(), to.y()) < area.top() || std::min(from.y(), to.y()) > area.bottom())
                continue;
            (isMarked ? marked : lines).emplaceBack(from, to);
        }
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(screenPen(
        view.zoom < dotsBelow ? tokens.line : mixed(tokens.background, tokens.border, 0.6), 0));
    painter.drawLines(lines);
    if (!marked.isEmpty()) {
        painter.setPen(screenPen(tokens.accent, 2));
        painter.drawLines(marked);
    }
}

void ScenePainter::paintCurves(QPainter &painter, const GraphScene &scene, const View &view,
                               const Tokens &tokens)
{
    const GraphLayout &layout = scene.layout();
    QPainterPath curves[3], marked;
    QList<QLineF> lines[3];
    for (const std::uint32_t e : m_edges) {
        const SceneEdge &edge = scene.edges()[e];
        const bool isOnPath = (markOf(view, edge.from) & markOf(view, edge.to) & onPath) != 0;
        if (int(edge.from) == view.selected || int(edge.to) == view.selected || isOnPath) {
            addCurve(marked, layout, e);
            continue;
        }
        const int width = widthClass(edge.elements);
        if (isStraight(layout, e)) {
            // Only the part in sight: a lane may be as long as the graph.
            const QPointF &from = layout.edgePoints[layout.edgeStart[e]];
            const QPointF &to = layout.edgePoints[layout.edgeStart[e + 1] - 1];
            lines[width].emplaceBack(
                QPointF(from.x(), std::max(from.y(), view.visible.top() - 8)),
                QPointF(to.x(), std::min(to.y(), view.visible.bottom() + 8)));
        } else {
            addCurve(curves[width], layout, e);
        }
    }
    for (int width = 0; width < 3; ++width) {
        painter.setPen(
            screenPen(mixed(tokens.background, tokens.border, 0.75), edgeWidths[width]));
        painter.setRenderHint(QPainter::Antialiasing, width > 0);
        painter.drawLines(lines[width]);
        painter.setRenderHint(QPainter::Antialiasing, true);
        if (!curves[width].isEmpty())
            painter.drawPath(curves[width]);
    }
    if (!marked.isEmpty()) {
        painter.setPen(screenPen(tokens.accent, 2.2));
        painter.drawPath(marked);
    }
}

void ScenePainter::paintEdgeLabels(QPainter &painter, const GraphScene &scene, const View &view,
                                   const Tokens &tokens)
{
    // Where a value goes to one place its shape stands in the node above already: only the edges
    // of the selected layer carry it once more.
    if (view.selected < 0)
        return;
    const GraphLayout &layout = scene.layout();
    painter.setFont(m_smallFont);
    painter.setPen(tokens.dim);
    for (const std::uint32_t e : m_edges) {
        const SceneEdge &edge = scene.edges()[e];
        if (int(edge.from) != view.selected && int(edge.to) != view.selected)
            continue;
        const QPointF &end = int(edge.from) == view.selected
                                 ? layout.edgePoints[layout.edgeStart[e + 1] - 1] - QPointF(-6, 6)
                                 : layout.edgePoints[layout.edgeStart[e]] + QPointF(6, 14);
        painter.drawText(end, scene.edgeLabels()[edge.label]);
    }
}

void ScenePainter::paintRectangles(QPainter &painter, const GraphScene &scene, const View &view,
                                   const Tokens &tokens)
{
    std::array<QList<QRectF>, colorSlotCount> bySlot;
    QList<QRectF> host;
    for (const std::uint32_t node : m_found)
        if (markOf(view, node) & onHost)
            host.push_back(scene.nodes()[node].rect);
        else
            bySlot[slotOf(scene, view, node)].push_back(scene.nodes()[node].rect);
    painter.setPen(Qt::NoPen);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto draw = [&](const QList<QRectF> &rects, const QColor &color) {
        painter.setBrush(color);
        painter.drawRects(rects);
    };
    draw(host, mixed(tokens.background, tokens.border, 0.35));
    for (std::size_t slot = 0; slot < bySlot.size(); ++slot)
        draw(bySlot[slot], slotColor(tokens, ColorSlot(slot)));
}

// In pixels; `zoom` is the size of the node's parts.
void ScenePainter::drawBody(QPainter &painter, const QRectF &body, ColorSlot slot, int state,
                            double zoom, const Tokens &tokens)
{
    const QColor color = state == hostState ? tokens.border : slotColor(tokens, slot);
    QColor fill = tokens.panel;
    if (state == selectedState)
        fill = mixed(tokens.panel, color, 0.22);
    else if (state == linkedState)
        fill = mixed(tokens.panel, tokens.accent, 0.16);
    else if (state == hoveredState)
        fill = mixed(tokens.panel, tokens.text, 0.06);
    else if (state == hostState)
        fill = mixed(tokens.background, tokens.panel, 0.5);
    const bool isStrong = state == selectedState || state == linkedState;
    QPen pen(isStrong ? (state == linkedState ? tokens.accent : color)
                      : mixed(tokens.panel, color, 0.7),
             isStrong ? 2.2 : 1);
    if (state == hostState)
        pen.setStyle(Qt::DashLine);
    painter.setPen(pen);
    painter.setBrush(fill);
    const double radius = std::min(6.0, 6 * zoom);
    painter.drawRoundedRect(body, radius, radius);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(body.left() + 6 * zoom, body.top() + 9 * zoom,
                                   std::max(2.0, 4 * zoom), body.height() - 18 * zoom),
                            2, 2);
}

// All nodes have one size, so a node without its words is one of a few pictures.
const QPixmap &ScenePainter::chrome(ColorSlot slot, int state, const QSizeF &size, const View &view,
                                    const Tokens &tokens)
{
    if (m_chromeZoom != view.zoom || m_chromeTokens != &tokens) {
        m_chrome.clear();
        m_chromeZoom = view.zoom;
        m_chromeTokens = &tokens;
    }
    const quint64 key = quint64(slot) * 16 + quint64(state);
    QPixmap &pixmap = m_chrome[key];
    if (!pixmap.isNull())
        return pixmap;
    const double ratio = view.devicePixelRatio;
    const QSizeF drawn = size * view.zoom;
    pixmap = QPixmap(QSize(int(std::ceil(drawn.width())) + 4, int(std::ceil(drawn.height())) + 4) *
                     ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    drawBody(painter, QRectF(QPointF(1.5, 1.5), drawn), slot, state, view.zoom, tokens);
    return pixmap;
}

const ScenePainter::NodeText &ScenePainter::textOf(const GraphScene &scene, const View &view,
                                                   std::uint32_t index)
{
    NodeText &text = m_texts[index];
    const SceneNode &node = scene.nodes()[index];
    const QString note =
        view.colors && index < view.colors->notes.size() ? view.colors->notes[index] : QString();
    const QString subtitle =
        note.isEmpty() ? node.subtitle : note + QStringLiteral(" · ") + node.subtitle;
    if (text.isMade && text.subtitleSource == subtitle)
        return text;
    const auto prepare = [](QStaticText &target, const QString &words, const QFont &font,
                            Qt::TextElideMode mode, double width) {
        target.setTextFormat(Qt::PlainText);
        target.setPerformanceHint(QStaticText::AggressiveCaching);
        target.setText(QFontMetricsF(font).elidedText(words, mode, width));
        target.prepare({}, font);
    };
    const double width = node.rect.width() - textInset - 10;
    const double shapeWidth = QFontMetricsF(m_smallFont).horizontalAdvance(node.shape);
    prepare(text.shape, node.shape, m_smallFont, Qt::ElideNone, width);
    prepare(text.title, node.title, m_titleFont, Qt::ElideRight, width - shapeWidth - 8);
    prepare(text.wideTitle, node.title, m_wideFont, Qt::ElideRight, width);
    prepare(text.subtitle, subtitle, m_smallFont, note.isEmpty() ? Qt::ElideMiddle : Qt::ElideRight,
            width);
    text.subtitleSource = subtitle;
    m_textCount += text.isMade ? 0 : 1;
    text.isMade = true;
    return text;
}

void ScenePainter::paintNodes(QPainter &painter, const GraphScene &scene, const View &view,
                              const Tokens &tokens)
{
    const Detail detail = detailOf(view);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const std::uint32_t index : m_found) {
        const SceneNode &node = scene.nodes()[index];
        const std::uint8_t mark = markOf(view, index);
        const int state = int(index) == view.selected  ? selectedState
                          : mark & linked              ? linkedState
                          : int(index) == view.hovered ? hoveredState
                          : mark & onHost              ? hostState
                                                       : plain;
        const ColorSlot slot = slotOf(scene, view, index);
        if (view.asVectors) {
            drawBody(painter, node.rect, slot, state, 1, tokens);
        } else {
            const QPixmap &pixmap = chrome(slot, state, node.rect.size(), view, tokens);
            const QSizeF size = pixmap.deviceIndependentSize() / view.zoom;
            const QPointF at = node.rect.topLeft() - QPointF(1.5, 1.5) / view.zoom;
            painter.drawPixmap(QRectF(at, size), pixmap, QRectF(QPointF(), QSizeF(pixmap.size())));
        }
        if (scene.isFolded(int(index))) {
            painter.setPen(screenPen(mixed(tokens.panel, tokens.border, 0.9), 1, Qt::DashLine));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(node.rect.adjusted(-5, -5, 5, 5), 8, 8);
        }
        if (detail == Detail::boxes)
            continue;
        const NodeText &text = textOf(scene, view, index);
        painter.setPen(mark & onHost ? tokens.dim : tokens.text);
        const double left = node.rect.left() + textInset;
        if (detail == Detail::titles) {
            painter.setFont(m_wideFont);
            painter.drawStaticText(
                QPointF(left, node.rect.center().y() - text.wideTitle.size().height() / 2),
                text.wideTitle);
            continue;
        }
        painter.setFont(m_titleFont);
        painter.drawStaticText(QPointF(left, node.rect.top() + 4), text.title);
        painter.setFont(m_smallFont);
        painter.setPen(tokens.dim);
        painter.drawStaticText(
            QPointF(node.rect.right() - 10 - text.shape.size().width(), node.rect.top() + 5),
            text.shape);
        painter.setPen(tokens.faint);
        painter.drawStaticText(
            QPointF(left, node.rect.bottom() - 5 - text.subtitle.size().height()), text.subtitle);
    }
}

void ScenePainter::paintMarks(QPainter &painter, const GraphScene &scene, const View &view,
                              const Tokens &tokens)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    if (view.selected >= 0 && view.zoom < 0.3) {
        const double grow = 3 / view.zoom;
        painter.setPen(screenPen(tokens.text, 2));
        painter.drawRect(
            scene.nodes()[std::size_t(view.selected)].rect.adjusted(-grow, -grow, grow, grow));
    }
    if (!view.marks)
        return;
    for (const std::uint32_t node : m_found) {
        const std::uint8_t mark = markOf(view, node);
        if (mark == noMark || mark == onHost)
            continue;
        const QRectF &rect = scene.nodes()[node].rect;
        if (mark & (proposedEnd | chosenEnd)) {
            const bool isChosen = mark & chosenEnd;
            painter.setPen(screenPen(isChosen ? tokens.accent : tokens.warn, isChosen ? 2.5 : 1.6,
                                     isChosen ? Qt::SolidLine : Qt::DashLine));
            painter.drawLine(QPointF(rect.left() - 14, rect.bottom() + 7),
                             QPointF(rect.right() + 14, rect.bottom() + 7));
        }
        if (mark & chosenStart) {
            painter.setPen(screenPen(tokens.ok, 2.5));
            painter.drawLine(QPointF(rect.left() - 14, rect.top() - 7),
                             QPointF(rect.right() + 14, rect.top() - 7));
        }
        if (mark & onPath) {
            painter.setPen(screenPen(tokens.accent, 1.6));
            painter.drawRoundedRect(rect.adjusted(-3, -3, 3, 3), 8, 8);
        }
        if ((mark & linked) && view.zoom < 0.3) {
            const double grow = 2 / view.zoom;
            painter.setPen(screenPen(tokens.accent, 1.5));
            painter.drawRect(rect.adjusted(-grow, -grow, grow, grow));
        }
    }
}

} // namespace hefstudio
