// The layers of an estimate as a table to sort and filter: context, predicted time and its share,
// multiply-adds, weights.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "profile/model_estimate.h"

#include <QAbstractTableModel>

namespace hefstudio {

class LayerTableModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        ContextColumn,
        TimeColumn,
        ShareColumn,
        MacsColumn,
        WeightsColumn,
        ColumnCount
    };
    enum Role { SortRole = Qt::UserRole, LayerRole };

    using QAbstractTableModel::QAbstractTableModel;
    void setEstimate(std::shared_ptr<const ModelEstimate> estimate);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const ModelEstimate> m_estimate;
};

} // namespace hefstudio
