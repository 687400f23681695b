// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_testing.h"

using namespace hefstudio;

TEST(ImportShape, splitBecomesSlices)
{
    OnnxBuilder equal(13);
    equal.input("x", {1, 6, 4, 4}).node("Split", {"x"}, {"a", "b", "unused"}, {{"axis", 1}});
    EXPECT_EQ(layersOf(equal.named("split").output("a").output("b")),
              "split slice [0,0,0,0]+[1,2,4,4] (x) -> a 1×2×4×4\n"
              "split_1 slice [0,2,0,0]+[1,2,4,4] (x) -> b 1×2×4×4\n");
    OnnxBuilder attribute(11);
    attribute.input("x", {1, 6})
        .node("Split", {"x"}, {"a", "b"}, {{"axis", -1}, {"split", {2, 4}}});
    EXPECT_EQ(layersOf(attribute.output("a").output("b")),
              "Split_0 slice [0,0]+[1,2] (x) -> a 1×2\n"
              "Split_0_1 slice [0,2]+[1,4] (x) -> b 1×4\n");
    OnnxBuilder uneven(18);
    uneven.input("x", {1, 7}).node("Split", {"x"}, {"a", "b"}, {{"axis", 1}, {"num_outputs", 2}});
    EXPECT_EQ(layersOf(uneven.output("a").output("b")),
              "Split_0 slice [0,0]+[1,4] (x) -> a 1×4\n"
              "Split_0_1 slice [0,4]+[1,3] (x) -> b 1×3\n");
}

TEST(ImportShape, sliceInBothForms)
{
    EXPECT_EQ(layersOf(oneNode(9, "Slice", {},
                               {{"starts", {1, -3}}, {"ends", {3, 100}}, {"axes", {1, 3}}})),
              "Slice_0 slice [0,1,0,5]+[1,2,8,3] (x) -> y 1×2×8×3\n");
    auto strided = oneNode(13, "Slice", {"s", "e", "a", "t"});
    strided.ints("s", {0, -1}).ints("e", {INT64_MAX, INT64_MIN}).ints("a", {2, -1});
    EXPECT_EQ(layersOf(strided.ints("t", {2, -1})),
              "Slice_0 slice [0,0,0,7]+[1,3,4,8] (x) -> y 1×3×4×8\n");
    auto whole = oneNode(13, "Slice", {"s", "e"});
    EXPECT_EQ(layersOf(whole.ints("s", {0}).ints("e", {1})),
              "Slice_0 elementwise identity (x) -> y 1×3×8×8\n");
}

TEST(ImportShape, reshapeAndItsRelatives)
{
    auto copied = oneNode(13, "Reshape", {"s"});
    EXPECT_EQ(layersOf(copied.ints("s", {0, 0, -1})), "Reshape_0 reshape (x) -> y 1×3×64\n");
    auto zero = oneNode(14, "Reshape", {"s"}, {{"allowzero", 1}});
    EXPECT_NE(layersOf(zero.ints("s", {0, 192})).find("shape.mismatch"), std::string::npos);
    EXPECT_EQ(layersOf(oneNode(13, "Flatten")), "Flatten_0 reshape (x) -> y 1×192\n");
    EXPECT_EQ(layersOf(oneNode(13, "Flatten", {}, {{"axis", -1}})),
              "Flatten_0 reshape (x) -> y 24×8\n");
    EXPECT_EQ(layersOf(oneNode(11, "Squeeze", {}, {{"axes", {0}}})),
              "Squeeze_0 reshape (x) -> y 3×8×8\n");
    auto squeeze = oneNode(13, "Squeeze", {"a"}, {}, {1, 3, 1, 1});
    EXPECT_EQ(layersOf(squeeze.ints("a", {-1, 2})), "Squeeze_0 reshape (x) -> y 1×3\n");
    EXPECT_EQ(layersOf(oneNode(13, "Squeeze", {}, {}, {1, 3, 1, 1})),
              "Squeeze_0 reshape (x) -> y 3\n");
    auto unsqueeze = oneNode(13, "Unsqueeze", {"a"}, {}, {3, 4});
    EXPECT_EQ(layersOf(unsqueeze.ints("a", {0, -1})), "Unsqueeze_0 reshape (x) -> y 1×3×4×1\n");
    EXPECT_EQ(layersOf(oneNode(11, "Unsqueeze", {}, {{"axes", {1}}}, {3, 4})),
              "Unsqueeze_0 reshape (x) -> y 3×1×4\n");
}

