// Predicted frame time by iteration of the partition search: a step line of the best so far, with
// the found partitions as points.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"

#include <QWidget>

#include <vector>

namespace hefstudio {

class PartitionChart final : public QWidget {
    Q_OBJECT
public:
    explicit PartitionChart(QWidget *parent = nullptr);
    void setIterations(std::vector<PartitionIteration> iterations);
    QSize sizeHint() const override { return {320, 150}; }
    QSize minimumSizeHint() const override { return {160, 90}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<PartitionIteration> m_iterations;
};

} // namespace hefstudio
