// The message of a HEF as a tree: field, value, what it stands for, type. Children are read when a
// branch is opened, a page at a time.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/message_tree.h"

#include <QAbstractItemModel>

#include <memory>

namespace hefstudio {

class HefTreeModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { NameColumn, ValueColumn, RemarkColumn, TypeColumn, ColumnCount };
    enum Role { OffsetRole = Qt::UserRole, SizeRole };

    explicit HefTreeModel(const Hef &hef, QObject *parent = nullptr);
    ~HefTreeModel() override;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    bool hasChildren(const QModelIndex &parent = {}) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Node;
    Node *nodeOf(const QModelIndex &index) const;

    HefMessageTree m_tree;
    std::unique_ptr<Node> m_root;
};

} // namespace hefstudio
