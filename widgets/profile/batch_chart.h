// Frames per second over the batch size, one line a chip; the batch axis is logarithmic.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <map>
#include <vector>

namespace hefstudio {

class BatchChart final : public QWidget {
    Q_OBJECT
public:
    struct Series {
        QString name;
        std::map<int, double> framesPerSecond; // by batch size
        bool isChosen = false;                 // the chip of the project
    };
    explicit BatchChart(QWidget *parent = nullptr);
    void setSeries(std::vector<Series> series);
    void setBatch(int batch); // marked
    QSize sizeHint() const override { return {320, 190}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<Series> m_series;
    int m_batch = 1;
};

} // namespace hefstudio
