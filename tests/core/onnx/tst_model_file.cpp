// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_testing.h"
#include "temporary_folder.h"

#include <fstream>
#include <random>

using namespace hefstudio;

namespace {

OnnxBuilder smallModel()
{
    OnnxBuilder model(13);
    model.input("x", {1, 3, 8, 8}).floats("w", {4, 3, 3, 3}).floats("b", {4}).ints("s", {1, -1});
    model.node("Conv", {"x", "w", "b"}, {"c"}, {{"pads", {1, 1, 1, 1}}});
    model.node("Relu", {"c"}, {"r"}).node("Reshape", {"r", "s"}, {"y"}).output("y", {1, 256});
    model.metadata("task", "detect");
    return model;
}

std::string faultOf(const std::string &content)
{
    return failureId(parseOnnxModel(asBytes(content), "model.onnx"));
}

void writeText(const std::filesystem::path &file, const std::string &text)
{
    std::ofstream(file, std::ios::binary) << text;
}

} // namespace

TEST(ModelFile, readsWhatItHolds)
{
    const auto model = parseOnnxModel(smallModel().bytes(), "model.onnx");
    ASSERT_TRUE(model) << failureText(model);
    EXPECT_EQ(model->opsets.at(""), 13);
    EXPECT_EQ(model->nodes.size(), 3U);
    EXPECT_EQ(model->nodes[2].name, "Reshape_2");
    EXPECT_EQ(model->initialisers.at("w")->shape().text(), "4×3×3×3");
    EXPECT_EQ(model->metadata[0].first, "task");
}

TEST(ModelFile, namesWhatIsNoModel)
{
    TemporaryFolder folder;
    EXPECT_EQ(failureId(readOnnxModel(folder / "none.onnx")), "file.not-found");
    EXPECT_EQ(failureId(readOnnxModel(folder.path())), "file.is-directory");
    writeText(folder / "empty.onnx", "");
    EXPECT_EQ(failureId(readOnnxModel(folder / "empty.onnx")), "file.empty");
    writeText(folder / "text.onnx", "import torch\n");
    EXPECT_EQ(failureId(readOnnxModel(folder / "text.onnx")), "onnx.text-file");
    EXPECT_EQ(faultOf("<!DOCTYPE html><html>"), "onnx.text-file");
    EXPECT_EQ(faultOf("version https://git-lfs.github.com/spec/v1\noid sha256:1\n"),
              "onnx.git-lfs-pointer");
    EXPECT_EQ(faultOf("PK\x03\x04 and so on"), "onnx.other-format");
    EXPECT_EQ(faultOf(std::string(64, '\xff')), "onnx.other-format");
    EXPECT_EQ(faultOf(std::string("\x08\x07", 2)), "onnx.no-graph");
}

TEST(ModelFile, saysWhereItWasCutOff)
{
    const Bytes whole = smallModel().bytes();
    int truncated = 0;
    for (std::size_t size = 1; size < whole.size(); ++size) {
        const auto model = parseOnnxModel(std::span(whole).first(size), "model.onnx");
        if (model)
            continue; // cut between two fields after the network: what is left is a model
        const Diagnostic &fault = model.error().front();
        EXPECT_TRUE(fault.id == "onnx.truncated" || fault.id == "onnx.no-graph") << fault.id;
        if (fault.id == "onnx.truncated") {
            EXPECT_EQ(fault.place.offset, size);
            ++truncated;
        }
    }
    EXPECT_GT(truncated, int(whole.size()) * 9 / 10);
}

// Whatever a byte becomes: a graph or a diagnostic with its sentence, never a crash.
TEST(ModelFile, flippedBytesNeverCrash)
{
    const Bytes whole = smallModel().bytes();
    std::mt19937 random(11);
    for (int round = 0; round < 4000; ++round) {
        Bytes bytes = whole;
        for (int flips = 1 + int(random() % 3); flips > 0; --flips)
            bytes[random() % bytes.size()] ^= std::byte(1U << (random() % 8));
        const auto graph = importOnnx(bytes);
        if (graph)
            continue;
        for (const Diagnostic &diagnostic : graph.error()) {
            EXPECT_NE(findCatalogueEntry(diagnostic.id), nullptr) << diagnostic.id;
        }
    }
}

