// What hefc check answers for networks as their users bring them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/model_check.h"

#include "detector_world.h"
#include "onnx/export.h"
#include "pipeline/prepared_network.h"
#include "result_matchers.h"
#include "schema_check.h"
#include "temporary_folder.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

struct Checked {
    ModelCheck check;
    std::vector<std::string> wanted;
};

Checked checked(DetectorExport form, const ModelCheckOptions &options = {})
{
    const TemporaryFolder folder;
    DetectorWorld world(form);
    world.model().write(folder / "model.onnx");
    return {checkModel(folder / "model.onnx", options), world.endNodes()};
}

std::vector<std::string> endNodes(const ModelCheck &check)
{
    std::vector<std::string> names;
    for (const auto &end : check.ends)
        names.push_back(end.node);
    return names;
}

bool has(const ModelCheck &check, const std::string &id)
{
    return std::ranges::find(check.diagnostics, id, &Diagnostic::id) != check.diagnostics.end();
}

std::string problems(const ModelCheck &check)
{
    std::string text;
    for (const auto &diagnostic : check.diagnostics)
        text += diagnostic.id + " " + diagnostic.place.node + "\n";
    return text;
}

const OperatorRow &rowOf(const ModelCheck &check, const std::string &op)
{
    return *std::ranges::find(check.operators, op, &OperatorRow::op);
}

using Selection = DetectorExport::Selection;

} // namespace

TEST(ModelCheck, APlainDetectorEndsAtItsSixConvolutions)
{
    const auto [check, wanted] = checked({});
    EXPECT_TRUE(check.isSupported) << problems(check);
    EXPECT_EQ(endNodes(check), wanted);
    EXPECT_EQ(check.ends[0].role, EndNodeRole::box);
    EXPECT_EQ(check.ends[1].role, EndNodeRole::classes);
    EXPECT_EQ(check.ends[0].stride, 8);
    EXPECT_EQ(rowOf(check, "Softmax").verdict, Verdict::needsHost);
    EXPECT_EQ(rowOf(check, "Conv").nodes.at(Verdict::supported), 7);
    EXPECT_EQ(rowOf(check, "Conv").nodes.at(Verdict::needsHost), 1); // the expectation of the DFL
    EXPECT_EQ(check.fits.size(), 2U);
    EXPECT_FALSE(check.recommendedDevice.empty());
}

// The whole answer is documented, key by key.
TEST(ModelCheck, JsonFollowsItsSchema)
{
    for (const DetectorExport form : {DetectorExport{}, DetectorExport{.isDynamic = true},
                                      DetectorExport{.batch = 4, .hasMetadata = true}}) {
        ModelCheck check = checked(form).check;
        EXPECT_EQ(test::schemaFault(checkJson(check), "check"), "");
        check.preflight = Preflight{.pictures = 1, .trials = {PreflightTrial{}}};
        EXPECT_EQ(test::schemaFault(checkJson(check), "check"), "");
    }
    const TemporaryFolder folder;
    EXPECT_EQ(test::schemaFault(checkJson(checkModel(folder / "none.onnx", {})), "check"), "");
}

TEST(ModelCheck, EveryFormOfOneNetworkEndsAlike)
{
    for (const auto selection :
         {Selection::none, Selection::topK, Selection::nonMaximumSuppression})
        for (const bool simplified : {true, false})
            for (const bool renamed : {true, false}) {
                const auto [check, wanted] = checked(
                    {.selection = selection, .isSimplified = simplified, .isRenamed = renamed});
                EXPECT_TRUE(check.isSupported) << problems(check);
                EXPECT_EQ(endNodes(check), wanted);
            }
}

TEST(ModelCheck, AnEmbeddedSelectionIsCutAwayWithTheReason)
{
    const auto [check, wanted] = checked({.selection = Selection::nonMaximumSuppression});
    EXPECT_TRUE(check.isSupported) << problems(check);
    EXPECT_TRUE(has(check, "check.embedded-selection"));
    EXPECT_EQ(rowOf(check, "NonMaxSuppression").verdict, Verdict::needsHost);
}

TEST(ModelCheck, AnOpenShapeIsAskedForAndTheRestAnsweredWithTheProposal)
{
    const auto [check, wanted] = checked({.isDynamic = true});
    EXPECT_FALSE(check.isSupported);
    EXPECT_TRUE(has(check, "onnx.dynamic-shape"));
    EXPECT_EQ(endNodes(check), wanted);
    ASSERT_TRUE(check.facts);
    EXPECT_FALSE(check.facts->isStatic);

    const auto [again, same] =
        checked({.isDynamic = true}, {.inputShapes = {{"images", {1, 3, 64, 64}}}});
    EXPECT_TRUE(again.isSupported) << problems(again);
    EXPECT_EQ(endNodes(again), same);
}

