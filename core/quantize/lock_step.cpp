// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/lock_step.h"

#include "graph/graph_builder.h"
#include "quantize/simulation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hefstudio {
namespace {

// Positions of one picture whose inputs are looked at; spread over the map. Thousands of positions
// over all pictures determine the moments of hundreds of columns well enough.
constexpr std::size_t positionsPerPicture = 256;
constexpr std::size_t columnsPerBlock = 640;

struct Patch {
    Window window;
    std::int64_t groups = 1;
    Shape weights;
};

std::optional<Patch> patchOf(const Graph &graph, const Layer &layer)
{
    if (!(layer.is<Convolution>() || layer.is<FullyConnected>()) ||
        !graph.inputOf(layer, 1).isConstant())
        return std::nullopt;
    const Shape &weights = graph.inputOf(layer, 1).shape;
    if (const auto *convolution = layer.as<Convolution>())
        return Patch{convolution->window, convolution->groups, weights};
    if (graph.inputOf(layer, 0).shape.rank() != 2)
        return std::nullopt;
    return Patch{{}, 1, weights};
}

} // namespace

LockStep::LockStep(const Graph &graph, std::span<const TensorQuantisation> tensors,
                   const ChannelScales &scales, std::span<const std::vector<Tensor>> pictures,
                   ThreadPool &pool, InstructionSet isa)
    : m_graph(graph), m_tensors(tensors), m_scales(scales), m_pool(pool), m_isa(isa),
      m_values(graph.tensors.size()), m_readers(graph.tensors.size(), 0)
{
    for (const TensorInfo &info : graph.tensors)
        m_readers[info.id.index()] = info.consumers.size();
    for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
        const std::size_t index = graph.inputs[i].index();
        for (const std::vector<Tensor> &picture : pictures) {
            Tensor &value = m_values[index].emplace_back(picture[i]);
            roundToGrid(value.as<float>(), value.shape(), false, m_tensors[index], {});
        }
    }
}

std::vector<double> LockStep::channelMeans(TensorId id) const
{
    const auto &values = m_values[id.index()];
    const Shape &shape = m_graph.tensor(id).shape;
    if (values.empty() || (shape.rank() != 4 && shape.rank() != 2))
        return {};
    std::vector<double> sums(static_cast<std::size_t>(shape[1]), 0);
    std::size_t count = 0;
    for (const Tensor &value : values) {
        forEachChannelRun(value.as<float>(), shape, false,
                          [&](std::size_t channel, std::span<const float> run) {
                              double sum = 0;
                              for (const float x : run)
                                  sum += static_cast<double>(x);
                              sums[channel] += sum;
                          });
        count += static_cast<std::size_t>(value.elementCount()) / sums.size();
    }
    for (double &sum : sums)
        sum /= static_cast<double>(std::max<std::size_t>(count, 1));
    return sums;
}

InputMoments LockStep::moments(const Layer &layer) const
{
    InputMoments result;
    const auto patch = patchOf(m_graph, layer);
    if (!patch || m_values[layer.inputs[0].index()].empty())
        return result;
    const Shape &weights = patch->weights;
    result.columns = static_cast<std::size_t>(weights.elementCount() / weights[0]);
    result.block = std::min(result.columns, columnsPerBlock);
    const auto &values = m_values[layer.inputs[0].index()];
    for (std::int64_t group = 0; group < patch->groups; ++group) {
        for (std::size_t b = 0; b < result.blocks(); ++b) {
            const std::size_t size = result.blockSize(b);
            std::vector<std::vector<double>> parts(values.size());
            m_pool.forEach(values.size(), [&](std::size_t picture, int) {
                parts[picture] =
                    momentsOfPicture(layer, values[picture], static_cast<std::size_t>(group),
                                     b * result.block, size);
            });
            std::vector<double> &sum = result.matrices.emplace_back(size * size, 0);
            for (const auto &part : parts)
                for (std::size_t i = 0; i < sum.size(); ++i)
                    sum[i] += part[i];
        }
    }
    return result;
}

