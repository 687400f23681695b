// Heads as exporters write them, in small: 8×8, 4×4 and 2×2 cells of a 64×64 picture.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/head_surgery.h"

#include "base/diagnostic_catalogue.h"
#include "graph/graph_builder.h"
#include "heads/decode.h"
#include "heads/describe_head.h"
#include "heads/head_metadata.h"
#include "ops/shape_inference.h"
#include "passes/cut_graph.h"
#include "passes/equivalence.h"

#include <gtest/gtest.h>

namespace hefstudio {
namespace {

class HeadSurgeryTest : public testing::Test {
protected:
    using Ids = std::vector<TensorId>;

    TensorId add(const std::string &name, Attributes attributes, Ids inputs)
    {
        auto id = addLayer(build, name, std::move(attributes), std::move(inputs),
                           {.origin = {"node_" + name}});
        EXPECT_TRUE(id) << name << (id ? "" : consoleText(id.error()[0]));
        return id.value_or(TensorId::invalid());
    }
    // Values that differ everywhere and stay small.
    TensorId weights(Shape shape)
    {
        Tensor tensor(ElementType::float32, std::move(shape));
        for (float &value : tensor.as<float>()) {
            seed = seed * 1664525U + 1013904223U;
            value = static_cast<float>(seed >> 8) / float(1 << 24) - 0.5F;
        }
        return build.constant("w", std::move(tensor));
    }
    TensorId constant(Shape shape, std::vector<float> values)
    {
        return build.constant("c", Tensor::of<float>(std::move(shape), values));
    }
    Shape shapeOf(TensorId x) const { return build.tensor(x).shape; }
    Ids body()
    {
        TensorId x = add("stem", Convolution{.window = {.kernel = {4, 4}, .stride = {4, 4}}},
                         {build.input("images", {1, 3, 64, 64}), weights({8, 3, 4, 4})});
        Ids maps;
        for (const std::string name : {"s8", "s16", "s32"}) {
            x = add(name, MaxPool{{.kernel = {2, 2}, .stride = {2, 2}}}, {x});
            maps.push_back(x);
        }
        return maps;
    }
    TensorId convolution(const std::string &name, TensorId x, std::int64_t outputs)
    {
        return add(name, Convolution{},
                   {x, weights({outputs, shapeOf(x)[1], 1, 1}), weights({outputs})});
    }
    TensorId columns(const std::string &name, TensorId x) // [1,C,h,w] → [1,C,h·w]
    {
        const Shape shape = shapeOf(x);
        return add(name, Reshape{{1, shape[1], shape[2] * shape[3]}}, {x});
    }
    TensorId slice(const std::string &name, TensorId x, std::size_t axis, std::int64_t begin,
                   std::int64_t size)
    {
        Slice slice{{}, shapeOf(x).dims(), {}};
        slice.begin.assign(shapeOf(x).rank(), 0);
        slice.step.assign(shapeOf(x).rank(), 1);
        slice.begin[axis] = begin;
        slice.size[axis] = size;
        return add(name, slice, {x});
    }
    TensorId binary(const std::string &name, BinaryOperator op, TensorId a, TensorId b)
    {
        return add(name, Binary{op}, {a, b});
    }
    TensorId function(const std::string &name, Function what, TensorId x)
    {
        return add(name, Elementwise{{what}}, {x});
    }
    // Cell centres [1,2,84] and strides [1,84] of the three grids.
    TensorId centres(float offset)
    {
        std::vector<float> x, y;
        for (const int cells : {8, 4, 2})
            for (int i = 0; i < cells * cells; ++i) {
                x.push_back(static_cast<float>(i % cells) + offset);
                y.push_back(static_cast<float>(i / cells) + offset);
            }
        x.insert(x.end(), y.begin(), y.end());
        return constant({1, 2, 84}, x);
    }
    TensorId strides()
    {
        std::vector<float> values;
        for (const int cells : {8, 4, 2})
            values.insert(values.end(), static_cast<std::size_t>(cells * cells),
                          static_cast<float>(64 / cells));
        return constant({1, 1, 84}, values);
    }
    // Ultralytics: expected distances → centre and size in pixels.
    TensorId decodedDistribution(TensorId boxes, std::int64_t bins)
    {
        TensorId x = add("dfl/reshape", Reshape{{1, 4, bins, 84}}, {boxes});
        x = add("dfl/transpose", Transpose{{0, 2, 1, 3}}, {x});
        x = add("dfl/softmax", Softmax{.axis = 1}, {x});
        std::vector<float> steps;
        for (std::int64_t i = 0; i < bins; ++i)
            steps.push_back(static_cast<float>(i));
        x = add("dfl/conv", Convolution{}, {x, constant({1, bins, 1, 1}, steps)});
        return decodedDistances(add("dfl/back", Reshape{{1, 4, 84}}, {x}));
    }
    TensorId decodedDistances(TensorId distances)
    {
        const TensorId from = binary("from", BinaryOperator::subtract, centres(0.5F),
                                     slice("lt", distances, 1, 0, 2));
        const TensorId to =
            binary("to", BinaryOperator::add, centres(0.5F), slice("rb", distances, 1, 2, 2));
        const TensorId middle = add("middle", Elementwise{{Function::affine, 0.5F, 0}},
                                    {binary("sum", BinaryOperator::add, from, to)});
        const TensorId size = binary("size", BinaryOperator::subtract, to, from);
        return binary("scaled", BinaryOperator::multiply, add("xywh", Concat{1}, {middle, size}),
                      strides());
    }

