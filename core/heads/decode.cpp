// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/decode.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hefstudio {
namespace {

double sigmoid(double x)
{
    return 1 / (1 + std::exp(-x));
}

// Reads the values of one role of one scale.
class PartView {
public:
    PartView(const HeadPart &part, const Tensor &tensor)
        : m_values(tensor.as<float>()),
          m_area(static_cast<std::size_t>(tensor.shape()[2] * tensor.shape()[3])),
          m_part(&part)
    {
    }

    double operator()(std::size_t anchor, std::size_t cell, std::size_t k) const
    {
        const auto channel = anchor * static_cast<std::size_t>(m_part->period) +
                             static_cast<std::size_t>(m_part->first) + k;
        return static_cast<double>(m_values[channel * m_area + cell]);
    }
    // As a probability.
    double squashed(std::size_t anchor, std::size_t cell, std::size_t k) const
    {
        const double value = (*this)(anchor, cell, k);
        return m_part->hasSigmoid ? value : sigmoid(value);
    }
    std::size_t width() const { return static_cast<std::size_t>(m_part->width); }

private:
    std::span<const float> m_values;
    std::size_t m_area;
    const HeadPart *m_part;
};

struct Cell {
    std::size_t row = 0, column = 0, index = 0, anchor = 0;
};

class ScaleDecoder {
public:
    ScaleDecoder(const HeadLayout &layout, const HeadScale &scale, std::span<const Tensor> outputs,
                 const DecodeOptions &options)
        : m_layout(layout), m_scale(scale), m_outputs(outputs), m_options(options)
    {
        m_box = view(HeadRole::box);
        m_objectness = view(HeadRole::objectness);
        m_classes = view(HeadRole::classes);
        m_coefficients = view(HeadRole::coefficients);
        m_keypoints = view(HeadRole::keypoints);
        m_angle = view(HeadRole::angle);
        m_offset = view(HeadRole::offset);
    }

    Detection detection(const Cell &cell, int classIndex, double score) const
    {
        Detection result{.classIndex = classIndex, .score = score, .box = box(cell)};
        if (m_angle)
            result.angle = angle(cell);
        if (m_coefficients)
            for (std::size_t k = 0; k < m_coefficients->width(); ++k)
                result.maskCoefficients.push_back(
                    static_cast<float>((*m_coefficients)(cell.anchor, cell.index, k)));
        if (m_keypoints)
            result.keypoints = keypoints(cell);
        return result;
    }

    void run(Detections &into) const
    {
        Cell cell;
        for (cell.row = 0; cell.row < static_cast<std::size_t>(m_scale.height); ++cell.row)
            for (cell.column = 0; cell.column < static_cast<std::size_t>(m_scale.width);
                 ++cell.column) {
                cell.index = cell.row * static_cast<std::size_t>(m_scale.width) + cell.column;
                for (cell.anchor = 0;
                     cell.anchor < static_cast<std::size_t>(m_scale.anchorsPerCell); ++cell.anchor)
                    decodeCell(cell, into);
            }
    }

private:
    std::optional<PartView> view(HeadRole role) const
    {
        const HeadPart *part = m_scale.part(role);
        if (!part)
            return std::nullopt;
        return PartView(*part, m_outputs[part->tensor]);
    }

    double joined(double objectness, double classScore) const
    {
        switch (m_layout.scores) {
        case ScoreRule::product:
            return objectness * classScore;
        case ScoreRule::geometric:
            return std::sqrt(std::max(0.0, objectness * classScore));
        case ScoreRule::weighted:
            return std::pow(std::max(0.0, objectness), 0.6) *
                   std::pow(std::max(0.0, classScore), 0.4);
        case ScoreRule::classOnly:
        case ScoreRule::peak:
            break;
        }
        return classScore;
    }

    // exp(x − largest) summed over the class values, for the softmax.
    double softmaxSum(const Cell &cell, double largest) const
    {
        double sum = 0;
        for (std::size_t k = 0; k < m_classes->width(); ++k)
            sum += std::exp((*m_classes)(cell.anchor, cell.index, k) - largest);
        return sum;
    }

