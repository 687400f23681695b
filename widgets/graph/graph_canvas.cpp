// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph_canvas.h"

#include "theme/style_drawing.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>

namespace hefstudio {

namespace {
constexpr double smallestZoom = 0.004;
constexpr double largestZoom = 3;
constexpr double margin = 48; // pixels around the graph when it is fitted
constexpr int restMs = 80;    // without a change of zoom until all detail is drawn
constexpr double slowMs = 9;  // a frame that takes longer is not smooth while zooming
} // namespace

GraphCanvas::GraphCanvas(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("graphCanvas"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Graph of the network"));
    setAccessibleDescription(
        tr("Arrow keys walk along the edges from the selected layer; the layer "
           "list holds the same layers."));
    setMinimumSize(240, 160);
    m_rest.setSingleShot(true);
    m_rest.setInterval(restMs);
    connect(&m_rest, &QTimer::timeout, this, [this] {
        m_isMoving = false;
        update();
    });
}

void GraphCanvas::setScene(std::shared_ptr<const GraphScene> scene)
{
    m_scene = std::move(scene);
    m_miniMap = QPixmap();
    m_hovered = -1;
    m_painter.forget();
    m_colors = {};
    m_ownerMarks.clear();
    m_marks.clear();
    m_path.clear();
    const bool hadSelection = m_selected >= 0;
    m_selected = -1;
    if (hadSelection)
        Q_EMIT selectionChanged(-1);
    showBeginning();
    update();
}

void GraphCanvas::replaceScene(std::shared_ptr<const GraphScene> scene)
{
    if (!m_scene || !scene || m_scene->nodes().empty()) {
        setScene(std::move(scene));
        return;
    }
    // The selected layer, else the one nearest to the middle, keeps its place on screen.
    int anchor = m_selected;
    const QPointF middle = toScene(QRectF(rect()).center());
    if (anchor < 0) {
        double nearest = -1;
        for (std::size_t node = 0; node < m_scene->nodes().size(); ++node) {
            const QPointF away = m_scene->nodes()[node].rect.center() - middle;
            const double distance = QPointF::dotProduct(away, away);
            if (nearest < 0 || distance < nearest) {
                nearest = distance;
                anchor = int(node);
            }
        }
    }
    const int layer = m_scene->layerOf(anchor);
    const int selectedLayer = m_selected < 0 ? -1 : layer;
    const QPointF onScreen =
        fromScene(m_scene->nodes()[std::size_t(anchor)].rect).center();
    const double zoom = m_zoom;
    setScene(std::move(scene));
    const int node = m_scene->nodeOf(layer);
    if (node < 0)
        return;
    m_zoom = zoom;
    m_origin = m_scene->nodes()[std::size_t(node)].rect.center() - onScreen / m_zoom;
    keepInSight();
    Q_EMIT zoomChanged(m_zoom);
    if (selectedLayer >= 0)
        select(node, Reveal::yes);
    update();
}

void GraphCanvas::setColors(SceneColors colors)
{
    m_colors = std::move(colors);
    m_miniMap = QPixmap();
    update();
}

void GraphCanvas::setMarks(std::vector<std::uint8_t> marks)
{
    m_ownerMarks = std::move(marks);
    m_marks = m_ownerMarks;
    if (m_scene)
        m_marks.resize(m_scene->nodes().size(), noMark);
    for (const int node : m_path)
        m_marks[std::size_t(node)] |= onPath;
    update();
}

int GraphCanvas::markPath(int from, int to)
{
    m_path = m_scene && from >= 0 && to >= 0 && from != to ? m_scene->nodesBetween(from, to)
                                                           : std::vector<int>();
    setMarks(std::move(m_ownerMarks));
    return int(m_path.size());
}

ScenePainter::View GraphCanvas::currentView() const
{
    ScenePainter::View view;
    view.visible = QRectF(toScene({0, 0}), QSizeF(size()) / m_zoom);
    view.zoom = m_zoom;
    view.devicePixelRatio = devicePixelRatioF();
    view.selected = m_selected;
    view.hovered = m_hovered;
    view.colors = m_colors.slots.empty() ? nullptr : &m_colors;
    view.marks = m_marks.empty() ? nullptr : &m_marks;
    view.isMoving = m_isMoving;
    return view;
}

void GraphCanvas::moved()
{
    m_isMoving = m_isMoving || m_lastPaintMs > slowMs;
    m_rest.start();
}

void GraphCanvas::showBeginning()
{
    if (!m_scene || m_scene->nodes().empty())
        return;
    fitAll();
    // A deep network fitted whole is a thread of pixels: show its top in a size that reads.
    constexpr double readable = 0.7;
    if (m_zoom < readable) {
        m_zoom = 0.9;
        const double x = m_scene->nodes().front().rect.center().x();
        m_origin = QPointF(x - width() / m_zoom / 2, m_scene->bounds().top() - 64 / m_zoom);
        Q_EMIT zoomChanged(m_zoom);
    }
}

void GraphCanvas::fitAll()
{
    if (!m_scene)
        return;
    const QRectF &bounds = m_scene->bounds();
    m_zoom = std::clamp(std::min((width() - 2 * margin) / std::max(1.0, bounds.width()),
                                 (height() - 2 * margin) / std::max(1.0, bounds.height())),
                        smallestZoom, 1.0);
    m_origin = bounds.center() - QPointF(width(), height()) / (2 * m_zoom);
    Q_EMIT zoomChanged(m_zoom);
    update();
}

QRectF GraphCanvas::fromScene(const QRectF &area) const
{
    return {(area.topLeft() - m_origin) * m_zoom, area.size() * m_zoom};
}

void GraphCanvas::zoomBy(double factor, const QPointF &anchor)
{
    const double wanted = std::clamp(m_zoom * factor, smallestZoom, largestZoom);
    const QPointF fixed = toScene(anchor);
    m_zoom = wanted;
    m_origin = fixed - anchor / m_zoom;
    keepInSight();
    moved();
    Q_EMIT zoomChanged(m_zoom);
    update();
}

void GraphCanvas::panBy(const QPointF &pixels)
{
    m_origin -= pixels / m_zoom;
    keepInSight();
    update();
}

// Some of the graph always stays on screen: nobody gets lost in an empty plane.
void GraphCanvas::keepInSight()
{
    if (!m_scene)
        return;
    const QRectF &bounds = m_scene->bounds();
    const QSizeF view = QSizeF(size()) / m_zoom;
    const double keep = 80 / m_zoom;
    m_origin.setX(std::clamp(m_origin.x(), bounds.left() - view.width() + keep,
                             std::max(bounds.left() - view.width() + keep, bounds.right() - keep)));
    m_origin.setY(
        std::clamp(m_origin.y(), bounds.top() - view.height() + keep,
                   std::max(bounds.top() - view.height() + keep, bounds.bottom() - keep)));
}

void GraphCanvas::select(int node, Reveal wanted)
{
    if (!m_scene || node >= int(m_scene->nodes().size()))
        return;
    if (wanted == Reveal::yes && node >= 0)
        reveal(node);
    if (node == m_selected)
        return;
    m_selected = node;
    update();
    Q_EMIT selectionChanged(node);
}

void GraphCanvas::reveal(int node)
{
    const QRectF &rect = m_scene->nodes()[std::size_t(node)].rect;
    const QRectF onScreen = fromScene(rect);
    if (QRectF(this->rect()).adjusted(24, 24, -24, -24).contains(onScreen) && m_zoom >= 0.42)
        return;
    m_zoom = std::max(m_zoom, 0.7);
    m_origin = rect.center() - QPointF(width(), height()) / (2 * m_zoom);
    Q_EMIT zoomChanged(m_zoom);
    update();
}

void GraphCanvas::walk(GraphScene::Direction direction)
{
    const int next = m_scene->neighbour(m_selected, direction);
    if (next >= 0)
        select(next, Reveal::yes);
}

void GraphCanvas::paintBackground(QPainter &painter) const
{
    const Tokens &tokens = tokensOf(palette());
    painter.fillRect(rect(), tokens.background);
    if (m_zoom < 0.3)
        return;
    constexpr int pitch = 24;
    painter.setPen(mixed(tokens.background, tokens.border, 0.28));
    const QPointF offset = -m_origin * m_zoom;
    const double left = std::fmod(offset.x(), pitch);
    const double top = std::fmod(offset.y(), pitch);
    QList<QPointF> dots;
    for (double y = top; y < height(); y += pitch)
        for (double x = left; x < width(); x += pitch)
            dots.emplaceBack(std::floor(x) + 0.5, std::floor(y) + 0.5);
    painter.drawPoints(dots.constData(), int(dots.size()));
}

void GraphCanvas::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintBackground(painter);
    if (!m_scene)
        return;
    const Tokens &tokens = tokensOf(palette());
    painter.save();
    painter.scale(m_zoom, m_zoom);
    painter.translate(-m_origin);
    QElapsedTimer clock;
    clock.start();
    m_painter.paint(painter, *m_scene, currentView(), tokens);
    painter.restore();
    paintMiniMap(painter);
    m_lastPaintMs = double(clock.nsecsElapsed()) / 1e6;
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        drawFocusRing(&painter, rect(), tokens, 0);
}

QRectF GraphCanvas::miniMapRect() const
{
    if (!m_scene || m_scene->nodes().empty() || width() < 420 || height() < 320)
        return {};
    const QRectF all = fromScene(m_scene->bounds());
    if (QRectF(rect()).contains(all))
        return {};
    const QSizeF most(120, std::min(220.0, height() * 0.45));
    QSizeF size = m_scene->bounds().size();
    size.scale(most - QSizeF(16, 16), Qt::KeepAspectRatio);
    size = QSizeF(std::max(size.width(), 28.0), std::max(size.height(), 28.0)) + QSizeF(16, 16);
    // A narrow canvas has the legend at its foot.
    const double below = width() < 900 ? 60 : 16;
    return {width() - size.width() - 16, height() - size.height() - below, size.width(),
            size.height()};
}

void GraphCanvas::paintMiniMap(QPainter &painter)
{
    const QRectF frame = miniMapRect();
    if (frame.isEmpty())
        return;
    const Tokens &tokens = tokensOf(palette());
    const QRectF inner = frame.adjusted(8, 8, -8, -8);
    const double ratio = devicePixelRatioF();
    const QSize pixels = (inner.size() * ratio).toSize();
    const QRectF &bounds = m_scene->bounds();
    if (m_miniMap.size() != pixels) {
        m_miniMap = QPixmap(pixels);
        m_miniMap.fill(Qt::transparent);
        QPainter mini(&m_miniMap);
        const double sx = pixels.width() / std::max(1.0, bounds.width());
        const double sy = pixels.height() / std::max(1.0, bounds.height());
        const ScenePainter::View view = currentView();
        for (std::size_t i = 0; i < m_scene->nodes().size(); ++i) {
            const SceneNode &node = m_scene->nodes()[i];
            const QRectF spot(
                (node.rect.left() - bounds.left()) * sx, (node.rect.top() - bounds.top()) * sy,
                std::max(2.0, node.rect.width() * sx), std::max(1.0, node.rect.height() * sy));
            mini.fillRect(spot, slotColor(tokens, ScenePainter::slotOf(*m_scene, view, i)));
        }
        m_miniMap.setDevicePixelRatio(ratio);
    }
    drawRounded(&painter, frame, tokens.panel, tokens.line, metrics::cardRadius);
    painter.drawPixmap(inner.topLeft(), m_miniMap);
    const QRectF view(toScene({0, 0}), QSizeF(size()) / m_zoom);
    const auto map = [&](const QPointF &p) {
        return QPointF(
            inner.left() + (p.x() - bounds.left()) / std::max(1.0, bounds.width()) * inner.width(),
            inner.top() + (p.y() - bounds.top()) / std::max(1.0, bounds.height()) * inner.height());
    };
    QRectF window(map(view.topLeft()), map(view.bottomRight()));
    window = window.intersected(inner.adjusted(-4, -4, 4, 4));
    drawRounded(&painter, window, QColor(), tokens.accent, 2);
}

void GraphCanvas::jumpTo(const QPointF &position)
{
    const QRectF inner = miniMapRect().adjusted(8, 8, -8, -8);
    const QRectF &bounds = m_scene->bounds();
    const QPointF target(
        bounds.left() + (position.x() - inner.left()) / inner.width() * bounds.width(),
        bounds.top() + (position.y() - inner.top()) / inner.height() * bounds.height());
    m_origin = target - QPointF(width(), height()) / (2 * m_zoom);
    keepInSight();
    update();
}

void GraphCanvas::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return;
    m_pressedAt = m_lastMouse = event->position();
    if (miniMapRect().contains(event->position())) {
        m_drag = Drag::miniMap;
        jumpTo(event->position());
        return;
    }
    m_drag = event->button() == Qt::MiddleButton ? Drag::panning : Drag::pressed;
}

