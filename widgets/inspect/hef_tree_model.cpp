// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/hef_tree_model.h"

#include "theme/fonts.h"
#include "theme/tokens.h"

#include <QGuiApplication>

namespace hefstudio {

namespace {
constexpr std::size_t page = 500; // children shown at a time
}

struct HefTreeModel::Node {
    HefTreeItem item;
    Node *parent = nullptr;
    int row = 0;
    bool isRead = false;
    std::vector<HefTreeItem> items;           // all children, once read
    std::vector<std::unique_ptr<Node>> shown; // as many of them as the view has asked for
};

HefTreeModel::HefTreeModel(const Hef &hef, QObject *parent)
    : QAbstractItemModel(parent), m_tree(hef), m_root(std::make_unique<Node>())
{
    m_root->item = m_tree.root();
    fetchMore({});
}

HefTreeModel::~HefTreeModel() = default;

HefTreeModel::Node *HefTreeModel::nodeOf(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<Node *>(index.internalPointer()) : m_root.get();
}

QModelIndex HefTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    const Node *node = nodeOf(parent);
    if (row < 0 || row >= int(node->shown.size()) || column < 0 || column >= ColumnCount ||
        parent.column() > 0)
        return {};
    return createIndex(row, column, node->shown[std::size_t(row)].get());
}

QModelIndex HefTreeModel::parent(const QModelIndex &index) const
{
    const Node *parent = index.isValid() ? nodeOf(index)->parent : nullptr;
    return !parent || parent == m_root.get() ? QModelIndex()
                                             : createIndex(parent->row, 0, const_cast<Node *>(parent));
}

int HefTreeModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : int(nodeOf(parent)->shown.size());
}

int HefTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

bool HefTreeModel::hasChildren(const QModelIndex &parent) const
{
    if (parent.column() > 0)
        return false;
    const Node *node = nodeOf(parent);
    return node->isRead ? !node->items.empty() : node->item.isMessage();
}

bool HefTreeModel::canFetchMore(const QModelIndex &parent) const
{
    if (parent.column() > 0)
        return false;
    const Node *node = nodeOf(parent);
    return node->isRead ? node->shown.size() < node->items.size() : node->item.isMessage();
}

void HefTreeModel::fetchMore(const QModelIndex &parent)
{
    Node *node = nodeOf(parent);
    if (!node->isRead) {
        node->items = m_tree.children(node->item);
        node->isRead = true;
    }
    const std::size_t first = node->shown.size();
    const std::size_t end = std::min(node->items.size(), first + page);
    if (end == first)
        return;
    beginInsertRows(parent, int(first), int(end) - 1);
    for (std::size_t i = first; i < end; ++i) {
        auto child = std::make_unique<Node>();
        child->item = node->items[i];
        child->parent = node;
        child->row = int(i);
        node->shown.push_back(std::move(child));
    }
    endInsertRows();
}

QVariant HefTreeModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const HefTreeItem &item = nodeOf(index)->item;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        switch (index.column()) {
        case NameColumn:
            return QString::fromStdString(m_tree.name(item));
        case ValueColumn:
            return QString::fromStdString(m_tree.value(item));
        case RemarkColumn:
            return QString::fromStdString(m_tree.remark(item));
        case TypeColumn:
            return QString::fromStdString(m_tree.type(item));
        default:
            return {};
        }
    case Qt::FontRole:
        return index.column() == RemarkColumn ? fontFor(TextRole::body) : fontFor(TextRole::code);
    case Qt::ForegroundRole: {
        const Tokens &tokens = tokensOf(QGuiApplication::palette());
        return index.column() >= RemarkColumn ? tokens.dim : tokens.text;
    }
    case OffsetRole:
        return qulonglong(m_tree.place(item).offset);
    case SizeRole:
        return qulonglong(m_tree.place(item).size);
    default:
        return {};
    }
}

QVariant HefTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("field"), tr("value"), tr("meaning"), tr("type")};
    return section >= 0 && section < ColumnCount ? titles[section] : QVariant();
}

} // namespace hefstudio
