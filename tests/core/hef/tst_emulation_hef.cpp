// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/emulation_hef.h"

#include "base/hash.h"
#include "hef/hef_reader.h"
#include "hef_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefstudio {

namespace {

using test::singleContext;
using test::threeContexts;

Hef written(const EmulationHefContent &content)
{
    auto bytes = emulationHefBytes(content);
    auto hef = Hef::fromBytes(bytes ? std::move(*bytes) : Bytes(), "tiny.hef");
    EXPECT_TRUE(hef);
    return std::move(*hef);
}

std::string failureOf(const EmulationHefContent &content)
{
    const auto bytes = emulationHefBytes(content);
    return bytes ? std::string() : bytes.error().front().id;
}

TEST(EmulationHef, IsWhatWasAskedFor)
{
    const Hef hef = written(threeContexts(HefChip::hailo8l));
    EXPECT_TRUE(hef.loads());
    EXPECT_TRUE(hef.isEmulation());
    EXPECT_TRUE(verifyHashes(hef.container()));
    EXPECT_EQ(hef.arch().name(), "HAILO8L");
    EXPECT_EQ(hef.sdkVersion(), "HEF Studio 9.8.7 (emulation, does not run on a chip)");
    EXPECT_EQ(hef.timestampMs(), 1234U);
    ASSERT_EQ(hef.groups().size(), 1U);
    const HefNetworkGroupView &group = hef.groups()[0];
    EXPECT_EQ(group.name, "tiny_emulation");
    EXPECT_THAT(group.layouts, testing::ElementsAre(51, 204));
    EXPECT_EQ(group.contexts.size(), 3U);
    EXPECT_EQ(group.framesPerSecond, 100);
    EXPECT_THAT(group.sortedOutputs,
                testing::ElementsAre("tiny_emulation/classes", "tiny_emulation/boxes"));
    ASSERT_EQ(group.outputs.size(), 2U);
    const HefVStream &boxes = group.outputs[1];
    EXPECT_EQ(boxes.quantisation.scale, 0.25F);
    EXPECT_EQ(boxes.quantisation.zeroPoint, 100);
    EXPECT_EQ(boxes.quantisation.limitHigh, 16358.75F);
    EXPECT_EQ(boxes.frameBytes(), 5U * 7 * 21 * 2);
}

TEST(EmulationHef, TransfersNameBothSides)
{
    const Hef hef = written(threeContexts(HefChip::hailo8));
    std::vector<std::string> lines;
    for (const HefTransfer &t : hef.groups()[0].transfers) {
        std::string line = t.name + (t.direction == HefDirection::output ? " out of " : " into ") +
                           std::to_string(t.context) + ":";
        for (const std::size_t other : t.connectedContexts)
            line += " " + std::to_string(other);
        lines.push_back(line);
    }
    EXPECT_THAT(lines, testing::ElementsAre("mid out of 0: 1 2", "mid into 1: 0",
                                            "late out of 1: 2", "mid into 2: 0", "late into 2: 1"));
    // The stream indices cross-reference each other.
    const oracle::ProtoHEFHef message = test::messageOf(hef);
    const auto &coreOp = message.network_groups(0).ops(0).core_op();
    const auto &producer = coreOp.contexts(1).metadata().edge_layers(2);
    const auto &consumer = coreOp.contexts(2).metadata().edge_layers(1);
    EXPECT_EQ(producer.context_switch_info().connected_contexts(0).sys_index(),
              consumer.layer_info().edge_layer_base().sys_index());
    EXPECT_EQ(consumer.context_switch_info().connected_contexts(0).sys_index(),
              producer.layer_info().edge_layer_base().sys_index());
}

TEST(EmulationHef, BothLayoutsOfAHailo8LAreTheSame)
{
    const Hef hef = written(threeContexts(HefChip::hailo8l));
    const oracle::ProtoHEFHef message = test::messageOf(hef);
    const auto &coreOp = message.network_groups(0).ops(0).core_op();
    ASSERT_EQ(coreOp.partial_core_ops_size(), 2);
    EXPECT_EQ(coreOp.contexts_size(), 0);
    EXPECT_EQ(coreOp.partial_core_ops(0).core_op().SerializeAsString(),
              coreOp.partial_core_ops(1).core_op().SerializeAsString());
}

TEST(EmulationHef, BlobsComeBackByName)
{
    const EmulationHefContent content = singleContext(HefChip::hailo8);
    const Hef hef = written(content);
    for (const HefBlob &blob : content.blobs) {
        const auto bytes = hef.resource(blob.name);
        ASSERT_TRUE(bytes) << blob.name;
        EXPECT_THAT(*bytes, testing::ElementsAreArray(blob.bytes));
    }
    const auto missing = hef.resource("nothing");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().front().id, "hef.no-such-resource");
}

TEST(EmulationHef, ADamagedBlobIsNotHandedOut)
{
    auto bytes = emulationHefBytes(singleContext(HefChip::hailo8));
    ASSERT_TRUE(bytes);
    const auto file = parseHefContainer(*bytes, "tiny.hef");
    (*bytes)[file->ccwOrigin + 50] ^= std::byte(1); // inside the program
    const auto hef = Hef::fromBytes(std::move(*bytes), "tiny.hef");
    ASSERT_TRUE(hef);
    const auto program = hef->resource(hefProgramResourceName);
    ASSERT_FALSE(program);
    EXPECT_EQ(program.error().front().id, "hef.resource-hash");
    EXPECT_TRUE(hef->resource("hefstudio.notes"));
}

