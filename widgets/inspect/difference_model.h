// What differs between two HEFs, a row a difference.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/hef_diff.h"

#include <QAbstractTableModel>

namespace hefstudio {

class DifferenceModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { PathColumn, FirstColumn, SecondColumn, MeaningColumn, ColumnCount };

    explicit DifferenceModel(HefDiff diff, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    HefDiff m_diff;
};

} // namespace hefstudio
