// One layer in integers: everything the emulator needs, nothing else. This is the arithmetic the
// program of an emulation HEF stores, and runIntegerReference() defines its bits (rules written
// down in core/quantize/README.md; starting point: round half up, one rounding per requantisation).
// Tensors are uint8 or uint16 in ONNX order; real value = scale · (q − zeroPoint).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/layer.h"

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace hefstudio {

// How the integers of a tensor mean real numbers. `bits` is 8 or 16; the scale is a float32 because
// the HEF stores one.
struct TensorQuantisation {
    float scale = 1;
    std::int32_t zeroPoint = 0;
    int bits = 8;

    std::int32_t maximum() const { return bits == 8 ? 255 : 65535; }
    ElementType elementType() const { return bits == 8 ? ElementType::uint8 : ElementType::uint16; }
    float real(std::int32_t q) const { return static_cast<float>(q - zeroPoint) * scale; }
    friend bool operator==(const TensorQuantisation &, const TensorQuantisation &) = default;
};

} // namespace hefstudio
