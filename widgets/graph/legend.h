// What the colours of the graph stand for. Wraps into rows where the canvas is narrow.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/scene_colors.h"

#include <QWidget>

namespace hefstudio {

class Legend final : public QWidget {
    Q_OBJECT
public:
    explicit Legend(QWidget *parent = nullptr);
    void setEntries(std::vector<SceneColors::Entry> entries);
    // Takes the size that its entries need at this width.
    void fitInto(int width);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    // The place of every entry for a width, and the size of all.
    std::vector<QPoint> places(int width, QSize &size) const;
    int entryWidth(const SceneColors::Entry &entry) const;

    std::vector<SceneColors::Entry> m_entries;
};

} // namespace hefstudio