    // Surgery on what was built; the network must compute the same afterwards.
    void operate()
    {
        auto graph = std::move(build).finish();
        ASSERT_TRUE(graph) << consoleText(graph.error()[0]);
        before = std::make_shared<const Graph>(std::move(*graph));
        auto result = prepareHead(before, proposeEndNodes(*before));
        ASSERT_TRUE(result) << consoleText(result.error()[0]);
        surgery = std::move(*result);
        const auto inputs = pseudoRandomInputs(*before, 3);
        const auto expected = evaluateByReference(*before, inputs);
        const auto found = evaluateByReference(*surgery.graph, inputs);
        ASSERT_TRUE(expected && found);
        EXPECT_FALSE(meaningfulDifference(*before, *expected, *found));
        std::vector<TensorId> ends;
        for (const auto &end : surgery.ends)
            ends.push_back(end.tensor);
        auto cut = cutGraph(*surgery.graph, {}, ends);
        ASSERT_TRUE(cut) << consoleText(cut.error()[0]);
        EXPECT_TRUE(cut->lostOutputs.empty());
        device = cut->device;
        host = cut->host;
        const auto read = describeHead(*surgery.graph, surgery.ends, host);
        ASSERT_TRUE(read);
        // The metadata alone must carry the whole reading.
        std::vector<OutputPort> ports;
        for (const auto &tensor : read->tensors)
            ports.push_back({.name = tensor.name});
        auto carried = headFromMetadata(headMetadata(*read, ports), "test");
        ASSERT_TRUE(carried) << consoleText(carried.error()[0]);
        carried->evidence = read->evidence;
        EXPECT_EQ(*carried, *read);
        layout = std::move(*carried);
        outputs = evaluateByReference(*device, inputs).value();
        finals = expected.value();
    }
    std::vector<std::string> roles() const
    {
        std::vector<std::string> names;
        for (const auto &end : surgery.ends)
            names.emplace_back(endNodeRoleName(end.role));
        return names;
    }
    bool isSigmoid(std::size_t end) const
    {
        const auto &producer =
            surgery.graph->layer(surgery.graph->tensor(surgery.ends[end].tensor).producer);
        const auto *single = producer.as<Elementwise>();
        return single && single->function.function == Function::sigmoid;
    }
    // Boxes and scores decoded from the per-scale outputs are those of the export's own arithmetic,
    // given as centre and size with the scores behind `firstScore`: [1, values, boxes].
    void expectSameAsTail(const Tensor &whole, std::size_t firstScore, std::size_t classes)
    {
        const auto decoded =
            decode(layout, outputs, {.scoreThreshold = 0, .labels = DecodeOptions::Labels::best});
        ASSERT_TRUE(decoded) << consoleText(decoded.error()[0]);
        const auto count = static_cast<std::size_t>(whole.shape()[2]);
        ASSERT_EQ(decoded->size(), count);
        const auto values = whole.as<float>();
        for (std::size_t i = 0; i < count; ++i) {
            const Box &box = (*decoded)[i].box;
            EXPECT_NEAR((box.x1 + box.x2) / 2, values[i], 1e-3);
            EXPECT_NEAR((box.y1 + box.y2) / 2, values[count + i], 1e-3);
            EXPECT_NEAR(box.width(), values[2 * count + i], 1e-3);
            EXPECT_NEAR(box.height(), values[3 * count + i], 1e-3);
            double best = 0;
            for (std::size_t k = 0; k < classes; ++k)
                best = std::max(best, double(values[(firstScore + k) * count + i]));
            EXPECT_NEAR((*decoded)[i].score, best, 1e-5);
        }
    }

