// What a built-in HEF says of its own making, stored in it as JSON: enough to feed it a picture, to
// name its outputs and to show what was asked, used and predicted. Deterministic: no path, time or
// thread count is in it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ledger.h"
#include "calibration/preprocess.h"
#include "recipe/settings.h"

#include <span>
#include <string>
#include <vector>

namespace hefstudio {

inline constexpr std::string_view recordResourceName = "hefstudio.record.json";
inline constexpr std::string_view hostGraphResourceName = "hefstudio.host.onnx";

struct ConversionRecord {
    struct InputRecord {
        std::string name;       // of the network
        std::string streamName; // of the HEF
        Shape shape;            // ONNX order
        bool isPicture = false;
        Normalization normalization;
        PreprocessOptions preprocess;
    };
    struct OutputRecord {
        std::string name;
        std::string streamName;
        Shape shape; // ONNX order
        std::string role;
        std::int64_t stride = 0;
        std::string reason;
    };

    std::string toolVersion;
    std::string model; // the file's stem
    std::string arch;
    std::string preset;
    std::vector<InputRecord> inputs;
    std::vector<OutputRecord> outputs;
    std::vector<std::string> hostOutputs; // what the host remainder computes; empty without one
    std::vector<std::string> labels;
    Ledger ledger;
    // What a detector's outputs mean, as core/heads writes it (head_metadata.h); empty for others.
    std::string headJson;
    // Factors of the channels of inner values, by tensor name: real = factor · scale · (q − zero
    // point). Only those that are not 1.
    std::vector<std::pair<std::string, std::vector<float>>> channelFactors;
    std::string profileJson; // core/profile's document for this mapping
};

std::string recordJson(const ConversionRecord &record);
// Diagnostics: record.malformed.
Result<ConversionRecord> recordFromJson(std::span<const std::byte> bytes, const std::string &name);

} // namespace hefstudio
