// Everything a user chooses for one conversion, as plain data: what the command line, the window
// and a recipe file all fill in. Empty optionals mean "not stated". SPDX-License-Identifier:
// GPL-3.0-or-later
#pragma once

#include "calibration/preprocess.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hefstudio {

enum class Preset { fast, balanced, accurate };
std::string_view presetName(Preset preset);
std::optional<Preset> presetFromName(std::string_view name);

enum class BackendKind { builtin, vendor };
// What the HEF says is done with a detector's outputs on the host: nothing, or HailoRT's own NMS.
enum class HostNms { none, hailort };
std::string_view hostNmsName(HostNms nms);
std::optional<HostNms> hostNmsFromName(std::string_view name);
enum class BadImagePolicy { stop, skip };

// Per channel, on the 0…255 scale of raw pictures: the network was trained on (x − mean) / std.
// One value stands for all channels.
struct Normalization {
    std::vector<float> mean{0};
    std::vector<float> std{1};

    friend bool operator==(const Normalization &, const Normalization &) = default;
};
// "127/128", "123.675,116.28,103.53/58.395,57.12,57.375"; nothing when malformed or a std is 0.
std::optional<Normalization> normalizationFromText(std::string_view text);
std::string normalizationText(const Normalization &normalization);

// What the user says of one layer's output instead of the preset.
struct LayerChoice {
    std::optional<int> bits; // 8 or 16
    std::optional<std::string> observer; // "min-max", "percentile", "mean-square", "entropy"
    friend bool operator==(const LayerChoice &, const LayerChoice &) = default;
};

// `calibration` of a conversion that shall go through without pictures, on noise. (A folder of that
// name is ./random.)
inline constexpr const char *randomCalibration = "random";

// What only the vendor's compiler is told. Choices of the network's making, nothing of the machine:
// which compiler runs, and how it is started, is never a recipe's business.
struct VendorChoices {
    std::filesystem::path script; // a model script whose statements follow ours; empty: none
    bool isMaximumEffort = false; // the compiler tries many caps: hours instead of minutes
    std::optional<double> utilisation; // cap of a context, 0.3 to 1.2; nothing: the compiler's own
    std::optional<int> mappingMinutes; // limit of the placing of one context
    bool mustFitOneContext = false;
    friend bool operator==(const VendorChoices &, const VendorChoices &) = default;
};

struct ConversionSettings {
    std::filesystem::path model;
    std::filesystem::path output; // empty: "<model>.emulation.hef" beside the model
    std::string arch = "hailo8l"; // a chip or a board name (core/device)
    Preset preset = Preset::fast;
    BackendKind backend = BackendKind::builtin;
    VendorChoices vendor;
    std::filesystem::path calibration;
    std::vector<std::string> startNodes;
    std::vector<std::string> endNodes;
    std::map<std::string, std::vector<std::int64_t>> inputShapes;
    std::optional<Normalization> normalization;
    std::optional<ColorOrder> color;
    std::optional<ResizePolicy> resize;
    std::map<std::string, LayerChoice> layers; // by layer name, over the preset
    std::filesystem::path labels;
    HostNms nms = HostNms::none;
    double nmsScore = 0.2, nmsIou = 0.6; // what HailoRT's step is told
    int nmsPerClass = 100;
    std::filesystem::path archive; // a model archive of the optimised state; empty: none
    std::optional<int> contexts;
    BadImagePolicy onBadImage = BadImagePolicy::stop;
    int threads = 0; // 0: all cores; never part of the result
    std::string isa = "auto";
    bool verifyPasses = false;
    std::uint64_t seed = 1;
    std::uint64_t createdMs = 0; // the HEF's time stamp; 0 without a recipe
};

} // namespace hefstudio
