// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_testing.h"

using namespace hefstudio;
using Subgraph = OnnxBuilderAttribute::Subgraph;

TEST(ImportErrors, allUnsupportedOperatorsAreListedInOneRun)
{
    OnnxBuilder model(13);
    model.input("x", {1, 8}).node("Unique", {"x"}, {"top", "index"});
    model.node("Relu", {"top"}, {"a"}).node("NonMaxSuppression", {"a"}, {"b"}).named("places");
    model.node("Special", {"x"}, {"c"}).inDomain("com.example").named("mine");
    model.node("If", {"x"}, {"d"}, {{"then_branch", Subgraph{}}}).named("choice");
    model.node("Loop", {"x"}, {"dead"}).output("b").output("c").output("d");
    const auto graph = imported(model);
    EXPECT_EQ(faultsOf(graph), "onnx.unsupported-op Unique_0 | onnx.unsupported-op places | "
                               "onnx.unsupported-op mine | onnx.unsupported-computed-size choice");
    const Diagnostic &mine = graph.error()[2];
    EXPECT_EQ(mine.fixes, (std::vector<Fix>{{"cut-before", {{"node", "mine"}}}}));
    EXPECT_NE(causeSentence(mine).find("com.example::Special"), std::string::npos);
}

TEST(ImportErrors, whatLiesBehindTheEndNodesIsNotLookedAt)
{
    OnnxBuilder model(13);
    model.input("x", {1, 8}).node("Relu", {"x"}, {"a"}).named("relu");
    model.node("Unique", {"a"}, {"y"}).output("y");
    EXPECT_EQ(layersOf(model, {.endNodes = {"relu"}}), "relu elementwise relu (x) -> a 1×8\n");
    EXPECT_EQ(faultsOf(imported(model, {.endNodes = {"rely"}})), "onnx.unknown-node");
}

TEST(ImportErrors, formsThatAreNotSupportedNameTheForm)
{
    const std::string form = "onnx.unsupported-form ";
    auto smooth = oneNode(18, "Resize", {"", "half"}, {{"mode", "linear"}, {"antialias", 1}});
    EXPECT_EQ(faultsOf(imported(smooth.floats("half", {4}, {1, 1, 0.5F, 0.5F}))),
              form + "Resize_0");
    EXPECT_NE(layersOf(smooth).find("antialias"), std::string::npos);
    EXPECT_EQ(faultsOf(imported(oneNode(13, "Cast", {}, {{"to", 8}}))), form + "Cast_0");
    auto hyper = oneNode(13, "Conv", {"w"}, {}, {1, 3, 4, 4, 8, 8});
    EXPECT_EQ(faultsOf(imported(hyper.floats("w", {4, 3, 3, 3, 3, 3}))), form + "Conv_0");
    auto mode = oneNode(13, "Pad", {"p"}, {{"mode", "dream"}});
    EXPECT_EQ(faultsOf(imported(mode.ints("p", {0, 0, 1, 1, 0, 0, 1, 1}))), form + "Pad_0");
}

TEST(ImportErrors, openShapesComeWithAProposal)
{
    OnnxBuilder model(13);
    model.input("images", {-1, 3, -1, -1}).node("Relu", {"images"}, {"y"}).output("y");
    model.node("Unique", {"y"}, {"z"}).output("z");
    model.metadata("imgsz", "[416, 320]");
    const auto graph = imported(model);
    EXPECT_EQ(faultsOf(graph), "onnx.dynamic-shape | onnx.unsupported-op Unique_1");
    EXPECT_EQ(
        graph.error()[0].fixes,
        (std::vector<Fix>{{"set-input-shape", {{"input", "images"}, {"shape", "1,3,416,320"}}}}));

    OnnxBuilder classifier(13);
    classifier.input("x", {-1, -1, -1, -1}).floats("w", {4, 1, 3, 3});
    classifier.node("Conv", {"x", "w"}, {"y"}).output("y", {-1, 10});
    EXPECT_EQ(imported(classifier).error()[0].fixes[0].values[1].second, "1,1,224,224");
    const ImportOptions stated{.inputShapes = {{"x", {1, 1, 8, 8}}}};
    EXPECT_EQ(layersOf(classifier, stated), "Conv_0 convolution 3x3 (x, const 4×1×3×3) -> y "
                                            "1×4×6×6\n");
    OnnxBuilder unknown(13);
    unknown.inputOfUnknownRank("x").node("Relu", {"x"}, {"y"}).output("y");
    EXPECT_EQ(faultsOf(imported(unknown)), "onnx.dynamic-shape");
}

