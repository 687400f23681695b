// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/tail_probe.h"

#include "engine/float_engine.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

constexpr std::int64_t comparedCells = 24;
constexpr double tolerance = 2e-3;

std::int64_t comparedCell(std::int64_t index, std::int64_t cells)
{
    // Spread by an odd step, so that rows and columns of the grid both vary.
    return cells <= comparedCells ? index % cells : (index * 37 + index * index) % cells;
}

bool agrees(double predicted, double found)
{
    return std::abs(predicted - found) <= tolerance * (1 + std::abs(predicted));
}

// The predicted values at the compared cells, cell by cell, anchor by anchor.
std::vector<double> predictions(const ScaleRows &rows, std::size_t width,
                                const Prediction &prediction)
{
    std::vector<double> values;
    for (std::int64_t i = 0; i < comparedCells; ++i)
        for (std::int64_t anchor = 0; anchor < rows.anchors; ++anchor)
            for (std::size_t k = 0; k < width; ++k)
                values.push_back(prediction(comparedCell(i, rows.cells), anchor, k));
    return values;
}

bool blockAgrees(std::span<const Tensor> outputs, const RowBlock &block, const ScaleRows &rows,
                 std::size_t width, std::span<const double> predicted)
{
    std::size_t at = 0;
    for (std::int64_t i = 0; i < comparedCells; ++i)
        for (std::int64_t anchor = 0; anchor < rows.anchors; ++anchor)
            for (std::size_t k = 0; k < width; ++k)
                if (!agrees(predicted[at++],
                            valueAt(outputs, block, comparedCell(i, rows.cells), anchor, k)))
                    return false;
    return true;
}

} // namespace

Result<std::vector<Tensor>> TailProbe::run(std::span<const Tensor> inputs) const
{
    auto engine = FloatEngine::create(m_tail, {.threads = 1});
    if (!engine)
        return passOn(std::move(engine));
    return engine->run(inputs);
}

std::vector<RowView> TailProbe::views() const
{
    std::vector<RowView> views;
    for (std::size_t i = 0; i < m_tail->outputs.size(); ++i) {
        const TensorInfo &output = m_tail->tensor(m_tail->outputs[i]);
        const Shape &shape = output.shape;
        if (output.type != ElementType::float32 || shape.rank() < 2)
            continue;
        // The last two axes as rows and columns, both ways; a map's positions as rows.
        const std::int64_t a = shape[shape.rank() - 2];
        const std::int64_t b = shape[shape.rank() - 1];
        if (shape.elementCount() == a * b) {
            views.push_back({i, a, b, b, 1});
            views.push_back({i, b, a, 1, b});
        }
        if (shape.rank() == 4 && shape[0] == 1) {
            views.push_back({i, shape[2] * shape[3], shape[1], 1, shape[2] * shape[3]});
            views.push_back({i, shape[1] * shape[2], shape[3], shape[3], 1});
        }
        if (shape.rank() == 5 && shape[0] == 1) // [1, anchors, h, w, values]
            views.push_back({i, shape[1] * shape[2] * shape[3], shape[4], shape[4], 1});
    }
    return views;
}

std::vector<RowOrder> possibleOrders(const RowView &view, const ScaleRows &rows)
{
    const std::int64_t own = rows.cells * rows.anchors;
    std::vector<std::int64_t> firsts;
    if (view.rows == own)
        firsts = {0};
    else if (view.rows == own + rows.boxesBefore + rows.boxesAfter)
        firsts = {rows.boxesBefore, rows.boxesAfter}; // finest or coarsest scale first
    std::vector<RowOrder> orders;
    for (const std::int64_t first : firsts) {
        orders.push_back({first, rows.anchors, 1});
        if (rows.anchors > 1)
            orders.push_back({first, 1, rows.cells});
    }
    return orders;
}

double valueAt(std::span<const Tensor> outputs, const RowBlock &block, std::int64_t cell,
               std::int64_t anchor, std::size_t k)
{
    const std::int64_t at = block.order.row(cell, anchor) * block.view.rowStride +
                            (block.column + static_cast<std::int64_t>(k)) * block.view.columnStride;
    return static_cast<double>(
        outputs[block.view.output].as<float>()[static_cast<std::size_t>(at)]);
}

std::optional<RowBlock> findBlock(std::span<const Tensor> outputs, std::span<const RowView> views,
                                  const ScaleRows &rows, std::size_t width,
                                  const Prediction &prediction)
{
    const auto predicted = predictions(rows, width, prediction);
    for (const RowView &view : views)
        for (const RowOrder &order : possibleOrders(view, rows))
            for (std::int64_t column = 0; column + static_cast<std::int64_t>(width) <= view.columns;
                 ++column) {
                const RowBlock block{view, order, column};
                if (blockAgrees(outputs, block, rows, width, predicted))
                    return block;
            }
    return std::nullopt;
}

} // namespace hefstudio
