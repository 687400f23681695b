// Computes the integers of a quantised archive anew, from its float weights, its statistics and its
// equalisation factors (quantize/vendor_arithmetic.h), and says how far they agree with what the
// archive holds: whether a file was made as the published archives were, and at which layer not.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "har/har_archive.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hefstudio {

// How many of so many numbers are as computed.
struct HarAgreement {
    std::int64_t equal = 0;
    std::int64_t all = 0;

    void add(bool isEqual)
    {
        equal += isEqual;
        ++all;
    }
    void add(const HarAgreement &other)
    {
        equal += other.equal;
        all += other.all;
    }
    bool isEmpty() const { return all == 0; }
    bool isWhole() const { return equal == all; }
    double fraction() const { return all == 0 ? 1 : double(equal) / double(all); }
};

// Empty agreements: the layer has no such number, or no rule is known for it.
struct HarLayerCheck {
    std::string name;
    std::string type;
    std::string precision;  // "a8_w8_a8"
    std::string notCovered; // why nothing was computed; empty: it was
    HarAgreement scales;    // by channel of the result
    HarAgreement zeroPoint;
    HarAgreement shift;
    HarAgreement weights; // and their zero point
    HarAgreement biases;
    HarAgreement tables; // borders, offsets and slopes of the output stage
    // What was computed, for layers with weights.
    std::optional<int> computedShift, storedShift;
    std::optional<double> computedKickback, storedKickback; // log₂
};

struct HarCheck {
    std::vector<HarLayerCheck> layers; // in the order of the network
    HarLayerCheck summary;             // all layers together
    std::optional<std::int64_t> optimizationLevel;
};

// Diagnostics: har.no-part (no integers or no statistics inside), those of parseHn and parseNpz.
Result<HarCheck> checkHar(const HarArchive &archive);

std::string harCheckText(const HarArchive &archive, const HarCheck &check);
std::string harCheckJson(const HarArchive &archive, const HarCheck &check);

} // namespace hefstudio
