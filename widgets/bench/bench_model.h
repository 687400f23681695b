// The pictures of the bench with their agreement, worst first.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pipeline/result_bench.h"

#include <QAbstractTableModel>

#include <span>
#include <vector>

namespace hefstudio {

class BenchModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { NameColumn, AgreementColumn, BoxesColumn, SnrColumn, ColumnCount };
    explicit BenchModel(QObject *parent = nullptr);

    // The pictures must outlive the next call.
    void show(std::span<const BenchPicture> pictures, const BenchThresholds &thresholds,
              bool isDetector);
    // Index into the pictures, and back; -1 where there is none.
    int pictureOf(int row) const;
    int rowOf(int picture) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        std::size_t picture = 0;
        QString name;
        double share = 1;
        int floatBoxes = 0, hefBoxes = 0;
        double snr = 200;
    };
    std::vector<Row> m_rows;
    bool m_isDetector = true;
};

// "12.3 dB"; "equal" for arrays without a difference.
QString snrText(double decibels);

} // namespace hefstudio
