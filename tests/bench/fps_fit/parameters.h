// The constants that are fitted, as one vector: logarithms, bounded, with the value that physical
// reason alone would choose (the prior). Both chips share them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "device/device_model.h"

#include <string>
#include <vector>

namespace hefstudio::fit {

struct Parameter {
    std::string name;
    double prior = 1;
    double least = 0;
    double most = 0;
    void (*set)(DeviceModel &device, double value);
    double (*get)(const DeviceModel &device);
};

const std::vector<Parameter> &parameters();

using Point = std::vector<double>; // natural logarithms

Point priorPoint();
Point pointOf(const DeviceModel &device);
void apply(const Point &point, DeviceModel &device);

} // namespace hefstudio::fit
