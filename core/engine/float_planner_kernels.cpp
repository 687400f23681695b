// The layers that a kernel of the library runs, and how their work is cut into chunks: bands of
// rows where the picture is large, slices of output channels where the weights are. One thread runs
// a chunk, so that neither bits nor speed depend on who else is on the machine, and what follows
// (activation, residual) finds the chunk's result in the cache.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/float_planner.h"

#include <algorithm>
#include <utility>
#include <map>
#include <tuple>

namespace hefstudio {

namespace {

using dnnl_wrapper::ConvolutionSettings;
using dnnl_wrapper::KernelPointer;
using dnnl_wrapper::PictureSize;
using dnnl_wrapper::ProductSettings;

PictureSize pictureSize(const Shape &shape)
{
    return {shape[0], shape[1], shape[2], shape[3]};
}

std::int64_t countOf(const PictureSize &size)
{
    return size.batch * size.channels * size.height * size.width;
}

Shape foldedToRows(const Shape &shape)
{
    const std::int64_t columns = shape.back();
    return {columns == 0 ? 0 : shape.elementCount() / columns, columns};
}

Shape withRank(const Shape &shape, std::size_t rank)
{
    std::vector<std::int64_t> dims(rank - shape.rank(), 1);
    dims.insert(dims.end(), shape.begin(), shape.end());
    return Shape(std::move(dims));
}

std::int64_t dividedUp(std::int64_t a, std::int64_t b)
{
    return (a + b - 1) / b;
}

// A chunk should last some 15 µs and leave room for its result in the second cache.
std::int64_t chunksWanted(double multiplyAdds, std::int64_t resultValues)
{
    constexpr double leastWork = 1.5e6;
    constexpr std::int64_t mostValues = 131072;
    const auto byWork =
        std::clamp<std::int64_t>(static_cast<std::int64_t>(multiplyAdds / leastWork), 1, 8);
    return byWork == 1 ? 1 : std::clamp<std::int64_t>(resultValues / mostValues, byWork, 32);
}

// Rows per band so that two threads finish at about the same time: the least of the longer share,
// and among equals the smaller bands.
std::int64_t rowsPerBand(std::int64_t rows, std::int64_t most)
{
    std::int64_t best = rows, bestShare = rows;
    for (std::int64_t bands = 2; bands <= std::min(most, rows); ++bands) {
        const std::int64_t each = dividedUp(rows, bands);
        const std::int64_t share = std::min(rows, dividedUp(dividedUp(rows, each), 2) * each);
        if (share <= bestShare) {
            best = each;
            bestShare = share;
        }
    }
    return best;
}

// What the library's own post-operations do as fast as a loop over the result would.
bool isCheapInLibrary(const ScalarFunction &function)
{
    switch (function.function) {
    case Function::identity:
    case Function::relu:
    case Function::leakyRelu:
    case Function::clip:
        return true;
    default:
        return !hasVectorLoop(function) && dnnl_wrapper::canFuse(function);
    }
}

// A kernel for a band: the rows of its source that exist, and how many it must imagine above them.
struct Band {
    std::int64_t sourceRows = 0, resultRows = 0, padBegin = 0;
    friend auto operator<=>(const Band &, const Band &) = default;
};

template<class Make>
std::vector<KernelPart> bandParts(const PictureSize &source, const PictureSize &result,
                                  const Window &window, std::int64_t chunks, const Make &make)
{
    const std::int64_t each = rowsPerBand(result.height, dividedUp(chunks, result.batch));
    const std::int64_t reach = (window.kernel[0] - 1) * window.dilation[0] + 1;
    std::map<Band, std::shared_ptr<const dnnl_wrapper::Kernel>> made;
    std::vector<KernelPart> parts;
    for (std::int64_t n = 0; n < result.batch; ++n) {
        for (std::int64_t y = 0; y < result.height; y += each) {
            const std::int64_t rows = std::min(each, result.height - y);
            const std::int64_t begin = y * window.stride[0] - window.padBegin[0];
            const std::int64_t end =
                std::min(source.height, begin + (rows - 1) * window.stride[0] + reach);
            const std::int64_t from = std::max<std::int64_t>(0, begin);
            const Band band{end - from, rows, from - begin};
            if (band.sourceRows <= 0 || band.padBegin >= reach)
                return {};
            auto &kernel = made[band];
            if (!kernel)
                kernel = make(band);
            if (!kernel)
                return {};
            const std::int64_t sourceRow = source.width * source.channels;
            const std::int64_t resultRow = result.width * result.channels;
            parts.push_back({.kernel = kernel,
                             .source = (n * source.height + from) * sourceRow,
                             .destination = (n * result.height + y) * resultRow,
                             .rows = rows * result.width,
                             .columns = result.channels,
                             .destinationRow = result.channels});
        }
    }
    return parts;
}

// Slices of the output channels; the result of each is a dense picture of its own at first.
std::vector<KernelPart> channelParts(const ConvolutionSettings &settings, std::int64_t slices)
{
    const std::int64_t channels = settings.destination.channels;
    const auto perChannel = static_cast<std::int64_t>(settings.weights.size()) / channels;
    const std::int64_t each = dividedUp(dividedUp(channels, slices), 16) * 16;
    std::vector<KernelPart> parts;
    for (std::int64_t begin = 0; begin < channels; begin += each) {
        const std::int64_t count = std::min(each, channels - begin);
        ConvolutionSettings part = settings;
        part.destination.channels = count;
        part.weights = settings.weights.subspan(static_cast<std::size_t>(begin * perChannel),
                                                static_cast<std::size_t>(count * perChannel));
        if (!settings.bias.empty())
            part.bias = settings.bias.subspan(static_cast<std::size_t>(begin),
                                              static_cast<std::size_t>(count));
        KernelPointer kernel = dnnl_wrapper::makeConvolution(part);
        if (!kernel)
            return {};
        const std::int64_t pixels = countOf(settings.destination) / channels;
        parts.push_back({.kernel = std::move(kernel),
                         .destination = begin,
                         .rows = pixels,
                         .columns = count,
                         .destinationRow = pixels == 1 ? count : channels});
    }
    return parts;
}

std::vector<KernelPart> convolutionParts(ConvolutionSettings settings)
{
    PictureSize &source = settings.source, &result = settings.destination;
    const Window &window = settings.window;
    const bool isPointwise = window.kernel[0] == 1 && window.kernel[1] == 1 &&
                             window.stride[0] == 1 && window.stride[1] == 1 &&
                             source.height == result.height && source.width == result.width;
    const auto weights = static_cast<std::int64_t>(settings.weights.size());
    const double work = static_cast<double>(countOf(result)) * static_cast<double>(weights) /
                        static_cast<double>(result.channels);
    const std::int64_t chunks = chunksWanted(work, countOf(result));
    constexpr std::int64_t manyWeights = 131072; // a quarter of the second cache
    if (chunks > 1 && settings.groups == 1 && result.batch == 1 && result.channels >= 64 &&
        (isPointwise ? result.height * result.width < 4
                     : result.height < 4 || (weights > manyWeights &&
                                             weights > 2 * countOf(source))))
        if (auto parts = channelParts(settings, std::min<std::int64_t>(4, chunks)); !parts.empty())
            return parts;
    if (isPointwise && weights > manyWeights && weights > 4 * countOf(source) && chunks > 1 &&
        settings.groups == 1 && result.channels >= 64)
        if (auto parts = channelParts(settings, std::min<std::int64_t>(4, chunks)); !parts.empty())
            return parts;
    if (isPointwise && settings.groups == 1) { // pixels are rows, of one pixel each
        for (PictureSize *size : {&source, &result}) {
            size->height *= size->width * size->batch;
            size->width = size->batch = 1;
        }
    }
    settings.packed = dnnl_wrapper::makePackedWeights();
    const auto make = [&](const Band &band) {
        ConvolutionSettings part = settings;
        part.source.batch = part.destination.batch = 1;
        part.source.height = band.sourceRows;
        part.destination.height = band.resultRows;
        part.window.padBegin[0] = band.padBegin;
        if (isPointwise && settings.groups == 1) {
            std::swap(part.source.height, part.source.width);
            std::swap(part.destination.height, part.destination.width);
        }
        return dnnl_wrapper::makeConvolution(part);
    };
    std::vector<KernelPart> parts = bandParts(source, result, window, chunks, make);
    if (parts.empty() && chunks > 1) // no kernel for one of the bands
        parts = bandParts(source, result, window, 1, make);
    return parts;
}

// left [M,K] × weights [N,K], in bands of rows or, where the weights are the larger part, in slices
// of columns.
std::vector<KernelPart> productParts(ProductSettings settings)
{
    const std::int64_t rows = settings.left[0], depth = settings.left[1];
    const std::int64_t columns = settings.destination[1];
    const double work =
        static_cast<double>(rows) * static_cast<double>(depth) * static_cast<double>(columns);
    const std::int64_t chunks = chunksWanted(work, rows * columns);
    constexpr std::int64_t manyWeights = 262144;
    std::vector<KernelPart> parts;
    const bool isSliced =
        rows < 4 || (depth * columns > manyWeights && columns > 2 * rows && depth > rows / 2);
    const std::int64_t each =
        isSliced ? dividedUp(dividedUp(columns, chunks), 16) * 16 : rowsPerBand(rows, chunks);
    if (isSliced) {
        for (std::int64_t begin = 0; begin < columns; begin += each) {
            const std::int64_t count = std::min(each, columns - begin);
            ProductSettings part = settings;
            part.right = {depth, count};
            part.destination = {rows, count};
            part.weights = settings.weights.subspan(static_cast<std::size_t>(begin * depth),
                                                    static_cast<std::size_t>(count * depth));
            if (!settings.bias.empty())
                part.bias = settings.bias.subspan(static_cast<std::size_t>(begin),
                                                  static_cast<std::size_t>(count));
            KernelPointer kernel = dnnl_wrapper::makeProduct(part);
            if (!kernel)
                return {};
            parts.push_back({.kernel = std::move(kernel),
                             .destination = begin,
                             .rows = rows,
                             .columns = count,
                             .destinationRow = rows == 1 ? count : columns});
        }
        return parts;
    }
    settings.packed = dnnl_wrapper::makePackedWeights();
    std::map<std::int64_t, std::shared_ptr<const dnnl_wrapper::Kernel>> made;
    for (std::int64_t begin = 0; begin < rows; begin += each) {
        const std::int64_t count = std::min(each, rows - begin);
        auto &kernel = made[count];
        if (!kernel) {
            ProductSettings part = settings;
            part.left = {count, depth};
            part.destination = {count, columns};
            kernel = dnnl_wrapper::makeProduct(part);
        }
        if (!kernel)
            return {};
        parts.push_back({.kernel = kernel,
                         .source = begin * depth,
                         .destination = begin * columns,
                         .rows = count,
                         .columns = columns,
                         .destinationRow = columns});
    }
    return parts;
}

// Products of two values: some of the batch each, or bands of rows where there is only one.
std::vector<KernelPart> batchParts(const ProductSettings &settings)
{
    const Shape &left = settings.left, &right = settings.right;
    const std::size_t rank = left.rank();
    const std::int64_t rows = left[rank - 2], depth = left[rank - 1], columns = right[rank - 1];
    const std::int64_t leftBatch = left.elementCount() / (rows * depth);
    const std::int64_t rightBatch = right.elementCount() / (depth * columns);
    const std::int64_t batch = settings.destination.elementCount() / (rows * columns);
    const double work = static_cast<double>(settings.destination.elementCount()) *
                        static_cast<double>(depth);
    const std::int64_t chunks = chunksWanted(work, settings.destination.elementCount());
    std::vector<KernelPart> parts;
    const auto whole = [&] {
        if (KernelPointer kernel = dnnl_wrapper::makeProduct(settings))
            parts.push_back({.kernel = std::move(kernel),
                             .rows = batch * rows,
                             .columns = columns,
                             .destinationRow = columns});
        return parts;
    };
    if (leftBatch != batch || rightBatch != batch)
        return whole();
    const bool isOne = batch == 1;
    const std::int64_t total = isOne ? rows : batch;
    const std::int64_t each = rowsPerBand(total, chunks);
    std::map<std::int64_t, std::shared_ptr<const dnnl_wrapper::Kernel>> made;
    for (std::int64_t begin = 0; begin < total; begin += each) {
        const std::int64_t count = std::min(each, total - begin);
        auto &kernel = made[count];
        if (!kernel) {
            ProductSettings part = settings;
            if (isOne) {
                part.left = {count, depth};
                part.right = {depth, columns};
                part.destination = {count, columns};
            } else {
                part.left = {count, rows, depth};
                part.right = {count, depth, columns};
                part.destination = {count, rows, columns};
            }
            kernel = dnnl_wrapper::makeProduct(part);
        }
        if (!kernel)
            return {};
        const std::int64_t resultRows = isOne ? count : count * rows;
        const std::int64_t firstRow = isOne ? begin : begin * rows;
        parts.push_back({.kernel = kernel,
                         .source = firstRow * depth,
                         .second = isOne ? 0 : begin * depth * columns,
                         .destination = firstRow * columns,
                         .rows = resultRows,
                         .columns = columns,
                         .destinationRow = columns});
    }
    return parts;
}

// Leaves to the library what it does well; the rest of the tail is for the epilogue.
ScalarFunction forLibrary(FusedTail &tail)
{
    if (!isCheapInLibrary(tail.epilogue.before))
        return {};
    return std::exchange(tail.epilogue.before, {});
}

} // namespace

bool FloatPlanner::finishKernels(const Layer &layer, std::vector<KernelPart> parts,
                                 std::vector<ValueIndex> reads, FusedTail tail, Layout layout)
{
    if (parts.empty())
        return false;
    take(tail.absorbed, tail.result);
    const ValueIndex residual =
        tail.epilogue.addsResidual ? need(tail.residual, layout) : noValue;
    const ValueIndex result = define(tail.result, layout);
    // Without a loop of ours only the layer's own activation can be there, and nothing after it.
    ScalarFunction left;
    if (!hasVectorLoop(tail.epilogue.before))
        left = std::exchange(tail.epilogue.before, {});
    addKernels(layer, std::move(parts), std::move(reads), result, tail.epilogue, residual);
    if (left.function != Function::identity)
        addFunction(layer, left, result, result);
    return true;
}

bool FloatPlanner::plan(const Layer &layer, const Convolution &convolution)
{
    const Shape &shape = shapeOf(layer.output);
    const Window &window = convolution.window;
    const std::span<const float> weights = constantOf(layer, 1);
    const bool needsBias = m_graph.hasInput(layer, 2);
    const std::span<const float> bias = constantOf(layer, 2);
    if (weights.empty() || (needsBias && bias.empty()) || shape.elementCount() == 0)
        return false;
    const bool padsValues =
        std::ranges::any_of(convolution.padValues, [](float value) { return value != 0; });
    // The library's kernels take zero padding narrower than the window.
    bool padsWide = false;
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::int64_t reach = (window.kernel[axis] - 1) * window.dilation[axis] + 1;
        padsWide = padsWide || window.padBegin[axis] >= reach || window.padEnd[axis] >= reach;
    }
    FusedTail tail = tailOf(layer, false);
    ConvolutionSettings settings;
    settings.source = pictureSize(shapeOf(layer.inputs[0]));
    settings.destination = pictureSize(shape);
    settings.window = window;
    settings.groups = convolution.groups;
    settings.weights = weights;
    settings.bias = bias;
    settings.activation = forLibrary(tail);
    if (padsValues || padsWide) {
        for (std::size_t axis = 0; axis < 2; ++axis) {
            const std::int64_t reach = (shape[2 + axis] - 1) * window.stride[axis] +
                                       (window.kernel[axis] - 1) * window.dilation[axis] + 1;
            (axis == 0 ? settings.source.height : settings.source.width) = reach;
            settings.window.padBegin[axis] = settings.window.padEnd[axis] = 0;
        }
    }
    std::vector<KernelPart> parts = convolutionParts(settings);
    if (parts.empty())
        return false;
    ValueIndex input = need(layer.inputs[0], Layout::channelsLast);
    if (padsValues || padsWide)
        input = padded(layer, input, window, shape, convolution.padValues);
    return finishKernels(layer, std::move(parts), {input}, std::move(tail), Layout::channelsLast);
}

