// Factors of the channels of values: a tensor with factors is looked at, and stored in integers, as
// x_c / S_c. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/tensor.h"

#include <span>
#include <vector>

namespace hefstudio {

// By TensorId; an empty entry (or a missing one) means 1 for every channel.
using ChannelScales = std::vector<std::vector<float>>;

inline std::span<const float> scalesOf(const ChannelScales &scales, std::size_t tensor)
{
    return tensor < scales.size() ? std::span<const float>(scales[tensor])
                                  : std::span<const float>();
}

// work(channel, run) for every run of values of one channel, in memory order. The channel axis is 1
// for pictures (rank 4), else the last one; pictures may lie channels-last.
template<class T, class Work>
void forEachChannelRun(std::span<T> values, const Shape &shape, bool isChannelsLast, Work work)
{
    const bool isPicture = shape.rank() == 4;
    const auto channels = static_cast<std::size_t>(isPicture ? shape[1] : shape.back());
    const std::size_t inner =
        isChannelsLast || !isPicture ? 1 : static_cast<std::size_t>(shape[2] * shape[3]);
    std::size_t channel = 0;
    for (std::size_t i = 0; i + inner <= values.size(); i += inner) {
        work(channel, values.subspan(i, inner));
        channel = channel + 1 == channels ? 0 : channel + 1;
    }
}

} // namespace hefstudio
