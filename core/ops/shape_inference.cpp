// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/shape_inference.h"

#include "base/checked.h"

#include <cmath>

namespace hefstudio {

namespace {

using Dims = std::vector<std::int64_t>;
using Operands = std::span<const Shape *const>;

// No window number, pad or block beyond this is meant seriously; it keeps int32 kernels safe.
constexpr std::int64_t largestSetting = (std::int64_t(1) << 31) - 1;

// Elements of one tensor: indices stay within 32 bits everywhere.
constexpr std::int64_t largestTensor = (std::int64_t(1) << 31) - 1;

std::string shapesText(Operands operands)
{
    std::string text;
    for (const Shape *shape : operands) {
        if (!text.empty())
            text += ", ";
        text += shape ? (shape->rank() == 0 ? "scalar" : shape->text()) : "none";
    }
    return text.empty() ? "none" : text;
}

// One call of inferShape: the operands and the way to complain about them.
class Inference {
public:
    Inference(const Attributes &attributes, Operands operands)
        : m_kind(kindName(attributes)), m_operands(operands)
    {
    }

    Result<Shape> operator()(const Input &) const
    {
        return mismatch("the shape of an input is stated, not inferred");
    }
    Result<Shape> operator()(const Convolution &convolution) const;
    Result<Shape> operator()(const TransposedConvolution &convolution) const;
    Result<Shape> operator()(const FullyConnected &) const;
    Result<Shape> operator()(const MatMul &) const;
    Result<Shape> operator()(const BatchNormalization &) const;
    Result<Shape> operator()(const LayerNormalization &normalization) const;
    Result<Shape> operator()(const Elementwise &) const { return asFirst(1); }
    Result<Shape> operator()(const ParametricRelu &) const;
    Result<Shape> operator()(const Binary &) const;
    Result<Shape> operator()(const MaxPool &pool) const { return pooled(pool.window); }
    Result<Shape> operator()(const AveragePool &pool) const { return pooled(pool.window); }
    Result<Shape> operator()(const Reduce &reduce) const;
    Result<Shape> operator()(const Concat &concat) const;
    Result<Shape> operator()(const Slice &slice) const;
    Result<Shape> operator()(const Reshape &reshape) const;
    Result<Shape> operator()(const Transpose &transpose) const;
    Result<Shape> operator()(const Resize &resize) const;
    Result<Shape> operator()(const Softmax &softmax) const;
    Result<Shape> operator()(const Pad &pad) const;
    Result<Shape> operator()(const DepthToSpace &depthToSpace) const;
    Result<Shape> operator()(const SpaceToDepth &spaceToDepth) const;
    Result<Shape> operator()(const Gather &gather) const;
    Result<Shape> operator()(const Broadcast &broadcast) const;
    Result<Shape> operator()(const RmsNormalization &normalization) const;
    Result<Shape> operator()(const Select &) const;
    Result<Shape> operator()(const ArgReduce &reduce) const;
    Result<Shape> operator()(const TopK &top) const;
    Result<Shape> operator()(const GatherElements &gather) const;
    Result<Shape> operator()(const GatherNd &gather) const;
    Result<Shape> operator()(const ScatterElements &scatter) const;
    Result<Shape> operator()(const ScatterNd &) const;
    Result<Shape> operator()(const CumulativeSum &sum) const;
    Result<Shape> operator()(const GridSample &) const;
    Result<Shape> operator()(const RoiAlign &align) const;
    Result<Shape> operator()(const Recurrent &recurrent) const;

private:
    std::unexpected<Diagnostics> mismatch(std::string rule) const
    {
        return fail(Diagnostic("shape.mismatch")
                        .with("kind", std::string(m_kind))
                        .with("shapes", shapesText(m_operands))
                        .with("rule", std::move(rule)));
    }
    std::unexpected<Diagnostics> tooLarge() const
    {
        return fail(Diagnostic("shape.too-large")
                        .with("kind", std::string(m_kind))
                        .with("shapes", shapesText(m_operands)));
    }
    std::unexpected<Diagnostics> wrongCount(std::size_t least, std::size_t most) const
    {
        return fail(Diagnostic("shape.operand-count")
                        .with("kind", std::string(m_kind))
                        .with("count", std::int64_t(m_operands.size()))
                        .with("least", std::int64_t(least))
                        .with("most", std::int64_t(most)));
    }
    // Between `least` present operands first and `most` in all.
    bool hasCount(std::size_t least, std::size_t most) const
    {
        if (m_operands.size() < least || m_operands.size() > most)
            return false;
        for (std::size_t i = 0; i < least; ++i)
            if (!m_operands[i])
                return false;
        return true;
    }
    const Shape &at(std::size_t slot) const { return *m_operands[slot]; }
    bool has(std::size_t slot) const { return slot < m_operands.size() && m_operands[slot]; }