void GraphCanvas::mouseMoveEvent(QMouseEvent *event)
{
    if (m_drag == Drag::miniMap) {
        jumpTo(event->position());
        return;
    }
    if (m_drag == Drag::pressed &&
        (event->position() - m_pressedAt).manhattanLength() >= QApplication::startDragDistance()) {
        m_drag = Drag::panning;
        setCursor(Qt::ClosedHandCursor);
    }
    if (m_drag == Drag::panning)
        panBy(event->position() - m_lastMouse);
    m_lastMouse = event->position();
    if (m_drag != Drag::none || !m_scene)
        return;
    const int hovered = miniMapRect().contains(event->position())
                            ? -1
                            : m_scene->nodeAt(toScene(event->position()));
    if (hovered != m_hovered) {
        m_hovered = hovered;
        update();
    }
}

void GraphCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_drag == Drag::pressed && m_scene) {
        const int node = m_scene->nodeAt(toScene(event->position()));
        if ((event->modifiers() & Qt::ShiftModifier) && m_selected >= 0 && node >= 0) {
            const int from = m_selected;
            Q_EMIT pathMarked(from, node, markPath(from, node));
        } else {
            select(node, Reveal::no);
        }
    }
    if (m_drag == Drag::panning)
        unsetCursor();
    m_drag = Drag::none;
}