    GraphBuilder build{"head"};
    std::uint32_t seed = 7;
    std::shared_ptr<const Graph> before, device, host;
    HeadSurgery surgery;
    HeadLayout layout;
    std::vector<Tensor> outputs, finals;
};

// Boxes and classes joined per scale, all scales joined, split again (Ultralytics up to 8.3). Five
// bins make 20 box channels; with 20 classes widths cannot tell them apart.
TEST_F(HeadSurgeryTest, JoinedBoxesAndClassesComeApart)
{
    Ids joined;
    for (const TensorId map : body()) {
        const TensorId both =
            add("both", Concat{1}, {convolution("box", map, 20), convolution("cls", map, 20)});
        joined.push_back(columns("flat", both));
    }
    const TensorId all = add("all", Concat{2}, joined);
    const TensorId boxes = decodedDistribution(slice("boxes", all, 1, 0, 20), 5);
    const TensorId scores = function("sigmoid", Function::sigmoid, slice("cls", all, 1, 20, 20));
    build.output(add("output", Concat{1}, {boxes, scores}));
    operate();
    EXPECT_EQ(roles(),
              (std::vector<std::string>{"box", "classes", "box", "classes", "box", "classes"}));
    EXPECT_EQ(surgery.foldedSigmoids, 3);
    for (std::size_t i = 0; i < surgery.ends.size(); ++i)
        EXPECT_EQ(isSigmoid(i), surgery.ends[i].role == EndNodeRole::classes);
    EXPECT_EQ(layout.boxes, BoxCoding::distribution);
    EXPECT_EQ(layout.bins, 5);
    EXPECT_EQ(layout.classes, 20);
    expectSameAsTail(finals[0], 4, 20);
}

// Boxes joined among themselves, classes likewise (Ultralytics 8.4), mask coefficients apart, the
// prototypes an output of their own.
TEST_F(HeadSurgeryTest, MaskCoefficientsStayLinear)
{
    Ids boxes, scores, coefficients;
    const Ids maps = body();
    for (const TensorId map : maps) {
        boxes.push_back(columns("box_flat", convolution("box", map, 16)));
        scores.push_back(columns("cls_flat", convolution("cls", map, 3)));
        coefficients.push_back(columns("coef_flat", convolution("coef", map, 6)));
    }
    const TensorId decoded = decodedDistribution(add("boxes", Concat{2}, boxes), 4);
    const TensorId probable =
        function("sigmoid", Function::sigmoid, add("scores", Concat{2}, scores));
    build.output(
        add("output0", Concat{1}, {decoded, probable, add("coefs", Concat{2}, coefficients)}));
    const TensorId fine = add(
        "up", Resize{.mode = ResizeMode::nearest, .scale = {2, 2}, .size = {16, 16}}, {maps[0]});
    build.output(function("output1", Function::silu, convolution("proto", fine, 6)));
    operate();
    EXPECT_EQ(surgery.foldedSigmoids, 3);
    for (std::size_t i = 0; i < surgery.ends.size(); ++i)
        EXPECT_EQ(isSigmoid(i), surgery.ends[i].role == EndNodeRole::classes) << i;
    ASSERT_TRUE(layout.protos);
    EXPECT_EQ(layout.tensors[*layout.protos].shape, (Shape{1, 6, 16, 16}));
    ASSERT_TRUE(layout.scales[0].part(HeadRole::coefficients));
    expectSameAsTail(finals[0], 4, 3);
}

// Four direct distances (YOLO26's one-to-one head without its selection).
TEST_F(HeadSurgeryTest, DirectDistances)
{
    Ids boxes, scores;
    for (const TensorId map : body()) {
        boxes.push_back(columns("box_flat", convolution("box", map, 4)));
        scores.push_back(columns("cls_flat", convolution("cls", map, 2)));
    }
    const TensorId decoded = decodedDistances(add("boxes", Concat{2}, boxes));
    build.output(
        add("output", Concat{1},
            {decoded, function("sigmoid", Function::sigmoid, add("scores", Concat{2}, scores))}));
    operate();
    EXPECT_EQ(layout.boxes, BoxCoding::distances);
    EXPECT_EQ(layout.cellOffset, 0.5);
    expectSameAsTail(finals[0], 4, 2);
}

// A classic anchor head: one convolution of 2·(5 + 3) channels for each scale, reshaped by anchors,
// the sigmoid over everything. Its filters are split; the boxes keep their raw values.
TEST_F(HeadSurgeryTest, AnchorHeadsAreSplitByFilters)
{
    Ids rows;
    int scale = 0;
    for (const TensorId map : body()) {
        const std::int64_t cells = shapeOf(map)[2];
        const auto stride = static_cast<float>(64 / cells);
        TensorId x = convolution("m", map, 16);
        x = add("anchors", Reshape{{1, 2, 8, cells, cells}}, {x});
        x = add("last", Transpose{{0, 1, 3, 4, 2}}, {x});
        x = function("sigmoid", Function::sigmoid, x);
        std::vector<float> grid;
        for (std::int64_t i = 0; i < cells * cells; ++i) {
            grid.push_back(static_cast<float>(i % cells) - 0.5F);
            grid.push_back(static_cast<float>(i / cells) - 0.5F);
        }
        TensorId xy = add("xy2", Elementwise{{Function::affine, 2, 0}}, {slice("xy", x, 4, 0, 2)});
        xy = binary("xyg", BinaryOperator::add, xy, constant({1, 1, cells, cells, 2}, grid));
        xy = add("xys", Elementwise{{Function::affine, stride, 0}}, {xy});
        TensorId wh = add("wh2", Elementwise{{Function::affine, 2, 0}}, {slice("wh", x, 4, 2, 2)});
        wh = add("whp", Elementwise{{Function::power, 2, 0}}, {wh});
        const float size = 10.0F * static_cast<float>(++scale);
        wh = binary("wha", BinaryOperator::multiply, wh,
                    constant({1, 2, 1, 1, 2}, {size, size + 3, size + 5, size + 1}));
        const TensorId joined = add("joined", Concat{4}, {xy, wh, slice("rest", x, 4, 4, 4)});
        rows.push_back(add("rows", Reshape{{1, 2 * cells * cells, 8}}, {joined}));
    }
    build.output(add("output", Concat{1}, rows));
    operate();
    EXPECT_EQ(surgery.splitConvolutions, 3);
    EXPECT_EQ(surgery.foldedSigmoids, 6);
    ASSERT_EQ(surgery.ends.size(), 9U);
    EXPECT_EQ(surgery.ends[0].shape, (Shape{1, 8, 8, 8}));
    EXPECT_EQ(surgery.ends[1].shape, (Shape{1, 2, 8, 8}));
    EXPECT_EQ(surgery.ends[2].shape, (Shape{1, 6, 8, 8}));
    for (std::size_t i = 0; i < 9; ++i)
        EXPECT_EQ(isSigmoid(i), i % 3 != 0) << i;
    EXPECT_EQ(layout.boxes, BoxCoding::anchorSquare);
    EXPECT_EQ(layout.scores, ScoreRule::product);
    ASSERT_EQ(layout.scales[1].anchors.size(), 2U);
    EXPECT_NEAR(layout.scales[1].anchors[1][0], 25, 1e-4);
    EXPECT_NEAR(layout.scales[1].anchors[1][1], 21, 1e-4);
}

// Everything joined without decoding (YOLOX as its authors export it): the structure tells.
TEST_F(HeadSurgeryTest, UndecodedHeadsFollowTheirFamily)
{
    Ids joined;
    for (const TensorId map : body()) {
        const TensorId objectness = function("osig", Function::sigmoid, convolution("obj", map, 1));
        const TensorId classes = function("csig", Function::sigmoid, convolution("cls", map, 3));
        joined.push_back(columns(
            "flat", add("scale", Concat{1}, {convolution("box", map, 4), objectness, classes})));
    }
    build.output(add("output", Transpose{{0, 2, 1}}, {add("all", Concat{2}, joined)}));
    operate();
    EXPECT_EQ(layout.boxes, BoxCoding::centreExp);
    EXPECT_EQ(layout.scores, ScoreRule::product);
    EXPECT_EQ(layout.cellOffset, 0);
    EXPECT_EQ(layout.classes, 3);
    EXPECT_TRUE(layout.scales[0].part(HeadRole::objectness)->hasSigmoid);
}

// Rows per scale, sigmoid at the very end, behind a transpose and a reshape (YuNet).
TEST_F(HeadSurgeryTest, SigmoidsMoveThroughTransposesAndReshapes)
{
    const auto rows = [&](const std::string &name, TensorId x) {
        const Shape shape = shapeOf(x);
        return add(name, Reshape{{1, shape[2] * shape[3], shape[1]}},
                   {add(name + "/last", Transpose{{0, 2, 3, 1}}, {x})});
    };
    for (const TensorId map : body()) {
        build.output(function("cls", Function::sigmoid, rows("c", convolution("cls", map, 1))));
        build.output(function("obj", Function::sigmoid, rows("o", convolution("obj", map, 1))));
        build.output(rows("bbox", convolution("box", map, 4)));
        build.output(rows("kps", convolution("kps", map, 10)));
    }
    operate();
    EXPECT_EQ(surgery.foldedSigmoids, 6);
    EXPECT_EQ(layout.scores, ScoreRule::geometric);
    EXPECT_EQ(layout.keypoints, (KeypointCoding{5, 2, 1, 0}));
    for (std::size_t i = 0; i < surgery.ends.size(); ++i) {
        const auto role = surgery.ends[i].role;
        EXPECT_EQ(isSigmoid(i), role == EndNodeRole::classes || role == EndNodeRole::objectness);
    }
}

// Something else reads the raw scores: the sigmoid stays on the host.
TEST_F(HeadSurgeryTest, ASigmoidStaysWhereTheRawScoresAreReadToo)
{
    Ids boxes, scores;
    for (const TensorId map : body()) {
        boxes.push_back(columns("box_flat", convolution("box", map, 4)));
        scores.push_back(columns("cls_flat", convolution("cls", map, 2)));
    }
    const TensorId logits = add("scores", Concat{2}, scores);
    build.output(add("output", Concat{1},
                     {decodedDistances(add("boxes", Concat{2}, boxes)),
                      function("sigmoid", Function::sigmoid, logits)}));
    build.output(add("raw", Elementwise{{Function::affine, 3, 1}}, {logits}));
    operate();
    EXPECT_EQ(surgery.foldedSigmoids, 0);
    EXPECT_EQ(layout.classActivation, ClassActivation::sigmoid);
    expectSameAsTail(finals[0], 4, 2);
}

TEST(HeadSurgeryOfOthers, AClassifierIsLeftAlone)
{
    GraphBuilder build("classifier");
    const TensorId x = build.input("x", {1, 4});
    const auto y = addLayer(build, "softmax", Softmax{.axis = 1}, {x});
    build.output(*y);
    const auto graph = std::make_shared<const Graph>(std::move(build).finish().value());
    const auto result = prepareHead(graph, proposeEndNodes(*graph));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->graph, graph);
    EXPECT_FALSE(describeHead(*graph, result->ends, nullptr));
}

} // namespace
} // namespace hefstudio