    // Every result passes here: no negative, empty or unreasonably large tensor leaves.
    Result<Shape> result(Dims dims) const
    {
        for (const std::int64_t dim : dims)
            if (dim < 1)
                return mismatch("the result would be empty");
        const auto count = checkedElementCount(dims);
        if (!count || *count > largestTensor)
            return tooLarge();
        return Shape(std::move(dims));
    }
    Result<Shape> asFirst(std::size_t count) const
    {
        if (!hasCount(count, count))
            return wrongCount(count, count);
        return result(at(0).dims());
    }
    Result<void> checkWindow(const Window &window) const;
    Result<Shape> pooled(const Window &window) const;
    // Sizes of H and W after the window slid over them.
    Result<std::array<std::int64_t, 2>> slid(const Window &window, const Shape &input) const;
    Result<void> checkBias(std::size_t slot, std::int64_t outputs) const;

    std::string_view m_kind;
    Operands m_operands;
};

// NumPy broadcasting of two dimension lists; nothing when they do not fit.
std::optional<Dims> broadcastDims(const Dims &a, const Dims &b)
{
    const Dims &longer = a.size() >= b.size() ? a : b;
    const Dims &shorter = a.size() >= b.size() ? b : a;
    Dims dims = longer;
    const std::size_t offset = longer.size() - shorter.size();
    for (std::size_t i = 0; i < shorter.size(); ++i) {
        std::int64_t &dim = dims[offset + i];
        if (dim == 1)
            dim = shorter[i];
        else if (shorter[i] != 1 && shorter[i] != dim)
            return std::nullopt;
    }
    return dims;
}

bool isWithin(std::int64_t value, std::int64_t least, std::int64_t most)
{
    return value >= least && value <= most;
}

std::int64_t windowExtent(const Window &window, int axis)
{
    // checkWindow bounds both factors by 2^31, so this cannot wrap.
    return window.dilation[axis] * (window.kernel[axis] - 1) + 1;
}

Result<void> Inference::checkWindow(const Window &window) const
{
    for (int axis = 0; axis < 2; ++axis) {
        if (!isWithin(window.kernel[axis], 1, largestSetting) ||
            !isWithin(window.stride[axis], 1, largestSetting) ||
            !isWithin(window.dilation[axis], 1, largestSetting))
            return mismatch("kernel, stride and dilation are 1 or more");
        if (!isWithin(window.padBegin[axis], 0, largestSetting) ||
            !isWithin(window.padEnd[axis], 0, largestSetting))
            return mismatch("padding is 0 or more");
    }
    return {};
}

Result<std::array<std::int64_t, 2>> Inference::slid(const Window &window, const Shape &input) const
{
    if (auto ok = checkWindow(window); !ok)
        return passOn(std::move(ok));
    std::array<std::int64_t, 2> sizes{};
    for (int axis = 0; axis < 2; ++axis) {
        // Dimensions are below 2^40, pads below 2^31: the sum cannot wrap.
        const std::int64_t padded = input[2 + axis] + window.padBegin[axis] + window.padEnd[axis];
        const std::int64_t room = padded - windowExtent(window, axis);
        if (room < 0)
            return mismatch("the window is larger than the padded input");
        sizes[axis] = room / window.stride[axis] + 1;
    }
    return sizes;
}

Result<void> Inference::checkBias(std::size_t slot, std::int64_t outputs) const
{
    if (has(slot) && at(slot) != Shape{outputs})
        return mismatch("the bias has one value per output channel");
    return {};
}

Result<Shape> Inference::operator()(const Convolution &convolution) const
{
    if (!hasCount(2, 3))
        return wrongCount(2, 3);
    const Shape &x = at(0);
    const Shape &weights = at(1);
    if (x.rank() != 4 || weights.rank() != 4)
        return mismatch("input and weights have four dimensions");
    const std::int64_t groups = convolution.groups;
    if (groups < 1 || x[1] % groups != 0 || weights[0] % groups != 0 || weights[1] != x[1] / groups)
        return mismatch("weights are outputs × inputs/groups × kernel");
    if (weights[2] != convolution.window.kernel[0] || weights[3] != convolution.window.kernel[1])
        return mismatch("the weights have the size of the window");
    const auto padCount = static_cast<std::int64_t>(convolution.padValues.size());
    if (padCount != 0 && padCount != x[1])
        return mismatch("there is one padding value per input channel, or none");
    if (auto ok = checkBias(2, weights[0]); !ok)
        return passOn(std::move(ok));
    const auto sizes = slid(convolution.window, x);
    if (!sizes)
        return std::unexpected(sizes.error());
    return result({x[0], weights[0], (*sizes)[0], (*sizes)[1]});
}

Result<Shape> Inference::operator()(const TransposedConvolution &convolution) const
{
    if (!hasCount(2, 3))
        return wrongCount(2, 3);
    const Shape &x = at(0);
    const Shape &weights = at(1);
    const Window &window = convolution.window;
    if (x.rank() != 4 || weights.rank() != 4)
        return mismatch("input and weights have four dimensions");
    const std::int64_t groups = convolution.groups;
    if (groups < 1 || x[1] % groups != 0 || weights[0] != x[1])
        return mismatch("weights are inputs × outputs/groups × kernel");
    if (weights[2] != window.kernel[0] || weights[3] != window.kernel[1])
        return mismatch("the weights have the size of the window");
    const auto outputs = checkedMul(weights[1], groups);
    if (!outputs)
        return tooLarge();
    if (auto ok = checkBias(2, *outputs); !ok)
        return passOn(std::move(ok));
    if (auto ok = checkWindow(window); !ok)
        return passOn(std::move(ok));
    Dims dims{x[0], *outputs, 0, 0};
    for (int axis = 0; axis < 2; ++axis) {
        if (!isWithin(convolution.outputPadding[axis], 0, largestSetting))
            return mismatch("padding is 0 or more");
        const auto spread = checkedMul(window.stride[axis], x[2 + axis] - 1);
        const auto full = spread ? checkedAdd(*spread, windowExtent(window, axis)) : spread;
        const auto grown = full ? checkedAdd(*full, convolution.outputPadding[axis]) : full;
        if (!grown)
            return tooLarge();
        dims[2 + axis] = *grown - window.padBegin[axis] - window.padEnd[axis];
    }
    return result(std::move(dims));
}

Result<Shape> Inference::operator()(const FullyConnected &) const
{
    if (!hasCount(2, 3))
        return wrongCount(2, 3);
    const Shape &x = at(0);
    const Shape &weights = at(1);
    if (x.rank() < 1 || weights.rank() != 2 || weights[1] != x.back())
        return mismatch("weights are outputs × inputs, inputs being the last dimension");
    if (auto ok = checkBias(2, weights[0]); !ok)
        return passOn(std::move(ok));
    Dims dims = x.dims();
    dims.back() = weights[0];
    return result(std::move(dims));
}

Result<Shape> Inference::operator()(const MatMul &) const
{
    if (!hasCount(2, 2))
        return wrongCount(2, 2);
    const Dims &a = at(0).dims();
    const Dims &b = at(1).dims();
    if (a.size() < 2 || b.size() < 2)
        return mismatch("both operands have two dimensions or more");
    if (a.back() != b[b.size() - 2])
        return mismatch("columns of the first equal rows of the second");
    auto dims = broadcastDims(Dims(a.begin(), a.end() - 2), Dims(b.begin(), b.end() - 2));
    if (!dims)
        return mismatch("the leading dimensions are equal or 1");
    dims->push_back(a[a.size() - 2]);
    dims->push_back(b.back());
    return result(std::move(*dims));
}

Result<Shape> Inference::operator()(const BatchNormalization &) const
{
    if (!hasCount(5, 5))
        return wrongCount(5, 5);
    const Shape &x = at(0);
    if (x.rank() < 2)
        return mismatch("the input has channels");
    for (std::size_t slot = 1; slot < 5; ++slot)
        if (at(slot) != Shape{x[1]})
            return mismatch("scale, shift, mean and variance have one value per channel");
    return result(x.dims());
}

Result<Shape> Inference::operator()(const LayerNormalization &normalization) const
{
    if (!hasCount(1, 3))
        return wrongCount(1, 3);
    const Dims &x = at(0).dims();
    if (!isWithin(normalization.axis, 0, std::int64_t(x.size()) - 1))
        return mismatch("the axis is a dimension of the input");
    const Shape normalised(Dims(x.begin() + normalization.axis, x.end()));
    for (std::size_t slot = 1; slot < 3; ++slot)
        if (has(slot) && at(slot) != normalised)
            return mismatch("gamma and beta have the normalised dimensions");
    return result(x);
}

Result<Shape> Inference::operator()(const ParametricRelu &) const
{
    if (!hasCount(2, 2))
        return wrongCount(2, 2);
    const auto dims = broadcastDims(at(0).dims(), at(1).dims());
    if (!dims || *dims != at(0).dims())
        return mismatch("the slope broadcasts to the input");
    return result(*dims);
}

Result<Shape> Inference::operator()(const Binary &) const
{
    if (!hasCount(2, 2))
        return wrongCount(2, 2);
    auto dims = broadcastDims(at(0).dims(), at(1).dims());
    if (!dims)
        return mismatch("dimensions are equal or 1, counted from the last");
    return result(std::move(*dims));
}

Result<Shape> Inference::pooled(const Window &window) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    const Shape &x = at(0);
    if (x.rank() != 4)
        return mismatch("the input has four dimensions");
    const auto sizes = slid(window, x);
    if (!sizes)
        return std::unexpected(sizes.error());
    for (int axis = 0; axis < 2; ++axis) {
        const std::int64_t lastStart =
            ((*sizes)[axis] - 1) * window.stride[axis] - window.padBegin[axis];
        if (window.padBegin[axis] >= windowExtent(window, axis) || lastStart >= x[2 + axis])
            return mismatch("every window covers some of the input");
    }
    return result({x[0], x[1], (*sizes)[0], (*sizes)[1]});
}

Result<Shape> Inference::operator()(const Reduce &reduce) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    const Dims &x = at(0).dims();
    std::vector<bool> isReduced(x.size(), false);
    std::int64_t previous = -1;
    for (const std::int64_t axis : reduce.axes) {
        if (axis <= previous || axis >= std::int64_t(x.size()))
            return mismatch("axes are ascending dimensions of the input");
        isReduced[static_cast<std::size_t>(axis)] = true;
        previous = axis;
    }
    Dims dims;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (!isReduced[i])
            dims.push_back(x[i]);
        else if (x[i] < 1)
            return mismatch("the result would be empty");
        else if (reduce.keepDimensions)
            dims.push_back(1);
    }
    return result(std::move(dims));
}