void GraphCanvas::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (!m_scene || miniMapRect().contains(event->position()))
        return;
    const int node = m_scene->nodeAt(toScene(event->position()));
    if (node < 0)
        fitAll();
    else
        Q_EMIT activated(node);
}

void GraphCanvas::leaveEvent(QEvent *)
{
    m_hovered = -1;
    update();
}

void GraphCanvas::wheelEvent(QWheelEvent *event)
{
    event->accept();
    if (event->modifiers() & Qt::ControlModifier) {
        zoomBy(std::pow(1.0015, event->angleDelta().y()), event->position());
        return;
    }
    QPointF delta = event->pixelDelta().isNull() ? QPointF(event->angleDelta()) * 0.75
                                                 : QPointF(event->pixelDelta());
    if (event->modifiers() & Qt::ShiftModifier)
        delta = {delta.y(), delta.x()};
    panBy(delta);
}

void GraphCanvas::keyPressEvent(QKeyEvent *event)
{
    if (!m_scene || m_scene->nodes().empty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    const bool isPanning = m_selected < 0 || (event->modifiers() & Qt::ShiftModifier);
    constexpr double pan = 60;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomIn();
        return;
    case Qt::Key_Minus:
        zoomOut();
        return;
    case Qt::Key_0:
        fitAll();
        return;
    case Qt::Key_1:
        actualSize();
        return;
    case Qt::Key_Home:
        select(0, Reveal::yes);
        return;
    case Qt::Key_End:
        select(int(m_scene->nodes().size()) - 1, Reveal::yes);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_selected >= 0)
            Q_EMIT activated(m_selected);
        return;
    case Qt::Key_Escape:
        markPath(-1, -1);
        select(-1, Reveal::no);
        return;
    case Qt::Key_Up:
        isPanning ? panBy({0, pan}) : walk(GraphScene::Direction::up);
        return;
    case Qt::Key_Down:
        isPanning ? panBy({0, -pan}) : walk(GraphScene::Direction::down);
        return;
    case Qt::Key_Left:
        isPanning ? panBy({pan, 0}) : walk(GraphScene::Direction::left);
        return;
    case Qt::Key_Right:
        isPanning ? panBy({-pan, 0}) : walk(GraphScene::Direction::right);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void GraphCanvas::resizeEvent(QResizeEvent *event)
{
    // The middle of the view stays where it was.
    if (event->oldSize().isValid() && m_scene)
        m_origin -= QPointF(event->size().width() - event->oldSize().width(),
                            event->size().height() - event->oldSize().height()) /
                    (2 * m_zoom);
    else if (m_scene)
        showBeginning();
}

void GraphCanvas::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_miniMap = QPixmap();
        m_painter.forget();
    }
    QWidget::changeEvent(event);
}

bool GraphCanvas::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && m_scene) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int node = m_scene->nodeAt(toScene(help->pos()));
        if (node >= 0) {
            const SceneNode &n = m_scene->nodes()[std::size_t(node)];
            QString text = n.title + QLatin1Char('\n') + n.subtitle + QLatin1Char('\n') + n.shape;
            if (std::size_t(node) < m_colors.notes.size() &&
                !m_colors.notes[std::size_t(node)].isEmpty())
                text += QLatin1Char('\n') + m_colors.notes[std::size_t(node)];
            QToolTip::showText(help->globalPos(), text, this);
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QWidget::event(event);
}

} // namespace hefstudio
