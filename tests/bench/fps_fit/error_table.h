// How far predictions are off, in figures and as a table.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "predict.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace hefstudio::fit {

// A public compilation: what the vendor's compiler made of a network under given caps.
struct VendorRun {
    std::string name;
    std::string family;
    std::string device;
    ResourceCaps caps;
    int contexts = 0;
    double control = 0; // means per context; 0: not published
    double compute = 0;
    std::shared_ptr<const Graph> graph;
};

std::vector<VendorRun> loadVendorRuns(const std::filesystem::path &table,
                                      const std::filesystem::path &folder,
                                      std::vector<std::string> &failures);
Prediction predictAtCaps(const VendorRun &run, const std::vector<DeviceModel> &devices);

// One prediction per network and chip.
using Predictions = std::vector<std::array<Prediction, chips>>;

void printNetworks(const Corpus &corpus, const Predictions &predictions, std::ostream &out);
// Medians, 90th percentiles, classes, rank correlation; for all, CNNs and transformers.
void printSummary(const Corpus &corpus, const Predictions &predictions, std::ostream &out);
void printVendorRuns(const std::vector<VendorRun> &runs, const std::vector<Prediction> &predictions,
                     std::ostream &out);

} // namespace hefstudio::fit
