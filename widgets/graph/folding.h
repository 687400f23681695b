// Which layers are drawn as one node: every layer for itself, blocks (the inner scopes of their
// names, repeated ones as one "× n"), or whole scopes. A group is only folded where the picture
// stays free of cycles.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <QString>

#include <cstdint>
#include <set>
#include <stop_token>
#include <vector>

namespace hefstudio {

enum class FoldLevel { layers, blocks, scopes };

struct FoldOptions {
    FoldLevel level = FoldLevel::layers;
    std::set<QString> expanded; // keys of groups to show in their layers all the same
};

struct NodeGroup {
    QString key;                       // names the group in every folding; empty for one layer
    QString title;                     // "stage1.1", "m × 4"; empty for one layer
    std::vector<std::uint32_t> layers; // ascending, never empty
};

struct Folding {
    std::vector<NodeGroup> nodes;      // topological order
    std::vector<std::uint32_t> nodeOf; // by layer
};

// The scopes in a layer's name, outermost first: "/model.2/m.0/cv1/Conv" has three.
QStringList scopesOf(const Layer &layer);

// Only the first `layerCount` layers of the graph. Empty when stopped.
Folding foldGraph(const Graph &graph, std::size_t layerCount, const FoldOptions &options,
                  const std::stop_token &stop = {});

} // namespace hefstudio
