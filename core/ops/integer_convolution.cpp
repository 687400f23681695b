// Convolutions in integers. The picture is copied once into planes that hold the padding, already
// centred, so that the sums have no borders; each row of outputs is one long multiply-add.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/integer_internal.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace hefstudio::integer {

namespace {

// No sum of `terms` products can leave 32 bits: the accumulator may be narrow. Exactness, not
// speed, decides; the numbers are the same either way.
bool fitsNarrow(std::int64_t terms, std::int32_t largestInput, std::span<const std::int32_t> bias)
{
    std::int64_t largestBias = 0;
    for (const std::int32_t b : bias)
        largestBias = std::max<std::int64_t>(largestBias, std::abs(static_cast<std::int64_t>(b)));
    const __int128 bound = static_cast<__int128>(terms) * largestInput * 128 + largestBias;
    return bound <= std::numeric_limits<std::int32_t>::max();
}

struct PaddedPlanes {
    std::int64_t height = 0, width = 0;
    std::vector<std::int32_t> values; // [C][height][width] of one picture, centred
};

PaddedPlanes padded(const std::int32_t *picture, std::array<std::int64_t, 4> dims,
                    const Window &window, std::span<const std::int32_t> padding,
                    std::int32_t zeroPoint)
{
    PaddedPlanes planes;
    planes.height = dims[2] + window.padBegin[0] + window.padEnd[0];
    planes.width = dims[3] + window.padBegin[1] + window.padEnd[1];
    const std::int64_t size = planes.height * planes.width;
    planes.values.resize(static_cast<std::size_t>(dims[1] * size));
    for (std::int64_t c = 0; c < dims[1]; ++c) {
        std::int32_t *plane = planes.values.data() + c * size;
        const std::int32_t fill =
            padding.empty() ? 0 : padding[static_cast<std::size_t>(c)] - zeroPoint;
        std::fill(plane, plane + size, fill);
        for (std::int64_t y = 0; y < dims[2]; ++y)
            std::copy_n(picture + (c * dims[2] + y) * dims[3], dims[3],
                        plane + (y + window.padBegin[0]) * planes.width + window.padBegin[1]);
    }
    return planes;
}

template<class Accumulator>
void addRow(Accumulator *sums, const std::int32_t *values, std::int64_t count, std::int64_t stride,
            std::int32_t weight)
{
    if (stride == 1) {
        for (std::int64_t x = 0; x < count; ++x)
            sums[x] += static_cast<Accumulator>(weight) * values[x];
    } else {
        for (std::int64_t x = 0; x < count; ++x)
            sums[x] += static_cast<Accumulator>(weight) * values[x * stride];
    }
}

template<class Accumulator>
void convolvePlane(const IntegerConvolution &form, const PaddedPlanes &planes, std::int64_t o,
                   std::int64_t outHeight, std::int64_t outWidth, std::vector<Accumulator> &sums)
{
    const Window &window = form.window;
    const std::int64_t inPerGroup = form.weightShape[1];
    const std::int64_t firstInput = o / (form.weightShape[0] / form.groups) * inPerGroup;
    std::fill(sums.begin(), sums.end(), form.bias[static_cast<std::size_t>(o)]);
    const std::int8_t *weight =
        form.weights.data() + o * inPerGroup * window.kernel[0] * window.kernel[1];
    const bool isDense =
        window.stride == std::array<std::int64_t, 2>{1, 1} && outWidth == planes.width;
    for (std::int64_t c = 0; c < inPerGroup; ++c) {
        const std::int32_t *plane =
            planes.values.data() + (firstInput + c) * planes.height * planes.width;
        for (std::int64_t ky = 0; ky < window.kernel[0]; ++ky) {
            for (std::int64_t kx = 0; kx < window.kernel[1]; ++kx, ++weight) {
                if (*weight == 0)
                    continue;
                const std::int32_t *from =
                    plane + ky * window.dilation[0] * planes.width + kx * window.dilation[1];
                if (isDense) { // rows follow each other without a gap
                    addRow(sums.data(), from, outHeight * outWidth, 1, *weight);
                    continue;
                }
                for (std::int64_t y = 0; y < outHeight; ++y)
                    addRow(sums.data() + y * outWidth, from + y * window.stride[0] * planes.width,
                           outWidth, window.stride[1], *weight);
            }
        }
    }
}

template<class Accumulator> Tensor convolve(const IntegerConvolution &form, const Run &run)
{
    const auto in = planes(run.inputs[0]->shape());
    const auto out = planes(run.outputShape);
    const std::int64_t plane = out[2] * out[3];
    const std::vector<std::int32_t> values = run.centred(0);
    Output output(run.layer, run.outputShape);
    for (std::int64_t n = 0; n < out[0]; ++n) {
        const PaddedPlanes source =
            padded(values.data() + n * in[1] * in[2] * in[3], in, form.window, form.padding,
                   run.quantisation(0).zeroPoint);
        run.forEach(out[1], [&](std::int64_t o) {
            std::vector<Accumulator> sums(static_cast<std::size_t>(plane));
            convolvePlane(form, source, o, out[2], out[3], sums);
            const std::int64_t base = (n * out[1] + o) * plane;
            for (std::int64_t i = 0; i < plane; ++i)
                output.put(base + i, form.stage.finish(sums[static_cast<std::size_t>(i)],
                                                       static_cast<std::size_t>(o)));
        });
    }
    return std::move(output).take();
}

} // namespace

