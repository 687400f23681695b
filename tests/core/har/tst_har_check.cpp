// SPDX-License-Identifier: GPL-3.0-or-later
#include "har/har_check.h"

#include "result_matchers.h"
#include "rule_archive.h"
#include "schema_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace hefstudio {
namespace {

using nlohmann::json;
using testing::HasSubstr;

HarArchive opened(const test::VendorArchive &archive)
{
    auto har = HarArchive::fromBytes(archive.bytes(), "tiny.har");
    EXPECT_TRUE(har) << failureText(har);
    return *har;
}

HarCheck checked(const test::VendorArchive &archive)
{
    auto check = checkHar(opened(archive));
    EXPECT_TRUE(check) << failureText(check);
    return *check;
}

const HarLayerCheck &layer(const HarCheck &check, const std::string &name)
{
    return *std::ranges::find(check.layers, "tiny/" + name, &HarLayerCheck::name);
}

// What has to be reached on archives made by the rules.
void expectAgreement(const HarCheck &check)
{
    const HarLayerCheck &sum = check.summary;
    EXPECT_GE(sum.scales.fraction(), 0.98);
    EXPECT_GE(sum.zeroPoint.fraction(), 0.98);
    EXPECT_GE(sum.shift.fraction(), 0.98);
    EXPECT_GE(sum.weights.fraction(), 0.99);
    EXPECT_GE(sum.biases.fraction(), 0.99);
    for (const HarLayerCheck &row : check.layers)
        EXPECT_EQ(row.notCovered, "") << row.name;
}

TEST(HarCheck, AgreesWithArchivesMadeByTheRules)
{
    for (unsigned seed = 1; seed <= 4; ++seed)
        for (const bool isWide : {false, true})
            for (const bool isSigmoid : {false, true}) {
                SCOPED_TRACE(testing::Message() << seed << (isWide ? " 16 bit" : " 8 bit")
                                                << (isSigmoid ? " sigmoid" : " linear"));
                expectAgreement(checked(
                    test::ruleArchive({.isWide = isWide, .isSigmoid = isSigmoid, .seed = seed})
                        .archive));
            }
}

TEST(HarCheck, FollowsAKickbackToTheLayerBefore)
{
    for (const bool isWide : {false, true}) {
        SCOPED_TRACE(isWide);
        const float bias = isWide ? 40000.0F : 400.0F;
        const HarCheck check =
            checked(test::ruleArchive({.isWide = isWide, .lastBias = bias}).archive);
        EXPECT_GT(*layer(check, "fc2").storedKickback, 0.05);
        EXPECT_EQ(*layer(check, "fc1").storedKickback, 0);
        expectAgreement(check);
        EXPECT_TRUE(layer(check, "fc1").scales.isWhole());
    }
}

TEST(HarCheck, KnowsInputsWithAZeroPointAndIdleChannels)
{
    const HarCheck check =
        checked(test::ruleArchive({.hasSignedInput = true, .firstBias = -100}).archive);
    expectAgreement(check);
    EXPECT_TRUE(layer(check, "conv1").biases.isWhole());
}

TEST(HarCheck, FindsTheLayerThatDiffers)
{
    auto made = test::ruleArchive({});
    auto &kernel = made.integers.at("tiny/conv2/kernel:0");
    for (std::size_t i = 0; i < 100; ++i)
        kernel.as<std::int16_t>()[i] ^= 1;
    made.integers.at("tiny/fc1/output_stage/mult_shift:0").as<std::int32_t>()[0] += 1;
    made.integers.at("tiny/conv1/zero_point_out:0").as<std::int32_t>()[0] = 3;
    made.integers.at("tiny/conv1/layer_params/output_scales:0").as<float>()[2] *= 1.001F;
    made.integers.at("tiny/fc2/bias:0").as<std::int32_t>()[1] += 1;
    const HarCheck check = checked(test::withIntegers(made.archive, made.integers));
    EXPECT_EQ(layer(check, "conv2").weights.all - layer(check, "conv2").weights.equal, 100);
    EXPECT_FALSE(layer(check, "fc1").shift.isWhole());
    EXPECT_FALSE(layer(check, "conv1").zeroPoint.isWhole());
    EXPECT_EQ(layer(check, "conv1").scales.equal, 7);
    EXPECT_EQ(layer(check, "fc2").biases.equal, 3);
    EXPECT_TRUE(layer(check, "fc2").weights.isWhole());
    EXPECT_TRUE(layer(check, "maxpool1").scales.isWhole());
}

TEST(HarCheck, NamesWhatItHasNoRuleFor)
{
    auto made = test::ruleArchive({});
    std::string network(reinterpret_cast<const char *>(made.archive.members.front().bytes.data()),
                        made.archive.members.front().bytes.size());
    ASSERT_EQ(made.archive.members.front().name, "tiny.hn");
    const auto swap = [&](const std::string &what, const std::string &to) {
        network.replace(network.find(what), what.size(), to);
    };
    swap(R"("type": "conv")", R"("type": "dw")");
    made.archive.put("tiny.hn", network);
    const HarCheck check = checked(made.archive);
    EXPECT_EQ(layer(check, "conv1").notCovered, "no rule is known for layers of type dw");
    EXPECT_NE(layer(check, "maxpool1").notCovered, "");
    // What reads it is computed from the scales that the archive states.
    EXPECT_EQ(layer(check, "conv2").notCovered, "");
    EXPECT_TRUE(layer(check, "conv2").weights.isWhole());
    const auto document = json::parse(harCheckJson(opened(made.archive), check));
    EXPECT_EQ(document["summary"]["layers_not_covered"], 2);
    EXPECT_TRUE(document["layers"][1]["scale_equal"].is_null());
    EXPECT_THAT(harCheckText(opened(made.archive), check), HasSubstr("Not checked: 2 of 8 layers"));
}

TEST(HarCheck, WantsAQuantisedArchive)
{
    EXPECT_EQ(failureId(checkHar(opened(test::parsedArchive()))), "har.no-part");
}

TEST(HarCheck, AnswersForArchivesWithMissingAndOddArrays)
{
    const auto made = test::ruleArchive({});
    for (const auto &[key, tensor] : made.integers) {
        NamedTensors integers = made.integers;
        integers.erase(key);
        (void)checked(test::withIntegers(made.archive, integers));
        integers[key] = Tensor(ElementType::float32, Shape{0});
        (void)checked(test::withIntegers(made.archive, integers));
        integers[key] = Tensor::of<float>({2}, {-1, 1e30F});
        (void)checked(test::withIntegers(made.archive, integers));
    }
}

TEST(HarCheck, TheDocumentHasItsKeys)
{
    const auto made = test::ruleArchive({});
    const auto document = json::parse(harCheckJson(opened(made.archive), checked(made.archive)));
    const auto &conv = document["layers"][1];
    for (const char *key : {"name", "scale_equal", "zero_point_equal", "weights_equal_fraction",
                            "shift_equal", "bias_equal_fraction"})
        EXPECT_TRUE(conv.contains(key)) << key;
    for (const char *key : {"scale_equal", "zero_point_equal", "weights_equal_fraction",
                            "shift_equal", "bias_equal_fraction"})
        EXPECT_EQ(document["summary"][key], 1) << key;
    EXPECT_TRUE(document["layers"][0]["shift_equal"].is_null());
    EXPECT_EQ(test::schemaFault(document.dump(), "har-check"), "");
    EXPECT_EQ(conv["scale_equal"], true);
}

} // namespace
} // namespace hefstudio
