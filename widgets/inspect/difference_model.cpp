// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/difference_model.h"

#include "theme/fonts.h"
#include "theme/tokens.h"

#include <QGuiApplication>

namespace hefstudio {

DifferenceModel::DifferenceModel(HefDiff diff, QObject *parent)
    : QAbstractTableModel(parent), m_diff(std::move(diff))
{
}

int DifferenceModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_diff.differences.size());
}

int DifferenceModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DifferenceModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const HefDifference &row = m_diff.differences[std::size_t(index.row())];
    const std::string *texts[] = {&row.path, &row.a, &row.b, &row.meaning};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return QString::fromStdString(*texts[index.column()]);
    case Qt::FontRole:
        return fontFor(index.column() == MeaningColumn ? TextRole::body : TextRole::smallCode);
    case Qt::ForegroundRole: {
        const Tokens &tokens = tokensOf(QGuiApplication::palette());
        return index.column() == PathColumn ? tokens.dim : tokens.text;
    }
    default:
        return {};
    }
}

QVariant DifferenceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("where"), tr("first file"), tr("second file"), tr("what it means")};
    return section >= 0 && section < ColumnCount ? titles[section] : QVariant();
}

} // namespace hefstudio
