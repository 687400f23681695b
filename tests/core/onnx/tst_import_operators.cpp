// What the operators mean, computed on tiny models: those of operator sets 18 to 22, which the
// packaged node tests do not cover, and the ones put together from several layers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_testing.h"

#include <gmock/gmock.h>

using namespace hefstudio;
using Subgraph = OnnxBuilderAttribute::Subgraph;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

namespace {

// The outputs of a model on given inputs, in the float reference.
std::vector<std::vector<float>> results(const OnnxBuilder &model,
                                        const std::vector<std::vector<float>> &inputs,
                                        const ImportOptions &options = {})
{
    const auto graph = imported(model, options);
    EXPECT_TRUE(graph) << failureText(graph);
    if (!graph)
        return {};
    std::vector<Tensor> values((*graph)->tensors.size());
    for (const TensorInfo &info : (*graph)->tensors)
        if (info.isConstant())
            values[info.id.index()] = *info.constant;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const TensorInfo &info = (*graph)->tensor((*graph)->inputs[i]);
        values[info.id.index()] =
            Tensor::of<float>(info.shape, std::span<const float>(inputs[i]));
    }
    for (const Layer &layer : (*graph)->layers) {
        if (layer.is<Input>())
            continue;
        std::vector<const Tensor *> operands;
        for (const TensorId id : layer.inputs)
            operands.push_back(id.isValid() ? &values[id.index()] : nullptr);
        values[layer.output.index()] = runFloatReference(layer.attributes, layer.activation,
                                                         operands, (*graph)->outputOf(layer).shape);
    }
    std::vector<std::vector<float>> outputs;
    for (const TensorId id : (*graph)->outputs) {
        const auto span = values[id.index()].as<float>();
        outputs.emplace_back(span.begin(), span.end());
    }
    return outputs;
}

std::vector<float> result(const OnnxBuilder &model, const std::vector<float> &x)
{
    const auto all = results(model, {x});
    return all.empty() ? std::vector<float>{} : all.front();
}

std::vector<float> counting(int count)
{
    std::vector<float> values;
    for (int i = 0; i < count; ++i)
        values.push_back(static_cast<float>(i));
    return values;
}

auto near(std::vector<float> values)
{
    return Pointwise(FloatNear(1e-5F), std::move(values));
}

} // namespace

TEST(ImportOperators, reductionsTakeTheirAxesAsInputFromSet18)
{
    auto mean = oneNode(18, "ReduceMean", {"axes"}, {{"keepdims", 0}}, {2, 3});
    EXPECT_THAT(result(mean.ints("axes", {1}), counting(6)), ElementsAre(1, 4));
    auto same = oneNode(18, "ReduceMax", {}, {{"noop_with_empty_axes", 1}}, {2, 3});
    EXPECT_THAT(result(same, counting(6)), ElementsAre(0, 1, 2, 3, 4, 5));
    auto sum = oneNode(18, "ReduceLogSumExp", {"axes"}, {{"keepdims", 0}}, {1, 2});
    EXPECT_THAT(result(sum.ints("axes", {1}), {1000, 1000}), Pointwise(FloatNear(1e-3F), {1000.6931F}));
    auto squares = oneNode(18, "ReduceSumSquare", {"axes"}, {{"keepdims", 0}}, {2, 2});
    EXPECT_THAT(result(squares.ints("axes", {0}), {1, 2, 3, 4}), ElementsAre(10, 20));
}

TEST(ImportOperators, splitCountsItsPartsFromSet18)
{
    OnnxBuilder model(18);
    model.input("x", {7}).node("Split", {"x"}, {"a", "b", "c"}, {{"num_outputs", 3}});
    model.output("a").output("b").output("c");
    const auto parts = results(model, {counting(7)});
    EXPECT_THAT(parts[0], ElementsAre(0, 1, 2));
    EXPECT_THAT(parts[2], ElementsAre(6));
}