TEST(ImportShape, movesAndJoins)
{
    EXPECT_EQ(layersOf(oneNode(13, "Transpose", {}, {{"perm", {0, 2, 3, 1}}})),
              "Transpose_0 transpose [0,2,3,1] (x) -> y 1×8×8×3\n");
    EXPECT_EQ(layersOf(oneNode(13, "Transpose", {}, {}, {2, 3, 4})),
              "Transpose_0 transpose [2,1,0] (x) -> y 4×3×2\n");
    EXPECT_EQ(layersOf(oneNode(13, "Transpose", {}, {{"perm", {0, 1}}}, {2, 3}).output("x")),
              "Transpose_0 elementwise identity (x) -> y 2×3\n"
              "x_1 elementwise identity (x) -> 2×3\n");
    auto concat = oneNode(13, "Concat", {"x", "c", "none"}, {{"axis", -3}});
    EXPECT_EQ(layersOf(concat.floats("c", {1, 2, 8, 8}).floats("none", {0})),
              "Concat_0 concat axis 1 (x, x, const 1×2×8×8) -> y 1×8×8×8\n");
    auto one = oneNode(13, "Gather", {"i"}, {{"axis", 1}});
    EXPECT_EQ(layersOf(one.constant("i", Tensor::scalar(std::int64_t(-1)))),
              "Gather_0 gather (x, const scalar) -> y 1×8×8\n");
    auto many = oneNode(13, "Gather", {"i"}, {{"axis", 3}});
    EXPECT_EQ(layersOf(many.ints("i", {0, 2, 2})), "Gather_0 gather (x, const 3) -> y 1×3×8×3\n");
    EXPECT_EQ(layersOf(oneNode(13, "DepthToSpace", {}, {{"blocksize", 2}, {"mode", "CRD"}},
                               {1, 8, 4, 4})),
              "DepthToSpace_0 depth-to-space (x) -> y 1×2×8×8\n");
    EXPECT_EQ(layersOf(oneNode(13, "SpaceToDepth", {}, {{"blocksize", 4}})),
              "SpaceToDepth_0 space-to-depth (x) -> y 1×48×2×2\n");
}

TEST(ImportShape, repetition)
{
    auto expand = oneNode(13, "Expand", {"s"}, {}, {3, 1});
    EXPECT_EQ(layersOf(expand.ints("s", {2, 1, 4})), "Expand_0 broadcast (x) -> y 2×3×4\n");
    auto tile = oneNode(13, "Tile", {"r"}, {}, {1, 3, 1});
    EXPECT_EQ(layersOf(tile.ints("r", {2, 1, 5})), "Tile_0 broadcast (x) -> y 2×3×5\n");
    auto copies = oneNode(13, "Tile", {"r"}, {}, {2, 3});
    EXPECT_EQ(layersOf(copies.ints("r", {2, 3})),
              "Tile_0/concat concat axis 0 (x, x) -> 4×3\n"
              "Tile_0 concat axis 1 (Tile_0/concat, Tile_0/concat, Tile_0/concat) -> y 4×9\n");
}

TEST(ImportShape, padInAllForms)
{
    EXPECT_EQ(
        layersOf(oneNode(9, "Pad", {}, {{"pads", {0, 0, 1, 1, 0, 0, 2, 2}}, {"value", 0.5F}})),
        "Pad_0 pad [0,0,1,1][0,0,2,2] (x) -> y 1×3×11×11\n");
    auto inputs = oneNode(13, "Pad", {"p", "v"}, {{"mode", "constant"}});
    inputs.ints("p", {0, 0, 1, 0, 0, 0, 0, -1}).constant("v", Tensor::scalar(1.0F));
    EXPECT_EQ(layersOf(inputs), "Pad_0 pad [0,0,1,0][0,0,0,-1] (x) -> y 1×3×9×7\n");
    auto axes = oneNode(18, "Pad", {"p", "", "a"}, {{"mode", "reflect"}});
    EXPECT_EQ(layersOf(axes.ints("p", {1, 2}).ints("a", {-1})),
              "Pad_0 pad [0,0,0,1][0,0,0,2] (x) -> y 1×3×8×11\n");
    auto nothing = oneNode(11, "Pad", {"p"});
    EXPECT_EQ(layersOf(nothing.ints("p", {0, 0, 0, 0, 0, 0, 0, 0})),
              "Pad_0 elementwise identity (x) -> y 1×3×8×8\n");
}

