// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/legend.h"

#include "graph/scene_painter.h"
#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QLocale>
#include <QPainter>

namespace hefstudio {

namespace {
constexpr int swatch = 10;
constexpr int gap = 14;
} // namespace

Legend::Legend(QWidget *parent) : QWidget(parent)
{
    setFont(fontFor(TextRole::small));
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void Legend::setCounts(const std::array<int, layerFamilyCount> &counts)
{
    m_entries.clear();
    QStringList spoken;
    for (int i = 0; i < layerFamilyCount; ++i)
        if (counts[std::size_t(i)] > 0) {
            const auto family = LayerFamily(i);
            m_entries.push_back(
                {family, QStringLiteral("%1 %2").arg(familyName(family),
                                                     QLocale().toString(counts[std::size_t(i)]))});
            spoken << m_entries.back().text;
        }
    setAccessibleName(spoken.join(QStringLiteral(", ")));
    resize(sizeHint());
    update();
}

QSize Legend::sizeHint() const
{
    int width = gap;
    for (const Entry &entry : m_entries)
        width += swatch + 6 + fontMetrics().horizontalAdvance(entry.text) + gap;
    return {width, fontMetrics().height() + 16};
}

void Legend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    drawRounded(&painter, rect(), tokens.panel, tokens.line, metrics::cardRadius);
    int x = gap;
    for (const Entry &entry : m_entries) {
        drawRounded(&painter, QRectF(x, (height() - swatch) / 2.0, swatch, swatch),
                    familyColor(tokens, entry.family), QColor(), 2);
        x += swatch + 6;
        painter.setPen(tokens.dim);
        const int width = fontMetrics().horizontalAdvance(entry.text);
        painter.drawText(QRect(x, 0, width + 2, height()), Qt::AlignVCenter, entry.text);
        x += width + gap;
    }
}

} // namespace hefstudio