TEST(ModelCheck, ABatchGetsAFix)
{
    const auto [check, wanted] = checked({.isSimplified = false, .batch = 2});
    EXPECT_FALSE(check.isSupported);
    const auto found = std::ranges::find(check.diagnostics, "input.batch", &Diagnostic::id);
    ASSERT_NE(found, check.diagnostics.end());
    ASSERT_FALSE(found->fixes.empty());
    EXPECT_EQ(found->fixes[0].kind, "set-input-shape");
    EXPECT_EQ(found->fixes[0].values[1].second, "1,3,64,64");
}

TEST(ModelCheck, TheMetadataIsReadWithItsEvidence)
{
    const auto [check, wanted] = checked({.hasMetadata = true});
    ASSERT_TRUE(check.contract.labels);
    EXPECT_EQ(check.contract.labels->value, (std::vector<std::string>{"cup", "lid", "box"}));
    EXPECT_EQ(check.contract.labels->evidence, "metadata 'names'");
    EXPECT_EQ(check.contract.normalization->value.std, std::vector<float>{255});
}

// All forms lead to the same device network: same layers, same weights.
TEST(ModelCheck, EveryFormGivesTheSamePreparedWeights)
{
    const auto prepared = [](DetectorExport form) {
        const TemporaryFolder folder;
        DetectorWorld(form).model().write(folder / "model.onnx");
        const auto model = importModel(folder / "model.onnx", {{"images", {1, 3, 64, 64}}});
        EXPECT_TRUE(model) << failureText(model);
        const auto cut = cutForDevice(*model, {});
        EXPECT_TRUE(cut) << failureText(cut);
        const auto rewritten = rewriteForDevice(cut->device, {}, true, {}, {});
        EXPECT_TRUE(rewritten) << failureText(rewritten);
        std::string text;
        for (const auto &tensor : (*rewritten)->tensors)
            if (tensor.isConstant()) {
                text += tensor.shape.text() + " ";
                const auto bytes = tensor.constant->bytes();
                text.append(reinterpret_cast<const char *>(bytes.data()), bytes.size());
            }
        return text;
    };
    const std::string plain = prepared({});
    EXPECT_EQ(prepared({.selection = Selection::topK}), plain);
    EXPECT_EQ(prepared({.selection = Selection::nonMaximumSuppression}), plain);
    EXPECT_EQ(prepared({.isDynamic = true}), plain);
    EXPECT_EQ(prepared({.isSimplified = false}), plain);
    EXPECT_EQ(prepared({.isRenamed = true}), plain);
}

// Conv2d network with a finite scalar quantiser on 9 × 2 × 100 sensor readings: the rounding
// belongs to the host, and so does the arithmetic around it.
TEST(ModelCheck, AQuantiserIsCutBeforeItsRounding)
{
    const TemporaryFolder folder;
    OnnxBuilder model(13);
    model.input("x", {1, 9, 2, 100})
        .floats("w1", {16, 9, 1, 5})
        .floats("b1", {16})
        .floats("w2", {4, 16, 2, 1})
        .floats("half", {1, 4, 1, 1}, {2, 2, 3.5F, 3.5F})
        .floats("shift", {1, 4, 1, 1}, {0, 0, 0.25F, 0.25F})
        .node("Conv", {"x", "w1", "b1"}, {"c1"}, {{"pads", {0, 2, 0, 2}}})
        .named("conv1")
        .node("Relu", {"c1"}, {"r1"})
        .node("Conv", {"r1", "w2"}, {"c2"})
        .named("conv2")
        .node("Add", {"c2", "shift"}, {"s"})
        .node("Tanh", {"s"}, {"t"})
        .named("tanh")
        .node("Mul", {"t", "half"}, {"bounded"})
        .named("bound")
        .node("Round", {"bounded"}, {"rounded"})
        .named("round")
        .node("Sub", {"rounded", "bounded"}, {"error"})
        .node("Add", {"bounded", "error"}, {"codes"})
        .named("straight")
        .output("codes");
    model.write(folder / "fsq.onnx");
    const auto check = checkModel(folder / "fsq.onnx", {});
    EXPECT_TRUE(check.isSupported) << problems(check);
    ASSERT_EQ(endNodes(check), std::vector<std::string>{"bound"});
    EXPECT_NE(check.ends[0].reason.find("round"), std::string::npos) << check.ends[0].reason;
    EXPECT_EQ(rowOf(check, "Round").verdict, Verdict::needsHost);
    EXPECT_EQ(rowOf(check, "Tanh").verdict, Verdict::supported);
}

