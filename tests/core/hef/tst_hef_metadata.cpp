// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_metadata.h"

#include "hef/fence.h"
#include "hef/hef_reader.h"
#include "hef/inspect.h"
#include "hef_world.h"
#include "result_matchers.h"
#include "schema_check.h"
#include "shared_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hefstudio {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Direction = HefEdge::Direction;

Hef opened(Bytes bytes)
{
    auto hef = Hef::fromBytes(std::move(bytes), "tiny.hef");
    EXPECT_TRUE(hef) << failureText(hef);
    return *hef;
}

Hef tiny()
{
    return opened(*emulationHefBytes(test::singleContext(HefChip::hailo8l)));
}

Bytes labelled(const Hef &hef, std::vector<std::string> labels)
{
    auto bytes = attachMetadata(hef, {.model = {}, .labels = std::move(labels)});
    EXPECT_TRUE(bytes) << failureText(bytes);
    return *bytes;
}

// A file whose outputs have these sizes (height, width, features) behind a 64×64 picture.
struct Size {
    std::int64_t height, width, features;
    float limitHigh = 255;
};
Hef withOutputs(const std::vector<Size> &sizes)
{
    EmulationHefContent content = test::singleContext(HefChip::hailo8l);
    content.contexts.resize(1);
    content.contexts[0].edges = {
        test::boundary(content.groupName + "/images", Direction::hostToDevice, 64, 64, 3)};
    content.sortedOutputs.clear();
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const Size &s = sizes[i];
        const std::string name = content.groupName + "/conv" + std::to_string(i);
        auto edge = test::boundary(name, Direction::deviceToHost, s.height, s.width, s.features);
        edge.limitHigh = s.limitHigh;
        content.contexts[0].edges.push_back(edge);
        content.sortedOutputs.push_back(name);
    }
    auto bytes = emulationHefBytes(content);
    EXPECT_TRUE(bytes) << failureText(bytes);
    return opened(*bytes);
}

std::vector<std::string> typesOf(const ModelMetadata &metadata)
{
    std::vector<std::string> types;
    for (const MetadataOutput &output : metadata.outputs)
        types.push_back(output.type);
    return types;
}

TEST(HefMetadata, AFileWithoutHasNone)
{
    const HefMetadata metadata = readHefMetadata(tiny());
    EXPECT_FALSE(metadata.zip);
    EXPECT_EQ(test::schemaFault(hefMetadataJson(tiny()), "metadata"), "");
    EXPECT_THAT(metadata.problems, IsEmpty());
    EXPECT_EQ(failureId(detachMetadata(tiny())), "metadata.none");
}

TEST(HefMetadata, AttachedIsReadAndDetachedToTheByte)
{
    const Hef hef = tiny();
    const Hef with = opened(labelled(hef, {"cup", "lid"}));
    const HefMetadata metadata = readHefMetadata(with);
    ASSERT_TRUE(metadata.zip);
    EXPECT_TRUE(metadata.zip->isSealed);
    EXPECT_THAT(metadata.labels, ElementsAre("cup", "lid"));
    ASSERT_TRUE(metadata.model);
    EXPECT_THAT(metadata.model->labels, ElementsAre("cup", "lid"));
    EXPECT_EQ(metadata.model->outputs.size(), hef.groups()[0].outputs.size());
    EXPECT_THAT(metadata.problems, IsEmpty());
    EXPECT_EQ(test::schemaFault(hefMetadataJson(with), "metadata"), "");
    const auto original = detachMetadata(with);
    ASSERT_TRUE(original) << failureText(original);
    EXPECT_TRUE(std::ranges::equal(*original, hef.container().bytes));
    // The fence of an emulation HEF holds with and without.
    EXPECT_TRUE(checkFence(with.container().bytes));
    EXPECT_TRUE(with.isEmulation());
}

TEST(HefMetadata, WhatIsNotGivenStays)
{
    const Hef hef = tiny();
    ModelMetadata model = describeHef(hef);
    model.description = "of a kitchen";
    const Hef first = opened(*attachMetadata(hef, {.model = model, .labels = {{"cup"}}}));
    const Hef second = opened(labelled(first, {"pan", "pot"}));
    const HefMetadata metadata = readHefMetadata(second);
    EXPECT_EQ(metadata.model->description, "of a kitchen");
    EXPECT_THAT(metadata.labels, ElementsAre("pan", "pot"));
    EXPECT_TRUE(std::ranges::equal(*detachMetadata(second), hef.container().bytes));
}

TEST(HefMetadata, ASealedFileSaysWhatItWas)
{
    const Hef hef = tiny();
    const Hef with = opened(labelled(hef, {"cup"}));
    const auto converter = nlohmann::json::parse(readHefMetadata(with).model->converter);
    EXPECT_EQ(converter["original"]["bytes"], hef.container().bytes.size());
    EXPECT_EQ(converter["original"]["checksum"], hef.container().header.storedChecksum);
    const auto plain =
        attachMetadata(with, {.model = {}, .labels = {}, .placement = ZipPlacement::appended});
    const HefMetadata appended = readHefMetadata(opened(*plain));
    EXPECT_FALSE(appended.zip->isSealed);
    EXPECT_EQ(appended.model->converter.find("original"), std::string::npos);
}

