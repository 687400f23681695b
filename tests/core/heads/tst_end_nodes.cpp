// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/end_nodes.h"

#include "base/diagnostic_catalogue.h"
#include "graph/graph_builder.h"
#include "ops/shape_inference.h"

#include <gtest/gtest.h>

namespace hefstudio {
namespace {

// Small worlds: a body per grid, then the tails that detectors have.
class EndNodes : public testing::Test {
protected:
    TensorId add(const std::string &name, Attributes attributes, std::vector<TensorId> inputs,
                 GraphBuilder::Options options = {})
    {
        auto id =
            addLayer(build, name, std::move(attributes), std::move(inputs), std::move(options));
        EXPECT_TRUE(id) << name << (id ? "" : consoleText(id.error()[0]));
        return id.value_or(TensorId::invalid());
    }
    TensorId constant(Shape shape)
    {
        Tensor tensor(ElementType::float32, std::move(shape));
        float next = 0;
        for (float &value : tensor.as<float>())
            value = next += 0.25F;
        return build.constant("c", std::move(tensor));
    }
    TensorId convolution(const std::string &name, TensorId x, std::int64_t outputs)
    {
        return add(name, Convolution{}, {x, constant({outputs, build.tensor(x).shape[1], 1, 1})},
                   {.origin = {"node_" + name}});
    }
    // 8 channels at 8×8, 4×4 and 2×2 of a 64×64 picture.
    std::vector<TensorId> body()
    {
        const TensorId images = build.input("images", {1, 3, 64, 64});
        TensorId x = add("stem", Convolution{.window = {.kernel = {4, 4}, .stride = {4, 4}}},
                         {images, constant({8, 3, 4, 4})});
        std::vector<TensorId> maps;
        for (const std::string name : {"s8", "s16", "s32"}) {
            x = add(name, MaxPool{{.kernel = {2, 2}, .stride = {2, 2}}}, {x});
            maps.push_back(x);
        }
        return maps;
    }
    TensorId function(const std::string &name, Function what, TensorId x)
    {
        return add(name, Elementwise{{what}}, {x});
    }
    TensorId rows(const std::string &name, TensorId x) // [1,C,h,w] → [1,h·w,C]
    {
        const Shape shape = build.tensor(x).shape;
        const TensorId last = add(name + "/last", Transpose{{0, 2, 3, 1}}, {x});
        return add(name + "/rows", Reshape{{1, shape[2] * shape[3], shape[1]}}, {last});
    }
    TensorId columns(const std::string &name, TensorId x) // [1,C,h,w] → [1,C,h·w]
    {
        const Shape shape = build.tensor(x).shape;
        return add(name + "/columns", Reshape{{1, shape[1], shape[2] * shape[3]}}, {x});
    }
    TensorId part(const std::string &name, TensorId x, std::size_t axis, std::int64_t begin,
                  std::int64_t size)
    {
        Slice slice;
        const Shape shape = build.tensor(x).shape;
        slice.begin.assign(shape.rank(), 0);
        slice.size = shape.dims();
        slice.step.assign(shape.rank(), 1);
        slice.begin[axis] = begin;
        slice.size[axis] = size;
        return add(name, slice, {x});
    }
    // "box box_s8 8" per proposal: role, node without its prefix, stride.
    std::vector<std::string> proposals(const std::vector<TensorId> &outputs)
    {
        for (const TensorId output : outputs)
            build.output(output);
        const Result<Graph> graph = std::move(build).finish();
        EXPECT_TRUE(graph) << (graph ? "" : consoleText(graph.error()[0]));
        std::vector<std::string> texts;
        for (const EndNodeProposal &proposal : proposeEndNodes(*graph)) {
            std::string node = proposal.node;
            if (node.starts_with("node_"))
                node = node.substr(5);
            texts.push_back(std::string(endNodeRoleName(proposal.role)) + " " + node + " " +
                            std::to_string(proposal.stride));
            EXPECT_FALSE(proposal.reason.empty());
        }
        return texts;
    }
    using Texts = std::vector<std::string>;
    GraphBuilder build{"test"};
};

TEST_F(EndNodes, AnchorsAndPairedSoftmaxStayOnTheHost)
{
    std::vector<TensorId> boxes;
    std::vector<TensorId> scores;
    for (const TensorId map : body()) {
        const std::string at = std::to_string(build.tensor(map).shape[2]);
        boxes.push_back(rows("b" + at, convolution("box" + at, map, 4)));
        scores.push_back(rows("s" + at, convolution("score" + at, map, 2)));
    }
    const TensorId score = add("softmax", Softmax{2}, {add("scores", Concat{1}, scores)});
    const TensorId box = add("all", Concat{1}, boxes);
    const TensorId centre = add("centre", Binary{BinaryOperator::add},
                                {part("xy", box, 2, 0, 2), constant({1, 84, 2})});
    const TensorId size =
        add("size", Binary{BinaryOperator::multiply},
            {function("exp", Function::exp, part("wh", box, 2, 2, 2)), constant({1, 84, 2})});
    EXPECT_EQ(proposals({score, add("boxes", Concat{2}, {centre, size})}),
              (Texts{"box box8 8", "classes score8 8", "box box4 16", "classes score4 16",
                     "box box2 32", "classes score2 32"}));
}

TEST_F(EndNodes, SigmoidsBeforeTheJoinStayInside)
{
    std::vector<TensorId> parts;
    for (const TensorId map : body()) {
        const std::string at = std::to_string(build.tensor(map).shape[2]);
        const TensorId box = convolution("box" + at, map, 4);
        const TensorId object =
            function("object" + at, Function::sigmoid, convolution("o" + at, map, 1));
        const TensorId classes =
            function("class" + at, Function::sigmoid, convolution("c" + at, map, 80));
        parts.push_back(columns("j" + at, add("joined" + at, Concat{1}, {box, object, classes})));
    }
    const TensorId all = add("all", Concat{2}, parts);
    EXPECT_EQ(proposals({add("output", Transpose{{0, 2, 1}}, {all})}),
              (Texts{"box box8 8", "objectness object8 8", "classes class8 8", "box box4 16",
                     "objectness object4 16", "classes class4 16", "box box2 32",
                     "objectness object2 32", "classes class2 32"}));
}

TEST_F(EndNodes, DistributionsAreDecodedOnTheHost)
{
    std::vector<TensorId> parts;
    for (const TensorId map : body()) {
        const std::string at = std::to_string(build.tensor(map).shape[2]);
        const TensorId box = convolution("box" + at, map, 16);
        const TensorId classes = convolution("class" + at, map, 3);
        parts.push_back(columns("j" + at, add("joined" + at, Concat{1}, {box, classes})));
    }
    const TensorId all = add("all", Concat{2}, parts); // [1, 19, 84]
    const TensorId bins = add("bins", Reshape{{1, 4, 4, 84}}, {part("boxes", all, 1, 0, 16)});
    const TensorId softmax =
        add("softmax", Softmax{1}, {add("turn", Transpose{{0, 2, 1, 3}}, {bins})});
    const TensorId expected = add(
        "dfl", Convolution{},
        {softmax, build.constant("steps", Tensor::of<float>({1, 4, 1, 1}, {0, 1, 2, 3.000001F}))});
    const TensorId distances = add("distances", Reshape{{1, 4, 84}}, {expected});
    const TensorId left = add("left", Binary{BinaryOperator::subtract},
                              {constant({1, 2, 84}), part("lt", distances, 1, 0, 2)});
    const TensorId right = add("right", Binary{BinaryOperator::add},
                               {constant({1, 2, 84}), part("rb", distances, 1, 2, 2)});
    const TensorId scores = function("sigmoid", Function::sigmoid, part("cls", all, 1, 16, 3));
    EXPECT_EQ(proposals({add("output", Concat{1}, {left, right, scores})}),
              (Texts{"box box8 8", "classes class8 8", "box box4 16", "classes class4 16",
                     "box box2 32", "classes class2 32"}));
}

TEST_F(EndNodes, FlatOutputsOfSeveralGridsEndAtTheirMaps)
{
    std::vector<TensorId> outputs;
    for (const TensorId map : body()) {
        const std::string at = std::to_string(build.tensor(map).shape[2]);
        outputs.push_back(function("cls_" + at, Function::sigmoid,
                                   rows("c" + at, convolution("class" + at, map, 1))));
        outputs.push_back(function("obj_" + at, Function::sigmoid,
                                   rows("o" + at, convolution("object" + at, map, 1))));
        outputs.push_back(rows("b" + at, convolution("box" + at, map, 4)));
        outputs.push_back(rows("k" + at, convolution("points" + at, map, 10)));
    }
    const Texts texts = proposals(outputs);
    ASSERT_EQ(texts.size(), 12U);
    EXPECT_EQ(
        (Texts{texts.begin(), texts.begin() + 4}),
        (Texts{"box box8 8", "objectness object8 8", "classes class8 8", "keypoints points8 8"}));
}

TEST_F(EndNodes, AnchorGridsOfOneMapEach)
{
    std::vector<TensorId> parts;
    for (const TensorId map : body()) {
        const std::int64_t h = build.tensor(map).shape[2];
        const std::string at = std::to_string(h);
        const TensorId anchors =
            add("a" + at, Reshape{{1, 3, 7, h, h}}, {convolution("m" + at, map, 21)});
        const TensorId turned = add("t" + at, Transpose{{0, 1, 3, 4, 2}}, {anchors});
        const TensorId sigmoid = function("s" + at, Function::sigmoid, turned);
        const TensorId xy = add("xy" + at, Binary{BinaryOperator::add},
                                {part("p" + at, sigmoid, 4, 0, 2), constant({1, 1, h, h, 2})});
        const TensorId rest = part("r" + at, sigmoid, 4, 2, 5);
        parts.push_back(
            add("f" + at, Reshape{{1, 3 * h * h, 7}}, {add("j" + at, Concat{4}, {xy, rest})}));
    }
    EXPECT_EQ(proposals({add("output", Concat{1}, parts)}),
              (Texts{"combined m8 8", "combined m4 16", "combined m2 32"}));
}

TEST_F(EndNodes, MasksStayBesideTheHead)
{
    std::vector<TensorId> parts;
    const std::vector<TensorId> maps = body();
    for (const TensorId map : maps) {
        const std::string at = std::to_string(build.tensor(map).shape[2]);
        parts.push_back(columns("j" + at, convolution("box" + at, map, 4)));
    }
    const TensorId masks = function("masks", Function::relu, convolution("proto", maps[0], 8));
    const Texts texts = proposals({add("output", Concat{2}, parts), masks});
    ASSERT_EQ(texts.size(), 4U);
    EXPECT_EQ(texts[3], "output masks 8");
}

TEST_F(EndNodes, ClassifiersEndAtTheirOutput)
{
    const TensorId map = body()[2];
    const TensorId mean = add("mean", Reduce{Reduction::mean, {2, 3}, true}, {map});
    const TensorId flat = add("flat", Reshape{{1, 8}}, {mean});
    const TensorId logits = add("fc", FullyConnected{}, {flat, constant({10, 8})});
    EXPECT_EQ(proposals({add("softmax", Softmax{1}, {logits})}), Texts{"output softmax 0"});
}

TEST_F(EndNodes, SegmentationEndsAtItsOutput)
{
    const TensorId map = convolution("head", body()[0], 5);
    const TensorId large = add("resize", Resize{.scale = {8, 8}, .size = {64, 64}}, {map});
    EXPECT_EQ(proposals({add("softmax", Softmax{1}, {large})}), Texts{"output softmax 1"});
}

TEST_F(EndNodes, OneRawMapIsItsOwnOutput)
{
    const TensorId map = body()[1];
    const TensorId object = function("object", Function::sigmoid, convolution("o", map, 1));
    const TensorId box = convolution("b", map, 4);
    EXPECT_EQ(proposals({add("output", Concat{1}, {object, box})}), Texts{"output output 16"});
}

} // namespace
} // namespace hefstudio