Result<Shape> Inference::operator()(const Concat &concat) const
{
    constexpr std::size_t most = 65536;
    if (m_operands.empty() || m_operands.size() > most || !hasCount(m_operands.size(), most))
        return wrongCount(1, most);
    Dims dims = at(0).dims();
    if (!isWithin(concat.axis, 0, std::int64_t(dims.size()) - 1))
        return mismatch("the axis is a dimension of the operands");
    const auto axis = static_cast<std::size_t>(concat.axis);
    for (std::size_t slot = 1; slot < m_operands.size(); ++slot) {
        const Dims &other = at(slot).dims();
        if (other.size() != dims.size())
            return mismatch("all operands have the same number of dimensions");
        for (std::size_t i = 0; i < dims.size(); ++i)
            if (i != axis && other[i] != dims[i])
                return mismatch("all operands agree outside the joined dimension");
        const auto sum = checkedAdd(dims[axis], other[axis]);
        if (!sum)
            return tooLarge();
        dims[axis] = *sum;
    }
    return result(std::move(dims));
}

Result<Shape> Inference::operator()(const Slice &slice) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    const Dims &x = at(0).dims();
    if (slice.begin.size() != x.size() || slice.size.size() != x.size() ||
        slice.step.size() != x.size())
        return mismatch("begin, size and step have one entry per dimension");
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (slice.step[i] == 0)
            return mismatch("a step is not 0");
        if (slice.size[i] < 1 || !isWithin(slice.begin[i], 0, x[i] - 1))
            return mismatch("the slice lies inside the input");
        const auto span = checkedMul(slice.size[i] - 1, slice.step[i]);
        const auto last = span ? checkedAdd(slice.begin[i], *span) : span;
        if (!last || !isWithin(*last, 0, x[i] - 1))
            return mismatch("the slice lies inside the input");
    }
    return result(slice.size);
}