TEST(ImportErrors, shapesGivenMustSuit)
{
    OnnxBuilder model(13);
    model.input("x", {1, 3, 8, 8}).node("Relu", {"x"}, {"y"}).output("y");
    const auto given = [&](const std::string &name, std::vector<std::int64_t> dims) {
        return faultsOf(imported(model, {.inputShapes = {{name, std::move(dims)}}}));
    };
    EXPECT_EQ(given("x", {1, 3, 16, 16}), "");
    EXPECT_EQ(given("x", {1, 3}), "onnx.input-shape-mismatch");
    EXPECT_EQ(given("x", {1, 3, 0, 8}), "onnx.input-shape-mismatch");
    EXPECT_EQ(given("x", {1LL << 30, 1LL << 30, 8, 8}), "onnx.input-shape-mismatch");
    EXPECT_EQ(given("z", {1, 3, 8, 8}), "onnx.unknown-input");
}

TEST(ImportErrors, sizesThatDependOnValues)
{
    const auto faults = [](OnnxBuilder &model) { return faultsOf(imported(model)); };
    const std::string id = "onnx.unsupported-computed-size ";
    OnnxBuilder count(13);
    count.input("x", {1, 3, 8, 8}).input("k", {1}, ElementType::int64);
    count.node("TopK", {"x", "k"}, {"y", "i"}).output("y");
    EXPECT_EQ(faults(count), id + "TopK_0");
    EXPECT_NE(layersOf(count).find("computed values (k)"), std::string::npos);
    OnnxBuilder places(13);
    places.input("x", {1, 4}).node("NonZero", {"x"}, {"i"}).node("Cast", {"i"}, {"y"}, {{"to", 1}});
    EXPECT_EQ(faults(places.output("y")), id + "NonZero_0");
    for (const char *op : {"Reshape", "Expand", "Tile", "Compress"}) {
        auto shaped = oneNode(13, op, {"n"}, {}, {1, 4});
        EXPECT_EQ(faults(shaped.input("n", {2}, ElementType::int64)), id + op + "_0");
    }
    OnnxBuilder filled(13);
    filled.input("n", {2}, ElementType::int64).node("ConstantOfShape", {"n"}, {"y"}).output("y");
    EXPECT_EQ(faults(filled), id + "ConstantOfShape_0");
}

TEST(ImportErrors, brokenStructure)
{
    const auto faults = [](OnnxBuilder &model) { return faultsOf(imported(model)); };
    OnnxBuilder undefined(13);
    undefined.input("x", {1}).node("Add", {"x", "ghost"}, {"y"}).output("y");
    EXPECT_EQ(faults(undefined), "onnx.undefined-input Add_0");
    OnnxBuilder noSuchOutput(13);
    noSuchOutput.input("x", {1}).node("Relu", {"x"}, {"y"}).output("z");
    EXPECT_EQ(faults(noSuchOutput), "onnx.undefined-output");
    OnnxBuilder twice(13);
    twice.input("x", {1}).node("Relu", {"x"}, {"y"}).node("Tanh", {"x"}, {"y"}).output("y");
    EXPECT_EQ(faults(twice), "onnx.duplicate-name Tanh_1");
    OnnxBuilder constantTwice(13);
    constantTwice.input("x", {1}).floats("c", {1}).floats("c", {1});
    constantTwice.node("Add", {"x", "c"}, {"y"}).output("y");
    EXPECT_EQ(faults(constantTwice), "onnx.duplicate-name");
    OnnxBuilder circle(13);
    circle.input("x", {1}).node("Add", {"x", "b"}, {"a"}).node("Relu", {"a"}, {"b"}).output("b");
    EXPECT_EQ(faults(circle), "onnx.cycle Add_0");
    OnnxBuilder noInput(13);
    noInput.floats("c", {2}).node("Relu", {"c"}, {"y"}).output("y");
    EXPECT_EQ(faults(noInput), "onnx.no-inputs");
    OnnxBuilder noOutput(13);
    noOutput.input("x", {1}).node("Relu", {"x"}, {"y"});
    EXPECT_EQ(faults(noOutput), "onnx.no-outputs");
    OnnxBuilder old(6);
    old.input("x", {1}).node("Relu", {"x"}, {"y"}).output("y");
    EXPECT_EQ(faults(old), "onnx.unsupported-opset");
    OnnxBuilder lacking(13);
    lacking.input("x", {1}).node("Add", {"x"}, {"y"}).output("y");
    EXPECT_EQ(faults(lacking), "onnx.missing-input Add_0");
}

