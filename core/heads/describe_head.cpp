// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/describe_head.h"

#include "heads/decode.h"
#include "heads/tail_probe.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

namespace hefstudio {
namespace {

// What one end looks like before anything is known of the coding.
struct HeadEnd {
    std::size_t index = 0; // in the ends
    EndNodeRole role = EndNodeRole::output;
    std::int64_t channels = 0;
    bool isProbability = false; // a sigmoid or softmax is already in it
};

struct HeadGrid {
    std::int64_t height = 0, width = 0;
    std::vector<HeadEnd> ends;

    const HeadEnd *end(EndNodeRole role) const
    {
        const auto found = std::ranges::find(ends, role, &HeadEnd::role);
        return found == ends.end() ? nullptr : &*found;
    }
    std::int64_t cells() const { return height * width; }
};

bool isProbability(const Graph &network, TensorId tensor)
{
    const Layer &layer = network.layer(network.tensor(tensor).producer);
    const auto *single = layer.as<Elementwise>();
    const Function function = single ? single->function.function : layer.activation.function;
    return layer.is<Softmax>() || function == Function::sigmoid ||
           function == Function::hardSigmoid;
}

// The power of two that makes the grid from the input, rounding up; else the plain ratio.
double strideOf(std::int64_t input, std::int64_t cells, std::int64_t otherInput,
                std::int64_t otherCells)
{
    for (std::int64_t stride = 2; stride <= 256; stride *= 2)
        if ((input + stride - 1) / stride == cells &&
            (otherInput + stride - 1) / stride == otherCells)
            return static_cast<double>(stride);
    return static_cast<double>(input) / static_cast<double>(cells);
}

HeadRole headRole(EndNodeRole role)
{
    switch (role) {
    case EndNodeRole::objectness:
        return HeadRole::objectness;
    case EndNodeRole::classes:
        return HeadRole::classes;
    case EndNodeRole::keypoints:
        return HeadRole::keypoints;
    case EndNodeRole::angle:
        return HeadRole::angle;
    case EndNodeRole::coefficients:
        return HeadRole::coefficients;
    default:
        return HeadRole::box;
    }
}

// Numbers that repeat on every machine, from −2 to 2.
class Numbers {
public:
    float next()
    {
        m_state = m_state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<float>(static_cast<double>(m_state >> 40) / double(1 << 22) - 2);
    }

private:
    std::uint64_t m_state = 42;
};

struct BoxForm {
    bool isCentre = false;     // cx, cy, w, h instead of the corners
    bool isNormalised = false; // share of the input instead of pixels
};

double coordinate(const Box &box, const BoxForm &form, const HeadLayout &layout, std::size_t k)
{
    const std::array<double, 4> corners{box.x1, box.y1, box.x2, box.y2};
    const std::array<double, 4> centre{(box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2, box.width(),
                                       box.height()};
    const double value = form.isCentre ? centre[k] : corners[k];
    return form.isNormalised ? value / (k % 2 == 0 ? layout.inputWidth : layout.inputHeight)
                             : value;
}

constexpr BoxForm boxForms[] = {{true, false}, {false, false}, {true, true}, {false, true}};

class HeadReader {
public:
    HeadReader(const Graph &network, std::span<const EndNodeProposal> ends,
               const std::shared_ptr<const Graph> &tail)
        : m_network(network), m_ends(ends)
    {
        if (tail)
            m_probe.emplace(tail);
    }

    std::optional<HeadLayout> read()
    {
        if (!collect())
            return std::nullopt;
        if (!ask())
            m_probe.reset();
        for (const bool isDistribution : {true, false}) {
            auto skeleton = divide(isDistribution);
            if (!skeleton)
                continue;
            m_layout = std::move(*skeleton);
            m_isPassedOn = false;
            if (m_probe && (readBoxes() || isPassedOn()) && readRest())
                return m_layout;
        }
        // Behind a selection of the best boxes nothing can be asked.
        const bool isSelected = !m_probe || !hasRows();
        return isSelected ? byConvention(false) : std::nullopt;
    }

private:
    // --- what there is ---

    bool collect()
    {
        for (const TensorId input : m_network.inputs) {
            const Shape &shape = m_network.tensor(input).shape;
            if (shape.rank() == 4 && m_base.inputHeight == 0) {
                m_base.inputHeight = static_cast<int>(shape[2]);
                m_base.inputWidth = static_cast<int>(shape[3]);
                m_base.inputChannels = static_cast<int>(shape[1]);
            }
        }
        std::map<std::pair<std::int64_t, std::int64_t>, HeadGrid, std::greater<>> grids;
        for (std::size_t i = 0; i < m_ends.size(); ++i) {
            const EndNodeProposal &end = m_ends[i];
            m_base.tensors.push_back({m_network.tensor(end.tensor).name, end.shape});
            if (end.role == EndNodeRole::prototypes)
                m_base.protos = i;
            if (end.role == EndNodeRole::output || end.role == EndNodeRole::prototypes ||
                end.role == EndNodeRole::extra || end.shape.rank() != 4)
                continue;
            auto &grid = grids[{end.shape[2], end.shape[3]}];
            grid.height = end.shape[2];
            grid.width = end.shape[3];
            grid.ends.push_back({i, end.role, end.shape[1], isProbability(m_network, end.tensor)});
        }
        for (auto &[size, grid] : grids)
            m_grids.push_back(std::move(grid));
        return m_base.inputHeight > 0 && !m_grids.empty();
    }

    // Runs the tail on zeros and on pseudo-random values.
    bool ask()
    {
        if (!m_probe)
            return false;
        Numbers numbers;
        std::vector<Tensor> zeros;
        std::vector<Tensor> values;
        for (const EndNodeProposal &end : m_ends) {
            zeros.emplace_back(ElementType::float32, end.shape);
            values.emplace_back(ElementType::float32, end.shape);
            const bool isShare = isProbability(m_network, end.tensor);
            for (float &value : values.back().as<float>())
                value = isShare ? numbers.next() / 4.2F + 0.5F : numbers.next();
        }
        const auto inputsOf = [&](const std::vector<Tensor> &all) {
            std::vector<Tensor> inputs;
            for (const TensorId id : m_probe->tail().inputs)
                for (std::size_t i = 0; i < m_ends.size(); ++i)
                    if (m_base.tensors[i].name == m_probe->tail().tensor(id).name)
                        inputs.push_back(all[i]);
            return inputs;
        };
        auto atZero = m_probe->run(inputsOf(zeros));
        auto atValues = m_probe->run(inputsOf(values));
        if (!atZero || !atValues)
            return false;
        m_atZero = std::move(*atZero);
        m_atValues = std::move(*atValues);
        m_values = std::move(values);
        m_views = m_probe->views();
        return true;
    }

    // --- how the channels divide ---

    std::optional<HeadLayout> divide(bool isDistribution) const
    {
        HeadLayout layout = m_base;
        for (const HeadGrid &grid : m_grids) {
            const HeadEnd *box = grid.end(EndNodeRole::box);
            const HeadEnd *classes = grid.end(EndNodeRole::classes);
            if (!box || !classes || box->channels % 4 != 0)
                return std::nullopt;
            if (isDistribution && box->channels / 4 < 2)
                return std::nullopt;
            HeadScale scale{.height = static_cast<int>(grid.height),
                            .width = static_cast<int>(grid.width)};
            scale.strideX =
                strideOf(layout.inputWidth, grid.width, layout.inputHeight, grid.height);
            scale.strideY =
                strideOf(layout.inputHeight, grid.height, layout.inputWidth, grid.width);
            const std::int64_t anchors = isDistribution ? 1 : box->channels / 4;
            scale.anchorsPerCell = static_cast<int>(anchors);
            for (const HeadEnd &end : grid.ends) {
                if (end.channels % anchors != 0)
                    return std::nullopt;
                const auto width = static_cast<int>(end.channels / anchors);
                scale.parts.push_back(
                    {headRole(end.role), end.index, 0, width, width, end.isProbability});
            }
            const int found = scale.part(HeadRole::classes)->width;
            if (layout.classes != 0 && layout.classes != found)
                return std::nullopt;
            layout.classes = found;
            if (const HeadPart *points = scale.part(HeadRole::keypoints)) {
                layout.keypoints.values = points->width % 3 == 0 ? 3 : 2;
                layout.keypoints.count = points->width / layout.keypoints.values;
            }
            layout.scales.push_back(std::move(scale));
        }
        layout.boxes = isDistribution ? BoxCoding::distribution : BoxCoding::distances;
        layout.bins = isDistribution ? layout.scales.front().part(HeadRole::box)->width / 4 : 1;
        return layout;
    }

    ScaleRows rowsOf(std::size_t scale) const
    {
        ScaleRows rows;
        for (std::size_t i = 0; i < m_layout.scales.size(); ++i) {
            const HeadScale &other = m_layout.scales[i];
            const std::int64_t boxes =
                std::int64_t(other.height) * other.width * other.anchorsPerCell;
            (i < scale ? rows.boxesBefore : rows.boxesAfter) += i == scale ? 0 : boxes;
        }
        rows.cells = std::int64_t(m_layout.scales[scale].height) * m_layout.scales[scale].width;
        rows.anchors = m_layout.scales[scale].anchorsPerCell;
        return rows;
    }

    // Is there an output with a row for each box at all?
    bool hasRows() const
    {
        std::int64_t cells = 0;
        std::int64_t boxes = 0; // of four values each
        for (const HeadGrid &grid : m_grids) {
            cells += grid.cells();
            if (const HeadEnd *box = grid.end(EndNodeRole::box))
                boxes += grid.cells() * (box->channels / 4);
        }
        return std::ranges::any_of(m_views, [&](const RowView &view) {
            return view.rows % cells == 0 || view.rows == boxes ||
                   std::ranges::any_of(
                       m_grids, [&](const HeadGrid &grid) { return view.rows == grid.cells(); });
        });
    }

    // --- boxes ---

    Detection at(const HeadLayout &layout, std::size_t scale, std::int64_t cell,
                 std::int64_t anchor) const
    {
        const auto width = static_cast<std::size_t>(layout.scales[scale].width);
        const auto index = static_cast<std::size_t>(cell);
        return decodeAt(layout, m_values,
                        {scale, index / width, index % width, static_cast<std::size_t>(anchor)});
    }

    bool predictsBoxes(const HeadLayout &layout, const BoxForm &form) const
    {
        if (!verifyLayout(layout))
            return false;
        for (std::size_t scale = 0; scale < layout.scales.size(); ++scale) {
            const auto block = findBlock(
                m_atValues, m_views, rowsOf(scale), 4,
                [&](std::int64_t cell, std::int64_t anchor, std::size_t k) {
                    return coordinate(at(layout, scale, cell, anchor).box, form, layout, k);
                });
            if (!block)
                return false;
        }
        return true;
    }

    bool accept(HeadLayout layout)
    {
        for (const BoxForm &form : boxForms)
            if (predictsBoxes(layout, form)) {
                m_layout = std::move(layout);
                m_layout.evidence =
                    "The arithmetic behind the outputs computes the same boxes from chosen values.";
                return true;
            }
        return false;
    }

    bool readBoxes()
    {
        const bool isDistribution = m_layout.boxes == BoxCoding::distribution;
        const std::vector<BoxCoding> simple =
            isDistribution ? std::vector{BoxCoding::distribution}
                           : std::vector{BoxCoding::distances, BoxCoding::centreExp};
        const bool hasAngle = m_layout.scales.front().part(HeadRole::angle) != nullptr;
        for (const BoxCoding coding : simple)
            for (const double offset : {0.5, 0.0})
                for (const AngleCoding angle : {AngleCoding::quarterTurns, AngleCoding::radians}) {
                    if (angle == AngleCoding::radians && !hasAngle)
                        continue;
                    HeadLayout layout = m_layout;
                    layout.boxes = coding;
                    layout.cellOffset = offset;
                    layout.angle = angle;
                    if (accept(std::move(layout)))
                        return true;
                }
        return !isDistribution && readAnchors();
    }

    // With all values zero, anchors and priors come out of the arithmetic as they are.
    bool anchorsAtZero(HeadLayout &layout, const BoxForm &form, bool coarsestFirst,
                       bool anchorMajor) const
    {
        for (std::size_t s = 0; s < layout.scales.size(); ++s) {
            const ScaleRows rows = rowsOf(s);
            HeadScale &scale = layout.scales[s];
            scale.anchors.clear();
            for (const RowView &view : m_views) {
                const auto orders = possibleOrders(view, rows);
                const std::size_t variants = rows.anchors > 1 ? 2 : 1;
                const std::size_t wanted =
                    (coarsestFirst && orders.size() > variants ? variants : 0) +
                    (anchorMajor && rows.anchors > 1 ? 1 : 0);
                if (orders.empty() || wanted >= orders.size() || view.columns < 4)
                    continue;
                const RowBlock block{view, orders[wanted], 0};
                const std::int64_t middle = (scale.height / 2) * scale.width + scale.width / 2;
                for (std::int64_t anchor = 0; anchor < rows.anchors; ++anchor) {
                    std::array<double, 4> values{};
                    for (std::size_t k = 0; k < 4; ++k)
                        values[k] = valueAt(m_atZero, block, middle, anchor, k);
                    double width = form.isCentre ? values[2] : values[2] - values[0];
                    double height = form.isCentre ? values[3] : values[3] - values[1];
                    if (form.isNormalised) {
                        width *= layout.inputWidth;
                        height *= layout.inputHeight;
                    }
                    scale.anchors.push_back({width, height});
                }
                break;
            }
            if (scale.anchors.empty() || std::ranges::any_of(scale.anchors, [](const auto &anchor) {
                    return !(anchor[0] > 0) || !(anchor[1] > 0);
                }))
                return false;
        }
        return true;
    }

    bool readAnchors()
    {
        struct Kind {
            BoxCoding coding;
            double offset;
            std::array<double, 2> variances;
            bool isYFirst;
        };
        const Kind kinds[] = {{BoxCoding::anchorSquare, 0, {1, 1}, false},
                              {BoxCoding::anchorExp, 0, {1, 1}, false},
                              {BoxCoding::priorOffsets, 0.5, {0.1, 0.2}, false},
                              {BoxCoding::priorOffsets, 0.5, {0.1, 0.2}, true},
                              {BoxCoding::priorOffsets, 0.5, {1, 1}, false},
                              {BoxCoding::priorOffsets, 0.5, {1, 1}, true}};
        for (const BoxForm &form : boxForms)
            for (const bool coarsestFirst : {false, true})
                for (const bool anchorMajor : {false, true}) {
                    HeadLayout layout = m_layout;
                    if (!anchorsAtZero(layout, form, coarsestFirst, anchorMajor))
                        continue;
                    for (const Kind &kind : kinds) {
                        layout.boxes = kind.coding;
                        layout.cellOffset = kind.offset;
                        layout.variances = kind.variances;
                        layout.isYFirst = kind.isYFirst;
                        if (predictsBoxes(layout, form)) {
                            m_layout = std::move(layout);
                            m_layout.evidence =
                                "Anchors and coding were read from the arithmetic "
                                "behind the outputs, which computes the same boxes.";
                            return true;
                        }
                    }
                }
        return false;
    }

    // Does the tail hand the box values on as they are?
    bool isPassedOn()
    {
        for (std::size_t s = 0; s < m_layout.scales.size(); ++s) {
            const HeadPart &part = *m_layout.scales[s].part(HeadRole::box);
            if (!findBlock(m_atValues, m_views, rowsOf(s), static_cast<std::size_t>(part.width),
                           [&](std::int64_t cell, std::int64_t anchor, std::size_t k) {
                               return raw(s, part, cell, anchor, k);
                           }))
                return false;
        }
        m_isPassedOn = true;
        return true;
    }

    double raw(std::size_t scale, const HeadPart &part, std::int64_t cell, std::int64_t anchor,
               std::size_t k) const
    {
        const std::int64_t channel = anchor * part.period + part.first + static_cast<int>(k);
        const std::int64_t cells = rowsOf(scale).cells;
        return static_cast<double>(
            m_values[part.tensor].as<float>()[static_cast<std::size_t>(channel * cells + cell)]);
    }

    // --- scores and the rest ---

    static double squash(double x) { return 1 / (1 + std::exp(-x)); }

    double classValue(std::size_t scale, ClassActivation activation, std::int64_t cell,
                      std::int64_t anchor, std::size_t k) const
    {
        const HeadPart &part = *m_layout.scales[scale].part(HeadRole::classes);
        const double value = raw(scale, part, cell, anchor, k);
        if (activation == ClassActivation::sigmoid)
            return squash(value);
        if (activation == ClassActivation::none)
            return value;
        double sum = 0;
        for (std::size_t i = 0; i < static_cast<std::size_t>(part.width); ++i)
            sum += std::exp(raw(scale, part, cell, anchor, i));
        return std::exp(value) / sum;
    }

    bool predictsClasses(ClassActivation activation, bool isProduct) const
    {
        const auto width =
            static_cast<std::size_t>(m_layout.scales.front().part(HeadRole::classes)->width);
        for (std::size_t s = 0; s < m_layout.scales.size(); ++s) {
            const HeadPart *objectness = m_layout.scales[s].part(HeadRole::objectness);
            if (isProduct && !objectness)
                return false;
            const auto predicted = [&](std::int64_t cell, std::int64_t anchor, std::size_t k) {
                double value = classValue(s, activation, cell, anchor, k);
                if (isProduct) {
                    const double object = raw(s, *objectness, cell, anchor, 0);
                    value *= objectness->hasSigmoid ? object : squash(object);
                }
                return value;
            };
            if (!findBlock(m_atValues, m_views, rowsOf(s), width, predicted))
                return false;
        }
        return true;
    }

    bool readRest()
    {
        const bool hasObjectness = m_layout.scales.front().part(HeadRole::objectness) != nullptr;
        const bool isShare = m_layout.scales.front().part(HeadRole::classes)->hasSigmoid;
        std::optional<ClassActivation> found;
        for (const ClassActivation activation :
             {ClassActivation::none, ClassActivation::sigmoid, ClassActivation::softmax})
            for (const bool isProduct : {true, false})
                if (!found && predictsClasses(activation, isProduct))
                    found = activation;
        if (!found)
            return false;
        // Logits that the export hands over bare are the application's to squash.
        m_layout.classActivation =
            *found == ClassActivation::none && !isShare ? ClassActivation::sigmoid : *found;
        m_layout.scores = hasObjectness ? ScoreRule::product : ScoreRule::classOnly;
        if (m_isPassedOn) {
            auto layout = byConvention(*found == ClassActivation::softmax);
            if (!layout)
                return false;
            m_layout = std::move(*layout);
        }
        settleBackground();
        if (!m_isPassedOn)
            readKeypoints();
        return verifyLayout(m_layout).has_value();
    }

    // Softmax heads without objectness keep value 0 for "nothing" (SSD); of sigmoid heads with
    // priors those with COCO's 91 numbers do.
    void settleBackground()
    {
        const bool isSoftmax = m_layout.classActivation == ClassActivation::softmax;
        const bool has = (isSoftmax && m_layout.scores == ScoreRule::classOnly) ||
                         (m_layout.boxes == BoxCoding::priorOffsets && m_layout.classes == 91);
        if (has && m_layout.classes > 1 && !m_layout.hasBackground) {
            m_layout.hasBackground = true;
            --m_layout.classes;
        }
    }

    void readKeypoints()
    {
        const HeadPart *part = m_layout.scales.front().part(HeadRole::keypoints);
        if (!part)
            return;
        for (const int values : {3, 2}) {
            if (part->width % values != 0)
                continue;
            for (const auto &[factor, offset] :
                 {std::pair{2.0, 0.0}, {1.0, 0.5}, {1.0, 0.0}, {2.0, 0.5}}) {
                m_layout.keypoints = {part->width / values, values, factor, offset};
                if (predictsKeypoints())
                    return;
            }
        }
        // Not told by the arithmetic: Ultralytics' form.
        const int values = part->width % 3 == 0 ? 3 : 2;
        m_layout.keypoints = {part->width / values, values, 2, 0};
    }

    bool predictsKeypoints() const
    {
        const auto values = static_cast<std::size_t>(m_layout.keypoints.values);
        for (std::size_t s = 0; s < m_layout.scales.size(); ++s) {
            const auto predicted = [&](std::int64_t cell, std::int64_t anchor, std::size_t k) {
                const Keypoint point = at(m_layout, s, cell, anchor).keypoints[k / values];
                return k % values == 0 ? point.x : k % values == 1 ? point.y : point.score;
            };
            if (!findBlock(m_atValues, m_views, rowsOf(s),
                           values * static_cast<std::size_t>(m_layout.keypoints.count), predicted))
                return false;
        }
        return true;
    }

    // --- structure alone ---

    std::optional<HeadLayout> byConvention(bool isSoftmax) const
    {
        const HeadGrid &grid = m_grids.front();
        const HeadEnd *box = grid.end(EndNodeRole::box);
        const HeadEnd *classes = grid.end(EndNodeRole::classes);
        if (!box || !classes || box->channels % 4 != 0)
            return std::nullopt;
        const bool hasObjectness = grid.end(EndNodeRole::objectness) != nullptr;
        const HeadEnd *points = grid.end(EndNodeRole::keypoints);
        const std::int64_t quarter = box->channels / 4;
        // Several anchors show in the landmarks, and in boxes too narrow for a distribution.
        const bool isDistribution =
            quarter >= 7 && !hasObjectness && !(points && points->channels == quarter * 10);
        auto layout = divide(isDistribution);
        if (!layout)
            return std::nullopt;
        layout->classActivation = isSoftmax                ? ClassActivation::softmax
                                  : classes->isProbability ? ClassActivation::none
                                                           : ClassActivation::sigmoid;
        layout->scores = hasObjectness ? ScoreRule::product : ScoreRule::classOnly;
        if (points)
            layout->keypoints.factor = 1;
        if (isDistribution) {
            layout->keypoints.factor = 2;
            layout->evidence = "Boxes of " + std::to_string(box->channels) +
                               " channels beside classes: distributions, as in YOLOv8 and later.";
        } else if (hasObjectness && isSoftmax) {
            layout->boxes = BoxCoding::imageShare;
            layout->cellOffset = 0;
            layout->scores = ScoreRule::weighted;
            layout->evidence = "Objectness beside classes under a softmax: FastestDet's coding.";
        } else if (hasObjectness) {
            layout->boxes = BoxCoding::centreExp;
            layout->cellOffset = 0;
            if (points && layout->classes == 1) {
                layout->scores = ScoreRule::geometric;
                layout->keypoints = {
                    points->channels % 2 == 0 ? static_cast<int>(points->channels / 2) : 0, 2, 1,
                    0};
                layout->evidence = "Box, objectness, one class and landmarks: YuNet's coding.";
            } else {
                layout->evidence = "Four box values beside objectness and classes: YOLOX's coding.";
            }
        } else if (points && quarter >= 1 && points->channels == quarter * 10) {
            layout->cellOffset = 0;
            layout->keypoints = {5, 2, 1, 0};
            layout->evidence = "Distances and five landmarks for each anchor: SCRFD's coding.";
        } else {
            layout->cellOffset = 0.5;
            layout->keypoints.cellOffset = points ? 0.5 : 0;
            if (grid.end(EndNodeRole::angle))
                layout->angle = AngleCoding::radians;
            layout->evidence =
                "Four box values beside classes: distances from the cell's centre, as in YOLO26.";
        }
        if (!verifyLayout(*layout))
            return std::nullopt;
        return layout;
    }

    const Graph &m_network;
    std::span<const EndNodeProposal> m_ends;
    std::optional<TailProbe> m_probe;
    HeadLayout m_base; // inputs and tensors
    std::vector<HeadGrid> m_grids;
    std::vector<Tensor> m_values; // by end
    std::vector<Tensor> m_atZero, m_atValues;
    std::vector<RowView> m_views;
    HeadLayout m_layout;
    bool m_isPassedOn = false;
};

} // namespace

std::optional<HeadLayout> describeHead(const Graph &network, std::span<const EndNodeProposal> ends,
                                       const std::shared_ptr<const Graph> &tail)
{
    return HeadReader(network, ends, tail).read();
}

} // namespace hefstudio
