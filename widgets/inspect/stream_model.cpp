// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/stream_model.h"

#include "theme/fonts.h"
#include "theme/tokens.h"

#include <QGuiApplication>

namespace hefstudio {

StreamModel::StreamModel(std::vector<StreamRow> rows, QObject *parent)
    : QAbstractTableModel(parent), m_rows(std::move(rows))
{
}

int StreamModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int StreamModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant StreamModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const StreamRow &row = m_rows[std::size_t(index.row())];
    const bool isInput = row.direction == HefDirection::input;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        switch (index.column()) {
        case DirectionColumn:
            return isInput ? tr("in") : tr("out");
        case NameColumn:
            return row.name;
        case TypeColumn:
            return row.type;
        case LayoutColumn:
            return row.layout;
        case ScaleColumn:
            return row.scale;
        case ZeroColumn:
            return row.zeroPoint;
        default:
            return {};
        }
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter |
                   (index.column() >= ScaleColumn ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::FontRole:
        return index.column() == DirectionColumn ? fontFor(TextRole::body)
                                                 : fontFor(TextRole::code);
    case Qt::ForegroundRole:
        if (index.column() == DirectionColumn) {
            const Tokens &tokens = tokensOf(QGuiApplication::palette());
            return isInput ? tokens.dim : tokens.ok;
        }
        return {};
    default:
        return {};
    }
}

QVariant StreamModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section >= ScaleColumn ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[] = {QString(),           tr("stream"), tr("type"),
                              tr("order · shape"), tr("scale"),  tr("zero point")};
    return section >= 0 && section < ColumnCount ? titles[section] : QVariant();
}

} // namespace hefstudio
