// How long a mapped network takes, from the parts its contexts name: the one place that knows how
// work, transfers, configuration and switches overlap. All results are predictions.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "device/device_model.h"
#include "mapping/mapping.h"

namespace hefstudio {

// Milliseconds to send the inputs and outputs of one frame.
double transferMs(const ContextTiming &timing, const HostLink &link);
double configurationMs(const ContextTiming &timing, const HostLink &link);
// One frame after the other: work and transfer overlap but for a share of the shorter one.
double frameMs(double periodMs, double transferMs, const DeviceModel &device);
// `batch` frames through one context, without its switch.
double contextMs(const ContextTiming &timing, const DeviceModel &device, const HostLink &link,
                 int batch);

// `batch` frames through all contexts in the steady state. With several contexts each is loaded
// while the one before works, so the longer of the two counts.
double batchMs(const Mapping &mapping, const DeviceModel &device, const HostLink &link, int batch);
// The same for contexts of which only the timing is known.
double batchMs(std::span<const ContextTiming> contexts, const DeviceModel &device,
               const HostLink &link, int batch);
double framesPerSecond(const Mapping &mapping, const DeviceModel &device, const HostLink &link,
                       int batch);
// From the arrival of one frame on an idle chip to its last output.
double latencyMs(const Mapping &mapping, const DeviceModel &device, const HostLink &link);

} // namespace hefstudio
