// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison.h"

#include "base/diagnostic_json.h"

#include <gtest/gtest.h>

#include <cmath>

namespace hefstudio {
namespace {

// 10 + 0.1 · noise against 10: `decibels` of signal over noise.
SignalComparison signal(double decibels)
{
    SignalComparison s;
    const auto error = static_cast<float>(std::pow(10.0, 1 - decibels / 20));
    s.add(std::vector<float>{10}, std::vector<float>{10 + error});
    return s;
}

LayerComparison layer(const std::string &name, double isolated, double accumulated)
{
    return {.name = name,
            .origin = {"node_" + name},
            .kind = "convolution",
            .isolated = signal(isolated),
            .accumulated = signal(accumulated)};
}

Comparison comparisonOf(std::vector<double> kept)
{
    Comparison comparison{.model = "folder/net<1>.onnx", .pictures = 3, .layerPictures = 2};
    for (const double value : kept) {
        HefComparison hef{.file = "a/" + std::to_string(comparison.hefs.size()) + ".hef"};
        hef.rungs.push_back({"hef", {{"boxes", signal(31)}}});
        hef.layers = {layer("conv1", 40, 40), layer("conv2", 12, 11)};
        hef.firstBad = findFirstBad(hef.layers, *hef.outputs());
        hef.detection.emplace();
        hef.detection->retained = {.at50 = value,
                                   .all = value / 2,
                                   .classes = 1,
                                   .at50Interval = {value - 0.01, value + 0.01}};
        comparison.hefs.push_back(std::move(hef));
    }
    comparison.verdict = verdictOn(comparison);
    return comparison;
}

TEST(Comparison, TheFirstBadLayerIsTheOneThatLosesOnItsOwn)
{
    const auto bad =
        findFirstBad({layer("conv1", 40, 40), layer("conv2", 15, 14), layer("conv3", 10, 8)}, {});
    ASSERT_TRUE(bad);
    EXPECT_EQ(bad->layer, "conv2");
    ASSERT_FALSE(bad->proposals.empty());
    EXPECT_EQ(bad->proposals.back().fix.kind, "cut-before");
    EXPECT_EQ(bad->proposals.back().fix.values[0].second, "node_conv2");
}

TEST(Comparison, SmallErrorsThatAddUpAreBlamedOnNoLayer)
{
    const std::vector<LayerComparison> layers{layer("conv1", 30, 25), layer("conv2", 30, 18)};
    const auto bad = findFirstBad(layers, {{"out", signal(15)}});
    ASSERT_TRUE(bad);
    EXPECT_EQ(bad->layer, "conv2");
    EXPECT_EQ(bad->proposals[0].fix.values[0].second, "accurate");
    EXPECT_FALSE(findFirstBad(layers, {{"out", signal(35)}}));
}

TEST(Comparison, ClippedValuesAskForMorePictures)
{
    auto clipped = layer("conv1", 10, 10);
    clipped.clippedFraction = 0.02;
    const auto bad = findFirstBad({clipped}, {});
    ASSERT_TRUE(bad);
    EXPECT_EQ(bad->proposals.front().fix.values[0].first, "--calib");
}

TEST(Comparison, TheVerdictNamesTheBetterFileWhereTheIntervalsPart)
{
    EXPECT_TRUE(comparisonOf({0.9, 0.95}).verdict.starts_with("1.hef is the better one"));
    EXPECT_NE(comparisonOf({0.94, 0.95}).verdict.find("cannot be told apart"), std::string::npos);
    EXPECT_TRUE(comparisonOf({0.9}).verdict.empty());
}

TEST(Comparison, TheFirstFileStandsAtTheRootOfTheJson)
{
    const auto json = parseJson(comparisonJson(comparisonOf({0.9, 0.95})), "test");
    ASSERT_TRUE(json);
    EXPECT_EQ(json->at("model"), "net<1>.onnx");
    EXPECT_EQ(json->at("layers").at(1).at("name"), "conv2");
    EXPECT_NEAR(json->at("layers").at(1).at("snr_isolated_db").get<double>(), 12, 1e-3);
    EXPECT_NEAR(json->at("outputs").at(0).at("snr_accumulated_db").get<double>(), 31, 1e-3);
    EXPECT_EQ(json->at("detection").at("map_retained"), 0.9);
    EXPECT_EQ(json->at("hefs").size(), 2U);
    EXPECT_EQ(json->at("first_bad_layer").at("name"), "conv2");
}

TEST(Comparison, NamesCannotBreakOutOfTheHtml)
{
    const auto html = comparisonHtml(comparisonOf({0.9}));
    EXPECT_EQ(html.find("net<1>"), std::string::npos);
    EXPECT_NE(html.find("net&lt;1&gt;"), std::string::npos);
    EXPECT_NE(html.find("conv2"), std::string::npos);
}

} // namespace
} // namespace hefstudio
