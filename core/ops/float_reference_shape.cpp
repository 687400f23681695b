// Layers that only move elements. They work on bytes, so that shape arithmetic in int64 can be
// folded through them too.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/float_reference_parts.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace hefstudio::reference {

namespace {

constexpr std::int64_t outside = -1;

// Every such layer is separable: the source of output element (i, j, …) lies at the sum of one
// offset per axis. An `outside` entry on any axis leaves the fill value.
using AxisOffsets = std::vector<std::vector<std::int64_t>>;

Tensor moveElements(const Tensor &x, ElementType type, const Shape &shape,
                    const AxisOffsets &offsets, std::span<const std::byte> fill = {})
{
    Tensor result(type, shape);
    const std::size_t width = elementBytes(type);
    const std::int64_t available = x.elementCount();
    std::byte *out = result.bytes().data();
    const std::byte *source = x.bytes().data();
    std::vector<std::size_t> position(offsets.size(), 0);
    const std::int64_t count = shape.elementCount();
    for (std::int64_t element = 0; element < count; ++element) {
        std::int64_t from = 0;
        bool isInside = true;
        for (std::size_t axis = 0; axis < offsets.size(); ++axis) {
            const std::int64_t offset = offsets[axis][position[axis]];
            isInside = isInside && offset != outside;
            from += offset;
        }
        if (isInside && from < available)
            std::memcpy(out, source + static_cast<std::size_t>(from) * width, width);
        else if (!fill.empty())
            std::memcpy(out, fill.data(), width);
        out += width;
        for (std::size_t axis = offsets.size(); axis-- > 0;) {
            if (++position[axis] < offsets[axis].size())
                break;
            position[axis] = 0;
        }
    }
    return result;
}

// One axis of the source walked from `begin` by `step`; what falls off its ends is outside.
std::vector<std::int64_t> walk(std::int64_t begin, std::int64_t count, std::int64_t step,
                               std::int64_t dimension, std::int64_t stride)
{
    std::vector<std::int64_t> offsets;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t index = begin + i * step;
        offsets.push_back(index >= 0 && index < dimension ? index * stride : outside);
    }
    return offsets;
}

// Transpose of x seen under another shape of the same element count.
Tensor permuted(const Tensor &x, const Shape &seenAs, std::span<const std::int64_t> permutation,
                const Shape &shape)
{
    const std::vector<std::int64_t> strides = seenAs.strides();
    AxisOffsets offsets;
    for (const std::int64_t axis : permutation) {
        const auto a = static_cast<std::size_t>(axis);
        offsets.push_back(walk(0, seenAs[a], 1, seenAs[a], strides[a]));
    }
    return moveElements(x, x.type(), shape, offsets);
}

} // namespace

Tensor run(const Concat &attributes, Operands operands, const Shape &shape)
{
    Tensor result(operands[0]->type(), shape);
    const auto axis = static_cast<std::size_t>(attributes.axis);
    std::int64_t outer = 1;
    for (std::size_t i = 0; i < axis; ++i)
        outer *= shape[i];
    std::byte *out = result.bytes().data();
    for (std::int64_t block = 0; block < outer; ++block) {
        for (const Tensor *operand : operands) {
            if (!operand || operand->byteCount() == 0)
                continue;
            const std::size_t length = operand->byteCount() / static_cast<std::size_t>(outer);
            std::memcpy(out, operand->bytes().data() + static_cast<std::size_t>(block) * length,
                        length);
            out += length;
        }
    }
    return result;
}

Tensor run(const Slice &attributes, Operands operands, const Shape &shape)
{
    const Tensor &x = *operands[0];
    const std::vector<std::int64_t> strides = x.shape().strides();
    AxisOffsets offsets;
    for (std::size_t axis = 0; axis < shape.rank(); ++axis)
        offsets.push_back(walk(attributes.begin[axis], shape[axis], attributes.step[axis],
                               x.shape()[axis], strides[axis]));
    return moveElements(x, x.type(), shape, offsets);
}

Tensor run(const Reshape &, Operands operands, const Shape &shape)
{
    Tensor copy = *operands[0];
    return std::move(copy).reshaped(shape);
}

Tensor run(const Transpose &attributes, Operands operands, const Shape &shape)
{
    return permuted(*operands[0], operands[0]->shape(), attributes.permutation, shape);
}

