// Where a protobuf file stops making sense. The protobuf library answers "no"; people whose
// download was cut short want to hear "cut off at byte 4711". SPDX-License-Identifier:
// GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace hefstudio {

struct WireFault {
    std::uint64_t offset = 0; // of the field that does not fit
    bool isCutOff = false;    // the field says it is longer than what is left of the whole file
    bool isFirst = false;     // nothing before it was readable: probably no ONNX file at all
};

// Walks the fields of a ModelProto, and of the graph inside; nothing when all of them fit.
std::optional<WireFault> findWireFault(std::span<const std::byte> model);

// Whether graphs inside nodes of graphs go more than `levels` deep. Reads no further than that.
bool isNestedDeeper(std::span<const std::byte> model, int levels);

} // namespace hefstudio
