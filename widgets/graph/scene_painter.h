// Draws a GraphScene at a zoom: all of it at any size, with as much detail as can be read.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph_scene.h"
#include "theme/tokens.h"

#include <QFont>

class QPainter;

namespace hefstudio {

QColor familyColor(const Tokens &tokens, LayerFamily family);

class ScenePainter {
public:
    enum class Detail { dots, boxes, titles, full };
    static Detail detailAt(double zoom);

    struct View {
        QRectF visible; // in scene coordinates
        double zoom = 1;
        int selected = -1;
        int hovered = -1;
    };
    // The painter is already transformed to scene coordinates.
    void paint(QPainter &painter, const GraphScene &scene, const View &view, const Tokens &tokens);

private:
    void paintEdges(QPainter &painter, const GraphScene &scene, const View &view,
                    const Tokens &tokens);
    void paintDots(QPainter &painter, const GraphScene &scene, const Tokens &tokens);
    void paintNode(QPainter &painter, const SceneNode &node, const View &view, int index,
                   const Tokens &tokens);

    std::vector<std::uint32_t> m_found; // kept between frames, so that panning does not allocate
};

} // namespace hefstudio