TEST(HefMetadata, AnEditedOriginalIsNotGivenBackAsTheOriginal)
{
    const Hef with = opened(labelled(tiny(), {"cup"}));
    const auto members = *membersOfZip(with.container());
    // Another HEF under the same metadata.
    const auto other = *emulationHefBytes(test::singleContext(HefChip::hailo8));
    const auto forged = *withZip(*parseHefContainer(other, "other.hef"), members);
    EXPECT_EQ(failureId(detachMetadata(opened(forged))), "metadata.original-differs");
}

TEST(HefMetadata, MetadataOfAnotherModelIsRefused)
{
    const Hef hef = tiny();
    ModelMetadata model = describeHef(hef);
    model.input.shape[1] += 1;
    model.input.axes[1].size += 1;
    EXPECT_EQ(failureId(attachMetadata(hef, {.model = model, .labels = {}})),
              "metadata.input-mismatch");
    model = describeHef(hef);
    model.outputs[0].name = "no/such";
    const auto mismatches = metadataMismatches(model, hef);
    ASSERT_EQ(mismatches.size(), 1);
    EXPECT_EQ(mismatches[0].id, "metadata.output-mismatch");
}

TEST(HefMetadata, ADamagedDocumentIsAProblemNotAFailure)
{
    const Hef hef = tiny();
    const std::vector<ArchiveMember> members{{"edgefirst.json", Bytes(1, std::byte('{'))}};
    const Hef with = opened(*withZip(hef.container(), members));
    const HefMetadata metadata = readHefMetadata(with);
    ASSERT_EQ(metadata.problems.size(), 1);
    EXPECT_EQ(metadata.problems[0].id, "json.malformed");
    EXPECT_FALSE(hefOverviewText(with).empty());
    EXPECT_EQ(test::schemaFault(hefMetadataJson(with), "metadata"), "");
    EXPECT_TRUE(std::ranges::equal(*detachMetadata(with), hef.container().bytes));
}

TEST(DescribeHef, TellsShapesAndQuantisation)
{
    const Hef hef = tiny();
    const ModelMetadata metadata = describeHef(hef);
    const HefVStream &stream = hef.groups()[0].outputs[0];
    const MetadataOutput &output = metadata.outputs[0];
    EXPECT_EQ(output.name, stream.name);
    EXPECT_EQ(output.dtype, stream.type == HefDataType::uint16 ? "uint16" : "uint8");
    EXPECT_THAT(output.quantisation->scales, ElementsAre(double(stream.quantisation.scale)));
    EXPECT_THAT(metadataMismatches(metadata, hef), IsEmpty());
}

TEST(DescribeHef, RecognisesHeadsByTheirGrids)
{
    const ModelMetadata detect =
        describeHef(withOutputs({{8, 8, 64}, {8, 8, 2, 1}, {4, 4, 64}, {4, 4, 2, 1}}));
    EXPECT_EQ(detect.task, "detection");
    EXPECT_THAT(typesOf(detect), ElementsAre("boxes", "scores"));
    EXPECT_THAT(detect.outputs[0].shape, ElementsAre(1, 4, 80));
    EXPECT_EQ(detect.outputs[0].children[1].stride, (std::array<double, 2>{16, 16}));
    EXPECT_EQ(detect.outputs[1].children[0].activationApplied, "sigmoid");
    EXPECT_THAT(metadataProblems(detect, "x"), IsEmpty());

    const ModelMetadata segment = describeHef(withOutputs(
        {{16, 16, 32}, {8, 8, 64}, {8, 8, 2}, {8, 8, 32}, {4, 4, 64}, {4, 4, 2}, {4, 4, 32}}));
    EXPECT_THAT(typesOf(segment), ElementsAre("boxes", "scores", "mask_coefs", "protos"));
    EXPECT_EQ(segment.outputs[1].activationRequired, "sigmoid");

    const ModelMetadata pose = describeHef(
        withOutputs({{8, 8, 64}, {8, 8, 1}, {8, 8, 51}, {4, 4, 64}, {4, 4, 1}, {4, 4, 51}}));
    EXPECT_EQ(pose.task, "pose");
    EXPECT_THAT(typesOf(pose), ElementsAre("boxes", "scores", "landmarks"));
}

TEST(DescribeHef, GuessesNothingWhereGridsDiffer)
{
    const ModelMetadata metadata =
        describeHef(withOutputs({{8, 8, 64}, {8, 8, 2}, {4, 4, 64}, {4, 4, 3}}));
    EXPECT_THAT(typesOf(metadata), ElementsAre("", "", "", ""));
    EXPECT_EQ(metadata.converter.find("guessed"), std::string::npos);
}

TEST(HefMetadata, RealFilesTakeMetadata)
{
    REQUIRE_SHARED_FOLDER(shared);
    for (const char *name : {"fast_depth-hailo8l-v0.hef", "arcface_mobilefacenet-hailo8-v1.hef",
                             "arcface_mobilefacenet-hailo8-v2.hef", "scrfd_2.5g-hailo15h-v3.hef"}) {
        const auto hef = Hef::open(shared / "hefs" / name);
        ASSERT_TRUE(hef) << name;
        const Hef with = opened(labelled(*hef, {"face"}));
        const HefMetadata metadata = readHefMetadata(with);
        EXPECT_TRUE(metadata.model) << name;
        EXPECT_THAT(metadata.problems, IsEmpty()) << name;
        EXPECT_EQ(integrityOf(with), HefIntegrity::intact) << name;
        EXPECT_TRUE(std::ranges::equal(*detachMetadata(with), hef->container().bytes)) << name;
    }
}

} // namespace
} // namespace hefstudio
