// Operators that trade resolution: Resize and its predecessor Upsample, DepthToSpace, SpaceToDepth.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace hefstudio::onnx_import {

namespace {

ResizeMode modeOf(const NodeImport &node)
{
    const std::string mode = node.stringAttribute("mode", "nearest");
    if (mode == "nearest")
        return ResizeMode::nearest;
    if (mode == "linear" || mode == "bilinear")
        return ResizeMode::linear;
    if (mode == "cubic")
        return ResizeMode::cubic;
    node.refuseForm("mode " + mode);
}

NearestRounding roundingOf(const NodeImport &node)
{
    const std::string rounding = node.stringAttribute("nearest_mode", "round_prefer_floor");
    if (rounding == "round_prefer_floor")
        return NearestRounding::roundPreferFloor;
    if (rounding == "round_prefer_ceil")
        return NearestRounding::roundPreferCeil;
    if (rounding == "floor")
        return NearestRounding::floor;
    if (rounding == "ceil")
        return NearestRounding::ceil;
    node.refuseForm("nearest_mode " + rounding);
}

// For each dimension of the input the scale the model states and the size it leads to.
struct Target {
    std::vector<float> scale;
    Dims size;
};

Target fromScales(const NodeImport &node, const Shape &shape, const Dims &axes,
                  const std::vector<float> &scales)
{
    if (scales.size() != axes.size())
        node.refuseConstant("there are " + std::to_string(scales.size()) + " scales");
    Target target{std::vector<float>(shape.rank(), 1.0F), shape.dims()};
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const auto axis = static_cast<std::size_t>(axes[i]);
        const float size = std::floor(static_cast<float>(shape[axis]) * scales[i]);
        if (!(scales[i] > 0) || !(size >= 1) || size > 1e9F)
            node.refuseConstant("a scale is " + std::to_string(scales[i]));
        target.scale[axis] = scales[i];
        target.size[axis] = static_cast<std::int64_t>(size);
    }
    return target;
}

Target fromSizes(const NodeImport &node, const Shape &shape, const Dims &axes, const Dims &sizes)
{
    if (sizes.size() != axes.size())
        node.refuseConstant("there are " + std::to_string(sizes.size()) + " sizes");
    Target target{std::vector<float>(shape.rank(), 1.0F), shape.dims()};
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const auto axis = static_cast<std::size_t>(axes[i]);
        if (sizes[i] < 1 || sizes[i] > 1000000000)
            node.refuseConstant("a size is " + std::to_string(sizes[i]));
        target.size[axis] = sizes[i];
        target.scale[axis] = static_cast<float>(sizes[i]) / static_cast<float>(shape[axis]);
    }
    const std::string policy = node.stringAttribute("keep_aspect_ratio_policy", "stretch");
    if (policy == "stretch" || axes.empty())
        return target;
    if (policy != "not_larger" && policy != "not_smaller")
        node.refuseForm("keep_aspect_ratio_policy " + policy);
    float common = target.scale[static_cast<std::size_t>(axes[0])];
    for (const std::int64_t axis : axes) {
        const float scale = target.scale[static_cast<std::size_t>(axis)];
        common = policy == "not_larger" ? std::min(common, scale) : std::max(common, scale);
    }
    for (const std::int64_t axis : axes) {
        const auto at = static_cast<std::size_t>(axis);
        const float exact = common * static_cast<float>(shape[at]);
        target.scale[at] = common;
        target.size[at] =
            std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(exact + 0.5F)));
    }
    return target;
}

// Adds the layer over the last two dimensions; a line is a picture of height 1.
void outputResize(NodeImport &node, Resize resize, const Target &target)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    if (target.size == x.shape.dims() &&
        std::ranges::all_of(target.scale, [](float scale) { return scale == 1.0F; }))
        return node.alias(0, x);
    if (rank != 3 && rank != 4)
        node.refuseForm("an input of " + std::to_string(rank) + " dimensions");
    if (target.scale[0] != 1.0F || target.scale[1] != 1.0F)
        node.refuseForm("batch or channels that change");
    const std::size_t last = rank - 1;
    resize.scale = {rank == 4 ? target.scale[2] : 1.0F, target.scale[last]};
    resize.size = {rank == 4 ? target.size[2] : 1, target.size[last]};
    if (rank == 4)
        return node.output(0, resize, {x});
    const Value plane = node.reshaped(x, {x.shape[0], x.shape[1], 1, x.shape[2]});
    const Value resized = node.emit(resize, {plane});
    node.output(0, Reshape{target.size}, {resized});
}

