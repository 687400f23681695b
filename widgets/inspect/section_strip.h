// The bytes of a file from the first to the last as a strip of sections in proportion; a click
// leads to the bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/section_map.h"

#include <QWidget>

namespace hefstudio {

class SectionStrip final : public QWidget {
    Q_OBJECT
public:
    explicit SectionStrip(std::vector<HefMapEntry> map, QWidget *parent = nullptr);
    QSize sizeHint() const override;

Q_SIGNALS:
    void placeChosen(quint64 offset, quint64 size);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Cell {
        QRectF rect;
        std::size_t entry;
    };
    std::vector<Cell> cells() const;
    int cellAt(const QPointF &position) const;
    void choose(int cell);

    std::vector<HefMapEntry> m_map; // level 0 only
    int m_current = 0;
};

} // namespace hefstudio