std::vector<double> LockStep::momentsOfPicture(const Layer &layer, const Tensor &value,
                                               std::size_t group, std::size_t first,
                                               std::size_t count) const
{
    const Patch patch = *patchOf(m_graph, layer);
    const Shape in = value.shape().rank() == 4
                         ? value.shape()
                         : Shape{value.shape()[0], value.shape()[1], 1, 1};
    const Shape &outShape = m_graph.outputOf(layer).shape;
    const std::int64_t outWidth = outShape.rank() == 4 ? outShape[3] : 1;
    const std::int64_t positions = outShape.rank() == 4 ? outShape[2] * outShape[3] : 1;
    const std::int64_t rows = patch.weights.rank() == 4 ? patch.weights[2] : 1;
    const std::int64_t taps = patch.weights.rank() == 4 ? rows * patch.weights[3] : 1;
    const auto scales = scalesOf(m_scales, layer.inputs[0].index());
    const auto step = static_cast<double>(m_tensors[layer.inputs[0].index()].scale);
    const auto from = value.as<float>();
    // Evenly spread positions; a number prime to the width avoids looking at one column only.
    const std::int64_t stride =
        std::max<std::int64_t>(1, positions / static_cast<std::int64_t>(positionsPerPicture));
    std::vector<double> x(count);
    std::vector<double> sum(count * count, 0);
    for (std::int64_t position = stride / 2; position < positions; position += stride) {
        const std::int64_t top =
            position / outWidth * patch.window.stride[0] - patch.window.padBegin[0];
        const std::int64_t left =
            position % outWidth * patch.window.stride[1] - patch.window.padBegin[1];
        for (std::size_t i = 0; i < count; ++i) {
            const auto column = static_cast<std::int64_t>(first + i);
            const std::int64_t c =
                static_cast<std::int64_t>(group) * patch.weights[1] + column / taps;
            const std::int64_t tap = column % taps;
            const std::int64_t y = top + tap / (taps / rows) * patch.window.dilation[0];
            const std::int64_t z = left + tap % (taps / rows) * patch.window.dilation[1];
            const bool isInside = y >= 0 && z >= 0 && y < in[2] && z < in[3];
            double real = 0;
            if (isInside)
                real = static_cast<double>(
                    from[static_cast<std::size_t>((c * in[2] + y) * in[3] + z)]);
            const double unit =
                scales.empty() ? step : step * static_cast<double>(scales[static_cast<std::size_t>(c)]);
            x[i] = std::nearbyint(real / unit);
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (x[i] == 0)
                continue;
            double *row = sum.data() + i * count;
            const double factor = x[i];
            for (std::size_t j = 0; j < count; ++j)
                row[j] += factor * x[j];
        }
    }
    return sum;
}

Result<std::shared_ptr<const Graph>> LockStep::graphOf(const Layer &layer,
                                                       const LoweredLayer &lowered) const
{
    GraphBuilder build("layer");
    const auto rounded = realWeights(m_graph, layer, lowered, m_scales);
    std::vector<TensorId> inputs;
    std::vector<std::pair<TensorId, TensorId>> made; // a layer may read one value twice
    for (std::size_t slot = 0; slot < layer.inputs.size(); ++slot) {
        const TensorId id = layer.inputs[slot];
        if (!id.isValid()) {
            inputs.push_back(id);
            continue;
        }
        const TensorInfo &info = m_graph.tensor(id);
        if (info.isConstant()) {
            const bool isRounded = rounded && (slot == 1 || slot == 2);
            inputs.push_back(isRounded ? build.constant(info.name, slot == 1 ? rounded->weights
                                                                             : rounded->bias)
                                       : build.constant(info.name, info.constant));
            continue;
        }
        const auto known = std::ranges::find(made, id, &std::pair<TensorId, TensorId>::first);
        if (known != made.end()) {
            inputs.push_back(known->second);
            continue;
        }
        inputs.push_back(build.input(info.name, info.shape));
        made.emplace_back(id, inputs.back());
    }
    if (rounded && inputs.size() == 2)
        inputs.push_back(build.constant("bias", rounded->bias));
    build.output(build.layer(layer.name, layer.attributes, std::move(inputs),
                             m_graph.outputOf(layer).shape, {.activation = layer.activation}));
    auto graph = std::move(build).finish();
    if (!graph)
        return passOn(std::move(graph));
    return std::make_shared<const Graph>(std::move(*graph));
}

Result<void> LockStep::advance(const Layer &layer, const LoweredLayer &lowered,
                               std::stop_token stop)
{
    if (layer.is<Input>())
        return {};
    auto graph = graphOf(layer, lowered);
    if (!graph)
        return passOn(std::move(graph));
    auto engine = FloatEngine::create(*graph, {.threads = 1, .isa = m_isa});
    if (!engine)
        return passOn(std::move(engine));
    std::vector<TensorId> operands; // each value once, in the order of the small graph's inputs
    for (const TensorId id : layer.inputs)
        if (id.isValid() && !m_graph.tensor(id).isConstant() &&
            std::ranges::find(operands, id) == operands.end())
            operands.push_back(id);
    const std::size_t count = m_values[operands.front().index()].size();
    std::vector<FloatEngine> engines;
    for (int i = 1; i < m_pool.threads(); ++i)
        engines.push_back(engine->sibling());
    engines.push_back(std::move(*engine));

    const std::size_t output = layer.output.index();
    std::vector<Tensor> results(count);
    std::vector<Diagnostics> failures(count);
    m_pool.forEach(
        count,
        [&](std::size_t picture, int worker) {
            std::vector<Tensor> inputs;
            for (const TensorId id : operands)
                inputs.push_back(m_values[id.index()][picture]);
            auto made = engines[static_cast<std::size_t>(worker)].run(inputs, {}, stop);
            if (!made) {
                failures[picture] = std::move(made.error());
                return;
            }
            results[picture] = std::move(made->front());
            roundToGrid(results[picture].as<float>(), results[picture].shape(), false,
                        m_tensors[output], scalesOf(m_scales, output));
        },
        stop);
    if (stop.stop_requested())
        return fail(Diagnostic("cancelled"));
    for (Diagnostics &failure : failures)
        if (!failure.empty())
            return fail(std::move(failure));
    m_values[output] = std::move(results);
    for (const TensorId id : operands)
        if (--m_readers[id.index()] == 0)
            m_values[id.index()].clear();
    if (m_readers[output] == 0)
        m_values[output].clear();
    return {};
}

} // namespace hefstudio
