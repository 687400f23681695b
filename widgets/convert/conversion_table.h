// Conversions as a table: those that wait in the queue, then those of the past, newest first; to
// compare what presets and chips made of a network.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "convert/conversion_history.h"

#include <QAbstractTableModel>

#include <vector>

namespace hefstudio {

class ConversionTable final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        NetworkColumn,
        ChipColumn,
        PresetColumn,
        StateColumn,
        TimeColumn,
        SizeColumn,
        ContextsColumn,
        SpeedColumn,
        SnrColumn,
        MapColumn,
        ColumnCount
    };
    enum Role { BadRole = Qt::UserRole }; // it failed

    explicit ConversionTable(ConversionHistory &history, QObject *parent = nullptr);
    void setQueue(std::vector<ConversionChoices> waiting);
    const std::vector<ConversionChoices> &queue() const { return m_queue; }
    bool isWaiting(int row) const { return row >= 0 && std::size_t(row) < m_queue.size(); }
    // Null for a row of the queue.
    const PastConversion *past(int row) const;
    const ConversionChoices *choices(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(int row, int column) const;
    ConversionHistory &m_history;
    std::vector<ConversionChoices> m_queue;
};

} // namespace hefstudio