TEST(ImportOperators, padsNameTheirAxesFromSet18AndWrapFromSet19)
{
    auto axes = oneNode(18, "Pad", {"pads", "value", "axes"}, {}, {2, 2});
    axes.ints("pads", {1, 0}).floats("value", {}, {9}).ints("axes", {-1});
    EXPECT_THAT(result(axes, {1, 2, 3, 4}), ElementsAre(9, 1, 2, 9, 3, 4));
    auto wrap = oneNode(19, "Pad", {"pads"}, {{"mode", "wrap"}}, {3});
    EXPECT_THAT(result(wrap.ints("pads", {2, 1}), {1, 2, 3}), ElementsAre(2, 3, 1, 2, 3, 1));
}

TEST(ImportOperators, groupNormalizationScalesGroupsInSet18AndChannelsInSet21)
{
    const std::vector<float> x{1, 3, 5, 7}; // channels 0, 1 and 2, 3 of one pixel
    auto groups = oneNode(18, "GroupNormalization", {"s", "b"}, {{"num_groups", 2}, {"epsilon", 0.0F}},
                          {1, 4, 1});
    groups.floats("s", {2}, {1, 10}).floats("b", {2}, {0, 5});
    EXPECT_THAT(result(groups, x), near({-1, 1, -5, 15}));
    auto channels = oneNode(21, "GroupNormalization", {"s", "b"},
                            {{"num_groups", 2}, {"epsilon", 0.0F}}, {1, 4, 1});
    channels.floats("s", {4}, {1, 2, 3, 4}).floats("b", {4}, {0, 0, 0, 1});
    EXPECT_THAT(result(channels, x), near({-1, 2, -3, 5}));
}

TEST(ImportOperators, functionsOfNewerSets)
{
    EXPECT_THAT(result(oneNode(18, "Mish", {}, {}, {2}), {0, 1}), near({0, 0.865098F}));
    EXPECT_THAT(result(oneNode(20, "Gelu", {}, {}, {2}), {0, 1}), near({0, 0.841345F}));
    EXPECT_THAT(result(oneNode(20, "Gelu", {}, {{"approximate", "tanh"}}, {1}), {1}),
                near({0.841192F}));
    EXPECT_THAT(result(oneNode(20, "IsInf", {}, {{"detect_negative", 0}}, {3}),
                       {INFINITY, -INFINITY, 1}),
                ElementsAre(1, 0, 0));
    EXPECT_THAT(result(oneNode(22, "HardSwish", {}, {}, {2}), {-4, 3}), near({0, 3}));
    EXPECT_THAT(result(oneNode(24, "Swish", {}, {{"alpha", 2.0F}}, {1}), {1}), near({0.880797F}));
    auto rms = oneNode(23, "RMSNormalization", {"s"}, {{"epsilon", 0.0F}}, {1, 2});
    EXPECT_THAT(result(rms.floats("s", {2}, {1, 2}), {3, 4}), near({0.848528F, 2.262742F}));
}

TEST(ImportOperators, scattersJoinWithMinimumAndMaximumFromSet18)
{
    auto scatter = oneNode(18, "ScatterElements", {"i", "u"}, {{"reduction", "max"}}, {4});
    scatter.ints("i", {0, 0, -1}).floats("u", {3}, {5, 2, 1});
    EXPECT_THAT(result(scatter, {1, 1, 1, 3}), ElementsAre(5, 1, 1, 3));
    auto places = oneNode(18, "ScatterND", {"i", "u"}, {{"reduction", "min"}}, {2, 2});
    places.constant("i", Tensor::of<std::int64_t>(Shape{1, 1}, {1})).floats("u", {1, 2}, {0, 9});
    EXPECT_THAT(result(places, {1, 2, 3, 4}), ElementsAre(1, 2, 0, 4));
}

