// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/conversion_table.h"

#include "common/files.h"

#include <QFileInfo>
#include <QLocale>

#include <cmath>

namespace hefstudio {

ConversionTable::ConversionTable(ConversionHistory &history, QObject *parent)
    : QAbstractTableModel(parent), m_history(history)
{
    connect(&history, &ConversionHistory::changed, this, [this] {
        beginResetModel();
        endResetModel();
    });
}

void ConversionTable::setQueue(std::vector<ConversionChoices> waiting)
{
    beginResetModel();
    m_queue = std::move(waiting);
    endResetModel();
}

const PastConversion *ConversionTable::past(int row) const
{
    const auto at = row < 0 ? m_history.entries().size() : std::size_t(row) - m_queue.size();
    return row >= int(m_queue.size()) && at < m_history.entries().size() ? &m_history.entries()[at]
                                                                         : nullptr;
}

const ConversionChoices *ConversionTable::choices(int row) const
{
    if (isWaiting(row))
        return &m_queue[std::size_t(row)];
    const PastConversion *entry = past(row);
    return entry ? &entry->choices : nullptr;
}

int ConversionTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_queue.size() + m_history.entries().size());
}

int ConversionTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString ConversionTable::text(int row, int column) const
{
    const ConversionChoices &choices = *this->choices(row);
    const PastConversion *entry = past(row);
    const QLocale locale;
    const bool isDone = entry && entry->outcome == QStringLiteral("done");
    switch (column) {
    case NetworkColumn:
        return QFileInfo(choices.model).fileName();
    case ChipColumn:
        return choices.chip == QStringLiteral("hailo8") ? tr("Hailo-8") : tr("Hailo-8L");
    case PresetColumn:
        return choices.preset;
    case StateColumn:
        if (!entry)
            return tr("waiting");
        if (entry->outcome == QStringLiteral("cancelled"))
            return tr("cancelled");
        return isDone ? locale.toString(entry->when, QLocale::ShortFormat)
                      : tr("failed: %1").arg(entry->fault);
    case TimeColumn:
        return isDone ? secondsText(entry->seconds) : QString();
    case SizeColumn:
        return isDone ? byteText(std::uint64_t(entry->bytes)) : QString();
    case ContextsColumn:
        return isDone && entry->contexts > 0 ? locale.toString(entry->contexts) : QString();
    case SpeedColumn:
        return isDone && entry->framesPerSecond > 0
                   ? locale.toString(qRound(entry->framesPerSecond))
                   : QString();
    case SnrColumn:
        return isDone && std::isfinite(entry->snr)
                   ? tr("%1 dB").arg(locale.toString(entry->snr, 'f', 1))
                   : QString();
    case MapColumn:
        return isDone && std::isfinite(entry->mapRetained)
                   ? tr("%1 %").arg(locale.toString(entry->mapRetained * 100, 'f', 1))
                   : QString();
    default:
        return {};
    }
}

QVariant ConversionTable::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PastConversion *entry = past(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(index.row(), index.column());
    case Qt::ToolTipRole:
        return choices(index.row())->output;
    case Qt::TextAlignmentRole:
        return index.column() >= TimeColumn ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                            : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case BadRole:
        return entry && entry->outcome != QStringLiteral("done") &&
               entry->outcome != QStringLiteral("cancelled");
    default:
        return {};
    }
}

QVariant ConversionTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section >= TimeColumn ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                     : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == SpeedColumn)
        return tr("Predicted frames per second on the chip, one frame at a time");
    if (role == Qt::ToolTipRole && section == SnrColumn)
        return tr("The outputs against the float network: signal over error, of the middle one");
    if (role == Qt::ToolTipRole && section == MapColumn)
        return tr("Mean average precision kept, the float network's boxes as truth");
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Network"), tr("Chip"),     tr("Preset"), tr("When"),
                             tr("Took"),    tr("Size"),     tr("Ctx"),    tr("FPS"),
                             tr("SNR"),     tr("mAP kept")};
    return names[section];
}

} // namespace hefstudio
