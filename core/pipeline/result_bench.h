// The float network and a HEF side by side on single pictures: what each finds, which boxes have a
// partner, and how far the outputs lie apart. What the window's Bench page shows.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pipeline/detector.h"
#include "report/signal_comparison.h"

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

// An output of the chip's part, of both networks.
struct BenchOutput {
    std::string name;
    Tensor floatValues; // float32, ONNX order
    Tensor hefValues;
    SignalComparison signal;
};

struct BenchPicture {
    std::filesystem::path file;
    std::string name; // to show
    int width = 0, height = 0;
    // Everything above benchFloor, so that a threshold can be moved without running again.
    Detections floatFound, hefFound;
    std::vector<BenchOutput> outputs; // emptied by forgetValues() but for name and signal
};
inline constexpr double benchFloor = 0.05;

// Releases the tensors, which take megabytes a picture.
void forgetValues(BenchPicture &picture);

struct BenchThresholds {
    double score = 0.25; // weaker boxes count as not found
    double iou = 0.5;    // partners overlap at least this much
    int onlyClass = -1;  // -1: all
};

// One box and its partner in the other network's finds.
struct BenchBox {
    Detection detection;
    bool hasPartner = false;
    double iou = 0; // with the partner
};

struct BenchAgreement {
    std::vector<BenchBox> floatBoxes, hefBoxes; // best score first
    int partners = 0;
    double meanIou = 0; // of the partners
    // Partners over all boxes of both, each pair once: 1 where neither finds anything.
    double share() const;
};

// Greedy, best float box first; partners have the same class. A box that lies just under the score
// threshold in the other network is no partner: that is what the threshold does to a user.
BenchAgreement agreementOf(const BenchPicture &picture, const BenchThresholds &thresholds);

// Agreement of a whole set, boxes pooled.
struct BenchSummary {
    std::size_t pictures = 0;
    int floatBoxes = 0, hefBoxes = 0, partners = 0;
    double meanIou = 0;
    double share() const;
};
BenchSummary summaryOf(std::span<const BenchPicture> pictures, const BenchThresholds &thresholds);

// Least agreement first, ties by the weakest output; networks without boxes by the weakest output.
std::vector<std::size_t> worstFirst(std::span<const BenchPicture> pictures,
                                    const BenchThresholds &thresholds);

class ResultBench {
public:
    // `settings` state the model's input contract and cut; where the HEF is ours, its record fills
    // in what they leave open. Diagnostics: those of PictureNetwork::open.
    static Result<ResultBench> open(const std::filesystem::path &hef,
                                    const ConversionSettings &settings,
                                    const std::filesystem::path &onePicture);

    bool isDetector() const { return m_float->head() && m_hef->head(); }
    const std::vector<std::string> &labels() const { return m_hef->labels(); }
    // Boxes of a mask or keypoint head are compared as boxes. Diagnostics: those of loading and
    // running; cancelled.
    Result<BenchPicture> look(const std::filesystem::path &picture, std::stop_token stop) const;
    Result<BenchPicture> look(const Image &picture, std::stop_token stop) const;

private:
    ResultBench(std::shared_ptr<const PictureNetwork> model,
                std::shared_ptr<const PictureNetwork> hef);
    std::shared_ptr<const PictureNetwork> m_float, m_hef;
};

} // namespace hefstudio
