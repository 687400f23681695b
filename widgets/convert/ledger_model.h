// Asked, used, why: the settings of a conversion; where used differs from asked the row is marked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ledger.h"

#include <QAbstractTableModel>

namespace hefstudio {

class LedgerModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { SettingColumn, AskedColumn, UsedColumn, WhyColumn, ColumnCount };
    enum Role { LoweredRole = Qt::UserRole };

    explicit LedgerModel(QObject *parent = nullptr);
    void reset();
    // A setting that is there already is replaced.
    void add(const LedgerRow &row);
    const Ledger &rows() const { return m_rows; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    Ledger m_rows;
};

} // namespace hefstudio
