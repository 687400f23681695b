// Draws a GraphScene at a zoom: all of it at any size, with as much detail as can be read. What
// looks the same is drawn in one call, and what does not change between frames is kept.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph_scene.h"
#include "graph/scene_colors.h"
#include "theme/tokens.h"

#include <QFont>
#include <QHash>
#include <QPixmap>
#include <QStaticText>

class QPainter;

namespace hefstudio {

// What is said of a node besides its colour; flags.
enum NodeMark : std::uint8_t {
    noMark = 0,
    onPath = 1,       // between two layers the user asked about
    proposedEnd = 2,  // where the chip's part could end
    chosenEnd = 4,    // where the user wants it to end
    chosenStart = 8,  // where the user wants it to start
    linked = 16,      // came from the selected layer of the other graph
    onHost = 32,      // past the cut: drawn dim
};

class ScenePainter {
public:
    enum class Detail { dots, boxes, titles, full };
    static Detail detailAt(double zoom);

    struct View {
        QRectF visible; // in scene coordinates
        double zoom = 1;
        double devicePixelRatio = 1;
        int selected = -1;
        int hovered = -1;
        const SceneColors *colors = nullptr;              // null: by operator
        const std::vector<std::uint8_t> *marks = nullptr; // by node, null: none
        bool isMoving = false;  // one level of detail less will do
        bool asVectors = false; // for a file: no pictures of nodes
    };
    // The painter is already transformed to scene coordinates.
    void paint(QPainter &painter, const GraphScene &scene, const View &view, const Tokens &tokens);
    // Another scene or other fonts: what was kept is worthless.
    void forget();

    static ColorSlot slotOf(const GraphScene &scene, const View &view, std::size_t node);

private:
    struct NodeText {
        QStaticText title, wideTitle, subtitle, shape;
        QString subtitleSource;
        bool isMade = false;
    };
    void paintEdges(QPainter &painter, const GraphScene &scene, const View &view,
                    const Tokens &tokens);
    void paintCurves(QPainter &painter, const GraphScene &scene, const View &view,
                     const Tokens &tokens);
    void paintEdgeLabels(QPainter &painter, const GraphScene &scene, const View &view,
                         const Tokens &tokens);
    void paintRectangles(QPainter &painter, const GraphScene &scene, const View &view,
                         const Tokens &tokens);
    void paintNodes(QPainter &painter, const GraphScene &scene, const View &view,
                    const Tokens &tokens);
    void paintMarks(QPainter &painter, const GraphScene &scene, const View &view,
                    const Tokens &tokens);
    static void drawBody(QPainter &painter, const QRectF &body, ColorSlot slot, int state, double zoom,
                         const Tokens &tokens);
    const QPixmap &chrome(ColorSlot slot, int state, const QSizeF &size, const View &view,
                          const Tokens &tokens);
    const NodeText &textOf(const GraphScene &scene, const View &view, std::uint32_t node);
    Detail detailOf(const View &view) const;

    std::vector<std::uint32_t> m_found; // kept between frames, so that panning does not allocate
    std::vector<std::uint32_t> m_edges;
    QHash<quint64, QPixmap> m_chrome; // at m_chromeZoom
    double m_chromeZoom = 0;
    const Tokens *m_chromeTokens = nullptr;
    std::vector<NodeText> m_texts; // by node
    int m_textCount = 0;
    QFont m_titleFont, m_wideFont, m_smallFont;
};

} // namespace hefstudio
