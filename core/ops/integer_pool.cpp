// Windows and whole axes reduced in integers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/integer_internal.h"

#include <algorithm>
#include <limits>

namespace hefstudio::integer {

namespace {

struct Range {
    std::int64_t begin = 0, end = 0; // kernel positions inside the picture
};

Range insideKernel(const Window &window, int dimension, std::int64_t start, std::int64_t size)
{
    const std::int64_t dilation = window.dilation[dimension];
    Range range;
    range.begin = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
    range.end = start >= size ? 0 : (size - start + dilation - 1) / dilation;
    range.end = std::min(range.end, window.kernel[dimension]);
    range.begin = std::min(range.begin, range.end);
    return range;
}

// visit(outputIndex, plane, y0, rows, x0, columns) for every output of every plane.
template<class Reduce> Tensor slide(const Window &window, const Run &run, const Reduce &reduce)
{
    const auto in = planes(run.inputs[0]->shape());
    const auto out = planes(run.outputShape);
    const std::vector<std::int32_t> values = run.centred(0);
    Output output(run.layer, run.outputShape);
    run.forEach(out[0] * out[1], [&](std::int64_t plane) {
        const std::int32_t *source = values.data() + plane * in[2] * in[3];
        for (std::int64_t y = 0; y < out[2]; ++y) {
            const std::int64_t top = y * window.stride[0] - window.padBegin[0];
            const Range rows = insideKernel(window, 0, top, in[2]);
            for (std::int64_t x = 0; x < out[3]; ++x) {
                const std::int64_t left = x * window.stride[1] - window.padBegin[1];
                const Range columns = insideKernel(window, 1, left, in[3]);
                const auto at = [&](std::int64_t ky, std::int64_t kx) {
                    return source[(top + ky * window.dilation[0]) * in[3] + left +
                                  kx * window.dilation[1]];
                };
                output.put((plane * out[2] + y) * out[3] + x, reduce(rows, columns, at));
            }
        }
    });
    return std::move(output).take();
}

} // namespace

Tensor runMaxPool(const IntegerMaxPool &form, const Run &run)
{
    return slide(form.window, run, [&](Range rows, Range columns, const auto &at) {
        std::int32_t best = std::numeric_limits<std::int32_t>::min();
        for (std::int64_t ky = rows.begin; ky < rows.end; ++ky)
            for (std::int64_t kx = columns.begin; kx < columns.end; ++kx)
                best = std::max(best, at(ky, kx));
        const bool isEmpty = best == std::numeric_limits<std::int32_t>::min();
        return form.stage.finish(isEmpty ? 0 : best);
    });
}

Tensor runAveragePool(const IntegerAveragePool &form, const Run &run)
{
    return slide(form.window, run, [&](Range rows, Range columns, const auto &at) {
        std::int64_t sum = 0;
        for (std::int64_t ky = rows.begin; ky < rows.end; ++ky)
            for (std::int64_t kx = columns.begin; kx < columns.end; ++kx)
                sum += at(ky, kx);
        const std::int64_t count = (rows.end - rows.begin) * (columns.end - columns.begin);
        return form.stage.finish(sum,
                                 static_cast<std::size_t>(std::max<std::int64_t>(count, 1) - 1));
    });
}

Tensor runReduce(const IntegerReduce &form, const Run &run)
{
    const Shape &in = run.inputs[0]->shape();
    // The operand's elements in the order [kept dimensions, reduced dimensions].
    std::vector<std::int64_t> kept, keptStrides, reduced, reducedStrides;
    const std::vector<std::int64_t> strides = in.strides();
    for (std::size_t i = 0; i < in.rank(); ++i) {
        const bool isReduced = std::find(form.axes.begin(), form.axes.end(),
                                         static_cast<std::int64_t>(i)) != form.axes.end();
        (isReduced ? reduced : kept).push_back(in[i]);
        (isReduced ? reducedStrides : keptStrides).push_back(strides[i]);
    }
    const std::vector<std::int64_t> starts = stridedOffsets(Shape(kept), 0, keptStrides);
    const std::vector<std::int64_t> steps = stridedOffsets(Shape(reduced), 0, reducedStrides);
    const std::vector<std::int32_t> values = run.centred(0);
    Output output(run.layer, run.outputShape);
    run.forEach(static_cast<std::int64_t>(starts.size()), [&](std::int64_t i) {
        const std::int32_t *base = values.data() + starts[static_cast<std::size_t>(i)];
        std::int64_t sum = 0;
        std::int64_t largest = std::numeric_limits<std::int32_t>::min();
        std::int64_t smallest = std::numeric_limits<std::int32_t>::max();
        unsigned __int128 squares = 0;
        for (const std::int64_t step : steps) {
            const std::int64_t value = base[step];
            sum += value;
            largest = std::max(largest, value);
            smallest = std::min(smallest, value);
            squares += static_cast<unsigned __int128>(value * value);
        }
        std::int64_t accumulator = sum;
        if (form.reduction == Reduction::max)
            accumulator = largest;
        else if (form.reduction == Reduction::min)
            accumulator = smallest;
        else if (form.reduction == Reduction::l2)
            accumulator = static_cast<std::int64_t>(
                integerSquareRoot(squares << (2 * IntegerReduce::rootBits)));
        output.put(i, form.stage.finish(accumulator));
    });
    return std::move(output).take();
}

} // namespace hefstudio::integer