Result<Shape> Inference::operator()(const Reshape &reshape) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    auto shape = result(reshape.shape);
    if (!shape)
        return shape;
    const auto before = checkedElementCount(at(0).dims());
    if (!before || *before != shape->elementCount())
        return mismatch("the target " + shape->text() + " has as many elements as the input");
    return shape;
}

Result<Shape> Inference::operator()(const Transpose &transpose) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    const Dims &x = at(0).dims();
    std::vector<bool> isUsed(x.size(), false);
    Dims dims;
    for (const std::int64_t axis : transpose.permutation) {
        if (!isWithin(axis, 0, std::int64_t(x.size()) - 1) || isUsed[std::size_t(axis)])
            return mismatch("the permutation names every dimension once");
        isUsed[std::size_t(axis)] = true;
        dims.push_back(x[std::size_t(axis)]);
    }
    if (dims.size() != x.size())
        return mismatch("the permutation names every dimension once");
    return result(std::move(dims));
}

Result<Shape> Inference::operator()(const Resize &resize) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    const Shape &x = at(0);
    if (x.rank() != 4)
        return mismatch("the input has four dimensions");
    for (const float scale : resize.scale)
        if (!std::isfinite(scale) || scale <= 0)
            return mismatch("scales are positive");
    return result({x[0], x[1], resize.size[0], resize.size[1]});
}

