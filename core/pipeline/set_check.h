// `hefc calib check` and the window's doctor: a calibration set looked at on its own, or with the
// network it is for and a folder of what that network will meet.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "calibration/set_examination.h"
#include "pipeline/calibration_check.h"
#include "recipe/settings.h"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

// What a network says of its samples.
struct NetworkInput {
    CutNetwork network;
    InputPlans plans;
    std::vector<ExpectedInput> expected;
};
// Diagnostics: those of importing and of planInputs().
Result<NetworkInput> networkInputFor(const CalibrationSet &set, const ConversionSettings &settings);

struct SetCheckOptions {
    ConversionSettings settings;       // `model` empty: no network
    std::filesystem::path reference{}; // empty: none
    int threads = 0;
};

struct SetCheck {
    SetLooks looks;
    std::vector<Finding> findings;
    std::optional<std::size_t> weighed; // samples that the float network was shown
    double seconds = 0;

    // No error and no warning.
    bool isFine() const;
};

// Diagnostics: cancelled, those of opening the model and the reference.
Result<SetCheck> checkSet(const CalibrationSet &set, const SetCheckOptions &options,
                          std::stop_token stop, const EventSink &sink);

// Fixes all that repairArray() can and writes the result to `target` (.npy or .npz): what stands in
// the way first (layout, size, range), then what the network says of the colours. Gives the fixes
// made; none, and no file, where the set needs nothing. Diagnostics: those of checkSet() and of
// repairArray().
Result<std::vector<Fix>> repairSet(const CalibrationSet &set, const SetCheckOptions &options,
                                   const std::filesystem::path &target, std::stop_token stop,
                                   const EventSink &sink);

// resources/schemas/calib-check.schema.json
std::string setCheckJson(const CalibrationSet &set, const SetCheck &check);

} // namespace hefstudio