TEST(ImportResize, everyOperatorSet)
{
    EXPECT_EQ(layersOf(oneNode(7, "Upsample", {},
                               {{"scales", std::vector<float>{1, 1, 2, 2}}, {"mode", "nearest"}})),
              "Upsample_0 resize nearest (x) -> y 1×3×16×16\n");
    auto nine = oneNode(9, "Upsample", {"s"}, {{"mode", "linear"}});
    EXPECT_EQ(layersOf(nine.floats("s", {4}, {1, 1, 2, 2})),
              "Upsample_0 resize linear (x) -> y 1×3×16×16\n");
    auto ten = oneNode(10, "Resize", {"s"});
    EXPECT_EQ(layersOf(ten.floats("s", {4}, {1, 1, 0.5F, 0.5F})),
              "Resize_0 resize nearest (x) -> y 1×3×4×4\n");
    auto scales =
        oneNode(11, "Resize", {"roi", "s"},
                {{"coordinate_transformation_mode", "asymmetric"}, {"nearest_mode", "floor"}});
    EXPECT_EQ(layersOf(scales.floats("roi", {0}).floats("s", {4}, {1, 1, 2, 2})),
              "Resize_0 resize nearest (x) -> y 1×3×16×16\n");
    auto sizes = oneNode(13, "Resize", {"", "", "z"},
                         {{"mode", "linear"}, {"coordinate_transformation_mode", "align_corners"}});
    EXPECT_EQ(layersOf(sizes.ints("z", {1, 3, 12, 10})),
              "Resize_0 resize linear (x) -> y 1×3×12×10\n");
    auto axes =
        oneNode(18, "Resize", {"", "", "z"},
                {{"mode", "cubic"}, {"axes", {2, 3}}, {"keep_aspect_ratio_policy", "not_larger"}});
    EXPECT_EQ(layersOf(axes.ints("z", {16, 20})), "Resize_0 resize cubic (x) -> y 1×3×16×16\n");
    auto line = oneNode(13, "Resize", {"", "s"}, {}, {1, 4, 5});
    EXPECT_EQ(layersOf(line.floats("s", {3}, {1, 1, 2})),
              "Resize_0/reshape reshape (x) -> 1×4×1×5\n"
              "Resize_0/resize resize nearest (Resize_0/reshape) -> 1×4×1×10\n"
              "Resize_0 reshape (Resize_0/resize) -> y 1×4×10\n");
}

// Shape → Gather → Unsqueeze → Concat → Reshape, as exporters write a flattening.
TEST(ImportConstants, shapeArithmeticIsFolded)
{
    OnnxBuilder model(11);
    model.input("x", {1, 12, 4, 4}).node("Shape", {"x"}, {"shape"});
    model.node("Constant", {}, {"zero"}, {{"value", Tensor::scalar(std::int64_t(0))}});
    model.node("Gather", {"shape", "zero"}, {"batch"}, {{"axis", 0}});
    model.node("Unsqueeze", {"batch"}, {"first"}, {{"axes", {0}}});
    model.node("Slice", {"shape", "one", "two"}, {"channels"}).ints("one", {1}).ints("two", {2});
    model.node("Div", {"channels", "two"}, {"half"}).node("Mul", {"half", "two"}, {"full"});
    model.node("Sub", {"full", "two"}, {"ten"}).node("Add", {"ten", "two"}, {"twelve"});
    model.node("Cast", {"twelve"}, {"real"}, {{"to", 1}}).node("Floor", {"real"}, {"floor"});
    model.node("Cast", {"floor"}, {"count"}, {{"to", 7}}).ints("rest", {-1});
    model.node("Concat", {"first", "count", "rest"}, {"target"}, {{"axis", 0}});
    model.node("Reshape", {"x", "target"}, {"y"}).named("flat").output("y");
    EXPECT_EQ(layersOf(model), "flat reshape (x) -> y 1×12×16\n");
}

