// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/decode.h"

#include <gtest/gtest.h>

#include <cmath>

namespace hefstudio {
namespace {

// One scale of a 64×64 picture: 8×8 cells of stride 8, one tensor for each role.
class Decode : public testing::Test {
protected:
    Tensor &add(HeadRole role, int width, bool hasSigmoid = false)
    {
        const Shape shape{1, width * layout.scales[0].anchorsPerCell, 8, 8};
        layout.scales[0].parts.push_back({role, layout.tensors.size(), 0, width, width, hasSigmoid});
        layout.tensors.push_back({std::string(headRoleName(role)), shape});
        // A score of nothing everywhere, also through a sigmoid.
        Tensor tensor(ElementType::float32, shape);
        if (role == HeadRole::classes || role == HeadRole::objectness)
            for (float &value : tensor.as<float>())
                value = hasSigmoid ? 0 : -20;
        outputs.push_back(std::move(tensor));
        return outputs.back();
    }
    static void set(Tensor &tensor, int channel, int row, int column, double value)
    {
        tensor.as<float>()[static_cast<std::size_t>((channel * 8 + row) * 8 + column)] =
            static_cast<float>(value);
    }
    Detections decoded()
    {
        auto result = decode(layout, outputs);
        EXPECT_TRUE(result) << (result ? "" : result.error()[0].id);
        return result.value_or(Detections{});
    }
    void expectBox(const Box &found, const Box &wanted)
    {
        EXPECT_NEAR(found.x1, wanted.x1, 1e-4);
        EXPECT_NEAR(found.y1, wanted.y1, 1e-4);
        EXPECT_NEAR(found.x2, wanted.x2, 1e-4);
        EXPECT_NEAR(found.y2, wanted.y2, 1e-4);
    }

    HeadLayout layout{.inputWidth = 64,
                      .inputHeight = 64,
                      .tensors = {},
                      .scales = {HeadScale{.strideX = 8, .strideY = 8, .height = 8, .width = 8}},
                      .classes = 2,
                      .classActivation = ClassActivation::sigmoid,
                      .keypoints = {},
                      .evidence = {}};
    std::vector<Tensor> outputs;
};

// 16 equal logits are a distance of 7.5 cells: cell (0,0) gives a centre of 4 and a width of 120.
TEST_F(Decode, DistributionOfEqualLogits)
{
    layout.boxes = BoxCoding::distribution;
    layout.bins = 16;
    outputs.reserve(2);
    add(HeadRole::box, 64);
    set(add(HeadRole::classes, 2), 1, 0, 0, 0);
    const auto found = decoded();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].classIndex, 1);
    EXPECT_DOUBLE_EQ(found[0].score, 0.5);
    expectBox(found[0].box, {4 - 60, 4 - 60, 4 + 60, 4 + 60});
}

TEST_F(Decode, DistributionOrdersLeftTopRightBottom)
{
    layout.boxes = BoxCoding::distribution;
    layout.bins = 4;
    outputs.reserve(2);
    Tensor &boxes = add(HeadRole::box, 16);
    for (int side = 0; side < 4; ++side) // all the mass on bin `side`
        set(boxes, side * 4 + side, 2, 3, 100);
    set(add(HeadRole::classes, 2, true), 0, 2, 3, 0.75);
    const auto found = decoded();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_DOUBLE_EQ(found[0].score, 0.75); // folded: no second sigmoid
    expectBox(found[0].box, {28, 20 - 8, 28 + 16, 20 + 24});
}

TEST_F(Decode, CentreAndExponential)
{
    layout.boxes = BoxCoding::centreExp;
    layout.cellOffset = 0;
    layout.scores = ScoreRule::product;
    outputs.reserve(3);
    Tensor &boxes = add(HeadRole::box, 4);
    set(boxes, 0, 1, 2, 0.5);
    set(boxes, 2, 1, 2, std::log(4));
    set(add(HeadRole::objectness, 1, true), 0, 1, 2, 0.5);
    set(add(HeadRole::classes, 2, true), 1, 1, 2, 0.8);
    const auto found = decoded();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NEAR(found[0].score, 0.4, 1e-6);
    expectBox(found[0].box, {20 - 16, 8 - 4, 20 + 16, 8 + 4});
}