TEST(ModelCheck, AnUnknownOperatorInTheMiddleIsUnsupported)
{
    const TemporaryFolder folder;
    OnnxBuilder model(13);
    model.input("x", {1, 3, 8, 8})
        .floats("w", {32, 3, 3, 3})
        .floats("v", {64, 32, 3, 3})
        .node("Conv", {"x", "w"}, {"a"})
        .named("first")
        .node("Spectrum", {"a"}, {"b"})
        .inDomain("com.example")
        .named("middle")
        .node("Conv", {"b", "v"}, {"y"})
        .named("second")
        .output("y");
    model.write(folder / "model.onnx");
    const auto check = checkModel(folder / "model.onnx", {});
    EXPECT_FALSE(check.isSupported);
    EXPECT_EQ(rowOf(check, "com.example::Spectrum").verdict, Verdict::unsupported);
    EXPECT_EQ(endNodes(check), std::vector<std::string>{"first"}); // the last supported frontier
    EXPECT_EQ(rowOf(check, "Conv").nodes.at(Verdict::needsHost), 1);
}

TEST(ModelCheck, AnUnknownOperatorAtTheEndIsTheHosts)
{
    const TemporaryFolder folder;
    OnnxBuilder model(13);
    model.input("x", {1, 3, 8, 8})
        .floats("w", {32, 3, 3, 3})
        .node("Conv", {"x", "w"}, {"a"})
        .named("first")
        .node("Relu", {"a"}, {"b"})
        .named("relu")
        .node("Spectrum", {"b"}, {"y"})
        .inDomain("com.example")
        .named("last")
        .output("y");
    model.write(folder / "model.onnx");
    const auto check = checkModel(folder / "model.onnx", {});
    EXPECT_TRUE(check.isSupported) << problems(check);
    EXPECT_EQ(endNodes(check), std::vector<std::string>{"relu"});
    EXPECT_NE(check.ends[0].reason.find("last"), std::string::npos);
    EXPECT_TRUE(has(check, "check.rest-on-host"));
}

// The remainder that the file itself gives: its nodes as they stand, without the network before.
TEST(ModelCheck, TheRemainderOfAnUnknownEndIsTakenFromTheFile)
{
    const TemporaryFolder folder;
    DetectorWorld world({.selection = Selection::nonMaximumSuppression, .isSimplified = false});
    world.model().write(folder / "model.onnx");
    const auto model = importModel(folder / "model.onnx", {});
    ASSERT_TRUE(model) << failureText(model);
    const auto cut = cutForDevice(*model, {});
    ASSERT_TRUE(cut) << failureText(cut);
    const auto host = hostRemainder(*model, *cut);
    ASSERT_TRUE(host) << failureText(host);
    EXPECT_EQ(host->outputs, std::vector<std::string>{"output0"});
    const auto tail = parseOnnxModel(host->onnx, "host.onnx");
    ASSERT_TRUE(tail) << failureText(tail);
    EXPECT_EQ(tail->inputs.size(), 6U);
    EXPECT_EQ(tail->nodes.back().op, "NonMaxSuppression");
    EXPECT_TRUE(std::ranges::none_of(tail->nodes, [](const OnnxNode &node) {
        return node.op == "MaxPool" || node.op == "Shape";
    }));
}

TEST(ModelCheck, LintFindsTheUnwise)
{
    const TemporaryFolder folder;
    OnnxBuilder model(13);
    model.input("x", {1, 3, 31, 31})
        .floats("w", {13, 3, 2, 2})
        .floats("v", {12, 13, 3, 3})
        .node("Conv", {"x", "w"}, {"a"}, {{"strides", {3, 3}}})
        .node("Conv", {"a", "v"}, {"b"}, {{"pads", {3, 3, 3, 3}}})
        .node("Relu", {"b"}, {"y"})
        .floats("u", {8, 12, 1, 1})
        .node("Conv", {"y", "u"}, {"z"})
        .output("z");
    model.write(folder / "model.onnx");
    const auto check = checkModel(folder / "model.onnx", {});
    EXPECT_TRUE(check.isSupported) << problems(check);
    for (const char *id : {"check.stride-skips", "check.padding-window", "check.prime-channels",
                           "check.channel-alignment"})
        EXPECT_TRUE(has(check, id)) << id;
}
