// hefc calib stats and hefc calib merge: the statistics a conversion calibrates with, taken by any
// number of processes and put together again. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "verb.h"

namespace hefstudio::cli {

// Adds both to the verb `calib`; whichever was parsed is to be run.
std::vector<Verb> declareCalibStatistics(CLI::App &calib);

} // namespace hefstudio::cli