TEST(ModelFile, constantsMustHoldWhatTheyState)
{
    const auto fault = [](OnnxBuilder &model) {
        return failureId(parseOnnxModel(model.bytes(), "model.onnx"));
    };
    constexpr int floatType = 1;
    OnnxBuilder tooFew(13);
    EXPECT_EQ(fault(tooFew.rawConstant("w", {1000, 1000}, floatType, 16)),
              "onnx.initialiser-malformed");
    OnnxBuilder enormous(13);
    EXPECT_EQ(fault(enormous.rawConstant("w", {1LL << 40, 1LL << 40}, floatType, 16)),
              "onnx.initialiser-malformed");
    OnnxBuilder negative(13);
    EXPECT_EQ(fault(negative.rawConstant("w", {-4}, floatType, 16)), "onnx.initialiser-malformed");
    OnnxBuilder unknownType(13); // matters only where it is read
    EXPECT_EQ(fault(unknownType.rawConstant("w", {4}, 8, 0)), "no failure");
    unknownType.input("x", {1}).node("Add", {"x", "w"}, {"y"}).output("y");
    EXPECT_EQ(faultsOf(imported(unknownType)), "onnx.unsupported-type Add_0");
}

TEST(ModelFile, sparseConstantsUnfoldWithinBounds)
{
    OnnxBuilder small(13);
    small.input("x", {2, 3}).sparse("c", {2, 3}, {5, 7}, {1, 5}).node("Add", {"x", "c"}, {"y"});
    const auto graph = imported(small.output("y"));
    ASSERT_TRUE(graph) << failureText(graph);
    EXPECT_EQ(*(*graph)->findTensor("c")->constant,
              Tensor::of<float>(Shape{2, 3}, {0, 5, 0, 0, 0, 7}));
    OnnxBuilder outside(13);
    outside.sparse("c", {2, 3}, {5}, {6});
    EXPECT_EQ(failureId(parseOnnxModel(outside.bytes(), "m")), "onnx.initialiser-malformed");
    OnnxBuilder bomb(13);
    bomb.sparse("c", {1 << 20, 1 << 19}, {5}, {6});
    EXPECT_EQ(failureId(parseOnnxModel(bomb.bytes(), "m")), "onnx.initialiser-too-large");
}

TEST(ModelFile, externalDataStaysBesideTheModel)
{
    TemporaryFolder folder;
    std::filesystem::create_directories(folder / "model");
    writeText(folder / "secret.bin", std::string(64, 's'));
    writeText(folder / "model/data.bin", std::string(64, '\0'));
    std::filesystem::create_symlink(folder / "secret.bin", folder / "model/link.bin");
    const auto read = [&](const std::string &location, const std::string &offset,
                          const std::string &length) {
        OnnxBuilder model(13);
        model.external("w", {4}, location, offset, length).write(folder / "model/m.onnx");
        return failureId(readOnnxModel(folder / "model/m.onnx"));
    };
    EXPECT_EQ(read("data.bin", "16", "16"), "no failure");
    EXPECT_EQ(read("./data.bin", "", "16"), "no failure");
    EXPECT_EQ(read("data.bin", "", ""), "onnx.initialiser-malformed"); // all 64 bytes
    EXPECT_EQ(read("../secret.bin", "", "16"), "onnx.external-data-escape");
    EXPECT_EQ(read((folder / "secret.bin").string(), "", "16"), "onnx.external-data-escape");
    EXPECT_EQ(read("link.bin", "", "16"), "onnx.external-data-escape");
    EXPECT_EQ(read("", "", "16"), "onnx.external-data-escape");
    EXPECT_EQ(read("none.bin", "", "16"), "onnx.external-data-missing");
    EXPECT_EQ(read("data.bin", "56", "16"), "onnx.external-data-bounds");
    EXPECT_EQ(read("data.bin", "18446744073709551615", "16"), "onnx.external-data-bounds");
    EXPECT_EQ(read("data.bin", "-1", "16"), "onnx.external-data-bounds");
    OnnxBuilder inMemory(13);
    inMemory.external("w", {4}, "data.bin", "", "16");
    EXPECT_EQ(failureId(parseOnnxModel(inMemory.bytes(), "m")), "onnx.external-data-escape");
}

TEST(ModelFile, sharedExternalDataDoesNotUnfoldEndlessly)
{
    TemporaryFolder folder;
    writeText(folder / "data.bin", std::string(4 << 20, '\0'));
    OnnxBuilder model(13);
    for (int i = 0; i < 40; ++i)
        model.external("w" + std::to_string(i), {1 << 20}, "data.bin", "", "");
    model.write(folder / "m.onnx");
    EXPECT_EQ(failureId(readOnnxModel(folder / "m.onnx")), "onnx.initialiser-too-large");
}

TEST(ModelFile, everyDiagnosticHasItsSentence)
{
    for (const char *id :
         {"onnx.out-of-memory", "onnx.malformed", "onnx.library-says", "onnx.cannot-export"})
        EXPECT_NE(findCatalogueEntry(id), nullptr) << id;
}
