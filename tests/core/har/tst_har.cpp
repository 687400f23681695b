// SPDX-License-Identifier: GPL-3.0-or-later
#include "har/har_archive.h"
#include "har/har_inspect.h"
#include "har/har_writer.h"
#include "har/hn_network.h"

#include "graph/graph_builder.h"
#include "har_world.h"
#include "result_matchers.h"
#include "schema_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace hefstudio {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

HarArchive opened(const test::VendorArchive &archive)
{
    auto har = HarArchive::fromBytes(archive.bytes(), "tiny.har");
    EXPECT_TRUE(har) << failureText(har);
    return *har;
}

HnGraph graphOf(const std::string &network, const NamedTensors &weights)
{
    const auto parsed = parseHn(network, "tiny.hn");
    EXPECT_TRUE(parsed) << failureText(parsed);
    auto graph = graphOfHn(*parsed, weights, "tiny.hn");
    EXPECT_TRUE(graph) << failureText(graph);
    return *graph;
}

// The vendor's network after one textual change.
std::string changed(std::string what, const std::string &to)
{
    std::string network = test::vendorNetwork(false);
    network.replace(network.find(what), what.size(), to);
    return network;
}

std::string graphFailure(const std::string &network, const NamedTensors &weights = {})
{
    const auto parsed = parseHn(network, "tiny.hn");
    return parsed ? failureId(graphOfHn(*parsed, weights, "tiny.hn")) : failureId(parsed);
}

TEST(HarArchive, FindsMembersThroughTheIndex)
{
    const HarArchive parsed = opened(test::parsedArchive());
    EXPECT_EQ(parsed.index().state, "hailo_model");
    EXPECT_EQ(parsed.index().sdkVersion, "3.33.0");
    EXPECT_FALSE(parsed.index().optimizationLevel);
    EXPECT_THAT(parsed.parts(),
                ElementsAre(HarPart::network, HarPart::weights, HarPart::originalModelReport));
    EXPECT_EQ(failureId(parsed.read(HarPart::hef)), "har.no-part");

    const HarArchive quantised = opened(test::quantisedArchive());
    EXPECT_EQ(quantised.index().optimizationLevel, 0);
    EXPECT_EQ(*quantised.readText(HarPart::modelScript),
              "model_optimization_flavor(optimization_level=2)\n");
    EXPECT_EQ(*opened(test::compiledArchive()).readText(HarPart::hef), "\x01HEF and so on");
}

TEST(HarArchive, RefusesWhatIsNoArchiveOrHostile)
{
    EXPECT_EQ(failureId(HarArchive::fromBytes(Bytes(20, std::byte(7)), "x")), "archive.malformed");
    auto archive = test::parsedArchive();
    archive.drop("tiny.metadata.json");
    EXPECT_EQ(failureId(HarArchive::fromBytes(archive.bytes(), "x")), "har.no-index");
    archive = test::parsedArchive();
    archive.put("../evil", "x");
    EXPECT_EQ(failureId(HarArchive::fromBytes(archive.bytes(), "x")), "archive.unsafe-name");
    archive = test::parsedArchive();
    archive.put("other.metadata.json", "{}");
    EXPECT_EQ(failureId(HarArchive::fromBytes(archive.bytes(), "x")), "har.malformed");
    archive = test::parsedArchive();
    archive.put("tiny.metadata.json", "[]");
    EXPECT_EQ(failureId(HarArchive::fromBytes(archive.bytes(), "x")), "har.malformed");
}

TEST(HarArchive, KnowsItsFormByItsBytes)
{
    EXPECT_TRUE(looksLikeHar(test::parsedArchive().bytes()));
    EXPECT_TRUE(looksLikeHar(Bytes{std::byte(0x1f), std::byte(0x8b)}));
    EXPECT_FALSE(looksLikeHar(asBytes("\x01HEF")));
    EXPECT_FALSE(looksLikeHar({}));
}

