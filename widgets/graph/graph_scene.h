// A laid-out graph as flat geometry ready to draw and hit: computed once, off the GUI thread,
// immutable afterwards. Painters only replay it. A node stands for one layer or for a folded group
// of layers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/folding.h"
#include "graph/graph.h"
#include "graph/graph_layout.h"
#include "graph/layer_text.h"
#include "graph/spatial_grid.h"

#include <array>
#include <memory>
#include <optional>
#include <stop_token>

namespace hefstudio {

struct SceneNode {
    QRectF rect;
    LayerFamily family = LayerFamily::layout;
    QString title;
    QString subtitle;
    QString shape; // of what leaves it
};

struct SceneEdge {
    std::uint32_t from = 0, to = 0;
    std::uint32_t label = 0;      // index into GraphScene::edgeLabels()
    std::int64_t elements = 0;    // values that flow along it for one frame
};

struct SceneOptions {
    FoldOptions fold;
    // Only as many layers from the inputs on: a first picture of a large network.
    std::optional<std::size_t> firstLayers;
};

class GraphScene {
public:
    // Null only when stopped. Without folding, node i is layer i of the graph.
    static std::shared_ptr<const GraphScene> build(const Graph &graph, const SceneOptions &options,
                                                   std::stop_token stop = {});
    static std::shared_ptr<const GraphScene> build(const Graph &graph, std::stop_token stop = {})
    {
        return build(graph, {}, std::move(stop));
    }

    const std::vector<SceneNode> &nodes() const { return m_nodes; }
    const std::vector<SceneEdge> &edges() const { return m_edges; }
    const std::vector<QString> &edgeLabels() const { return m_edgeLabels; }
    const GraphLayout &layout() const { return m_layout; }
    const QRectF &bounds() const { return m_layout.bounds; }
    const std::array<int, layerFamilyCount> &familyCounts() const { return m_familyCounts; }

    const NodeGroup &group(int node) const { return m_folding.nodes[std::size_t(node)]; }
    bool isFolded(int node) const { return group(node).layers.size() > 1; }
    // The first layer of the node: the one layer where it is not folded.
    int layerOf(int node) const { return int(group(node).layers.front()); }
    int nodeOf(int layer) const; // -1 for a layer that is not part of the picture

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

    // All nodes on some way between the two, ends included; empty when there is none.
    std::vector<int> nodesBetween(int a, int b) const;

private:
    void takeEdges(const Graph &graph, std::size_t layerCount);
    void describe(const Graph &graph, std::size_t node);
    void indexGeometry();

    Folding m_folding;
    std::vector<SceneNode> m_nodes;
    std::vector<SceneEdge> m_edges; // by from, then to
    std::vector<std::vector<std::uint32_t>> m_producers;
    std::vector<QString> m_edgeLabels;
    GraphLayout m_layout;
    SpatialGrid m_nodeGrid, m_edgeGrid;
    std::array<int, layerFamilyCount> m_familyCounts{};
};

} // namespace hefstudio
