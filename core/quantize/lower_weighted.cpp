// Layers with weights: convolutions, fully connected, products of two values.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/lower_parts.h"
#include "quantize/weights.h"

#include <algorithm>
#include <cmath>

namespace hefstudio::lowering {

namespace {

// The share of output positions at which kernel position `k` of one dimension reads the picture and
// not the padding.
double insideShare(const Window &window, int dimension, std::int64_t k, std::int64_t in,
                   std::int64_t out)
{
    std::int64_t inside = 0;
    for (std::int64_t o = 0; o < out; ++o) {
        const std::int64_t at = o * window.stride[dimension] + k * window.dilation[dimension] -
                                window.padBegin[dimension];
        inside += at >= 0 && at < in;
    }
    return out == 0 ? 0 : static_cast<double>(inside) / static_cast<double>(out);
}

// Mean real input at every weight of a convolution, its padding counted with the value it holds.
std::vector<double> tapMeans(const Part &part, const Convolution &kind, const Shape &weights,
                             std::span<const double> means)
{
    const Shape &in = part.input(0).shape;
    const Shape &out = part.output().shape;
    std::vector<double> rows, columns;
    for (std::int64_t k = 0; k < kind.window.kernel[0]; ++k)
        rows.push_back(insideShare(kind.window, 0, k, in[2], out[2]));
    for (std::int64_t k = 0; k < kind.window.kernel[1]; ++k)
        columns.push_back(insideShare(kind.window, 1, k, in[3], out[3]));
    std::vector<double> taps;
    for (std::int64_t o = 0; o < weights[0]; ++o) {
        const std::int64_t first = o / (weights[0] / kind.groups) * weights[1];
        for (std::int64_t c = first; c < first + weights[1]; ++c) {
            const auto channel = static_cast<std::size_t>(c);
            const double pad =
                kind.padValues.empty() ? 0 : static_cast<double>(kind.padValues[channel]);
            for (const double row : rows)
                for (const double column : columns)
                    taps.push_back(means[channel] * row * column + pad * (1 - row * column));
        }
    }
    return taps;
}

// Real means as the integers have them: divided by the factors of the channels.
std::vector<double> divided(const Part &part, std::vector<double> means)
{
    const auto scales = part.inputChannelScales(0);
    for (std::size_t c = 0; c < scales.size() && c < means.size(); ++c)
        means[c] /= static_cast<double>(scales[c]);
    return means;
}

// Means of the operand's channels where they are known and lie along the axis the weights run over.
std::vector<double> meansOf(const Part &part, std::int64_t channels)
{
    const TensorInfo &input = part.input(0);
    if (static_cast<std::int64_t>(part.all.wantedMeans.size()) == channels)
        return divided(part, part.all.wantedMeans);
    const bool isByChannel = !part.layer.is<FullyConnected>() && !part.layer.is<MatMul>();
    if (input.id.index() >= part.all.channels.size() || isByChannel != (input.shape.rank() == 4))
        return {};
    const ChannelStatistics &statistics = part.all.channels[input.id.index()];
    if (static_cast<std::int64_t>(statistics.channels()) != channels)
        return {};
    std::vector<double> means;
    for (std::size_t c = 0; c < statistics.channels(); ++c)
        means.push_back(statistics.mean(c));
    return divided(part, std::move(means));
}

// Weights [O, C/groups, taps] that read stored values: multiplied by the factors of the channels.
std::vector<float> forStoredInputs(const Part &part, std::vector<float> weights, const Shape &shape,
                                   std::int64_t groups)
{
    const auto scales = part.inputChannelScales(0);
    if (scales.empty())
        return weights;
    const std::int64_t taps = shape.rank() == 4 ? shape[2] * shape[3] : 1;
    const std::int64_t outputsPerGroup = shape[0] / groups;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const std::int64_t row = static_cast<std::int64_t>(i) / taps;
        const std::int64_t group = row / shape[1] / outputsPerGroup;
        weights[i] *= scales[static_cast<std::size_t>(group * shape[1] + row % shape[1])];
    }
    return weights;
}

OutputStage stageOf(const Part &part, const QuantisedWeights &weights)
{
    part.weightScales = weights.scales;
    return makeStage(weights.accumulatorScales, part.layer.activation, part.outputQuantisation(),
                     weights.accumulatorBound, part.outputChannelScales());
}

Result<IntegerLayer> fullyConnected(const Part &part, std::vector<float> values, Shape shape,
                                    std::vector<float> bias)
{
    std::vector<IntegerOperand> operands = part.operands(1);
    WeightRows rows{forStoredInputs(part, std::move(values), shape, 1), shape[0], shape[1],
                    std::move(bias)};
    rows.inputMeans = meansOf(part, shape[1]);
    if (static_cast<std::int64_t>(part.all.storedMeans.size()) == shape[1])
        rows.storedMeans = divided(part, part.all.storedMeans);
    rows.moments = part.all.moments;
    rows.inputScale = scaleOf(operands[0]);
    rows.inputBound = boundOf(operands[0]);
    QuantisedWeights weights = quantiseWeights(rows);
    IntegerFullyConnected form{.weightShape = std::move(shape)};
    form.stage = stageOf(part, weights);
    form.weights = std::move(weights.values);
    form.bias = std::move(weights.bias);
    return part.made(std::move(operands), std::move(form));
}

} // namespace

