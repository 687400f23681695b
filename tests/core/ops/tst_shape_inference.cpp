// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/shape_inference.h"

#include "base/diagnostic_catalogue.h"

#include <gtest/gtest.h>

#include <random>

using namespace hefstudio;

namespace {

Result<Shape> infer(const Attributes &attributes, const std::vector<Shape> &operands)
{
    std::vector<const Shape *> pointers;
    for (const Shape &shape : operands)
        pointers.push_back(&shape);
    return inferShape(attributes, pointers);
}

// "1×8×16×16", or the id of the diagnostic.
std::string shapeOf(const Attributes &attributes, const std::vector<Shape> &operands)
{
    const auto shape = infer(attributes, operands);
    return shape ? shape->text() : shape.error().front().id;
}

Window window(std::int64_t kernel, std::int64_t stride, std::int64_t pad, std::int64_t dilation = 1)
{
    return {.kernel = {kernel, kernel},
            .stride = {stride, stride},
            .dilation = {dilation, dilation},
            .padBegin = {pad, pad},
            .padEnd = {pad, pad}};
}

const std::string wrong = "shape.mismatch";

} // namespace

TEST(ShapeInference, convolutionFollowsItsWindow)
{
    const Shape image{1, 3, 32, 40};
    EXPECT_EQ(shapeOf(Convolution{window(3, 1, 1)}, {image, {8, 3, 3, 3}}), "1×8×32×40");
    EXPECT_EQ(shapeOf(Convolution{window(3, 2, 1)}, {image, {8, 3, 3, 3}, {8}}), "1×8×16×20");
    EXPECT_EQ(shapeOf(Convolution{window(3, 1, 0, 2)}, {image, {8, 3, 3, 3}}), "1×8×28×36");
    EXPECT_EQ(shapeOf(Convolution{window(3, 1, 1), 3}, {image, {6, 1, 3, 3}}), "1×6×32×40");
    const Window uneven{.kernel = {1, 3}, .stride = {1, 2}, .padBegin = {0, 1}, .padEnd = {0, 0}};
    EXPECT_EQ(shapeOf(Convolution{uneven}, {image, {4, 3, 1, 3}}), "1×4×32×20");
}

TEST(ShapeInference, convolutionRefusesWhatDoesNotFit)
{
    const Shape image{1, 3, 32, 32};
    const Convolution same{window(3, 1, 1)};
    EXPECT_EQ(shapeOf(same, {image, {8, 4, 3, 3}}), wrong);      // channels
    EXPECT_EQ(shapeOf(same, {image, {8, 3, 5, 5}}), wrong);      // kernel
    EXPECT_EQ(shapeOf(same, {image, {8, 3, 3, 3}, {7}}), wrong); // bias
    EXPECT_EQ(shapeOf(same, {Shape{3, 32}, {8, 3, 3, 3}}), wrong);
    EXPECT_EQ(shapeOf(Convolution{window(3, 1, 1), 2}, {image, {8, 1, 3, 3}}), wrong);
    EXPECT_EQ(shapeOf(Convolution{window(3, 1, 1), 0}, {image, {8, 3, 3, 3}}), wrong);
    EXPECT_EQ(shapeOf(Convolution{window(3, 0, 1)}, {image, {8, 3, 3, 3}}), wrong);
    EXPECT_EQ(shapeOf(Convolution{window(3, 1, -1)}, {image, {8, 3, 3, 3}}), wrong);
    EXPECT_EQ(shapeOf(Convolution{window(33, 1, 0)}, {image, {8, 3, 33, 33}}), wrong);
    EXPECT_EQ(shapeOf(Convolution{window(3, 1, 1), 1, {0.5F}}, {image, {8, 3, 3, 3}}), wrong);
    EXPECT_EQ(shapeOf(same, {image}), "shape.operand-count");
}

TEST(ShapeInference, transposedConvolutionGrows)
{
    const Shape x{1, 16, 10, 10};
    EXPECT_EQ(shapeOf(TransposedConvolution{window(2, 2, 0)}, {x, {16, 8, 2, 2}}), "1×8×20×20");
    EXPECT_EQ(shapeOf(TransposedConvolution{window(4, 2, 1)}, {x, {16, 8, 4, 4}}), "1×8×20×20");
    EXPECT_EQ(shapeOf(TransposedConvolution{window(3, 2, 1), {1, 1}}, {x, {16, 8, 3, 3}, {8}}),
              "1×8×20×20");
    EXPECT_EQ(shapeOf(TransposedConvolution{window(2, 2, 0), {0, 0}, 16}, {x, {16, 1, 2, 2}}),
              "1×16×20×20");
    EXPECT_EQ(shapeOf(TransposedConvolution{window(2, 2, 30)}, {x, {16, 8, 2, 2}}), wrong);
}

