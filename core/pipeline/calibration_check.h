// Before the long run: does the calibration set fit what the network takes?
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "pipeline/input_plan.h"
#include "pipeline/prepared_network.h"

#include <stop_token>

namespace hefstudio {

// Errors stop the conversion; warnings and notes are sent. Diagnostics: those of
// calibration/doctor.h.
Result<void> checkCalibration(const CalibrationSet &set, const InputPlans &plans,
                              const ConversionSettings &settings, const EventSink &sink);

// Runs the float network on a few samples in both channel orders. Where the other order finds much
// more, the warning calib.channel-order says so, with the fix. Only for networks whose findings can
// be weighed: detectors with a known head and classifiers.
Result<void> checkChannelOrder(const CutNetwork &network, const CalibrationSet &set,
                               const InputPlans &plans, std::stop_token stop,
                               const EventSink &sink);

} // namespace hefstudio
