// Whatever the bytes, a reader answers; it never crashes. The sanitizer build gives this its teeth.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/fence.h"
#include "hef/hef_reader.h"
#include "hef/inspect.h"
#include "hef/parse_hef_text.h"
#include "hef_world.h"
#include "shared_folder.h"

#include <gtest/gtest.h>

#include <random>

namespace hefstudio {

namespace {

// Everything that reads a file, on these bytes; true when it could be opened.
bool readEverything(const Bytes &bytes)
{
    const auto hef = Hef::fromBytes(bytes, "hostile.hef");
    if (!hef)
        return false;
    for (const ParseHefRelease release : {ParseHefRelease::v4_23, ParseHefRelease::v5_2})
        (void)parseHefText(*hef, {.release = release, .streams = true});
    for (const HefResource &resource : hef->resources())
        (void)hef->resource(resource.name);
    EXPECT_FALSE(hefOverviewText(*hef).empty());
    EXPECT_FALSE(hefInspectJson(*hef).empty());
    (void)checkFence(bytes);
    return true;
}

TEST(HefRobustness, EveryPrefixIsAnswered)
{
    const auto bytes = emulationHefBytes(test::threeContexts(HefChip::hailo8l));
    ASSERT_TRUE(bytes);
    for (std::size_t size = 0; size < bytes->size(); ++size)
        EXPECT_FALSE(readEverything(Bytes(bytes->begin(), bytes->begin() + std::ptrdiff_t(size))));
    EXPECT_TRUE(readEverything(*bytes));
}

TEST(HefRobustness, EveryPrefixOfTheMessageIsAnswered)
{
    const auto bytes = emulationHefBytes(test::threeContexts(HefChip::hailo8));
    ASSERT_TRUE(bytes);
    const std::string message = test::messageOf(*bytes).SerializeAsString();
    for (std::size_t size = 1; size < message.size(); ++size) {
        oracle::ProtoHEFHef part;
        if (part.ParseFromArray(message.data(), static_cast<int>(size)))
            readEverything(test::sealed(part, {}));
    }
}

TEST(HefRobustness, FlippedBytesAreAnswered)
{
    std::mt19937 random(20261121);
    for (const HefChip chip : {HefChip::hailo8, HefChip::hailo8l}) {
        const auto whole = emulationHefBytes(test::threeContexts(chip));
        ASSERT_TRUE(whole);
        for (int round = 0; round < 1500; ++round) {
            Bytes bytes = *whole;
            const auto flips = 1 + random() % 4;
            for (unsigned i = 0; i < flips; ++i)
                bytes[random() % bytes.size()] = std::byte(random() & 0xff);
            readEverything(bytes);
        }
    }
}

TEST(HefRobustness, FlippedBytesOfRealFilesAreAnswered)
{
    REQUIRE_SHARED_FOLDER(shared);
    const auto whole = readFile(shared / "hefs" / "scrfd_2.5g-hailo15h-v3.hef");
    ASSERT_TRUE(whole);
    std::mt19937 random(7);
    constexpr std::size_t messageBytes = 16878;
    for (int round = 0; round < 60; ++round) {
        Bytes bytes = *whole;
        for (int i = 0; i < 3; ++i)
            bytes[56 + random() % messageBytes] = std::byte(random() & 0xff);
        readEverything(bytes);
    }
}

TEST(HefRobustness, NestingIsBounded)
{
    const auto bytes = emulationHefBytes(test::singleContext(HefChip::hailo8));
    const Bytes nested = test::edited(*bytes, [](oracle::ProtoHEFHef &hef) {
        auto *edge = hef.mutable_network_groups(0)
                         ->mutable_ops(0)
                         ->mutable_core_op()
                         ->mutable_contexts(0)
                         ->mutable_metadata()
                         ->mutable_edge_layers(1);
        edge->set_edge_layer_type(oracle::PROTO__EDGE_LAYER_TYPE__MUX);
        const oracle::ProtoHEFEdgeLayerInfo leaf = edge->layer_info();
        auto *mux = edge->mutable_layer_mux();
        *mux->mutable_edge_layer_base() = leaf.edge_layer_base();
        for (int depth = 0; depth < 30; ++depth) {
            mux->mutable_mux_data()->set_number_of_predecessors(1);
            mux = mux->add_predecessors()->mutable_layer_mux();
            *mux->mutable_edge_layer_base() = leaf.edge_layer_base();
        }
    });
    const auto hef = Hef::fromBytes(nested, "nested.hef");
    ASSERT_TRUE(hef);
    EXPECT_FALSE(hef->loads());
    EXPECT_EQ(hef->checks().front().id, "hef.edge-form");
}

} // namespace

} // namespace hefstudio
