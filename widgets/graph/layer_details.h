// Everything known about the selected layer; without one, about the network.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/folding.h"
#include "graph/graph.h"
#include "graph/scene_colors.h"

#include <QScrollArea>

namespace hefstudio {

class FactList;
class TextLabel;
class WeightView;
struct Fact;

class LayerDetails final : public QScrollArea {
    Q_OBJECT
public:
    explicit LayerDetails(QWidget *parent = nullptr);
    void setGraph(std::shared_ptr<const Graph> graph);
    // What the chip would make of each layer; null while unknown.
    void setEstimate(std::shared_ptr<const ModelEstimate> estimate, const Correspondence &onDevice);
    void showLayer(int layer); // -1: the network
    void showGroup(const NodeGroup &group);

private:
    void showNetwork();
    std::vector<Fact> costFacts(const std::vector<std::uint32_t> &layers) const;
    void showCosts(std::vector<Fact> facts);

    std::shared_ptr<const Graph> m_graph;
    TextLabel *m_title;
    TextLabel *m_name;
    FactList *m_facts;
    TextLabel *m_originCaption;
    TextLabel *m_origin;
    TextLabel *m_costCaption;
    FactList *m_costs;
    TextLabel *m_weightCaption;
    WeightView *m_weights;
    std::shared_ptr<const ModelEstimate> m_estimate;
    Correspondence m_onDevice;
    std::vector<std::uint32_t> m_shown; // layers
};

} // namespace hefstudio
