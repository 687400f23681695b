// Operators that move elements: slices, joins, reshapes, permutations, padding, repetition.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include "base/checked.h"

#include <algorithm>
#include <numeric>
#include <ranges>

namespace hefstudio::onnx_import {

namespace {

// A result without elements exists for constants only (the empty half of a split shape, say).
bool outputEmpty(NodeImport &node, std::size_t slot, const Value &x, Dims dims)
{
    if (!x.isConstant() || std::ranges::find(dims, 0) == dims.end())
        return false;
    node.outputConstant(slot, Tensor(x.constant->type(), Shape(std::move(dims))));
    return true;
}

void concat(NodeImport &node)
{
    std::vector<Value> operands;
    for (std::size_t slot = 0; slot < node.inputCount(); ++slot)
        if (node.hasInput(slot))
            operands.push_back(node.input(slot));
    if (operands.empty())
        node.input(0); // refuses: missing
    if (!node.hasAttribute("axis"))
        node.refuseConstant("the axis is missing");
    const Value first = operands.front();
    const std::int64_t axis = node.axis(node.intAttribute("axis", 0), first.shape.rank());
    std::erase_if(operands, [](const Value &operand) {
        return operand.isConstant() && operand.shape.elementCount() == 0;
    });
    if (operands.empty() || (operands.size() == 1 && operands.front().shape.rank() == 0))
        return node.alias(0, first);
    if (operands.size() == 1)
        return node.alias(0, operands.front());
    node.output(0, Concat{axis}, std::move(operands));
}

Slice wholeOf(const Shape &shape)
{
    return {Dims(shape.rank(), 0), shape.dims(), Dims(shape.rank(), 1)};
}

void split(NodeImport &node)
{
    const Value &x = node.input(0);
    const auto axis =
        static_cast<std::size_t>(node.axis(node.intAttribute("axis", 0), x.shape.rank()));
    const std::int64_t size = x.shape[axis];
    const std::size_t count = node.outputCount();
    Dims sizes;
    if (const auto stated = node.intsFrom("split", 1)) {
        sizes = *stated;
    } else {
        // Equal parts; the last takes what is left (num_outputs, operator set 18).
        const auto parts = static_cast<std::int64_t>(count);
        const std::int64_t part = (size + parts - 1) / parts;
        for (std::int64_t i = 0; i < parts; ++i)
            sizes.push_back(std::clamp<std::int64_t>(size - i * part, 0, part));
    }
    std::optional<std::int64_t> sum = 0;
    for (const std::int64_t one : sizes)
        sum = sum && one >= 0 ? checkedAdd(*sum, one) : std::nullopt;
    if (sizes.size() != count || sum != size)
        node.refuseConstant("the parts do not add up to the " + std::to_string(size) +
                            " along the axis");
    std::int64_t begin = 0;
    for (std::size_t slot = 0; slot < count; ++slot) {
        Slice slice = wholeOf(x.shape);
        slice.begin[axis] = begin;
        slice.size[axis] = sizes[slot];
        begin += sizes[slot];
        if (!node.isOutputNeeded(slot) || outputEmpty(node, slot, x, slice.size))
            continue;
        if (sizes[slot] == size)
            node.alias(slot, x);
        else
            node.output(slot, std::move(slice), {x});
    }
}

void slice(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    const bool isAttribute = node.opset() < 10;
    const auto read = [&](const char *name, std::size_t slot) -> std::optional<Dims> {
        if (isAttribute)
            return node.intsAttribute(name);
        return node.hasInput(slot) ? std::optional(node.constantInts(slot, name)) : std::nullopt;
    };
    const auto starts = read("starts", 1);
    const auto ends = read("ends", 2);
    if (!starts || !ends)
        node.refuseConstant("starts or ends are missing");
    Dims axes(starts->size());
    std::iota(axes.begin(), axes.end(), 0);
    if (const auto stated = read("axes", 3))
        axes = *stated;
    const Dims steps =
        (isAttribute ? std::nullopt : read("steps", 4)).value_or(Dims(starts->size(), 1));
    if (ends->size() != starts->size() || axes.size() != starts->size() ||
        steps.size() != starts->size())
        node.refuseConstant("starts, ends, axes and steps have different lengths");

    Slice attributes = wholeOf(x.shape);
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const auto axis = static_cast<std::size_t>(node.axis(axes[i], rank));
        const std::int64_t size = x.shape[axis];
        const std::int64_t step = steps[i];
        if (step == 0 || step == INT64_MIN)
            node.refuseConstant("a step is 0");
        const auto fromEnd = [&](std::int64_t at) { return at < 0 ? at + size : at; };
        const std::int64_t least = step > 0 ? 0 : -1;
        const std::int64_t most = step > 0 ? size : size - 1;
        const std::int64_t begin =
            std::clamp<std::int64_t>(fromEnd((*starts)[i]), 0, std::max<std::int64_t>(0, most));
        const std::int64_t end = std::clamp(fromEnd((*ends)[i]), least, std::max(least, most));
        const std::int64_t span = step > 0 ? end - begin : begin - end;
        const std::int64_t stride = step > 0 ? step : -step;
        attributes.begin[axis] = begin;
        attributes.size[axis] = span <= 0 ? 0 : (span - 1) / stride + 1;
        attributes.step[axis] = step;
    }
    for (std::size_t axis = 0; axis < rank; ++axis)
        if (attributes.size[axis] == 1)
            attributes.step[axis] = 1;
    if (attributes == wholeOf(x.shape))
        return node.alias(0, x);
    if (outputEmpty(node, 0, x, attributes.size))
        return;
    node.output(0, std::move(attributes), {x});
}

void toShape(NodeImport &node, Dims dims)
{
    const Value &x = node.input(0);
    if (x.shape.dims() == dims)
        return node.alias(0, x);
    if (x.shape.elementCount() == 0 && outputEmpty(node, 0, x, dims))
        return;
    node.output(0, Reshape{dims}, {x});
}

void reshape(NodeImport &node)
{
    const Shape &shape = node.shape(0);
    Dims dims = node.constantInts(1, "shape");
    const bool keepsZero = node.intAttribute("allowzero", 0) != 0;
    // A batch that the user replaced by 1 is still written into shapes.
    if (node.replacedBatch() > 1 && !dims.empty() && dims[0] == node.replacedBatch() &&
        shape.rank() > 0 && shape[0] == 1)
        dims[0] = 1;
    std::optional<std::size_t> open;
    std::optional<std::int64_t> product = 1;
    for (std::size_t i = 0; i < dims.size(); ++i) {
        if (dims[i] == 0 && !keepsZero) {
            if (i >= shape.rank())
                node.refuseConstant("a 0 stands where the input has no dimension");
            dims[i] = shape[i];
        }
        if (dims[i] == -1 && !open)
            open = i;
        else if (dims[i] < 0)
            node.refuseConstant("the shape " + Shape(dims).text() + " makes no sense");
        else
            product = product ? checkedMul(*product, dims[i]) : product;
    }
    if (open) {
        const std::int64_t count = shape.elementCount();
        if (!product || *product == 0 || count % *product != 0)
            node.refuseConstant("the open dimension of " + Shape(dims).text() +
                                " cannot be found from " + std::to_string(count) + " elements");
        dims[*open] = count / *product;
    }
    toShape(node, std::move(dims));
}

void flatten(NodeImport &node)
{
    const Shape &shape = node.shape(0);
    const auto axis = static_cast<std::size_t>(
        node.axis(node.intAttribute("axis", 1), shape.rank(), NodeImport::AxisRange::insideOrEnd));
    Dims dims{1, 1};
    for (std::size_t i = 0; i < shape.rank(); ++i)
        dims[i < axis ? 0 : 1] *= shape[i];
    toShape(node, std::move(dims));
}

void squeeze(NodeImport &node)
{
    const Shape &shape = node.shape(0);
    const auto stated = node.intsFrom("axes", 1);
    std::vector<bool> leaves(shape.rank(), false);
    for (std::size_t i = 0; i < shape.rank() && !stated; ++i)
        leaves[i] = shape[i] == 1;
    for (const std::int64_t axis : node.axes(stated.value_or(Dims{}), shape.rank())) {
        if (shape[static_cast<std::size_t>(axis)] != 1)
            node.refuseConstant("dimension " + std::to_string(axis) + " is not 1");
        leaves[static_cast<std::size_t>(axis)] = true;
    }
    Dims dims;
    for (std::size_t i = 0; i < shape.rank(); ++i)
        if (!leaves[i])
            dims.push_back(shape[i]);
    toShape(node, std::move(dims));
}

void unsqueeze(NodeImport &node)
{
    const Shape &shape = node.shape(0);
    const auto stated = node.intsFrom("axes", 1);
    if (!stated)
        node.refuseConstant("the axes are missing");
    const std::size_t rank = shape.rank() + stated->size();
    const Dims axes = node.axes(*stated, rank);
    if (axes.size() != stated->size())
        node.refuseConstant("an axis is named twice");
    Dims dims = shape.dims();
    for (const std::int64_t axis : axes) // ascending, so that each is final when inserted
        dims.insert(dims.begin() + axis, 1);
    toShape(node, std::move(dims));
}

void transpose(NodeImport &node)
{
    const Value &x = node.input(0);
    Dims reversed(x.shape.rank());
    std::iota(reversed.rbegin(), reversed.rend(), 0);
    Dims permutation = node.intsAttribute("perm").value_or(reversed);
    if (std::ranges::is_sorted(permutation) && permutation.size() == reversed.size() &&
        std::ranges::equal(permutation, std::views::reverse(reversed)))
        return node.alias(0, x);
    node.output(0, Transpose{std::move(permutation)}, {x});
}

void gather(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::int64_t axis = node.axis(node.intAttribute("axis", 0), x.shape.rank());
    if (!node.input(1).isConstant())
        return node.output(0, Gather{axis}, {x, node.input(1)});
    const std::int64_t size = x.shape[static_cast<std::size_t>(axis)];
    Dims indices = node.constantInts(1, "indices");
    for (std::int64_t &index : indices) {
        if (index < -size || index >= size)
            node.refuseConstant("index " + std::to_string(index) + " is outside " +
                                std::to_string(size) + " elements");
        index += index < 0 ? size : 0;
    }
    const Shape &places = node.shape(1);
    Dims dims(x.shape.begin(), x.shape.begin() + axis);
    dims.insert(dims.end(), places.begin(), places.end());
    dims.insert(dims.end(), x.shape.begin() + axis + 1, x.shape.end());
    if (outputEmpty(node, 0, x, dims))
        return;
    const Value list = node.made(
        Tensor::of<std::int64_t>(places, std::span<const std::int64_t>(indices)), "indices");
    node.output(0, Gather{axis}, {x, list});
}

void expand(NodeImport &node)
{
    const Value &x = node.input(0);
    const Dims stated = node.constantInts(1, "shape");
    const std::size_t rank = std::max(stated.size(), x.shape.rank());
    Dims dims(rank, 1);
    for (std::size_t i = 0; i < rank; ++i) {
        // From the last dimension; the input's 1 grows, the shape's 1 leaves as it is.
        const std::size_t at = rank - 1 - i;
        const std::int64_t own = i < x.shape.rank() ? x.shape[x.shape.rank() - 1 - i] : 1;
        const std::int64_t wanted = i < stated.size() ? stated[stated.size() - 1 - i] : 1;
        dims[at] = own == 1 ? wanted : own;
    }
    if (dims == x.shape.dims())
        return node.alias(0, x);
    if (outputEmpty(node, 0, x, dims))
        return;
    node.output(0, Broadcast{std::move(dims)}, {x});
}

void tile(NodeImport &node)
{
    Value x = node.input(0);
    const Dims repeats = node.constantInts(1, "repeats");
    if (repeats.size() != x.shape.rank())
        node.refuseConstant("there is not one repeat per dimension");
    Dims target = x.shape.dims();
    bool isBroadcast = true;
    std::vector<std::size_t> repeated;
    for (std::size_t i = 0; i < repeats.size(); ++i) {
        if (repeats[i] < 0)
            node.refuseConstant("a repeat is negative");
        if (repeats[i] == 1)
            continue;
        repeated.push_back(i);
        isBroadcast = isBroadcast && target[i] == 1;
        const auto grown = checkedMul(target[i], repeats[i]);
        if (!grown)
            node.refuseConstant("a repeat is too large");
        target[i] = *grown;
    }
    if (repeated.empty())
        return node.alias(0, x);
    if (outputEmpty(node, 0, x, target))
        return;
    if (isBroadcast)
        return node.output(0, Broadcast{std::move(target)}, {x});
    for (const std::size_t axis : repeated) {
        constexpr std::int64_t most = 1024;
        if (repeats[axis] > most || repeats[axis] == 0)
            node.refuseForm("more than " + std::to_string(most) + " repeats");
        std::vector<Value> copies(static_cast<std::size_t>(repeats[axis]), x);
        const Concat join{static_cast<std::int64_t>(axis)};
        if (axis == repeated.back())
            return node.output(0, join, std::move(copies));
        x = node.emit(join, std::move(copies));
    }
}

// Padding with the other end of the axis: a gather along each.
void padWrapped(NodeImport &node, const Pad &attributes)
{
    Value x = node.input(0);
    const std::size_t rank = x.shape.rank();
    for (std::size_t axis = 0; axis < rank; ++axis) {
        const std::int64_t size = x.shape[axis];
        const std::int64_t begin = attributes.begin[axis], end = attributes.end[axis];
        if (begin == 0 && end == 0)
            continue;
        const std::int64_t count = size + begin + end;
        if (size < 1 || count < 1 || begin > (1 << 20) || end > (1 << 20))
            node.refuseConstant("a pad is " + std::to_string(begin) + " or " +
                                std::to_string(end));
        node.spend(count);
        std::vector<std::int64_t> places;
        for (std::int64_t i = 0; i < count; ++i)
            places.push_back(((i - begin) % size + size) % size);
        const Value list = node.made(
            Tensor::of<std::int64_t>(Shape{count}, std::span<const std::int64_t>(places)),
            "wrapped");
        x = node.emit(Gather{static_cast<std::int64_t>(axis)}, {x, list});
    }
    node.output(0, Elementwise{}, {x});
}

void pad(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    const std::string modeName = node.stringAttribute("mode", "constant");
    Pad attributes;
    if (modeName == "reflect")
        attributes.mode = PadMode::reflect;
    else if (modeName == "edge")
        attributes.mode = PadMode::edge;
    else if (modeName != "constant" && modeName != "wrap")
        node.refuseForm("mode " + modeName);
    Dims pads;
    if (node.opset() < 11) {
        pads = node.intsAttribute("pads").value_or(Dims{});
        attributes.value = node.floatAttribute("value", 0);
    } else {
        pads = node.constantInts(1, "pads");
        if (node.hasInput(2) && node.input(2).shape.elementCount() > 0)
            attributes.value = node.constantFloat(2, "value");
    }
    Dims axes(rank);
    std::iota(axes.begin(), axes.end(), 0);
    if (node.hasInput(3)) {
        axes.clear();
        for (const std::int64_t axis : node.constantInts(3, "axes"))
            axes.push_back(node.axis(axis, rank));
    }
    if (pads.size() != 2 * axes.size())
        node.refuseConstant("there are " + std::to_string(pads.size()) + " pads");
    attributes.begin.assign(rank, 0);
    attributes.end.assign(rank, 0);
    for (std::size_t i = 0; i < axes.size(); ++i) {
        attributes.begin[static_cast<std::size_t>(axes[i])] = pads[i];
        attributes.end[static_cast<std::size_t>(axes[i])] = pads[axes.size() + i];
    }
    if (std::ranges::all_of(pads, [](std::int64_t one) { return one == 0; }))
        return node.alias(0, x);
    if (modeName == "wrap")
        return padWrapped(node, attributes);
    node.output(0, std::move(attributes), {x});
}

constexpr ImporterRow rows[] = {
    {"Concat", concat},   {"Split", split},     {"Slice", slice},         {"Reshape", reshape},
    {"Flatten", flatten}, {"Squeeze", squeeze}, {"Unsqueeze", unsqueeze}, {"Transpose", transpose},
    {"Gather", gather},   {"Expand", expand},   {"Tile", tile},           {"Pad", pad},
};

} // namespace

std::span<const ImporterRow> shapeImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
