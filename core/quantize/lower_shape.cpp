// Pools, reductions, resampling and the layers that only move elements.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/float_reference.h"
#include "quantize/lower_parts.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace hefstudio::lowering {

namespace {

constexpr int resizeBits = 11;
constexpr std::int64_t mostWindowElements = 1 << 16;

// The taps of one axis, read off the float layer itself: resampling the rows of an identity matrix
// gives its weights, so there is one definition of every coordinate rule.
std::optional<IntegerResize::Axis> tapsOf(const Resize &resize, std::size_t axis, std::int64_t in,
                                          std::int64_t out)
{
    Resize alone = resize;
    alone.scale = {resize.scale[axis], 1};
    alone.size = {out, 1};
    Tensor identity(ElementType::float32, {1, in, in, 1});
    for (std::int64_t i = 0; i < in; ++i)
        identity.as<float>()[static_cast<std::size_t>(i * in + i)] = 1;
    const Tensor *operand = &identity;
    const Tensor weights = runFloatReference(alone, {}, {&operand, 1}, {1, in, out, 1});
    const auto values = weights.as<float>();
    IntegerResize::Axis taps;
    taps.taps = resize.mode == ResizeMode::nearest ? 1 : resize.mode == ResizeMode::linear ? 2 : 4;
    taps.fractionBits = resize.mode == ResizeMode::nearest ? 0 : resizeBits;
    const std::int32_t unit = 1 << taps.fractionBits;
    for (std::int64_t o = 0; o < out; ++o) {
        std::vector<std::int32_t> index, weight;
        std::int32_t sum = 0;
        for (std::int64_t i = 0; i < in; ++i) {
            const auto real = static_cast<double>(values[static_cast<std::size_t>(i * out + o)]);
            if (real == 0)
                continue;
            index.push_back(static_cast<std::int32_t>(i));
            weight.push_back(static_cast<std::int32_t>(roundHalfEven(real * unit)));
            sum += weight.back();
        }
        if (index.empty() || index.size() > static_cast<std::size_t>(taps.taps))
            return std::nullopt;
        // The rounding of the weights must not change a flat picture.
        *std::ranges::max_element(weight) += unit - sum;
        index.resize(static_cast<std::size_t>(taps.taps), index.back());
        weight.resize(static_cast<std::size_t>(taps.taps), 0);
        taps.index.insert(taps.index.end(), index.begin(), index.end());
        taps.weight.insert(taps.weight.end(), weight.begin(), weight.end());
    }
    return taps;
}

} // namespace

Result<IntegerLayer> lower(const Part &part, const MaxPool &kind)
{
    std::vector<IntegerOperand> operands = part.operands(1);
    IntegerMaxPool form{kind.window, part.stage(scaleOf(operands[0]), boundOf(operands[0]))};
    return part.made(std::move(operands), std::move(form));
}

Result<IntegerLayer> lower(const Part &part, const AveragePool &kind)
{
    const std::int64_t area = kind.window.kernel[0] * kind.window.kernel[1];
    if (area > mostWindowElements)
        return part.unsupported("its window has more than 65536 elements");
    std::vector<IntegerOperand> operands = part.operands(1);
    std::vector<double> scales;
    if (kind.countIncludesPadding)
        scales.push_back(scaleOf(operands[0]) / static_cast<double>(area));
    else
        for (std::int64_t count = 1; count <= area; ++count)
            scales.push_back(scaleOf(operands[0]) / static_cast<double>(count));
    IntegerAveragePool form{
        kind.window, kind.countIncludesPadding,
        makeStage(scales, part.layer.activation, part.outputQuantisation(), boundOf(operands[0]))};
    return part.made(std::move(operands), std::move(form));
}

Result<IntegerLayer> lower(const Part &part, const Reduce &kind)
{
    if (kind.reduction == Reduction::product)
        return part.unsupported("a product over an axis has no integer form");
    std::vector<IntegerOperand> operands = part.operands(1);
    double count = 1;
    for (const std::int64_t axis : kind.axes)
        count *= static_cast<double>(part.input(0).shape[static_cast<std::size_t>(axis)]);
    double scale = scaleOf(operands[0]);
    if (kind.reduction == Reduction::mean)
        scale /= count;
    else if (kind.reduction == Reduction::l2)
        scale = std::ldexp(scale, -IntegerReduce::rootBits);
    IntegerReduce form{kind.reduction, kind.axes, kind.keepDimensions,
                       part.stage(scale, boundOf(operands[0]) * count)};
    return part.made(std::move(operands), std::move(form));
}

Result<IntegerLayer> lower(const Part &part, const Resize &kind)
{
    const Shape &in = part.input(0).shape;
    const Shape &out = part.output().shape;
    const auto rows = tapsOf(kind, 0, in[2], out[2]);
    const auto columns = tapsOf(kind, 1, in[3], out[3]);
    if (!rows || !columns)
        return part.unsupported("a position blends more elements than its mode should");
    std::vector<IntegerOperand> operands = part.operands(1);
    const double scale =
        std::ldexp(scaleOf(operands[0]), -(rows->fractionBits + columns->fractionBits));
    IntegerResize form{*rows, *columns, part.stage(scale, boundOf(operands[0]))};
    return part.made(std::move(operands), std::move(form));
}

Result<IntegerLayer> lowerMove(const Part &part, IntegerMove::Operation operation)
{
    std::vector<IntegerOperand> operands = part.operands(1);
    IntegerMove form{std::move(operation), part.stage(scaleOf(operands[0]), boundOf(operands[0]))};
    return part.made(std::move(operands), std::move(form));
}

Result<IntegerLayer> lower(const Part &part, const Pad &kind)
{
    const TensorQuantisation &in = part.all.tensors[part.input(0).id.index()];
    const double exact =
        in.zeroPoint + static_cast<double>(kind.value) / static_cast<double>(in.scale);
    const std::int64_t value = std::clamp<std::int64_t>(roundHalfEven(exact), 0, in.maximum());
    return lowerMove(part,
                     IntegerPad{kind.mode, kind.begin, kind.end, static_cast<std::int32_t>(value)});
}

Result<IntegerLayer> lower(const Part &part, const Gather &kind)
{
    if (part.input(0).isConstant() || !part.input(1).isConstant())
        return part.unsupported("its indices are not constant");
    return lowerMove(
        part, IntegerGather{kind.axis, part.input(1).shape, part.input(1).constant->toInt64()});
}

} // namespace hefstudio::lowering
