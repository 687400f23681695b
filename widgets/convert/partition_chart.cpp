// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/partition_chart.h"

#include "theme/fonts.h"
#include "theme/tokens.h"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace hefstudio {

PartitionChart::PartitionChart(QWidget *parent) : QWidget(parent)
{
    setFont(fontFor(TextRole::small));
}

void PartitionChart::setIterations(std::vector<PartitionIteration> iterations)
{
    m_iterations = std::move(iterations);
    if (!m_iterations.empty())
        setAccessibleDescription(tr("%n iteration(s)", nullptr, int(m_iterations.size())));
    update();
}

void PartitionChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens &tokens = tokensOf(palette());
    const QLocale locale;
    if (m_iterations.empty()) {
        painter.setPen(tokens.faint);
        painter.drawText(rect(), Qt::AlignCenter, tr("The search has not begun."));
        return;
    }
    double low = m_iterations.front().predictedFrameMs;
    double high = low;
    for (const PartitionIteration &it : m_iterations) {
        low = std::min(low, it.predictedFrameMs);
        high = std::max(high, it.predictedFrameMs);
    }
    const double room = std::max((high - low) * 0.15, high * 0.02 + 1e-6);
    low = std::max(0.0, low - room);
    high += room;
    const int labelWidth = fontMetrics().horizontalAdvance(QStringLiteral("000.00 ms")) + 8;
    const QRectF plot(labelWidth, 6, std::max(10, width() - labelWidth - 10),
                      std::max(10, height() - 16 - fontMetrics().height()));
    constexpr int lines = 3;
    for (int i = 0; i <= lines; ++i) {
        const double y = plot.top() + plot.height() * i / lines;
        painter.setPen(tokens.line);
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        painter.setPen(tokens.faint);
        const double value = high - (high - low) * i / lines;
        painter.drawText(QRectF(0, y - 8, labelWidth - 8, 16), Qt::AlignRight | Qt::AlignVCenter,
                         tr("%1 ms").arg(locale.toString(value, 'f', value < 10 ? 2 : 1)));
    }
    const auto x = [&](std::size_t i) {
        return m_iterations.size() < 2
                   ? plot.center().x()
                   : plot.left() + plot.width() * double(i) / double(m_iterations.size() - 1);
    };
    const auto y = [&](double ms) {
        return plot.bottom() - plot.height() * (ms - low) / (high - low);
    };
    QPainterPath line;
    double bestMs = m_iterations.front().predictedFrameMs;
    line.moveTo(x(0), y(bestMs));
    for (std::size_t i = 1; i < m_iterations.size(); ++i) {
        line.lineTo(x(i), y(bestMs));
        bestMs = std::min(bestMs, m_iterations[i].predictedFrameMs);
        line.lineTo(x(i), y(bestMs));
    }
    painter.setPen(QPen(tokens.accent, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(line);
    const auto best = std::min_element(
        m_iterations.begin(), m_iterations.end(),
        [](const auto &a, const auto &b) { return a.predictedFrameMs < b.predictedFrameMs; });
    painter.setPen(tokens.faint);
    const QRectF foot(plot.left(), plot.bottom() + 4, plot.width(), fontMetrics().height());
    painter.drawText(foot, Qt::AlignLeft, tr("iteration %1").arg(m_iterations.front().iteration));
    if (m_iterations.size() > 1)
        painter.drawText(foot, Qt::AlignRight, QString::number(m_iterations.back().iteration));
    painter.setPen(tokens.ok);
    painter.drawText(foot, Qt::AlignHCenter,
                     tr("%n context(s), %1 ms", nullptr, best->contexts)
                         .arg(locale.toString(best->predictedFrameMs, 'f', 2)));
    painter.setPen(Qt::NoPen);
    for (std::size_t i = 0; i < m_iterations.size(); ++i) {
        painter.setBrush(m_iterations[i].isBest ? tokens.accent : tokens.border);
        const double radius = m_iterations[i].isBest ? 3.5 : 2;
        painter.drawEllipse(QPointF(x(i), y(m_iterations[i].predictedFrameMs)), radius, radius);
    }
}

} // namespace hefstudio
