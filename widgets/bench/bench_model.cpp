// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_model.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace hefstudio {

QString snrText(double decibels)
{
    if (decibels >= 200)
        return QCoreApplication::translate("BenchModel", "equal");
    return QCoreApplication::translate("BenchModel", "%1 dB")
        .arg(QLocale().toString(decibels, 'f', 1));
}

BenchModel::BenchModel(QObject *parent) : QAbstractTableModel(parent) {}

void BenchModel::show(std::span<const BenchPicture> pictures, const BenchThresholds &thresholds,
                      bool isDetector)
{
    beginResetModel();
    m_isDetector = isDetector;
    m_rows.clear();
    for (const std::size_t at : worstFirst(pictures, thresholds)) {
        const BenchPicture &picture = pictures[at];
        const BenchAgreement agreement = agreementOf(picture, thresholds);
        Row row{.picture = at,
                .name = QString::fromStdString(picture.name),
                .share = agreement.share(),
                .floatBoxes = int(agreement.floatBoxes.size()),
                .hefBoxes = int(agreement.hefBoxes.size())};
        for (const BenchOutput &output : picture.outputs)
            row.snr = std::min(row.snr, output.signal.snrDb());
        m_rows.push_back(std::move(row));
    }
    endResetModel();
}

int BenchModel::pictureOf(int row) const
{
    return row < 0 || std::size_t(row) >= m_rows.size() ? -1 : int(m_rows[std::size_t(row)].picture);
}

int BenchModel::rowOf(int picture) const
{
    const auto found = std::ranges::find_if(
        m_rows, [&](const Row &row) { return int(row.picture) == picture; });
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

int BenchModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int BenchModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant BenchModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || std::size_t(index.row()) >= m_rows.size())
        return {};
    const Row &row = m_rows[std::size_t(index.row())];
    if (role == Qt::TextAlignmentRole && index.column() != NameColumn)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return row.name;
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case NameColumn:
        return row.name;
    case AgreementColumn:
        return m_isDetector ? tr("%1 %").arg(qRound(row.share * 100)) : QString();
    case BoxesColumn:
        return m_isDetector ? tr("%1 / %2").arg(row.floatBoxes).arg(row.hefBoxes) : QString();
    case SnrColumn:
        return snrText(row.snr);
    default:
        return {};
    }
}

QVariant BenchModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section != NameColumn)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case AgreementColumn:
            return tr("Boxes with a partner in the other network, of all boxes of both");
        case BoxesColumn:
            return tr("Boxes of the float network and of the HEF");
        case SnrColumn:
            return tr("The weakest output: signal over error");
        default:
            return {};
        }
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Picture, worst first");
    case AgreementColumn:
        return tr("Agree");
    case BoxesColumn:
        return tr("Boxes");
    case SnrColumn:
        return tr("SNR");
    default:
        return {};
    }
}

} // namespace hefstudio
