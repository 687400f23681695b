// Runs a network and its HEFs on the same pictures and compares them at every stage: the float
// model, the prepared float graph, the quantised layers, the HEF in the emulator, and outputs that
// were recorded elsewhere.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/comparison.h"

#include <filesystem>
#include <stop_token>

namespace hefstudio {

struct ComparisonRequest {
    std::filesystem::path model;
    std::vector<std::filesystem::path> hefs; // one or two
    std::filesystem::path pictures;          // a folder, a picture, an .npy
    // Outputs of the first HEF from elsewhere: <picture's stem>/<output>.npy, or <output>.npy for
    // one picture; rows, columns, channels; real values, or integers as stored. Empty: none.
    std::filesystem::path recorded;
    std::filesystem::path annotations; // people's boxes (heads/annotations.h); empty: none
    std::size_t layerPictures = 4;     // looked at layer by layer; 0: none
    int threads = 0;
};

// The same report at any thread count. Diagnostics: those of opening and running, compare.*,
// cancelled.
Result<Comparison> compareNetworks(const ComparisonRequest &request, std::stop_token stop = {});

} // namespace hefstudio
