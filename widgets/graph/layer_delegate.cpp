// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/layer_delegate.h"

#include "graph/layer_list_model.h"
#include "graph/scene_colors.h"
#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QPainter>

namespace hefstudio {

void LayerDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    const Tokens &tokens = tokensOf(option.palette);
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, mixed(tokens.panel, tokens.accent, 0.24));
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, mixed(tokens.panel, tokens.text, 0.05));
    const auto family = LayerFamily(index.data(LayerListModel::FamilyRole).toInt());
    const QRect row = option.rect;
    drawRounded(painter, QRectF(row.left() + 12, row.top() + 9, 4, row.height() - 18),
                familyColor(tokens, family), QColor(), 2);

    const QRect text = row.adjusted(26, 5, -12, -5);
    painter->setFont(fontFor(TextRole::small));
    const QString shape = index.siblingAtColumn(LayerListModel::ShapeColumn).data().toString();
    const int shapeWidth = painter->fontMetrics().horizontalAdvance(shape);
    painter->setPen(tokens.dim);
    painter->drawText(text, Qt::AlignRight | Qt::AlignTop, shape);
    painter->setPen(tokens.faint);
    painter->drawText(
        text, Qt::AlignLeft | Qt::AlignBottom,
        painter->fontMetrics().elidedText(index.data(LayerListModel::NameRole).toString(),
                                          Qt::ElideMiddle, text.width()));
    painter->setFont(option.font);
    painter->setPen(tokens.text);
    painter->drawText(text, Qt::AlignLeft | Qt::AlignTop,
                      painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight,
                                                        text.width() - shapeWidth - 8));
    painter->restore();
}

QSize LayerDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {180, option.fontMetrics.height() * 2 + 14};
}

} // namespace hefstudio
