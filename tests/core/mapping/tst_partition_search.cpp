// SPDX-License-Identifier: GPL-3.0-or-later
#include "networks.h"

#include "mapping/execution_order.h"
#include "mapping/frame_time.h"
#include "mapping/mapping.h"
#include "mapping/partition_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <random>
#include <set>

namespace hefstudio {
namespace {

const DeviceModel &device()
{
    static const DeviceModel model = findDevice("hailo8l").value();
    return model;
}

// Layers heavy enough that a handful of them wants several contexts.
Graph heavyNetwork(std::uint64_t seed, int layers, bool isChain)
{
    std::mt19937_64 draw(seed);
    Network net("heavy");
    std::vector<TensorId> values{net.input(128, 40, 40)};
    for (int i = 0; i < layers; ++i) {
        const std::size_t back = isChain ? 1 : 1 + draw() % std::min<std::size_t>(3, values.size());
        const TensorId x = values[values.size() - back];
        if (!isChain && i > 2 && draw() % 4 == 0)
            values.push_back(net.add(x, values.back()));
        else
            values.push_back(net.convolution(x, 128, draw() % 3 == 0 ? 1 : 3));
    }
    net.output(values.back());
    return net.finish();
}

// Every topological order.
void forEachOrder(const Graph &graph, const std::function<void(const std::vector<LayerId> &)> &use)
{
    std::vector<LayerId> order;
    std::set<TensorId> made(graph.inputs.begin(), graph.inputs.end());
    const std::function<void()> extend = [&] {
        bool isWhole = true;
        for (const Layer &layer : graph.layers) {
            if (made.contains(layer.output))
                continue;
            isWhole = false;
            const bool isReady = std::ranges::all_of(layer.inputs, [&](TensorId id) {
                return !id.isValid() || graph.tensor(id).isConstant() || made.contains(id);
            });
            if (!isReady)
                continue;
            order.push_back(layer.id);
            made.insert(layer.output);
            extend();
            made.erase(layer.output);
            order.pop_back();
        }
        if (isWhole)
            use(order);
    };
    extend();
}

// The least time over all cuts of one order.
double bestOfAllCuts(const PartitionCosts &costs)
{
    const std::size_t count = costs.size();
    std::map<std::pair<std::size_t, std::size_t>, std::optional<ContextTiming>> timings;
    for (std::size_t first = 0; first < count; ++first)
        for (std::size_t last = first + 1; last <= count; ++last)
            if (const auto period = costs.shortestPeriod({first, last}, device().multiContext))
                timings[{first, last}] = contextTiming(costs, {first, last}, *period);
    double best = std::numeric_limits<double>::max();
    std::vector<ContextTiming> contexts;
    for (std::uint64_t cuts = 1; cuts < std::uint64_t(1) << (count - 1); ++cuts) {
        contexts.clear();
        std::size_t first = 0;
        bool fits = true;
        for (std::size_t last = 1; fits && last <= count; ++last) {
            if (last < count && !(cuts >> (last - 1) & 1))
                continue;
            const auto &timing = timings[{first, last}];
            fits = timing.has_value();
            if (fits)
                contexts.push_back(*timing);
            first = last;
        }
        if (fits)
            best = std::min(best, batchMs(contexts, device(), device().links.front(), 1));
    }
    return best;
}

double found(const Graph &graph)
{
    double best = std::numeric_limits<double>::max();
    searchPartitions(graph, {}, device(), {.caps = device().multiContext},
                     [&](const PartitionCandidate &candidate) {
                         best = std::min(best, candidate.batchMs);
                     });
    return best;
}

TEST(PartitionSearch, ChainsAreCutWithinAPercentOfTheBestOfAllCuts)
{
    for (const int layers : {3, 8, 13, 16}) {
        const Graph graph = heavyNetwork(static_cast<std::uint64_t>(layers), layers, true);
        const double best = bestOfAllCuts(PartitionCosts(graph, {}, device()));
        EXPECT_LE(found(graph), best * 1.01) << layers << " layers";
        EXPECT_GE(found(graph), best * (1 - 1e-9)) << layers << " layers";
    }
}

TEST(PartitionSearch, BranchesAreCutWithinAPercentOfTheBestOfAllOrdersAndCuts)
{
    const int rounds = std::getenv("HEFSTUDIO_TEST_FULL") ? 40 : 6;
    for (int seed = 1; seed <= rounds; ++seed) {
        const Graph graph = heavyNetwork(static_cast<std::uint64_t>(seed), 7, false);
        double best = std::numeric_limits<double>::max();
        int orders = 0;
        forEachOrder(graph, [&](const std::vector<LayerId> &order) {
            if (++orders > 200)
                return;
            const PartitionCosts costs(graph, {}, device(), {.ratio = 1.5, .steps = 30}, order);
            best = std::min(best, bestOfAllCuts(costs));
        });
        EXPECT_LE(found(graph), best * 1.01) << "seed " << seed << ", " << orders << " orders";
    }
}

TEST(PartitionSearch, CandidatesStateTheirHashAndCost)
{
    const Graph graph = heavyNetwork(3, 40, false);
    std::vector<PartitionIteration> events;
    const auto mapping =
        mapToDevice(graph, {}, device(), {.contexts = 4, .seed = 7}, {}, [&](const Event &event) {
            if (const auto *iteration = std::get_if<PartitionIteration>(&event))
                events.push_back(*iteration);
        });
    ASSERT_TRUE(mapping);
    std::vector<PartitionCandidate> candidates;
    searchPartitions(graph, {}, device(),
                     {.caps = device().multiContext, .contexts = 4, .seed = 7},
                     [&](const PartitionCandidate &candidate) { candidates.push_back(candidate); });
    ASSERT_EQ(candidates.size(), events.size());
    ASSERT_GT(candidates.size(), 1U);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        EXPECT_EQ(events[i].candidate, partitionHash(candidates[i].contexts()));
        EXPECT_EQ(events[i].predictedFrameMs,
                  partitionMs(*candidates[i].costs, candidates[i].runs, device().multiContext, 1));
        EXPECT_EQ(events[i].contexts, 4);
    }
    std::vector<std::vector<LayerId>> contexts;
    for (const MappedContext &context : mapping->contexts)
        contexts.push_back(context.layers);
    const auto best = std::ranges::find(events, partitionHash(contexts),
                                        &PartitionIteration::candidate);
    ASSERT_NE(best, events.end());
    EXPECT_TRUE(best->isBest);
}

TEST(PartitionSearch, HashesTellContextsApart)
{
    const LayerId a(1), b(2);
    const std::vector<std::vector<LayerId>> together{{a, b}}, apart{{a}, {b}}, swapped{{b}, {a}};
    EXPECT_NE(partitionHash(together), partitionHash(apart));
    EXPECT_NE(partitionHash(apart), partitionHash(swapped));
    EXPECT_EQ(partitionHash(apart).size(), 16U);
}

TEST(PartitionSearch, EndsEarlyWithTheBestSoFarAndCanBeRepeated)
{
    const Graph graph = heavyNetwork(3, 40, false);
    const auto contextsOf = [](const Mapping &mapping) {
        std::vector<std::vector<LayerId>> contexts;
        for (const MappedContext &context : mapping.contexts)
            contexts.push_back(context.layers);
        return partitionHash(contexts);
    };
    std::stop_source enough;
    const auto ended = mapToDevice(graph, {}, device(), {.enough = enough.get_token()}, {},
                                   [&](const Event &event) {
                                       const auto *seen = std::get_if<PartitionIteration>(&event);
                                       if (seen && seen->contexts > 1)
                                           enough.request_stop();
                                   });
    ASSERT_TRUE(ended);
    const auto whole = mapToDevice(graph, {}, device(), {}, {}, {});
    const auto repeated =
        mapToDevice(graph, {}, device(), {.mostIterations = ended->iterations}, {}, {});
    ASSERT_TRUE(whole && repeated);
    EXPECT_LT(ended->iterations, whole->iterations);
    EXPECT_EQ(ended->iterations, repeated->iterations);
    EXPECT_EQ(contextsOf(*ended), contextsOf(*repeated));
}

TEST(ExecutionOrder, EveryStyleRunsEachLayerAfterItsOperands)
{
    const Graph graph = yolov8("yolov8n", 0.25, 1, 1024);
    for (const OrderStyle style :
         {OrderStyle::asWritten, OrderStyle::depthFirst, OrderStyle::late, OrderStyle::fewestLive,
          OrderStyle::disturbed}) {
        std::set<TensorId> made(graph.inputs.begin(), graph.inputs.end());
        const auto order = executionOrder(graph, style, 11);
        for (const LayerId id : order) {
            for (const TensorId input : graph.layer(id).inputs)
                EXPECT_TRUE(!input.isValid() || graph.tensor(input).isConstant() ||
                            made.contains(input));
            EXPECT_TRUE(made.insert(graph.layer(id).output).second);
        }
        EXPECT_EQ(order.size() + graph.inputs.size(), graph.layers.size());
    }
}

} // namespace
} // namespace hefstudio
