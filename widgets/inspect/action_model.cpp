// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/action_model.h"

#include "common/files.h"
#include "theme/fonts.h"
#include "theme/tokens.h"

#include <QGuiApplication>

namespace hefstudio {

ActionModel::ActionModel(const Hef &hef, QObject *parent) : QAbstractTableModel(parent), m_hef(hef)
{
}

void ActionModel::setPart(const HefProgramPart &part)
{
    beginResetModel();
    m_rows.clear();
    int operations = 0;
    for (const proto::ProtoHEFOperation &operation : part.operations) {
        m_rows.push_back({operation, {}, operations++, true});
        int actions = 0;
        for (const proto::ProtoHEFAction &action : operation.actions())
            m_rows.push_back({{}, action, actions++, false});
    }
    endResetModel();
}

int ActionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ActionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ActionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: {
        if (index.column() == NumberColumn)
            return row.isTrigger ? tr("operation %1").arg(row.number) : QString::number(row.number);
        if (row.isTrigger) {
            if (index.column() == NameColumn)
                return tr("when");
            return index.column() == DetailsColumn
                       ? QVariant(QString::fromStdString(triggerText(row.operation.trigger())))
                       : QVariant();
        }
        const HefAction action = readAction(m_hef, row.action);
        if (index.column() == NameColumn)
            return QString::fromUtf8(action.name.data(), qsizetype(action.name.size()));
        if (index.column() == DetailsColumn)
            return QString::fromStdString(action.details);
        return action.words ? byteText(action.words->size) : QString();
    }
    case OffsetRole:
    case SizeRole: {
        if (row.isTrigger)
            return {};
        const HefAction action = readAction(m_hef, row.action);
        if (!action.words || !action.words->isInside)
            return {};
        return qulonglong(role == OffsetRole ? action.words->offset : action.words->size);
    }
    case IsTriggerRole:
        return row.isTrigger;
    case Qt::FontRole:
        return fontFor(TextRole::smallCode);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter |
                   (index.column() == BytesColumn ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ForegroundRole: {
        const Tokens &tokens = tokensOf(QGuiApplication::palette());
        if (row.isTrigger || index.column() == NumberColumn)
            return tokens.dim;
        return index.column() == NameColumn ? tokens.accent : tokens.text;
    }
    default:
        return {};
    }
}

QVariant ActionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section == BytesColumn ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("step"), tr("action"), tr("with"), tr("bytes")};
    return section >= 0 && section < ColumnCount ? titles[section] : QVariant();
}

} // namespace hefstudio
