// Every form the writer has, read back: layouts, scales per feature, lists of boxes, host steps,
// buffers. Each file must load, be fenced, and be said by protobuf to be in canonical encoding.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/emulation_hef.h"
#include "hef/fence.h"
#include "hef/hef_reader.h"
#include "hef/message_node.h"
#include "hef/parse_hef_text.h"
#include "hef_forms.h"
#include "hef_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace hefstudio {

namespace {

using testing::HasSubstr;

Hef written(const EmulationHefContent &content)
{
    auto bytes = emulationHefBytes(content);
    EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().front().id);
    return *Hef::fromBytes(bytes ? std::move(*bytes) : Bytes(), "form.hef");
}

std::string textOf(const EmulationHefContent &content,
                   ParseHefRelease release = ParseHefRelease::v4_23)
{
    return *parseHefText(written(content), {.release = release, .streams = true});
}

std::string failureOf(const EmulationHefContent &content)
{
    const auto bytes = emulationHefBytes(content);
    return bytes ? std::string() : bytes.error().front().id;
}

TEST(EmulationForms, EveryFormLoadsIsFencedAndCanonical)
{
    for (const auto &[name, content] : test::allForms()) {
        const auto bytes = emulationHefBytes(content);
        ASSERT_TRUE(bytes) << name << ' ' << bytes.error().front().id;
        EXPECT_TRUE(checkFence(*bytes)) << name;
        const auto hef = Hef::fromBytes(*bytes, name);
        ASSERT_TRUE(hef) << name;
        EXPECT_TRUE(hef->loads()) << name << ' ' << hef->checks().front().id;
        EXPECT_TRUE(hef->hashFaults().empty()) << name;
        const auto message = hef->container().of(hef->container().proto);
        const std::string canonical = test::messageOf(*hef).SerializeAsString();
        EXPECT_TRUE(std::ranges::equal(message, asBytes(canonical))) << name;
        const auto node = MessageNode::decode(rootMessage, message);
        ASSERT_TRUE(node) << name;
        EXPECT_TRUE(std::ranges::equal(node->encode(), message)) << name;
        for (const ParseHefRelease release : {ParseHefRelease::v4_23, ParseHefRelease::v5_2})
            EXPECT_TRUE(parseHefText(*hef, {.release = release, .streams = true})) << name;
        // For judging by hand with the runtime's own tool.
        if (const char *folder = std::getenv("HEFSTUDIO_WRITE_FORMS"))
            std::ofstream(std::string(folder) + "/" + name + ".hef", std::ios::binary)
                .write(reinterpret_cast<const char *>(bytes->data()),
                       static_cast<std::streamsize>(bytes->size()));
    }
}

TEST(EmulationForms, LayoutsAreWhatTheyAreAskedToBe)
{
    const std::string text = textOf(test::formOfLayouts(HefChip::hailo8));
    EXPECT_THAT(text, HasSubstr("Output form_emulation/nhwc UINT8, NHWC(4x8x3)"));
    EXPECT_THAT(text, HasSubstr("Output form_emulation/nhcw UINT16, NHCW(4x8x3)"));
    EXPECT_THAT(text, HasSubstr("Output form_emulation/nc UINT8, NC(16)"));
    EXPECT_THAT(text, HasSubstr("Output form_emulation/nhw UINT8, NHW(4x8)"));
    EXPECT_THAT(text, HasSubstr("Output form_emulation/fcr UINT8, FCR(4x6x16)"));
    EXPECT_THAT(text, HasSubstr("Output form_emulation/f8cr UINT8, F8CR(4x6x16)"));
    EXPECT_THAT(text, HasSubstr("Input  form_emulation/second UINT8, NHWC(8x8x1)"));
}

TEST(EmulationForms, ScalesPerFeatureComeBack)
{
    const Hef hef = written(test::formOfScales(HefChip::hailo8l));
    EXPECT_TRUE(hef.hasExtension(25));
    const auto &output = hef.groups()[0].outputs[0];
    EXPECT_THAT(output.quantisation.scales, testing::ElementsAre(0.5, 0.25, 0.125));
    EXPECT_THAT(output.quantisation.zeroPoints, testing::ElementsAre(1, 2, 3));
    EXPECT_THAT(hef.groups()[0].inputs[0].quantisation.scales, testing::ElementsAre(1, 1, 1));

    EmulationHefContent wrong = test::formOfScales(HefChip::hailo8l);
    wrong.contexts[0].edges[1].scales.pop_back();
    EXPECT_EQ(failureOf(wrong), "hef.content-invalid");
    wrong = test::formOfScales(HefChip::hailo8l);
    wrong.contexts[0].edges[0].scales = {1, 2, 1};
    EXPECT_EQ(failureOf(wrong), "hef.content-invalid") << "an input has one scale";
}

