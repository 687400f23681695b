// What a device would be told in one context, as a table: operation, action, details, bytes. The
// rows are counted once; what an action says is read when it comes into sight.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/actions.h"

#include <QAbstractTableModel>

namespace hefstudio {

class ActionModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { NumberColumn, NameColumn, DetailsColumn, BytesColumn, ColumnCount };
    enum Role { OffsetRole = Qt::UserRole, SizeRole, IsTriggerRole };

    explicit ActionModel(const Hef &hef, QObject *parent = nullptr);
    void setPart(const HefProgramPart &part);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        proto::ProtoHEFOperation operation; // of a trigger row
        proto::ProtoHEFAction action;
        int number = 0; // of the operation, or of the action within it
        bool isTrigger = false;
    };
    Hef m_hef;
    std::vector<Row> m_rows;
};

} // namespace hefstudio
