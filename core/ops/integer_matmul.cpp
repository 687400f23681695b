// Products of matrices in integers: constant weights, and two values.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/integer_internal.h"

namespace hefstudio::integer {

Tensor runFullyConnected(const IntegerFullyConnected &form, const Run &run)
{
    const std::int64_t outputs = form.weightShape[0];
    const std::int64_t inputs = form.weightShape[1];
    const std::vector<std::int32_t> values = run.centred(0);
    const std::int64_t rows = outputs == 0 ? 0 : run.outputShape.elementCount() / outputs;
    Output output(run.layer, run.outputShape);
    run.forEach(rows, [&](std::int64_t row) {
        const std::int32_t *x = values.data() + row * inputs;
        for (std::int64_t o = 0; o < outputs; ++o) {
            const std::int8_t *w = form.weights.data() + o * inputs;
            std::int64_t sum = form.bias[static_cast<std::size_t>(o)];
            for (std::int64_t k = 0; k < inputs; ++k)
                sum += static_cast<std::int64_t>(x[k]) * w[k];
            output.put(row * outputs + o, form.stage.finish(sum, static_cast<std::size_t>(o)));
        }
    });
    return std::move(output).take();
}

Tensor runMatMul(const IntegerMatMul &form, const Run &run)
{
    const Shape &a = run.inputs[0]->shape();
    const Shape &b = run.inputs[1]->shape();
    const std::int64_t m = a[a.rank() - 2];
    const std::int64_t k = a.back();
    const std::int64_t n = b.back();
    const auto batchOf = [](const Shape &shape) {
        return Shape(std::vector<std::int64_t>(shape.begin(), shape.end() - 2));
    };
    const Shape batch = batchOf(run.outputShape);
    const auto offsetsOf = [&](const Shape &operand) {
        return stridedOffsets(batch, 0, broadcastStrides(batchOf(operand), batch));
    };
    const std::vector<std::int64_t> batchA = offsetsOf(a);
    const std::vector<std::int64_t> batchB = offsetsOf(b);
    const std::vector<std::int32_t> left = run.centred(0);
    const std::vector<std::int32_t> right = run.centred(1);
    Output output(run.layer, run.outputShape);
    run.forEach(batch.elementCount() * m, [&](std::int64_t job) {
        const auto which = static_cast<std::size_t>(job / m);
        const std::int32_t *rowA = left.data() + (batchA[which] * m + job % m) * k;
        const std::int32_t *matrixB = right.data() + batchB[which] * k * n;
        std::vector<std::int64_t> sums(static_cast<std::size_t>(n), 0);
        for (std::int64_t i = 0; i < k; ++i)
            for (std::int64_t j = 0; j < n; ++j)
                sums[static_cast<std::size_t>(j)] +=
                    static_cast<std::int64_t>(rowA[i]) * matrixB[i * n + j];
        for (std::int64_t j = 0; j < n; ++j)
            output.put(job * n + j, form.stage.finish(sums[static_cast<std::size_t>(j)]));
    });
    return std::move(output).take();
}

} // namespace hefstudio::integer
