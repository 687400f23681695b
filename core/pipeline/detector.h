// A detector opened for looking at pictures: a HEF in the emulator, or a model in float. Both go
// the same way: preprocessing, the chip's part, decoding of its outputs by the description of the
// head, suppression, back to the picture's own pixels.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/calibration_set.h"
#include "heads/decode.h"
#include "heads/detection.h"
#include "heads/head_layout.h"
#include "heads/non_maximum_suppression.h"
#include "pipeline/input_plan.h"
#include "recipe/settings.h"

#include <memory>
#include <stop_token>

namespace hefstudio {

using NamedValues = std::vector<std::pair<std::string, Tensor>>;

// A network that takes pictures, whichever file it came from. Const members may run side by side.
class PictureNetwork {
public:
    // By its ending a HEF (.hef) or a model. For a model `settings` state the input contract, end
    // nodes and shapes; a HEF brings its own. Diagnostics: those of opening, run.no-contract,
    // input.contract-unknown.
    static Result<PictureNetwork> open(const std::filesystem::path &file,
                                       const ConversionSettings &settings,
                                       const CalibrationSet &pictures);
    ~PictureNetwork();
    PictureNetwork(PictureNetwork &&) noexcept;
    PictureNetwork &operator=(PictureNetwork &&) noexcept;

    bool isHef() const;
    const InputPlan &input() const;
    // From now on pictures enter in this way: to try what else a model could expect. Not for a HEF,
    // which has its normalisation inside.
    void feed(const Normalization &normalization, ColorOrder color);
    const std::vector<std::string> &labels() const; // may be empty
    // Nothing for a network that is no detector, or whose coding is not known.
    const std::optional<HeadLayout> &head() const;

    // Real values of the device's outputs (where the chip's part ends), with their names, for one
    // picture as preprocess() makes it (uint8 [1,C,H,W]).
    Result<NamedValues> deviceOutputs(const Tensor &pixels, std::stop_token stop = {}) const;
    // The network's own outputs from them: the part left to the host, or the same where none is.
    Result<NamedValues> networkOutputs(const NamedValues &deviceOutputs) const;

private:
    struct State;
    explicit PictureNetwork(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

// (x − mean) / std of a raw picture, as the network was trained on.
Tensor normalized(const Tensor &pixels, const Normalization &normalization);

struct PictureResult {
    CanvasPlacement placement;
    Detections detections;   // pixels of the picture, best first
    std::vector<Mask> masks; // one for each detection of a segmenting head, over the canvas
    NamedValues deviceOutputs;
};

// Diagnostics: detect.no-head, heads.*, those of running.
Result<PictureResult> detectIn(const PictureNetwork &network, const Image &picture,
                               const SuppressionOptions &options, std::stop_token stop = {});

} // namespace hefstudio