TEST(HnGraph, StandsInOnnxOrder)
{
    const HnGraph hn = graphOf(test::vendorNetwork(false), test::vendorWeights());
    EXPECT_TRUE(hn.hasWeights);
    EXPECT_TRUE(hn.unknownTypes.empty());
    EXPECT_EQ(printGraph(*hn.graph),
              "tiny/input_layer1 input -> 1×2×4×4\n"
              "tiny/conv1 convolution 3x3 pad 1x1..1x1 (tiny/input_layer1, const 4×2×3×3, const 4) "
              "-> 1×4×4×4 relu\n"
              "tiny/maxpool1 max-pool 2x2/2 (tiny/conv1) -> 1×4×2×2\n"
              "tiny/fc1/flatten reshape (tiny/maxpool1) -> 1×16\n"
              "tiny/fc1 fully-connected (tiny/fc1/flatten, const 3×16, const 3) -> 1×3 sigmoid\n"
              "tiny/fc1/map reshape (tiny/fc1) -> 1×3×1×1\n"
              "outputs: tiny/fc1/map\n");
    const Layer &conv = *hn.graph->findLayer("tiny/conv1");
    EXPECT_THAT(conv.origin, ElementsAre("/conv1/Conv", "/Relu"));
    // HWIO to OIHW: output 1, input 0, row 2, column 1 is stored at row 2, column 1, in 0, out 1.
    const auto weights = hn.graph->inputOf(conv, 1).constant->as<float>();
    EXPECT_EQ(weights[1 * 18 + 0 * 9 + 2 * 3 + 1], float(((2 * 3 + 1) * 2 + 0) * 4 + 1));
    // Behind the flattened map: output 2 of channel 3 at row 1, column 0.
    const Layer &dense = *hn.graph->findLayer("tiny/fc1");
    const auto rows = hn.graph->inputOf(dense, 1).constant->as<float>();
    EXPECT_EQ(rows[2 * 16 + 3 * 4 + 2], float(((1 * 2 + 0) * 4 + 3) * 3 + 2));
}

TEST(HnGraph, WeightlessAndUnknownLayersCanBeSeen)
{
    const HnGraph hn = graphOf(changed(R"("type": "maxpool")", R"("type": "novel")"), {});
    EXPECT_FALSE(hn.hasWeights);
    EXPECT_EQ(hn.unknownTypes.at("tiny/maxpool1"), "novel");
    EXPECT_EQ(multiplyAccumulates(*hn.graph), 4 * 4 * 4 * 18 + 3 * 16);
}

TEST(HnGraph, RefusesWhatHoldsNotTogether)
{
    EXPECT_EQ(graphFailure("{}"), "har.malformed");
    EXPECT_EQ(graphFailure("{"), "json.malformed");
    EXPECT_EQ(graphFailure(changed(R"("input": ["tiny/conv1"])", R"("input": ["tiny/none"])")),
              "har.malformed");
    EXPECT_EQ(
        graphFailure(changed(R"("input": ["tiny/input_layer1"])", R"("input": ["tiny/maxpool1"])")),
        "har.malformed");
    EXPECT_EQ(graphFailure(changed("[16,3]", "[17,3]")), "har.malformed");
    EXPECT_EQ(graphFailure(
                  changed(R"("output_shapes": [[-1,4,4,4]])", R"("output_shapes": [[-1,4,4,-4]])")),
              "har.malformed");
    EXPECT_EQ(graphFailure(changed("[3,3,2,4]", "[3,3,1073741824,4]")), "har.malformed");
    EXPECT_EQ(graphFailure(changed("[1,1,1,1]", "[1,0,1,1]")), "har.malformed");
    EXPECT_EQ(graphFailure(changed("[3,3,2,4]", "[3,3,2,5]"), test::vendorWeights()),
              "har.weights-mismatch");
}

TEST(HarInspect, ShowsLayersRangesAndTheLevelInForce)
{
    const auto text = harOverviewText(opened(test::quantisedArchive()));
    ASSERT_TRUE(text) << failureText(text);
    EXPECT_THAT(*text, HasSubstr("quantised for hailo8"));
    EXPECT_THAT(*text, HasSubstr("optimisation 0, compression 0"));
    EXPECT_THAT(*text, HasSubstr("tiny/conv1, conv, 1×4×4×4, relu, a8_w8_a8, 76 parameters"));
    EXPECT_THAT(*text, Not(HasSubstr("/home/somebody")));

    EXPECT_EQ(test::schemaFault(*harInspectJson(opened(test::quantisedArchive())), "har"), "");
    const auto json = nlohmann::json::parse(*harInspectJson(opened(test::quantisedArchive())));
    EXPECT_EQ(json["state"], "quantized_model");
    const auto &conv = json["layers"][1];
    EXPECT_EQ(conv["observed_range"], nlohmann::json({0, 7}));
    EXPECT_EQ(conv["represented_range"], nlohmann::json({0, 8}));
    EXPECT_TRUE(conv["scale"].is_null()); // every channel has its own
    EXPECT_FLOAT_EQ(json["layers"][3]["scale"].get<float>(), 1.0F / 255);
    EXPECT_TRUE(json["problems"].empty()) << json["problems"].dump();
}

TEST(HarInspect, DamagedWeightsAreAProblemNotAFailure)
{
    auto archive = test::quantisedArchive();
    archive.put("tiny.q.npz", "no archive");
    const auto json = nlohmann::json::parse(*harInspectJson(opened(archive)));
    EXPECT_EQ(json["problems"][0]["id"], "npz.malformed");
}

