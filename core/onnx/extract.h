// Takes the end of an ONNX model out of its file as it stands there, node by node: the remainder
// for the host of a network whose end this program cannot import (selection of detections, loops).
// Any ONNX runtime computes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "onnx/model_file.h"

#include <map>
#include <string>
#include <vector>

namespace hefstudio {

struct TailRequest {
    struct Port {
        std::string name; // of the ONNX value
        Shape shape;
    };
    std::vector<Port> inputs; // float32 values where the tail begins
    // Values known beforehand, by ONNX name: written as constants, so that what only they need is
    // left out (arithmetic on shapes, grids of cells).
    std::map<std::string, SharedTensor> constants;
};

struct OnnxTail {
    Bytes bytes;
    // Inputs of the model that its nodes read beside the ports; they stay inputs.
    std::vector<std::string> modelInputs;
};

// `file` is what `model` was read from. Outputs, operator sets and metadata stay those of the
// model. Diagnostics: those of readFile, onnx.malformed, onnx.cannot-export, onnx.out-of-memory.
Result<OnnxTail> extractTail(const std::filesystem::path &file, const OnnxModel &model,
                             const TailRequest &request);

} // namespace hefstudio