TEST(ImportErrors, brokenNodes)
{
    const auto faults = [](const OnnxBuilder &model) { return faultsOf(imported(model)); };
    EXPECT_EQ(faults(oneNode(13, "LeakyRelu", {}, {{"alpha", "steep"}})),
              "onnx.bad-attribute LeakyRelu_0");
    EXPECT_EQ(faults(oneNode(13, "Softmax", {}, {{"axis", 7}})), "onnx.bad-constant Softmax_0");
    EXPECT_EQ(faults(oneNode(13, "MaxPool")), "onnx.bad-constant MaxPool_0");
    auto channels = oneNode(13, "Conv", {"w"});
    EXPECT_EQ(faults(channels.floats("w", {4, 5, 3, 3})), "shape.mismatch Conv_0");
    auto reshape = oneNode(13, "Reshape", {"s"});
    EXPECT_EQ(faults(reshape.ints("s", {-1, -1})), "onnx.bad-constant Reshape_0");
    auto gather = oneNode(13, "Gather", {"i"});
    EXPECT_EQ(faults(gather.ints("i", {9})), "onnx.bad-constant Gather_0");
    auto expand = oneNode(13, "Expand", {"s"}, {}, {1});
    EXPECT_EQ(faults(expand.ints("s", {1LL << 30, 1LL << 30})), "shape.too-large Expand_0");
    OnnxBuilder text(13);
    text.rawConstant("words", {1}, 8, 4).input("x", {1}).node("Add", {"x", "words"}, {"y"});
    EXPECT_EQ(faults(text.output("y")), "onnx.unsupported-type Add_0");
}

TEST(ImportErrors, weightsThatAreNoNumbers)
{
    auto conv = oneNode(13, "Conv", {"w"}, {}, {1, 1, 4, 4});
    conv.floats("w", {1, 1, 1, 2}, {1, NAN});
    const auto graph = imported(conv);
    EXPECT_EQ(faultsOf(graph), "onnx.not-finite Conv_0");
    EXPECT_NE(causeSentence(graph.error()[0]).find("w hold 1"), std::string::npos);
    auto dense = oneNode(13, "Gemm", {"w"}, {}, {1, 2});
    EXPECT_EQ(faultsOf(imported(dense.floats("w", {2, 1}, {INFINITY, 1}))),
              "onnx.not-finite Gemm_0");
    // Masks are infinite on purpose.
    auto mask = oneNode(13, "Add", {"m"}, {}, {1, 2});
    EXPECT_TRUE(imported(mask.floats("m", {2}, {0, -INFINITY})));
}

TEST(ImportErrors, shapesThatNoMachineHolds)
{
    constexpr std::int64_t half = std::int64_t(1) << 30;
    OnnxBuilder large(13);
    large.input("x", {2, half}).node("Relu", {"x"}, {"y"}).output("y");
    EXPECT_EQ(faultsOf(imported(large)), "shape.too-large Relu_0"); // 2^31 elements
    auto product = oneNode(13, "MatMul", {"w"}, {}, {65536, 1});
    EXPECT_EQ(faultsOf(imported(product.floats("w", {1, 65536}))), "shape.too-large MatMul_0");
    OnnxBuilder overflow(13);
    overflow.input("x", {INT64_MAX, 2, 2, 2}).node("Relu", {"x"}, {"y"}).output("y");
    EXPECT_EQ(faultsOf(imported(overflow)), "onnx.input-shape-mismatch");
    // A dimension of 0 stands for an open one; -1 is none.
    OnnxBuilder nothing(13);
    nothing.input("x", {1, 0, 4}).node("Relu", {"x"}, {"y"}).output("y");
    EXPECT_EQ(faultsOf(imported(nothing)), "onnx.dynamic-shape");
    auto empty = oneNode(13, "Slice", {"a", "a"}, {}, {1, 4});
    EXPECT_EQ(faultsOf(imported(empty.ints("a", {0, 2}))), "shape.mismatch Slice_0");
    auto negative = oneNode(13, "Reshape", {"s"}, {}, {1, 4});
    EXPECT_EQ(faultsOf(imported(negative.ints("s", {-2, 2}))), "onnx.bad-constant Reshape_0");
}

