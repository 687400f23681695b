// SPDX-License-Identifier: GPL-3.0-or-later
#include "mapping/layer_cost.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

double blocksOf(double channels, double lanes)
{
    return std::ceil(channels / lanes);
}

// Height, width and channels as the chip sees a value; rows of features where it is no picture.
struct Extent {
    double height = 1;
    double width = 1;
    double channels = 1;
};

Extent extentOf(const Shape &shape)
{
    Extent extent;
    if (shape.rank() == 4) {
        extent = {static_cast<double>(shape[2]), static_cast<double>(shape[3]),
                  static_cast<double>(shape[1])};
    } else if (shape.rank() > 0) {
        extent.channels = static_cast<double>(shape.back());
        extent.width = static_cast<double>(shape.elementCount()) / std::max(1.0, extent.channels);
    }
    return extent;
}

// The same for values that tokens or heads run through: the last axis holds the features.
Extent tokenExtentOf(const Shape &shape)
{
    Extent extent;
    if (shape.rank() == 0)
        return extent;
    extent.channels = static_cast<double>(shape.back());
    extent.height = static_cast<double>(shape.elementCount()) / std::max(1.0, extent.channels);
    return extent;
}

// Passes of 8 values; of a layer without a window, the better of both layouts.
double streamBlocks(const Shape &shape, double lanes, bool isSpatial)
{
    const Extent picture = extentOf(shape);
    const double spatial = picture.height * picture.width * blocksOf(picture.channels, lanes);
    if (isSpatial)
        return spatial;
    const Extent tokens = tokenExtentOf(shape);
    return std::min(spatial, tokens.height * blocksOf(tokens.channels, lanes));
}

class WorkOfLayers {
public:
    WorkOfLayers(const Graph &graph, std::span<const int> bits, const DeviceModel &device)
        : m_graph(graph), m_bits(bits), m_device(device)
    {
    }

    std::vector<LayerWork> all()
    {
        m_attends = std::ranges::any_of(m_graph.layers, [&](const Layer &layer) {
            return layer.is<LayerNormalization>() || layer.is<RmsNormalization>();
        });
        if (static_cast<double>(parameterCount(m_graph)) >= m_device.largeNetworkWeights)
            m_weightShare = m_device.largeNetworkWeightShare;
        std::vector<LayerWork> works;
        std::vector<double> depth(m_graph.tensors.size(), 0); // longest way from an input, periods
        for (const Layer &layer : m_graph.layers) {
            LayerWork work = of(layer);
            double start = 0;
            for (const TensorId input : layer.inputs)
                if (input.isValid())
                    start = std::max(start, depth[input.index()]);
            for (const TensorId input : layer.inputs)
                if (isValue(input))
                    work.bufferBytes += bufferBytes(layer, input, start - depth[input.index()]);
            work.startPeriods = start;
            work.endPeriods = start + work.fillPeriods;
            depth[layer.output.index()] = work.endPeriods;
            works.push_back(work);
        }
        return works;
    }

private:
    bool isValue(TensorId id) const { return id.isValid() && !m_graph.tensor(id).isConstant(); }
    bool isPictureInput(TensorId id) const
    {
        return isValue(id) && m_graph.tensor(id).shape.rank() == 4 &&
               m_graph.layer(m_graph.tensor(id).producer).is<Input>();
    }
    double bytesPerElement(TensorId id) const
    {
        return !m_bits.empty() && m_bits[id.index()] == 16 ? 2 : 1;
    }
    double blocks(double channels) const { return blocksOf(channels, m_device.lanes); }

    // Rows of an operand that must be there before the layer can work, and that pile up while it
    // waits for its other operands.
    double bufferBytes(const Layer &layer, TensorId input, double wait) const
    {
        if (layer.is<Reshape>() || layer.is<Input>())
            return 0;
        const Shape &shape = m_graph.tensor(input).shape;
        if (layer.is<MatMul>() && layer.inputs.size() > 1 && input == layer.inputs[1])
            return static_cast<double>(tensorBytes(m_graph, input, m_bits)); // read for every row
        const double height = shape.rank() == 4 && !isTokenwise(layer)
                                  ? static_cast<double>(shape[2])
                                  : tokenExtentOf(shape).height;
        double rows = 1;
        if (const Window *window = windowOf(layer))
            rows = static_cast<double>((window->kernel[0] - 1) * window->dilation[0] +
                                       window->stride[0]);
        const double share = std::min(1.0, (rows + m_device.slackRows) / std::max(1.0, height) +
                                               m_device.waitingShare * wait);
        return static_cast<double>(tensorBytes(m_graph, input, m_bits)) * share;
    }

