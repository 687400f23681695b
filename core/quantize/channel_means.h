// Means of every channel over the calibration pictures, for bias correction. Sums are fixed-point
// integers, so that any order and grouping of the pictures gives the same bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <cstdint>
#include <span>
#include <vector>

namespace hefstudio {

class ChannelMeans {
public:
    // Watches the inputs of the layers with weights; other tensors are ignored by add().
    explicit ChannelMeans(const Graph &graph);

    // One picture's values of one tensor, dense in its shape (FloatEngine::Observer's arguments).
    void add(TensorId tensor, std::span<const float> values);
    void merge(const ChannelMeans &other); // of the same graph

    // One mean per channel (axis 1; the last axis for fully connected inputs); empty when the
    // tensor is not watched or was never seen.
    std::vector<double> of(TensorId tensor) const;

    friend bool operator==(const ChannelMeans &, const ChannelMeans &) = default;

private:
    struct Channel {
        std::int64_t channels = 0;  // 0: not watched
        std::int64_t inner = 1;     // elements of a channel that lie together
        std::int64_t count = 0;     // per channel
        std::vector<__int128> sums; // of round(x·2^20)

        friend bool operator==(const Channel &, const Channel &) = default;
    };
    std::vector<Channel> m_channels; // by TensorId
};

} // namespace hefstudio
