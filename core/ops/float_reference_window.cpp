// Convolutions, pools and resizing: everything with a window over H and W.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/float_reference_parts.h"
#include "ops/resize_taps.h"

#include <algorithm>
#include <limits>

namespace hefstudio::reference {

namespace {

// One picture of a batch with its padding written out: plane c holds rows of `width` values.
struct PaddedPicture {
    std::int64_t height = 0;
    std::int64_t width = 0;
    std::vector<double> values;

    const double *row(std::int64_t channel, std::int64_t y) const
    {
        return values.data() + (channel * height + y) * width;
    }
};

// Exactly what the windows of an output of `outHeight`×`outWidth` reach.
PaddedPicture padPicture(const Tensor &x, std::int64_t picture, const Window &window,
                         std::int64_t outHeight, std::int64_t outWidth,
                         std::span<const float> padValues)
{
    const Shape &shape = x.shape();
    const std::int64_t channels = shape[1], height = shape[2], width = shape[3];
    const auto reach = [&](int axis, std::int64_t out) {
        return (out - 1) * window.stride[axis] + (window.kernel[axis] - 1) * window.dilation[axis] +
               1;
    };
    PaddedPicture padded;
    padded.height = reach(0, outHeight);
    padded.width = reach(1, outWidth);
    padded.values.resize(static_cast<std::size_t>(channels * padded.height * padded.width));
    const float *source = x.as<float>().data() + picture * channels * height * width;
    double *target = padded.values.data();
    for (std::int64_t c = 0; c < channels; ++c) {
        const double pad = padValues.empty() ? 0.0 : padValues[static_cast<std::size_t>(c)];
        for (std::int64_t py = 0; py < padded.height; ++py) {
            for (std::int64_t px = 0; px < padded.width; ++px) {
                const std::int64_t y = py - window.padBegin[0];
                const std::int64_t xx = px - window.padBegin[1];
                const bool inside = y >= 0 && y < height && xx >= 0 && xx < width;
                *target++ = inside ? source[(c * height + y) * width + xx] : pad;
            }
        }
    }
    return padded;
}

double biasOf(Operands operands, std::int64_t channel)
{
    const Tensor *bias = operandAt(operands, 2);
    return bias ? bias->as<float>()[static_cast<std::size_t>(channel)] : 0.0;
}

} // namespace

Tensor run(const Convolution &attributes, Operands operands, const Shape &shape)
{
    const Tensor &x = *operands[0];
    const Tensor &weights = *operands[1];
    const Window &window = attributes.window;
    Tensor result(ElementType::float32, shape);
    if (result.elementCount() == 0)
        return result;
    const std::int64_t outChannels = shape[1], outHeight = shape[2], outWidth = shape[3];
    const std::int64_t groupInputs = weights.shape()[1];
    const std::int64_t groupOutputs = outChannels / attributes.groups;
    float *out = result.as<float>().data();
    std::vector<double> sums(static_cast<std::size_t>(outWidth));
    for (std::int64_t n = 0; n < shape[0]; ++n) {
        const PaddedPicture padded =
            padPicture(x, n, window, outHeight, outWidth, attributes.padValues);
        for (std::int64_t o = 0; o < outChannels; ++o) {
            const std::int64_t firstInput = o / groupOutputs * groupInputs;
            for (std::int64_t y = 0; y < outHeight; ++y) {
                std::ranges::fill(sums, biasOf(operands, o));
                const float *weight = weights.as<float>().data() +
                                      o * groupInputs * window.kernel[0] * window.kernel[1];
                for (std::int64_t c = 0; c < groupInputs; ++c) {
                    for (std::int64_t ky = 0; ky < window.kernel[0]; ++ky) {
                        const double *row = padded.row(firstInput + c, y * window.stride[0] +
                                                                           ky * window.dilation[0]);
                        for (std::int64_t kx = 0; kx < window.kernel[1]; ++kx) {
                            const double w = *weight++;
                            const double *from = row + kx * window.dilation[1];
                            for (std::int64_t ox = 0; ox < outWidth; ++ox)
                                sums[static_cast<std::size_t>(ox)] +=
                                    w * from[ox * window.stride[1]];
                        }
                    }
                }
                for (const double sum : sums)
                    *out++ = static_cast<float>(sum);
            }
        }
    }
    return result;
}

Tensor run(const TransposedConvolution &attributes, Operands operands, const Shape &shape)
{
    const Tensor &x = *operands[0];
    const Tensor &weights = *operands[1];
    const Window &window = attributes.window;
    Tensor result(ElementType::float32, shape);
    const std::int64_t channels = x.shape()[1], height = x.shape()[2], width = x.shape()[3];
    const std::int64_t outChannels = shape[1], outHeight = shape[2], outWidth = shape[3];
    const std::int64_t groupInputs = channels / attributes.groups;
    const std::int64_t groupOutputs = weights.shape()[1];
    const float *source = x.as<float>().data();
    const float *weight = weights.as<float>().data();
    float *out = result.as<float>().data();
    std::vector<double> plane(static_cast<std::size_t>(outHeight * outWidth));
    for (std::int64_t n = 0; n < shape[0]; ++n) {
        for (std::int64_t o = 0; o < outChannels; ++o) {
            std::ranges::fill(plane, biasOf(operands, o));
            const std::int64_t group = o / groupOutputs;
            for (std::int64_t c = group * groupInputs; c < (group + 1) * groupInputs; ++c) {
                for (std::int64_t y = 0; y < height; ++y) {
                    for (std::int64_t ky = 0; ky < window.kernel[0]; ++ky) {
                        const std::int64_t oy =
                            y * window.stride[0] + ky * window.dilation[0] - window.padBegin[0];
                        if (oy < 0 || oy >= outHeight)
                            continue;
                        for (std::int64_t kx = 0; kx < window.kernel[1]; ++kx) {
                            const double w =
                                weight[((c * groupOutputs + o % groupOutputs) * window.kernel[0] +
                                        ky) *
                                           window.kernel[1] +
                                       kx];
                            for (std::int64_t ix = 0; ix < width; ++ix) {
                                const std::int64_t ox = ix * window.stride[1] +
                                                        kx * window.dilation[1] -
                                                        window.padBegin[1];
                                if (ox >= 0 && ox < outWidth)
                                    plane[static_cast<std::size_t>(oy * outWidth + ox)] +=
                                        w * source[((n * channels + c) * height + y) * width + ix];
                            }
                        }
                    }
                }
            }
            for (const double sum : plane)
                *out++ = static_cast<float>(sum);
        }
    }
    return result;
}

namespace {

// Calls visit(output index, values under the window) for every position of a pool; padding is left
// out of the values.
template<class Visit>
void visitWindows(const Tensor &x, const Window &window, const Shape &shape, const Visit &visit)
{
    const std::int64_t height = x.shape()[2], width = x.shape()[3];
    const float *source = x.as<float>().data();
    std::vector<float> values;
    std::size_t index = 0;
    for (std::int64_t plane = 0; plane < shape[0] * shape[1]; ++plane) {
        for (std::int64_t oy = 0; oy < shape[2]; ++oy) {
            for (std::int64_t ox = 0; ox < shape[3]; ++ox) {
                values.clear();
                for (std::int64_t ky = 0; ky < window.kernel[0]; ++ky) {
                    const std::int64_t y =
                        oy * window.stride[0] + ky * window.dilation[0] - window.padBegin[0];
                    for (std::int64_t kx = 0; kx < window.kernel[1]; ++kx) {
                        const std::int64_t xx =
                            ox * window.stride[1] + kx * window.dilation[1] - window.padBegin[1];
                        if (y >= 0 && y < height && xx >= 0 && xx < width)
                            values.push_back(source[(plane * height + y) * width + xx]);
                    }
                }
                visit(index++, values);
            }
        }
    }
}

} // namespace

Tensor run(const MaxPool &attributes, Operands operands, const Shape &shape)
{
    Tensor result(ElementType::float32, shape);
    const std::span<float> out = result.as<float>();
    visitWindows(*operands[0], attributes.window, shape,
                 [&](std::size_t index, const std::vector<float> &values) {
                     out[index] = values.empty() ? std::numeric_limits<float>::lowest()
                                                 : *std::ranges::max_element(values);
                 });
    return result;
}

Tensor run(const AveragePool &attributes, Operands operands, const Shape &shape)
{
    Tensor result(ElementType::float32, shape);
    const std::span<float> out = result.as<float>();
    const auto area =
        static_cast<double>(attributes.window.kernel[0] * attributes.window.kernel[1]);
    visitWindows(*operands[0], attributes.window, shape,
                 [&](std::size_t index, const std::vector<float> &values) {
                     double sum = 0;
                     for (const float value : values)
                         sum += value;
                     const double count = attributes.countIncludesPadding
                                              ? area
                                              : static_cast<double>(values.size());
                     out[index] = count > 0 ? static_cast<float>(sum / count) : 0.0F;
                 });
    return result;
}

Tensor run(const Resize &attributes, Operands operands, const Shape &shape)
{
    const Tensor &x = *operands[0];
    const std::int64_t height = x.shape()[2], width = x.shape()[3];
    Tensor result(ElementType::float32, shape);
    if (x.elementCount() == 0)
        return result;
    const auto rows = resizeTaps(attributes, 0, height, shape[2]);
    const auto columns = resizeTaps(attributes, 1, width, shape[3]);
    const float *source = x.as<float>().data();
    float *out = result.as<float>().data();
    for (std::int64_t plane = 0; plane < shape[0] * shape[1]; ++plane) {
        const float *from = source + plane * height * width;
        for (const std::vector<ResizeTap> &row : rows) {
            for (const std::vector<ResizeTap> &column : columns) {
                double sum = 0;
                for (const ResizeTap &ty : row)
                    for (const ResizeTap &tx : column)
                        sum += ty.weight * tx.weight * from[ty.index * width + tx.index];
                *out++ = static_cast<float>(sum);
            }
        }
    }
    return result;
}

} // namespace hefstudio::reference