TEST(HarInspect, EveryPrefixAndFlipIsAnswered)
{
    const Bytes whole = test::quantisedArchive().bytes();
    const auto look = [](Bytes bytes) {
        if (const auto har = HarArchive::fromBytes(std::move(bytes), "hostile.har"))
            (void)harInspectJson(*har);
    };
    for (std::size_t size = 0; size < whole.size(); size += 509)
        look(Bytes(whole.begin(), whole.begin() + std::ptrdiff_t(size)));
    std::mt19937 random(20261121);
    for (int round = 0; round < 300; ++round) {
        Bytes bytes = whole;
        for (int i = 0; i < 3; ++i)
            bytes[random() % bytes.size()] = std::byte(random());
        look(std::move(bytes));
    }
}

// A graph with each kind of kernel and padding.
std::shared_ptr<const Graph> ownGraph()
{
    GraphBuilder build("own");
    const auto constant = [&](const char *name, Shape shape) {
        Tensor tensor(ElementType::float32, shape);
        float next = 0;
        for (float &value : tensor.as<float>())
            value = next++;
        return build.constant(name, std::move(tensor));
    };
    const auto x = build.input("images", {1, 2, 8, 8});
    const Window same{.kernel = {3, 3}, .padBegin = {1, 1}, .padEnd = {1, 1}};
    const Window odd{.kernel = {3, 3}, .stride = {2, 2}, .padBegin = {1, 1}, .padEnd = {1, 1}};
    auto y = build.layer("a/conv", Convolution{.window = same},
                         {x, constant("w", {4, 2, 3, 3}), constant("b", {4})}, {1, 4, 8, 8},
                         {.activation = {Function::relu}, .origin = {"Conv_0", "Relu_1"}});
    y = build.layer("dw", Convolution{.window = odd, .groups = 4}, {y, constant("d", {4, 1, 3, 3})},
                    {1, 4, 4, 4}, {.activation = {Function::clip, 0, 3}});
    y = build.layer("up", TransposedConvolution{.window = {.kernel = {2, 2}, .stride = {2, 2}}},
                    {y, constant("u", {4, 3, 2, 2})}, {1, 3, 8, 8});
    y = build.layer("half", Binary{BinaryOperator::multiply}, {y, constant("c", {1})},
                    {1, 3, 8, 8});
    y = build.layer("pool", Reduce{Reduction::mean, {2, 3}, true}, {y}, {1, 3, 1, 1});
    y = build.layer("flat", Reshape{{1, 3}}, {y}, {1, 3});
    y = build.layer("fc", FullyConnected{}, {y, constant("f", {5, 3})}, {1, 5});
    build.output(y);
    auto graph = std::move(build).finish();
    EXPECT_TRUE(graph) << failureText(graph);
    return std::make_shared<const Graph>(std::move(*graph));
}

OptimizedModel ownModel()
{
    const auto graph = ownGraph();
    HarLayerIntegers integers{.outputScale = 0.5, .outputLow = 0, .outputHigh = 127.5};
    integers.weights = Tensor(ElementType::int8, Shape{4, 2, 3, 3});
    return {.index = {.state = "quantized_model",
                      .modelName = "own",
                      .sdkVersion = "HEF Studio",
                      .hwArch = "hailo8l"},
            .parsed = graph,
            .optimized = graph,
            .integers = {{"a/conv", integers}}};
}

TEST(HarWriter, OwnArchivesAreRead)
{
    const auto bytes = harBytes(ownModel());
    ASSERT_TRUE(bytes) << failureText(bytes);
    EXPECT_EQ(*harBytes(ownModel()), *bytes);
    const auto har = HarArchive::fromBytes(*bytes, "own.har");
    ASSERT_TRUE(har) << failureText(har);
    EXPECT_EQ(har->index(), ownModel().index);
    EXPECT_EQ(har->members().back().name, "own.metadata.json");
    const auto json = nlohmann::json::parse(*harInspectJson(*har));
    EXPECT_TRUE(json["problems"].empty()) << json["problems"].dump();
    EXPECT_EQ(json["layers"][1]["precision"], "a8_w8_a8");
    EXPECT_EQ(json["layers"][1]["scale"], 0.5);
}

TEST(HarWriter, WeightsAndWindowsComeBackAsTheyWere)
{
    const auto har = *HarArchive::fromBytes(*harBytes(ownModel()), "own.har");
    const auto weights = parseNpz(*har.read(HarPart::floatWeights), "own.npz");
    const HnGraph hn = graphOf(*har.readText(HarPart::network), *weights);
    const auto model = ownModel();
    const Graph &own = *model.optimized;
    for (const char *name : {"a/conv", "dw", "up", "fc"}) {
        const Layer &before = *own.findLayer(name);
        const Layer *after = hn.graph->findLayer(hnLayerName("own", name));
        ASSERT_TRUE(after) << name;
        EXPECT_EQ(after->attributes, before.attributes) << name;
        EXPECT_EQ(after->activation, before.activation) << name;
        EXPECT_EQ(after->origin, before.origin) << name;
        EXPECT_EQ(*hn.graph->inputOf(*after, 1).constant, *own.inputOf(before, 1).constant) << name;
    }
}

} // namespace
} // namespace hefstudio
