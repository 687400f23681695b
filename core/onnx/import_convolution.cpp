// Convolutions and pools: windows that slide. One-dimensional ones run as pictures of height 1.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include <algorithm>
#include <array>

namespace hefstudio::onnx_import {

namespace {

constexpr std::int64_t largestSetting = (std::int64_t(1) << 31) - 1;

enum class AutoPad { notSet, sameUpper, sameLower, valid };

// A window over up to three axes: depth, height, width. What a node lacks is 1 wide.
struct VolumeWindow {
    using Axes = std::array<std::int64_t, 3>;
    Axes kernel{1, 1, 1}, stride{1, 1, 1}, dilation{1, 1, 1}, padBegin{0, 0, 0}, padEnd{0, 0, 0};

    Window plane() const
    {
        return {{kernel[1], kernel[2]},
                {stride[1], stride[2]},
                {dilation[1], dilation[2]},
                {padBegin[1], padBegin[2]},
                {padEnd[1], padEnd[2]}};
    }
    // The depth, standing in for the height of a plane.
    Window depth() const
    {
        return {{kernel[0], 1}, {stride[0], 1}, {dilation[0], 1}, {padBegin[0], 0}, {padEnd[0], 0}};
    }
};

// The window attributes of one node over a tensor of rank 3 to 5.
class WindowReader {
public:
    WindowReader(NodeImport &node, const Shape &input, const Dims &kernel)
        : m_node(node), m_spatial(input.rank() - 2)
    {
        for (std::size_t i = 0; i < m_spatial; ++i)
            m_sizes[at(i)] = input[2 + i];
        window.kernel = read(kernel, 1, 1);
        window.stride = read(node.intsAttribute("strides").value_or(Dims{}), 1, 1);
        window.dilation = read(node.intsAttribute("dilations").value_or(Dims{}), 1, 1);
        const std::string text = node.stringAttribute("auto_pad", "NOTSET");
        if (text == "SAME_UPPER")
            m_autoPad = AutoPad::sameUpper;
        else if (text == "SAME_LOWER")
            m_autoPad = AutoPad::sameLower;
        else if (text == "VALID")
            m_autoPad = AutoPad::valid;
        else if (text != "NOTSET" && !text.empty())
            node.refuseForm("auto_pad " + text);
        if (m_autoPad != AutoPad::notSet)
            return;
        Dims pads = node.intsAttribute("pads").value_or(Dims(2 * m_spatial, 0));
        if (pads.size() != 2 * m_spatial)
            node.refuseConstant("there are " + std::to_string(pads.size()) + " pads");
        const auto middle = pads.begin() + static_cast<std::ptrdiff_t>(m_spatial);
        window.padBegin = read(Dims(pads.begin(), middle), 0, 0);
        window.padEnd = read(Dims(middle, pads.end()), 0, 0);
    }

    // Where spatial dimension i of the node stands in a window.
    std::size_t at(std::size_t i) const { return i + 3 - m_spatial; }
    std::size_t firstAxis() const { return 3 - m_spatial; }
    std::size_t spatial() const { return m_spatial; }
    AutoPad autoPad() const { return m_autoPad; }
    std::int64_t size(std::size_t axis) const { return m_sizes[axis]; }
    std::int64_t extent(std::size_t axis) const
    {
        return window.dilation[axis] * (window.kernel[axis] - 1) + 1;
    }

    // Splits the padding an output size asks for between both ends.
    void distribute(std::size_t axis, std::int64_t total, AutoPad kind)
    {
        total = std::clamp<std::int64_t>(total, 0, largestSetting);
        const std::int64_t half = total / 2;
        window.padBegin[axis] = kind == AutoPad::sameUpper ? half : total - half;
        window.padEnd[axis] = total - window.padBegin[axis];
    }

    void resolveForward()
    {
        if (m_autoPad != AutoPad::sameUpper && m_autoPad != AutoPad::sameLower)
            return;
        for (std::size_t axis = firstAxis(); axis < 3; ++axis) {
            const std::int64_t stride = window.stride[axis];
            const std::int64_t outputs = (m_sizes[axis] + stride - 1) / stride;
            distribute(axis, (outputs - 1) * stride + extent(axis) - m_sizes[axis], m_autoPad);
        }
    }

