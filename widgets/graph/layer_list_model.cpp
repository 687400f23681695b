// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/layer_list_model.h"

namespace hefstudio {

LayerListModel::LayerListModel(QObject *parent) : QAbstractTableModel(parent) {}

void LayerListModel::setScene(std::shared_ptr<const GraphScene> scene)
{
    beginResetModel();
    m_scene = std::move(scene);
    endResetModel();
}

int LayerListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_scene ? 0 : int(m_scene->nodes().size());
}

int LayerListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LayerListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SceneNode &node = m_scene->nodes()[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == TitleColumn ? node.title : node.shape;
    case Qt::ToolTipRole:
        return QString(node.title + QLatin1Char('\n') + node.subtitle);
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2, %3").arg(node.title, node.subtitle, node.shape);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter |
                   (index.column() == ShapeColumn ? Qt::AlignRight : Qt::AlignLeft));
    case SearchRole:
        return QString(node.title + QLatin1Char(' ') + node.subtitle);
    case FamilyRole:
        return int(node.family);
    case NameRole:
        return node.subtitle;
    default:
        return {};
    }
}

QVariant LayerListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == TitleColumn ? tr("Layer") : tr("Output");
}

} // namespace hefstudio
