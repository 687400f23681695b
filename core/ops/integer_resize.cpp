// Separable resampling in integers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/integer_internal.h"

namespace hefstudio::integer {

Tensor runResize(const IntegerResize &form, const Run &run)
{
    const auto in = planes(run.inputs[0]->shape());
    const auto out = planes(run.outputShape);
    const std::vector<std::int32_t> values = run.centred(0);
    Output output(run.layer, run.outputShape);
    run.forEach(out[0] * out[1], [&](std::int64_t plane) {
        const std::int32_t *source = values.data() + plane * in[2] * in[3];
        // Along W for every source row that is used, then along H; both exact, one rounding at the
        // end.
        std::vector<std::int64_t> across(static_cast<std::size_t>(in[2] * out[3]), 0);
        for (std::int64_t y = 0; y < in[2]; ++y) {
            for (std::int64_t x = 0; x < out[3]; ++x) {
                std::int64_t sum = 0;
                for (int tap = 0; tap < form.columns.taps; ++tap) {
                    const auto entry = static_cast<std::size_t>(x * form.columns.taps + tap);
                    sum += static_cast<std::int64_t>(form.columns.weight[entry]) *
                           source[y * in[3] + form.columns.index[entry]];
                }
                across[static_cast<std::size_t>(y * out[3] + x)] = sum;
            }
        }
        for (std::int64_t y = 0; y < out[2]; ++y) {
            for (std::int64_t x = 0; x < out[3]; ++x) {
                std::int64_t sum = 0;
                for (int tap = 0; tap < form.rows.taps; ++tap) {
                    const auto entry = static_cast<std::size_t>(y * form.rows.taps + tap);
                    sum += form.rows.weight[entry] *
                           across[static_cast<std::size_t>(form.rows.index[entry] * out[3] + x)];
                }
                output.put((plane * out[2] + y) * out[3] + x, form.stage.finish(sum));
            }
        }
    });
    return std::move(output).take();
}

} // namespace hefstudio::integer
