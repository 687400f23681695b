// A model archive beside the ONNX it was made from: which nodes each layer took in, whether the
// weights are the same, and what both networks compute in float on the same input, layer by layer.
// The archive's network is taken as it was parsed, where the archive still has that state.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "har/har_archive.h"
#include "report/signal_comparison.h"

#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

struct HarLayerComparison {
    std::string layer; // of the archive
    std::string type;
    std::vector<std::string> nodes; // of the ONNX file that it names and that are there
    std::string node;               // the last of them, whose result is compared; may be empty
    // Weights of the layer against those of its one node with weights of this shape.
    std::optional<double> weightsLargestDifference;
    std::optional<SignalComparison> signal; // the ONNX is the truth
    std::string remark;                     // why there is no signal
};

struct HarComparison {
    std::vector<HarLayerComparison> layers; // in the order of the archive
    std::vector<std::string> nodesLeftOut;  // with weights, and in no layer of the archive
    std::string input;                      // what both were run on
};

struct HarComparisonRequest {
    std::filesystem::path model;
    std::filesystem::path archive;
    std::filesystem::path
        input; // an .npy in the ONNX input's shape; empty: noise from a fixed seed
    std::map<std::string, std::vector<std::int64_t>> inputShapes;
};

// Diagnostics: those of opening and importing, har.malformed, har.other-model (no node of the model
// is named by the archive), engine.*, cancelled.
Result<HarComparison> compareHar(const HarComparisonRequest &request, std::stop_token stop = {});

std::string harComparisonText(const HarComparison &comparison);
std::string harComparisonJson(const HarComparisonRequest &request, const HarComparison &comparison);

} // namespace hefstudio
