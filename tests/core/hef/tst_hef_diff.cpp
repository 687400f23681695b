// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_diff.h"

#include "hef_world.h"
#include "schema_check.h"
#include "shared_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hefstudio {

namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;

Hef opened(Bytes bytes)
{
    return *Hef::fromBytes(std::move(bytes), "tiny.hef");
}

Bytes original(HefChip chip = HefChip::hailo8l)
{
    return *emulationHefBytes(test::threeContexts(chip));
}

HefDiff after(const std::function<void(EmulationHefContent &)> &change,
              HefChip chip = HefChip::hailo8l)
{
    EmulationHefContent content = test::threeContexts(chip);
    change(content);
    return diffHefs(opened(original(chip)), opened(*emulationHefBytes(content)));
}

// path, a, b of each difference, one line each.
std::vector<std::string> lines(const HefDiff &diff)
{
    std::vector<std::string> all;
    for (const HefDifference &d : diff.differences)
        all.push_back(d.path + ": " + d.a + " / " + d.b);
    return all;
}

TEST(HefDiff, TheSameBytesAreTheSame)
{
    const HefDiff diff = diffHefs(opened(original()), opened(original()));
    EXPECT_TRUE(diff.isSame());
    EXPECT_EQ(diff.sentence(), "The files are the same.");
}

TEST(HefDiff, NamesTheScaleOfAnOutputOnce)
{
    const HefDiff diff = after([](auto &content) { content.contexts[1].edges[1].scale = 0.5F; });
    EXPECT_THAT(lines(diff),
                testing::ElementsAre("network_groups[0].outputs[tiny_emulation/boxes].scale: "
                                     "0.25 / 0.5"));
    EXPECT_EQ(diff.differences[0].meaning, "the scale of output tiny_emulation/boxes");
    EXPECT_EQ(diff.sentence(), "The files differ in outputs.");
}

TEST(HefDiff, NamesAChangedOutputOrder)
{
    const HefDiff diff = after([](auto &content) { std::ranges::reverse(content.sortedOutputs); });
    EXPECT_THAT(diff.differences,
                Contains(Field(&HefDifference::meaning, "the order of the outputs")));
}

TEST(HefDiff, NamesARenamedInput)
{
    const HefDiff diff =
        after([](auto &content) { content.contexts[0].edges[0].name = "tiny_emulation/picture"; });
    EXPECT_THAT(lines(diff), Contains("network_groups[0].inputs[tiny_emulation/input_layer1].name: "
                                      "tiny_emulation/input_layer1 / tiny_emulation/picture"));
}

TEST(HefDiff, NamesChipContextsAndBuffersOfUnlikeFiles)
{
    const HefDiff diff = diffHefs(opened(original()),
                                  opened(*emulationHefBytes(test::singleContext(HefChip::hailo8))));
    EXPECT_THAT(lines(diff), Contains("arch: Hailo-8L / Hailo-8"));
    EXPECT_THAT(lines(diff), Contains("network_groups[0].contexts: 3 / 1"));
    EXPECT_THAT(diff.differences,
                Contains(Field(&HefDifference::path, HasSubstr(".transfers[mid into 2]"))));
    EXPECT_THAT(diff.sentence(), testing::StartsWith("The files differ in chip, "));
}

TEST(HefDiff, NamesAHostStepsThreshold)
{
    const auto withStep = [](double threshold) {
        return opened(test::edited(original(HefChip::hailo8), [&](oracle::ProtoHEFHef &hef) {
            auto &group = *hef.mutable_network_groups(0);
            auto &op = *group.add_ops();
            op.add_input_pads()->set_index(10);
            op.add_output_pads()->set_name("tiny_emulation/host");
            auto &edge = *group.add_pad_edges();
            edge.set_src(0);
            edge.set_dst(10);
            group.add_sorted_outputs_order("tiny_emulation/host");
            op.mutable_nms_op()->set_nms_score_th(threshold);
            op.mutable_nms_op()->mutable_yolox_nms_op();
        }));
    };
    const HefDiff diff = diffHefs(withStep(0.25), withStep(0.5));
    EXPECT_THAT(lines(diff),
                Contains("network_groups[0].host_ops[0].Score threshold: 0.250 / 0.500"));
    // What the text rounds away is found in the message.
    EXPECT_THAT(lines(diffHefs(withStep(0.25), withStep(0.2500001))),
                testing::ElementsAre("network_groups[0].ops[1].nms_op.nms_score_th: "
                                     "0.25 / 0.2500001"));
}

TEST(HefDiff, NamesBlobsAndFieldsNobodyKnows)
{
    const HefDiff blob = after([](auto &content) { content.blobs[0].bytes[5] = std::byte(99); });
    EXPECT_THAT(blob.differences,
                Contains(Field(&HefDifference::path, "resources[hefstudio.program]")));
    const Bytes strange = test::edited(original(), [](oracle::ProtoHEFHef &hef) {
        hef.GetReflection()->MutableUnknownFields(&hef)->AddVarint(4000, 7);
    });
    EXPECT_THAT(lines(diffHefs(opened(original()), opened(strange))), Contains("field 4000:  / 7"));
}

TEST(HefDiff, AnyChangedByteIsADifference)
{
    const Bytes whole = original();
    for (std::size_t i = 12; i < whole.size(); i += 3) {
        Bytes changed = whole;
        changed[i] ^= std::byte(1);
        const auto other = Hef::fromBytes(changed, "changed.hef");
        if (other) {
            EXPECT_FALSE(diffHefs(opened(whole), *other).isSame()) << i;
        }
    }
}

TEST(HefDiff, JsonHasItsKeys)
{
    const Hef a = opened(original());
    const Hef b = opened(*emulationHefBytes(test::singleContext(HefChip::hailo8)));
    EXPECT_EQ(test::schemaFault(hefDiffJson(a, b, diffHefs(a, b)), "diff"), "");
    const auto document = nlohmann::json::parse(hefDiffJson(a, b, diffHefs(a, b)));
    EXPECT_EQ(document["same"], false);
    for (const char *key : {"path", "a", "b", "meaning"})
        EXPECT_TRUE(document["differences"][0].contains(key)) << key;
    EXPECT_EQ(nlohmann::json::parse(hefDiffJson(a, a, diffHefs(a, a)))["same"], true);
}

TEST(HefDiff, RealFilesOfTwoHeaderVersionsDiffer)
{
    REQUIRE_SHARED_FOLDER(shared);
    const auto v1 = Hef::open(shared / "hefs" / "arcface_mobilefacenet-hailo8-v1.hef");
    const auto v2 = Hef::open(shared / "hefs" / "arcface_mobilefacenet-hailo8-v2.hef");
    ASSERT_TRUE(v1 && v2);
    const HefDiff diff = diffHefs(*v1, *v2);
    EXPECT_THAT(lines(diff), Contains("header.version: 1 / 2"));
    EXPECT_THAT(diff.sentence(), HasSubstr("compiler"));
}

} // namespace

} // namespace hefstudio
