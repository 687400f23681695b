// Elements that change place but not value.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/integer_internal.h"

#include <algorithm>

namespace hefstudio::integer {

namespace {

constexpr std::int64_t outside = -1; // the element is the padding constant

std::vector<std::int64_t> sources(const Slice &slice, const Shape &in, const Shape &out)
{
    std::vector<std::int64_t> strides = in.strides();
    std::int64_t base = 0;
    for (std::size_t i = 0; i < in.rank(); ++i) {
        base += slice.begin[i] * strides[i];
        strides[i] *= slice.step[i];
    }
    return stridedOffsets(out, base, strides);
}

std::vector<std::int64_t> sources(const Reshape &, const Shape &, const Shape &out)
{
    std::vector<std::int64_t> order(static_cast<std::size_t>(out.elementCount()));
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = static_cast<std::int64_t>(i);
    return order;
}

std::vector<std::int64_t> sources(const Transpose &transpose, const Shape &in, const Shape &out)
{
    const std::vector<std::int64_t> own = in.strides();
    std::vector<std::int64_t> strides;
    for (const std::int64_t axis : transpose.permutation)
        strides.push_back(own[static_cast<std::size_t>(axis)]);
    return stridedOffsets(out, 0, strides);
}

// Both block moves are a 6-D transpose: out as [N, C', H', a, W', b] with its strides in the
// operand.
std::vector<std::int64_t> sources(const DepthToSpace &move, const Shape &in, const Shape &out)
{
    const std::int64_t b = move.block;
    const std::int64_t plane = in[2] * in[3];
    const std::int64_t depth = out[1];
    const Shape split{in[0], depth, in[2], b, in[3], b};
    const std::vector<std::int64_t> strides =
        move.depthMajor
            ? std::vector<std::int64_t>{in[1] * plane,     plane, in[3],
                                        b * depth * plane, 1,     depth * plane}
            : std::vector<std::int64_t>{in[1] * plane, b * b * plane, in[3], b * plane, 1, plane};
    return stridedOffsets(split, 0, strides);
}

std::vector<std::int64_t> sources(const SpaceToDepth &move, const Shape &in, const Shape &out)
{
    const std::int64_t b = move.block;
    const std::int64_t plane = in[2] * in[3];
    // out [N, b, b, C, H/b, W/b]
    const Shape split{in[0], b, b, in[1], out[2], out[3]};
    const std::vector<std::int64_t> strides{in[1] * plane, in[3], 1, plane, b * in[3], b};
    return stridedOffsets(split, 0, strides);
}

std::vector<std::int64_t> sources(const Broadcast &, const Shape &in, const Shape &out)
{
    return stridedOffsets(out, 0, broadcastStrides(in, out));
}

std::int64_t padSource(PadMode mode, std::int64_t position, std::int64_t size)
{
    if (position >= 0 && position < size)
        return position;
    if (mode == PadMode::constant || size == 0)
        return outside;
    if (mode == PadMode::edge)
        return std::clamp<std::int64_t>(position, 0, size - 1);
    if (size == 1)
        return 0;
    const std::int64_t period = 2 * (size - 1);
    const std::int64_t folded = ((position % period) + period) % period;
    return folded < size ? folded : period - folded;
}

std::vector<std::int64_t> sources(const IntegerPad &pad, const Shape &in, const Shape &out)
{
    // Axis by axis: each output element's offset is the sum of one offset per axis.
    const std::vector<std::int64_t> strides = in.strides();
    std::vector<std::int64_t> offsets(static_cast<std::size_t>(out.elementCount()), 0);
    for (std::size_t axis = 0; axis < out.rank(); ++axis) {
        const AxisView view = viewAlong(out, axis);
        for (std::size_t i = 0; i < offsets.size(); ++i) {
            const std::int64_t position =
                static_cast<std::int64_t>(i) / view.inner % view.size - pad.begin[axis];
            const std::int64_t source = padSource(pad.mode, position, in[axis]);
            if (source == outside || offsets[i] == outside)
                offsets[i] = outside;
            else
                offsets[i] += source * strides[axis];
        }
    }
    return offsets;
}

std::vector<std::int64_t> sources(const IntegerGather &gather, const Shape &in, const Shape &out)
{
    const AxisView view = viewAlong(in, static_cast<std::size_t>(gather.axis));
    std::vector<std::int64_t> offsets;
    offsets.reserve(static_cast<std::size_t>(out.elementCount()));
    for (std::int64_t outer = 0; outer < view.outer; ++outer)
        for (const std::int64_t index : gather.indices)
            for (std::int64_t inner = 0; inner < view.inner; ++inner)
                offsets.push_back((outer * view.size + index) * view.inner + inner);
    return offsets;
}

} // namespace

Tensor runMove(const IntegerMove &form, const Run &run)
{
    const std::vector<std::int32_t> values = run.centred(0);
    const std::vector<std::int64_t> from = std::visit(
        [&](const auto &operation) {
            return sources(operation, run.inputs[0]->shape(), run.outputShape);
        },
        form.operation);
    const auto *pad = std::get_if<IntegerPad>(&form.operation);
    const std::int32_t fill = pad ? pad->value - run.quantisation(0).zeroPoint : 0;
    Output output(run.layer, run.outputShape);
    for (std::size_t i = 0; i < from.size(); ++i) {
        const std::int32_t value =
            from[i] == outside ? fill : values[static_cast<std::size_t>(from[i])];
        output.put(static_cast<std::int64_t>(i), form.stage.finish(value));
    }
    return std::move(output).take();
}

} // namespace hefstudio::integer