TEST_F(Decode, AnchorsOfACell)
{
    layout.boxes = BoxCoding::anchorSquare;
    layout.cellOffset = 0;
    layout.scores = ScoreRule::product;
    layout.scales[0].anchorsPerCell = 2;
    layout.scales[0].anchors = {{10, 20}, {30, 8}};
    outputs.reserve(3);
    add(HeadRole::box, 4); // all σ(0) = ½: the cell's middle and the anchor's own size
    set(add(HeadRole::objectness, 1), 1, 4, 5, 20);
    set(add(HeadRole::classes, 2), 1 * 2 + 0, 4, 5, 20);
    const auto found = decoded();
    ASSERT_EQ(found.size(), 1U);
    expectBox(found[0].box, {44 - 15, 36 - 4, 44 + 15, 36 + 4});
}

// The same head in one tensor of 2·(5 + 2) channels.
TEST_F(Decode, OneTensorMayHoldSeveralRoles)
{
    layout.boxes = BoxCoding::anchorSquare;
    layout.cellOffset = 0;
    layout.scores = ScoreRule::product;
    auto &scale = layout.scales[0];
    scale.anchorsPerCell = 2;
    scale.anchors = {{10, 20}, {30, 8}};
    scale.parts = {{HeadRole::box, 0, 0, 4, 7, false},
                   {HeadRole::objectness, 0, 4, 1, 7, false},
                   {HeadRole::classes, 0, 5, 2, 7, false}};
    layout.tensors = {{"joint", {1, 14, 8, 8}}};
    outputs.emplace_back(ElementType::float32, Shape{1, 14, 8, 8});
    for (float &value : outputs[0].as<float>())
        value = -20;
    for (int k = 0; k < 4; ++k)
        set(outputs[0], 7 + k, 4, 5, 0);
    set(outputs[0], 7 + 4, 4, 5, 20);
    set(outputs[0], 7 + 6, 4, 5, 20);
    const auto found = decoded();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].classIndex, 1);
    expectBox(found[0].box, {44 - 15, 36 - 4, 44 + 15, 36 + 4});
}

TEST_F(Decode, PriorsAndBackground)
{
    layout.boxes = BoxCoding::priorOffsets;
    layout.variances = {0.1, 0.2};
    layout.classActivation = ClassActivation::softmax;
    layout.hasBackground = true;
    layout.classes = 1;
    layout.scales[0].anchors = {{16, 16}};
    outputs.reserve(2);
    Tensor &boxes = add(HeadRole::box, 4);
    set(boxes, 0, 0, 0, 1);               // 0.1 · 16 to the right
    set(boxes, 3, 0, 0, std::log(2) * 5); // twice as high
    Tensor &classes = add(HeadRole::classes, 2);
    for (float &value : classes.as<float>().first(64))
        value = 0; // background against −20
    set(classes, 1, 0, 0, std::log(3));
    const auto found = decoded();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].classIndex, 0);
    EXPECT_NEAR(found[0].score, 0.75, 1e-6);
    expectBox(found[0].box, {5.6 - 8, 4 - 16, 5.6 + 8, 4 + 16});
}

TEST_F(Decode, KeypointsCountFromTheCell)
{
    layout.boxes = BoxCoding::distances;
    layout.classes = 1;
    layout.keypoints = {.count = 1, .values = 3, .factor = 2, .cellOffset = 0};
    outputs.reserve(3);
    add(HeadRole::box, 4);
    set(add(HeadRole::classes, 1), 0, 1, 2, 20);
    Tensor &points = add(HeadRole::keypoints, 3);
    set(points, 0, 1, 2, 0.25);
    set(points, 1, 1, 2, -0.5);
    const auto found = decoded();
    ASSERT_EQ(found.size(), 1U);
    ASSERT_EQ(found[0].keypoints.size(), 1U);
    EXPECT_NEAR(found[0].keypoints[0].x, (0.5 + 2) * 8, 1e-5);
    EXPECT_NEAR(found[0].keypoints[0].y, (-1 + 1) * 8, 1e-5);
    EXPECT_NEAR(found[0].keypoints[0].score, 0.5, 1e-6);
}