    static const Window *windowOf(const Layer &layer)
    {
        if (const auto *convolution = layer.as<Convolution>())
            return &convolution->window;
        if (const auto *transposed = layer.as<TransposedConvolution>())
            return &transposed->window;
        if (const auto *maximum = layer.as<MaxPool>())
            return &maximum->window;
        if (const auto *average = layer.as<AveragePool>())
            return &average->window;
        return nullptr;
    }

    static bool isTokenwise(const Layer &layer)
    {
        return layer.is<MatMul>() || layer.is<FullyConnected>() || layer.is<Softmax>() ||
               layer.is<LayerNormalization>() || layer.is<RmsNormalization>() ||
               layer.is<Transpose>();
    }

    // Products of 16-bit values take a pass per byte of each operand.
    double passes(const Layer &layer) const
    {
        const double in = isValue(layer.inputs[0]) ? bytesPerElement(layer.inputs[0]) : 1;
        return in * bytesPerElement(layer.output);
    }

    // Kept in the pipeline of a convolution that feeds nothing else.
    bool ridesOnProducer(const Layer &layer) const
    {
        if (!layer.is<Binary>() && !layer.is<Elementwise>())
            return false;
        return std::ranges::any_of(layer.inputs, [&](TensorId id) {
            if (!isValue(id) || m_graph.tensor(id).consumers.size() != 1 || m_graph.isOutput(id))
                return false;
            const Layer &producer = m_graph.layer(m_graph.tensor(id).producer);
            return producer.is<Convolution>() || producer.is<TransposedConvolution>() ||
                   producer.is<FullyConnected>();
        });
    }

    double weightBytesOf(const Layer &layer) const
    {
        double elements = 0;
        for (const TensorId input : layer.inputs)
            if (input.isValid() && m_graph.tensor(input).isConstant() && !layer.is<Gather>())
                elements += static_cast<double>(m_graph.tensor(input).shape.elementCount());
        return elements * (passes(layer) >= 4 ? 2 : 1) * m_weightShare;
    }

    void setWeighted(LayerWork &work, double cycles, double outputChannels) const
    {
        work.computeCycles = m_attends ? cycles / m_device.tokenEfficiency : cycles;
        work.mostUnits = std::min(m_device.mostUnitsPerPiece, blocks(outputChannels));
        work.growsByPieces = true;
        work.control = 1;
    }

    void setConvolution(LayerWork &work, const Layer &layer, const Window &window, double groups,
                        const Extent &in, const Extent &out) const
    {
        const double taps =
            out.height * out.width * static_cast<double>(window.kernel[0] * window.kernel[1]);
        if (groups > 1 && groups == in.channels) {
            setWeighted(work, m_device.depthwiseFactor * taps * blocks(out.channels), out.channels);
        } else if (groups > 1) {
            const double widest = std::max(in.channels, out.channels);
            const double packed = groups * blocks(in.channels / groups) *
                                  blocks(out.channels / groups) *
                                  std::min(1.0, widest / (m_device.lanes * groups));
            const double spread = blocks(in.channels) * blocks(out.channels) / groups;
            setWeighted(work, taps * std::max(packed, spread), out.channels);
        } else {
            // The array as 8×8, or as 4 inputs by 16 outputs, whichever wastes less.
            const double square = blocks(in.channels) * blocks(out.channels);
            const double flat = blocksOf(in.channels, m_device.lanes / 2) *
                                blocksOf(out.channels, m_device.lanes * 2);
            setWeighted(work, taps * std::min(square, flat), out.channels);
        }
        work.fillPeriods =
            window.kernel[0] == 1
                ? 0.5 / std::max(1.0, in.height)
                : (static_cast<double>((window.kernel[0] - 1) * window.dilation[0]) + 2) /
                      (2 * std::max(1.0, in.height));
        work.computeCycles *= passes(layer);
    }

