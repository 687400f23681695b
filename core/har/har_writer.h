// Writes an archive of the vendor's outline: index, networks in the vendor's words, float weights
// and the integers. For viewers and for comparing; the vendor's compiler does not take our states.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"
#include "har/har_archive.h"

#include <map>

namespace hefstudio {

// Integers of one layer, in ONNX order; the archive's order is made of them.
struct HarLayerIntegers {
    int bits = 8;
    double inputScale = 1, inputZeroPoint = 0;
    double outputScale = 1, outputZeroPoint = 0;
    double outputLow = 0, outputHigh = 0; // real values represented
    std::optional<Tensor> weights;        // the graph layer's shape
    std::optional<Tensor> bias;
};

struct OptimizedModel {
    HarIndex index;
    std::shared_ptr<const Graph> parsed;              // as imported and cut
    std::shared_ptr<const Graph> optimized;           // what the integers belong to
    std::map<std::string, HarLayerIntegers> integers; // by layer of `optimized`
};

// The same model gives the same bytes. Diagnostics: those of archive.h.
Result<Bytes> harBytes(const OptimizedModel &model);

// The network in the vendor's words.
std::string hnJson(const Graph &graph, const std::string &modelName,
                   const std::map<std::string, HarLayerIntegers> &integers = {});

// Where a graph's layer stands in an archive: "<model>/<layer>", slashes of the layer's own name
// replaced.
std::string hnLayerName(const std::string &modelName, const std::string &layer);

} // namespace hefstudio
