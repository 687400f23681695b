// Everything known about the selected layer; without one, about the network.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <QScrollArea>

namespace hefstudio {

class FactList;
class TextLabel;

class LayerDetails final : public QScrollArea {
    Q_OBJECT
public:
    explicit LayerDetails(QWidget *parent = nullptr);
    void setGraph(std::shared_ptr<const Graph> graph);
    void showLayer(int layer); // -1: the network

private:
    void showNetwork();

    std::shared_ptr<const Graph> m_graph;
    TextLabel *m_title;
    TextLabel *m_name;
    FactList *m_facts;
    TextLabel *m_originCaption;
    TextLabel *m_origin;
};

} // namespace hefstudio
