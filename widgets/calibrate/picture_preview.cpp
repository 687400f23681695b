// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibrate/picture_preview.h"

#include "calibrate/thumbnail_store.h"
#include "common/diagnostic_card.h"
#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace hefstudio {

namespace {

constexpr int gap = 12;

// [1,C,H,W] as a picture: the channels as the chip gets them, shown as if they were red, green and
// blue, so that a wrong order is seen.
QImage imageOf(const Tensor &pixels)
{
    const int channels = int(pixels.shape()[1]);
    const int height = int(pixels.shape()[2]);
    const int width = int(pixels.shape()[3]);
    const auto values = pixels.as<std::uint8_t>();
    const auto plane = std::size_t(width) * std::size_t(height);
    QImage image(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y) {
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(y));
        for (int x = 0; x < width; ++x) {
            const std::size_t at = std::size_t(y) * std::size_t(width) + std::size_t(x);
            const auto channel = [&](int c) {
                return values[std::size_t(channels == 1 ? 0 : c) * plane + at];
            };
            line[x] = qRgb(channel(0), channel(1), channel(2));
        }
    }
    return image;
}

QRect fitted(const QImage &image, const QRect &frame)
{
    if (image.isNull())
        return frame;
    QRect target({}, image.size().scaled(frame.size(), Qt::KeepAspectRatio));
    target.moveCenter(frame.center());
    return target;
}

QString valuesOf(const QImage &image, QPoint pixel)
{
    const QRgb value = image.pixel(pixel);
    return QStringLiteral("%1 %2 %3").arg(qRed(value)).arg(qGreen(value)).arg(qBlue(value));
}

} // namespace