Result<IntegerLayer> lower(const Part &part, const Convolution &kind)
{
    if (part.input(0).isConstant() || !part.input(1).isConstant() ||
        (part.hasInput(2) && !part.input(2).isConstant()))
        return part.unsupported("its weights are not constant");
    std::vector<IntegerOperand> operands = part.operands(1);
    const Shape &shape = part.input(1).shape;
    WeightRows rows{forStoredInputs(part, part.constant(1), shape, kind.groups), shape[0],
                    shape[1] * shape[2] * shape[3], part.constant(2)};
    if (const auto means = meansOf(part, part.input(0).shape[1]); !means.empty())
        rows.inputMeans = tapMeans(part, kind, shape, means);
    if (static_cast<std::int64_t>(part.all.storedMeans.size()) == part.input(0).shape[1])
        rows.storedMeans = tapMeans(part, kind, shape, divided(part, part.all.storedMeans));
    rows.moments = part.all.moments;
    rows.inputScale = scaleOf(operands[0]);
    rows.inputBound = boundOf(operands[0]);
    QuantisedWeights weights = quantiseWeights(rows);
    IntegerConvolution form{.window = kind.window, .groups = kind.groups, .weightShape = shape};
    form.stage = stageOf(part, weights);
    form.weights = std::move(weights.values);
    form.bias = std::move(weights.bias);
    const TensorQuantisation &in = operands[0].quantisation;
    for (const float value : kind.padValues) {
        const double exact =
            in.zeroPoint + static_cast<double>(value) / static_cast<double>(in.scale);
        form.padding.push_back(static_cast<std::int32_t>(
            std::clamp<std::int64_t>(roundHalfEven(exact), 0, in.maximum())));
    }
    return part.made(std::move(operands), std::move(form));
}

Result<IntegerLayer> lower(const Part &part, const TransposedConvolution &kind)
{
    if (part.input(0).isConstant() || !part.input(1).isConstant() ||
        (part.hasInput(2) && !part.input(2).isConstant()))
        return part.unsupported("its weights are not constant");
    std::vector<IntegerOperand> operands = part.operands(1);
    // Rows per output channel for quantisation: [C, O/g, k] seen as [O, C/g, k], and back.
    const Shape &shape = part.input(1).shape;
    const std::int64_t perGroup = shape[1];
    const std::int64_t inputs = shape[0] / kind.groups;
    const std::int64_t kernel = shape[2] * shape[3];
    const std::vector<float> stored = part.constant(1);
    const auto position = [&](std::int64_t o, std::int64_t c, std::int64_t k) {
        const std::int64_t group = o / perGroup;
        return static_cast<std::size_t>(((group * inputs + c) * perGroup + o % perGroup) * kernel +
                                        k);
    };
    WeightRows rows{{}, perGroup * kind.groups, inputs * kernel, part.constant(2)};
    for (std::int64_t o = 0; o < rows.rows; ++o)
        for (std::int64_t c = 0; c < inputs; ++c)
            for (std::int64_t k = 0; k < kernel; ++k)
                rows.values.push_back(stored[position(o, c, k)]);
    // Each weight reaches one output in stride² (borders aside).
    if (const auto means = meansOf(part, shape[0]); !means.empty()) {
        const double share =
            1.0 / static_cast<double>(kind.window.stride[0] * kind.window.stride[1]);
        for (std::int64_t o = 0; o < rows.rows; ++o)
            for (std::int64_t c = 0; c < inputs; ++c)
                rows.inputMeans.insert(rows.inputMeans.end(), static_cast<std::size_t>(kernel),
                                       means[static_cast<std::size_t>(o / perGroup * inputs + c)] *
                                           share);
    }
    rows.inputScale = scaleOf(operands[0]);
    rows.inputBound = boundOf(operands[0]);
    QuantisedWeights weights = quantiseWeights(rows);
    IntegerTransposedConvolution form{.window = kind.window,
                                      .outputPadding = kind.outputPadding,
                                      .groups = kind.groups,
                                      .weightShape = shape};
    form.stage = stageOf(part, weights);
    form.weights.resize(weights.values.size());
    for (std::int64_t o = 0, i = 0; o < rows.rows; ++o)
        for (std::int64_t c = 0; c < inputs; ++c)
            for (std::int64_t k = 0; k < kernel; ++k, ++i)
                form.weights[position(o, c, k)] = weights.values[static_cast<std::size_t>(i)];
    form.bias = std::move(weights.bias);
    return part.made(std::move(operands), std::move(form));
}