    bool isPeak(const Cell &cell, std::size_t k) const
    {
        const double here = (*m_classes)(cell.anchor, cell.index, k);
        for (std::size_t row = cell.row > 0 ? cell.row - 1 : 0;
             row <= std::min(cell.row + 1, static_cast<std::size_t>(m_scale.height) - 1); ++row)
            for (std::size_t column = cell.column > 0 ? cell.column - 1 : 0;
                 column <= std::min(cell.column + 1, static_cast<std::size_t>(m_scale.width) - 1);
                 ++column)
                if ((*m_classes)(cell.anchor,
                                 row * static_cast<std::size_t>(m_scale.width) + column, k) > here)
                    return false;
        return true;
    }

    void decodeCell(const Cell &cell, Detections &into) const
    {
        double objectness = 1;
        if (m_objectness) {
            objectness = m_objectness->squashed(cell.anchor, cell.index, 0);
            if (joined(objectness, 1) < m_options.scoreThreshold)
                return;
        }
        const std::size_t first = m_layout.hasBackground ? 1 : 0;
        std::size_t best = first;
        double largest = (*m_classes)(cell.anchor, cell.index, 0);
        for (std::size_t k = 1; k < m_classes->width(); ++k) {
            const double value = (*m_classes)(cell.anchor, cell.index, k);
            largest = std::max(largest, value);
            if (k > first && value > (*m_classes)(cell.anchor, cell.index, best))
                best = k;
        }
        const bool isSoftmax = m_layout.classActivation == ClassActivation::softmax;
        const double sum = isSoftmax ? softmaxSum(cell, largest) : 1;
        const auto score = [&](std::size_t k) {
            double value = (*m_classes)(cell.anchor, cell.index, k);
            if (isSoftmax)
                value = std::exp(value - largest) / sum;
            else if (m_layout.classActivation == ClassActivation::sigmoid)
                value = m_classes->squashed(cell.anchor, cell.index, k);
            return joined(objectness, value);
        };
        const bool wantsAll =
            m_options.labels == DecodeOptions::Labels::all || m_layout.scores == ScoreRule::peak;
        for (std::size_t k = wantsAll ? first : best; k < m_classes->width(); ++k) {
            const double value = score(k);
            if (value >= m_options.scoreThreshold &&
                (m_layout.scores != ScoreRule::peak || isPeak(cell, k)))
                into.push_back(detection(cell, static_cast<int>(k - first), value));
            if (!wantsAll)
                break;
        }
    }

    // Left, top, right and bottom, in cells.
    std::array<double, 4> distances(const Cell &cell) const
    {
        std::array<double, 4> sides{};
        const auto bins = static_cast<std::size_t>(m_layout.bins);
        for (std::size_t side = 0; side < 4; ++side) {
            if (m_layout.boxes == BoxCoding::distances) {
                sides[side] = (*m_box)(cell.anchor, cell.index, side);
                continue;
            }
            const auto logit = [&](std::size_t i) {
                return (*m_box)(cell.anchor, cell.index, side * bins + i);
            };
            double largest = logit(0);
            for (std::size_t i = 1; i < bins; ++i)
                largest = std::max(largest, logit(i));
            double mass = 0;
            double moment = 0;
            for (std::size_t i = 0; i < bins; ++i) {
                const double weight = std::exp(logit(i) - largest);
                mass += weight;
                moment += weight * static_cast<double>(i);
            }
            sides[side] = moment / mass;
        }
        return sides;
    }