Result<Shape> Inference::operator()(const Softmax &softmax) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    if (!isWithin(softmax.axis, 0, std::int64_t(at(0).rank()) - 1))
        return mismatch("the axis is a dimension of the input");
    return result(at(0).dims());
}

Result<Shape> Inference::operator()(const Pad &pad) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    Dims dims = at(0).dims();
    if (pad.begin.size() != dims.size() || pad.end.size() != dims.size())
        return mismatch("begin and end have one entry per dimension");
    for (std::size_t i = 0; i < dims.size(); ++i) {
        if (!isWithin(pad.begin[i], -largestSetting, largestSetting) ||
            !isWithin(pad.end[i], -largestSetting, largestSetting))
            return tooLarge();
        if (pad.mode == PadMode::reflect && (pad.begin[i] >= dims[i] || pad.end[i] >= dims[i]))
            return mismatch("a reflected border is narrower than the input");
        if (-pad.begin[i] >= dims[i] || -pad.end[i] >= dims[i])
            return mismatch("a crop leaves some of the input");
        dims[i] += pad.begin[i] + pad.end[i];
    }
    return result(std::move(dims));
}

Result<Shape> Inference::operator()(const DepthToSpace &depthToSpace) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    const Shape &x = at(0);
    const std::int64_t block = depthToSpace.block;
    if (x.rank() != 4 || !isWithin(block, 1, largestSetting) || x[1] % (block * block) != 0)
        return mismatch("the channels divide by the square of the block");
    const auto height = checkedMul(x[2], block);
    const auto width = checkedMul(x[3], block);
    if (!height || !width)
        return tooLarge();
    return result({x[0], x[1] / (block * block), *height, *width});
}