TEST_F(Decode, AnglesTurnTheDistances)
{
    layout.boxes = BoxCoding::distances;
    layout.classes = 1;
    layout.angle = AngleCoding::radians;
    outputs.reserve(3);
    Tensor &boxes = add(HeadRole::box, 4);
    set(boxes, 2, 1, 2, 2); // two cells to the right of the turned axis
    set(add(HeadRole::classes, 1), 0, 1, 2, 20);
    set(add(HeadRole::angle, 1), 0, 1, 2, M_PI / 2);
    const auto found = decoded();
    ASSERT_EQ(found.size(), 1U);
    // The centre is one cell away along the turned x axis, that is downwards.
    EXPECT_NEAR((found[0].box.x1 + found[0].box.x2) / 2, 20, 1e-4);
    EXPECT_NEAR((found[0].box.y1 + found[0].box.y2) / 2, 12 + 8, 1e-4);
    EXPECT_NEAR(found[0].box.width(), 16, 1e-4);
}

TEST_F(Decode, PeaksOfAHeatMap)
{
    layout.boxes = BoxCoding::sizeAndOffset;
    layout.scores = ScoreRule::peak;
    layout.cellOffset = 0;
    outputs.reserve(3);
    Tensor &sizes = add(HeadRole::box, 2);
    set(sizes, 0, 3, 3, 2);
    set(sizes, 1, 3, 3, 1);
    set(add(HeadRole::offset, 2), 0, 3, 3, 0.5);
    Tensor &heat = add(HeadRole::classes, 2, true);
    set(heat, 0, 3, 3, 0.9);
    set(heat, 0, 3, 4, 0.8); // a neighbour of the peak
    const auto found = decoded();
    ASSERT_EQ(found.size(), 1U);
    expectBox(found[0].box, {28 - 8, 24 - 4, 28 + 8, 24 + 4});
}

TEST_F(Decode, MasksFromCoefficientsAndPrototypes)
{
    layout.tensors = {{"protos", {1, 2, 16, 16}}};
    layout.protos = 0;
    Tensor protos(ElementType::float32, {1, 2, 16, 16});
    for (std::size_t i = 0; i < 512; ++i)
        protos.as<float>()[i] = i < 256 ? 1.F : (i % 16 < 8 ? 1.F : -1.F);
    const Detection detection{
        .classIndex = 0, .score = 1, .box = {16, 16, 48, 32}, .maskCoefficients = {-0.5F, 1.F}};
    const Mask mask = maskOf(detection, layout, protos);
    ASSERT_EQ(mask.width, 16);
    int inside = 0;
    for (std::size_t i = 0; i < mask.inside.size(); ++i)
        inside += mask.inside[i];
    EXPECT_EQ(inside, 4 * 4); // columns 4 … 7 of rows 4 … 7: the left half of the box
    EXPECT_EQ(mask.inside[4 * 16 + 4], 1);
}

TEST_F(Decode, UnsoundLayoutsAreRefused)
{
    outputs.reserve(2);
    add(HeadRole::box, 4);
    add(HeadRole::classes, 2);
    layout.scales[0].parts[0].tensor = 7;
    EXPECT_EQ(decode(layout, outputs).error()[0].id, "heads.layout-invalid");
    layout.scales[0].parts[0].tensor = 0;
    layout.scales[0].parts[0].width = 5;
    EXPECT_EQ(decode(layout, outputs).error()[0].id, "heads.layout-invalid");
    layout.scales[0].parts[0].width = 4;
    layout.scales[0].strideX = 0;
    EXPECT_EQ(decode(layout, outputs).error()[0].id, "heads.layout-invalid");
    layout.scales[0].strideX = 8;
    outputs.pop_back();
    EXPECT_EQ(decode(layout, outputs).error()[0].id, "heads.outputs-mismatch");
}

} // namespace
} // namespace hefstudio
