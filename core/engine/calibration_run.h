// One pass over the calibration pictures: the float engine runs each once, and what every value of
// the network looks like is kept. Each worker has an engine with one thread and takes one picture
// at a time, so the result is the same for any number of workers, and memory does not grow with the
// number of pictures.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "engine/channel_scales.h"
#include "engine/float_engine.h"
#include "engine/statistics.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace hefstudio {

// By TensorId; constants have empty entries.
struct CalibrationStatistics {
    std::vector<TensorStatistics> tensors;
    std::vector<ChannelStatistics> channels;
    std::size_t pictures = 0;

    void merge(const CalibrationStatistics &other); // of the same graph
    friend bool operator==(const CalibrationStatistics &, const CalibrationStatistics &) = default;
};

struct CalibrationRunOptions {
    int threads = 0; // 0: all cores
    InstructionSet isa = InstructionSet::automatic;
    // Values with factors are divided by them before they are counted in `tensors`; `channels` stay
    // those of the network's own values.
    ChannelScales scales{};
    // What a picture is called in diagnostics; its number without this.
    std::function<std::string(std::size_t index)> nameOf{};
};

// The network's inputs for picture `index`, in the graph's order. Called from the workers, several
// at a time, so that decoding overlaps with computing.
using LoadInputs = std::function<Result<std::vector<Tensor>>(std::size_t index)>;

// Sends StageProgress of "calibrate". When several pictures fail, the failure of the first one is
// returned, whatever the number of threads. Diagnostics: those of FloatEngine and of loadInputs;
// engine.not-a-number for the first value that is none, with its layer and picture; cancelled.
Result<CalibrationStatistics>
collectStatistics(std::shared_ptr<const Graph> graph, std::size_t pictureCount,
                  const LoadInputs &loadInputs, const CalibrationRunOptions &options = {},
                  std::stop_token stop = {}, const EventSink &sink = {});

} // namespace hefstudio
