// Writes the HEF of the built-in back end: a file every reader of the public schema opens and no
// device ever starts. The locks and why they hold: README.md of this room. Everything that
// goes in is described here as plain data, so that this room knows nothing of compilers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "base/tensor.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hefstudio {

enum class HefChip { hailo8, hailo8l };

// An output that is a list of boxes the chip has sorted itself.
struct HefOnChipNms {
    std::uint32_t classes = 0;
    std::uint32_t boxesPerClass = 0;
    std::uint32_t chunks = 1; // a frame comes in so many lists
    std::string mergedInto;   // the list of EmulationHefContent::mergedLists it is a part of
    std::uint32_t part = 0;   // below 9
};

struct HefEdge {
    enum class Direction { hostToDevice, deviceToHost };
    enum class Kind {
        boundary,
        interContext, // from a context to later ones
        ddr,          // out of a context and back into the same one, through host memory
    };
    // How the stream lies on the device. automatic: NHWC for pictures in, NC for vectors, NHCW for
    // everything else.
    enum class Order { automatic, nhwc, nhcw, nc, nhw, fcr, f8cr };
    std::string name; // without the group prefix between contexts, "<group>/<layer>" for boundary
    Direction direction = Direction::hostToDevice;
    Kind kind = Kind::boundary;
    // Height × width × features as the user sees them; a vector has height 1 and width 1.
    std::int64_t height = 1, width = 1, features = 1;
    bool isVector = false; // order NC instead of NHWC
    int dataBytes = 1;     // 1 or 2
    float scale = 1;
    float zeroPoint = 0;
    float limitLow = 0, limitHigh = 255; // real values
    std::vector<int> connectedContexts;  // between contexts only: those on the other side
    Order order = Order::automatic;
    // One per feature, or empty: the two above for all. Inputs have one value only.
    std::vector<double> scales, zeroPoints;
    std::vector<std::string> originalNames; // nodes of the model it stands for
    std::optional<HefOnChipNms> nms; // boundary outputs only; the shape is not looked at then
    std::uint32_t hostRows = 0;      // ddr only: rows held in host memory, below 65536
};

struct HefContext {
    std::vector<HefEdge> edges; // inputs first
};

// Several on-chip lists that the library hands out as one ("fused layers").
struct HefMergedList {
    std::string name;
    std::uint32_t classes = 0;
    std::uint32_t boxesPerClass = 0;
};

// A branch of a detector: the outputs it reads, by edge name. Which are needed depends on the step.
struct HefDecoder {
    std::string boxes;      // the only one of YOLOv5
    std::string classes;    // YOLOv8, YOLOX, SSD
    std::string objectness; // YOLOX
    std::uint32_t stride = 0;
    // Pixels (YOLOv5) or fractions of the picture (SSD); as many of each.
    std::vector<double> anchorHeights, anchorWidths;
};

struct HefNmsStep {
    enum class Kind { yolov5, yolov8, yolox, ssd, iou, yolov5Seg };
    Kind kind = Kind::yolov8;
    double scoreThreshold = 0;
    double iouThreshold = 0;
    std::uint32_t classes = 0;
    std::uint32_t boxesPerClass = 0;
    std::optional<std::uint32_t> background; // class that is dropped
    bool onlyDecodes = false;                // YOLOv5 and YOLOv8: boxes without suppression
    double imageHeight = 0, imageWidth = 0;
    std::vector<HefDecoder> decoders;
    std::uint32_t regressionLength = 16;               // YOLOv8
    std::uint32_t centerScale = 0, dimensionScale = 0; // SSD
    bool isYFirst = true;                              // SSD: a box is (y, x, h, w)
    std::string prototypes;                            // YOLOv5 segmentation: edge name
    std::uint32_t prototypeCount = 0, prototypeStride = 0;
    double maskThreshold = 0;
};

enum class HefLogitsStep { argmax, softmax };

// What the library computes on the host from outputs of the chip.
struct HefHostStep {
    std::string output;              // the virtual stream it makes
    std::vector<std::string> inputs; // edge names; the host program does not see them any more
    std::variant<HefNmsStep, HefLogitsStep> step;
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
    std::vector<HefMergedList> mergedLists;
    std::vector<HefHostStep> hostSteps;
    // What the host program sees, in the model's order: outputs of the chip that nothing merges or
    // takes, merged lists, outputs of host steps.
    std::vector<std::string> sortedOutputs;
    std::uint32_t configChannels = 1; // 1 to 4, all locked
    double framesPerSecond = 0;       // predicted
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