Result<Shape> Inference::operator()(const SpaceToDepth &spaceToDepth) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    const Shape &x = at(0);
    const std::int64_t block = spaceToDepth.block;
    if (x.rank() != 4 || !isWithin(block, 1, largestSetting) || x[2] % block != 0 ||
        x[3] % block != 0)
        return mismatch("height and width divide by the block");
    const auto channels = checkedMul(x[1], block * block);
    if (!channels)
        return tooLarge();
    return result({x[0], *channels, x[2] / block, x[3] / block});
}

Result<Shape> Inference::operator()(const Gather &gather) const
{
    if (!hasCount(2, 2))
        return wrongCount(2, 2);
    const Dims &x = at(0).dims();
    const Dims &indices = at(1).dims();
    if (!isWithin(gather.axis, 0, std::int64_t(x.size()) - 1))
        return mismatch("the axis is a dimension of the input");
    Dims dims(x.begin(), x.begin() + gather.axis);
    dims.insert(dims.end(), indices.begin(), indices.end());
    dims.insert(dims.end(), x.begin() + gather.axis + 1, x.end());
    return result(std::move(dims));
}

Result<Shape> Inference::operator()(const Broadcast &broadcast) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    const auto dims = broadcastDims(at(0).dims(), broadcast.shape);
    if (!dims || *dims != broadcast.shape)
        return mismatch("the input broadcasts to " + Shape(broadcast.shape).text());
    return result(*dims);
}

Result<Shape> Inference::operator()(const RmsNormalization &normalization) const
{
    if (!hasCount(1, 2))
        return wrongCount(1, 2);
    const Dims &x = at(0).dims();
    if (!isWithin(normalization.axis, 0, std::int64_t(x.size()) - 1))
        return mismatch("the axis is a dimension of the input");
    if (has(1) && at(1) != Shape(Dims(x.begin() + normalization.axis, x.end())))
        return mismatch("gamma has the normalised dimensions");
    return result(x);
}

Result<Shape> Inference::operator()(const Select &) const
{
    if (!hasCount(3, 3))
        return wrongCount(3, 3);
    auto dims = broadcastDims(at(1).dims(), at(2).dims());
    if (dims)
        dims = broadcastDims(*dims, at(0).dims());
    if (!dims)
        return mismatch("dimensions are equal or 1, counted from the last");
    return result(std::move(*dims));
}

Result<Shape> Inference::operator()(const ArgReduce &reduce) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    Dims dims = at(0).dims();
    if (!isWithin(reduce.axis, 0, std::int64_t(dims.size()) - 1))
        return mismatch("the axis is a dimension of the input");
    if (reduce.keepDimensions)
        dims[std::size_t(reduce.axis)] = 1;
    else
        dims.erase(dims.begin() + reduce.axis);
    return result(std::move(dims));
}

