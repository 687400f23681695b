// What the outputs of a cut detector mean: which tensor of which scale holds what, and by which
// formula its numbers become boxes, scores, keypoints, angles and masks. Complete: with it, the
// real values of the outputs can be decoded without the network (decode.h). It is written into a
// HEF's metadata and read back from it (head_metadata.h).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "base/tensor.h"
#include "heads/non_maximum_suppression.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

enum class HeadRole {
    box,
    objectness,
    classes,
    coefficients, // of masks
    keypoints,
    angle,
    offset, // of the centre inside its cell (CenterNet)
    protos, // prototypes of masks; one tensor for all scales
};
std::string_view headRoleName(HeadRole role); // "mask_coefs": the words of the metadata

// In the formulas t are the box values of one anchor, (gx, gy) = cell + cellOffset, s the stride,
// (aw, ah) the anchor in pixels.
enum class BoxCoding {
    distribution,  // each side: Σ i·softmax(t)ᵢ over its bins, then as `distances` (DFL)
    distances,     // x1 = (gx − l)·s, y1 = (gy − t)·s, x2 = (gx + r)·s, y2 = (gy + b)·s
    centreExp,     // cx = (tx + gx)·s, w = exp(tw)·s (YOLOX)
    anchorSquare,  // cx = (2σ(tx) − 0.5 + gx)·s, w = (2σ(tw))²·aw (YOLOv5)
    anchorExp,     // cx = (σ(tx) + gx)·s, w = exp(tw)·aw (YOLOv3)
    priorOffsets,  // cx = gx·s + v₀·tx·aw, w = exp(v₁·tw)·aw (SSD)
    imageShare,    // cx = (tanh(tx) + gx)·s, w = σ(tw)·input width (FastestDet)
    sizeAndOffset, // cx = (gx + offset)·s, w = tw·s (CenterNet)
};
std::string_view boxCodingName(BoxCoding coding);

// How objectness o and class score c make the score of a box.
enum class ScoreRule {
    classOnly,
    product,   // o·c
    geometric, // √(o·c) (YuNet)
    weighted,  // o^0.6 · c^0.4 (FastestDet)
    peak,      // c, where it is the largest of its 3×3 neighbours (CenterNet)
};
std::string_view scoreRuleName(ScoreRule rule);

// What the host still has to apply to the class values.
enum class ClassActivation { none, sigmoid, softmax };
std::string_view classActivationName(ClassActivation activation);

enum class AngleCoding {
    quarterTurns, // (σ(t) − 0.25)·π
    radians,      // t
};
std::string_view angleCodingName(AngleCoding coding);

// x = (factor·tx + cell + cellOffset)·s; the third value, where there is one, is a visibility
// logit.
struct KeypointCoding {
    int count = 0;
    int values = 3; // 2 or 3 each
    double factor = 1;
    double cellOffset = 0;
    friend bool operator==(const KeypointCoding &, const KeypointCoding &) = default;
};

// Part of a tensor: value k of anchor a of a cell is channel a·period + first + k, k < width.
struct HeadPart {
    HeadRole role = HeadRole::box;
    std::size_t tensor = 0; // index in HeadLayout::tensors
    int first = 0;
    int width = 0;
    int period = 0;
    // Its sigmoid is already in the tensor (folded on the chip, or the network's own).
    bool hasSigmoid = false;
    friend bool operator==(const HeadPart &, const HeadPart &) = default;
};

struct HeadScale {
    double strideX = 0, strideY = 0; // pixels of the input per cell
    int height = 0, width = 0;       // cells
    int anchorsPerCell = 1;
    std::vector<std::array<double, 2>> anchors{}; // width, height in pixels; empty: none needed
    std::vector<HeadPart> parts{};                // in the order of roles

    const HeadPart *part(HeadRole role) const;
    friend bool operator==(const HeadScale &, const HeadScale &) = default;
};

struct HeadTensor {
    std::string name;
    Shape shape; // ONNX order [1, C, h, w]
    friend bool operator==(const HeadTensor &, const HeadTensor &) = default;
};

struct HeadLayout {
    int inputWidth = 0, inputHeight = 0, inputChannels = 3;
    std::vector<HeadTensor> tensors;     // in the order of the outputs
    std::vector<HeadScale> scales;       // finest first
    std::optional<std::size_t> protos{}; // index in tensors

    BoxCoding boxes = BoxCoding::distances;
    double cellOffset = 0.5;
    int bins = 1;                          // of a distribution
    std::array<double, 2> variances{1, 1}; // of priorOffsets
    bool isYFirst = false;                 // box values come as (y, x, h, w)

    int classes = 0; // without the background
    ClassActivation classActivation = ClassActivation::none;
    bool hasBackground = false; // value 0 of the classes is "nothing"
    ScoreRule scores = ScoreRule::classOnly;

    KeypointCoding keypoints;
    AngleCoding angle = AngleCoding::quarterTurns;
    SuppressionScope suppression = SuppressionScope::perClass;
    // Why this reading was chosen, one English sentence.
    std::string evidence;

    bool hasMasks() const { return protos.has_value(); }
    friend bool operator==(const HeadLayout &, const HeadLayout &) = default;
};

// Everything that decoding relies on: indices in range, parts inside their tensors, sizes that
// agree. Diagnostics: heads.layout-invalid.
Result<void> verifyLayout(const HeadLayout &layout);

} // namespace hefstudio
