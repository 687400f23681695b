// A file as the vendor's compiler would leave it, as far as readers can tell: the container and
// message of ours without the kernel program.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/emulation_hef.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hefstudio::test {

struct ChipOutput {
    std::string layer; // "conv41"
    std::int64_t height = 1, width = 1, features = 1;
};

inline Bytes chipHef(const std::string &network, std::int64_t height, std::int64_t width,
                     const std::vector<ChipOutput> &outputs, HefChip chip = HefChip::hailo8l)
{
    const auto edge = [&](const std::string &layer, HefEdge::Direction direction, std::int64_t rows,
                          std::int64_t columns, std::int64_t features) {
        HefEdge made;
        made.name = network + "/" + layer;
        made.direction = direction;
        made.height = rows;
        made.width = columns;
        made.features = features;
        made.scale = 0.5F;
        made.zeroPoint = 3;
        made.limitHigh = 126;
        return made;
    };
    EmulationHefContent content;
    content.chip = chip;
    content.groupName = network + std::string(emulationSuffix); // every writer of ours says so
    content.toolVersion = "3.33.0";
    content.framesPerSecond = 123;
    content.latencySeconds = 0.01;
    HefContext context;
    context.edges.push_back(
        edge("input_layer1", HefEdge::Direction::hostToDevice, height, width, 3));
    for (const auto &output : outputs) {
        context.edges.push_back(edge(output.layer, HefEdge::Direction::deviceToHost, output.height,
                                     output.width, output.features));
        content.sortedOutputs.push_back(context.edges.back().name);
    }
    content.contexts.push_back(std::move(context));
    auto bytes = emulationHefBytes(content);
    EXPECT_TRUE(bytes);
    return bytes ? std::move(*bytes) : Bytes();
}

} // namespace hefstudio::test
