// The layers of a graph as a table: title, name, shape. The list beside the canvas and screen
// readers walk it; searching filters by LayerListModel::SearchRole.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph_scene.h"

#include <QAbstractTableModel>

namespace hefstudio {

class LayerListModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { TitleColumn, ShapeColumn, ColumnCount };
    enum Role { SearchRole = Qt::UserRole, FamilyRole, NameRole };

    explicit LayerListModel(QObject *parent = nullptr);
    void setScene(std::shared_ptr<const GraphScene> scene);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const GraphScene> m_scene;
};

} // namespace hefstudio
