// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/legend.h"

#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QPainter>

namespace hefstudio {

namespace {
constexpr int swatch = 10;
constexpr int gap = 14;
} // namespace

Legend::Legend(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("legend"));
    setFont(fontFor(TextRole::small));
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void Legend::setEntries(std::vector<SceneColors::Entry> entries)
{
    m_entries = std::move(entries);
    QStringList spoken;
    for (const SceneColors::Entry &entry : m_entries)
        spoken << entry.text;
    setAccessibleName(spoken.join(QStringLiteral(", ")));
    update();
}

int Legend::entryWidth(const SceneColors::Entry &entry) const
{
    return swatch + 6 + fontMetrics().horizontalAdvance(entry.text) + gap;
}

std::vector<QPoint> Legend::places(int width, QSize &size) const
{
    const int rowHeight = fontMetrics().height() + 4;
    std::vector<QPoint> result;
    int x = gap;
    int y = 6;
    int right = 0;
    for (const SceneColors::Entry &entry : m_entries) {
        const int wide = entryWidth(entry);
        if (x > gap && x + wide > width) {
            x = gap;
            y += rowHeight;
        }
        result.emplace_back(x, y);
        x += wide;
        right = std::max(right, x);
    }
    size = {right, y + rowHeight + 6};
    return result;
}

void Legend::fitInto(int width)
{
    QSize size;
    places(width, size);
    resize(size);
}

void Legend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    drawRounded(&painter, rect(), tokens.panel, tokens.line, metrics::cardRadius);
    QSize size;
    const std::vector<QPoint> at = places(width(), size);
    const int rowHeight = fontMetrics().height() + 4;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        drawRounded(&painter,
                    QRectF(at[i].x(), at[i].y() + (rowHeight - swatch) / 2.0, swatch, swatch),
                    slotColor(tokens, m_entries[i].slot), QColor(), 2);
        painter.setPen(tokens.dim);
        painter.drawText(QRect(at[i].x() + swatch + 6, at[i].y(), entryWidth(m_entries[i]), rowHeight),
                         Qt::AlignVCenter, m_entries[i].text);
    }
}

} // namespace hefstudio
