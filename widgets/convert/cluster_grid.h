// How full each cluster is in each context, as a grid of cells with the figure in each and a legend
// of the shades.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <map>

namespace hefstudio {

class ClusterGrid final : public QWidget {
    Q_OBJECT
public:
    explicit ClusterGrid(QWidget *parent = nullptr);
    // Utilisation 0…1 by (context, cluster).
    void setCells(std::map<std::pair<int, int>, double> cells);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::map<std::pair<int, int>, double> m_cells;
    int m_contexts = 0, m_clusters = 0;
};

} // namespace hefstudio
