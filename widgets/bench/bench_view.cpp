// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_view.h"

#include "report/overlay.h"
#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace hefstudio {

namespace {

constexpr int gap = 12;
constexpr double keyStep = 0.02;

// Over a photograph no theme helps: dark plates under light letters, always.
const QColor plate(0x15, 0x18, 0x1d, 220);
const QColor letters(0xff, 0xff, 0xff);
const QColor lonely(0xff, 0x5c, 0x5c);

QColor colorOf(const BenchBox &box)
{
    const auto rgb = classColor(box.detection.classIndex);
    return box.hasPartner ? QColor(rgb[0], rgb[1], rgb[2]) : lonely;
}

} // namespace

BenchView::BenchView(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("The picture with the boxes of both networks"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void BenchView::setPicture(const QImage &image)
{
    m_image = image;
    update();
}

void BenchView::setBoxes(BenchAgreement agreement, std::vector<std::string> labels)
{
    m_agreement = std::move(agreement);
    m_labels = std::move(labels);
    setAccessibleDescription(tr("%1 boxes in float, %2 in the HEF, %3 of them agree")
                                 .arg(m_agreement.floatBoxes.size())
                                 .arg(m_agreement.hefBoxes.size())
                                 .arg(m_agreement.partners));
    update();
}

void BenchView::setMode(Mode mode)
{
    m_mode = mode;
    setCursor(mode == Mode::swipe ? Qt::SplitHCursor : Qt::ArrowCursor);
    update();
}

void BenchView::setSwipe(double swipe)
{
    m_swipe = std::clamp(swipe, 0.0, 1.0);
    update();
}

QRectF BenchView::placed(const QRectF &room) const
{
    const QSizeF size = QSizeF(m_image.size()).scaled(room.size(), Qt::KeepAspectRatio);
    return QRectF(room.center() - QPointF(size.width() / 2, size.height() / 2), size);
}

void BenchView::paintSide(QPainter &painter, const QRectF &target,
                          const std::vector<BenchBox> &boxes, const QString &title,
                          bool isLeft) const
{
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(target, m_image);
    const double scale = target.width() / m_image.width();
    const QFont small = fontFor(TextRole::small);
    painter.setFont(small);
    const QFontMetrics metrics(small);
    // Weak boxes first, so that the strong ones lie on top.
    for (auto box = boxes.rbegin(); box != boxes.rend(); ++box) {
        const QColor color = colorOf(*box);
        QPolygonF outline;
        for (const auto &corner : corners(box->detection))
            outline << target.topLeft() + QPointF(corner[0], corner[1]) * scale;
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(plate, 4));
        painter.drawPolygon(outline);
        painter.setPen(QPen(color, 2, box->hasPartner ? Qt::SolidLine : Qt::DashLine));
        painter.drawPolygon(outline);
        QString text = QString::fromStdString(detectionLabel(box->detection, m_labels));
        if (!box->hasPartner)
            text += isLeft ? tr(" · missed by the HEF") : tr(" · only in the HEF");
        const QRectF bounds = outline.boundingRect();
        QRectF label(bounds.left(), bounds.top() - metrics.height() - 4,
                     metrics.horizontalAdvance(text) + 10, metrics.height() + 4);
        label.moveTop(std::max(label.top(), target.top()));
        label.moveRight(std::min(label.right(), target.right()));
        label.moveLeft(std::max(label.left(), target.left()));
        drawRounded(&painter, label, plate, color, 3);
        painter.setPen(letters);
        painter.drawText(label, Qt::AlignCenter, text);
    }
    const QRectF head(isLeft ? target.left() + 8
                             : target.right() - metrics.horizontalAdvance(title) - 24,
                      target.bottom() - metrics.height() - 14,
                      metrics.horizontalAdvance(title) + 16, metrics.height() + 6);
    drawRounded(&painter, head, plate, QColor(), 4);
    painter.setPen(letters);
    painter.drawText(head, Qt::AlignCenter, title);
}

void BenchView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens &tokens = tokensOf(palette());
    if (m_image.isNull()) {
        painter.setPen(tokens.faint);
        painter.drawText(rect(), Qt::AlignCenter, tr("Choose a picture in the list."));
        return;
    }
    const QString left = tr("float network");
    const QString right = tr("HEF in the emulator");
    if (m_mode == Mode::sideBySide) {
        const double half = (width() - gap) / 2.0;
        const QRectF rooms[] = {QRectF(0, 0, half, height()),
                                QRectF(half + gap, 0, half, height())};
        for (const bool isLeft : {true, false}) {
            painter.save();
            const QRectF target = placed(rooms[isLeft ? 0 : 1]);
            painter.setClipRect(target);
            paintSide(painter, target,
                      isLeft ? m_agreement.floatBoxes : m_agreement.hefBoxes,
                      isLeft ? left : right, isLeft);
            painter.restore();
        }
    } else {
        const QRectF target = placed(rect());
        const double line = target.left() + target.width() * m_swipe;
        for (const bool isLeft : {true, false}) {
            painter.save();
            painter.setClipRect(isLeft ? QRectF(target.left(), target.top(), line - target.left(),
                                                target.height())
                                       : QRectF(line, target.top(), target.right() - line,
                                                target.height()));
            paintSide(painter, target,
                      isLeft ? m_agreement.floatBoxes : m_agreement.hefBoxes,
                      isLeft ? left : right, isLeft);
            painter.restore();
        }
        painter.setPen(QPen(plate, 4));
        painter.drawLine(QPointF(line, target.top()), QPointF(line, target.bottom()));
        painter.setPen(QPen(letters, 2));
        painter.drawLine(QPointF(line, target.top()), QPointF(line, target.bottom()));
        drawRounded(&painter, QRectF(line - 5, target.center().y() - 16, 10, 32), letters, plate, 5);
    }
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        drawFocusRing(&painter, rect(), tokens);
}

void BenchView::mousePressEvent(QMouseEvent *event)
{
    mouseMoveEvent(event);
}

void BenchView::mouseMoveEvent(QMouseEvent *event)
{
    const QRectF target = placed(rect());
    if (m_mode == Mode::swipe && event->buttons().testFlag(Qt::LeftButton) && target.width() > 0)
        setSwipe((event->position().x() - target.left()) / target.width());
}

void BenchView::keyPressEvent(QKeyEvent *event)
{
    if (m_mode == Mode::swipe && event->key() == Qt::Key_Left)
        setSwipe(m_swipe - keyStep);
    else if (m_mode == Mode::swipe && event->key() == Qt::Key_Right)
        setSwipe(m_swipe + keyStep);
    else
        QWidget::keyPressEvent(event);
}

} // namespace hefstudio
