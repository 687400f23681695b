// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/section_strip.h"

#include "common/files.h"
#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

namespace hefstudio {

namespace {
constexpr double least = 6; // pixels of a section that is too small to see
constexpr int stripHeight = 18;
} // namespace

SectionStrip::SectionStrip(std::vector<HefMapEntry> map, QWidget *parent)
    : QWidget(parent), m_map(std::move(map))
{
    std::erase_if(m_map, [](const HefMapEntry &entry) {
        return entry.level > 0 || entry.place.size == 0;
    });
    setObjectName(QStringLiteral("sectionStrip"));
    setFont(fontFor(TextRole::small));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    QStringList spoken;
    for (const HefMapEntry &entry : m_map)
        spoken << QString::fromStdString(entry.name) + QLatin1Char(' ') + byteText(entry.place.size);
    setAccessibleName(tr("Sections of the file"));
    setAccessibleDescription(spoken.join(QStringLiteral(", ")));
}

QSize SectionStrip::sizeHint() const
{
    return {300, stripHeight + fontMetrics().height() + 8};
}

std::vector<SectionStrip::Cell> SectionStrip::cells() const
{
    double total = 0;
    for (const HefMapEntry &entry : m_map)
        total += double(entry.place.size);
    const double room = std::max(1.0, width() - (least + 2) * double(m_map.size()));
    std::vector<Cell> result;
    double x = 0;
    for (std::size_t i = 0; i < m_map.size(); ++i) {
        const double wide = least + room * double(m_map[i].place.size) / std::max(1.0, total);
        result.push_back({QRectF(x, 0, wide, stripHeight), i});
        x += wide + 2;
    }
    return result;
}

void SectionStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    const std::vector<Cell> all = cells();
    for (std::size_t i = 0; i < all.size(); ++i) {
        drawRounded(&painter, all[i].rect, tokens.categories[i % 5], QColor(), 3);
        if (int(i) == m_current && hasFocus())
            drawFocusRing(&painter, all[i].rect, tokens, 3);
    }
    if (m_current < 0 || m_current >= int(m_map.size()))
        return;
    const HefMapEntry &entry = m_map[std::size_t(m_current)];
    painter.setPen(tokens.dim);
    const QRect text(0, stripHeight + 4, width(), fontMetrics().height() + 2);
    painter.drawText(text, Qt::AlignLeft,
                     fontMetrics().elidedText(QString::fromStdString(entry.name) +
                                                  QStringLiteral(" · ") +
                                                  byteText(entry.place.size) +
                                                  (entry.remark.empty()
                                                       ? QString()
                                                       : QStringLiteral(" · ") +
                                                             QString::fromStdString(entry.remark)),
                                              Qt::ElideRight, width()));
}

int SectionStrip::cellAt(const QPointF &position) const
{
    const std::vector<Cell> all = cells();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].rect.contains(position))
            return int(i);
    return -1;
}

void SectionStrip::choose(int cell)
{
    if (cell < 0 || cell >= int(m_map.size()))
        return;
    m_current = cell;
    update();
    const HefSection &place = m_map[std::size_t(cell)].place;
    Q_EMIT placeChosen(place.offset, place.size);
}

void SectionStrip::mousePressEvent(QMouseEvent *event)
{
    choose(cellAt(event->position()));
}

void SectionStrip::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
        m_current = std::max(0, m_current - 1);
        update();
        return;
    case Qt::Key_Right:
        m_current = std::min(int(m_map.size()) - 1, m_current + 1);
        update();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        choose(m_current);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

bool SectionStrip::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int cell = cellAt(help->pos());
        if (cell >= 0) {
            const HefMapEntry &entry = m_map[std::size_t(cell)];
            QToolTip::showText(help->globalPos(),
                               QString::fromStdString(entry.name) + QLatin1Char('\n') +
                                   byteText(entry.place.size) + QLatin1Char('\n') +
                                   QString::fromStdString(entry.remark),
                               this);
        }
        return true;
    }
    return QWidget::event(event);
}

} // namespace hefstudio
