// SPDX-License-Identifier: GPL-3.0-or-later
#include "profile/timeline_view.h"

#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QHelpEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace hefstudio {

namespace {
constexpr int rowHeight = 18;
constexpr int axisHeight = 22;
constexpr int nameWidth = 190;
} // namespace

TimelineView::TimelineView(QWidget *parent) : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("timeline"));
    setAccessibleName(tr("Timeline of contexts and layers"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setFont(fontFor(TextRole::small));
    viewport()->setMouseTracking(true);
    verticalScrollBar()->setSingleStep(rowHeight);
}

void TimelineView::setTimeline(Timeline timeline, std::shared_ptr<const ModelEstimate> estimate)
{
    m_timeline = std::move(timeline);
    m_estimate = std::move(estimate);
    m_selected = -1;
    updateBars();
    viewport()->update();
}

double TimelineView::pixelsPerMs() const
{
    const double room = std::max(50, viewport()->width() - nameWidth - 12);
    return m_timeline.endMs > 0 ? room / m_timeline.endMs * m_zoom : 1;
}

void TimelineView::updateBars()
{
    const int page = std::max(1, viewport()->height() - axisHeight);
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setRange(0, std::max(0, m_timeline.rows * rowHeight - page));
    const int room = std::max(50, viewport()->width() - nameWidth - 12);
    horizontalScrollBar()->setPageStep(room);
    horizontalScrollBar()->setRange(0, int(room * (m_zoom - 1)));
}

void TimelineView::select(int layer)
{
    m_selected = layer;
    for (const TimelineSpan &span : m_timeline.spans)
        if (span.layer == layer && layer >= 0) {
            const int top = span.row * rowHeight;
            const int page = viewport()->height() - axisHeight;
            if (top < verticalScrollBar()->value() ||
                top + rowHeight > verticalScrollBar()->value() + page)
                verticalScrollBar()->setValue(top - page / 2);
        }
    viewport()->update();
}

QString TimelineView::nameOf(const TimelineSpan &span) const
{
    if (span.kind == TimelineSpan::Kind::layer)
        return QString::fromStdString(m_estimate->graph->layers[std::size_t(span.layer)].name);
    return span.kind == TimelineSpan::Kind::context ? tr("Context %1").arg(span.context)
                                                    : tr("Switch to context %1").arg(span.context);
}

void TimelineView::paintAxis(QPainter &painter)
{
    const Tokens &tokens = tokensOf(palette());
    const double scale = pixelsPerMs();
    const QLocale locale;
    // Steps of 1, 2 or 5 times a power of ten, at least 80 pixels apart.
    double step = std::pow(10.0, std::floor(std::log10(80 / scale)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0})
        if (step * factor * scale >= 80) {
            step *= factor;
            break;
        }
    const double first = horizontalScrollBar()->value() / scale;
    for (double ms = std::floor(first / step) * step; ms <= m_timeline.endMs + step / 2;
         ms += step) {
        const double x = nameWidth + ms * scale - horizontalScrollBar()->value();
        if (x < nameWidth || x > viewport()->width())
            continue;
        painter.setPen(tokens.line);
        painter.drawLine(QPointF(x, axisHeight - 4), QPointF(x, viewport()->height()));
        painter.setPen(tokens.faint);
        painter.drawText(QPointF(x + 3, axisHeight - 8),
                         tr("%1 ms").arg(locale.toString(ms, 'g', 4)));
    }
}

void TimelineView::paintSpans(QPainter &painter)
{
    const Tokens &tokens = tokensOf(palette());
    const double scale = pixelsPerMs();
    const int scroll = verticalScrollBar()->value();
    const int firstRow = scroll / rowHeight;
    const int lastRow = (scroll + viewport()->height()) / rowHeight + 1;
    const auto begin = std::lower_bound(
        m_timeline.spans.begin(), m_timeline.spans.end(), firstRow,
        [](const TimelineSpan &span, int row) { return span.row < row; });
    for (auto span = begin; span != m_timeline.spans.end() && span->row <= lastRow; ++span) {
        const int y = axisHeight + span->row * rowHeight - scroll;
        const bool isContext = span->kind == TimelineSpan::Kind::context;
        const QColor color = span->kind == TimelineSpan::Kind::switching
                                 ? tokens.warn
                                 : tokens.categories[std::size_t(span->context) % 5];
        if (span->layer >= 0 && span->layer == m_selected)
            painter.fillRect(QRect(0, y, viewport()->width(), rowHeight),
                             mixed(tokens.panel, tokens.accent, 0.16));
        const double left = nameWidth + span->startMs * scale - horizontalScrollBar()->value();
        const double wide = std::max(1.5, (span->endMs - span->startMs) * scale);
        painter.save();
        painter.setClipRect(QRect(nameWidth, axisHeight, viewport()->width(), viewport()->height()));
        drawRounded(&painter, QRectF(left, y + 3, wide, rowHeight - 6),
                    isContext ? color : mixed(tokens.panel, color, 0.65), QColor(), 3);
        painter.restore();
        if (span->kind == TimelineSpan::Kind::switching)
            continue;
        painter.setPen(isContext ? tokens.text : tokens.dim);
        painter.drawText(QRect(4, y, nameWidth - 12, rowHeight), Qt::AlignVCenter,
                         fontMetrics().elidedText(nameOf(*span), Qt::ElideMiddle, nameWidth - 12));
    }
}

void TimelineView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    const Tokens &tokens = tokensOf(palette());
    painter.fillRect(viewport()->rect(), tokens.panel);
    painter.setFont(font());
    if (m_timeline.spans.empty())
        return;
    paintAxis(painter);
    painter.setClipRect(QRect(0, axisHeight, viewport()->width(), viewport()->height()));
    paintSpans(painter);
    painter.setClipping(false);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        drawFocusRing(&painter, viewport()->rect(), tokens, 4);
}

