// The network of an archive (.hn): a JSON list of layers in the vendor's words, channels last.
// Read as it stands, and as a graph of this project for viewing and counting.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/npy.h"
#include "graph/graph.h"

#include <map>
#include <memory>
#include <string_view>

namespace hefstudio {

struct HnLayer {
    std::string name; // "net/conv1"
    std::string type; // "conv", "dense", "ew_add", …
    std::vector<std::string> inputs;
    std::vector<std::string> outputs;
    std::vector<std::vector<std::int64_t>> inputShapes; // [-1, height, width, features]
    std::vector<std::vector<std::int64_t>> outputShapes;
    std::vector<std::string> originalNames; // ONNX nodes it absorbed
    std::vector<std::int64_t> kernelShape;  // [height, width, in, out] or [in, out]
    std::vector<std::int64_t> strides;      // [1, y, x, 1]
    std::vector<std::int64_t> dilations;
    std::string padding; // "VALID", "SAME_TENSORFLOW", …; "EXPLICIT" in our own archives
    std::vector<std::int64_t> explicitPadding; // top, left, bottom, right
    std::int64_t groups = 1;
    std::string activation;                  // "linear", "relu", …
    std::vector<double> activationConstants; // of our own archives
    std::string precisionMode;               // "a8_w8_a8"; empty until optimised
    std::string biasMode;
};

struct HnNetwork {
    std::string name;
    std::vector<HnLayer> layers;          // in the order of the file
    std::vector<std::string> outputOrder; // the last real layers
};

// Diagnostics: json.malformed, har.malformed.
Result<HnNetwork> parseHn(std::string_view json, const std::string &nameForErrors);

struct HnGraph {
    std::shared_ptr<const Graph> graph; // channels first; one layer for each but output layers
    // Types this version has no layer kind for stand as identity functions of their output shape.
    std::map<std::string, std::string> unknownTypes; // type by layer
    bool hasWeights = false;                         // else the constants are zero
};

// `weights` are the arrays of an .npz member ("<layer>/kernel:0"); empty for a weightless view.
// Diagnostics: har.malformed (unknown operand, a cycle, impossible shapes), har.weights-mismatch.
Result<HnGraph> graphOfHn(const HnNetwork &network, const NamedTensors &weights,
                          const std::string &nameForErrors);

} // namespace hefstudio