TEST(ImportOperators, poolsHaveGapsFromSet19AndGridsNewNamesFromSet20)
{
    auto pool = oneNode(19, "AveragePool", {}, {{"kernel_shape", {2}}, {"dilations", {2}}},
                        {1, 1, 4});
    EXPECT_THAT(result(pool, counting(4)), ElementsAre(1, 2));
    auto powers = oneNode(18, "LpPool", {}, {{"kernel_shape", {2}}, {"p", 2}}, {1, 1, 2});
    EXPECT_THAT(result(powers, {3, 4}), near({5}));
    auto grid = oneNode(20, "GridSample", {"g"}, {{"mode", "linear"}, {"align_corners", 1}},
                        {1, 1, 2, 2});
    grid.floats("g", {1, 1, 2, 2}, {0, 0, 1, -1});
    EXPECT_THAT(result(grid, {1, 2, 3, 4}), near({2.5F, 2}));
    OnnxBuilder affine(20);
    affine.input("x", {1, 2, 3}).ints("size", {1, 1, 1, 2});
    affine.node("AffineGrid", {"x", "size"}, {"y"}, {{"align_corners", 1}}).output("y");
    EXPECT_THAT(result(affine, {1, 0, 0, 0, 1, 0}), near({-1, 0, 1, 0}));
}

TEST(ImportOperators, centreIsCutAndPadded)
{
    auto cut = oneNode(18, "CenterCropPad", {"s"}, {}, {5});
    EXPECT_THAT(result(cut.ints("s", {2}), counting(5)), ElementsAre(1, 2));
    auto padded = oneNode(18, "CenterCropPad", {"s"}, {}, {2});
    EXPECT_THAT(result(padded.ints("s", {5}), {1, 2}), ElementsAre(0, 1, 2, 0, 0));
}

TEST(ImportOperators, blocksOfScalesFromSet21)
{
    OnnxBuilder model(21);
    model.input("x", {4}).constant("w", Tensor::of<std::int8_t>(Shape{4}, {1, 2, 3, 4}));
    model.floats("s", {2}, {0.5F, 2});
    model.node("DequantizeLinear", {"w", "s"}, {"f"}, {{"axis", 0}, {"block_size", 2}});
    model.node("Mul", {"x", "f"}, {"y"}).output("y");
    EXPECT_THAT(result(model, {1, 1, 1, 1}), ElementsAre(0.5F, 1, 6, 8));
}

TEST(ImportOperators, integersBehaveAsIntegers)
{
    OnnxBuilder model(17);
    model.input("x", {3}).node("ArgMax", {"x"}, {"i"}, {{"axis", 0}});
    model.ints("seven", {7}).ints("three", {3}).ints("minus", {-7});
    model.node("Mul", {"i", "seven"}, {"p"}).node("Div", {"p", "three"}, {"y"});
    model.node("Sub", {"minus", "i"}, {"m"}).node("Mod", {"m", "three"}, {"z"});
    model.output("y").output("z");
    const auto both = results(model, {{0, 9, 1}}); // i = 1
    EXPECT_THAT(both[0], ElementsAre(2));          // 7 / 3
    EXPECT_THAT(both[1], ElementsAre(1));          // −8 mod 3
    EXPECT_THAT(result(oneNode(13, "Cast", {}, {{"to", 7}}, {2}), {1.9F, -1.9F}),
                ElementsAre(1, -1));
    EXPECT_THAT(result(oneNode(13, "Cast", {}, {{"to", 9}}, {2}), {0, 0.5F}), ElementsAre(0, 1));
}

TEST(ImportOperators, tailsOfDetectorsRun)
{
    OnnxBuilder model(17);
    model.input("boxes", {1, 4, 2}).input("scores", {1, 4}).ints("k", {2}).ints("axes", {-1});
    model.node("TopK", {"scores", "k"}, {"best", "index"});
    model.node("Unsqueeze", {"index", "axes"}, {"u"}).ints("rep", {1, 1, 2});
    model.node("Tile", {"u", "rep"}, {"t"});
    model.node("GatherElements", {"boxes", "t"}, {"kept"}, {{"axis", 1}});
    model.floats("half", {}, {0.5F}).floats("zero", {}, {0});
    model.node("Greater", {"best", "half"}, {"is"}).node("Where", {"is", "best", "zero"}, {"s"});
    model.output("kept").output("s");
    const auto both = results(model, {{1, 2, 3, 4, 5, 6, 7, 8}, {0.1F, 0.9F, 0.2F, 0.4F}});
    EXPECT_THAT(both[0], ElementsAre(3, 4, 7, 8));
    EXPECT_THAT(both[1], ElementsAre(0.9F, 0));
}

