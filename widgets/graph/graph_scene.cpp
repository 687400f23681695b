// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph_scene.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {

std::shared_ptr<const GraphScene> GraphScene::build(const Graph &graph, std::stop_token stop)
{
    auto scene = std::make_shared<GraphScene>();
    LayoutInput input;
    input.nodeCount = std::uint32_t(graph.layers.size());
    for (const TensorInfo &tensor : graph.tensors) {
        if (tensor.isConstant() || !tensor.producer.isValid())
            continue;
        for (const LayerId consumer : tensor.consumers)
            scene->m_edges.emplace_back(tensor.producer.index(), consumer.index());
    }
    std::sort(scene->m_edges.begin(), scene->m_edges.end());
    input.edges = scene->m_edges;
    auto layout = layoutGraph(input, {}, stop);
    if (!layout)
        return nullptr;
    scene->m_layout = std::move(*layout);

    for (const Layer &layer : graph.layers) {
        if ((layer.id.index() & 0xff) == 0 && stop.stop_requested())
            return nullptr;
        SceneNode node;
        node.rect = scene->m_layout.nodes[layer.id.index()];
        node.family = familyOf(graph, layer);
        node.title = layerTitle(graph, layer);
        node.subtitle = QString::fromStdString(layer.name);
        node.shape = shapeText(graph.outputOf(layer).shape);
        ++scene->m_familyCounts[std::size_t(node.family)];
        scene->m_nodes.push_back(std::move(node));
    }
    scene->m_nodeGrid = SpatialGrid(scene->m_layout.nodes);

    std::vector<QRectF> edgeBounds;
    const GraphLayout &l = scene->m_layout;
    for (std::size_t e = 0; e < scene->m_edges.size(); ++e) {
        QRectF bounds;
        for (std::uint32_t p = l.edgeStart[e]; p < l.edgeStart[e + 1]; ++p) {
            const QPointF &point = l.edgePoints[p];
            if (p == l.edgeStart[e])
                bounds = QRectF(point, QSizeF(0, 0));
            bounds.setLeft(std::min(bounds.left(), point.x()));
            bounds.setRight(std::max(bounds.right(), point.x()));
            bounds.setTop(std::min(bounds.top(), point.y()));
            bounds.setBottom(std::max(bounds.bottom(), point.y()));
        }
        edgeBounds.push_back(bounds);
    }
    scene->m_edgeGrid = SpatialGrid(std::move(edgeBounds));
    return scene;
}

int GraphScene::nodeAt(const QPointF &point) const
{
    std::vector<std::uint32_t> found;
    nodesIn(QRectF(point, QSizeF(0, 0)), found);
    return found.empty() ? -1 : int(found.front());
}

int GraphScene::neighbour(int node, Direction direction) const
{
    const double x = m_nodes[std::size_t(node)].rect.center().x();
    int best = -1;
    double nearest = 0;
    const auto consider = [&](std::uint32_t candidate) {
        const double away = std::abs(m_nodes[candidate].rect.center().x() - x);
        if (best < 0 || away < nearest) {
            best = int(candidate);
            nearest = away;
        }
    };
    switch (direction) {
    case Direction::down: {
        const auto first = std::lower_bound(m_edges.begin(), m_edges.end(),
                                            std::pair(std::uint32_t(node), std::uint32_t(0)));
        for (auto edge = first; edge != m_edges.end() && int(edge->first) == node; ++edge)
            consider(edge->second);
        break;
    }
    case Direction::up:
        for (const auto &[from, to] : m_edges)
            if (int(to) == node)
                consider(from);
        break;
    case Direction::left:
    case Direction::right:
        for (std::uint32_t other = 0; other < m_nodes.size(); ++other) {
            const double otherX = m_nodes[other].rect.center().x();
            if (m_layout.rows[other] == m_layout.rows[std::size_t(node)] &&
                (direction == Direction::left ? otherX < x : otherX > x))
                consider(other);
        }
        break;
    }
    return best;
}

} // namespace hefstudio
