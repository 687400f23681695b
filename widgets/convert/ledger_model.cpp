// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/ledger_model.h"

#include "common/tool_tip.h"

#include "theme/icons.h"
#include "theme/tokens.h"

#include <QGuiApplication>

namespace hefstudio {

LedgerModel::LedgerModel(QObject *parent) : QAbstractTableModel(parent) {}

void LedgerModel::reset()
{
    beginResetModel();
    m_rows.clear();
    endResetModel();
}

void LedgerModel::add(const LedgerRow &row)
{
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        if (m_rows[i].setting == row.setting) {
            m_rows[i] = row;
            Q_EMIT dataChanged(index(int(i), 0), index(int(i), ColumnCount - 1));
            return;
        }
    const int at = int(m_rows.size());
    beginInsertRows({}, at, at);
    m_rows.push_back(row);
    endInsertRows();
}

int LedgerModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int LedgerModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LedgerModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const LedgerRow &row = m_rows[std::size_t(index.row())];
    const std::string *texts[] = {&row.setting, &row.asked, &row.used, &row.why};
    switch (role) {
    case Qt::DisplayRole:
        return QString::fromStdString(*texts[index.column()]);
    case Qt::ToolTipRole:
        return plainToolTip(QString::fromStdString(*texts[index.column()]));
    case LoweredRole:
        return row.isLowered();
    case Qt::ForegroundRole: {
        const Tokens &tokens = tokensOf(QGuiApplication::palette());
        if (row.isLowered() && (index.column() == SettingColumn || index.column() == UsedColumn))
            return tokens.bad;
        return index.column() == WhyColumn ? tokens.dim : tokens.text;
    }
    case Qt::AccessibleTextRole:
        if (index.column() == UsedColumn && row.isLowered())
            return tr("%1, differs from what was asked").arg(QString::fromStdString(row.used));
        return QString::fromStdString(*texts[index.column()]);
    default:
        return {};
    }
}

QVariant LedgerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("setting"), tr("asked"), tr("used"), tr("why")};
    return section >= 0 && section < ColumnCount ? titles[section] : QVariant();
}

} // namespace hefstudio
