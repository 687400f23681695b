// SPDX-License-Identifier: GPL-3.0-or-later
#include "profile/layer_table_model.h"

#include "common/files.h"
#include "theme/fonts.h"

#include <QLocale>

namespace hefstudio {

void LayerTableModel::setEstimate(std::shared_ptr<const ModelEstimate> estimate)
{
    beginResetModel();
    m_estimate = std::move(estimate);
    endResetModel();
}

int LayerTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_estimate ? 0 : int(m_estimate->profile.layers.size());
}

int LayerTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LayerTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const LayerProfile &layer = m_estimate->profile.layers[std::size_t(index.row())];
    const double share =
        m_estimate->totalMs > 0 ? 100 * layer.predictedMs / m_estimate->totalMs : 0;
    const QLocale locale;
    if (role == LayerRole)
        return int(layer.id.index());
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (index.column() == NameColumn ? Qt::AlignLeft
                                                                    : Qt::AlignRight));
    if (role == Qt::FontRole)
        return fontFor(TextRole::smallCode);
    if (role != Qt::DisplayRole && role != SortRole && role != Qt::ToolTipRole)
        return {};
    const bool isSorting = role == SortRole;
    switch (index.column()) {
    case NameColumn:
        return QString::fromStdString(layer.name);
    case ContextColumn:
        return int(layer.context.index());
    case TimeColumn:
        return isSorting ? QVariant(layer.predictedMs)
                         : QVariant(locale.toString(layer.predictedMs, 'f', 3));
    case ShareColumn:
        return isSorting ? QVariant(share) : QVariant(locale.toString(share, 'f', 1));
    case MacsColumn:
        return isSorting ? QVariant(qlonglong(layer.multiplyAccumulates))
                         : QVariant(countText(layer.multiplyAccumulates));
    case WeightsColumn:
        return isSorting ? QVariant(qlonglong(layer.weightBytes))
                         : QVariant(layer.weightBytes > 0
                                        ? byteText(std::uint64_t(layer.weightBytes))
                                        : QString());
    default:
        return {};
    }
}

QVariant LayerTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section == NameColumn ? Qt::AlignLeft : Qt::AlignRight));
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("layer"),   tr("context"),       tr("ms, one piece"),
                              tr("% of all"), tr("multiply-adds"), tr("weights")};
    return section >= 0 && section < ColumnCount ? titles[section] : QVariant();
}

} // namespace hefstudio