Tensor runConvolution(const IntegerConvolution &form, const Run &run)
{
    const std::int64_t terms = form.weightShape[1] * form.window.kernel[0] * form.window.kernel[1];
    return fitsNarrow(terms, run.quantisation(0).maximum(), form.bias)
               ? convolve<std::int32_t>(form, run)
               : convolve<std::int64_t>(form, run);
}

Tensor runTransposedConvolution(const IntegerTransposedConvolution &form, const Run &run)
{
    const auto in = planes(run.inputs[0]->shape());
    const auto out = planes(run.outputShape);
    const Window &window = form.window;
    const std::int64_t outPerGroup = form.weightShape[1];
    const std::int64_t inPerGroup = in[1] / form.groups;
    const std::int64_t kernel = window.kernel[0] * window.kernel[1];
    const std::int64_t plane = out[2] * out[3];
    const std::vector<std::int32_t> values = run.centred(0);
    Output output(run.layer, run.outputShape);
    run.forEach(out[0] * out[1], [&](std::int64_t job) {
        const std::int64_t n = job / out[1];
        const std::int64_t o = job % out[1];
        const std::int64_t group = o / outPerGroup;
        std::vector<std::int64_t> sums(static_cast<std::size_t>(plane),
                                       form.bias[static_cast<std::size_t>(o)]);
        for (std::int64_t c = group * inPerGroup; c < (group + 1) * inPerGroup; ++c) {
            const std::int8_t *weights =
                form.weights.data() + (c * outPerGroup + o % outPerGroup) * kernel;
            const std::int32_t *source = values.data() + (n * in[1] + c) * in[2] * in[3];
            for (std::int64_t y = 0; y < in[2]; ++y) {
                for (std::int64_t ky = 0; ky < window.kernel[0]; ++ky) {
                    const std::int64_t oy =
                        y * window.stride[0] + ky * window.dilation[0] - window.padBegin[0];
                    if (oy < 0 || oy >= out[2])
                        continue;
                    for (std::int64_t x = 0; x < in[3]; ++x) {
                        const std::int64_t value = source[y * in[3] + x];
                        const std::int64_t left = x * window.stride[1] - window.padBegin[1];
                        for (std::int64_t kx = 0; kx < window.kernel[1]; ++kx) {
                            const std::int64_t ox = left + kx * window.dilation[1];
                            if (ox >= 0 && ox < out[3])
                                sums[static_cast<std::size_t>(oy * out[3] + ox)] +=
                                    value * weights[ky * window.kernel[1] + kx];
                        }
                    }
                }
            }
        }
        for (std::int64_t i = 0; i < plane; ++i)
            output.put(job * plane + i, form.stage.finish(sums[static_cast<std::size_t>(i)],
                                                          static_cast<std::size_t>(o)));
    });
    return std::move(output).take();
}

} // namespace hefstudio::integer
