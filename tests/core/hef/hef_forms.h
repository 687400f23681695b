// Contents that use each form the writer has.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/emulation_hef.h"

#include <string>
#include <utility>
#include <vector>

namespace hefstudio::test {

EmulationHefContent formOfLayouts(HefChip chip); // two inputs, an output of every order
EmulationHefContent formOfScales(HefChip chip);
EmulationHefContent formOfDdr(HefChip chip);
EmulationHefContent formOfLists(HefChip chip);       // one list of 80 classes
EmulationHefContent formOfMergedLists(HefChip chip); // two parts of one list of 8 classes
EmulationHefContent formOfStep(HefChip chip, HefNmsStep::Kind kind, bool onlyDecodes);
EmulationHefContent formOfLogits(HefChip chip, HefLogitsStep step);
// All of them on both chips, and those of hef_world.h, by name.
std::vector<std::pair<std::string, EmulationHefContent>> allForms();

} // namespace hefstudio::test
