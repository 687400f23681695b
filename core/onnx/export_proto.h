// Our values as ONNX messages; internal to this room.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/tensor.h"

#include <string>

namespace onnx {
class TensorProto;
class ValueInfoProto;
} // namespace onnx

namespace hefstudio::onnx_export {

void fillValue(onnx::ValueInfoProto &proto, const std::string &name, ElementType type,
               const Shape &shape);
void fillTensor(onnx::TensorProto &proto, const std::string &name, const Tensor &value);

} // namespace hefstudio::onnx_export