TEST(ImportOperators, conditionsThatAreConstantPickABranch)
{
    OnnxBuilder yes(13), no(13), model(13);
    yes.floats("two", {}, {2}).node("Mul", {"x", "two"}, {"doubled"}).output("doubled");
    no.node("NonMaxSuppression", {"x"}, {"nothing"}).output("nothing");
    model.input("x", {1, 3}).node("Shape", {"x"}, {"d"}).ints("last", {1}).ints("three", {3});
    model.node("Gather", {"d", "last"}, {"n"}).node("Equal", {"n", "three"}, {"is"});
    model.node("If", {"is"}, {"y"},
               {{"then_branch", Subgraph{yes.bytes()}}, {"else_branch", Subgraph{no.bytes()}}});
    model.output("y");
    EXPECT_THAT(result(model, {1, 2, 3}), ElementsAre(2, 4, 6));
    const ImportOptions other{.inputShapes = {{"x", {1, 4}}}};
    EXPECT_EQ(faultsOf(imported(model, other)), "onnx.unsupported-op NonMaxSuppression_0");
}

TEST(ImportOperators, functionsOfTheModelAreCopiedIn)
{
    OnnxBuilder inner(17), outer(17), model(17);
    inner.node("LeakyRelu", {"a"}, {"b"}, {{"alpha", 0.0F}}).referring("slope");
    outer.node("Leaky", {"in"}, {"mid"}, {{"slope", 0.5F}}).inDomain("mine").named("first");
    outer.node("Add", {"mid", "in"}, {"out"});
    model.input("x", {2}).node("Block", {"x"}, {"m"}).inDomain("mine").named("block1");
    model.node("Block", {"m"}, {"y"}).inDomain("mine").named("block2").output("y");
    model.function("mine", "Leaky", {"a"}, {"b"}, inner);
    model.function("mine", "Block", {"in"}, {"out"}, outer);
    EXPECT_THAT(result(model, {2, -2}), ElementsAre(8, -4.5F));
    EXPECT_NE(layersOf(model).find("block1/first/LeakyRelu_0"), std::string::npos);
}

TEST(ImportOperators, quantisedModelsAreReadAsTheirFloatMeaning)
{
    OnnxBuilder model(13);
    model.input("x", {1, 1, 1, 3}).floats("s", {}, {0.5F}).constant("z", Tensor::scalar<std::uint8_t>(2));
    model.node("QuantizeLinear", {"x", "s", "z"}, {"q"}).node("DequantizeLinear", {"q", "s", "z"}, {"d"});
    model.constant("w", Tensor::of<std::int8_t>(Shape{1, 1, 1, 1}, {4})).floats("ws", {1}, {0.25F});
    model.node("DequantizeLinear", {"w", "ws"}, {"wf"}, {{"axis", 0}});
    model.node("Conv", {"d", "wf"}, {"y"}).output("y");
    // What the integers cannot express is clipped; rounding is not imitated.
    EXPECT_THAT(result(model, {-9, 0.3F, 900}), near({-1, 0.3F, 126.5F}));

    OnnxBuilder integer(13);
    integer.input("x", {1, 1, 1, 2}).node("DynamicQuantizeLinear", {"x"}, {"q", "s", "z"});
    integer.constant("w", Tensor::of<std::int8_t>(Shape{1, 1, 1, 1}, {6})).constant("wz", Tensor::scalar<std::int8_t>(2));
    integer.node("ConvInteger", {"q", "w", "z", "wz"}, {"i"}).node("Cast", {"i"}, {"f"}, {{"to", 1}});
    integer.floats("ws", {}, {0.5F}).node("Mul", {"s", "ws"}, {"scale"});
    integer.node("Mul", {"f", "scale"}, {"y"}).output("y");
    EXPECT_THAT(result(integer, {0.3F, -1}), near({0.6F, -2}));

    OnnxBuilder open(13);
    open.input("x", {2}).node("DynamicQuantizeLinear", {"x"}, {"q", "s", "z"});
    open.node("Cast", {"q"}, {"f"}, {{"to", 1}}).node("Exp", {"f"}, {"y"}).output("y");
    EXPECT_EQ(faultsOf(imported(open)), "onnx.unsupported-form Exp_2");
}