Result<Shape> Inference::operator()(const TopK &top) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    Dims dims = at(0).dims();
    if (!isWithin(top.axis, 0, std::int64_t(dims.size()) - 1))
        return mismatch("the axis is a dimension of the input");
    if (!isWithin(top.count, 1, dims[std::size_t(top.axis)]))
        return mismatch("no more elements are taken than the axis has");
    dims[std::size_t(top.axis)] = top.count;
    return result(std::move(dims));
}

Result<Shape> Inference::operator()(const GatherElements &gather) const
{
    if (!hasCount(2, 2))
        return wrongCount(2, 2);
    const Dims &x = at(0).dims();
    const Dims &indices = at(1).dims();
    if (!isWithin(gather.axis, 0, std::int64_t(x.size()) - 1) || indices.size() != x.size())
        return mismatch("indices have the dimensions of the input, one of which is the axis");
    for (std::size_t i = 0; i < x.size(); ++i)
        if (std::int64_t(i) != gather.axis && indices[i] > x[i])
            return mismatch("indices are no larger than the input outside the axis");
    return result(indices);
}

Result<Shape> Inference::operator()(const GatherNd &gather) const
{
    if (!hasCount(2, 2))
        return wrongCount(2, 2);
    const Dims &x = at(0).dims();
    const Dims &indices = at(1).dims();
    const std::int64_t batch = gather.batchDimensions;
    if (indices.empty() || batch < 0 || batch >= std::int64_t(indices.size()) ||
        batch > std::int64_t(x.size()) ||
        !std::equal(x.begin(), x.begin() + batch, indices.begin()))
        return mismatch("both operands share the batch dimensions");
    const std::int64_t depth = indices.back();
    if (!isWithin(depth, 1, std::int64_t(x.size()) - batch))
        return mismatch("the last dimension of the indices is no longer than a place");
    Dims dims(indices.begin(), indices.end() - 1);
    dims.insert(dims.end(), x.begin() + batch + depth, x.end());
    return result(std::move(dims));
}

Result<Shape> Inference::operator()(const ScatterElements &scatter) const
{
    if (!hasCount(3, 3))
        return wrongCount(3, 3);
    const Dims &x = at(0).dims();
    const Dims &indices = at(1).dims();
    if (!isWithin(scatter.axis, 0, std::int64_t(x.size()) - 1) || indices.size() != x.size() ||
        at(2).dims() != indices)
        return mismatch("indices and updates have the dimensions of the input");
    for (std::size_t i = 0; i < x.size(); ++i)
        if (std::int64_t(i) != scatter.axis && indices[i] > x[i])
            return mismatch("indices are no larger than the input outside the axis");
    return result(x);
}

Result<Shape> Inference::operator()(const ScatterNd &) const
{
    if (!hasCount(3, 3))
        return wrongCount(3, 3);
    const Dims &x = at(0).dims();
    const Dims &indices = at(1).dims();
    if (indices.empty() || !isWithin(indices.back(), 1, std::int64_t(x.size())))
        return mismatch("the last dimension of the indices is no longer than a place");
    Dims updates(indices.begin(), indices.end() - 1);
    updates.insert(updates.end(), x.begin() + indices.back(), x.end());
    if (at(2).dims() != updates)
        return mismatch("there is one update per place");
    return result(x);
}

Result<Shape> Inference::operator()(const CumulativeSum &sum) const
{
    if (!hasCount(1, 1))
        return wrongCount(1, 1);
    if (!isWithin(sum.axis, 0, std::int64_t(at(0).rank()) - 1))
        return mismatch("the axis is a dimension of the input");
    return result(at(0).dims());
}