TEST(ShapeInference, matrices)
{
    EXPECT_EQ(shapeOf(FullyConnected{}, {{1, 512}, {10, 512}, {10}}), "1×10");
    EXPECT_EQ(shapeOf(FullyConnected{}, {{2, 7, 512}, {10, 512}}), "2×7×10");
    EXPECT_EQ(shapeOf(FullyConnected{}, {{1, 512}, {10, 256}}), wrong);
    EXPECT_EQ(shapeOf(MatMul{}, {{4, 8}, {8, 3}}), "4×3");
    EXPECT_EQ(shapeOf(MatMul{}, {{2, 1, 4, 8}, {5, 8, 3}}), "2×5×4×3");
    EXPECT_EQ(shapeOf(MatMul{}, {{4, 8}, {7, 3}}), wrong);
    EXPECT_EQ(shapeOf(MatMul{}, {{8}, {8, 3}}), wrong);
}

TEST(ShapeInference, elementwiseAndNormalisation)
{
    const Shape x{1, 4, 5, 6};
    EXPECT_EQ(shapeOf(Elementwise{{Function::silu}}, {x}), "1×4×5×6");
    EXPECT_EQ(shapeOf(BatchNormalization{}, {x, {4}, {4}, {4}, {4}}), "1×4×5×6");
    EXPECT_EQ(shapeOf(BatchNormalization{}, {x, {4}, {4}, {4}, {5}}), wrong);
    EXPECT_EQ(shapeOf(LayerNormalization{.axis = 3}, {x, {6}, {6}}), "1×4×5×6");
    EXPECT_EQ(shapeOf(LayerNormalization{.axis = 2}, {x, {6}}), wrong);
    EXPECT_EQ(shapeOf(LayerNormalization{.axis = -1}, {x}), wrong);
    EXPECT_EQ(shapeOf(ParametricRelu{}, {x, {4, 1, 1}}), "1×4×5×6");
    EXPECT_EQ(shapeOf(ParametricRelu{}, {x, {2, 4, 1, 1}}), wrong);
    EXPECT_EQ(shapeOf(Softmax{.axis = 1}, {x}), "1×4×5×6");
    EXPECT_EQ(shapeOf(Softmax{.axis = 4}, {x}), wrong);
}

TEST(ShapeInference, absentOptionalOperandsAreAllowed)
{
    const Shape x{1, 6};
    const Shape *operands[] = {&x, nullptr, &x};
    EXPECT_EQ(inferShape(LayerNormalization{.axis = 0}, operands).value().text(), "1×6");
    const Shape *noWeights[] = {&x, nullptr};
    EXPECT_EQ(inferShape(FullyConnected{}, noWeights).error().front().id, "shape.operand-count");
}

TEST(ShapeInference, binaryBroadcastsBothWays)
{
    EXPECT_EQ(shapeOf(Binary{}, {{1, 8, 4, 4}, {8, 1, 1}}), "1×8×4×4");
    EXPECT_EQ(shapeOf(Binary{}, {{3, 1}, {2, 1, 5}}), "2×3×5");
    EXPECT_EQ(shapeOf(Binary{}, {Shape{}, {2, 2}}), "2×2");
    EXPECT_EQ(shapeOf(Binary{}, {{1, 8}, {7}}), wrong);
    EXPECT_EQ(shapeOf(Binary{}, {{1, 8}}), "shape.operand-count");
}

TEST(ShapeInference, poolsNeverLookAtPaddingAlone)
{
    const Shape x{1, 2, 7, 7};
    EXPECT_EQ(shapeOf(MaxPool{window(2, 2, 0)}, {x}), "1×2×3×3");
    const Window ceiled{.kernel = {2, 2}, .stride = {2, 2}, .padEnd = {1, 1}};
    EXPECT_EQ(shapeOf(MaxPool{ceiled}, {x}), "1×2×4×4");
    EXPECT_EQ(shapeOf(AveragePool{window(3, 1, 1)}, {x}), "1×2×7×7");
    EXPECT_EQ(shapeOf(MaxPool{window(2, 1, 2)}, {x}), wrong);
    const Window beyond{.kernel = {2, 2}, .stride = {2, 2}, .padEnd = {3, 3}};
    EXPECT_EQ(shapeOf(AveragePool{beyond}, {x}), wrong);
}

