// Which colour every node of a scene has, by the question asked of the graph, with the legend that
// says so and a note for each node, so that colour is never the only cue. Colours are slots: the
// theme decides what they look like.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph_scene.h"
#include "theme/tokens.h"

namespace hefstudio {

struct ModelEstimate;

// How the layers of a shown graph lie on the device graph.
struct Correspondence {
    std::vector<int> deviceOf; // by layer: the device layer that computes it, -1 for none
    std::vector<bool> onChip;  // by layer: part of what the chip gets, even if rewritten away
};

enum class ColorMode { operators, placement, precision, context, cluster, time, memory };
inline constexpr int colorModeCount = 7;
QString colorModeName(ColorMode mode);
// Whether it needs a ModelEstimate.
bool needsEstimate(ColorMode mode);

// Of the device graph itself: every layer is its own device layer.
Correspondence identityOn(const Graph &device);

// Categories 0…4, neutral, then five steps of one hue from little to much.
using ColorSlot = std::uint8_t;
inline constexpr ColorSlot neutralSlot = 5;
inline constexpr ColorSlot firstHeatSlot = 6;
inline constexpr int heatSteps = 5;
inline constexpr int colorSlotCount = firstHeatSlot + heatSteps;
QColor slotColor(const Tokens &tokens, ColorSlot slot);
ColorSlot familySlot(LayerFamily family);
inline QColor familyColor(const Tokens &tokens, LayerFamily family)
{
    return slotColor(tokens, familySlot(family));
}

struct SceneColors {
    struct Entry {
        ColorSlot slot = neutralSlot;
        QString text;
    };
    std::vector<ColorSlot> slots;  // by node
    std::vector<QString> notes;    // by node; empty, or what the colour says in words
    std::vector<Entry> legend;
};

// What is known of the graph besides itself; `estimate` belongs to the device graph.
struct ColorFacts {
    const Graph &graph;
    const Correspondence &onDevice;
    const ModelEstimate *estimate = nullptr;
};

SceneColors colorScene(const GraphScene &scene, ColorMode mode, const ColorFacts &facts);

} // namespace hefstudio