    // M×K times K×N, `batch` times.
    void setMatrix(LayerWork &work, const Layer &layer) const
    {
        const Shape &a = m_graph.inputOf(layer, 0).shape;
        const Shape &out = m_graph.outputOf(layer).shape;
        const double depth = a.rank() > 0 ? static_cast<double>(a.back()) : 1;
        const double columns = out.rank() > 0 ? static_cast<double>(out.back()) : 1;
        const double rows = static_cast<double>(out.elementCount()) / std::max(1.0, columns);
        setWeighted(work, rows * blocks(depth) * blocks(columns) * passes(layer), columns);
        const bool isComputed = layer.is<MatMul>() && isValue(layer.inputs[1]);
        if (isComputed) {
            work.computeCycles /= m_device.matrixEfficiency;
            work.control = m_device.controlMatrix;
        }
        work.fillPeriods = isComputed || rows <= 1 ? 1 : 0.1;
    }

    void setMovement(LayerWork &work, const Layer &layer) const
    {
        const bool changesOrder = layer.is<Transpose>() || layer.is<Gather>();
        if (changesOrder)
            work.streamCycles *= m_device.transposeFactor / m_device.streamFactor;
        else if (!layer.is<Concat>() && !layer.is<Slice>())
            work.streamCycles *= m_device.reformatFactor / m_device.streamFactor;
        work.control = changesOrder ? m_device.controlTranspose : m_device.controlMovement;
        work.computePerControl = 0.3;
        work.mostPieces = std::max(1.5, m_device.mostPieces / 4);
    }

    void setSimple(LayerWork &work, const Layer &layer, const Extent &in, const Extent &out) const
    {
        work.control = m_device.controlSimple;
        if (layer.is<MaxPool>() || layer.is<AveragePool>() || layer.is<Reduce>())
            work.fillPeriods = layer.is<Reduce>() ? 1 : 1 / std::max(1.0, in.height);
        if (layer.is<Resize>()) {
            work.mostPieces = std::max(1.5, m_device.mostPieces / 4);
            work.streamCycles *= m_device.reformatFactor / m_device.streamFactor;
        } else if (!layer.is<Binary>() && !layer.is<Elementwise>()) {
            setWork(work, out);
        }
    }

    void setWork(LayerWork &work, const Extent &out) const
    {
        work.computeCycles =
            m_device.depthwiseFactor * out.height * out.width * blocks(out.channels);
        work.mostUnits = std::min(m_device.mostUnitsPerPiece, blocks(out.channels));
    }

    LayerWork of(const Layer &layer) const
    {
        LayerWork work{.layer = layer.id};
        if (layer.is<Input>() || layer.is<Reshape>() || layer.inputs.empty())
            return work;
        const Extent in = extentOf(m_graph.inputOf(layer, 0).shape);
        const Extent out = extentOf(m_graph.outputOf(layer).shape);
        work.rows = isTokenwise(layer) ? 1 : out.height;
        work.operands = std::min<double>(
            2, static_cast<double>(std::ranges::count_if(
                   layer.inputs, [&](TensorId id) { return isValue(id); })));
        work.mostPieces = m_device.mostPieces;
        const bool isSpatial = windowOf(layer) != nullptr;
        work.streamCycles =
            m_device.streamFactor *
            std::max(streamBlocks(m_graph.inputOf(layer, 0).shape, m_device.lanes, isSpatial) *
                         bytesOf(layer.inputs[0]),
                     streamBlocks(m_graph.outputOf(layer).shape, m_device.lanes, isSpatial) *
                         bytesPerElement(layer.output));
        for (const TensorId input : layer.inputs)
            if (isPictureInput(input))
                work.streamCycles = std::max(work.streamCycles,
                                             m_device.inputCycles * in.height * in.width);
        work.weightBytes = static_cast<std::int64_t>(weightBytesOf(layer));
        if (const auto *convolution = layer.as<Convolution>()) {
            setConvolution(work, layer, convolution->window,
                           static_cast<double>(convolution->groups), in, out);
        } else if (const auto *transposed = layer.as<TransposedConvolution>()) {
            setConvolution(work, layer, transposed->window, static_cast<double>(transposed->groups),
                           in, out);
        } else if (layer.is<FullyConnected>() || layer.is<MatMul>()) {
            setMatrix(work, layer);
        } else if (layer.is<Softmax>()) {
            work.control = m_device.controlSoftmax;
            work.fillPeriods = 0.1;
        } else if (layer.is<LayerNormalization>() || layer.is<RmsNormalization>()) {
            work.control = m_device.controlLayerNormalization;
            work.fillPeriods = 0.1;
        } else if (isMovement(layer)) {
            setMovement(work, layer);
        } else if (ridesOnProducer(layer)) {
            work.computePerControl = 0;
        } else {
            setSimple(work, layer, in, out);
        }
        return work;
    }

