// Asks the arithmetic behind a detector's ends what it does, instead of parsing it: fed with chosen
// values, its outputs are searched for what a reading of the head predicts. A reading that predicts
// the numbers of the export itself is proven.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace hefstudio {

// An output seen as rows (boxes) of columns (their values), whichever axis holds which.
struct RowView {
    std::size_t output = 0;
    std::int64_t rows = 0, columns = 0;
    std::int64_t rowStride = 0, columnStride = 0;
};

// Where the boxes of one scale lie among the rows.
struct RowOrder {
    std::int64_t first = 0; // row of anchor 0 of cell 0
    std::int64_t cellStep = 1;
    std::int64_t anchorStep = 1;
    std::int64_t row(std::int64_t cell, std::int64_t anchor) const
    {
        return first + cell * cellStep + anchor * anchorStep;
    }
};

struct RowBlock {
    RowView view;
    RowOrder order;
    std::int64_t column = 0; // of the first value
};

class TailProbe {
public:
    explicit TailProbe(std::shared_ptr<const Graph> tail) : m_tail(std::move(tail)) {}

    const Graph &tail() const { return *m_tail; }
    // One tensor per input of the tail, in its order. Diagnostics: those of the float engine.
    Result<std::vector<Tensor>> run(std::span<const Tensor> inputs) const;
    std::vector<RowView> views() const;

private:
    std::shared_ptr<const Graph> m_tail;
};

// The value k of the box of an anchor in a cell, as a reading predicts it.
using Prediction = std::function<double(std::int64_t cell, std::int64_t anchor, std::size_t k)>;

struct ScaleRows {
    std::int64_t cells = 0;
    std::int64_t anchors = 1;
    std::int64_t boxesBefore = 0; // in the finer scales
    std::int64_t boxesAfter = 0;  // in the coarser ones
};

// The block of `width` columns that holds the predicted values, within float rounding. Compared at
// a fixed selection of cells.
std::optional<RowBlock> findBlock(std::span<const Tensor> outputs, std::span<const RowView> views,
                                  const ScaleRows &rows, std::size_t width,
                                  const Prediction &prediction);
double valueAt(std::span<const Tensor> outputs, const RowBlock &block, std::int64_t cell,
               std::int64_t anchor, std::size_t k);
// Every place where the boxes of a scale may lie in a view.
std::vector<RowOrder> possibleOrders(const RowView &view, const ScaleRows &rows);

} // namespace hefstudio
