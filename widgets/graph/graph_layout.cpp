// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph_layout.h"

#include "graph/layout_rows.h"

#include <algorithm>
#include <queue>

namespace hefstudio {

namespace {

// Rows by longest path from the inputs; a node without predecessors sits right above its first use.
std::vector<int> assignRows(const LayoutInput &input)
{
    std::vector<int> rows(input.nodeCount, 0);
    std::vector<std::vector<std::uint32_t>> next(input.nodeCount);
    std::vector<bool> hasInput(input.nodeCount, false);
    for (const auto &[from, to] : input.edges)
        if (from < to && to < input.nodeCount) {
            next[from].push_back(to);
            hasInput[to] = true;
        }
    for (std::uint32_t node = 0; node < input.nodeCount; ++node)
        for (const std::uint32_t to : next[node])
            rows[to] = std::max(rows[to], rows[node] + 1);
    for (std::uint32_t node = 0; node < input.nodeCount; ++node) {
        if (hasInput[node] || next[node].empty())
            continue;
        int first = rows[next[node].front()];
        for (const std::uint32_t to : next[node])
            first = std::min(first, rows[to]);
        rows[node] = first - 1;
    }
    return rows;
}

struct LaneEdge {
    std::size_t edge;
    int fromRow, toRow;
};

// Columns beside the graph for edges that are too long to run through it: each takes the first
// lane that is free over its rows.
std::vector<int> assignLanes(std::vector<LaneEdge> &edges)
{
    std::stable_sort(edges.begin(), edges.end(),
                     [](const LaneEdge &a, const LaneEdge &b) { return a.fromRow < b.fromRow; });
    using Busy = std::pair<int, int>; // busy until row, lane
    std::priority_queue<Busy, std::vector<Busy>, std::greater<>> busy;
    std::priority_queue<int, std::vector<int>, std::greater<>> freeLanes;
    int laneCount = 0;
    std::vector<int> lanes;
    for (const LaneEdge &edge : edges) {
        while (!busy.empty() && busy.top().first <= edge.fromRow) {
            freeLanes.push(busy.top().second);
            busy.pop();
        }
        int lane = laneCount;
        if (freeLanes.empty()) {
            ++laneCount;
        } else {
            lane = freeLanes.top();
            freeLanes.pop();
        }
        lanes.push_back(lane);
        busy.emplace(edge.toRow, lane);
    }
    return lanes;
}

} // namespace

std::optional<GraphLayout> layoutGraph(const LayoutInput &input, const LayoutOptions &options,
                                       std::stop_token stop)
{
    GraphLayout result;
    result.rows = assignRows(input);
    for (const int row : result.rows)
        result.rowCount = std::max(result.rowCount, row + 1);

    // Items are the nodes followed by one bend for each row an edge crosses.
    RowGraph graph(result.rowCount);
    for (std::uint32_t node = 0; node < input.nodeCount; ++node)
        graph.addItem(result.rows[node], RowGraph::Kind::node);
    std::vector<std::vector<std::uint32_t>> bends(input.edges.size());
    std::vector<LaneEdge> laneEdges;
    for (std::size_t e = 0; e < input.edges.size(); ++e) {
        const auto [from, to] = input.edges[e];
        if (from >= to || to >= input.nodeCount)
            continue;
        const int fromRow = result.rows[from];
        const int toRow = result.rows[to];
        if (toRow - fromRow > options.longestInnerEdge) {
            laneEdges.push_back({e, fromRow, toRow});
            continue;
        }
        std::uint32_t previous = from;
        for (int row = fromRow + 1; row < toRow; ++row) {
            const std::uint32_t bend = graph.addItem(row, RowGraph::Kind::bend);
            graph.addLink(previous, bend);
            bends[e].push_back(bend);
            previous = bend;
        }
        graph.addLink(previous, to);
        if ((e & 0xfff) == 0 && stop.stop_requested())
            return std::nullopt;
    }

    const RowGraph::Spacing spacing{options.nodeWidth, options.columnGap};
    if (!graph.order(stop) || !graph.place(spacing, stop))
        return std::nullopt;

    const double pitch = options.nodeHeight + options.rowGap;
    for (std::uint32_t node = 0; node < input.nodeCount; ++node) {
        const QRectF rect(graph.x(node) - options.nodeWidth / 2, result.rows[node] * pitch,
                          options.nodeWidth, options.nodeHeight);
        result.nodes.push_back(rect);
        result.bounds |= rect;
    }
    for (std::uint32_t item = input.nodeCount; item < graph.itemCount(); ++item) {
        result.bounds.setLeft(std::min(result.bounds.left(), graph.x(item)));
        result.bounds.setRight(std::max(result.bounds.right(), graph.x(item)));
    }
    const std::vector<int> lanes = assignLanes(laneEdges);
    std::vector<double> laneX(input.edges.size(), 0);
    double right = result.bounds.right();
    for (std::size_t i = 0; i < laneEdges.size(); ++i) {
        laneX[laneEdges[i].edge] = result.bounds.right() + options.columnGap + lanes[i] * 12.0;
        right = std::max(right, laneX[laneEdges[i].edge]);
    }
    result.bounds.setRight(right);

    for (std::size_t e = 0; e < input.edges.size(); ++e) {
        result.edgeStart.push_back(std::uint32_t(result.edgePoints.size()));
        const auto [from, to] = input.edges[e];
        if (from >= to || to >= input.nodeCount)
            continue;
        const QRectF &source = result.nodes[from];
        const QRectF &target = result.nodes[to];
        result.edgePoints.emplace_back(source.center().x(), source.bottom());
        for (const std::uint32_t bend : bends[e]) {
            // Straight past the nodes of the row, so that a curve never crosses one.
            const double top = graph.row(bend) * pitch;
            result.edgePoints.emplace_back(graph.x(bend), top);
            result.edgePoints.emplace_back(graph.x(bend), top + options.nodeHeight);
        }
        if (laneX[e] != 0) {
            result.edgePoints.emplace_back(laneX[e], source.bottom() + options.rowGap);
            result.edgePoints.emplace_back(laneX[e], target.top() - options.rowGap);
        }
        result.edgePoints.emplace_back(target.center().x(), target.top());
    }
    result.edgeStart.push_back(std::uint32_t(result.edgePoints.size()));
    return result;
}

} // namespace hefstudio
