// A quantised archive made by the published rules, written down once more and as plainly as
// possible, so that core/quantize/vendor_arithmetic is judged by something it does not use. Random
// weights, statistics of a float run over random pictures, random equalisation factors.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "har_world.h"

namespace hefstudio::test {

// conv1 (3×3, 3 → 8, ReLU), maxpool1, conv2 (3×3, 8 → 12, ReLU), maxpool2, fc1 (48 → 16, ReLU),
// fc2 (16 → 4, linear, or 16 → 1, sigmoid) behind an 8×8×3 input.
struct RuleArchive {
    bool isWide = false;         // "16 bit" behind a layer that widens the 8-bit input
    bool isSigmoid = false;      // else linear
    bool hasSignedInput = false; // an input zero point
    float lastBias = 0;          // large: the last sums need a kickback
    float firstBias = 0;         // very negative: channels of conv1 never let anything through
    unsigned seed = 1;
};

struct RuleArchiveMembers {
    VendorArchive archive;
    NamedTensors integers; // the .q.npz
};
RuleArchiveMembers ruleArchive(const RuleArchive &options);

// The archive with these integers instead.
VendorArchive withIntegers(VendorArchive archive, const NamedTensors &integers);

} // namespace hefstudio::test