const TimelineSpan *TimelineView::spanAt(const QPoint &position) const
{
    if (position.y() < axisHeight)
        return nullptr;
    const int row = (position.y() - axisHeight + verticalScrollBar()->value()) / rowHeight;
    const TimelineSpan *found = nullptr;
    for (const TimelineSpan &span : m_timeline.spans)
        if (span.row == row)
            found = &span;
    return found;
}

void TimelineView::mousePressEvent(QMouseEvent *event)
{
    const TimelineSpan *span = spanAt(event->position().toPoint());
    if (!span || span->layer < 0)
        return;
    select(span->layer);
    Q_EMIT layerChosen(span->layer);
}

void TimelineView::wheelEvent(QWheelEvent *event)
{
    if (!(event->modifiers() & Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    const double x = event->position().x() - nameWidth;
    const double ms = (x + horizontalScrollBar()->value()) / pixelsPerMs();
    m_zoom = std::clamp(m_zoom * std::pow(1.0015, event->angleDelta().y()), 1.0, 200.0);
    updateBars();
    horizontalScrollBar()->setValue(int(ms * pixelsPerMs() - x));
    viewport()->update();
    event->accept();
}

void TimelineView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Up && event->key() != Qt::Key_Down) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    std::vector<int> layers;
    for (const TimelineSpan &span : m_timeline.spans)
        if (span.layer >= 0)
            layers.push_back(span.layer);
    if (layers.empty())
        return;
    const auto at = std::find(layers.begin(), layers.end(), m_selected);
    std::size_t next = 0;
    if (at != layers.end()) {
        const auto index = std::size_t(at - layers.begin());
        next = event->key() == Qt::Key_Down ? std::min(index + 1, layers.size() - 1)
                                            : (index > 0 ? index - 1 : 0);
    }
    select(layers[next]);
    Q_EMIT layerChosen(layers[next]);
}

void TimelineView::resizeEvent(QResizeEvent *)
{
    updateBars();
}

bool TimelineView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        if (const TimelineSpan *span = spanAt(help->pos())) {
            const QLocale locale;
            QToolTip::showText(help->globalPos(),
                               nameOf(*span) + QLatin1Char('\n') +
                                   tr("%1 to %2 ms, predicted")
                                       .arg(locale.toString(span->startMs, 'f', 3),
                                            locale.toString(span->endMs, 'f', 3)),
                               this);
        }
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace hefstudio