Dims everyAxis(const Shape &shape)
{
    Dims axes(shape.rank());
    std::iota(axes.begin(), axes.end(), 0);
    return axes;
}

std::vector<float> constantFloats(const NodeImport &node, std::size_t slot, const char *what)
{
    const Tensor tensor = node.constant(slot, what).toFloat32();
    const auto values = tensor.as<float>();
    return {values.begin(), values.end()};
}

// Upsample, and Resize of operator set 10: coordinates are divided by the scale and cut off, except
// that a nearest neighbour is rounded up when the picture shrinks (what runtimes agreed on).
void resizeBefore11(NodeImport &node)
{
    Resize resize;
    resize.mode = modeOf(node);
    resize.coordinates = ResizeCoordinates::asymmetric;
    resize.rounding = NearestRounding::floor;
    const bool isAttribute = node.opset() < 9;
    const std::vector<float> scales =
        isAttribute ? node.floatsAttribute("scales").value_or(std::vector<float>{})
                    : constantFloats(node, 1, "scales");
    const Target target = fromScales(node, node.shape(0), everyAxis(node.shape(0)), scales);
    const bool shrinks = std::ranges::any_of(scales, [](float scale) { return scale < 1; });
    const bool grows = std::ranges::any_of(scales, [](float scale) { return scale > 1; });
    if (shrinks && resize.mode == ResizeMode::nearest) {
        if (grows)
            node.refuseForm("one axis that grows and one that shrinks");
        resize.rounding = NearestRounding::ceil;
    }
    outputResize(node, resize, target);
}

ResizeCoordinates coordinatesOf(const NodeImport &node, const Target &target)
{
    const std::string mode = node.stringAttribute("coordinate_transformation_mode", "half_pixel");
    if (mode == "half_pixel")
        return ResizeCoordinates::halfPixel;
    if (mode == "asymmetric")
        return ResizeCoordinates::asymmetric;
    if (mode == "align_corners")
        return ResizeCoordinates::alignCorners;
    if (mode == "pytorch_half_pixel")
        return ResizeCoordinates::pytorchHalfPixel;
    if (mode == "tf_half_pixel_for_nn")
        return ResizeCoordinates::tfHalfPixelForNearest;
    if (mode == "half_pixel_symmetric") {
        // Differs from half_pixel only where the size was rounded.
        const Shape &shape = node.shape(0);
        bool isExact = true;
        for (std::size_t i = 0; i < shape.rank(); ++i)
            isExact = isExact && static_cast<float>(shape[i]) * target.scale[i] ==
                                     static_cast<float>(target.size[i]);
        if (isExact)
            return ResizeCoordinates::halfPixel;
    }
    node.refuseForm("coordinate_transformation_mode " + mode);
}

