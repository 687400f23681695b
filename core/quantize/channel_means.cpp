// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/channel_means.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {

namespace {

constexpr float unit = 1 << 20;
constexpr float largest = 1 << 30; // keeps a plane's sum inside 64 bits

} // namespace

ChannelMeans::ChannelMeans(const Graph &graph) : m_channels(graph.tensors.size())
{
    for (const Layer &layer : graph.layers) {
        const bool isByChannel = layer.is<Convolution>() || layer.is<TransposedConvolution>();
        if (!isByChannel && !layer.is<FullyConnected>() && !layer.is<MatMul>())
            continue;
        const TensorInfo &input = graph.inputOf(layer, 0);
        if (input.isConstant() || input.shape.rank() < 1 || (isByChannel && input.shape.rank() < 2))
            continue;
        // A tensor read both ways keeps the first reader's view.
        Channel &channel = m_channels[input.id.index()];
        if (channel.channels != 0)
            continue;
        if (isByChannel) {
            channel.channels = input.shape[1];
            for (std::size_t i = 2; i < input.shape.rank(); ++i)
                channel.inner *= input.shape[i];
        } else {
            channel.channels = input.shape.back();
        }
        channel.sums.assign(static_cast<std::size_t>(channel.channels), 0);
    }
}

void ChannelMeans::add(TensorId tensor, std::span<const float> values)
{
    if (tensor.index() >= m_channels.size())
        return;
    Channel &channel = m_channels[tensor.index()];
    const std::int64_t row = channel.channels * channel.inner;
    if (row == 0 || values.size() % static_cast<std::size_t>(row) != 0)
        return;
    const std::int64_t planes = static_cast<std::int64_t>(values.size()) / channel.inner;
    for (std::int64_t plane = 0; plane < planes; ++plane) {
        const float *from = values.data() + plane * channel.inner;
        std::int64_t sum = 0;
        for (std::int64_t i = 0; i < channel.inner; ++i) {
            // Not-a-number counts as nothing; far outliers are cut.
            const float x = from[i] == from[i] ? std::clamp(from[i] * unit, -largest, largest) : 0;
            sum += static_cast<std::int32_t>(x);
        }
        channel.sums[static_cast<std::size_t>(plane % channel.channels)] += sum;
    }
    channel.count += static_cast<std::int64_t>(values.size()) / channel.channels;
}

void ChannelMeans::merge(const ChannelMeans &other)
{
    for (std::size_t i = 0; i < std::min(m_channels.size(), other.m_channels.size()); ++i) {
        m_channels[i].count += other.m_channels[i].count;
        for (std::size_t c = 0; c < m_channels[i].sums.size(); ++c)
            m_channels[i].sums[c] += other.m_channels[i].sums[c];
    }
}

std::vector<double> ChannelMeans::of(TensorId tensor) const
{
    std::vector<double> means;
    if (tensor.index() >= m_channels.size() || m_channels[tensor.index()].count == 0)
        return means;
    const Channel &channel = m_channels[tensor.index()];
    for (const __int128 sum : channel.sums)
        means.push_back(static_cast<double>(sum) / static_cast<double>(unit) /
                        static_cast<double>(channel.count));
    return means;
}

} // namespace hefstudio
