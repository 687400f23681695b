// The nodes that matter, in an order in which each finds its inputs. Internal to this room.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "onnx/model_file.h"

#include <set>
#include <span>

namespace hefstudio::onnx_import {

struct NodeOrder {
    std::vector<std::size_t> nodes; // indices; the file's order where it is a valid one
    std::set<std::string> needed;   // value names read by those nodes, and the outputs
    Diagnostics faults;             // onnx.duplicate-name, onnx.undefined-input, onnx.cycle, …
};

// Only what `outputs` (value names) need.
NodeOrder orderNodes(const OnnxModel &model, std::span<const std::string> outputs);

} // namespace hefstudio::onnx_import
