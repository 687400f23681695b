// SPDX-License-Identifier: GPL-3.0-or-later
#include "profile/batch_chart.h"

#include "theme/fonts.h"
#include "theme/tokens.h"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace hefstudio {

BatchChart::BatchChart(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("batchChart"));
    setFont(fontFor(TextRole::small));
    setMinimumSize(220, 140);
    setAccessibleName(tr("Frames per second by batch size"));
}

void BatchChart::setSeries(std::vector<Series> series)
{
    m_series = std::move(series);
    const QLocale locale;
    QStringList spoken;
    for (const Series &each : m_series)
        for (const auto &[batch, fps] : each.framesPerSecond)
            spoken << tr("%1, batch %2: %3").arg(each.name).arg(batch).arg(locale.toString(fps, 'f', 1));
    setAccessibleDescription(spoken.join(QStringLiteral("; ")));
    update();
}

void BatchChart::setBatch(int batch)
{
    m_batch = batch;
    update();
}

void BatchChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens &tokens = tokensOf(palette());
    const QLocale locale;
    double most = 0;
    int lowBatch = 0, highBatch = 0;
    for (const Series &series : m_series)
        for (const auto &[batch, fps] : series.framesPerSecond) {
            most = std::max(most, fps);
            lowBatch = lowBatch == 0 ? batch : std::min(lowBatch, batch);
            highBatch = std::max(highBatch, batch);
        }
    if (most <= 0) {
        painter.setPen(tokens.faint);
        painter.drawText(rect(), Qt::AlignCenter, tr("No estimate yet."));
        return;
    }
    const int text = fontMetrics().height();
    const int labels = fontMetrics().horizontalAdvance(locale.toString(most * 1.1, 'f', 0)) + 10;
    const QRectF plot(labels, text + 8, width() - labels - 12, height() - 2 * text - 16);
    const double top = most * 1.1;
    for (int line = 0; line <= 3; ++line) {
        const double y = plot.bottom() - plot.height() * line / 3;
        painter.setPen(tokens.line);
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        painter.setPen(tokens.faint);
        painter.drawText(QRectF(0, y - text / 2.0, labels - 6, text), Qt::AlignRight,
                         locale.toString(top * line / 3, 'f', 0));
    }
    const double span = std::max(1e-9, std::log2(double(highBatch) / lowBatch));
    const auto x = [&](int batch) {
        return highBatch == lowBatch
                   ? plot.center().x()
                   : plot.left() + plot.width() * std::log2(double(batch) / lowBatch) / span;
    };
    const auto y = [&](double fps) { return plot.bottom() - plot.height() * fps / top; };
    painter.setPen(QPen(tokens.border, 1, Qt::DashLine));
    if (m_batch >= lowBatch && m_batch <= highBatch)
        painter.drawLine(QPointF(x(m_batch), plot.top()), QPointF(x(m_batch), plot.bottom()));
    double keyX = plot.left();
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        const Series &series = m_series[i];
        const QColor &color = tokens.categories[i % tokens.categories.size()];
        QPainterPath path;
        for (const auto &[batch, fps] : series.framesPerSecond)
            path.isEmpty() ? path.moveTo(x(batch), y(fps)) : path.lineTo(x(batch), y(fps));
        painter.setBrush(Qt::NoBrush);
        // The second cue beside colour: the chip that is not chosen is dashed.
        painter.setPen(QPen(color, series.isChosen ? 2.4 : 1.6,
                            series.isChosen ? Qt::SolidLine : Qt::DashLine));
        painter.drawPath(path);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        for (const auto &[batch, fps] : series.framesPerSecond)
            painter.drawEllipse(QPointF(x(batch), y(fps)), 3, 3);
        painter.drawRoundedRect(QRectF(keyX, 5, 10, 10), 2, 2);
        painter.setPen(tokens.dim);
        painter.drawText(QRectF(keyX + 15, 0, 200, text + 4), Qt::AlignVCenter, series.name);
        keyX += 15 + fontMetrics().horizontalAdvance(series.name) + 18;
    }
    painter.setPen(tokens.faint);
    if (!m_series.empty())
        for (const auto &[batch, fps] : m_series.front().framesPerSecond)
            painter.drawText(QRectF(x(batch) - 20, plot.bottom() + 4, 40, text), Qt::AlignHCenter,
                             locale.toString(batch));
}

} // namespace hefstudio
