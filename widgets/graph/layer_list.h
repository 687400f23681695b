// The searchable list of layers beside the canvas.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph_scene.h"

#include <QWidget>

class QLineEdit;
class QListView;

namespace hefstudio {

class LayerFilter;
class LayerListModel;
class TextLabel;

class LayerList final : public QWidget {
    Q_OBJECT
public:
    explicit LayerList(QWidget *parent = nullptr);
    void setScene(std::shared_ptr<const GraphScene> scene);
    void select(int node); // -1 for none; does not emit
    void focusSearch();

Q_SIGNALS:
    void nodeChosen(int node);

private:
    void showCount();

    LayerListModel *m_model;
    LayerFilter *m_proxy;
    QLineEdit *m_search;
    QListView *m_view;
    TextLabel *m_count;
    bool m_isFollowing = false; // select() is at work
};

} // namespace hefstudio
