// What a device model says about a network, without the search's refinements: fast enough to be
// asked ten thousand times.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "corpus.h"

#include "device/device_model.h"

#include <vector>

namespace hefstudio::fit {

struct Prediction {
    int contexts = 0; // 0: the network does not fit at all
    double batch1 = 0;
    double batch8 = 0;
    double control = 0; // means over the contexts
    double compute = 0;
};

// As mapToDevice decides, at coarser periods.
Prediction predict(const Graph &graph, const std::vector<int> &bits, const DeviceModel &device);
Prediction predict(const Network &network, const DeviceModel &device);
// Through mapToDevice itself.
Prediction predictExactly(const Network &network, const DeviceModel &device);

} // namespace hefstudio::fit
