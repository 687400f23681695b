// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph_scene.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>
#include <cmath>

namespace hefstudio {

void GraphScene::takeEdges(const Graph &graph, std::size_t layerCount)
{
    QHash<QString, std::uint32_t> labels;
    for (const TensorInfo &tensor : graph.tensors) {
        if (tensor.isConstant() || !tensor.producer.isValid() ||
            tensor.producer.index() >= layerCount)
            continue;
        const std::uint32_t from = m_folding.nodeOf[tensor.producer.index()];
        std::optional<std::uint32_t> label;
        for (const LayerId consumer : tensor.consumers) {
            if (consumer.index() >= layerCount)
                continue;
            const std::uint32_t to = m_folding.nodeOf[consumer.index()];
            if (from == to)
                continue;
            if (!label) {
                const QString text = shapeText(tensor.shape);
                const auto known = labels.constFind(text);
                label = known != labels.constEnd() ? *known : std::uint32_t(m_edgeLabels.size());
                if (known == labels.constEnd()) {
                    labels.insert(text, *label);
                    m_edgeLabels.push_back(text);
                }
            }
            m_edges.push_back({from, to, *label, tensor.shape.elementCount()});
        }
    }
    std::sort(m_edges.begin(), m_edges.end(), [](const SceneEdge &a, const SceneEdge &b) {
        return std::pair(a.from, a.to) < std::pair(b.from, b.to);
    });
    // Folding lays several values on one line: the first names it, all of them make it wide.
    std::vector<SceneEdge> joined;
    for (const SceneEdge &edge : m_edges)
        if (!joined.empty() && joined.back().from == edge.from && joined.back().to == edge.to)
            joined.back().elements += edge.elements;
        else
            joined.push_back(edge);
    m_edges = std::move(joined);
    m_producers.resize(m_folding.nodes.size());
    for (const SceneEdge &edge : m_edges)
        m_producers[edge.to].push_back(edge.from);
}

void GraphScene::describe(const Graph &graph, std::size_t index)
{
    const NodeGroup &group = m_folding.nodes[index];
    SceneNode node;
    node.rect = m_layout.nodes[index];
    const Layer &first = graph.layers[group.layers.front()];
    if (group.layers.size() == 1) {
        node.family = familyOf(graph, first);
        node.title = layerTitle(graph, first);
        node.subtitle = QString::fromStdString(first.name);
        node.shape = shapeText(graph.outputOf(first).shape);
    } else {
        std::array<int, layerFamilyCount> counts{};
        for (const std::uint32_t layer : group.layers)
            ++counts[std::size_t(familyOf(graph, graph.layers[layer]))];
        // A block is what its weights make it.
        node.family = counts[std::size_t(LayerFamily::weighted)] > 0
                          ? LayerFamily::weighted
                          : LayerFamily(std::max_element(counts.begin(), counts.end()) -
                                        counts.begin());
        node.title = group.title;
        node.subtitle = QCoreApplication::translate("GraphScene", "%n layer(s) folded", nullptr,
                                                    int(group.layers.size()));
        node.shape = shapeText(graph.outputOf(graph.layers[group.layers.back()]).shape);
    }
    ++m_familyCounts[std::size_t(node.family)];
    m_nodes.push_back(std::move(node));
}

void GraphScene::indexGeometry()
{
    m_nodeGrid = SpatialGrid(m_layout.nodes);
    std::vector<QRectF> edgeBounds;
    edgeBounds.reserve(m_edges.size());
    for (std::size_t e = 0; e < m_edges.size(); ++e) {
        QRectF bounds;
        for (std::uint32_t p = m_layout.edgeStart[e]; p < m_layout.edgeStart[e + 1]; ++p) {
            const QPointF &point = m_layout.edgePoints[p];
            if (p == m_layout.edgeStart[e])
                bounds = QRectF(point, QSizeF(0, 0));
            bounds.setLeft(std::min(bounds.left(), point.x()));
            bounds.setRight(std::max(bounds.right(), point.x()));
            bounds.setTop(std::min(bounds.top(), point.y()));
            bounds.setBottom(std::max(bounds.bottom(), point.y()));
        }
        edgeBounds.push_back(bounds);
    }
    m_edgeGrid = SpatialGrid(std::move(edgeBounds));
}

std::shared_ptr<const GraphScene> GraphScene::build(const Graph &graph, const SceneOptions &options,
                                                    std::stop_token stop)
{
    auto scene = std::make_shared<GraphScene>();
    const std::size_t layerCount =
        std::min(graph.layers.size(), options.firstLayers.value_or(graph.layers.size()));
    scene->m_folding = foldGraph(graph, layerCount, options.fold, stop);
    if (stop.stop_requested())
        return nullptr;
    scene->takeEdges(graph, layerCount);
    LayoutInput input;
    input.nodeCount = std::uint32_t(scene->m_folding.nodes.size());
    input.edges.reserve(scene->m_edges.size());
    for (const SceneEdge &edge : scene->m_edges)
        input.edges.emplace_back(edge.from, edge.to);
    auto layout = layoutGraph(input, {}, stop);
    if (!layout)
        return nullptr;
    scene->m_layout = std::move(*layout);
    scene->m_nodes.reserve(scene->m_folding.nodes.size());
    for (std::size_t node = 0; node < scene->m_folding.nodes.size(); ++node) {
        if ((node & 0xff) == 0 && stop.stop_requested())
            return nullptr;
        scene->describe(graph, node);
    }
    scene->indexGeometry();
    return scene;
}

int GraphScene::nodeOf(int layer) const
{
    return layer >= 0 && layer < int(m_folding.nodeOf.size())
               ? int(m_folding.nodeOf[std::size_t(layer)])
               : -1;
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
        const auto first = std::partition_point(
            m_edges.begin(), m_edges.end(),
            [node](const SceneEdge &edge) { return int(edge.from) < node; });
        for (auto edge = first; edge != m_edges.end() && int(edge->from) == node; ++edge)
            consider(edge->to);
        break;
    }
    case Direction::up:
        for (const std::uint32_t from : m_producers[std::size_t(node)])
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

std::vector<int> GraphScene::nodesBetween(int a, int b) const
{
    // Nodes stand in topological order: one sweep down from the first, one up from the last.
    const auto first = std::uint32_t(std::min(a, b));
    const auto last = std::uint32_t(std::max(a, b));
    std::vector<bool> isBelow(m_nodes.size(), false), isAbove(m_nodes.size(), false);
    isBelow[first] = true;
    for (std::uint32_t node = first + 1; node <= last; ++node)
        for (const std::uint32_t from : m_producers[node])
            if (isBelow[from])
                isBelow[node] = true;
    if (!isBelow[last])
        return {};
    isAbove[last] = true;
    for (std::uint32_t node = last; node > first; --node)
        if (isAbove[node])
            for (const std::uint32_t from : m_producers[node])
                isAbove[from] = true;
    std::vector<int> between;
    for (std::uint32_t node = first; node <= last; ++node)
        if (isBelow[node] && isAbove[node])
            between.push_back(int(node));
    return between;
}

} // namespace hefstudio