// The way PyTorch spells expand(): which dimension is −1 is decided in the graph.
TEST(ImportConstants, whereEqualAndRange)
{
    OnnxBuilder model(13);
    model.input("x", {1, 1, 4}).ints("wanted", {-1, 3, -1}).ints("minus", {-1}).ints("three", {3});
    model.node("ConstantOfShape", {"three"}, {"ones"},
               {{"value", Tensor::of<std::int64_t>(Shape{1}, {1})}});
    model.node("Equal", {"wanted", "minus"}, {"open"});
    model.node("Where", {"open", "ones", "wanted"}, {"shape"});
    model.node("Expand", {"x", "shape"}, {"wide"}).named("expand");
    model.node("Constant", {}, {"from"}, {{"value_int", 0}});
    model.node("Constant", {}, {"to"}, {{"value_int", 6}});
    model.node("Constant", {}, {"by"}, {{"value_int", 2}});
    model.node("Range", {"from", "to", "by"}, {"steps"});
    model.node("Cast", {"steps"}, {"reals"}, {{"to", 1}}).ints("axis", {1});
    model.node("Unsqueeze", {"reals", "axis"}, {"column"});
    model.node("Add", {"wide", "column"}, {"y"}).named("add").output("y");
    EXPECT_EQ(layersOf(model), "expand broadcast (x) -> wide 1×3×4\n"
                               "add binary add (wide, const 3×1) -> y 1×3×4\n");
    const auto graph = imported(model);
    ASSERT_TRUE(graph);
    const Tensor &column = *(*graph)->findTensor("column")->constant;
    EXPECT_EQ(std::vector<float>(column.as<float>().begin(), column.as<float>().end()),
              (std::vector<float>{0, 2, 4}));
}

TEST(ImportConstants, integersFollowTheirRules)
{
    const auto evaluated = [](const std::string &op, std::vector<std::int64_t> a,
                              std::vector<std::int64_t> b,
                              std::vector<OnnxBuilderAttribute> attributes = {}) {
        OnnxBuilder model(13);
        model.input("x", {1, 2}).ints("a", a).ints("b", b).node(op, {"a", "b"}, {"c"}, attributes);
        model.node("Cast", {"c"}, {"f"}, {{"to", 1}}).node("Add", {"x", "f"}, {"y"}).output("y");
        const auto graph = imported(model);
        return graph ? (*graph)->findTensor("f")->constant->toInt64()
                     : std::vector<std::int64_t>{-999};
    };
    using Ints = std::vector<std::int64_t>;
    EXPECT_EQ(evaluated("Div", {-7, 7}, {2, -2}), (Ints{-3, -3}));
    EXPECT_EQ(evaluated("Mod", {-7, 7}, {3, -3}), (Ints{2, -2}));
    EXPECT_EQ(evaluated("Mod", {-7, 7}, {3, -3}, {{"fmod", 1}}), (Ints{-1, 1}));
    EXPECT_EQ(evaluated("Pow", {-2, 3}, {3, 4}), (Ints{-8, 81}));
    EXPECT_EQ(evaluated("Max", {1, 5}, {2, 3}), (Ints{2, 5}));
    EXPECT_EQ(evaluated("Greater", {1, 5}, {2, 3}), (Ints{0, 1}));
    EXPECT_EQ(evaluated("Div", {INT64_MIN, 4}, {-1, 2})[1], 2);
    EXPECT_EQ(evaluated("Div", {1, 1}, {0, 1}), (Ints{-999}));
}

TEST(ImportConstants, floatsAreFoldedWithTheReference)
{
    OnnxBuilder model(13);
    model.input("x", {1, 3}).floats("a", {3}, {1, 2, 3}).floats("b", {1}, {0.5F});
    model.node("Mul", {"a", "b"}, {"c"}).node("Exp", {"c"}, {"d"});
    model.node("Add", {"x", "d"}, {"y"}).named("add").output("y");
    EXPECT_EQ(layersOf(model), "add binary add (x, const 3) -> y 1×3\n");
    const auto graph = imported(model);
    ASSERT_TRUE(graph);
    EXPECT_FLOAT_EQ((*graph)->findTensor("d")->constant->as<float>()[1], 2.7182817F);
}

TEST(ImportConstants, halfPrecisionAndDoubleBecomeFloat)
{
    OnnxBuilder model(13);
    model.input("x", {1, 2}, ElementType::float16);
    model.constant("h", Tensor::of<std::uint16_t>(Shape{2}, {0, 0}));
    model.constant("d", Tensor::of<double>(Shape{2}, {0.5, -1.5}));
    model.node("Add", {"x", "d"}, {"y"}).named("add").output("y");
    const auto graph = imported(model);
    ASSERT_TRUE(graph) << failureText(graph);
    EXPECT_EQ((*graph)->findTensor("d")->constant->as<float>()[1], -1.5F);
}