TEST(EmulationForms, BuffersThroughHostMemoryComeInPairs)
{
    const Hef hef = written(test::formOfDdr(HefChip::hailo8));
    const auto &transfers = hef.groups()[0].transfers;
    ASSERT_EQ(transfers.size(), 2U);
    EXPECT_EQ(transfers[0].kind, HefTransfer::Kind::ddr);
    EXPECT_EQ(transfers[0].hostRows, 12U);
    EmulationHefContent wrong = test::formOfDdr(HefChip::hailo8);
    wrong.contexts[0].edges.pop_back();
    EXPECT_EQ(failureOf(wrong), "hef.content-invalid");
}

TEST(EmulationForms, ListsOfBoxesAloneAndMerged)
{
    EXPECT_THAT(textOf(test::formOfLists(HefChip::hailo8)),
                HasSubstr("Output form_emulation/nms UINT16, HAILO NMS ON CHIP(maximum frame size: "
                          "80170)"));
    const std::string merged = textOf(test::formOfMergedLists(HefChip::hailo8l));
    EXPECT_THAT(merged, HasSubstr("Output form_emulation/nms0 UINT16"));
    EXPECT_THAT(merged, HasSubstr("            Output form_emulation/all FLOAT32, HAILO NMS BY "
                                  "CLASS(number of classes: 8, maximum bounding boxes per class: "
                                  "20, "));
    EmulationHefContent wrong = test::formOfMergedLists(HefChip::hailo8);
    wrong.contexts[0].edges[1].nms->mergedInto = "nothing";
    EXPECT_EQ(failureOf(wrong), "hef.content-invalid");
}

TEST(EmulationForms, StepsOnTheHostTakeTheirOutputs)
{
    const std::string text =
        textOf(test::formOfStep(HefChip::hailo8, HefNmsStep::Kind::yolov8, false));
    EXPECT_THAT(text, HasSubstr("        VStream infos:\n"
                                "            Input  form_emulation/input UINT8, NHWC(64x64x3)\n"
                                "            Output form_emulation/host FLOAT32, HAILO NMS BY "
                                "CLASS(number of classes: 4, maximum bounding boxes per class: 9, "
                                "maximum frame size: 736)\n"
                                "            Operation:\n"
                                "                Op YOLOV8\n"));
    EmulationHefContent wrong = test::formOfStep(HefChip::hailo8, HefNmsStep::Kind::yolov8, false);
    std::get<HefNmsStep>(wrong.hostSteps[0].step).decoders[0].classes = "nothing";
    EXPECT_EQ(failureOf(wrong), "hef.content-invalid");
    wrong = test::formOfStep(HefChip::hailo8, HefNmsStep::Kind::yolov8, false);
    wrong.hostSteps[0].inputs.push_back("form_emulation/input");
    EXPECT_EQ(failureOf(wrong), "hef.content-invalid") << "an input is no output";
    EXPECT_THAT(textOf(test::formOfLogits(HefChip::hailo8l, HefLogitsStep::argmax)),
                HasSubstr("Output form_emulation/host UINT8, NHW(4x8)"));
    EXPECT_THAT(textOf(test::formOfLogits(HefChip::hailo8l, HefLogitsStep::softmax)),
                HasSubstr("Output form_emulation/host FLOAT32, NHWC(4x8x5)"));
}

TEST(EmulationForms, AllConfigurationChannelsAreLocked)
{
    EmulationHefContent content = test::singleContext(HefChip::hailo8l);
    content.configChannels = 4;
    EXPECT_EQ(written(content).groups()[0].configChannels.size(), 4U);
    EXPECT_TRUE(checkFence(*emulationHefBytes(content)));
    content.configChannels = 5;
    EXPECT_EQ(failureOf(content), "hef.content-invalid");
}

} // namespace

} // namespace hefstudio
