// What can fail cheaply, looked at before the run: output, room on the disk, calibration set, input
// contract, labels, chip. No network runs and nothing is written.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "graph/graph.h"
#include "recipe/settings.h"

#include <cstdint>
#include <stop_token>

namespace hefstudio {

struct Preflight {
    Diagnostics problems; // errors stop the conversion, warnings do not
    std::size_t samples = 0;
    std::size_t ignoredFiles = 0; // of the calibration folder
    bool isOutputWritable = false;
    bool isInputKnown = false; // how a sample becomes the network's input
    std::uint64_t freeBytes = 0;

    bool isReady() const; // no error
};

// `graph` is the network as imported, or its part on the chip. Diagnostics inside: those of a
// conversion's first steps; pipeline.little-space.
Preflight preflight(const Graph &graph, const ConversionSettings &settings,
                    std::stop_token stop = {});

} // namespace hefstudio
