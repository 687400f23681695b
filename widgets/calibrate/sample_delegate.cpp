// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibrate/sample_delegate.h"

#include "base/diagnostic.h"
#include "calibrate/sample_model.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/style_drawing.h"

#include <QMouseEvent>
#include <QPainter>

namespace hefstudio {

namespace {
constexpr int pictureWidth = 112;
constexpr int pictureHeight = 84;
constexpr int margin = 6;
constexpr int box = 18;
} // namespace

SampleDelegate::SampleDelegate(SampleModel &model, QObject *parent)
    : QStyledItemDelegate(parent), m_model(model)
{
}

QSize SampleDelegate::cellSize(const QFontMetrics &metrics)
{
    return {pictureWidth + 2 * margin, pictureHeight + metrics.height() + 2 * margin + 4};
}

QSize SampleDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return cellSize(option.fontMetrics);
}

QRect SampleDelegate::checkRect(const QRect &cell)
{
    return {cell.left() + margin + 4, cell.top() + margin + 4, box, box};
}

void SampleDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    const Tokens &tokens = tokensOf(option.palette);
    const bool isIn = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    const int severity = index.data(SampleModel::SeverityRole).toInt();
    const QRect cell = option.rect;
    painter->save();
    if (option.state & QStyle::State_Selected)
        drawRounded(painter, QRectF(cell).adjusted(1, 1, -1, -1),
                    mixed(tokens.background, tokens.accent, 0.18), tokens.accent);
    else if (option.state & QStyle::State_MouseOver)
        drawRounded(painter, QRectF(cell).adjusted(1, 1, -1, -1), tokens.raised, QColor());
    if (option.state & QStyle::State_HasFocus)
        drawFocusRing(painter, QRectF(cell).adjusted(1, 1, -1, -1), tokens);
    const QRect frame(cell.left() + margin, cell.top() + margin, pictureWidth, pictureHeight);
    const QImage *image = m_model.thumbnail(index.row());
    if (image && !image->isNull()) {
        QSize size = image->size().scaled(frame.size(), Qt::KeepAspectRatio);
        size = size.boundedTo(image->size() * 2);
        QRect target({}, size);
        target.moveCenter(frame.center());
        painter->setOpacity(isIn ? 1 : 0.3);
        painter->drawImage(target, *image);
        painter->setOpacity(1);
    } else {
        painter->fillRect(frame, tokens.raised);
        if (image)
            painter->drawPixmap(frame.center() - QPoint(10, 10),
                                iconPixmap(QStringLiteral("cross"), tokens.faint, 20,
                                           painter->device()->devicePixelRatioF()));
    }
    const QRect check = checkRect(cell);
    painter->setRenderHint(QPainter::Antialiasing);
    drawRounded(painter, QRectF(check).adjusted(0.5, 0.5, -0.5, -0.5),
                isIn ? tokens.accent : tokens.panel, isIn ? QColor() : tokens.border, 4);
    const double ratio = painter->device()->devicePixelRatioF();
    if (isIn)
        painter->drawPixmap(check.topLeft() + QPoint(2, 2),
                            iconPixmap(QStringLiteral("check"), tokens.onAccent, 14, ratio));
    if (severity >= int(Severity::warning)) {
        const bool isError = severity == int(Severity::error);
        const QRect mark(frame.right() - 21, frame.top() + 4, 18, 18);
        drawRounded(painter, mark, tokens.panel, QColor(), 9);
        painter->drawPixmap(mark.topLeft() + QPoint(2, 2),
                            iconPixmap(isError ? QStringLiteral("error") : QStringLiteral("warning"),
                                       isError ? tokens.bad : tokens.warn, 14, ratio));
    }
    painter->setPen(isIn ? tokens.text : tokens.faint);
    painter->setFont(option.font);
    const QRect text(frame.left(), frame.bottom() + 4, frame.width(), option.fontMetrics.height());
    painter->drawText(text, Qt::AlignHCenter | Qt::AlignVCenter,
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle,
                                                    text.width()));
    painter->restore();
}

bool SampleDelegate::editorEvent(QEvent *event, QAbstractItemModel *model,
                                 const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (event->type() == QEvent::MouseButtonRelease) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        if (mouse->button() == Qt::LeftButton &&
            checkRect(option.rect).adjusted(-4, -4, 4, 4).contains(mouse->position().toPoint())) {
            const bool isIn = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
            return model->setData(index, isIn ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
        }
    }
    return false;
}

} // namespace hefstudio
