// What the window calls a layer: title, operator family, shape and facts, from the graph.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/fact_list.h"
#include "graph/graph.h"

#include <QString>

namespace hefstudio {

enum class LayerFamily { weighted, activation, spatial, joining, boundary, layout };
inline constexpr int layerFamilyCount = 6;

LayerFamily familyOf(const Graph &graph, const Layer &layer);
QString familyName(LayerFamily family);

QString layerTitle(const Graph &graph, const Layer &layer); // "conv 3×3 /2 + SiLU"
QString shapeText(const Shape &shape);                      // height×width×features for pictures
std::vector<Fact> layerFacts(const Graph &graph, const Layer &layer);

} // namespace hefstudio
