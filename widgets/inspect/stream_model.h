// The inputs and outputs of a HEF as a table.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/hef_overview.h"

#include <QAbstractTableModel>

namespace hefstudio {

class StreamModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        DirectionColumn,
        NameColumn,
        TypeColumn,
        LayoutColumn,
        ScaleColumn,
        ZeroColumn,
        ColumnCount
    };

    explicit StreamModel(std::vector<StreamRow> rows, QObject *parent = nullptr);
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<StreamRow> m_rows;
};

} // namespace hefstudio