TEST(EmulationHef, SameContentSameBytes)
{
    for (const HefChip chip : {HefChip::hailo8, HefChip::hailo8l})
        EXPECT_EQ(*emulationHefBytes(threeContexts(chip)), *emulationHefBytes(threeContexts(chip)));
}

TEST(EmulationHef, UnknownFieldsSurviveARewrite)
{
    const auto bytes = emulationHefBytes(singleContext(HefChip::hailo8));
    const Bytes strange = test::edited(*bytes, [](oracle::ProtoHEFHef &hef) {
        hef.GetReflection()->MutableUnknownFields(&hef)->AddLengthDelimited(4000, "later");
        auto *group = hef.mutable_network_groups(0);
        group->GetReflection()->MutableUnknownFields(group)->AddVarint(99, 5);
    });
    const Bytes rewritten = test::edited(strange, [](oracle::ProtoHEFHef &) {});
    EXPECT_EQ(strange, rewritten);
    const auto hef = Hef::fromBytes(strange, "strange.hef");
    ASSERT_TRUE(hef);
    EXPECT_TRUE(hef->loads());
    EXPECT_FALSE(hef->isEmulation()) << "the fence takes nothing it does not know";
    EXPECT_TRUE(hef->hasProgram());
}

TEST(EmulationHef, RowsAreWholeWordsAndFitTheirFields)
{
    EmulationHefContent content = singleContext(HefChip::hailo8);
    HefEdge &boxes = content.contexts[0].edges[1];
    const auto base = [&]() -> oracle::ProtoHEFEdgeLayerBase {
        const Hef hef = written(content);
        return test::messageOf(hef)
            .network_groups(0)
            .ops(0)
            .core_op()
            .contexts(0)
            .metadata()
            .edge_layers(1)
            .layer_info()
            .edge_layer_base();
    };
    EXPECT_EQ(base().padded_width(), 8U); // 8 x 21 x 2 is a multiple of 8, 7 x 21 x 2 is not
    EXPECT_EQ(base().core_bytes_per_buffer(), 336U);
    boxes.width = 8400;
    boxes.features = 64;
    const auto wide = base();
    EXPECT_LE(wide.core_bytes_per_buffer(), 65535U);
    EXPECT_EQ(std::uint64_t(wide.core_bytes_per_buffer()) * wide.core_buffers_per_frame(),
              std::uint64_t(5) * 8400 * 64 * 2);
}

TEST(EmulationHef, RefusesImpossibleContent)
{
    const EmulationHefContent good = threeContexts(HefChip::hailo8l);
    EXPECT_EQ(failureOf(good), "");
    const auto with = [&](const std::function<void(EmulationHefContent &)> &change) {
        EmulationHefContent content = good;
        change(content);
        return failureOf(content);
    };
    EXPECT_EQ(with([](auto &c) { c.contexts.clear(); }), "hef.no-context");
    EXPECT_EQ(with([](auto &c) { c.groupName = "tiny"; }), "hef.content-invalid");
    EXPECT_EQ(with([](auto &c) { c.groupName = std::string(128, 'x') + "_emulation"; }),
              "hef.name-too-long");
    EXPECT_EQ(with([](auto &c) { c.contexts[0].edges[0].name = std::string(128, 'x'); }),
              "hef.name-too-long");
    EXPECT_EQ(with([](auto &c) { c.contexts[0].edges[0].name.clear(); }), "hef.content-invalid");
    EXPECT_EQ(with([](auto &c) { c.contexts[0].edges[0].name = "tiny_emulation/boxes"; }),
              "hef.duplicate-name");
    EXPECT_EQ(with([](auto &c) { c.blobs[1].name = c.blobs[0].name; }), "hef.duplicate-name");
    EXPECT_EQ(with([](auto &c) { c.sortedOutputs.pop_back(); }), "hef.content-invalid");
    EXPECT_EQ(with([](auto &c) { c.contexts[1].edges[0].connectedContexts = {2}; }),
              "hef.content-invalid");
    EXPECT_EQ(with([](auto &c) { c.contexts[1].edges[0].connectedContexts.clear(); }),
              "hef.content-invalid");
    EXPECT_EQ(with([](auto &c) { c.contexts[1].edges[0].height = 99; }), "hef.content-invalid");
    EXPECT_EQ(with([](auto &c) { c.contexts[0].edges[0].dataBytes = 4; }), "hef.content-invalid");
    EXPECT_EQ(with([](auto &c) { c.contexts[0].edges[0].height = 0; }), "hef.shape-too-large");
    EXPECT_EQ(with([](auto &c) { c.contexts[0].edges[0].height = 1 << 23; }),
              "hef.shape-too-large");
}

TEST(EmulationHef, GroupNamesSayEmulationAndAreShort)
{
    EXPECT_EQ(emulationGroupName("yolo11n"), "yolo11n_emulation");
    EXPECT_EQ(emulationGroupName("../näme, with\nline"), "___n__me__with_line_emulation");
    EXPECT_EQ(emulationGroupName(""), "model_emulation");
    EXPECT_EQ(emulationGroupName(std::string(500, 'a')).size(), 64U);
}

} // namespace

} // namespace hefstudio