TEST(ImportErrors, graphsInsideGraphsWithoutEnd)
{
    auto body = std::make_unique<OnnxBuilder>(13);
    body->node("Relu", {"x"}, {"r"}).output("r");
    for (int level = 0; level < 200; ++level) {
        auto outer = std::make_unique<OnnxBuilder>(13);
        outer->node("If", {"c"}, {"r"}, {{"then_branch", Subgraph{body->bytes()}}});
        outer->output("r");
        body = std::move(outer);
        if (level == 20) {
            body->input("x", {1}).constant("c", Tensor::scalar(true));
            EXPECT_EQ(faultsOf(imported(*body)), "onnx.too-deep");
        }
    }
    body->input("x", {1});
    EXPECT_EQ(faultsOf(imported(*body)), "onnx.too-deep");

    OnnxBuilder calls(13), inner(13);
    inner.node("Again", {"a"}, {"b"}).inDomain("mine");
    calls.input("x", {1}).node("Again", {"x"}, {"y"}).inDomain("mine").output("y");
    calls.function("mine", "Again", {"a"}, {"b"}, inner);
    EXPECT_TRUE(faultsOf(imported(calls)).starts_with("onnx.too-deep Again_0/Again_0/"));
}

TEST(ImportErrors, constantsDoNotExplode)
{
    OnnxBuilder model(13);
    model.input("x", {1}).ints("huge", {1LL << 20, 1LL << 19});
    model.node("ConstantOfShape", {"huge"}, {"c"}).node("Add", {"x", "c"}, {"y"}).output("y");
    EXPECT_EQ(faultsOf(imported(model)), "onnx.constant-too-large ConstantOfShape_0");
    OnnxBuilder range(13);
    range.input("x", {1}).constant("a", Tensor::scalar(INT64_MIN));
    range.constant("b", Tensor::scalar(INT64_MAX)).constant("c", Tensor::scalar(std::int64_t(1)));
    range.node("Range", {"a", "b", "c"}, {"r"}).node("Cast", {"r"}, {"f"}, {{"to", 1}});
    range.node("Add", {"x", "f"}, {"y"}).output("y");
    EXPECT_EQ(faultsOf(imported(range)), "onnx.bad-constant Range_0");
}

TEST(ImportErrors, newerOperatorSetsAndFilesLoad)
{
    OnnxBuilder model(25);
    model.irVersion(99).input("x", {1}).node("Relu", {"x"}, {"y"}).output("y");
    EXPECT_EQ(layersOf(model), "Relu_0 elementwise relu (x) -> y 1\n");
    OnnxBuilder unknown(99);
    unknown.input("x", {1}).node("Relu", {"x"}, {"y"}).output("y");
    EXPECT_EQ(faultsOf(imported(unknown)), "onnx.unsupported-opset");
}

TEST(ImportErrors, nodesMayStandInAnyOrder)
{
    OnnxBuilder model(13);
    model.input("x", {1}).node("Tanh", {"a"}, {"y"}).node("Relu", {"x"}, {"a"}).output("y");
    EXPECT_EQ(layersOf(model), "Relu_1 elementwise relu (x) -> a 1\n"
                               "Tanh_0 elementwise tanh (a) -> y 1\n");
}

TEST(ImportErrors, metadataIsKept)
{
    OnnxBuilder model(13);
    model.input("x", {1}).node("Relu", {"x"}, {"y"}).output("y");
    model.metadata("names", "{0: 'cat'}").metadata("stride", "32");
    const auto graph = imported(model);
    ASSERT_TRUE(graph);
    EXPECT_EQ((*graph)->metadata[0].second, "{0: 'cat'}");
    EXPECT_EQ((*graph)->metadata[1].first, "stride");
}
