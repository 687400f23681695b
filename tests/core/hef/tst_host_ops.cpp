// What runs on the host after the chip, and lists the chip makes itself, as parse-hef prints them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_reader.h"
#include "hef/parse_hef_text.h"
#include "hef_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefstudio {

namespace {

using namespace oracle;

// "boxes" 20x20x64 (pad 0) and "classes" 20x20x80 (pad 1).
EmulationHefContent detector()
{
    EmulationHefContent content = test::singleContext(HefChip::hailo8);
    auto &edges = content.contexts[0].edges;
    using enum HefEdge::Direction;
    edges[0] = test::boundary("tiny_emulation/input_layer1", hostToDevice, 640, 640, 3);
    edges[1] = test::boundary("tiny_emulation/boxes", deviceToHost, 20, 20, 64);
    edges[2] = test::boundary("tiny_emulation/classes", deviceToHost, 20, 20, 80);
    return content;
}

// The detector with a step on the host that takes the outputs named by `pads`.
Result<std::string> withStep(std::initializer_list<std::uint32_t> pads,
                             const std::function<void(ProtoHEFOp &)> &fill,
                             ParseHefRelease release = ParseHefRelease::v4_23)
{
    const auto bytes = emulationHefBytes(detector());
    const Bytes changed = test::edited(*bytes, [&](ProtoHEFHef &hef) {
        auto &group = *hef.mutable_network_groups(0);
        auto &op = *group.add_ops();
        std::uint32_t next = 10;
        for (const std::uint32_t pad : pads) {
            op.add_input_pads()->set_index(next);
            auto &edge = *group.add_pad_edges();
            edge.set_src(pad);
            edge.set_dst(next++);
        }
        op.add_output_pads()->set_name("tiny_emulation/host");
        group.add_sorted_outputs_order("tiny_emulation/host");
        fill(op);
    });
    const auto hef = Hef::fromBytes(changed, "tiny.hef");
    if (!hef)
        return std::unexpected(hef.error());
    auto text = parseHefText(*hef, {.release = release});
    if (!text)
        return text;
    return text->substr(text->find("        VStream infos:\n"));
}

void fillCommon(ProtoHEFNmsOp &nms)
{
    nms.set_nms_score_th(0.2);
    nms.set_nms_iou_th(0.7);
    nms.set_classes(80);
    nms.set_max_proposals_per_class(100);
}

TEST(HostOps, Yolov8)
{
    const auto text = withStep({0, 1}, [](ProtoHEFOp &op) {
        fillCommon(*op.mutable_nms_op());
        auto &yolo = *op.mutable_nms_op()->mutable_yolov8_nms_op();
        yolo.set_image_height(640);
        yolo.set_image_width(640);
        auto &decoder = *yolo.add_bbox_decoders();
        decoder.set_reg_pad_index(0);
        decoder.set_cls_pad_index(1);
    });
    EXPECT_EQ(text, R"(        VStream infos:
            Input  tiny_emulation/input_layer1 UINT8, NHWC(640x640x3)
            Output tiny_emulation/host FLOAT32, HAILO NMS BY CLASS(number of classes: 80, maximum bounding boxes per class: 100, maximum frame size: 160320)
            Operation:
                Op YOLOV8
                Name: YOLOV8-Post-Process
                Score threshold: 0.200
                IoU threshold: 0.70
                Classes: 80
                Max bboxes per class: 100
                Image height: 640
                Image width: 640
)");
}

TEST(HostOps, Yolov8BoxesOnly)
{
    const auto text = withStep({0, 1}, [](ProtoHEFOp &op) {
        fillCommon(*op.mutable_nms_op());
        op.mutable_nms_op()->set_bbox_decoding_only(true);
        auto &yolo = *op.mutable_nms_op()->mutable_yolov8_nms_op();
        yolo.set_image_height(640);
        yolo.set_image_width(640);
        auto &decoder = *yolo.add_bbox_decoders();
        decoder.set_reg_pad_index(0);
        decoder.set_cls_pad_index(1);
    });
    EXPECT_EQ(text, R"(        VStream infos:
            Input  tiny_emulation/input_layer1 UINT8, NHWC(640x640x3)
            Output tiny_emulation/host FLOAT32, NHWC(1x400x84)
            Operation:
                Op YOLOV8
                Name: YOLOv8Bbox-Only-Post-Process
                Classes: 80
                Image height: 640
                Image width: 640
)");
}

TEST(HostOps, SsdWithBackground)
{
    const auto text = withStep({0, 1}, [](ProtoHEFOp &op) {
        fillCommon(*op.mutable_nms_op());
        op.mutable_nms_op()->set_background_removal(true);
        op.mutable_nms_op()->set_background_removal_index(3);
        auto &ssd = *op.mutable_nms_op()->mutable_ssd_nms_op();
        ssd.set_image_height(300);
        ssd.set_image_width(300);
        ssd.set_centers_scale_factor(10);
        ssd.set_bbox_dimensions_scale_factor(5);
        auto &decoder = *ssd.add_bbox_decoders();
        decoder.set_reg_pad_index(0);
        decoder.set_cls_pad_index(1);
    });
    EXPECT_EQ(text, R"(        VStream infos:
            Input  tiny_emulation/input_layer1 UINT8, NHWC(640x640x3)
            Output tiny_emulation/host FLOAT32, HAILO NMS BY CLASS(number of classes: 79, maximum bounding boxes per class: 100, maximum frame size: 158316)
            Operation:
                Op SSD
                Name: SSD-Post-Process
                Score threshold: 0.200
                IoU threshold: 0.70
                Classes: 80
                Max bboxes per class: 100
                Background removal index: 3
                Image height: 300
                Image width: 300
                Centers scales factor: 10
                Bbox dimension scale factor: 5
                Normalize boxes: false
)");
}

TEST(HostOps, SegmentationCountsDifferentlyIn52)
{
    const auto fill = [](ProtoHEFOp &op) {
        fillCommon(*op.mutable_nms_op());
        auto &seg = *op.mutable_nms_op()->mutable_yolo_seg_op();
        seg.set_image_height(640);
        seg.set_image_width(640);
        seg.set_mask_threshold(0.5);
        seg.mutable_proto_info()->set_proto_layer("tiny_emulation/classes");
        auto &decoder = *seg.add_bbox_decoders();
        decoder.add_h(10);
        decoder.add_w(20);
        decoder.set_pad_index(0);
    };
    const auto lineOf = [](const Result<std::string> &text) {
        const std::size_t start = text->find("            Output");
        return text->substr(start, text->find('\n', start) - start);
    };
    EXPECT_EQ(lineOf(withStep({0, 1}, fill)),
              "            Output tiny_emulation/host FLOAT32, HAILO NMS WITH BYTE MASK(number of "
              "classes: 80, maximum bounding boxes total: 8000, maximum frame size: 1123202)");
    EXPECT_EQ(lineOf(withStep({0, 1}, fill, ParseHefRelease::v5_2)),
              "            Output tiny_emulation/host UINT8, HAILO NMS WITH BYTE MASK(number of "
              "classes: 80, maximum bounding boxes total: 8000, maximum frame size: 2006402)");
}

TEST(HostOps, Argmax)
{
    const auto text = withStep({1}, [](ProtoHEFOp &op) { op.mutable_logits_op(); });
    EXPECT_EQ(text, R"(        VStream infos:
            Input  tiny_emulation/input_layer1 UINT8, NHWC(640x640x3)
            Output tiny_emulation/boxes UINT8, NHWC(20x20x64)
            Output tiny_emulation/host UINT8, NHW(20x20)
            Operation:
                ARGMAX Op
                Name: Argmax-Post-Process
)");
}

TEST(HostOps, Softmax)
{
    const auto text = withStep({1}, [](ProtoHEFOp &op) {
        op.mutable_logits_op()->set_logits_type(PROTO_HEF_SOFTMAX_TYPE);
    });
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, testing::HasSubstr("Output tiny_emulation/host FLOAT32, NHWC(20x20x80)\n"));
}

