// Places the nodes of a directed acyclic graph in rows so that edges run downwards: longest-path
// rows, barycentre order, straightened columns. Near-linear in nodes and edges, deterministic, and
// gives up soon after a stop is requested. Knows nothing of networks or painting.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRectF>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace hefstudio {

struct LayoutInput {
    std::uint32_t nodeCount = 0;
    // (from, to) with from < to: nodes come in topological order. Other pairs get no row distance.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
};

struct LayoutOptions {
    double nodeWidth = 224;
    double nodeHeight = 44;
    double columnGap = 28;
    double rowGap = 34;
    // A longer edge runs beside the graph instead of through every row between.
    int longestInnerEdge = 48;
};

struct GraphLayout {
    std::vector<QRectF> nodes;
    std::vector<int> rows;
    // Edge e runs through edgePoints[edgeStart[e]] … edgePoints[edgeStart[e + 1] - 1].
    std::vector<QPointF> edgePoints;
    std::vector<std::uint32_t> edgeStart;
    QRectF bounds;
    int rowCount = 0;
};

// Nothing only when stopped.
std::optional<GraphLayout> layoutGraph(const LayoutInput &input, const LayoutOptions &options = {},
                                       std::stop_token stop = {});

} // namespace hefstudio