PicturePreview::PicturePreview(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("picturePreview"));
    setAccessibleName(tr("The picture, and what the chip gets of it"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void PicturePreview::clear()
{
    m_job.cancel();
    m_isEmpty = true;
    m_shown = {};
    m_probe.reset();
    update();
}

void PicturePreview::show(std::shared_ptr<const CalibrationSet> set, int sample,
                          const std::optional<PreprocessOptions> &how)
{
    m_how = how;
    m_job.start(
        [set = std::move(set), sample, how](const std::stop_token &) {
            Shown shown;
            const auto image = set->picture(std::size_t(sample));
            if (!image) {
                shown.faults = image.error();
                return shown;
            }
            shown.original = toQImage(*image);
            if (!how)
                return shown;
            const auto ready = preprocess(*image, *how);
            if (!ready) {
                shown.faults = ready.error();
                return shown;
            }
            shown.result = imageOf(ready->pixels);
            shown.geometry = ready->geometry;
            return shown;
        },
        [this](Shown &&shown) {
            m_shown = std::move(shown);
            m_isEmpty = false;
            m_probe.reset();
            update();
        });
}

PicturePreview::Side PicturePreview::original() const
{
    const int line = fontMetrics().height() + 6;
    const QRect frame(0, line, (width() - gap) / 2, height() - 2 * line);
    return {frame, fitted(m_shown.original, frame)};
}

PicturePreview::Side PicturePreview::result() const
{
    const QRect left = original().frame;
    const QRect frame = left.translated(left.width() + gap, 0);
    return {frame, fitted(m_shown.result, frame)};
}

std::optional<QPoint> PicturePreview::resultPixel() const
{
    if (!m_probe || m_shown.result.isNull())
        return std::nullopt;
    const PreprocessGeometry &g = m_shown.geometry;
    const QPoint pixel(int(std::floor((m_probe->x() + 0.5) * g.scaleX + g.offsetX)),
                       int(std::floor((m_probe->y() + 0.5) * g.scaleY + g.offsetY)));
    if (!m_shown.result.rect().contains(pixel))
        return std::nullopt;
    return pixel;
}

QString PicturePreview::probeText() const
{
    if (!m_probe)
        return m_shown.result.isNull() ? tr("Point at a pixel to see its values")
                                       : tr("Point at a pixel to see its values on both sides");
    QString text = tr("(%1, %2): %3")
                       .arg(m_probe->x())
                       .arg(m_probe->y())
                       .arg(valuesOf(m_shown.original, *m_probe));
    if (m_shown.result.isNull())
        return text;
    const auto pixel = resultPixel();
    text += QStringLiteral("  →  ");
    if (!pixel)
        return text + tr("cut away");
    return text + tr("(%1, %2): %3")
                      .arg(pixel->x())
                      .arg(pixel->y())
                      .arg(valuesOf(m_shown.result, *pixel));
}

void PicturePreview::setProbe(std::optional<QPoint> pixel)
{
    if (pixel == m_probe)
        return;
    m_probe = pixel;
    setAccessibleDescription(probeText());
    update();
}

void PicturePreview::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    const auto pixelOf = [&at](const QImage &image, const QRect &target) {
        return QPoint((at.x() - target.left()) * image.width() / std::max(1, target.width()),
                      (at.y() - target.top()) * image.height() / std::max(1, target.height()));
    };
    const QRect left = original().target;
    const QRect right = result().target;
    if (!m_shown.original.isNull() && left.contains(at)) {
        setProbe(pixelOf(m_shown.original, left));
    } else if (!m_shown.result.isNull() && right.contains(at)) {
        const QPoint pixel = pixelOf(m_shown.result, right);
        const PreprocessGeometry &g = m_shown.geometry;
        const QPoint source(int(std::floor((pixel.x() + 0.5 - g.offsetX) / g.scaleX)),
                            int(std::floor((pixel.y() + 0.5 - g.offsetY) / g.scaleY)));
        setProbe(m_shown.original.rect().contains(source) ? std::optional(source) : std::nullopt);
    } else {
        setProbe(std::nullopt);
    }
}

void PicturePreview::leaveEvent(QEvent *)
{
    if (!hasFocus())
        setProbe(std::nullopt);
}

void PicturePreview::keyPressEvent(QKeyEvent *event)
{
    const int step = event->modifiers() & Qt::ShiftModifier ? 10 : 1;
    QPoint move;
    switch (event->key()) {
    case Qt::Key_Left:
        move = {-step, 0};
        break;
    case Qt::Key_Right:
        move = {step, 0};
        break;
    case Qt::Key_Up:
        move = {0, -step};
        break;
    case Qt::Key_Down:
        move = {0, step};
        break;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    if (m_shown.original.isNull())
        return;
    const QRect whole = m_shown.original.rect();
    const QPoint from = m_probe.value_or(whole.center() - move);
    setProbe(QPoint(std::clamp(from.x() + move.x(), 0, whole.right()),
                    std::clamp(from.y() + move.y(), 0, whole.bottom())));
}

void PicturePreview::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const Tokens &tokens = tokensOf(palette());
    const auto draw = [&](const Side &side, const QImage &image, const QString &caption,
                          const QString &missing, std::optional<QPoint> probe) {
        painter.setFont(fontFor(TextRole::small));
        painter.setPen(tokens.dim);
        const QRect line(side.frame.left(), 0, side.frame.width(), side.frame.top() - 4);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(caption, Qt::ElideRight, line.width()));
        if (image.isNull()) {
            painter.fillRect(side.frame, tokens.raised);
            painter.setPen(tokens.faint);
            painter.drawText(side.frame.adjusted(12, 12, -12, -12),
                             Qt::AlignCenter | Qt::TextWordWrap, missing);
            return;
        }
        // Enlarged pixels stay squares: they are what is looked at.
        painter.setRenderHint(QPainter::SmoothPixmapTransform,
                              image.width() > side.target.width());
        painter.drawImage(side.target, image);
        if (!probe)
            return;
        const double x =
            side.target.left() + (probe->x() + 0.5) * side.target.width() / image.width();
        const double y =
            side.target.top() + (probe->y() + 0.5) * side.target.height() / image.height();
        painter.setRenderHint(QPainter::Antialiasing);
        for (const auto &[color, width] :
             {std::pair(tokens.isDark ? tokens.background : tokens.text, 3.0),
              std::pair(QColor(Qt::white), 1.2)}) {
            painter.setPen(QPen(color, width));
            painter.setBrush(Qt::NoBrush);
            painter.drawEllipse(QPointF(x, y), 5, 5);
        }
    };
    const QString fault = m_shown.faults.empty()
                              ? (m_isEmpty ? tr("Choose a picture") : QString())
                              : causeText(m_shown.faults.front());
    const auto sizeText = [](const QImage &image) {
        return QStringLiteral("%1 × %2").arg(image.width()).arg(image.height());
    };
    draw(original(), m_shown.original,
         m_shown.original.isNull()
             ? tr("As stored")
             : tr("As stored · %1").arg(sizeText(m_shown.original)),
         fault, m_probe);
    QString caption = tr("As the chip sees it");
    if (m_how && !m_shown.result.isNull()) {
        const QString order = m_how->channels == 1 ? tr("grey")
                              : m_how->color == ColorOrder::bgr ? tr("BGR")
                                                                : tr("RGB");
        caption = tr("As the chip sees it · %1 · %2").arg(sizeText(m_shown.result), order);
    }
    draw(result(), m_shown.result, caption,
         m_how ? fault : tr("Open a network to see what it gets"), resultPixel());
    painter.setFont(fontFor(TextRole::smallCode));
    painter.setPen(tokens.dim);
    painter.drawText(QRect(0, height() - fontMetrics().height() - 2, width(),
                           fontMetrics().height() + 2),
                     Qt::AlignLeft | Qt::AlignVCenter, probeText());
    if (hasFocus())
        drawFocusRing(&painter, QRectF(rect()).adjusted(1, 1, -1, -1), tokens);
}

} // namespace hefstudio
