// Decides the shape of each graph input: as the caller says, as the file states, or a proposal that
// the user must confirm. Internal to this room.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "onnx/import.h"

namespace hefstudio::onnx_import {

struct InputShapes {
    std::map<std::string, Shape> shapes; // of every input
    Diagnostics faults;                  // onnx.dynamic-shape, onnx.input-shape-mismatch, …
};

InputShapes decideInputShapes(const OnnxModel &model, const ImportOptions &options);

} // namespace hefstudio::onnx_import
