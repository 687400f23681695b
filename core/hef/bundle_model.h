// Room-internal: what the programs of a kit must know of their model, and how they are told.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/hef_metadata.h"

#include <map>

namespace hefstudio {

class Hef;

struct BundleScale {
    double stride = 0;
    std::map<std::string, std::string> outputs; // name by type: "boxes", "scores", …
};

struct BundleModel {
    std::string hefName; // of the file in the kit
    std::string task;    // "detection", "segmentation", "pose", "classify"; empty: unknown
    std::int64_t height = 0, width = 0, channels = 0;
    std::string colourOrder; // "rgb", "bgr", "grey"
    std::vector<std::string> labels;
    std::vector<BundleScale> scales; // finest first
    std::string protos;              // the output's name
    bool boxesAreDistributions = false;
    double cellOffset = 0.5;
    std::string scoreActivation; // left to the host; empty: none
    double keyPointFactor = 2, keyPointOffset = 0;
    bool isClassAware = false;
    bool hasRuntimeNms = false;
    bool isGuessed = false; // no metadata: the outputs were told by their shapes
    struct Quantisation {
        std::string output;
        double scale = 1;
        std::int64_t zeroPoint = 0;
    };
    std::vector<Quantisation> quantisation; // of outputs with one scale
};

BundleModel bundleModel(const ModelMetadata &metadata, const Hef &hef);

std::string bundleModelPython(const BundleModel &model); // model.py
std::string bundleModelCpp(const BundleModel &model);    // model.hpp
std::string bundleReadme(const BundleModel &model, const Hef &hef);

} // namespace hefstudio