Result<Shape> Inference::operator()(const GridSample &) const
{
    if (!hasCount(2, 2))
        return wrongCount(2, 2);
    const Shape &x = at(0);
    const Shape &grid = at(1);
    if (x.rank() != 4 || grid.rank() != 4 || grid[0] != x[0] || grid[3] != 2)
        return mismatch("the grid is N×height×width×2");
    return result({x[0], x[1], grid[1], grid[2]});
}

Result<Shape> Inference::operator()(const RoiAlign &align) const
{
    if (!hasCount(3, 3))
        return wrongCount(3, 3);
    const Shape &x = at(0);
    const Shape &boxes = at(1);
    if (x.rank() != 4 || boxes.rank() != 2 || boxes[1] != 4 || at(2) != Shape{boxes[0]})
        return mismatch("there are four numbers and one picture per box");
    if (!isWithin(align.size[0], 1, largestSetting) || !isWithin(align.size[1], 1, largestSetting))
        return mismatch("the size is 1 or more");
    return result({boxes[0], x[1], align.size[0], align.size[1]});
}

Result<Shape> Inference::operator()(const Recurrent &recurrent) const
{
    if (!hasCount(3, 7))
        return wrongCount(3, 7);
    const std::int64_t directions = recurrent.direction == Recurrent::Direction::both ? 2 : 1;
    const std::int64_t gates = recurrent.cell == RecurrentCell::rnn    ? 1
                               : recurrent.cell == RecurrentCell::lstm ? 4
                                                                       : 3;
    const std::size_t functions = recurrent.cell == RecurrentCell::rnn    ? 1
                                  : recurrent.cell == RecurrentCell::lstm ? 3
                                                                          : 2;
    const std::int64_t hidden = recurrent.hiddenSize;
    constexpr std::int64_t most = 1 << 24;
    if (!isWithin(hidden, 1, most) ||
        recurrent.activations.size() != functions * std::size_t(directions))
        return mismatch("the hidden size is positive and every gate has a function");
    const Shape &x = at(0);
    if (x.rank() != 3 || at(1) != Shape{directions, gates * hidden, x[2]} ||
        at(2) != Shape{directions, gates * hidden, hidden})
        return mismatch("weights are directions × gates·hidden × inputs");
    const Shape state{directions, x[1], hidden};
    if ((has(3) && at(3) != Shape{directions, 2 * gates * hidden}) || (has(4) && at(4) != state) ||
        (has(5) && at(5) != state) || (has(6) && at(6) != Shape{directions, 3 * hidden}))
        return mismatch("bias, initial states and peepholes suit the weights");
    if (recurrent.result == Recurrent::Result::sequence)
        return result({x[0], directions, x[1], hidden});
    return result(state.dims());
}

} // namespace

Result<Shape> inferShape(const Attributes &attributes, Operands operands)
{
    const Inference inference(attributes, operands);
    // A stated input shape is untrusted too: no rule below may meet a wrapped product.
    for (const Shape *shape : operands) {
        if (shape && !checkedElementCount(shape->dims()))
            return fail(Diagnostic("shape.too-large")
                            .with("kind", std::string(kindName(attributes)))
                            .with("shapes", shapesText(operands)));
    }
    return std::visit(inference, attributes);
}

Result<TensorId> addLayer(GraphBuilder &builder, std::string name, Attributes attributes,
                          std::vector<TensorId> inputs, GraphBuilder::Options options)
{
    std::vector<const Shape *> operands;
    operands.reserve(inputs.size());
    for (const TensorId input : inputs)
        operands.push_back(input.isValid() ? &builder.tensor(input).shape : nullptr);
    auto shape = inferShape(attributes, operands);
    if (!shape) {
        for (Diagnostic &diagnostic : shape.error())
            diagnostic.place.layer = name;
        return passOn(std::move(shape));
    }
    return builder.layer(std::move(name), std::move(attributes), std::move(inputs),
                         std::move(*shape), std::move(options));
}

} // namespace hefstudio
