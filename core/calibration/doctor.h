// Looks at a calibration set before the long run and says what would spoil it. Errors stop a
// conversion; warnings and notes go into its report. Nothing is decoded that need not be.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/calibration_set.h"

#include <optional>
#include <set>
#include <span>
#include <string>

namespace hefstudio {

// What the network takes at one input.
struct ExpectedInput {
    std::string name;
    Shape shape;            // ONNX order
    bool isPicture = false; // raw 0…255 enter; else the samples are the network's own values
    // The network's own values of black and white, where they are known: 0 and 1 for a network
    // trained on x / 255.
    std::optional<std::pair<double, double>> blackAndWhite;
};

// What the values of an array span.
struct SampleRange {
    double low = 0, high = 0;
    std::int64_t notFinite = 0;
};

// The form of an array alone: calib.layout-nchw, calib.channels-mismatch, calib.size-mismatch,
// calib.shape-mismatch. Nothing for pictures.
Diagnostics examineForm(const CalibrationSet &set, const ExpectedInput &input);
// calib.not-finite, calib.range-mismatch.
Diagnostics examineRange(const CalibrationSet &set, const ExpectedInput &input,
                         const SampleRange &range);
// What differs between these sizes is more than landscape and portrait, or two cameras.
bool isWideSpread(const std::set<std::pair<int, int>> &sizes);

// All of it, and what the pictures' first bytes say. Errors: calib.not-finite, calib.layout-nchw, calib.channels-mismatch, calib.size-mismatch,
// calib.shape-mismatch, calib.range-mismatch. Warnings: calib.picture-depth,
// calib.picture-palette, calib.picture-cmyk. Notes: calib.picture-rotated, calib.mixed-sizes. Each
// once for a set, with the number of samples and the first of them.
Diagnostics examine(const CalibrationSet &set, std::span<const ExpectedInput> inputs);

} // namespace hefstudio
