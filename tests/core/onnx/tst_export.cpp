// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_testing.h"

#include "ops/shape_inference.h"
#include "shared_folder.h"

using namespace hefstudio;

namespace {

// The graph after export and import; `tolerance` bounds what its float results may differ by.
std::shared_ptr<const Graph> aroundOnce(const Graph &graph, double tolerance = 1e-6)
{
    const auto bytes = exportOnnx(graph);
    EXPECT_TRUE(bytes) << failureText(bytes);
    if (!bytes)
        return nullptr;
    const auto again = importOnnx(*bytes);
    EXPECT_TRUE(again) << failureText(again);
    if (!again)
        return nullptr;
    EXPECT_LE(largestDifference(runReference(graph), runReference(**again)), tolerance);
    return *again;
}

void expectUnchanged(const OnnxBuilder &model, double tolerance = 0)
{
    const auto graph = imported(model);
    ASSERT_TRUE(graph) << failureText(graph);
    const auto again = aroundOnce(**graph, tolerance);
    ASSERT_TRUE(again);
    EXPECT_EQ(printGraph(*again), printGraph(**graph));
}

} // namespace

TEST(Export, windowsComeBackAsTheyWere)
{
    OnnxBuilder model(13);
    model.input("x", {1, 4, 9, 8}).floats("w", {6, 2, 3, 3}).floats("b", {6});
    model.node("Conv", {"x", "w", "b"}, {"c"},
               {{"pads", {1, 0, 1, 2}}, {"strides", {2, 1}}, {"group", 2}, {"dilations", {1, 2}}});
    model.floats("t", {6, 3, 2, 2})
        .node("ConvTranspose", {"c", "t"}, {"d"},
              {{"strides", {2, 2}}, {"output_padding", {1, 0}}});
    model.node("MaxPool", {"d"}, {"m"},
               {{"kernel_shape", {3, 3}}, {"strides", {2, 2}}, {"ceil_mode", 1}});
    model.node("AveragePool", {"m"}, {"y"},
               {{"kernel_shape", {2, 2}}, {"pads", {1, 1, 0, 0}}, {"count_include_pad", 1}});
    expectUnchanged(model.output("y"));
}

TEST(Export, matricesAndNormalisations)
{
    OnnxBuilder model(17);
    model.input("x", {2, 6}).floats("w", {4, 6}).floats("b", {4});
    model.node("Gemm", {"x", "w", "b"}, {"g"}, {{"transB", 1}});
    model.floats("s", {4}).node("LayerNormalization", {"g", "s", "b"}, {"l"});
    model.node("Transpose", {"l"}, {"t"}).node("MatMul", {"l", "t"}, {"m"});
    model.node("Softmax", {"m"}, {"y"}).node("LogSoftmax", {"m"}, {"z"}, {{"axis", 0}});
    expectUnchanged(model.output("y").output("z"));
}

TEST(Export, shapesAndJoins)
{
    OnnxBuilder model(13);
    model.input("x", {1, 8, 4, 6}).ints("i", {3, 0, 0});
    model.node("Gather", {"x", "i"}, {"g"}, {{"axis", 1}});
    model.node("Concat", {"x", "g"}, {"c"}, {{"axis", 1}});
    model.node("DepthToSpace", {"x"}, {"d"}, {{"blocksize", 2}, {"mode", "CRD"}});
    model.node("SpaceToDepth", {"d"}, {"e"}, {{"blocksize", 2}});
    model.ints("s", {-1}).ints("n", {INT64_MIN}).ints("a", {3}).ints("t", {-2});
    model.node("Slice", {"e", "s", "n", "a", "t"}, {"f"});
    model.ints("p", {0, 0, 1, -1, 0, 0, 2, 0}).constant("v", Tensor::scalar(0.5F));
    model.node("Pad", {"f", "p", "v"}, {"h"}).ints("r", {1, 4, -1});
    model.node("Reshape", {"h", "r"}, {"k"}).ints("q", {3, 4, 28});
    model.node("Expand", {"k", "q"}, {"y"});
    model.node("ReduceSum", {"c", "a"}, {"u"}).node("ReduceL2", {"c"}, {"w"}, {{"axes", {1, 2}}});
    expectUnchanged(model.output("y").output("u").output("w"));
}

