// Functions that a model defines for itself (newer PyTorch exports wrap modules in them) are copied
// in where they are called. Internal to this room.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <string>

namespace onnx {
class ModelProto;
}

namespace hefstudio {

// Diagnostics: onnx.too-deep (functions that call each other without end too),
// onnx.function-too-large.
Result<void> inlineFunctions(onnx::ModelProto &model, const std::string &file);

} // namespace hefstudio