bool FloatPlanner::plan(const Layer &layer, const TransposedConvolution &convolution)
{
    const Shape &shape = shapeOf(layer.output);
    const std::span<const float> weights = constantOf(layer, 1);
    const std::span<const float> bias = constantOf(layer, 2);
    if (weights.empty() || (m_graph.hasInput(layer, 2) && bias.empty()) ||
        shape.elementCount() == 0)
        return false;
    FusedTail tail = tailOf(layer, false);
    ConvolutionSettings settings;
    settings.source = pictureSize(shapeOf(layer.inputs[0]));
    settings.destination = pictureSize(shape);
    settings.window = convolution.window;
    settings.groups = convolution.groups;
    settings.weights = weights;
    settings.bias = bias;
    settings.activation = forLibrary(tail);
    KernelPointer kernel = dnnl_wrapper::makeTransposedConvolution(settings);
    if (!kernel)
        return false;
    const std::int64_t channels = shape[1];
    std::vector<KernelPart> parts;
    parts.push_back({.kernel = std::move(kernel),
                     .rows = shape.elementCount() / channels,
                     .columns = channels,
                     .destinationRow = channels});
    const ValueIndex input = need(layer.inputs[0], Layout::channelsLast);
    return finishKernels(layer, std::move(parts), {input}, std::move(tail), Layout::channelsLast);
}

