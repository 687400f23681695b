// What a layer asks of the chip: work in cycles, control units, weight memory. Numbers that do not
// depend on how fast the layer must run are taken once (LayerWork); what it then occupies follows
// from the period, the time between two frames (demandAt). Formulas: core/mapping/README.md.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "device/device_model.h"
#include "graph/graph.h"

#include <optional>
#include <span>
#include <vector>

namespace hefstudio {

struct LayerWork {
    LayerId layer;
    double computeCycles = 0;     // of one compute unit, for one frame
    double streamCycles = 0;      // to move the values of one frame in or out
    double rows = 1;              // of the output, each with its fixed cost
    double mostUnits = 1;         // compute units that one piece can keep busy
    double mostPieces = 1;        // that the layer can be split into
    double control = 0;           // control units of one piece; 0: rides on another layer
    bool growsByPieces = false;   // each piece takes a control unit, and joining them some more
    double computePerControl = 1; // compute units a piece holds even when it computes little
    double operands = 1; // values that each piece reads
    std::int64_t weightBytes = 0;
    double bufferBytes = 0;  // rows of the operands that wait in memory
    double fillPeriods = 0;  // until its first row leaves, as a share of the period
    double startPeriods = 0; // when its operands begin to arrive, along the longest way
    double endPeriods = 0;   // startPeriods + fillPeriods
};

// What a layer occupies at a period.
struct LayerDemand {
    double control = 0;
    double compute = 0;
    double memoryBlocks = 0;
    double inputAligners = 0;
    double activation = 0;
};

// All layers by LayerId. `bits` (8 or 16) by TensorId; an empty span means 8 everywhere.
std::vector<LayerWork> layerWork(const Graph &graph, std::span<const int> bits,
                                 const DeviceModel &device);

// Nothing when the layer cannot be that fast however it is split.
std::optional<LayerDemand> demandAt(const LayerWork &work, double periodCycles,
                                    const DeviceModel &device);

// Cycles per frame of the layer alone when it holds one unsplit piece: what makes it a bottleneck.
double unsplitCycles(const LayerWork &work, const DeviceModel &device);

// Bytes of a value as it is stored or sent.
std::int64_t tensorBytes(const Graph &graph, TensorId id, std::span<const int> bits);

} // namespace hefstudio
