// Between the network's ONNX order and the device's streams: pictures are N,C,H,W here and H,W,C
// there. Rank 4 permutes; rank 3 [1,A,B] is one row of A positions with B features; everything else
// is a vector.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/tensor.h"

#include <string>

namespace hefstudio {

struct StreamShape {
    std::int64_t height = 1, width = 1, features = 1;
    bool isVector = false;
};
StreamShape streamShape(const Shape &onnxShape);

// [1,H,W,C] for rank 4, the same shape otherwise; any element type.
Tensor toStreamLayout(const Tensor &onnxOrder);
// The inverse; `onnxShape` is the result's shape and must hold as many elements.
Tensor fromStreamLayout(const Tensor &stream, const Shape &onnxShape);

// "<group>/<tensor>" with a name the runtime takes: at most 127 bytes, no leading slash; a longer
// one is cut and ends in a digest of the whole.
std::string streamName(const std::string &group, const std::string &tensorName);

// An output's name as a file name, "<name>.npy": nothing that leaves the folder or hides the file.
std::string outputFileName(std::string tensorName);

} // namespace hefstudio
