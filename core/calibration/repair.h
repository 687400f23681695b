// Arrays written again in the form a network takes: what the doctor's fixes about arrays do.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "calibration/calibration_set.h"

#include <filesystem>
#include <span>
#include <stop_token>

namespace hefstudio {

// Fixes that repairArray() carries out, by kind:
//   transpose-samples             channels last
//   swap-channels                 red and blue exchanged
//   scale-samples {low, high}     shares of white (also twice divided ones), values around zero or
//                                 raw bytes to low … high; raw bytes become uint8
//   convert-samples {channels}    alpha dropped, grey repeated, colours to grey
//   resize-samples {width, height}
bool isRepair(const Fix &fix);

// Writes the set's samples, all fixes applied, to an .npy or .npz (by the target's ending), sample by
// sample. Sends progress of the stage "write". Diagnostics: calib.no-repair, cancelled, those of
// writing.
Result<void> repairArray(const CalibrationSet &set, std::span<const Fix> fixes,
                         const std::filesystem::path &target, std::stop_token stop,
                         const EventSink &sink);

} // namespace hefstudio
