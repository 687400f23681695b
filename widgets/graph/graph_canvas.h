// The graph, drawn: drag or wheel to pan, Ctrl+wheel or + and - to zoom, 0 to fit, click to select,
// Shift+click to mark the way from the selected layer, double click or Return to unfold, arrows to
// walk along edges from the selected layer or else to pan. Knows a GraphScene only; a window that
// owns it keeps lists and panels in step through selectionChanged().
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/scene_painter.h"

#include <QPixmap>
#include <QTimer>
#include <QWidget>

namespace hefstudio {

class GraphCanvas final : public QWidget {
    Q_OBJECT
public:
    explicit GraphCanvas(QWidget *parent = nullptr);

    void setScene(std::shared_ptr<const GraphScene> scene); // shows its beginning
    // Another scene of the same network, a larger or a folded one: the layer at the middle of the
    // view stays there.
    void replaceScene(std::shared_ptr<const GraphScene> scene);
    void setColors(SceneColors colors);
    const SceneColors &colors() const { return m_colors; }
    // NodeMarks by node; "on path" is the canvas' own.
    void setMarks(std::vector<std::uint8_t> marks);
    // Marks all layers between the two; says how many there are, 0 when no way leads there.
    int markPath(int from, int to);
    const std::vector<int> &path() const { return m_path; }
    const GraphScene *scene() const { return m_scene.get(); }

    int selected() const { return m_selected; }
    enum class Reveal { no, yes };
    void select(int node, Reveal reveal); // -1 for none

    double zoom() const { return m_zoom; }
    void zoomIn() { zoomBy(1.25, QRectF(rect()).center()); }
    void zoomOut() { zoomBy(0.8, QRectF(rect()).center()); }
    void fitAll();
    void actualSize() { zoomBy(1 / m_zoom, QRectF(rect()).center()); }

    QPointF toScene(const QPointF &position) const { return position / m_zoom + m_origin; }
    QRectF fromScene(const QRectF &area) const;

Q_SIGNALS:
    void selectionChanged(int node);
    void activated(int node); // double click or Return
    void pathMarked(int from, int to, int count);
    void zoomChanged(double zoom);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    ScenePainter::View currentView() const;
    void showBeginning();
    void moved();
    void zoomBy(double factor, const QPointF &anchor);
    void panBy(const QPointF &pixels);
    void keepInSight();
    void reveal(int node);
    void walk(GraphScene::Direction direction);
    QRectF miniMapRect() const;
    void paintBackground(QPainter &painter) const;
    void paintMiniMap(QPainter &painter);
    void jumpTo(const QPointF &miniMapPosition);

    std::shared_ptr<const GraphScene> m_scene;
    ScenePainter m_painter;
    QPointF m_origin; // scene point at the widget's top left
    double m_zoom = 1;
    int m_selected = -1;
    int m_hovered = -1;
    SceneColors m_colors;
    std::vector<std::uint8_t> m_ownerMarks, m_marks;
    std::vector<int> m_path;
    // While the zoom changes, a view that is slow to draw does with one level of detail less.
    bool m_isMoving = false;
    double m_lastPaintMs = 0;
    QTimer m_rest;
    enum class Drag { none, pressed, panning, miniMap };
    Drag m_drag = Drag::none;
    QPointF m_pressedAt, m_lastMouse;
    QPixmap m_miniMap; // of the whole scene, made when first needed
};

} // namespace hefstudio
