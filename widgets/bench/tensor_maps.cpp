// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/tensor_maps.h"

#include "theme/fonts.h"
#include "theme/tokens.h"

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace hefstudio {

namespace {

// Dark to bright through one hue: order survives in grey and for colour-blind eyes.
QRgb shade(double share)
{
    const double s = std::clamp(share, 0.0, 1.0);
    return qRgb(int(20 + 235 * s * s), int(24 + 200 * s), int(60 + 120 * std::sqrt(s)));
}

QImage imageOf(int rows, int columns, std::span<const float> values, double low, double high)
{
    QImage image(columns, rows, QImage::Format_RGB32);
    for (int y = 0; y < rows && !image.isNull(); ++y) {
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(y));
        for (int x = 0; x < columns; ++x) {
            const double value = double(values[std::size_t(y) * std::size_t(columns) + std::size_t(x)]);
            line[x] = shade(high > low && std::isfinite(value) ? (value - low) / (high - low) : 0);
        }
    }
    return image;
}

} // namespace

TensorMaps::TensorMaps(QWidget *parent) : QWidget(parent)
{
    setMouseTracking(true);
    setAccessibleName(tr("The output's values in float, in the HEF, and their difference"));
}

void TensorMaps::setChannel(int rows, int columns, std::span<const float> floatValues,
                            std::span<const float> hefValues)
{
    m_rows = floatValues.empty() ? 0 : rows;
    m_columns = floatValues.empty() ? 0 : columns;
    m_float.assign(floatValues.begin(), floatValues.end());
    m_hef.assign(hefValues.begin(), hefValues.end());
    for (QImage &image : m_images)
        image = {};
    if (m_rows > 0) {
        const auto [low, high] = std::ranges::minmax(m_float);
        std::vector<float> difference(m_float.size());
        for (std::size_t i = 0; i < m_float.size(); ++i)
            difference[i] = std::abs(m_float[i] - m_hef[i]);
        m_images[0] = imageOf(rows, columns, m_float, double(low), double(high));
        m_images[1] = imageOf(rows, columns, m_hef, double(low), double(high));
        // A tenth of the range is as bright as it gets.
        m_images[2] = imageOf(rows, columns, difference, 0, double(high - low) / 10);
    }
    update();
}

QRectF TensorMaps::placeOf(int map) const
{
    const double head = fontMetrics().height() + 4;
    const double third = (width() - 16) / 3.0;
    const QRectF room(map * (third + 8), head, third, height() - head);
    const QSizeF size = QSizeF(m_columns, m_rows).scaled(room.size(), Qt::KeepAspectRatio);
    return {room.topLeft(), QSizeF(size.width(), std::max(size.height(), 6.0))};
}

void TensorMaps::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    painter.setFont(fontFor(TextRole::small));
    if (m_rows == 0) {
        painter.setPen(tokens.faint);
        painter.drawText(rect(), Qt::AlignCenter, tr("No values"));
        return;
    }
    const QString titles[] = {tr("float"), tr("HEF"), tr("difference ×10")};
    const double third = (width() - 16) / 3.0;
    for (int map = 0; map < 3; ++map) {
        painter.setPen(tokens.dim);
        painter.drawText(QRectF(map * (third + 8), 0, third, fontMetrics().height()),
                         Qt::AlignLeft | Qt::AlignTop,
                         painter.fontMetrics().elidedText(titles[map], Qt::ElideRight, int(third)));
        painter.drawImage(placeOf(map), m_images[map]);
    }
}

void TensorMaps::mouseMoveEvent(QMouseEvent *event)
{
    for (int map = 0; map < 3 && m_rows > 0; ++map) {
        const QRectF place = placeOf(map);
        if (!place.contains(event->position()))
            continue;
        const QPointF inside = event->position() - place.topLeft();
        const int x = std::min(m_columns - 1, int(inside.x() / place.width() * m_columns));
        const int y = std::min(m_rows - 1, int(inside.y() / place.height() * m_rows));
        const std::size_t at = std::size_t(y) * std::size_t(m_columns) + std::size_t(x);
        const QLocale locale;
        Q_EMIT pointed(tr("[%1, %2] float %3, HEF %4")
                           .arg(y)
                           .arg(x)
                           .arg(locale.toString(double(m_float[at]), 'g', 5),
                                locale.toString(double(m_hef[at]), 'g', 5)));
        return;
    }
    Q_EMIT pointed({});
}

void TensorMaps::leaveEvent(QEvent *)
{
    Q_EMIT pointed({});
}

} // namespace hefstudio
