// How well one set of detections agrees with another that counts as the truth: the float network's
// on the same pictures, or people's labels. Figures with a bootstrap interval over the pictures, so
// that a difference between two files can be told from chance.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "heads/detection.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace hefstudio {

// One entry per picture in both; pictures without boxes stand as empty lists.
using PictureDetections = std::vector<Detections>;

struct TruthBox {
    int classIndex = 0;
    Box box;
    // A crowd: detections on it are neither right nor wrong.
    bool isIgnored = false;
};
using PictureTruth = std::vector<std::vector<TruthBox>>;

// The boxes of at least `minimumScore`, as truth.
PictureTruth asTruth(const PictureDetections &detections, double minimumScore);

struct Interval {
    double low = 0, high = 0;
};

// Mean average precision as COCO defines it: greedy matching from the best score down, precision
// at 101 recall levels, the mean over the classes that have truth boxes. `all` is the mean over
// the IoU thresholds 0.50, 0.55 … 0.95.
struct AveragePrecision {
    double at50 = 0;
    double all = 0;
    int classes = 0;         // with truth; 0 makes the figures meaningless
    Interval at50Interval{}; // 95 %, bootstrap over the pictures
    Interval allInterval{};
};

struct BootstrapOptions {
    int repeats = 1000; // 0: no interval (both ends are the figure itself)
    std::uint64_t seed = 1;
};

AveragePrecision averagePrecision(const PictureTruth &truth, const PictureDetections &found,
                                  const BootstrapOptions &bootstrap = {});

// Each truth box and the best unmatched found box of its class at IoU ≥ 0.5, by falling IoU.
struct BoxMatches {
    std::int64_t truthBoxes = 0;
    std::int64_t matched = 0;
    double matchedFraction = 0; // 1 where there is no truth box
    double meanIou = 0;         // of the matched
    Interval matchedInterval{};
};

// Found boxes of at least `minimumScore` count. The customary pairing of thresholds: truth of at
// least 0.4 against found of at least 0.3, so that a score that moves by rounding costs nothing.
BoxMatches matchBoxes(const PictureTruth &truth, const PictureDetections &found,
                      double minimumScore, const BootstrapOptions &bootstrap = {});

// The 2.5 % and 97.5 % quantiles of a figure over resamples of `pictures` pictures; the function
// gets how often each picture was drawn. Deterministic in the seed.
Interval bootstrapInterval(std::size_t pictures,
                           const std::function<double(std::span<const int> draws)> &figure,
                           const BootstrapOptions &options);

} // namespace hefstudio
