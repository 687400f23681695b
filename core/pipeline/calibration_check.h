// Before the long run: does the calibration set fit what the network takes?
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "calibration/doctor.h"
#include "pipeline/input_plan.h"
#include "pipeline/prepared_network.h"

#include <span>
#include <stop_token>
#include <vector>

namespace hefstudio {

// Errors stop the conversion; warnings and notes are sent. Diagnostics: those of
// calibration/doctor.h.
Result<void> checkCalibration(const CalibrationSet &set, const InputPlans &plans,
                              const ConversionSettings &settings, const EventSink &sink);

// What the float network finds in one sample: the sum of its boxes' scores, or how sure a classifier
// is. NaN where that form was not tried.
struct FormEvidence {
    std::size_t sample = 0;
    double asGiven = 0;
    double swapped = 0; // with red and blue exchanged
    double raw = 0;     // without the stated normalisation
};

// By sample, in the order given; samples that cannot be loaded are left out. Empty for networks
// whose findings cannot be weighed. Diagnostics: cancelled, those of the engine.
Result<std::vector<FormEvidence>> weighForms(const CutNetwork &network, const CalibrationSet &set,
                                             const InputPlans &plans,
                                             std::span<const std::size_t> samples, int threads,
                                             std::stop_token stop);

// What the network takes, in the doctor's terms.
std::vector<ExpectedInput> expectedInputs(const InputPlans &plans,
                                          const ConversionSettings &settings);

// Warnings from the evidence of an even choice of samples: calib.channel-order and
// calib.double-normalisation, with their fixes.
Diagnostics judgeForms(std::span<const FormEvidence> evidence, const CalibrationSet &set,
                       const InputPlan &plan);

// Runs the float network on a few samples in both channel orders, and without the normalisation. Where another form finds much
// more, a warning of judgeForms() says so, with the fix. Only for networks whose findings can
// be weighed: detectors with a known head and classifiers.
Result<void> checkChannelOrder(const CutNetwork &network, const CalibrationSet &set,
                               const InputPlans &plans, std::stop_token stop,
                               const EventSink &sink);

} // namespace hefstudio