// A region of the picture resized: sampled at places that the region decides, with one value
// wherever it reaches beyond the picture.
void cropAndResize(NodeImport &node, const Dims &axes, const Target &target)
{
    const Value &x = node.input(0);
    const Shape &shape = x.shape;
    const std::vector<float> region = constantFloats(node, 1, "region");
    if (shape.rank() != 4 || target.size[0] != shape[0] || target.size[1] != shape[1] ||
        region.size() != 2 * axes.size() || modeOf(node) == ResizeMode::cubic)
        node.refuseForm("tf_crop_and_resize of this kind");
    const std::int64_t height = target.size[2], width = target.size[3];
    std::array<std::vector<float>, 2> places; // in pixels
    for (std::size_t side = 0; side < 2; ++side) {
        const auto axis = static_cast<std::int64_t>(2 + side);
        const auto found = std::ranges::find(axes, axis);
        const auto at = static_cast<std::size_t>(found - axes.begin());
        const float begin = found == axes.end() ? 0 : region[at];
        const float end = found == axes.end() ? 1 : region[axes.size() + at];
        const std::int64_t count = target.size[2 + side];
        const auto last = static_cast<float>(shape[2 + side] - 1);
        node.spend(count);
        for (std::int64_t i = 0; i < count; ++i)
            places[side].push_back(
                count > 1 ? begin * last + static_cast<float>(i) * (end - begin) * last /
                                               static_cast<float>(count - 1)
                          : 0.5F * (begin + end) * last);
    }
    node.spend(3 * height * width);
    Tensor grid(ElementType::float32, Shape{1, height, width, 2});
    Tensor isInside(ElementType::boolean, Shape{1, 1, height, width});
    const auto gridOf = [&](std::size_t side, std::int64_t i) {
        const auto last = static_cast<float>(shape[2 + side] - 1);
        return last > 0 ? 2 * places[side][static_cast<std::size_t>(i)] / last - 1 : 0.0F;
    };
    for (std::int64_t i = 0; i < height * width; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const float across = gridOf(1, i % width), down = gridOf(0, i / width);
        grid.as<float>()[2 * at] = across;
        grid.as<float>()[2 * at + 1] = down;
        isInside.as<bool>()[at] = std::abs(across) <= 1 && std::abs(down) <= 1;
    }
    Value grids = node.made(std::move(grid), "grid");
    if (shape[0] > 1)
        grids = node.emit(Broadcast{{shape[0], height, width, 2}}, {grids});
    const Value sampled =
        node.emit(GridSample{modeOf(node), GridPadding::border, true}, {x, grids});
    node.output(0, Select{},
                {node.made(std::move(isInside), "inside"), sampled,
                 node.number(node.floatAttribute("extrapolation_value", 0))});
}

void resize(NodeImport &node)
{
    if (node.opset() < 11)
        return resizeBefore11(node);
    const Shape &shape = node.shape(0);
    Dims axes = everyAxis(shape);
    if (const auto stated = node.intsAttribute("axes")) {
        axes.clear();
        for (const std::int64_t axis : *stated)
            axes.push_back(node.axis(axis, shape.rank()));
    }
    const bool hasScales = node.hasInput(2) && node.shape(2).elementCount() > 0;
    const bool hasSizes = node.hasInput(3) && node.shape(3).elementCount() > 0;
    if (!hasScales && !hasSizes)
        node.refuseConstant("neither scales nor sizes are given");
    const Target target = hasSizes
                              ? fromSizes(node, shape, axes, node.constantInts(3, "sizes"))
                              : fromScales(node, shape, axes, constantFloats(node, 2, "scales"));
    if (node.stringAttribute("coordinate_transformation_mode", "") == "tf_crop_and_resize")
        return cropAndResize(node, axes, target);
    Resize attributes;
    attributes.mode = modeOf(node);
    attributes.coordinates = coordinatesOf(node, target);
    attributes.rounding = roundingOf(node);
    attributes.cubicCoefficient = node.floatAttribute("cubic_coeff_a", -0.75F);
    attributes.excludesOutside =
        node.intAttribute("exclude_outside", 0) != 0 && attributes.mode == ResizeMode::cubic;
    const bool shrinks = std::ranges::any_of(target.scale, [](float scale) { return scale < 1; });
    if (node.intAttribute("antialias", 0) != 0 && shrinks)
        node.refuseForm("antialias");
    outputResize(node, attributes, target);
}

void depthToSpace(NodeImport &node)
{
    const std::string mode = node.stringAttribute("mode", "DCR");
    if (mode != "DCR" && mode != "CRD")
        node.refuseForm("mode " + mode);
    node.output(0, DepthToSpace{node.intAttribute("blocksize", 0), mode == "DCR"}, {node.input(0)});
}

void spaceToDepth(NodeImport &node)
{
    node.output(0, SpaceToDepth{node.intAttribute("blocksize", 0)}, {node.input(0)});
}

constexpr ImporterRow rows[] = {
    {"Resize", resize},
    {"Upsample", resizeBefore11},
    {"DepthToSpace", depthToSpace},
    {"SpaceToDepth", spaceToDepth},
};

} // namespace

std::span<const ImporterRow> resizeImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
