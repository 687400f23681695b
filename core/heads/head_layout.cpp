// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/head_layout.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

Diagnostic invalid(const std::string &what)
{
    return Diagnostic("heads.layout-invalid").with("what", what);
}

constexpr std::int64_t maximumCells = std::int64_t(1) << 24;

// How many values of a role one anchor has; 0: any number.
int widthOf(const HeadLayout &layout, HeadRole role)
{
    switch (role) {
    case HeadRole::box:
        return layout.boxes == BoxCoding::distribution    ? 4 * layout.bins
               : layout.boxes == BoxCoding::sizeAndOffset ? 2
                                                          : 4;
    case HeadRole::objectness:
    case HeadRole::angle:
        return 1;
    case HeadRole::classes:
        return layout.classes + (layout.hasBackground ? 1 : 0);
    case HeadRole::keypoints:
        return layout.keypoints.count * layout.keypoints.values;
    case HeadRole::offset:
        return 2;
    case HeadRole::coefficients:
    case HeadRole::protos:
        return 0;
    }
    return 0;
}

bool needsAnchors(BoxCoding coding)
{
    return coding == BoxCoding::anchorSquare || coding == BoxCoding::anchorExp ||
           coding == BoxCoding::priorOffsets;
}

std::optional<std::string> faultOf(const HeadLayout &layout, const HeadScale &scale)
{
    if (!(scale.strideX > 0) || !(scale.strideY > 0) || !std::isfinite(scale.strideX) ||
        !std::isfinite(scale.strideY))
        return "a stride is not positive";
    if (scale.height <= 0 || scale.width <= 0 || scale.anchorsPerCell <= 0 ||
        scale.anchorsPerCell > 1024 || std::int64_t(scale.height) * scale.width > maximumCells)
        return "a grid has no usable size";
    if (needsAnchors(layout.boxes) &&
        scale.anchors.size() != static_cast<std::size_t>(scale.anchorsPerCell))
        return "the anchors of a scale are not one for each box of a cell";
    for (const HeadPart &part : scale.parts) {
        if (part.tensor >= layout.tensors.size())
            return "a part names no tensor";
        const Shape &shape = layout.tensors[part.tensor].shape;
        if (shape.rank() != 4 || shape[0] != 1 || shape[2] != scale.height ||
            shape[3] != scale.width)
            return "the tensor '" + layout.tensors[part.tensor].name +
                   "' is not of its scale's grid";
        const int wanted = widthOf(layout, part.role);
        if (part.width <= 0 || (wanted != 0 && part.width != wanted) || part.first < 0 ||
            part.period < part.width || part.first > part.period - part.width ||
            shape[1] != std::int64_t(part.period) * scale.anchorsPerCell)
            return "the channels of '" + layout.tensors[part.tensor].name +
                   "' do not divide as described";
    }
    const auto has = [&](HeadRole role) { return scale.part(role) != nullptr; };
    if (!has(HeadRole::box) || !has(HeadRole::classes))
        return "a scale lacks its boxes or its classes";
    if ((layout.scores == ScoreRule::product || layout.scores == ScoreRule::geometric ||
         layout.scores == ScoreRule::weighted) &&
        !has(HeadRole::objectness))
        return "a scale lacks its objectness";
    if (layout.boxes == BoxCoding::sizeAndOffset && !has(HeadRole::offset))
        return "a scale lacks its offsets";
    const HeadPart *coefficients = scale.part(HeadRole::coefficients);
    if (coefficients && layout.protos &&
        layout.tensors[*layout.protos].shape[1] != coefficients->width)
        return "coefficients and prototypes differ in number";
    return std::nullopt;
}

} // namespace

std::string_view headRoleName(HeadRole role)
{
    switch (role) {
    case HeadRole::box:
        return "boxes";
    case HeadRole::objectness:
        return "objectness";
    case HeadRole::classes:
        return "scores";
    case HeadRole::coefficients:
        return "mask_coefs";
    case HeadRole::keypoints:
        return "landmarks";
    case HeadRole::angle:
        return "angle";
    case HeadRole::offset:
        return "offset";
    case HeadRole::protos:
        return "protos";
    }
    return "boxes";
}

std::string_view boxCodingName(BoxCoding coding)
{
    switch (coding) {
    case BoxCoding::distribution:
        return "dfl";
    case BoxCoding::distances:
        return "direct";
    case BoxCoding::centreExp:
        return "centre_exp";
    case BoxCoding::anchorSquare:
        return "anchor";
    case BoxCoding::anchorExp:
        return "anchor_exp";
    case BoxCoding::priorOffsets:
        return "prior";
    case BoxCoding::imageShare:
        return "image_share";
    case BoxCoding::sizeAndOffset:
        return "size_offset";
    }
    return "direct";
}

std::string_view scoreRuleName(ScoreRule rule)
{
    switch (rule) {
    case ScoreRule::classOnly:
        return "per_class";
    case ScoreRule::product:
        return "obj_x_class";
    case ScoreRule::geometric:
        return "sqrt_obj_x_class";
    case ScoreRule::weighted:
        return "obj_06_x_class_04";
    case ScoreRule::peak:
        return "peak";
    }
    return "per_class";
}

std::string_view classActivationName(ClassActivation activation)
{
    switch (activation) {
    case ClassActivation::none:
        return "none";
    case ClassActivation::sigmoid:
        return "sigmoid";
    case ClassActivation::softmax:
        return "softmax";
    }
    return "none";
}

std::string_view angleCodingName(AngleCoding coding)
{
    return coding == AngleCoding::quarterTurns ? "quarter_turns" : "radians";
}

const HeadPart *HeadScale::part(HeadRole role) const
{
    const auto found = std::ranges::find(parts, role, &HeadPart::role);
    return found == parts.end() ? nullptr : &*found;
}

Result<void> verifyLayout(const HeadLayout &layout)
{
    if (layout.scales.empty() || layout.classes <= 0 || layout.bins <= 0 ||
        layout.inputWidth <= 0 || layout.inputHeight <= 0)
        return fail(invalid("there are no scales, classes or input sizes"));
    if (layout.protos && (*layout.protos >= layout.tensors.size() ||
                          layout.tensors[*layout.protos].shape.rank() != 4))
        return fail(invalid("the prototypes are no tensor of rank 4"));
    if (layout.keypoints.count < 0 || layout.keypoints.count > 1024 ||
        (layout.keypoints.values != 2 && layout.keypoints.values != 3))
        return fail(invalid("the keypoints are not of two or three values"));
    for (const HeadScale &scale : layout.scales)
        if (auto fault = faultOf(layout, scale))
            return fail(invalid(*fault));
    return {};
}

} // namespace hefstudio
