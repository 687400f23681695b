// The outcome of comparing a network with what became of it, as a value: the ladder of its stages
// against the float network, layer by layer, and the agreement of what they find. Printed as JSON
// (resources/schemas/compare.schema.json), text and HTML.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "heads/agreement.h"
#include "report/class_agreement.h"
#include "report/signal_comparison.h"

#include <optional>
#include <string>
#include <vector>

namespace hefstudio {

struct LayerComparison {
    std::string name;
    std::vector<std::string> origin; // ONNX nodes
    std::string kind;
    int bits = 8;                 // of its output
    SignalComparison isolated;    // this layer alone in integers, fed with float values
    SignalComparison accumulated; // the whole network in integers up to here
    double clippedFraction = 0;   // of its float values outside the integers' range
};

struct OutputComparison {
    std::string name;
    SignalComparison signal;
};

// One stage against the float network.
struct Rung {
    std::string name; // "prepared float", "quantised", "hef", or the recorded folder's
    std::vector<OutputComparison> outputs;
};

// Something to do about a bad layer; applied with `fix`.
struct Proposal {
    std::string text;
    Fix fix;
};

struct FirstBadLayer {
    std::string layer;
    std::string reason;
    std::vector<Proposal> proposals;
};

struct DetectionComparison {
    AveragePrecision retained; // float boxes of at least truthScore as truth
    BoxMatches matches;
    double truthScore = 0.3;
    double matchTruthScore = 0.4, matchFoundScore = 0.3;
    // Against people's labels, where given.
    std::optional<AveragePrecision> floatOnLabels, foundOnLabels;
};

struct ClassificationComparison {
    TopAgreement agreement;
    Confidence before, after;
    // "folder names" or "the float network's answers": what counted as the true class.
    std::string truth;
};

// What one HEF is worth.
struct HefComparison {
    std::string file;
    std::vector<Rung> rungs;
    std::vector<LayerComparison> layers; // in network order; empty where they do not correspond
    std::optional<FirstBadLayer> firstBad;
    std::optional<DetectionComparison> detection;
    std::optional<ClassificationComparison> classification;
    std::optional<MapAgreement> segmentation;

    const std::vector<OutputComparison> *outputs() const; // of the HEF itself
    // The figure two files are ranked by: mAP kept, top-1 agreement, mean IoU, else the least SNR
    // of an output over 60 dB. Between 0 and 1, more is better.
    double score() const;
    std::string scoreName() const;
};

struct Comparison {
    std::string model;
    std::size_t pictures = 0;
    std::size_t layerPictures = 0; // of them, looked at layer by layer
    std::vector<HefComparison> hefs;
    // One sentence for two files on the same pictures; empty for one.
    std::string verdict;
    Diagnostics remarks;
};

// A layer below this isolated SNR is a weak spot.
inline constexpr double badLayerDb = 20;

// The first layer in network order that loses what it should not, and what to try.
std::optional<FirstBadLayer> findFirstBad(const std::vector<LayerComparison> &layers,
                                          const std::vector<OutputComparison> &outputs);
// Which of the first two files is better, or that they cannot be told apart.
std::string verdictOn(const Comparison &comparison);

std::string comparisonJson(const Comparison &comparison);
std::string comparisonText(const Comparison &comparison);
std::string comparisonHtml(const Comparison &comparison); // one file, no script, no outside link

} // namespace hefstudio