TEST(Export, resizeKeepsItsStatedScale)
{
    for (const char *coordinates : {"half_pixel", "asymmetric", "align_corners"}) {
        auto scales = oneNode(13, "Resize", {"", "s"},
                              {{"mode", "linear"}, {"coordinate_transformation_mode", coordinates}},
                              {1, 2, 5, 5});
        expectUnchanged(scales.floats("s", {4}, {1, 1, 1.5F, 0.7F}));
        auto sizes = oneNode(13, "Resize", {"", "", "z"},
                             {{"coordinate_transformation_mode", coordinates}}, {1, 2, 5, 5});
        expectUnchanged(sizes.ints("z", {1, 2, 7, 9}));
    }
    auto tf = oneNode(
        11, "Resize", {"r", "s"},
        {{"coordinate_transformation_mode", "tf_half_pixel_for_nn"}, {"nearest_mode", "floor"}},
        {1, 2, 5, 5});
    const auto graph = imported(tf.floats("r", {0}).floats("s", {4}, {1, 1, 1.5F, 0.7F}));
    ASSERT_TRUE(graph) << failureText(graph);
    aroundOnce(**graph, 0);
}

TEST(Export, everyFunctionAsLayerAndFused)
{
    for (int index = 0; index <= static_cast<int>(Function::affine); ++index) {
        const auto function = static_cast<Function>(index);
        const bool isDefinedAboveZero = function == Function::log || function == Function::sqrt;
        GraphBuilder build("functions");
        TensorId x = build.input("x", {1, 4, 2, 2});
        if (isDefinedAboveZero)
            x = *addLayer(build, "above", Elementwise{{Function::affine, 0.5F, 1.5F}}, {x});
        const ScalarFunction chosen{function, 0.3F, 0.6F};
        if (function == Function::power)
            x = *addLayer(build, "above", Elementwise{{Function::abs, 0, 0}}, {x});
        build.output(*addLayer(build, "plain", Elementwise{chosen}, {x}));
        build.output(*addLayer(build, "fused", Reshape{{1, 16}}, {x}, {.activation = chosen}));
        const auto graph = std::move(build).finish();
        ASSERT_TRUE(graph) << failureText(graph);
        SCOPED_TRACE(functionName(function));
        aroundOnce(*graph, 2e-6);
    }
}

TEST(Export, paddingWithAPictureMeanIsSpelledOut)
{
    GraphBuilder build("padded");
    const TensorId x = build.input("x", {1, 4, 5, 5});
    Tensor weights(ElementType::float32, {6, 2, 3, 3});
    for (std::size_t i = 0; i < weights.as<float>().size(); ++i)
        weights.as<float>()[i] = static_cast<float>(i % 7) - 3;
    Convolution convolution;
    convolution.window = {.kernel = {3, 3}, .padBegin = {1, 1}, .padEnd = {1, 1}};
    convolution.groups = 2;
    convolution.padValues = {0.5F, -1, 2, 0};
    build.output(*addLayer(build, "conv", convolution, {x, build.constant("w", weights)},
                           {.activation = {Function::silu, 0, 0}}));
    const auto graph = std::move(build).finish();
    ASSERT_TRUE(graph) << failureText(graph);
    aroundOnce(*graph, 1e-5);
}

TEST(Export, whatOnnxCannotSayIsRefused)
{
    GraphBuilder build("gaps");
    const TensorId x = build.input("x", {1, 1, 8, 8});
    AveragePool pool;
    pool.window = {.kernel = {2, 2}, .dilation = {2, 2}};
    build.output(*addLayer(build, "pool", pool, {x}));
    const auto graph = std::move(build).finish();
    ASSERT_TRUE(graph);
    EXPECT_EQ(failureId(exportOnnx(*graph)), "onnx.cannot-export");
}

TEST(Export, equalGraphsGiveEqualBytes)
{
    auto model = oneNode(13, "Conv", {"w"});
    model.metadata("a", "1").metadata("b", "2").floats("w", {4, 3, 3, 3});
    const auto first = exportOnnx(**imported(model));
    const auto second = exportOnnx(**imported(model));
    ASSERT_TRUE(first);
    EXPECT_EQ(*first, *second);
}

TEST(SharedModels, comeBackFromExport)
{
    REQUIRE_SHARED_FOLDER(shared);
    for (const char *file : {"FastestDet.onnx", "yunet_n_320.onnx", "version-RFB-320.onnx"}) {
        const auto graph = importOnnx(shared / "models" / file);
        ASSERT_TRUE(graph) << failureText(graph);
        const auto bytes = exportOnnx(**graph);
        ASSERT_TRUE(bytes) << failureText(bytes);
        const auto again = importOnnx(*bytes);
        ASSERT_TRUE(again) << failureText(again);
        EXPECT_EQ(printGraph(**again), printGraph(**graph)) << file;
    }
}
