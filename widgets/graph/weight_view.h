// The weights of a layer: how their values are distributed, and how large each output channel is
// against each input channel. Drawn from figures taken once when the layer is chosen.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <QImage>
#include <QWidget>

#include <optional>

namespace hefstudio {

struct WeightFigures {
    std::vector<int> histogram; // over lowest … highest
    float lowest = 0, highest = 0;
    double zeroShare = 0; // of values that are exactly zero
    // Mean magnitude by output channel (row) and input channel (column), binned to at most 64 × 64,
    // of the largest 0…1; empty where the layer has no such axes.
    int rows = 0, columns = 0;
    std::vector<float> magnitudes;
};

// Nothing for a layer without float weights.
std::optional<WeightFigures> weightFigures(const Graph &graph, const Layer &layer);

class WeightView final : public QWidget {
    Q_OBJECT
public:
    explicit WeightView(QWidget *parent = nullptr);
    void setFigures(std::optional<WeightFigures> figures);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintHistogram(QPainter &painter, const QRectF &area) const;
    void paintHeat(QPainter &painter, const QRectF &area) const;

    std::optional<WeightFigures> m_figures;
};

} // namespace hefstudio