Result<IntegerLayer> lower(const Part &part, const FullyConnected &)
{
    if (part.input(0).isConstant() || !part.input(1).isConstant() ||
        (part.hasInput(2) && !part.input(2).isConstant()))
        return part.unsupported("its weights are not constant");
    return fullyConnected(part, part.constant(1), part.input(1).shape, part.constant(2));
}

Result<IntegerLayer> lower(const Part &part, const MatMul &)
{
    const TensorInfo &b = part.input(1);
    if (b.isConstant() && b.shape.rank() == 2) {
        const std::vector<float> values = part.constant(1);
        const std::int64_t inputs = b.shape[0];
        const std::int64_t outputs = b.shape[1];
        std::vector<float> transposed;
        for (std::int64_t o = 0; o < outputs; ++o)
            for (std::int64_t k = 0; k < inputs; ++k)
                transposed.push_back(values[static_cast<std::size_t>(k * outputs + o)]);
        return fullyConnected(part, std::move(transposed), {outputs, inputs}, {});
    }
    std::vector<IntegerOperand> operands = part.operands(2);
    const double bound = boundOf(operands[0]) * boundOf(operands[1]) *
                         static_cast<double>(part.input(0).shape.back());
    IntegerMatMul form{part.stage(scaleOf(operands[0]) * scaleOf(operands[1]), bound)};
    return part.made(std::move(operands), std::move(form));
}

Result<IntegerLayer> lower(const Part &part, const BatchNormalization &kind)
{
    const Shape &shape = part.input(0).shape;
    for (std::size_t slot = 1; slot < 5; ++slot)
        if (!part.hasInput(slot) || !part.input(slot).isConstant())
            return part.unsupported("its parameters are not constant");
    if (shape.rank() != 4)
        return part.unsupported("a normalisation that was not folded needs four dimensions");
    const auto scale = part.constant(1), shift = part.constant(2), mean = part.constant(3),
               variance = part.constant(4);
    std::vector<IntegerOperand> operands = part.operands(1);
    // A depthwise 1×1 convolution: one weight per channel has no rounding error.
    WeightRows rows{{}, shape[1], 1, {}};
    for (std::size_t c = 0; c < scale.size(); ++c) {
        const double factor =
            static_cast<double>(scale[c]) /
            std::sqrt(static_cast<double>(variance[c]) + static_cast<double>(kind.epsilon));
        rows.values.push_back(static_cast<float>(factor));
        rows.bias.push_back(static_cast<float>(static_cast<double>(shift[c]) -
                                               static_cast<double>(mean[c]) * factor));
    }
    rows.inputScale = scaleOf(operands[0]);
    rows.inputBound = boundOf(operands[0]);
    QuantisedWeights weights = quantiseWeights(rows);
    IntegerConvolution form{.groups = shape[1], .weightShape = {shape[1], 1, 1, 1}};
    form.stage = stageOf(part, weights);
    form.weights = std::move(weights.values);
    form.bias = std::move(weights.bias);
    return part.made(std::move(operands), std::move(form));
}

} // namespace hefstudio::lowering