    VolumeWindow::Axes read(const Dims &list, std::int64_t least, std::int64_t fallback) const
    {
        VolumeWindow::Axes values{fallback, fallback, fallback};
        if (list.empty())
            return values;
        if (list.size() != m_spatial)
            m_node.refuseConstant("a window attribute has " + std::to_string(list.size()) +
                                  " entries for " + std::to_string(m_spatial) + " dimensions");
        for (std::size_t i = 0; i < m_spatial; ++i) {
            if (list[i] < least || list[i] > largestSetting)
                m_node.refuseConstant("a window attribute is " + std::to_string(list[i]));
            values[at(i)] = list[i];
        }
        return values;
    }

    // Elements along an axis after the window slid over it.
    std::int64_t outputs(std::size_t axis) const
    {
        const std::int64_t room =
            m_sizes[axis] + window.padBegin[axis] + window.padEnd[axis] - extent(axis);
        if (room < 0)
            m_node.refuseConstant("the window is larger than the padded input");
        return room / window.stride[axis] + 1;
    }

    VolumeWindow window;

private:
    NodeImport &m_node;
    std::size_t m_spatial;
    VolumeWindow::Axes m_sizes{1, 1, 1};
    AutoPad m_autoPad = AutoPad::notSet;
};

void requireSpatial(const NodeImport &node, const Shape &shape)
{
    if (shape.rank() < 3 || shape.rank() > 5)
        node.refuseForm("an input of " + std::to_string(shape.rank()) + " dimensions");
}

// [a,b,L] as [a,b,1,L]; four dimensions as they are.
Value asPlane(NodeImport &node, const Value &value)
{
    const Dims &dims = value.shape.dims();
    if (dims.size() == 4)
        return value;
    return node.reshaped(value, {dims[0], dims[1], 1, dims[2]});
}

// The layer at the end of a node: named after its output, or inside where another one follows.
Value last(NodeImport &node, std::optional<std::size_t> slot, Attributes attributes,
           std::vector<Value> operands)
{
    if (!slot)
        return node.emit(std::move(attributes), std::move(operands));
    node.output(*slot, std::move(attributes), std::move(operands));
    return {};
}

// The result, without the height that asPlane() added.
Value lastPlane(NodeImport &node, std::optional<std::size_t> slot, std::size_t rank,
                Attributes attributes, std::vector<Value> operands)
{
    if (rank == 4)
        return last(node, slot, std::move(attributes), std::move(operands));
    const Value plane = node.emit(std::move(attributes), std::move(operands));
    return last(node, slot, Reshape{{plane.shape[0], plane.shape[1], plane.shape[3]}}, {plane});
}

Dims kernelOf(const NodeImport &node, const Shape &weights)
{
    const Dims kernel(weights.begin() + 2, weights.end());
    const auto stated = node.intsAttribute("kernel_shape");
    if (stated && *stated != kernel)
        node.refuseConstant("kernel_shape differs from the size of the weights");
    return kernel;
}

void requireWeights(const NodeImport &node, const Value &x, const Value &weights)
{
    requireSpatial(node, x.shape);
    if (weights.shape.rank() != x.shape.rank())
        node.refuseConstant("weights have " + std::to_string(weights.shape.rank()) + " dimensions");
}

// A volume as pictures: every output depth is one picture whose channels are the input's channels
// at the depths the kernel covers.
Value convolveVolume(NodeImport &node, const Value &x, const Value &weights,
                     const std::optional<Value> &bias, const WindowReader &reader,
                     std::int64_t groups, std::optional<std::size_t> slot)
{
    const VolumeWindow &window = reader.window;
    const std::int64_t depths = reader.outputs(0), taps = window.kernel[0];
    const std::int64_t batch = x.shape[0], channels = x.shape[1];
    const std::int64_t height = x.shape[3], width = x.shape[4];
    constexpr std::int64_t mostTaps = 1 << 16;
    if (depths > mostTaps || taps > mostTaps || depths * taps > mostTaps)
        node.refuseForm("a volume this deep");
    Value padded = x;
    if (window.padBegin[0] > 0 || window.padEnd[0] > 0)
        padded = node.emit(Pad{PadMode::constant,
                               {0, 0, window.padBegin[0], 0, 0},
                               {0, 0, window.padEnd[0], 0, 0},
                               0},
                           {x});
    node.spend(depths * taps);
    std::vector<std::int64_t> places;
    for (std::int64_t depth = 0; depth < depths; ++depth)
        for (std::int64_t tap = 0; tap < taps; ++tap)
            places.push_back(depth * window.stride[0] + tap * window.dilation[0]);
    const Value list = node.made(
        Tensor::of<std::int64_t>(Shape{depths, taps}, std::span<const std::int64_t>(places)),
        "depths");
    const Value gathered = node.emit(Gather{2}, {padded, list}); // N C D T H W
    const Value turned = node.transposed(gathered, {0, 2, 1, 3, 4, 5});
    const Value pictures =
        node.reshaped(turned, {batch * depths, channels * taps, height, width});
    std::vector<Value> operands{
        pictures, node.reshaped(weights, {weights.shape[0], weights.shape[1] * taps,
                                          window.kernel[1], window.kernel[2]})};
    if (bias)
        operands.push_back(*bias);
    const Value result =
        node.emit(Convolution{window.plane(), groups, {}}, std::move(operands));
    const Value split = node.reshaped(
        result, {batch, depths, result.shape[1], result.shape[2], result.shape[3]});
    return last(node, slot, Transpose{{0, 2, 1, 3, 4}}, {split});
}

void convolution(NodeImport &node)
{
    std::optional<Value> bias;
    if (node.hasInput(2))
        bias = node.input(2);
    convolve(node, node.input(0), node.input(1), bias, 0);
}

// What the attributes say about the size of a transposed convolution's result.
TransposedConvolution readTransposed(NodeImport &node, WindowReader &reader,
                                     VolumeWindow::Axes &outputPadding)
{
    outputPadding = reader.read(node.intsAttribute("output_padding").value_or(Dims{}), 0, 0);
    // A stated or "same" output size is reached by padding; what lacks is added at the end.
    auto wanted = node.intsAttribute("output_shape");
    if (wanted && wanted->size() == reader.spatial() + 2)
        wanted->erase(wanted->begin(), wanted->begin() + 2);
    const bool isSame =
        reader.autoPad() == AutoPad::sameUpper || reader.autoPad() == AutoPad::sameLower;
    if (wanted || isSame) {
        VolumeWindow::Axes sizes{};
        if (wanted)
            sizes = reader.read(*wanted, 1, 1);
        for (std::size_t axis = reader.firstAxis(); axis < 3; ++axis) {
            const std::int64_t stride = reader.window.stride[axis];
            const std::int64_t inputSize = reader.size(axis);
            if (inputSize > largestSetting)
                node.refuseConstant("the input is too large");
            const std::int64_t target = wanted ? sizes[axis] : inputSize * stride;
            const std::int64_t total = stride * (inputSize - 1) + outputPadding[axis] +
                                       reader.extent(axis) - target;
            reader.distribute(axis, total, reader.autoPad());
            if (total < 0)
                outputPadding[axis] -= total;
        }
    }
    TransposedConvolution attributes;
    attributes.groups = node.intAttribute("group", 1);
    attributes.outputPadding = {outputPadding[1], outputPadding[2]};
    attributes.window = reader.window.plane();
    return attributes;
}

// Every depth of the volume alone, one result per tap of the kernel's depth; a matrix of zeros and
// ones then adds what falls on the same output depth.
void transposedVolume(NodeImport &node, const Value &x, const Value &weights,
                      const WindowReader &reader, const TransposedConvolution &plane,
                      std::int64_t outputPadding)
{
    const VolumeWindow &window = reader.window;
    const std::int64_t batch = x.shape[0], channels = x.shape[1], depths = x.shape[2];
    const std::int64_t taps = window.kernel[0], perGroup = weights.shape[1];
    const std::int64_t outputs = perGroup * plane.groups;
    const std::int64_t results = (depths - 1) * window.stride[0] + reader.extent(0) +
                                 outputPadding - window.padBegin[0] - window.padEnd[0];
    constexpr std::int64_t most = 1 << 12;
    if (depths > most || taps > most || results > most || results < 1)
        node.refuseForm("a volume this deep");
    Value pictures = node.transposed(x, {0, 2, 1, 3, 4});
    pictures = node.reshaped(pictures, {batch * depths, channels, x.shape[3], x.shape[4]});
    const Value kernels = node.reshaped(weights, {channels, perGroup * taps, window.kernel[1],
                                                  window.kernel[2]});
    const Value parts = node.emit(plane, {pictures, kernels}); // [N·D, O·T, h, w]
    const std::int64_t pixels = parts.shape[2] * parts.shape[3];
    Value turned = node.reshaped(parts, {batch, depths, outputs, taps, pixels});
    turned = node.transposed(turned, {0, 2, 4, 1, 3});
    turned = node.reshaped(turned, {batch, outputs, pixels, depths * taps});
    node.spend(results * depths * taps);
    Tensor matrix(ElementType::float32, Shape{results, depths * taps});
    for (std::int64_t depth = 0; depth < depths; ++depth) {
        for (std::int64_t tap = 0; tap < taps; ++tap) {
            const std::int64_t at =
                depth * window.stride[0] + tap * window.dilation[0] - window.padBegin[0];
            if (at >= 0 && at < results)
                matrix.as<float>()[static_cast<std::size_t>(at * depths * taps + depth * taps +
                                                            tap)] = 1;
        }
    }
    Value sums =
        node.emit(FullyConnected{}, {turned, node.made(std::move(matrix), "depths")});
    sums = node.transposed(sums, {0, 1, 3, 2});
    const Dims dims{batch, outputs, results, parts.shape[2], parts.shape[3]};
    if (!node.hasInput(2))
        return node.output(0, Reshape{dims}, {sums});
    const Value bias = node.reshaped(node.input(2), {outputs, 1, 1, 1});
    node.output(0, Binary{BinaryOperator::add}, {node.reshaped(sums, dims), bias});
}

void transposedConvolution(NodeImport &node)
{
    const Value &x = node.input(0);
    const Value &weights = node.input(1);
    requireWeights(node, x, weights);
    WindowReader reader(node, x.shape, kernelOf(node, weights.shape));
    VolumeWindow::Axes outputPadding{};
    const TransposedConvolution attributes = readTransposed(node, reader, outputPadding);
    if (x.shape.rank() == 5)
        return transposedVolume(node, x, weights, reader, attributes, outputPadding[0]);
    std::vector<Value> operands{asPlane(node, x), asPlane(node, weights)};
    if (node.hasInput(2))
        operands.push_back(node.input(2));
    lastPlane(node, 0, x.shape.rank(), attributes, std::move(operands));
}

WindowReader readPool(NodeImport &node)
{
    const Shape &shape = node.shape(0);
    requireSpatial(node, shape);
    const auto kernel = node.intsAttribute("kernel_shape");
    if (!kernel)
        node.refuseConstant("kernel_shape is missing");
    WindowReader reader(node, shape, *kernel);
    reader.resolveForward();
    return reader;
}

// Rounding the output size up reaches beyond the end: as padding. A window that would start beyond
// the input does not count.
VolumeWindow::Axes paddingOfCeilMode(const NodeImport &node, const WindowReader &reader)
{
    VolumeWindow::Axes extra{0, 0, 0};
    if (node.intAttribute("ceil_mode", 0) == 0 || reader.autoPad() != AutoPad::notSet)
        return extra;
    const VolumeWindow &window = reader.window;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::int64_t size = reader.size(axis);
        const std::int64_t stride = window.stride[axis];
        const std::int64_t room =
            size + window.padBegin[axis] + window.padEnd[axis] - reader.extent(axis);
        if (room < 0)
            continue;
        std::int64_t outputs = (room + stride - 1) / stride + 1;
        if ((outputs - 1) * stride >= size + window.padBegin[axis])
            --outputs;
        extra[axis] = std::max<std::int64_t>(0, (outputs - 1) * stride - room);
    }
    return extra;
}

// Pools are separable: a volume is pooled as pictures, then along its depth.
template<class Pool>
Value lastPool(NodeImport &node, std::optional<std::size_t> slot, const Value &x, Pool pool,
               const VolumeWindow &window)
{
    pool.window = window.plane();
    if (x.shape.rank() != 5)
        return lastPlane(node, slot, x.shape.rank(), pool, {asPlane(node, x)});
    const std::int64_t batch = x.shape[0], channels = x.shape[1], depth = x.shape[2];
    const Value pictures =
        node.reshaped(x, {batch, channels * depth, x.shape[3], x.shape[4]});
    const Value pooled = node.emit(pool, {pictures});
    const Value lines =
        node.reshaped(pooled, {batch, channels, depth, pooled.shape[2] * pooled.shape[3]});
    pool.window = window.depth();
    const Value result = node.emit(pool, {lines});
    return last(node, slot,
                Reshape{{batch, channels, result.shape[2], pooled.shape[2], pooled.shape[3]}},
                {result});
}

// The places of the maxima, as ONNX counts them: in the whole input, row-major or (storage_order)
// column-major within a picture.
void outputMaximumPlaces(NodeImport &node, const WindowReader &reader)
{
    const Value &x = node.input(0);
    if (x.shape.rank() != 4)
        node.refuseForm("the places of the maxima of anything but pictures");
    const VolumeWindow &window = reader.window;
    const std::int64_t batch = x.shape[0], channels = x.shape[1];
    const std::int64_t height = x.shape[2], width = x.shape[3];
    const std::int64_t rows = reader.outputs(1), columns = reader.outputs(2);
    const std::int64_t taps = window.kernel[1] * window.kernel[2];
    constexpr std::int64_t most = 1 << 24; // places are held as floats
    if (rows * columns > most / taps || x.shape.elementCount() > most)
        node.refuseForm("the places of the maxima of a picture this large");
    // One more element, below everything, for the padding.
    Value flat = node.reshaped(x, {batch, channels, height * width});
    flat = node.emit(Pad{PadMode::constant, {0, 0, 0}, {0, 0, 1}, -3.0e38F}, {flat});
    const bool isColumnMajor = node.intAttribute("storage_order", 0) != 0;
    node.spend(2 * rows * columns * taps);
    node.spend(batch * channels);
    std::vector<std::int64_t> places, counted;
    for (std::int64_t cell = 0; cell < rows * columns; ++cell) {
        for (std::int64_t tap = 0; tap < taps; ++tap) {
            const std::int64_t y = cell / columns * window.stride[1] +
                                   tap / window.kernel[2] * window.dilation[1] -
                                   window.padBegin[1];
            const std::int64_t at = cell % columns * window.stride[2] +
                                    tap % window.kernel[2] * window.dilation[2] -
                                    window.padBegin[2];
            const bool isInside = y >= 0 && y < height && at >= 0 && at < width;
            places.push_back(isInside ? y * width + at : height * width);
            counted.push_back(isColumnMajor ? at * height + y : y * width + at);
        }
    }
    const Shape table{rows * columns, taps};
    const Value list = node.made(
        Tensor::of<std::int64_t>(table, std::span<const std::int64_t>(places)), "windows");
    const Value windows = node.emit(Gather{2}, {flat, list}); // N C cells taps
    const Value best = node.emit(ArgReduce{3, false, false, false}, {windows});
    std::vector<std::int64_t> starts;
    for (std::int64_t cell = 0; cell < rows * columns; ++cell)
        starts.push_back(cell * taps);
    const Value first = node.made(
        Tensor::of<std::int64_t>(Shape{rows * columns}, std::span<const std::int64_t>(starts)),
        "cells");
    const Value entry = node.emit(Binary{BinaryOperator::add}, {best, first});
    const Value numbers = node.made(
        Tensor::of<std::int64_t>(Shape{rows * columns * taps},
                                 std::span<const std::int64_t>(counted)),
        "places");
    const Value place = node.emit(Gather{0}, {numbers, entry});
    std::vector<std::int64_t> offsets;
    for (std::int64_t picture = 0; picture < batch * channels; ++picture)
        offsets.push_back(picture * height * width);
    const Value offset = node.made(
        Tensor::of<std::int64_t>(Shape{batch, channels, 1}, std::span<const std::int64_t>(offsets)),
        "pictures");
    const Value result = node.emit(Binary{BinaryOperator::add}, {place, offset});
    node.output(1, Reshape{{batch, channels, rows, columns}}, {result});
}

void maxPool(NodeImport &node)
{
    WindowReader reader = readPool(node);
    const auto extra = paddingOfCeilMode(node, reader);
    for (std::size_t axis = 0; axis < 3; ++axis)
        reader.window.padEnd[axis] += extra[axis];
    lastPool(node, 0, node.input(0), MaxPool{}, reader.window);
    if (node.isOutputNeeded(1))
        outputMaximumPlaces(node, reader);
}

// The node's pool over `x`; the result is its output or a value for more to come.
Value averaged(NodeImport &node, Value x, bool countsPadding, std::optional<std::size_t> slot)
{
    WindowReader reader = readPool(node);
    const auto extra = paddingOfCeilMode(node, reader);
    VolumeWindow &window = reader.window;
    const bool isExtended = extra[0] > 0 || extra[1] > 0 || extra[2] > 0;
    if (countsPadding && isExtended) {
        // Stated padding counts, the cells that ceil_mode adds do not: make the first real.
        Pad pad{PadMode::constant, {0, 0}, {0, 0}, 0};
        for (std::size_t axis = reader.firstAxis(); axis < 3; ++axis) {
            pad.begin.push_back(window.padBegin[axis]);
            pad.end.push_back(window.padEnd[axis]);
        }
        x = node.emit(std::move(pad), {x});
        window.padBegin = {0, 0, 0};
        window.padEnd = {0, 0, 0};
        countsPadding = false;
    }
    for (std::size_t axis = 0; axis < 3; ++axis)
        window.padEnd[axis] += extra[axis];
    AveragePool pool;
    pool.countIncludesPadding = countsPadding;
    return lastPool(node, slot, x, pool, window);
}

void averagePool(NodeImport &node)
{
    averaged(node, node.input(0), node.intAttribute("count_include_pad", 0) != 0, 0);
}

// (Σ |x|^p)^(1/p) over the window: a pool of powers, times the window's size.
void lpPool(NodeImport &node)
{
    const std::int64_t p = node.intAttribute("p", 2);
    if (p < 1)
        node.refuseConstant("p is " + std::to_string(p));
    double area = 1;
    for (const std::int64_t size : node.intsAttribute("kernel_shape").value_or(Dims{}))
        area *= static_cast<double>(size);
    const auto power = static_cast<float>(p);
    Value x = node.emit(Elementwise{{Function::abs, 0, 0}}, {node.input(0)});
    x = node.emit(Elementwise{{Function::power, power, 0}}, {x});
    const Value mean = averaged(node, x, true, std::nullopt);
    const Value sum =
        node.emit(Elementwise{{Function::affine, static_cast<float>(area), 0}}, {mean});
    node.output(0, Elementwise{{Function::power, 1 / power, 0}}, {sum});
}

void globalLpPool(NodeImport &node)
{
    const Value &x = node.input(0);
    const auto power = static_cast<float>(node.intAttribute("p", 2));
    if (x.shape.rank() < 3 || power < 1)
        node.refuseForm("an input without height and width");
    Dims axes;
    for (std::size_t axis = 2; axis < x.shape.rank(); ++axis)
        axes.push_back(static_cast<std::int64_t>(axis));
    Value powers = node.emit(Elementwise{{Function::abs, 0, 0}}, {x});
    powers = node.emit(Elementwise{{Function::power, power, 0}}, {powers});
    const Value sum = node.emit(Reduce{Reduction::sum, axes, true}, {powers});
    node.output(0, Elementwise{{Function::power, 1 / power, 0}}, {sum});
}

constexpr ImporterRow rows[] = {
    {"Conv", convolution},
    {"ConvTranspose", transposedConvolution},
    {"MaxPool", maxPool},
    {"AveragePool", averagePool},
    {"LpPool", lpPool},
    {"GlobalLpPool", globalLpPool},
};

} // namespace

Value convolve(NodeImport &node, const Value &x, const Value &weights,
               const std::optional<Value> &bias, std::optional<std::size_t> outputSlot)
{
    requireWeights(node, x, weights);
    WindowReader reader(node, x.shape, kernelOf(node, weights.shape));
    reader.resolveForward();
    const std::int64_t groups = node.intAttribute("group", 1);
    if (x.shape.rank() == 5)
        return convolveVolume(node, x, weights, bias, reader, groups, outputSlot);
    std::vector<Value> operands{asPlane(node, x), asPlane(node, weights)};
    if (bias)
        operands.push_back(*bias);
    return lastPlane(node, outputSlot, x.shape.rank(),
                     Convolution{reader.window.plane(), groups, {}}, std::move(operands));
}

std::span<const ImporterRow> convolutionImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
