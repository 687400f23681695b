// Softmax and layer normalisation in integers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/integer_internal.h"

#include <algorithm>
#include <bit>

namespace hefstudio::integer {

namespace {

std::int64_t exponentialAt(const IntegerSoftmax &form, std::int32_t distance)
{
    const auto segment = static_cast<std::size_t>(distance >> form.stepBits);
    if (segment + 1 >= form.exponential.size())
        return form.exponential.back();
    const std::int64_t left = form.exponential[segment];
    if (form.stepBits == 0)
        return left;
    const std::int64_t right = form.exponential[segment + 1];
    const std::int64_t rest = distance & ((1 << form.stepBits) - 1);
    return left +
           (((right - left) * rest + (std::int64_t(1) << (form.stepBits - 1))) >> form.stepBits);
}

__int128 floorDivide(__int128 a, __int128 positive)
{
    const __int128 quotient = a / positive;
    return quotient * positive > a ? quotient - 1 : quotient;
}

} // namespace

Tensor runSoftmax(const IntegerSoftmax &form, const Run &run)
{
    const AxisView view = viewAlong(run.outputShape, static_cast<std::size_t>(form.axis));
    const std::vector<std::int32_t> values = run.stored(0);
    Output output(run.layer, run.outputShape);
    run.forEach(view.outer * view.inner, [&](std::int64_t row) {
        const std::int64_t base = row / view.inner * view.size * view.inner + row % view.inner;
        const auto at = [&](std::int64_t i) {
            return values[static_cast<std::size_t>(base + i * view.inner)];
        };
        std::int32_t largest = 0;
        for (std::int64_t i = 0; i < view.size; ++i)
            largest = std::max(largest, at(i));
        std::vector<std::int64_t> exponentials(static_cast<std::size_t>(view.size));
        std::int64_t sum = 0;
        for (std::int64_t i = 0; i < view.size; ++i) {
            exponentials[static_cast<std::size_t>(i)] = exponentialAt(form, largest - at(i));
            sum += exponentials[static_cast<std::size_t>(i)];
        }
        const std::int64_t reciprocal =
            (std::int64_t(1) << IntegerSoftmax::probabilityBits) / std::max<std::int64_t>(sum, 1);
        for (std::int64_t i = 0; i < view.size; ++i)
            output.put(base + i * view.inner,
                       form.stage.finish(exponentials[static_cast<std::size_t>(i)] * reciprocal));
    });
    return std::move(output).take();
}

Tensor runLayerNorm(const IntegerLayerNorm &form, const Run &run)
{
    const Shape &shape = run.outputShape;
    std::int64_t count = 1;
    for (std::size_t i = static_cast<std::size_t>(form.axis); i < shape.rank(); ++i)
        count *= shape[i];
    const std::vector<std::int32_t> values = run.centred(0);
    Output output(run.layer, shape);
    const std::int64_t rows = count == 0 ? 0 : shape.elementCount() / count;
    run.forEach(rows, [&](std::int64_t row) {
        const std::int32_t *x = values.data() + row * count;
        std::int64_t sum = 0;
        std::int64_t squares = 0;
        for (std::int64_t i = 0; i < count; ++i) {
            sum += form.subtractsMean ? x[i] : 0;
            squares += static_cast<std::int64_t>(x[i]) * x[i];
        }
        // Below 2^63 for the 2^15 elements checkIntegerLayer() allows.
        const auto variance = static_cast<std::uint64_t>(
            std::max<std::int64_t>(count * squares - sum * sum, 0) + form.epsilon);
        const int shift = std::countl_zero(variance) & ~1;
        const auto root = static_cast<std::int64_t>(integerSquareRoot(variance << shift));
        const int bits = IntegerLayerNorm::fractionBits + shift / 2;
        for (std::int64_t i = 0; i < count; ++i) {
            const __int128 numerator =
                static_cast<__int128>(count * x[i] - sum) * (static_cast<__int128>(1) << bits);
            const auto t = static_cast<std::int64_t>(floorDivide(numerator + root / 2, root));
            const auto c = static_cast<std::size_t>(i);
            output.put(row * count + i, form.stage.finish(t * form.gamma[c] + form.beta[c]));
        }
    });
    return std::move(output).take();
}

} // namespace hefstudio::integer
