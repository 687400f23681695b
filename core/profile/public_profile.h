// What a vendor's HEF says about its speed without its layers: contexts, what each loads and sends,
// and the two figures its compiler wrote down. Predicted, never measured.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "device/device_model.h"
#include "hef/hef_reader.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace hefstudio {

struct PublicContext {
    std::string name;
    std::size_t actions = 0;
    std::uint64_t configurationBytes = 0;
    std::uint64_t inputBytes = 0; // of one frame: from the host, other contexts and DDR
    std::uint64_t outputBytes = 0;
};

struct PublicProfile {
    std::string device; // "hailo8l"
    std::string network;
    std::string link;
    std::vector<PublicContext> contexts;
    std::uint64_t startupBytes = 0; // configuration loaded once
    double compilerFps = 0;         // the slowest layer's rate, by the vendor's compiler
    double compilerLatencyMs = 0;
    // One context: the slowest layer or the link. Several: latency and loading, whichever is longer,
    // and the switches; further frames of a batch take the slowest layer's time or the link's.
    std::map<int, double> framesPerSecond;
    std::string bottleneck; // "compute", "transfer" or "configuration"
};

PublicProfile profileOfHef(const HefNetworkGroupView &group, const DeviceModel &device,
                           std::span<const int> batches);

std::string publicProfileJson(const PublicProfile &profile);
std::string publicProfileText(const PublicProfile &profile);

} // namespace hefstudio
