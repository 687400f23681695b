// Which colour stands for which family of operators, with the number of layers of each.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/layer_text.h"

#include <QWidget>

#include <array>

namespace hefstudio {

class Legend final : public QWidget {
    Q_OBJECT
public:
    explicit Legend(QWidget *parent = nullptr);
    void setCounts(const std::array<int, layerFamilyCount> &counts);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Entry {
        LayerFamily family;
        QString text;
    };
    std::vector<Entry> m_entries;
};

} // namespace hefstudio