    double bytesOf(TensorId id) const { return isValue(id) ? bytesPerElement(id) : 1; }

    static bool isMovement(const Layer &layer)
    {
        return layer.is<Concat>() || layer.is<Slice>() || layer.is<Transpose>() ||
               layer.is<DepthToSpace>() || layer.is<SpaceToDepth>() || layer.is<Gather>() ||
               layer.is<Broadcast>() || layer.is<Pad>();
    }

    const Graph &m_graph;
    std::span<const int> m_bits;
    const DeviceModel &m_device;
    double m_weightShare = 1;
    bool m_attends = false; // layer normalisation marks the networks that work on tokens
};

} // namespace

std::int64_t tensorBytes(const Graph &graph, TensorId id, std::span<const int> bits)
{
    const std::int64_t bytes = !bits.empty() && bits[id.index()] == 16 ? 2 : 1;
    return graph.tensor(id).shape.elementCount() * bytes;
}

std::vector<LayerWork> layerWork(const Graph &graph, std::span<const int> bits,
                                 const DeviceModel &device)
{
    return WorkOfLayers(graph, bits, device).all();
}

std::optional<LayerDemand> demandAt(const LayerWork &work, double periodCycles,
                                    const DeviceModel &device)
{
    LayerDemand demand;
    const double weightBlocks =
        device.weightExpansion * static_cast<double>(work.weightBytes) / device.weightBlockBytes;
    const double bufferBlocks = work.bufferBytes / device.weightBlockBytes;
    if (work.control == 0) {
        demand.memoryBlocks = weightBlocks + bufferBlocks;
        return demand;
    }
    // Each row costs a little extra, which short periods feel; some of the period is always left.
    const double useful =
        std::max(device.efficiency * periodCycles - device.rowOverheadCycles * work.rows,
                 0.05 * device.efficiency * periodCycles);
    const double pieces =
        std::max(work.computeCycles / (work.mostUnits * useful), work.streamCycles / useful);
    if (pieces > work.mostPieces)
        return std::nullopt;
    // Large weights ask for pieces, too: a piece stands on one cluster and leaves it room.
    const double byWeight =
        work.growsByPieces ? std::ceil(2 * weightBlocks / device.weightBlocksPerCluster) : 1;
    const double whole = std::max(std::ceil(std::max(pieces, 1e-9)), byWeight);
    demand.control = work.control * std::max(1.0, whole);
    if (work.growsByPieces && whole > 1)
        demand.control += device.controlJoin;
    demand.compute = std::max(work.growsByPieces ? 1.0 : work.computePerControl * demand.control,
                              work.computeCycles / useful);
    // A unit with weights has at least its share of a block; a piece at least its output rows.
    demand.memoryBlocks =
        std::max(weightBlocks,
                 work.weightBytes > 0 ? device.blocksPerComputeUnit * demand.compute : 0) +
        std::max(bufferBlocks, device.blocksPerControlUnit * demand.control);
    demand.inputAligners = work.operands * demand.control;
    demand.activation = demand.control;
    return demand;
}

double unsplitCycles(const LayerWork &work, const DeviceModel &device)
{
    if (work.control == 0)
        return 0;
    const double cycles =
        std::max(work.computeCycles / std::max(1.0, work.mostUnits), work.streamCycles);
    return (cycles + device.rowOverheadCycles * work.rows) / device.efficiency;
}

} // namespace hefstudio
