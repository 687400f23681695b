// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/stage_store.h"

#include "engine/calibration_run.h"
#include "graph/graph_builder.h"
#include "pipeline/kept_stage.h"
#include "pipeline/stage_digest.h"
#include "quantize/quantize_graph.h"

#include "result_matchers.h"

#include <gtest/gtest.h>
#include <random>

using namespace hefstudio;

namespace {

// x 1×3×8×8 → convolution, calibrated on four pictures of noise and quantised.
class StageStore : public testing::Test {
protected:
    void SetUp() override
    {
        makeGraph();
        std::mt19937 random(3);
        std::uniform_real_distribution<float> value(-1, 1);
        const auto load = [&](std::size_t) -> Result<std::vector<Tensor>> {
            Tensor input(ElementType::float32, Shape({1, 3, 8, 8}));
            for (float &x : input.as<float>())
                x = value(random);
            std::vector<Tensor> inputs;
            inputs.push_back(std::move(input));
            return inputs;
        };
        auto statistics = collectStatistics(m_graph, 4, load, {.threads = 1});
        ASSERT_TRUE(statistics) << failureText(statistics);
        m_calibrated.outcome.statistics = std::move(*statistics);
        m_calibrated.outcome.samples = {{"a.jpg", "11"}, {"b.jpg", "22"}};
        m_calibrated.rehearsalChannels = m_calibrated.outcome.statistics.channels;
        m_calibrated.scales.resize(m_graph->tensors.size());
        auto quantized = quantizeGraph(m_graph, m_calibrated.outcome.statistics, {});
        ASSERT_TRUE(quantized) << failureText(quantized);
        m_quantized = *quantized;
    }

    void makeGraph()
    {
        GraphBuilder build("tiny");
        const auto x = build.input("x", Shape({1, 3, 8, 8}));
        Tensor weights(ElementType::float32, Shape({4, 3, 3, 3}));
        float next = -1;
        for (float &w : weights.as<float>())
            w = next += 0.02F;
        Convolution convolution;
        convolution.window.kernel = {3, 3};
        convolution.window.padBegin = convolution.window.padEnd = {1, 1};
        const auto w = build.constant("w", std::move(weights));
        build.output(build.layer("conv", convolution, {x, w}, Shape({1, 4, 8, 8})));
        auto graph = std::move(build).finish();
        ASSERT_TRUE(graph) << failureText(graph);
        m_graph = std::make_shared<const Graph>(std::move(*graph));
    }

    std::shared_ptr<const Graph> m_graph;
    CalibratedNetwork m_calibrated;
    std::shared_ptr<const QuantizedGraph> m_quantized;
};

// Every shortening and every flipped byte is refused or gives a sound value; nothing crashes.
template<class Decode> void batter(const Bytes &bytes, const Decode &decode)
{
    for (std::size_t length = 0; length < bytes.size(); length += 1 + bytes.size() / 97)
        EXPECT_FALSE(decode(std::span(bytes).first(length))) << length;
    std::mt19937 random(5);
    for (int i = 0; i < 200; ++i) {
        Bytes changed = bytes;
        changed[random() % changed.size()] ^= std::byte(1 + random() % 255);
        (void)decode(std::span<const std::byte>(changed));
    }
}

} // namespace

TEST_F(StageStore, StatisticsComeBackToTheBit)
{
    const Bytes bytes = encodeCalibrated(m_calibrated);
    const auto back = decodeCalibrated(bytes, *m_graph);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->outcome.statistics, m_calibrated.outcome.statistics);
    EXPECT_EQ(back->outcome.samples, m_calibrated.outcome.samples);
    EXPECT_EQ(encodeCalibrated(*back), bytes);
    batter(bytes, [&](auto part) { return decodeCalibrated(part, *m_graph).has_value(); });
}

TEST_F(StageStore, IntegersComeBackToTheBitAndOnlyForTheirGraph)
{
    const Bytes bytes = encodeQuantized(*m_quantized);
    const auto back = decodeQuantized(bytes, m_graph);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->layers, m_quantized->layers);
    EXPECT_EQ(back->tensors, m_quantized->tensors);
    batter(bytes, [&](auto part) { return decodeQuantized(part, m_graph) != nullptr; });
    GraphBuilder other("other");
    other.output(other.input("x", Shape({1, 4})));
    EXPECT_FALSE(decodeQuantized(
        bytes, std::make_shared<const Graph>(std::move(*std::move(other).finish()))));
}

TEST_F(StageStore, TheFrozenNetworkComesBackWhole)
{
    FrozenNetwork frozen{.plans = {{.inputName = "x", .shape = Shape({1, 3, 8, 8})}},
                         .ledger = {{"preset", "fast", "fast", ""}},
                         .samples = 4,
                         .decisions = encodeDecisions(std::vector<LayerDecision>(1)),
                         .quantized = encodeQuantized(*m_quantized)};
    const Bytes bytes = encodeFrozen(frozen);
    const auto back = decodeFrozen(bytes, "net.lock");
    ASSERT_TRUE(back) << failureText(back);
    EXPECT_EQ(back->ledger, frozen.ledger);
    EXPECT_EQ(encodeFrozen(*back), bytes);
    EXPECT_EQ(failureId(decodeFrozen(asBytes("no lock"), "net.lock")), "recipe.frozen-damaged");
    batter(bytes, [](auto part) { return decodeFrozen(part, "net.lock").has_value(); });
}

TEST_F(StageStore, DigestsTellGraphsApartByOneWeight)
{
    auto changed = std::make_shared<Graph>(*m_graph);
    for (TensorInfo &tensor : changed->tensors)
        if (tensor.constant) {
            auto weights = std::make_shared<Tensor>(*tensor.constant);
            weights->as<float>()[0] += 1e-6F;
            tensor.constant = std::move(weights);
        }
    EXPECT_EQ(graphDigest(*m_graph), graphDigest(Graph(*m_graph)));
    EXPECT_NE(graphDigest(*m_graph), graphDigest(*changed));
    EXPECT_NE(digestOfParts({"ab", "c"}), digestOfParts({"a", "bc"}));
}

TEST(KeptStage, SaysAgainWhatTheStageSaid)
{
    const KeptStage stage{{LedgerEntry{{"preset", "a", "b", "c"}}, AllocationCell{1, 2, 0.5}},
                          Bytes(3)};
    const auto back = decodeKeptStage(encodeKeptStage(stage));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->events.size(), 2U);
    EXPECT_EQ(std::get<LedgerEntry>(back->events[0]).row.used, "b");
    EXPECT_FALSE(isKeptEvent(StageProgress{}));
    EXPECT_FALSE(decodeKeptStage(asBytes("nonsense")));
}
