// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/emulation_host_steps.h"

#include <algorithm>

namespace hefstudio {

namespace {

using Kind = HefNmsStep::Kind;

std::unexpected<Diagnostics> invalid(const HefHostStep &step, const std::string &reason)
{
    return fail(
        Diagnostic("hef.content-invalid", Place{.layer = step.output}).with("reason", reason));
}

// The outputs a decoder of this kind reads.
std::vector<std::string> branchesOf(Kind kind, const HefDecoder &decoder)
{
    switch (kind) {
    case Kind::yolov8:
    case Kind::ssd:
        return {decoder.boxes, decoder.classes};
    case Kind::yolox:
        return {decoder.boxes, decoder.classes, decoder.objectness};
    default:
        return {decoder.boxes};
    }
}

bool takes(const HefHostStep &step, const std::string &name)
{
    return std::ranges::find(step.inputs, name) != step.inputs.end();
}

Result<void> checkNms(const HefHostStep &step, const HefNmsStep &nms)
{
    for (const HefDecoder &decoder : nms.decoders) {
        for (const std::string &branch : branchesOf(nms.kind, decoder)) {
            if (!takes(step, branch))
                return invalid(step, "a decoder reads '" + branch + "', which is no input");
        }
        if (decoder.anchorHeights.size() != decoder.anchorWidths.size())
            return invalid(step, "anchor heights and widths differ in number");
    }
    if (nms.kind == Kind::iou && step.inputs.size() != 1)
        return invalid(step, "suppression alone has one input");
    if (nms.kind == Kind::yolov5Seg && !takes(step, nms.prototypes))
        return invalid(step, "the mask prototypes are no input");
    if (nms.onlyDecodes && nms.kind != Kind::yolov5 && nms.kind != Kind::yolov8)
        return invalid(step, "only YOLOv5 and YOLOv8 can decode boxes alone");
    return {};
}

const HefEdge *findOutput(const EmulationHefContent &content, const std::string &name)
{
    for (const HefContext &context : content.contexts) {
        for (const HefEdge &edge : context.edges) {
            if (edge.name == name && edge.kind == HefEdge::Kind::boundary &&
                edge.direction == HefEdge::Direction::deviceToHost)
                return &edge;
        }
    }
    return nullptr;
}

void writeYoloDecoders(const std::vector<HefDecoder> &decoders, const PadsByEdge &pads,
                       const auto &to)
{
    for (const HefDecoder &decoder : decoders) {
        const auto out = to.add_bbox_decoders();
        for (const double h : decoder.anchorHeights)
            out.add_h(static_cast<std::uint32_t>(h));
        for (const double w : decoder.anchorWidths)
            out.add_w(static_cast<std::uint32_t>(w));
        out.set_stride(decoder.stride);
        out.set_pad_index(pads.at(decoder.boxes));
    }
}

void writeSsd(const HefNmsStep &nms, const PadsByEdge &pads, edit::ProtoHEFSSDNmsOp to)
{
    to.set_centers_scale_factor(nms.centerScale);
    to.set_bbox_dimensions_scale_factor(nms.dimensionScale);
    // Where y, x, h and w stand in a box of the network.
    to.set_ty(nms.isYFirst ? 0 : 1);
    to.set_tx(nms.isYFirst ? 1 : 0);
    to.set_th(nms.isYFirst ? 2 : 3);
    to.set_tw(nms.isYFirst ? 3 : 2);
    for (const HefDecoder &decoder : nms.decoders) {
        const auto out = to.add_bbox_decoders();
        for (const double h : decoder.anchorHeights)
            out.add_h(static_cast<float>(h));
        for (const double w : decoder.anchorWidths)
            out.add_w(static_cast<float>(w));
        out.set_reg_pad_index(pads.at(decoder.boxes));
        out.set_cls_pad_index(pads.at(decoder.classes));
    }
}

template<class Edit> Edit withImage(const HefNmsStep &nms, Edit to)
{
    to.set_image_height(nms.imageHeight);
    to.set_image_width(nms.imageWidth);
    return to;
}

void writeNms(const HefNmsStep &nms, const PadsByEdge &pads, edit::ProtoHEFNmsOp to)
{
    to.set_nms_score_th(nms.scoreThreshold);
    to.set_nms_iou_th(nms.iouThreshold);
    to.set_max_proposals_per_class(nms.boxesPerClass);
    to.set_classes(nms.classes);
    to.set_background_removal(nms.background.has_value());
    to.set_background_removal_index(nms.background.value_or(0));
    to.set_bbox_decoding_only(nms.onlyDecodes);
    switch (nms.kind) {
    case Kind::yolov5:
        writeYoloDecoders(nms.decoders, pads, withImage(nms, to.mutable_yolo_nms_op()));
        break;
    case Kind::yolov5Seg: {
        const auto seg = withImage(nms, to.mutable_yolo_seg_op());
        writeYoloDecoders(nms.decoders, pads, seg);
        seg.set_mask_threshold(nms.maskThreshold);
        const auto info = seg.mutable_proto_info();
        info.set_number(nms.prototypeCount);
        info.set_stride(nms.prototypeStride);
        info.set_proto_layer(nms.prototypes);
        break;
    }
    case Kind::yolov8: {
        const auto yolo = withImage(nms, to.mutable_yolov8_nms_op());
        yolo.set_regression_length(nms.regressionLength);
        for (const HefDecoder &decoder : nms.decoders) {
            const auto out = yolo.add_bbox_decoders();
            out.set_stride(decoder.stride);
            out.set_reg_pad_index(pads.at(decoder.boxes));
            out.set_cls_pad_index(pads.at(decoder.classes));
        }
        break;
    }
    case Kind::yolox: {
        const auto yolo = withImage(nms, to.mutable_yolox_nms_op());
        for (const HefDecoder &decoder : nms.decoders) {
            const auto out = yolo.add_bbox_decoders();
            out.set_stride(decoder.stride);
            out.set_reg_pad_index(pads.at(decoder.boxes));
            out.set_cls_pad_index(pads.at(decoder.classes));
            out.set_obj_pad_index(pads.at(decoder.objectness));
        }
        break;
    }
    case Kind::ssd:
        writeSsd(nms, pads, withImage(nms, to.mutable_ssd_nms_op()));
        break;
    case Kind::iou:
        to.mutable_iou_op();
        break;
    }
}

} // namespace

Result<void> checkHostSteps(const EmulationHefContent &content)
{
    for (const HefHostStep &step : content.hostSteps) {
        if (step.inputs.empty())
            return invalid(step, "a step on the host has no input");
        for (const std::string &input : step.inputs) {
            const HefEdge *edge = findOutput(content, input);
            if (!edge)
                return invalid(step, "'" + input + "' is no output of the chip");
            if (edge->nms && !edge->nms->mergedInto.empty())
                return invalid(step, "'" + input + "' is merged into another list");
        }
        if (const auto *nms = std::get_if<HefNmsStep>(&step.step)) {
            if (auto checked = checkNms(step, *nms); !checked)
                return checked;
        } else if (step.inputs.size() != 1) {
            return invalid(step, "argmax and softmax have one input");
        }
    }
    return {};
}

void writeHostSteps(const EmulationHefContent &content, const PadsByEdge &corePads,
                    edit::ProtoHEFNetworkGroup group)
{
    auto next = static_cast<std::uint32_t>(corePads.size());
    for (const HefHostStep &step : content.hostSteps) {
        const auto op = group.add_ops();
        op.set_name(step.output);
        for (const std::string &input : step.inputs) {
            const auto pad = op.add_input_pads();
            pad.set_index(next);
            pad.set_name(input);
            const auto edge = group.add_pad_edges();
            edge.set_src(corePads.at(input));
            edge.set_dst(next++);
        }
        const auto output = op.add_output_pads();
        output.set_index(next++);
        output.set_name(step.output);
        if (const auto *nms = std::get_if<HefNmsStep>(&step.step)) {
            output.set_format_order(proto::PROTO__FORMAT__ORDER__HAILO_NMS);
            const auto list = output.mutable_nms_shape();
            list.set_number_of_classes(nms->classes);
            list.set_max_bboxes_per_class(nms->boxesPerClass);
            list.set_division_factor(1);
            writeNms(*nms, corePads, op.mutable_nms_op());
        } else {
            // Order and type stay open: the library derives them from the input.
            const bool isSoftmax = std::get<HefLogitsStep>(step.step) == HefLogitsStep::softmax;
            op.mutable_logits_op().set_logits_type(isSoftmax ? proto::PROTO_HEF_SOFTMAX_TYPE
                                                             : proto::PROTO_HEF_ARGMAX_TYPE);
        }
    }
}

std::vector<proto::ProtoHEFExtensionType> extensionsOfHostSteps(const EmulationHefContent &content)
{
    std::vector<proto::ProtoHEFExtensionType> all;
    for (const HefHostStep &step : content.hostSteps) {
        const auto *nms = std::get_if<HefNmsStep>(&step.step);
        if (!nms) {
            const bool isSoftmax = std::get<HefLogitsStep>(step.step) == HefLogitsStep::softmax;
            all.push_back(isSoftmax ? proto::HAILO_NET_FLOW_SOFTMAX : proto::HAILO_NET_FLOW_ARGMAX);
            continue;
        }
        switch (nms->kind) {
        case Kind::yolov5:
            all.push_back(proto::HAILO_NET_FLOW_YOLOV5_NMS);
            break;
        case Kind::yolov8:
            all.push_back(proto::HAILO_NET_FLOW_YOLOV8_NMS);
            break;
        case Kind::yolox:
            all.push_back(proto::HAILO_NET_FLOW_YOLOX_NMS);
            break;
        case Kind::ssd:
            all.push_back(proto::HAILO_NET_FLOW_SSD_NMS);
            break;
        case Kind::iou:
            all.push_back(proto::HAILO_NET_FLOW_IOU_NMS);
            break;
        case Kind::yolov5Seg:
            all.push_back(proto::HAILO_NET_FLOW_YOLOV5_SEG_NMS);
            break;
        }
        if (nms->onlyDecodes)
            all.push_back(proto::HAILO_NET_FLOW_BBOX_DECODING);
    }
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
}

} // namespace hefstudio
