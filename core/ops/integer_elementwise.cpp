// Element by element in integers: tables, rescaling, two operands, joining.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/integer_internal.h"

#include <algorithm>
#include <cstdlib>

namespace hefstudio::integer {

namespace {

std::int64_t floorDivide(std::int64_t a, std::int64_t b)
{
    const std::int64_t quotient = a / b;
    return quotient * b != a && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

std::int64_t combine(const IntegerBinary &form, std::int64_t a, std::int64_t b)
{
    const std::int64_t m0 = form.multipliers[0];
    const std::int64_t m1 = form.multipliers[1];
    switch (form.operation) {
    case IntegerBinary::Operation::add:
        return m0 * a + m1 * b;
    case IntegerBinary::Operation::multiply:
        return a * b;
    case IntegerBinary::Operation::minimum:
        return std::min(m0 * a, m1 * b);
    case IntegerBinary::Operation::maximum:
        return std::max(m0 * a, m1 * b);
    case IntegerBinary::Operation::divide: {
        const std::int64_t divisor = b == 0 ? 1 : b;
        const std::int64_t sign = divisor < 0 ? -1 : 1;
        const std::int64_t positive = divisor * sign;
        return floorDivide(
            sign * a * (std::int64_t(1) << IntegerBinary::quotientBits) + positive / 2, positive);
    }
    }
    return 0;
}

} // namespace

Tensor runTable(const IntegerTable &form, const Run &run)
{
    const std::vector<std::int32_t> values = run.stored(0);
    Output output(run.layer, run.outputShape);
    for (std::size_t i = 0; i < values.size(); ++i)
        output.put(static_cast<std::int64_t>(i),
                   static_cast<std::int32_t>(
                       std::clamp<std::int64_t>(form.table.at(values[i]), form.low, form.high)));
    return std::move(output).take();
}

Tensor runRescale(const IntegerRescale &form, const Run &run)
{
    const std::vector<std::int32_t> values = run.centred(0);
    const AxisView view = viewAlong(run.outputShape, 1);
    Output output(run.layer, run.outputShape);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto position = static_cast<std::int64_t>(i);
        const std::int64_t channel = position / view.inner % view.size;
        output.put(position, form.stage.finish(values[i], static_cast<std::size_t>(channel)));
    }
    return std::move(output).take();
}

Tensor runBinary(const IntegerBinary &form, const Run &run)
{
    const std::vector<std::int32_t> a = run.centred(0);
    const std::vector<std::int32_t> b = run.centred(1);
    Output output(run.layer, run.outputShape);
    if (run.inputs[0]->shape() == run.outputShape && run.inputs[1]->shape() == run.outputShape) {
        for (std::size_t i = 0; i < a.size(); ++i)
            output.put(static_cast<std::int64_t>(i), form.stage.finish(combine(form, a[i], b[i])));
        return std::move(output).take();
    }
    const auto offsetsOf = [&](std::size_t slot) {
        return stridedOffsets(run.outputShape, 0,
                              broadcastStrides(run.inputs[slot]->shape(), run.outputShape));
    };
    const std::vector<std::int64_t> offsetA = offsetsOf(0);
    const std::vector<std::int64_t> offsetB = offsetsOf(1);
    for (std::size_t i = 0; i < offsetA.size(); ++i) {
        const std::int64_t value = combine(form, a[static_cast<std::size_t>(offsetA[i])],
                                           b[static_cast<std::size_t>(offsetB[i])]);
        output.put(static_cast<std::int64_t>(i), form.stage.finish(value));
    }
    return std::move(output).take();
}

Tensor runConcat(const IntegerConcat &form, const Run &run)
{
    const auto axis = static_cast<std::size_t>(form.axis);
    const AxisView whole = viewAlong(run.outputShape, axis);
    Output output(run.layer, run.outputShape);
    std::int64_t start = 0;
    for (std::size_t slot = 0; slot < run.inputs.size(); ++slot) {
        const std::vector<std::int32_t> values = run.centred(slot);
        const std::int64_t size = run.inputs[slot]->shape()[axis];
        const std::int64_t row = size * whole.inner;
        for (std::int64_t outer = 0; outer < whole.outer; ++outer) {
            const std::int64_t target = (outer * whole.size + start) * whole.inner;
            for (std::int64_t i = 0; i < row; ++i)
                output.put(
                    target + i,
                    form.stage.finish(values[static_cast<std::size_t>(outer * row + i)], slot));
        }
        start += size;
    }
    return std::move(output).take();
}

} // namespace hefstudio::integer
