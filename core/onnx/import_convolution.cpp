// Convolutions and pools: windows that slide. One-dimensional ones run as pictures of height 1.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include <algorithm>

namespace hefstudio::onnx_import {

namespace {

constexpr std::int64_t largestSetting = (std::int64_t(1) << 31) - 1;

enum class AutoPad { notSet, sameUpper, sameLower, valid };

// The window attributes of one node over a tensor of rank 3 or 4, height first.
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
    std::size_t at(std::size_t i) const { return i + 2 - m_spatial; }
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
        for (std::size_t axis = 2 - m_spatial; axis < 2; ++axis) {
            const std::int64_t stride = window.stride[axis];
            const std::int64_t outputs = (m_sizes[axis] + stride - 1) / stride;
            distribute(axis, (outputs - 1) * stride + extent(axis) - m_sizes[axis], m_autoPad);
        }
    }

    std::array<std::int64_t, 2> read(const Dims &list, std::int64_t least,
                                     std::int64_t fallback) const
    {
        std::array<std::int64_t, 2> values{fallback, fallback};
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

    Window window;

private:
    NodeImport &m_node;
    std::size_t m_spatial;
    std::array<std::int64_t, 2> m_sizes{1, 1};
    AutoPad m_autoPad = AutoPad::notSet;
};

void requireSpatial(const NodeImport &node, const Shape &shape)
{
    if (shape.rank() != 3 && shape.rank() != 4)
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

// The result, without the height that asPlane() added.
void outputPlane(NodeImport &node, std::size_t rank, Attributes attributes,
                 std::vector<Value> operands)
{
    if (rank == 4)
        return node.output(0, std::move(attributes), std::move(operands));
    const Value plane = node.emit(std::move(attributes), std::move(operands));
    node.output(0, Reshape{{plane.shape[0], plane.shape[1], plane.shape[3]}}, {plane});
}

Dims kernelOf(const NodeImport &node, const Shape &weights)
{
    const Dims kernel(weights.begin() + 2, weights.end());
    const auto stated = node.intsAttribute("kernel_shape");
    if (stated && *stated != kernel)
        node.refuseConstant("kernel_shape differs from the size of the weights");
    return kernel;
}

void convolution(NodeImport &node)
{
    const Value &x = node.input(0);
    requireSpatial(node, x.shape);
    node.constant(1, "weights");
    const Value &weights = node.input(1);
    if (weights.shape.rank() != x.shape.rank())
        node.refuseConstant("weights have " + std::to_string(weights.shape.rank()) + " dimensions");
    WindowReader reader(node, x.shape, kernelOf(node, weights.shape));
    reader.resolveForward();
    std::vector<Value> operands{asPlane(node, x), asPlane(node, weights)};
    if (node.hasInput(2)) {
        node.constant(2, "bias");
        operands.push_back(node.input(2));
    }
    outputPlane(node, x.shape.rank(), Convolution{reader.window, node.intAttribute("group", 1), {}},
                std::move(operands));
}

void transposedConvolution(NodeImport &node)
{
    const Value &x = node.input(0);
    requireSpatial(node, x.shape);
    node.constant(1, "weights");
    const Value &weights = node.input(1);
    if (weights.shape.rank() != x.shape.rank())
        node.refuseConstant("weights have " + std::to_string(weights.shape.rank()) + " dimensions");
    WindowReader reader(node, x.shape, kernelOf(node, weights.shape));
    TransposedConvolution attributes;
    attributes.groups = node.intAttribute("group", 1);
    attributes.outputPadding =
        reader.read(node.intsAttribute("output_padding").value_or(Dims{}), 0, 0);

    // A stated or "same" output size is reached by padding; what lacks is added at the end.
    auto wanted = node.intsAttribute("output_shape");
    if (wanted && wanted->size() == reader.spatial() + 2)
        wanted->erase(wanted->begin(), wanted->begin() + 2);
    const bool isSame =
        reader.autoPad() == AutoPad::sameUpper || reader.autoPad() == AutoPad::sameLower;
    if (wanted || isSame) {
        std::array<std::int64_t, 2> sizes{};
        if (wanted)
            sizes = reader.read(*wanted, 1, 1);
        for (std::size_t axis = 2 - reader.spatial(); axis < 2; ++axis) {
            const std::int64_t stride = reader.window.stride[axis];
            const std::int64_t inputSize = reader.size(axis);
            if (inputSize > largestSetting)
                node.refuseConstant("the input is too large");
            const std::int64_t target = wanted ? sizes[axis] : inputSize * stride;
            const std::int64_t total = stride * (inputSize - 1) + attributes.outputPadding[axis] +
                                       reader.extent(axis) - target;
            reader.distribute(axis, total, reader.autoPad());
            if (total < 0)
                attributes.outputPadding[axis] -= total;
        }
    }
    attributes.window = reader.window;
    std::vector<Value> operands{asPlane(node, x), asPlane(node, weights)};
    if (node.hasInput(2)) {
        node.constant(2, "bias");
        operands.push_back(node.input(2));
    }
    outputPlane(node, x.shape.rank(), attributes, std::move(operands));
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
std::array<std::int64_t, 2> paddingOfCeilMode(const NodeImport &node, const WindowReader &reader)
{
    std::array<std::int64_t, 2> extra{0, 0};
    if (node.intAttribute("ceil_mode", 0) == 0 || reader.autoPad() != AutoPad::notSet)
        return extra;
    const Window &window = reader.window;
    for (std::size_t axis = 0; axis < 2; ++axis) {
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

void maxPool(NodeImport &node)
{
    if (node.isOutputNeeded(1))
        node.refuseForm("the places of the maxima as output");
    WindowReader reader = readPool(node);
    const auto extra = paddingOfCeilMode(node, reader);
    for (std::size_t axis = 0; axis < 2; ++axis)
        reader.window.padEnd[axis] += extra[axis];
    const Value x = asPlane(node, node.input(0));
    // Output 1 (places of the maxima) does not exist for us, so the layer is named as if alone.
    outputPlane(node, node.shape(0).rank(), MaxPool{reader.window}, {x});
}

void averagePool(NodeImport &node)
{
    WindowReader reader = readPool(node);
    const auto extra = paddingOfCeilMode(node, reader);
    Window &window = reader.window;
    bool countsPadding = node.intAttribute("count_include_pad", 0) != 0;
    Value x = asPlane(node, node.input(0));
    const bool isExtended = extra[0] > 0 || extra[1] > 0;
    if (countsPadding && isExtended) {
        // Stated padding counts, the cells that ceil_mode adds do not: make the first real.
        x = node.emit(Pad{PadMode::constant,
                          {0, 0, window.padBegin[0], window.padBegin[1]},
                          {0, 0, window.padEnd[0], window.padEnd[1]},
                          0},
                      {x});
        window.padBegin = {0, 0};
        window.padEnd = {0, 0};
        countsPadding = false;
    }
    for (std::size_t axis = 0; axis < 2; ++axis)
        window.padEnd[axis] += extra[axis];
    outputPlane(node, node.shape(0).rank(), AveragePool{window, countsPadding}, {x});
}

constexpr ImporterRow rows[] = {
    {"Conv", convolution},
    {"ConvTranspose", transposedConvolution},
    {"MaxPool", maxPool},
    {"AveragePool", averagePool},
};

} // namespace

std::span<const ImporterRow> convolutionImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
