// How fast a mapped network will run and what holds it up: predicted from the device model, never
// measured. Values for `hefc profile`, reports and the profiler page.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "device/device_model.h"
#include "graph/graph.h"
#include "mapping/mapping.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace hefstudio {

// Where one context spends its time, in milliseconds for one frame.
struct ContextProfile {
    ContextId id;
    int layers = 0;
    double periodMs = 0;
    double fillMs = 0;
    double transferMs = 0;
    double configurationMs = 0; // to load it while another one works
    Utilisation utilisation;
    std::vector<ClusterShare> clusters;
    std::int64_t weightBytes = 0;
    std::int64_t inputBytes = 0;
    std::int64_t outputBytes = 0;
    std::string bottleneckLayer;
};

// One layer as far as the estimate knows it, in execution order.
struct LayerProfile {
    LayerId id;
    std::string name;
    ContextId context;
    double predictedMs = 0; // of one frame in a single unsplit piece
    std::int64_t multiplyAccumulates = 0;
    std::int64_t weightBytes = 0;
};

enum class Limit {
    compute,       // the slowest layer of the context
    transfer,      // inputs and outputs over the host link
    configuration, // loading the next context
    switching,     // changing contexts
};
std::string_view limitName(Limit limit);

// What a faster chip, link or network would have to change first, at batch 1.
struct Bottleneck {
    Limit limit = Limit::compute;
    ContextId context;
    std::string layer; // for compute
    double milliseconds = 0;
};

// What the chip and its link do when, at one batch; contexts overlap with the loading of the next.
struct TimelineSegment {
    enum class Kind { loading, running, switching };
    Kind kind = Kind::running;
    ContextId context; // loaded, run, or left
    double startMs = 0;
    double endMs = 0;
};
std::string_view segmentName(TimelineSegment::Kind kind);

// A network among several that share one device.
struct SharedTurn {
    std::string name;
    double occupancyMs = 0;
    double aloneMs = 0; // round trip of one frame with the device to itself, host included
};
// Rounds in which each network has one turn: the period is the sum of the occupancies, or the
// slowest round trip where that is longer. Milliseconds.
double sharedPeriodMs(std::span<const SharedTurn> turns);

struct Profile {
    std::string device; // "hailo8l"
    std::string link;   // "PCIe Gen3 x4"
    std::vector<ContextProfile> contexts;
    std::vector<LayerProfile> layers;
    std::map<int, double> framesPerSecond; // by batch size
    std::map<int, double> latencyMs;       // of a whole batch
    Bottleneck bottleneck;
    std::vector<TimelineSegment> timeline; // of one frame, in order of their start
    double deviceMs = 0;                   // of one frame: working alone, no transfer or loading
    double transferMs = 0;                 // of one frame: inputs, outputs, values between contexts
    // What one frame takes of a device that other networks use in turn: loading included, for
    // nothing stays on the chip between turns.
    double occupancyMs = 0;
    Utilisation utilisation; // of the busiest context, per kind
    // What is left to the host after the chip; how long that takes depends on the host.
    int hostLayers = 0;
    std::int64_t hostElements = 0;   // computed, of all its layers
    std::vector<SharedTurn> sharing; // this network first; empty when it has the device to itself
    std::int64_t multiplyAccumulates = 0;
    double teraOperationsPerSecond = 0;         // at the best batch, two per multiply-accumulate
    std::int64_t hostBytesPerFrame = 0;         // network inputs and outputs
    std::int64_t interContextBytesPerFrame = 0; // values stored and fetched between contexts
    std::int64_t configurationBytesPerBatch = 0;
    double hostBandwidth = 0; // bytes per second at batch 1, all traffic
    // 80 % of published speeds lie in (1 + lower)…(1 + upper) times a prediction of this kind.
    double errorLower = 0;
    double errorUpper = 0;
};

// `bits` by TensorId as for mapToDevice; `link` by name, the device's first when empty or unknown.
Profile estimate(const Graph &graph, std::span<const int> bits, const Mapping &mapping,
                 const DeviceModel &device, std::span<const int> batches,
                 const std::string &link = {});

// The keys that tools count on (`arch`, `contexts`, `fps`, `latency_ms`, `bottleneck`,
// `utilisation`) and more; stable, one JSON object.
std::string profileJson(const Profile &profile);
// A page for people; every figure is called predicted.
std::string profileText(const Profile &profile);

} // namespace hefstudio
