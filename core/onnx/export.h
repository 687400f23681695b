// From our Graph to ONNX (operator set 17): the host remainder inside an emulation HEF and the
// model that `hefc prepare` writes. Fused activations become nodes again, values keep their names,
// the bytes depend on the graph alone. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "base/file.h"
#include "graph/graph.h"

namespace hefstudio {

// Diagnostics: onnx.cannot-export, onnx.out-of-memory.
Result<Bytes> exportOnnx(const Graph &graph);

} // namespace hefstudio