    Box box(const Cell &cell) const
    {
        const double gridX = static_cast<double>(cell.column) + m_layout.cellOffset;
        const double gridY = static_cast<double>(cell.row) + m_layout.cellOffset;
        if (m_layout.boxes == BoxCoding::distribution || m_layout.boxes == BoxCoding::distances) {
            const auto side = distances(cell);
            if (m_angle) // the distances are along the turned axes
                return turnedBox(cell, side, gridX, gridY);
            return {(gridX - side[0]) * m_scale.strideX, (gridY - side[1]) * m_scale.strideY,
                    (gridX + side[2]) * m_scale.strideX, (gridY + side[3]) * m_scale.strideY};
        }
        const auto value = [&](std::size_t k) {
            return (*m_box)(cell.anchor, cell.index, m_layout.isYFirst ? k ^ 1U : k);
        };
        const auto squashed = [&](std::size_t k) {
            return m_box->squashed(cell.anchor, cell.index, m_layout.isYFirst ? k ^ 1U : k);
        };
        const std::array<double, 2> anchor = m_scale.anchors.empty()
                                                 ? std::array{m_scale.strideX, m_scale.strideY}
                                                 : m_scale.anchors[cell.anchor];
        double centreX = 0, centreY = 0, width = 0, height = 0;
        switch (m_layout.boxes) {
        case BoxCoding::anchorSquare:
            centreX = (2 * squashed(0) - 0.5 + gridX) * m_scale.strideX;
            centreY = (2 * squashed(1) - 0.5 + gridY) * m_scale.strideY;
            width = 4 * squashed(2) * squashed(2) * anchor[0];
            height = 4 * squashed(3) * squashed(3) * anchor[1];
            break;
        case BoxCoding::anchorExp:
            centreX = (squashed(0) + gridX) * m_scale.strideX;
            centreY = (squashed(1) + gridY) * m_scale.strideY;
            width = std::exp(value(2)) * anchor[0];
            height = std::exp(value(3)) * anchor[1];
            break;
        case BoxCoding::priorOffsets:
            centreX = gridX * m_scale.strideX + m_layout.variances[0] * value(0) * anchor[0];
            centreY = gridY * m_scale.strideY + m_layout.variances[0] * value(1) * anchor[1];
            width = std::exp(m_layout.variances[1] * value(2)) * anchor[0];
            height = std::exp(m_layout.variances[1] * value(3)) * anchor[1];
            break;
        case BoxCoding::imageShare:
            centreX = (std::tanh(value(0)) + gridX) * m_scale.strideX;
            centreY = (std::tanh(value(1)) + gridY) * m_scale.strideY;
            width = sigmoid(value(2)) * m_layout.inputWidth;
            height = sigmoid(value(3)) * m_layout.inputHeight;
            break;
        case BoxCoding::sizeAndOffset:
            centreX = (gridX + (*m_offset)(cell.anchor, cell.index, 0)) * m_scale.strideX;
            centreY = (gridY + (*m_offset)(cell.anchor, cell.index, 1)) * m_scale.strideY;
            width = value(0) * m_scale.strideX;
            height = value(1) * m_scale.strideY;
            break;
        default: // centreExp
            centreX = (value(0) + gridX) * m_scale.strideX;
            centreY = (value(1) + gridY) * m_scale.strideY;
            width = std::exp(value(2)) * m_scale.strideX;
            height = std::exp(value(3)) * m_scale.strideY;
            break;
        }
        return {centreX - width / 2, centreY - height / 2, centreX + width / 2,
                centreY + height / 2};
    }

    double angle(const Cell &cell) const
    {
        if (m_layout.angle == AngleCoding::radians)
            return (*m_angle)(cell.anchor, cell.index, 0);
        return (m_angle->squashed(cell.anchor, cell.index, 0) - 0.25) * std::numbers::pi;
    }

    Box turnedBox(const Cell &cell, const std::array<double, 4> &side, double gridX,
                  double gridY) const
    {
        const double turn = angle(cell);
        const double x = (side[2] - side[0]) / 2;
        const double y = (side[3] - side[1]) / 2;
        const double centreX = (gridX + x * std::cos(turn) - y * std::sin(turn)) * m_scale.strideX;
        const double centreY = (gridY + x * std::sin(turn) + y * std::cos(turn)) * m_scale.strideY;
        const double width = (side[0] + side[2]) * m_scale.strideX;
        const double height = (side[1] + side[3]) * m_scale.strideY;
        return {centreX - width / 2, centreY - height / 2, centreX + width / 2,
                centreY + height / 2};
    }

