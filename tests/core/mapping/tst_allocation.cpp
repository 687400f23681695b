// SPDX-License-Identifier: GPL-3.0-or-later
#include "networks.h"

#include "base/diagnostic_catalogue.h"
#include "mapping/allocation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

namespace hefstudio {
namespace {

// A network of random layers and sizes: wide, deep, branching, with heavy weights.
Graph randomNetwork(std::uint64_t seed)
{
    std::mt19937_64 draw(seed);
    const auto pick = [&](std::uint64_t n) { return static_cast<std::int64_t>(draw() % n); };
    Network net("random");
    const std::int64_t channels = 8 << pick(6);
    const std::int64_t size = 4 << pick(5);
    std::vector<TensorId> values{net.input(channels, size, size)};
    const std::int64_t layers = 1 + pick(24);
    for (std::int64_t i = 0; i < layers; ++i) {
        const TensorId x = values[values.size() - 1 - draw() % std::min<std::size_t>(4, values.size())];
        switch (pick(8)) {
        case 0:
            values.push_back(net.add(x, values.back()));
            break;
        case 1:
            values.push_back(net.depthwise(x, 3, 1));
            break;
        case 2:
            values.push_back(net.maxPool(x, 5, 1));
            break;
        case 3:
            values.push_back(net.convolution(net.concat({x, values.back()}), channels, 1));
            break;
        default:
            values.push_back(net.convolution(x, channels, 1 + 2 * pick(2)));
            break;
        }
    }
    net.output(pick(3) == 0 ? net.connected(values.back(), 1 + pick(200)) : values.back());
    return net.finish();
}

// Sums per cluster and unit against what a cluster has.
void expectWithinLimits(const MappedContext &context, const DeviceModel &device)
{
    std::map<ClusterId, PlacedPiece> sums;
    std::map<LayerId, double> control;
    for (const PlacedPiece &piece : context.pieces) {
        ASSERT_LT(piece.cluster.index(), static_cast<std::size_t>(device.clusters));
        PlacedPiece &sum = sums[piece.cluster];
        sum.control += piece.control;
        sum.compute += piece.compute;
        sum.memoryBlocks += piece.memoryBlocks;
        sum.inputAligners += piece.inputAligners;
        sum.activation += piece.activation;
        EXPECT_LE(piece.compute, device.mostUnitsPerPiece + 1e-9);
        control[piece.layer] += piece.control;
    }
    for (const auto &[cluster, sum] : sums) {
        EXPECT_LE(sum.control, device.controlUnitsPerCluster);
        EXPECT_LE(sum.compute, device.computeUnitsPerCluster);
        EXPECT_LE(sum.memoryBlocks, device.weightBlocksPerCluster);
        EXPECT_LE(sum.inputAligners, device.inputAlignersPerCluster);
        EXPECT_LE(sum.activation, device.activationUnitsPerCluster);
    }
    EXPECT_EQ(control.size(), context.layers.size()) << "every layer has a place";
}

TEST(Allocation, NoClusterIsGivenMoreThanItHas)
{
    const std::uint64_t rounds = std::getenv("HEFSTUDIO_TEST_FULL") ? 10000 : 120;
    const std::vector<DeviceModel> devices = builtInDevices();
    int mapped = 0;
    for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
        const Graph graph = randomNetwork(seed);
        const DeviceModel &device = devices[seed % 2];
        const std::vector<int> bits(graph.tensors.size(), seed % 5 == 0 ? 16 : 8);
        const auto mapping = mapToDevice(graph, bits, device, {.mostIterations = 6}, {}, {});
        if (!mapping) {
            const std::string id = mapping.error().front().id;
            EXPECT_TRUE(id == "mapping.layer-too-large" || id == "mapping.no-room") << id;
            continue;
        }
        ++mapped;
        for (const MappedContext &context : mapping->contexts)
            expectWithinLimits(context, device);
        if (HasFailure())
            FAIL() << "seed " << seed;
    }
    EXPECT_GT(mapped, static_cast<int>(rounds) * 8 / 10);
    RecordProperty("mapped", mapped);
}

TEST(Allocation, NamesTheLayerAndTheUnitThatRanOut)
{
    // A chip of the usual size but for one unit.
    DeviceModel scarce = findDevice("hailo8l").value();
    scarce.activationUnitsPerCluster = 1.5;
    const Graph graph = chain(12, 32, 32);
    const PartitionCosts costs(graph, {}, scarce);
    const auto period = costs.shortestPeriod({0, costs.size()}, scarce.singleContext);
    ASSERT_TRUE(period);
    const auto pieces = allocate(costs, {0, costs.size()}, *period * 100);
    ASSERT_FALSE(pieces);
    EXPECT_EQ(pieces.error().unit, Unit::activation);
    EXPECT_TRUE(pieces.error().layer.isValid());
    const auto mapping = mapToDevice(graph, {}, scarce, {.contexts = 1}, {}, {});
    ASSERT_FALSE(mapping);
    EXPECT_EQ(mapping.error().front().id, "mapping.no-room");
    EXPECT_NE(consoleText(mapping.error().front()).find("activation units"), std::string::npos);
}

TEST(Allocation, NeighboursStandInOneCluster)
{
    const DeviceModel device = findDevice("hailo8").value();
    const Graph graph = chain(4, 16, 16);
    const PartitionCosts costs(graph, {}, device);
    const auto pieces = allocate(costs, {0, costs.size()}, 4e6);
    ASSERT_TRUE(pieces);
    ASSERT_EQ(pieces->size(), 4U);
    for (const PlacedPiece &piece : *pieces)
        EXPECT_EQ(piece.cluster, pieces->front().cluster);
    const auto shares = clusterShares(*pieces, device);
    EXPECT_EQ(shares.size(), 8U);
    EXPECT_DOUBLE_EQ(shares[0].utilisation.control, 4.0 / 16);
    EXPECT_EQ(shares[1].utilisation.control, 0);
}

} // namespace
} // namespace hefstudio