TEST(ImportOperators, einsumIsTransposedAndMultiplied)
{
    auto attention = oneNode(17, "Einsum", {"k"}, {{"equation", "bhid,bhjd->bhij"}}, {1, 1, 2, 2});
    attention.floats("k", {1, 1, 2, 2}, {1, 0, 0, 2});
    EXPECT_THAT(result(attention, {1, 2, 3, 4}), ElementsAre(1, 4, 3, 8));
    EXPECT_THAT(result(oneNode(17, "Einsum", {}, {{"equation", "ii->i"}}, {2, 2}), {1, 2, 3, 4}),
                ElementsAre(1, 4));
    EXPECT_THAT(result(oneNode(17, "Einsum", {}, {{"equation", "ij->j"}}, {2, 2}), {1, 2, 3, 4}),
                ElementsAre(4, 6));
}

TEST(ImportOperators, everyOpenFormOfARecurrentCellIsItsOwnLayer)
{
    OnnxBuilder model(14);
    model.input("x", {2, 1, 1}).floats("w", {1, 1, 1}, {1}).floats("r", {1, 1, 1}, {10});
    model.node("RNN", {"x", "w", "r"}, {"y", "h"}, {{"hidden_size", 1}}).output("y").output("h");
    const auto both = results(model, {{0, 0.5F}});
    EXPECT_THAT(both[0], near({0, std::tanh(0.5F)}));
    EXPECT_THAT(both[1], near({std::tanh(0.5F)}));
    model.ints("lengths", {1});
    OnnxBuilder shorter(14);
    shorter.input("x", {2, 1, 1}).floats("w", {1, 1, 1}).floats("r", {1, 1, 1}).ints("l", {1});
    shorter.node("RNN", {"x", "w", "r", "", "l"}, {"y"}).output("y");
    EXPECT_EQ(faultsOf(imported(shorter)), "onnx.unsupported-form RNN_0");
}

TEST(ImportOperators, cellsFollowTheirEquations)
{
    // One unit, weights 1 for every gate: i = o = f = σ(x), c = tanh(x).
    OnnxBuilder lstm(14);
    lstm.input("x", {1, 1, 1}).floats("w", {1, 4, 1}, {1, 1, 1, 1}).floats("r", {1, 4, 1}, {0, 0, 0, 0});
    lstm.node("LSTM", {"x", "w", "r"}, {"y", "h", "c"}, {{"hidden_size", 1}}).output("y").output("c");
    const float gate = 1 / (1 + std::exp(-1.0F)), cell = gate * std::tanh(1.0F);
    const auto both = results(lstm, {{1}});
    EXPECT_THAT(both[0], near({gate * std::tanh(cell)}));
    EXPECT_THAT(both[1], near({cell}));
    // z = σ(x), candidate tanh(x): (1 − z)·tanh(x) from a state of zero.
    OnnxBuilder gru(14);
    gru.input("x", {1, 1, 1}).floats("w", {1, 3, 1}, {1, 1, 1}).floats("r", {1, 3, 1}, {1, 1, 1});
    gru.node("GRU", {"x", "w", "r"}, {"y"}, {{"hidden_size", 1}}).output("y");
    EXPECT_THAT(result(gru, {1}), near({(1 - gate) * std::tanh(1.0F)}));
    OnnxBuilder back(14); // the second direction begins at the end
    back.input("x", {2, 1, 1}).floats("w", {2, 1, 1}, {1, 1}).floats("r", {2, 1, 1}, {0, 0});
    back.node("RNN", {"x", "w", "r"}, {"y", "h"},
              {{"hidden_size", 1}, {"direction", "bidirectional"}});
    EXPECT_THAT(result(back.output("h"), {1, 2}), near({std::tanh(2.0F), std::tanh(1.0F)}));
}