bool FloatPlanner::plan(const Layer &layer, const FullyConnected &)
{
    const std::span<const float> weights = constantOf(layer, 1);
    const std::span<const float> bias = constantOf(layer, 2);
    const bool hasBias = m_graph.hasInput(layer, 2);
    if (weights.empty() || (hasBias && bias.empty()) ||
        shapeOf(layer.output).elementCount() == 0)
        return false;
    const Shape &weightShape = shapeOf(layer.inputs[1]);
    FusedTail tail = tailOf(layer, !hasBias);
    const ScalarFunction activation = forLibrary(tail);
    std::vector<KernelPart> parts = productParts({.left = foldedToRows(shapeOf(layer.inputs[0])),
                                                  .right = {weightShape[1], weightShape[0]},
                                                  .destination = foldedToRows(shapeOf(layer.output)),
                                                  .weights = weights,
                                                  .bias = hasBias ? bias : tail.bias,
                                                  .activation = activation});
    if (parts.empty())
        return false;
    const ValueIndex input = needPlain(layer, 0);
    return finishKernels(layer, std::move(parts), {input}, std::move(tail), Layout::plain);
}

bool FloatPlanner::plan(const Layer &layer, const MatMul &)
{
    const Shape &left = shapeOf(layer.inputs[0]);
    const Shape &right = shapeOf(layer.inputs[1]);
    const Shape &shape = shapeOf(layer.output);
    if (left.rank() < 2 || right.rank() < 2 || shape.elementCount() == 0 || left.back() == 0)
        return false;
    const std::span<const float> constant = constantOf(layer, 1);
    const bool isPacked = right.rank() == 2 && !constant.empty();
    FusedTail tail = tailOf(layer, isPacked);
    ProductSettings settings;
    settings.activation = forLibrary(tail);
    std::vector<float> transposed;
    if (right.rank() == 2) { // one product of many rows
        settings.left = foldedToRows(left);
        settings.right = right;
        settings.destination = foldedToRows(shape);
    } else {
        settings.left = withRank(left, shape.rank());
        settings.right = withRank(right, shape.rank());
        settings.destination = shape;
    }
    if (isPacked) {
        transposed.resize(constant.size());
        const loops::Strides to{1, right[0]};
        loops::run(loops::prepareCopy(right.dims(), right.strides(), to), constant.data(),
                   transposed.data());
        settings.weights = transposed;
        settings.bias = tail.bias;
    }
    std::vector<KernelPart> parts = isPacked ? productParts(settings) : batchParts(settings);
    if (parts.empty())
        return false;
    std::vector<ValueIndex> reads{needPlain(layer, 0)};
    if (!isPacked)
        reads.push_back(needPlain(layer, 1));
    return finishKernels(layer, std::move(parts), std::move(reads), std::move(tail),
                         Layout::plain);
}

