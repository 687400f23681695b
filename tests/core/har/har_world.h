// Archives as the vendor's compiler writes them, made by the measured rules: a small convolutional
// network in the states parsed, quantised and compiled.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/archive.h"
#include "base/npy.h"

#include <string>
#include <vector>

namespace hefstudio::test {

// One member by name, for tests that change or drop it.
struct VendorArchive {
    std::vector<ArchiveMember> members; // index last
    void put(const std::string &name, const std::string &text);
    void drop(const std::string &name);
    Bytes bytes() const { return *tarBytes(members); }
};

// conv1 (3×3, 2 → 4 channels, ReLU, SAME), maxpool1, fc1 (16 → 3, sigmoid) behind an 4×4×2 input.
std::string vendorNetwork(bool isQuantised);
NamedTensors vendorWeights();
VendorArchive parsedArchive();
VendorArchive quantisedArchive();
VendorArchive compiledArchive();

} // namespace hefstudio::test