TEST(ShapeInference, reductions)
{
    const Shape x{1, 8, 4, 5};
    EXPECT_EQ(shapeOf(Reduce{Reduction::mean, {2, 3}, true}, {x}), "1×8×1×1");
    EXPECT_EQ(shapeOf(Reduce{Reduction::max, {1}, false}, {x}), "1×4×5");
    EXPECT_EQ(infer(Reduce{Reduction::sum, {0, 1, 2, 3}, false}, {x}).value().rank(), 0U);
    EXPECT_EQ(shapeOf(Reduce{Reduction::sum, {3, 2}, true}, {x}), wrong);
    EXPECT_EQ(shapeOf(Reduce{Reduction::sum, {-1}, true}, {x}), wrong);
}

TEST(ShapeInference, layoutLayers)
{
    const Shape x{1, 8, 4, 6};
    EXPECT_EQ(shapeOf(Concat{1}, {x, {1, 2, 4, 6}, x}), "1×18×4×6");
    EXPECT_EQ(shapeOf(Concat{1}, {x, {1, 2, 4, 5}}), wrong);
    EXPECT_EQ(shapeOf(Concat{4}, {x, x}), wrong);
    EXPECT_EQ(shapeOf(Concat{0}, {}), "shape.operand-count");

    EXPECT_EQ(shapeOf(Slice{{0, 4, 0, 5}, {1, 4, 2, 6}, {1, 1, 2, -1}}, {x}), "1×4×2×6");
    EXPECT_EQ(shapeOf(Slice{{0, 4, 0, 0}, {1, 5, 4, 6}, {1, 1, 1, 1}}, {x}), wrong);
    EXPECT_EQ(shapeOf(Slice{{0, 0, 0, 0}, {1, 8, 4, 6}, {1, 1, 0, 1}}, {x}), wrong);
    EXPECT_EQ(shapeOf(Slice{{0}, {1}, {1}}, {x}), wrong);

    EXPECT_EQ(shapeOf(Reshape{{1, 2, 4, 24}}, {x}), "1×2×4×24");
    EXPECT_EQ(shapeOf(Reshape{{1, 2, 4, 25}}, {x}), wrong);
    EXPECT_EQ(shapeOf(Reshape{{-1, 2}}, {x}), wrong);
    EXPECT_EQ(shapeOf(Transpose{{0, 2, 3, 1}}, {x}), "1×4×6×8");
    EXPECT_EQ(shapeOf(Transpose{{0, 2, 2, 1}}, {x}), wrong);
    EXPECT_EQ(shapeOf(Transpose{{0, 1}}, {x}), wrong);

    EXPECT_EQ(shapeOf(Pad{PadMode::constant, {0, 0, 1, 2}, {0, 0, 3, -1}}, {x}), "1×8×8×7");
    EXPECT_EQ(shapeOf(Pad{PadMode::reflect, {0, 0, 4, 0}, {0, 0, 0, 0}}, {x}), wrong);
    EXPECT_EQ(shapeOf(Pad{PadMode::constant, {0, 0, -2, 0}, {0, 0, -2, 0}}, {x}), wrong);
    EXPECT_EQ(shapeOf(DepthToSpace{2}, {x}), "1×2×8×12");
    EXPECT_EQ(shapeOf(DepthToSpace{3}, {x}), wrong);
    EXPECT_EQ(shapeOf(SpaceToDepth{2}, {x}), "1×32×2×3");
    EXPECT_EQ(shapeOf(SpaceToDepth{4}, {x}), wrong);
    EXPECT_EQ(shapeOf(Gather{1}, {x, {2, 3}}), "1×2×3×4×6");
    EXPECT_EQ(infer(Gather{0}, {Shape{4}, Shape{}}).value().rank(), 0U);
    EXPECT_EQ(shapeOf(Gather{4}, {x, {2}}), wrong);
    EXPECT_EQ(shapeOf(Broadcast{{2, 8, 4, 6}}, {x}), "2×8×4×6");
    EXPECT_EQ(shapeOf(Broadcast{{8, 4, 1}}, {x}), wrong);
}

TEST(ShapeInference, resizeTakesTheStatedSize)
{
    Resize resize;
    resize.scale = {2, 2};
    resize.size = {8, 12};
    EXPECT_EQ(shapeOf(resize, {{1, 8, 4, 6}}), "1×8×8×12");
    resize.scale = {0, 2};
    EXPECT_EQ(shapeOf(resize, {{1, 8, 4, 6}}), wrong);
    resize.scale = {2, 2};
    resize.size = {0, 12};
    EXPECT_EQ(shapeOf(resize, {{1, 8, 4, 6}}), wrong);
}