Tensor run(const Pad &attributes, Operands operands, const Shape &shape)
{
    const Tensor &x = *operands[0];
    const std::vector<std::int64_t> strides = x.shape().strides();
    AxisOffsets offsets;
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
        // Negative amounts crop first; what is left is then padded by its own content.
        const std::int64_t crop = std::max<std::int64_t>(0, -attributes.begin[axis]);
        const std::int64_t cropEnd = std::max<std::int64_t>(0, -attributes.end[axis]);
        const std::int64_t left = x.shape()[axis] - crop - cropEnd;
        const std::int64_t begin = std::max<std::int64_t>(0, attributes.begin[axis]);
        std::vector<std::int64_t> axisOffsets;
        for (std::int64_t i = 0; i < shape[axis]; ++i) {
            std::int64_t index = i - begin;
            if (index < 0 || index >= left) {
                if (attributes.mode == PadMode::constant || left <= 0) {
                    axisOffsets.push_back(outside);
                    continue;
                }
                if (attributes.mode == PadMode::edge || left == 1) {
                    index = std::clamp<std::int64_t>(index, 0, left - 1);
                } else { // mirrored without repeating the border
                    const std::int64_t period = 2 * (left - 1);
                    index = ((index % period) + period) % period;
                    index = std::min(index, period - index);
                }
            }
            axisOffsets.push_back((crop + index) * strides[axis]);
        }
        offsets.push_back(std::move(axisOffsets));
    }
    const Tensor fill = fromDoubles(x.type(), Shape{}, std::array{double(attributes.value)});
    return moveElements(x, x.type(), shape, offsets,
                        fill.type() == x.type() ? fill.bytes() : std::span<const std::byte>{});
}

Tensor run(const DepthToSpace &attributes, Operands operands, const Shape &shape)
{
    const Tensor &x = *operands[0];
    const std::int64_t b = attributes.block;
    const std::int64_t c = shape[1], h = x.shape()[2], w = x.shape()[3];
    if (attributes.depthMajor)
        return permuted(x, {shape[0], b, b, c, h, w}, std::array<std::int64_t, 6>{0, 3, 4, 1, 5, 2},
                        shape);
    return permuted(x, {shape[0], c, b, b, h, w}, std::array<std::int64_t, 6>{0, 1, 4, 2, 5, 3},
                    shape);
}

Tensor run(const SpaceToDepth &attributes, Operands operands, const Shape &shape)
{
    const Tensor &x = *operands[0];
    const std::int64_t b = attributes.block;
    return permuted(x, {shape[0], x.shape()[1], shape[2], b, shape[3], b},
                    std::array<std::int64_t, 6>{0, 3, 5, 1, 2, 4}, shape);
}

Tensor run(const Gather &attributes, Operands operands, const Shape &shape)
{
    const Tensor &x = *operands[0];
    const std::vector<std::int64_t> indices = operands[1]->toInt64();
    const auto axis = static_cast<std::size_t>(attributes.axis);
    std::int64_t outer = 1, inner = 1;
    for (std::size_t i = 0; i < axis; ++i)
        outer *= x.shape()[i];
    for (std::size_t i = axis + 1; i < x.shape().rank(); ++i)
        inner *= x.shape()[i];
    const std::int64_t dimension = x.shape()[axis];
    std::vector<std::int64_t> taken;
    for (std::int64_t index : indices) {
        if (index < 0)
            index += dimension;
        taken.push_back(index >= 0 && index < dimension ? index * inner : outside);
    }
    const AxisOffsets offsets{walk(0, outer, 1, outer, dimension * inner), taken,
                              walk(0, inner, 1, inner, 1)};
    return moveElements(x, x.type(), shape, offsets);
}

Tensor run(const Broadcast &, Operands operands, const Shape &shape)
{
    const Tensor &x = *operands[0];
    const std::vector<std::int64_t> strides = x.shape().strides();
    const std::size_t added = shape.rank() - x.shape().rank();
    AxisOffsets offsets;
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
        const bool repeats = axis < added || x.shape()[axis - added] == 1;
        std::vector<std::int64_t> axisOffsets(static_cast<std::size_t>(shape[axis]), 0);
        if (!repeats)
            axisOffsets = walk(0, shape[axis], 1, shape[axis], strides[axis - added]);
        offsets.push_back(std::move(axisOffsets));
    }
    return moveElements(x, x.type(), shape, offsets);
}

} // namespace hefstudio::reference
