// Operators that sample pictures at computed places.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include <algorithm>

namespace hefstudio::onnx_import {

namespace {

void gridSample(NodeImport &node)
{
    if (node.shape(0).rank() != 4)
        node.refuseForm("an input of " + std::to_string(node.shape(0).rank()) + " dimensions");
    GridSample attributes;
    const std::string mode = node.stringAttribute("mode", "linear");
    if (mode == "bilinear" || mode == "linear")
        attributes.mode = ResizeMode::linear;
    else if (mode == "nearest")
        attributes.mode = ResizeMode::nearest;
    else if (mode == "bicubic" || mode == "cubic")
        attributes.mode = ResizeMode::cubic;
    else
        node.refuseForm("mode " + mode);
    const std::string padding = node.stringAttribute("padding_mode", "zeros");
    if (padding == "zeros")
        attributes.padding = GridPadding::zeros;
    else if (padding == "border")
        attributes.padding = GridPadding::border;
    else if (padding == "reflection")
        attributes.padding = GridPadding::reflection;
    else
        node.refuseForm("padding_mode " + padding);
    attributes.alignCorners = node.intAttribute("align_corners", 0) != 0;
    node.output(0, attributes, {node.input(0), node.input(1)});
}

// theta [N,2,3] times the corners-to-pixels grid of the stated size [N,C,H,W].
void affineGrid(NodeImport &node)
{
    const Value &theta = node.input(0);
    const Dims size = node.constantInts(1, "size");
    if (size.size() != 4 || theta.shape.rank() != 3 || theta.shape[1] != 2 ||
        theta.shape[2] != 3 || size[0] != theta.shape[0])
        node.refuseForm("anything but a two-dimensional grid");
    const std::int64_t height = size[2], width = size[3];
    if (height < 1 || width < 1 || height > (1 << 15) || width > (1 << 15))
        node.refuseConstant("the size is " + Shape(size).text());
    const bool alignCorners = node.intAttribute("align_corners", 0) != 0;
    const auto place = [&](std::int64_t i, std::int64_t count) {
        const auto n = static_cast<float>(count);
        const auto at = static_cast<float>(i);
        if (alignCorners)
            return count > 1 ? 2 * at / (n - 1) - 1 : 0.0F;
        return (2 * at + 1) / n - 1;
    };
    node.spend(3 * height * width);
    Tensor grid(ElementType::float32, Shape{3, height * width});
    const auto values = grid.as<float>();
    for (std::int64_t i = 0; i < height * width; ++i) {
        values[static_cast<std::size_t>(i)] = place(i % width, width);
        values[static_cast<std::size_t>(height * width + i)] = place(i / width, height);
        values[static_cast<std::size_t>(2 * height * width + i)] = 1;
    }
    const Value places = node.emit(MatMul{}, {theta, node.made(std::move(grid), "grid")});
    const Value turned = node.transposed(places, {0, 2, 1});
    node.output(0, Reshape{{size[0], height, width, 2}}, {turned});
}

void roiAlign(NodeImport &node)
{
    RoiAlign attributes;
    const std::string mode = node.stringAttribute("mode", "avg");
    if (mode != "avg" && mode != "max")
        node.refuseForm("mode " + mode);
    attributes.usesMaximum = mode == "max";
    attributes.size = {node.intAttribute("output_height", 1), node.intAttribute("output_width", 1)};
    attributes.samplingRatio = node.intAttribute("sampling_ratio", 0);
    attributes.spatialScale = node.floatAttribute("spatial_scale", 1);
    const std::string coordinates = node.stringAttribute(
        "coordinate_transformation_mode", node.opset() < 16 ? "output_half_pixel" : "half_pixel");
    attributes.halfPixel = coordinates == "half_pixel";
    node.output(0, attributes, {node.input(0), node.input(1), node.input(2)});
}

// Cut or padded around its middle to the stated sizes.
void centerCropPad(NodeImport &node)
{
    const Value &x = node.input(0);
    const std::size_t rank = x.shape.rank();
    const Dims wanted = node.constantInts(1, "shape");
    Dims axes;
    if (const auto stated = node.intsAttribute("axes")) {
        for (const std::int64_t axis : *stated)
            axes.push_back(node.axis(axis, rank));
    } else {
        for (std::size_t i = 0; i < rank; ++i)
            axes.push_back(static_cast<std::int64_t>(i));
    }
    if (axes.size() != wanted.size())
        node.refuseConstant("there is not one size per axis");
    Pad pad{PadMode::constant, Dims(rank, 0), Dims(rank, 0), 0};
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const auto axis = static_cast<std::size_t>(axes[i]);
        if (wanted[i] < 1 || wanted[i] > (std::int64_t(1) << 31))
            node.refuseConstant("a size is " + std::to_string(wanted[i]));
        // The odd element goes to the end when padding and when cropping.
        const std::int64_t more = wanted[i] - x.shape[axis];
        pad.begin[axis] = more >= 0 ? more / 2 : -(-more / 2);
        pad.end[axis] = more - pad.begin[axis];
    }
    node.output(0, std::move(pad), {x});
}

constexpr ImporterRow rows[] = {
    {"GridSample", gridSample},
    {"AffineGrid", affineGrid},
    {"RoiAlign", roiAlign},
    {"CenterCropPad", centerCropPad},
};

} // namespace

std::span<const ImporterRow> sampleImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
