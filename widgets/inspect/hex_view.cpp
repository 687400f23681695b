// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/hex_view.h"

#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

#include <limits>

namespace hefstudio {

namespace {
constexpr int perLine = 16;
constexpr int margin = 12;
} // namespace

HexView::HexView(QWidget *parent) : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("hexView"));
    setAccessibleName(tr("Bytes of the file"));
    setFrameShape(QFrame::NoFrame);
    setFont(fontFor(TextRole::code));
    setFocusPolicy(Qt::StrongFocus);
}

void HexView::setBytes(std::span<const std::byte> bytes)
{
    m_bytes = bytes;
    m_markSize = 0;
    updateBar();
    viewport()->update();
}

int HexView::lineHeight() const
{
    return fontMetrics().height() + 3;
}

void HexView::updateBar()
{
    const auto lines = std::min<std::uint64_t>((m_bytes.size() + perLine - 1) / perLine,
                                               std::numeric_limits<int>::max());
    const int page = std::max(1, viewport()->height() / lineHeight() - 1);
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setRange(0, std::max(0, int(lines) - page));
}

void HexView::show(std::uint64_t offset, std::uint64_t size)
{
    m_markOffset = offset;
    m_markSize = size;
    const int line = int(offset / perLine);
    const int page = verticalScrollBar()->pageStep();
    if (line < verticalScrollBar()->value() || line >= verticalScrollBar()->value() + page)
        verticalScrollBar()->setValue(std::max(0, line - page / 4));
    viewport()->update();
}

std::uint64_t HexView::firstVisible() const
{
    return std::uint64_t(verticalScrollBar()->value()) * perLine;
}

void HexView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    const Tokens &tokens = tokensOf(palette());
    painter.fillRect(viewport()->rect(), tokens.panel);
    painter.setFont(font());
    const QFontMetrics metrics = fontMetrics();
    const int cell = metrics.horizontalAdvance(QLatin1Char('0'));
    const int digits = m_bytes.size() > 0xffffffffULL ? 12 : 8;
    const int hexLeft = margin + (digits + 2) * cell;
    const int textLeft = hexLeft + (perLine * 3 + 2) * cell;
    const int rows = viewport()->height() / lineHeight() + 1;
    static constexpr char hex[] = "0123456789abcdef";
    for (int row = 0; row < rows; ++row) {
        const std::uint64_t offset =
            (std::uint64_t(verticalScrollBar()->value()) + std::uint64_t(row)) * perLine;
        if (offset >= m_bytes.size())
            break;
        const int top = row * lineHeight() + 2;
        const int base = top + metrics.ascent();
        painter.setPen(tokens.faint);
        painter.drawText(margin, base,
                         QStringLiteral("%1").arg(offset, digits, 16, QLatin1Char('0')));
        QString bytes, text;
        const std::uint64_t count = std::min<std::uint64_t>(perLine, m_bytes.size() - offset);
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto value = std::to_integer<unsigned>(m_bytes[offset + i]);
            const bool isMarked =
                offset + i >= m_markOffset && offset + i - m_markOffset < m_markSize;
            if (isMarked) {
                const QColor mark = mixed(tokens.panel, tokens.accent, 0.3);
                painter.fillRect(hexLeft + int(i) * 3 * cell - cell / 2, top, 3 * cell,
                                 lineHeight(), mark);
                painter.fillRect(textLeft + int(i) * cell, top, cell, lineHeight(), mark);
            }
            bytes += QLatin1Char(hex[value >> 4]);
            bytes += QLatin1Char(hex[value & 15]);
            bytes += QLatin1Char(' ');
            text += value >= 0x20 && value < 0x7f ? QLatin1Char(char(value)) : QLatin1Char('.');
        }
        painter.setPen(tokens.text);
        painter.drawText(hexLeft, base, bytes);
        painter.setPen(tokens.dim);
        painter.drawText(textLeft, base, text);
    }
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        drawFocusRing(&painter, viewport()->rect(), tokens, 4);
}

void HexView::resizeEvent(QResizeEvent *)
{
    updateBar();
}

void HexView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Home)
        verticalScrollBar()->setValue(0);
    else if (event->key() == Qt::Key_End)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    else
        QAbstractScrollArea::keyPressEvent(event);
}

} // namespace hefstudio
