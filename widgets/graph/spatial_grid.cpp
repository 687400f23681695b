// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/spatial_grid.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {

namespace {

// QRectF::intersects() says no for rectangles without area, which straight edges are.
bool touches(const QRectF &a, const QRectF &b)
{
    return a.left() <= b.right() && b.left() <= a.right() && a.top() <= b.bottom() &&
           b.top() <= a.bottom();
}

} // namespace

SpatialGrid::SpatialGrid(std::vector<QRectF> rects) : m_rects(std::move(rects))
{
    if (m_rects.empty())
        return;
    double left = m_rects[0].left(), top = m_rects[0].top();
    double right = m_rects[0].right(), bottom = m_rects[0].bottom();
    for (const QRectF &rect : m_rects) {
        left = std::min(left, rect.left());
        top = std::min(top, rect.top());
        right = std::max(right, rect.right());
        bottom = std::max(bottom, rect.bottom());
    }
    m_bounds = QRectF(QPointF(left, top), QPointF(right, bottom));
    // About as many cells as rectangles.
    const double area = std::max(1.0, m_bounds.width()) * std::max(1.0, m_bounds.height());
    m_cell = std::max(64.0, std::sqrt(area / double(m_rects.size())));
    m_columns = int(m_bounds.width() / m_cell) + 1;
    m_rows = int(m_bounds.height() / m_cell) + 1;
    m_cells.resize(std::size_t(m_columns) * std::size_t(m_rows));
    constexpr std::int64_t mostCells = 16;
    for (std::uint32_t i = 0; i < m_rects.size(); ++i) {
        const CellRange range = cells(m_rects[i]);
        if (range.count() > mostCells) {
            m_large.push_back(i);
            continue;
        }
        for (int row = range.top; row <= range.bottom; ++row)
            for (int column = range.left; column <= range.right; ++column)
                m_cells[std::size_t(row) * std::size_t(m_columns) + std::size_t(column)].push_back(
                    i);
    }
}

SpatialGrid::CellRange SpatialGrid::cells(const QRectF &rect) const
{
    const auto column = [this](double x) {
        return int(std::clamp((x - m_bounds.left()) / m_cell, 0.0, double(m_columns - 1)));
    };
    const auto row = [this](double y) {
        return int(std::clamp((y - m_bounds.top()) / m_cell, 0.0, double(m_rows - 1)));
    };
    return {column(rect.left()), row(rect.top()), column(rect.right()), row(rect.bottom())};
}

void SpatialGrid::query(const QRectF &area, std::vector<std::uint32_t> &found) const
{
    found.clear();
    if (m_rects.empty() || !touches(area, m_bounds))
        return;
    const CellRange range = cells(area);
    for (int row = range.top; row <= range.bottom; ++row)
        for (int column = range.left; column <= range.right; ++column)
            for (const std::uint32_t i :
                 m_cells[std::size_t(row) * std::size_t(m_columns) + std::size_t(column)])
                if (touches(area, m_rects[i]))
                    found.push_back(i);
    for (const std::uint32_t i : m_large)
        if (touches(area, m_rects[i]))
            found.push_back(i);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
}

} // namespace hefstudio