TEST(ImportOperators, placesAreLookedUp)
{
    auto sum = oneNode(14, "CumSum", {"a"}, {{"exclusive", 1}, {"reverse", 1}}, {3});
    EXPECT_THAT(result(sum.ints("a", {0}), {1, 2, 3}), ElementsAre(5, 3, 0));
    auto hot = oneNode(11, "OneHot", {"d", "v"}, {}, {2});
    EXPECT_THAT(result(hot.ints("d", {3}).floats("v", {2}, {0, 5}), {1, -1}),
                ElementsAre(0, 5, 0, 0, 0, 5));
    EXPECT_THAT(result(oneNode(14, "Trilu", {}, {{"upper", 0}}, {2, 2}), {1, 2, 3, 4}),
                ElementsAre(1, 0, 3, 4));
    auto reverse = oneNode(10, "ReverseSequence", {"l"}, {{"batch_axis", 0}, {"time_axis", 1}}, {2, 3});
    EXPECT_THAT(result(reverse.ints("l", {2, 3}), counting(6)), ElementsAre(1, 0, 2, 5, 4, 3));
    auto batches = oneNode(12, "GatherND", {"i"}, {{"batch_dims", 1}}, {2, 2});
    batches.constant("i", Tensor::of<std::int64_t>(Shape{2, 1}, {1, 0}));
    EXPECT_THAT(result(batches, {1, 2, 3, 4}), ElementsAre(2, 3));
    auto picked = oneNode(11, "Compress", {"c"}, {{"axis", 0}}, {3});
    picked.constant("c", Tensor::of<bool>(Shape{3}, {true, false, true}));
    EXPECT_THAT(result(picked, {1, 2, 3}), ElementsAre(1, 3));
    auto best = oneNode(13, "ArgMin", {}, {{"select_last_index", 1}, {"keepdims", 0}}, {4});
    EXPECT_THAT(result(best, {3, 1, 2, 1}), ElementsAre(3));
    auto roi = oneNode(16, "RoiAlign", {"b", "p"},
                       {{"coordinate_transformation_mode", "output_half_pixel"}, {"sampling_ratio", 1}},
                       {1, 1, 3, 3});
    roi.floats("b", {1, 4}, {0, 0, 2, 2}).ints("p", {0});
    EXPECT_THAT(result(roi, counting(9)), ElementsAre(4)); // the middle of the box
    auto hard = oneNode(13, "Hardmax", {}, {}, {1, 3});
    EXPECT_THAT(result(hard, {1, 4, 4}), ElementsAre(0, 1, 0));
}

