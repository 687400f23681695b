// The networks of the fit: exports from a folder, prepared as a conversion would, without their
// weights, and the published figures they are held against.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hefstudio::fit {

constexpr int chips = 2; // Hailo-8, Hailo-8L: the order of builtInDevices()

struct Published { // frames per second; 0 where nothing is published
    double batch1 = 0;
    double batch8 = 0;

    bool isSingle() const { return batch8 < 1.05 * batch1; }
};

struct Network {
    std::string name;
    std::string family;
    bool isTransformer = false;
    std::array<Published, chips> published;
    std::shared_ptr<const Graph> graph; // constants have shapes only
    std::vector<int> bits;
    double cap = 1; // share of the units that the published compilation was allowed
};

struct Corpus {
    std::vector<Network> networks;
    std::vector<std::string> failures; // "name: reason"
};

// Reads published.csv and those of its exports that the folder has.
Corpus loadCorpus(const std::filesystem::path &table, const std::filesystem::path &folder);

// One export as the chip would get it.
std::shared_ptr<const Graph> loadForDevice(const std::filesystem::path &model, std::string &reason);

} // namespace hefstudio::fit