    std::vector<Keypoint> keypoints(const Cell &cell) const
    {
        const KeypointCoding &coding = m_layout.keypoints;
        std::vector<Keypoint> points;
        for (std::size_t i = 0; i < static_cast<std::size_t>(coding.count); ++i) {
            const std::size_t k = i * static_cast<std::size_t>(coding.values);
            const auto value = [&](std::size_t n) {
                return (*m_keypoints)(cell.anchor, cell.index, k + n);
            };
            points.push_back(
                {(coding.factor * value(0) + static_cast<double>(cell.column) + coding.cellOffset) *
                     m_scale.strideX,
                 (coding.factor * value(1) + static_cast<double>(cell.row) + coding.cellOffset) *
                     m_scale.strideY,
                 coding.values == 3 ? m_keypoints->squashed(cell.anchor, cell.index, k + 2) : 1});
        }
        return points;
    }

    const HeadLayout &m_layout;
    const HeadScale &m_scale;
    std::span<const Tensor> m_outputs;
    const DecodeOptions &m_options;
    std::optional<PartView> m_box, m_objectness, m_classes, m_coefficients, m_keypoints, m_angle,
        m_offset;
};

} // namespace

Result<Detections> decode(const HeadLayout &layout, std::span<const Tensor> outputs,
                          const DecodeOptions &options)
{
    if (auto sound = verifyLayout(layout); !sound)
        return passOn(std::move(sound));
    if (outputs.size() != layout.tensors.size())
        return fail(Diagnostic("heads.outputs-mismatch")
                        .with("wanted", static_cast<std::int64_t>(layout.tensors.size()))
                        .with("found", static_cast<std::int64_t>(outputs.size())));
    for (std::size_t i = 0; i < outputs.size(); ++i)
        if (outputs[i].type() != ElementType::float32 ||
            outputs[i].shape() != layout.tensors[i].shape)
            return fail(Diagnostic("heads.outputs-mismatch")
                            .with("wanted", layout.tensors[i].shape.text())
                            .with("found", outputs[i].shape().text()));
    Detections detections;
    for (const HeadScale &scale : layout.scales)
        ScaleDecoder(layout, scale, outputs, options).run(detections);
    return detections;
}

Detection decodeAt(const HeadLayout &layout, std::span<const Tensor> outputs,
                   const BoxPosition &position)
{
    const HeadScale &scale = layout.scales[position.scale];
    const Cell cell{position.row, position.column,
                    position.row * static_cast<std::size_t>(scale.width) + position.column,
                    position.anchor};
    return ScaleDecoder(layout, scale, outputs, {}).detection(cell, 0, 0);
}

Mask maskOf(const Detection &detection, const HeadLayout &layout, const Tensor &protos)
{
    const Shape &shape = protos.shape();
    if (shape.rank() != 4 ||
        static_cast<std::size_t>(shape[1]) != detection.maskCoefficients.size() ||
        layout.inputWidth <= 0 || layout.inputHeight <= 0)
        return {};
    Mask mask{
        .width = static_cast<int>(shape[3]), .height = static_cast<int>(shape[2]), .inside = {}};
    const auto area = static_cast<std::size_t>(shape[2] * shape[3]);
    mask.inside.assign(area, 0);
    const double scaleX = static_cast<double>(mask.width) / layout.inputWidth;
    const double scaleY = static_cast<double>(mask.height) / layout.inputHeight;
    const auto values = protos.as<float>();
    for (int y = 0; y < mask.height; ++y)
        for (int x = 0; x < mask.width; ++x) {
            if (x < detection.box.x1 * scaleX || x >= detection.box.x2 * scaleX ||
                y < detection.box.y1 * scaleY || y >= detection.box.y2 * scaleY)
                continue;
            const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(mask.width) +
                            static_cast<std::size_t>(x);
            double sum = 0;
            for (std::size_t k = 0; k < detection.maskCoefficients.size(); ++k)
                sum += static_cast<double>(detection.maskCoefficients[k]) *
                       static_cast<double>(values[k * area + at]);
            mask.inside[at] = sum > 0 ? 1 : 0; // σ(sum) > 0.5
        }
    return mask;
}

} // namespace hefstudio
