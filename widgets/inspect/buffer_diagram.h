// What flows between the contexts of a HEF: contexts in a row, an arc for every pair that hands
// values on, as wide as the bytes of one frame.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/hef_reader.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace hefstudio {

struct BufferArc {
    std::size_t from = 0, to = 0;
    int count = 0;
    std::uint64_t bytes = 0;
};

// Every buffer once, by who writes and who reads; self-loops are values that a context keeps in
// host memory.
std::vector<BufferArc> bufferArcs(const HefNetworkGroupView &group);

class BufferDiagram final : public QWidget {
    Q_OBJECT
public:
    explicit BufferDiagram(QWidget *parent = nullptr);
    void setGroup(std::size_t contexts, std::vector<BufferArc> arcs);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::size_t m_contexts = 0;
    std::vector<BufferArc> m_arcs;
};

} // namespace hefstudio
