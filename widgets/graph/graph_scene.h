// A laid-out graph as flat geometry ready to draw and hit: computed once, off the GUI thread,
// immutable afterwards. Painters only replay it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"
#include "graph/graph_layout.h"
#include "graph/layer_text.h"
#include "graph/spatial_grid.h"

#include <array>
#include <memory>
#include <stop_token>

namespace hefstudio {

struct SceneNode {
    QRectF rect;
    LayerFamily family = LayerFamily::layout;
    QString title;
    QString subtitle;
    QString shape; // of what leaves it
};

class GraphScene {
public:
    // Node i is layer i of the graph. Null only when stopped.
    static std::shared_ptr<const GraphScene> build(const Graph &graph, std::stop_token stop = {});

    const std::vector<SceneNode> &nodes() const { return m_nodes; }
    const std::vector<std::pair<std::uint32_t, std::uint32_t>> &edges() const { return m_edges; }
    const GraphLayout &layout() const { return m_layout; }
    const QRectF &bounds() const { return m_layout.bounds; }
    const std::array<int, layerFamilyCount> &familyCounts() const { return m_familyCounts; }

    void nodesIn(const QRectF &area, std::vector<std::uint32_t> &found) const
    {
        m_nodeGrid.query(area, found);
    }
    void edgesIn(const QRectF &area, std::vector<std::uint32_t> &found) const
    {
        m_edgeGrid.query(area, found);
    }
    int nodeAt(const QPointF &point) const; // -1 for none

    // Movement along edges: the nearest node by x among consumers, producers, or its own row.
    enum class Direction { up, down, left, right };
    int neighbour(int node, Direction direction) const; // -1 for none

private:
    std::vector<SceneNode> m_nodes;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_edges;
    GraphLayout m_layout;
    SpatialGrid m_nodeGrid, m_edgeGrid;
    std::array<int, layerFamilyCount> m_familyCounts{};
};

} // namespace hefstudio