bool FloatPlanner::planPool(const Layer &layer, dnnl_wrapper::Pool pool, const Window &window)
{
    const Shape &shape = shapeOf(layer.output);
    for (std::size_t axis = 0; axis < 2; ++axis) {
        // A window that sees nothing but padding is the reference's business.
        const std::int64_t reach = (window.kernel[axis] - 1) * window.dilation[axis] + 1;
        if (window.padBegin[axis] >= reach || window.padEnd[axis] >= reach ||
            window.dilation[axis] != 1)
            return false;
    }
    if (shape.elementCount() == 0)
        return false;
    const PictureSize source = pictureSize(shapeOf(layer.inputs[0])), result = pictureSize(shape);
    const auto make = [&](const Band &band) {
        PictureSize from = source, to = result;
        from.batch = to.batch = 1;
        from.height = band.sourceRows;
        to.height = band.resultRows;
        Window part = window;
        part.padBegin[0] = band.padBegin;
        return dnnl_wrapper::makePool(pool, from, to, part);
    };
    std::vector<KernelPart> parts =
        bandParts(source, result, window, chunksFor(countOf(source)), make);
    if (parts.empty())
        return false;
    const ValueIndex input = need(layer.inputs[0], Layout::channelsLast);
    return finishKernels(layer, std::move(parts), {input}, tailOf(layer, false),
                         Layout::channelsLast);
}

bool FloatPlanner::plan(const Layer &layer, const MaxPool &pool)
{
    return planPool(layer, dnnl_wrapper::Pool::maximum, pool.window);
}

bool FloatPlanner::plan(const Layer &layer, const AveragePool &pool)
{
    return planPool(layer,
                    pool.countIncludesPadding ? dnnl_wrapper::Pool::averageWithPadding
                                              : dnnl_wrapper::Pool::average,
                    pool.window);
}

} // namespace hefstudio