TEST(ImportOperators, whatIsWrittenBackMeansTheSame)
{
    OnnxBuilder tail(17);
    tail.input("x", {1, 10, 6}).ints("k", {3}).ints("one", {1}).floats("zero", {}, {0});
    tail.node("TopK", {"x", "k"}, {"v", "i"}, {{"axis", 1}}).node("ArgMax", {"x"}, {"m"}, {{"axis", 2}});
    tail.node("GatherElements", {"x", "i"}, {"g"}, {{"axis", 1}}).node("CumSum", {"x", "one"}, {"c"});
    tail.node("Greater", {"v", "zero"}, {"t"}).node("Not", {"t"}, {"nt"}).node("Where", {"nt", "g", "v"}, {"w"});
    tail.node("Celu", {"x"}, {"ce"}).node("Sin", {"ce"}, {"si"}).node("Shrink", {"si"}, {"sh"});
    tail.node("ScatterElements", {"x", "i", "v"}, {"sc"}, {{"axis", 1}, {"reduction", "add"}});
    for (const char *name : {"v", "i", "m", "g", "c", "w", "sh", "sc"})
        tail.output(name);
    OnnxBuilder cells(17);
    cells.input("x", {5, 2, 3}).floats("w", {2, 16, 3}).floats("r", {2, 16, 4}).floats("b", {2, 32});
    cells.node("LSTM", {"x", "w", "r", "b"}, {"y", "h", "c"},
               {{"hidden_size", 4}, {"direction", "bidirectional"}});
    cells.output("y").output("h").output("c");
    OnnxBuilder pictures(17);
    pictures.input("x", {1, 2, 6, 6}).floats("grid", {1, 3, 3, 2}).floats("boxes", {2, 4}, {0, 0, 4, 4, 1, 1, 3, 5});
    pictures.node("GridSample", {"x", "grid"}, {"g"}).ints("p", {0, 0});
    pictures.node("RoiAlign", {"x", "boxes", "p"}, {"a"}, {{"output_height", 2}, {"output_width", 2}});
    pictures.output("g").output("a");
    for (const OnnxBuilder *model : {&tail, &cells, &pictures}) {
        const auto graph = imported(*model);
        ASSERT_TRUE(graph) << failureText(graph);
        const auto bytes = exportOnnx(**graph);
        ASSERT_TRUE(bytes) << failureText(bytes);
        const auto again = importOnnx(*bytes);
        ASSERT_TRUE(again) << failureText(again);
        EXPECT_LT(largestDifference(runReference(**graph), runReference(**again)), 1e-6);
    }
}

TEST(ImportOperators, volumesRunAsPictures)
{
    auto pool = oneNode(13, "MaxPool", {}, {{"kernel_shape", {2, 2, 2}}}, {1, 1, 2, 2, 2});
    EXPECT_THAT(result(pool, counting(8)), ElementsAre(7));
    auto conv = oneNode(13, "Conv", {"w"}, {}, {1, 1, 2, 1, 2});
    conv.floats("w", {1, 1, 2, 1, 1}, {1, 10});
    EXPECT_THAT(result(conv, {1, 2, 3, 4}), ElementsAre(31, 42));
    auto back = oneNode(13, "ConvTranspose", {"w"}, {{"strides", {1, 1, 1}}}, {1, 1, 2, 1, 1});
    back.floats("w", {1, 1, 2, 1, 1}, {1, 10});
    EXPECT_THAT(result(back, {1, 2}), ElementsAre(1, 12, 20));
}

TEST(ImportOperators, halfAndDoubleWeightsAreFloats)
{
    OnnxBuilder model(13);
    Tensor half(ElementType::float16, Shape{2});
    half.bytes()[1] = std::byte(0x3c); // 1.0
    half.bytes()[3] = std::byte(0x40); // 2.0
    Tensor brain(ElementType::bfloat16, Shape{2});
    brain.bytes()[1] = std::byte(0x40); // 2.0
    brain.bytes()[3] = std::byte(0x40);
    model.input("x", {2}, ElementType::float16).constant("h", half).constant("b", brain);
    model.constant("d", Tensor::of<double>(Shape{2}, {0.25, 0.5}));
    model.node("Mul", {"x", "h"}, {"p"}).node("Add", {"p", "b"}, {"q"});
    model.node("Sub", {"q", "d"}, {"y"}).output("y");
    EXPECT_THAT(result(model, {1, 1}), ElementsAre(2.75F, 3.5F));
}

TEST(ImportOperators, aReplacedBatchIsReplacedInShapesToo)
{
    OnnxBuilder model(13);
    model.input("x", {4, 2, 3}).ints("s", {4, -1}).node("Reshape", {"x", "s"}, {"y"}).output("y");
    const auto one = imported(model, {.inputShapes = {{"x", {1, 2, 3}}}});
    ASSERT_TRUE(one);
    EXPECT_EQ((*one)->tensor((*one)->outputs[0]).shape, (Shape{1, 6}));
}
