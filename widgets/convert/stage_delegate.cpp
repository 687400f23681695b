// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/stage_delegate.h"

#include "convert/stage_model.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/style_drawing.h"

#include <QPainter>

namespace hefstudio {

void StageDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    const Tokens &tokens = tokensOf(option.palette);
    const auto state = StageModel::State(index.data(StageModel::StateRole).toInt());
    const double ratio = painter->device()->devicePixelRatioF();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect row = option.rect;
    const QRect mark(row.left(), row.top() + 5, 16, 16);
    switch (state) {
    case StageModel::State::done:
        painter->drawPixmap(mark.topLeft(),
                            iconPixmap(QStringLiteral("check"), tokens.ok, 16, ratio));
        break;
    case StageModel::State::failed:
        painter->drawPixmap(mark.topLeft(),
                            iconPixmap(QStringLiteral("cross"), tokens.bad, 16, ratio));
        break;
    case StageModel::State::running:
        painter->setPen(Qt::NoPen);
        painter->setBrush(tokens.accent);
        painter->drawEllipse(mark.adjusted(3, 3, -3, -3));
        break;
    case StageModel::State::waiting:
        painter->setPen(QPen(tokens.border, 1.4));
        painter->setBrush(Qt::NoBrush);
        painter->drawEllipse(QRectF(mark).adjusted(3.5, 3.5, -3.5, -3.5));
        break;
    }
    const QRect text = row.adjusted(26, 3, 0, 0);
    const QString time = index.data(StageModel::TimeRole).toString();
    const int lineHeight = option.fontMetrics.height();
    const QRect first(text.left(), text.top(), text.width(), lineHeight + 2);
    painter->setFont(option.font);
    painter->setPen(tokens.dim);
    painter->drawText(first, Qt::AlignRight | Qt::AlignVCenter, time);
    painter->setPen(state == StageModel::State::waiting ? tokens.faint : tokens.text);
    const int timeWidth = option.fontMetrics.horizontalAdvance(time) + 8;
    painter->drawText(first, Qt::AlignLeft | Qt::AlignVCenter,
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight,
                                                    first.width() - timeWidth));
    const QRect second(text.left(), first.bottom() + 1, text.width(), lineHeight);
    const double progress = index.data(StageModel::ProgressRole).toDouble();
    if (state == StageModel::State::running) {
        const QRectF groove(second.left(), second.top() + 3, second.width(), 6);
        drawRounded(painter, groove, mixed(tokens.raised, tokens.text, 0.06), QColor(), 3);
        if (progress > 0) {
            QRectF filled = groove;
            filled.setWidth(std::max(6.0, groove.width() * std::min(1.0, progress)));
            drawRounded(painter, filled, tokens.accent, QColor(), 3);
        }
    } else {
        painter->setFont(fontFor(TextRole::small));
        painter->setPen(tokens.faint);
        painter->drawText(
            second, Qt::AlignLeft | Qt::AlignTop,
            painter->fontMetrics().elidedText(index.data(StageModel::DetailRole).toString(),
                                              Qt::ElideRight, second.width()));
    }
    painter->restore();
}

QSize StageDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {200, option.fontMetrics.height() * 2 + 8};
}

} // namespace hefstudio
