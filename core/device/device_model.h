// What a chip has and how fast it works: the numbers behind mapping and speed estimate, read from
// JSON (resources/devices, described by resources/schemas/device.schema.json). The models of
// Hailo-8 and Hailo-8L are part of the program. Each number says whether it is known, fitted or
// assumed; what they mean in the formulas stands in core/mapping/README.md.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

enum class FigureKind { fact, fitted, assumed };
std::string_view figureKindName(FigureKind kind);

// One number of the file with its ground, for display.
struct DeviceFigure {
    std::string name;
    double value = 0;
    FigureKind kind = FigureKind::assumed;
    std::string note;
};

// Fractions of the units that a context may use.
struct ResourceCaps {
    double control = 1;
    double compute = 1;
    double memory = 1;
};

struct HostLink {
    std::string name;
    double configurationBytesPerSecond = 1; // while other work runs
    double transferBytesPerSecond = 1;      // of tensors
};

struct DeviceModel {
    std::string id;           // "hailo8l"
    std::string title;        // "Hailo-8L"
    std::string architecture; // as HEF files print it, "HAILO8L"
    std::vector<std::string> boards;

    int clusters = 1;
    double controlUnitsPerCluster = 1;
    double computeUnitsPerCluster = 1;
    double weightBlocksPerCluster = 1;
    double weightBlockBytes = 1;
    double inputAlignersPerCluster = 1;
    double activationUnitsPerCluster = 1;
    double clockHz = 1;
    double lanes = 8;
    double mostUnitsPerPiece = 8;

    double efficiency = 1;
    double rowOverheadCycles = 0;
    double depthwiseFactor = 1;
    double streamFactor = 1;
    double reformatFactor = 1;
    double matrixEfficiency = 1;
    double tokenEfficiency = 1;  // of convolutions and products in networks that attend to tokens
    double transposeFactor = 1;  // of the stream, where the order of a value's axes changes
    double inputCycles = 0;      // per pixel of a picture from the host
    double mostPieces = 1;
    double shortestPeriodCycles = 1;
    double startCycles = 0;

    double controlJoin = 0;
    double controlSimple = 0;
    double controlMovement = 0;
    double controlTranspose = 0;
    double controlSoftmax = 0;
    double controlLayerNormalization = 0;
    double controlMatrix = 0;

    ResourceCaps singleContext;
    ResourceCaps multiContext;

    double weightExpansion = 1;
    double largeNetworkWeights = 1e15;  // from so many weights on, part of them takes four bits
    double largeNetworkWeightShare = 1; // bytes that are then left of each
    double slackRows = 0;
    double waitingShare = 0;
    double blocksPerControlUnit = 0;
    double blocksPerComputeUnit = 0; // at least, where a layer has weights

    double switchSeconds = 0;
    double fillFactor = 0;
    double serialTransferShare = 0; // of the shorter of work and transfer, which does not overlap
    double configurationBytesPerWeightByte = 1;
    double configurationBytesPerControlUnit = 0;
    double configurationWeight = 0;
    double singleContextPreference = 1;

    std::vector<HostLink> links; // the first is the default
    // 80 % of measured speeds lie between (1 + lower) and (1 + upper) times a prediction.
    double errorLower = 0;
    double errorUpper = 0;
    std::string errorNote;
    std::vector<DeviceFigure> figures; // all of the above, in the order of the file

    double controlUnits() const { return clusters * controlUnitsPerCluster; }
    double computeUnits() const { return clusters * computeUnitsPerCluster; }
    double weightBlocks() const { return clusters * weightBlocksPerCluster; }
    std::int64_t weightMemoryBytes() const
    {
        return static_cast<std::int64_t>(weightBlocks() * weightBlockBytes);
    }
};

// Diagnostics: json.malformed, device.malformed.
Result<DeviceModel> parseDeviceModel(std::span<const std::byte> bytes,
                                     const std::string &nameForErrors);
// The same, and those of readFile.
Result<DeviceModel> loadDeviceModel(const std::filesystem::path &file);

// Hailo-8, then Hailo-8L.
std::vector<DeviceModel> builtInDevices();
// By chip ("hailo8l", "Hailo-8L") or board ("Raspberry Pi AI Kit"); case, blanks and punctuation do
// not matter. Diagnostics: device.unknown, device.vendor-only.
Result<DeviceModel> findDevice(std::string_view name);

} // namespace hefstudio
