// A few pictures on their way through a network whose layers become integers one after the other:
// the values of every picture, on their grids, up to the layer that is being decided. What that
// layer will really read, rounding and clipping before it included, is measured here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/thread_pool.h"
#include "engine/channel_scales.h"
#include "engine/float_engine.h"
#include "quantize/lower.h"
#include "quantize/weights.h"

#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace hefstudio {

class LockStep {
public:
    // Real inputs of each picture, in the graph's order.
    LockStep(const Graph &graph, std::span<const TensorQuantisation> tensors,
             const ChannelScales &scales, std::span<const std::vector<Tensor>> pictures,
             ThreadPool &pool, InstructionSet isa);

    // Mean of each channel of a value over the pictures, real; empty when the value has none.
    std::vector<double> channelMeans(TensorId id) const;
    // What the weights of a convolution or fully connected layer see; empty for other layers.
    InputMoments moments(const Layer &layer) const;

    // Moves every picture past the layer. Diagnostics: those of FloatEngine.
    Result<void> advance(const Layer &layer, const LoweredLayer &lowered, std::stop_token stop = {});

private:
    std::vector<double> momentsOfPicture(const Layer &layer, const Tensor &value, std::size_t group,
                                         std::size_t first, std::size_t count) const;
    Result<std::shared_ptr<const Graph>> graphOf(const Layer &layer, const LoweredLayer &lowered) const;

    const Graph &m_graph;
    std::span<const TensorQuantisation> m_tensors;
    const ChannelScales &m_scales;
    ThreadPool &m_pool;
    InstructionSet m_isa;
    std::vector<std::vector<Tensor>> m_values; // by TensorId, then picture; empty when done with
    std::vector<std::size_t> m_readers;        // by TensorId
};

} // namespace hefstudio
