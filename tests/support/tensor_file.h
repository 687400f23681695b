// Tensors as the ONNX project keeps them beside its node tests: one serialised TensorProto a file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/tensor.h"

#include <filesystem>
#include <optional>

// Nothing when the file holds no tensor of plain numbers (a sequence, strings).
std::optional<hefstudio::Tensor> readTensorFile(const std::filesystem::path &file);