TEST(HostOps, AListMadeOnTheChip)
{
    const auto bytes = emulationHefBytes(detector());
    const Bytes changed = test::edited(*bytes, [](ProtoHEFHef &hef) {
        auto &base = *hef.mutable_network_groups(0)
                          ->mutable_ops(0)
                          ->mutable_core_op()
                          ->mutable_contexts(0)
                          ->mutable_metadata()
                          ->mutable_edge_layers(2)
                          ->mutable_layer_info()
                          ->mutable_edge_layer_base();
        base.set_format(6);
        base.set_data_bytes(2);
        auto &nms = *base.mutable_additional_info()->mutable_nms_info();
        nms.set_number_of_classes(80);
        nms.set_max_output_size(100);
        nms.set_bbox_size(10);
        nms.set_input_division_factor(1);
    });
    const auto hef = Hef::fromBytes(changed, "tiny.hef");
    ASSERT_TRUE(hef);
    const auto text = parseHefText(*hef, {.streams = true});
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, testing::HasSubstr("Output tiny_emulation/classes UINT16, HAILO NMS ON "
                                          "CHIP(maximum frame size: 80170)\n"));
    EXPECT_THAT(*text, testing::HasSubstr("Output tiny_emulation/classes FLOAT32, HAILO NMS BY "
                                          "CLASS(number of classes: 80, maximum bounding boxes per "
                                          "class: 100, maximum frame size: 160320)\n"));
}

} // namespace

} // namespace hefstudio