TEST(ShapeInference, hugeSizesAreRefusedNotWrapped)
{
    const std::int64_t huge = std::int64_t(1) << 39;
    EXPECT_EQ(shapeOf(Binary{}, {{huge, 1}, {1, huge}}), "shape.too-large");
    EXPECT_EQ(shapeOf(Concat{0}, {Shape{huge}, Shape{huge}, Shape{huge}}), "shape.too-large");
    EXPECT_EQ(shapeOf(Elementwise{}, {Shape{huge, huge}}), "shape.too-large");
    EXPECT_EQ(shapeOf(MatMul{}, {{huge, 1}, {1, huge}}), "shape.too-large");
    EXPECT_EQ(shapeOf(Pad{PadMode::constant, {INT64_MIN}, {INT64_MAX}}, {Shape{4}}),
              "shape.too-large");
    EXPECT_EQ(shapeOf(Slice{{1}, {INT64_MAX}, {INT64_MIN}}, {Shape{4}}), wrong);
    EXPECT_EQ(shapeOf(Broadcast{{huge, huge}}, {Shape{1}}), "shape.too-large");
    Window big = window(1, 1, 0);
    big.padBegin = {2147483647, 2147483647};
    EXPECT_EQ(shapeOf(Convolution{big}, {{1, 1, 4, 4}, {1, 1, 1, 1}}), "shape.too-large");
}

// Whatever the numbers, the answer is a shape with at least one element or a diagnostic.
TEST(ShapeInference, randomAttributesNeverGiveAnInvalidShape)
{
    std::mt19937_64 random(7);
    const std::int64_t interesting[] = {
        INT64_MIN, -2147483648LL, -2, -1, 0, 1, 2, 3, 4, 7, 8, 2147483647LL, 1LL << 39, INT64_MAX};
    const auto pick = [&] { return interesting[random() % std::size(interesting)]; };
    const auto pair = [&] { return std::array<std::int64_t, 2>{pick(), pick()}; };
    const auto list = [&] {
        std::vector<std::int64_t> values(random() % 5);
        for (auto &value : values)
            value = pick();
        return values;
    };
    const auto smallShape = [&] {
        std::vector<std::int64_t> dims(random() % 5);
        for (auto &dim : dims)
            dim = 1 + std::int64_t(random() % 8);
        return Shape(dims);
    };
    for (int round = 0; round < 20000; ++round) {
        const Window w{pair(), pair(), pair(), pair(), pair()};
        Resize resize;
        resize.size = pair();
        const Attributes kinds[] = {Convolution{w, pick()},
                                    TransposedConvolution{w, pair(), pick()},
                                    MaxPool{w},
                                    AveragePool{w},
                                    Reduce{Reduction::sum, list()},
                                    Concat{pick()},
                                    Slice{list(), list(), list()},
                                    Reshape{list()},
                                    Transpose{list()},
                                    resize,
                                    Softmax{pick()},
                                    Pad{PadMode::reflect, list(), list()},
                                    DepthToSpace{pick()},
                                    SpaceToDepth{pick()},
                                    Gather{pick()},
                                    Broadcast{list()},
                                    LayerNormalization{pick()},
                                    Binary{},
                                    FullyConnected{}};
        std::vector<Shape> operands(random() % 4);
        for (Shape &shape : operands)
            shape = smallShape();
        for (const Attributes &attributes : kinds) {
            const auto shape = infer(attributes, operands);
            if (shape) {
                EXPECT_TRUE(checkedElementCount(shape->dims()).value_or(0) > 0);
            } else {
                ASSERT_FALSE(shape.error().empty());
            }
        }
    }
}

TEST(ShapeInference, everyDiagnosticHasItsSentence)
{
    for (const char *id : {"shape.mismatch", "shape.too-large", "shape.operand-count"})
        EXPECT_NE(findCatalogueEntry(id), nullptr) << id;
    const auto shape = infer(Binary{}, {{1, 8}, {7}});
    EXPECT_NE(causeSentence(shape.error().front()).find("1×8, 7"), std::string::npos);
}

TEST(ShapeInference, addLayerNamesTheLayerThatDoesNotFit)
{
    GraphBuilder build("tiny");
    const TensorId x = build.input("x", {1, 3, 8, 8});
    const TensorId w = build.constant("w", Tensor(ElementType::float32, {4, 3, 3, 3}));
    const auto y = addLayer(build, "conv", Convolution{window(3, 2, 1)}, {x, w});
    ASSERT_TRUE(y);
    EXPECT_EQ(build.tensor(*y).shape.text(), "1×4×4×4");
    const auto broken = addLayer(build, "odd", Reshape{{1, 5}}, {*y});
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().front().place.layer, "odd");
    build.output(*y);
    EXPECT_TRUE(std::move(build).finish());
}
