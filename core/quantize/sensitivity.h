// Which values of a network suffer most from eight bits, measured: one group of values on its grid,
// everything else in float, and what that does to the outputs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "engine/float_engine.h"
#include "quantize/quantized_graph.h"

#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace hefstudio {

// Values that share a quantisation.
struct ValueSensitivity {
    std::vector<TensorId> members; // ascending
    double noise = 0;              // at the outputs, over their signal, summed over the outputs
    double cost = 0;               // share of the network's multiply-accumulates that read a member
};

struct SensitivityOptions {
    int threads = 0;
    InstructionSet isa = InstructionSet::automatic;
};

// Every group of 8-bit values that is neither input nor all of 16 bits, most noise first. `pictures`
// are real inputs in the graph's order. Sends StageProgress of "quantize". Diagnostics: those of
// FloatEngine; cancelled.
Result<std::vector<ValueSensitivity>>
measureSensitivity(const QuantizedGraph &quantized, std::span<const std::vector<Tensor>> pictures,
                   const SensitivityOptions &options, std::stop_token stop = {},
                   const EventSink &sink = {});

// The groups that take 16 bits: those with the most noise for their cost, while the costs sum to at
// most `budget`; groups that together make less than a hundredth of the noise stay narrow.
std::vector<std::size_t> chooseWide(std::span<const ValueSensitivity> values, double budget);

} // namespace hefstudio
