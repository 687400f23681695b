// Which layers run in which context of the chip, on which clusters, and what crosses between
// contexts. The resource model behind it is data (core/device); the search behind it is this room's
// business: callers see only the value below and the events. Everything about time is predicted.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "graph/graph.h"

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

struct DeviceModel; // core/device/device_model.h

// Fractions of what the device has per context, 0…1.
struct Utilisation {
    double control = 0;
    double compute = 0;
    double weightMemory = 0;
    double inputAligners = 0;
    double activation = 0;
};

struct ClusterShare {
    ClusterId cluster;
    Utilisation utilisation;
};

// A part of a layer on one cluster. Small layers share a control unit, so shares are not whole.
struct PlacedPiece {
    LayerId layer;
    ClusterId cluster;
    double control = 0; // units
    double compute = 0;
    double memoryBlocks = 0;
    double inputAligners = 0;
    double activation = 0;
};

// What the prediction of a context's time is made of.
struct ContextTiming {
    double periodMs = 0;         // between two frames, by the slowest layer; without transfers
    double fillMs = 0;           // until the last layer has its first rows
    std::int64_t inputBytes = 0; // of one frame
    std::int64_t outputBytes = 0;
    std::int64_t configurationBytes = 0; // to load the context
    LayerId bottleneck;                  // the layer that asks for most of the period
};

struct MappedContext {
    ContextId id;
    // In execution order; layers without constants too. Input layers belong to no context: their
    // values come from the host.
    std::vector<LayerId> layers;
    // Values that enter from the host or an earlier context, and that leave to the host or a later
    // one. Only these survive a context switch.
    std::vector<TensorId> inputs;
    std::vector<TensorId> outputs;
    Utilisation utilisation;
    std::vector<ClusterShare> clusters;
    std::vector<PlacedPiece> pieces; // in execution order
    double predictedMs = 0; // time of one frame, without the switch
    std::int64_t weightBytes = 0;
    ContextTiming timing;
};

struct Mapping {
    std::string device; // "hailo8" or "hailo8l"
    std::vector<MappedContext> contexts;
    double predictedFrameMs = 0; // at batch 1, switches included
    int iterations = 0; // candidates seen: with the same seed and limit, the same mapping
};

struct MappingOptions {
    std::optional<int> contexts; // exactly this many, else as many as are fastest
    std::uint64_t seed = 1;      // of the orders that are drawn
    int batch = 1;               // frames that are sent through a context before the next is loaded
    int mostIterations = 60;     // candidates to look at; the search may end sooner by itself
    // Ends the search with the best found so far (`stop` gives up instead). The mapping's
    // `iterations`, given back as mostIterations, repeats it.
    std::stop_token enough;
};

// Names what runs where, 16 hexadecimal digits: the layers of each context, in ascending order.
std::string partitionHash(std::span<const std::vector<LayerId>> contexts);

// `bits` by TensorId (8 or 16; empty: 8 everywhere). Diagnostics: mapping.layer-too-large,
// mapping.no-room, mapping.contexts-impossible, mapping.nothing-to-map, cancelled.
Result<Mapping> mapToDevice(const Graph &graph, std::span<const int> bits,
                            const DeviceModel &device, const MappingOptions &options,
                            std::stop_token stop, const EventSink &sink);

} // namespace hefstudio
