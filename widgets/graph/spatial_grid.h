// Finds the rectangles near a rectangle without looking at all of them: a uniform grid, with a
// side list for the few that are too large for it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>

#include <cstdint>
#include <vector>

namespace hefstudio {

class SpatialGrid {
public:
    SpatialGrid() = default;
    explicit SpatialGrid(std::vector<QRectF> rects);

    // Indices of all rectangles that touch `area`, ascending, into `found` (cleared first).
    void query(const QRectF &area, std::vector<std::uint32_t> &found) const;

private:
    struct CellRange {
        int left, top, right, bottom;
        std::int64_t count() const { return std::int64_t(right - left + 1) * (bottom - top + 1); }
    };
    CellRange cells(const QRectF &rect) const;

    std::vector<QRectF> m_rects;
    QRectF m_bounds;
    double m_cell = 1;
    int m_columns = 0, m_rows = 0;
    std::vector<std::vector<std::uint32_t>> m_cells;
    std::vector<std::uint32_t> m_large;
};

} // namespace hefstudio
