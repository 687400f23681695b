// A Timeline, drawn: wheel scrolls, Ctrl+wheel zooms in time about the pointer, a click chooses a
// layer, Up and Down move to the next one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "profile/timeline.h"

#include <QAbstractScrollArea>

namespace hefstudio {

class TimelineView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit TimelineView(QWidget *parent = nullptr);
    void setTimeline(Timeline timeline, std::shared_ptr<const ModelEstimate> estimate);
    void select(int layer); // -1 for none; does not emit
    int selected() const { return m_selected; }

Q_SIGNALS:
    void layerChosen(int layer);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    void updateBars();
    double pixelsPerMs() const;
    QString nameOf(const TimelineSpan &span) const;
    const TimelineSpan *spanAt(const QPoint &position) const;
    void paintAxis(QPainter &painter);
    void paintSpans(QPainter &painter);

    Timeline m_timeline;
    std::shared_ptr<const ModelEstimate> m_estimate;
    double m_zoom = 1;
    int m_selected = -1;
};

} // namespace hefstudio
