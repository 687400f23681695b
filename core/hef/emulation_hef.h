// Writes the HEF of the built-in back end: a file every reader of the public schema opens and no
// device ever starts. The locks and why they hold: README.md of this room. Everything that
// goes in is described here as plain data, so that this room knows nothing of compilers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "base/tensor.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

enum class HefChip { hailo8, hailo8l };

struct HefEdge {
    enum class Direction { hostToDevice, deviceToHost };
    enum class Kind { boundary, interContext };
    std::string name; // without the group prefix for inter-context, "<group>/<layer>" for boundary
    Direction direction = Direction::hostToDevice;
    Kind kind = Kind::boundary;
    // Height × width × features as the user sees them; a vector has height 1 and width 1.
    std::int64_t height = 1, width = 1, features = 1;
    bool isVector = false; // order NC instead of NHWC
    int dataBytes = 1;     // 1 or 2
    float scale = 1;
    float zeroPoint = 0;
    float limitLow = 0, limitHigh = 255; // real values
    std::vector<int> connectedContexts;  // inter-context only: the contexts on the other side
};

struct HefContext {
    std::vector<HefEdge> edges; // inputs first
};

struct HefBlob {
    std::string name;
    Bytes bytes;
};

struct EmulationHefContent {
    HefChip chip = HefChip::hailo8l;
    std::string groupName; // "<model>_emulation"
    std::string toolVersion;
    std::uint64_t timestampMs = 0;
    std::vector<HefContext> contexts;
    std::vector<std::string> sortedOutputs; // boundary output names in the model's order
    double framesPerSecond = 0;             // predicted
    double latencySeconds = 0;
    std::vector<HefBlob> blobs; // the kernel program and its companions
};

// The suffix every group of an emulation HEF carries, so that HailoRT's own parse-hef prints it.
inline constexpr std::string_view emulationSuffix = "_emulation";
// "<model>_emulation", shortened to what a HEF can hold; characters a terminal or a path could
// mistake become '_'.
std::string emulationGroupName(std::string_view model);

// The same content gives the same bytes. The result passes checkFence() of hef/fence.h.
// Diagnostics: hef.name-too-long, hef.shape-too-large, hef.no-context, hef.duplicate-name,
// hef.content-invalid.
Result<Bytes> emulationHefBytes(const EmulationHefContent &content);

} // namespace hefstudio
