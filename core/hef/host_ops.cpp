// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/group_view.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <map>

namespace hefstudio {

namespace {

using Op = proto::ProtoHEFOp;
using NmsOp = proto::ProtoHEFNmsOp;
using StreamByPad = std::map<std::uint32_t, const HefStream *>;

std::string fixed(double value, int digits)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

// Image sizes are doubles in the file and whole numbers in the text. What no int holds becomes the
// smallest one, as the processors HailoRT runs on convert it.
std::string whole(double value)
{
    constexpr double limit = 2147483648.0;
    const bool fits = value > -limit - 1 && value < limit; // false for a NaN too
    return std::to_string(fits ? static_cast<int>(value) : std::numeric_limits<int>::min());
}

struct OpContext {
    const StreamByPad &streams;
    const KeyPath &path;
    Findings &findings;

    // `by`: who asks, "decoder" or "edge".
    const HefStream *stream(std::uint32_t pad, const char *by = "decoder") const
    {
        const auto found = streams.find(pad);
        if (found != streams.end())
            return found->second;
        findings.error(findings.at("hef.pad-unknown", path)
                           .with("pad", std::int64_t(pad))
                           .with("by", std::string(by)));
        return nullptr;
    }
    void invalid(const char *reason) const
    {
        findings.error(
            findings.at("hef.host-op-invalid", path).with("reason", std::string(reason)));
    }
};

std::string_view kindOf(const NmsOp &op)
{
    switch (op.member()) {
    case NmsOp::yolo_nms_op_number:
        return "YOLOV5";
    case NmsOp::yolov8_nms_op_number:
        return "YOLOV8";
    case NmsOp::yolox_nms_op_number:
        return "YOLOX";
    case NmsOp::ssd_nms_op_number:
        return "SSD";
    case NmsOp::iou_op_number:
        return "IOU";
    case NmsOp::yolo_seg_op_number:
        return "YOLOV5SEG";
    case 0:
        break;
    }
    return {};
}

std::string_view postProcessName(const NmsOp &op)
{
    const bool boxesOnly = op.bbox_decoding_only();
    switch (op.member()) {
    case NmsOp::yolo_nms_op_number:
        return boxesOnly ? "YOLOv5Bbox-Only-Post-Process" : "YOLOv5-Post-Process";
    case NmsOp::yolov8_nms_op_number:
        return boxesOnly ? "YOLOv8Bbox-Only-Post-Process" : "YOLOV8-Post-Process";
    case NmsOp::yolox_nms_op_number:
        return "YOLOX-Post-Process";
    case NmsOp::ssd_nms_op_number:
        return "SSD-Post-Process";
    case NmsOp::iou_op_number:
        return "IoU-Post-Process";
    case NmsOp::yolo_seg_op_number:
        return "YOLOv5Seg-Post-Process";
    case 0:
        break;
    }
    return {};
}

// Height and width the boxes refer to.
std::pair<double, double> imageSize(const NmsOp &op)
{
    switch (op.member()) {
    case NmsOp::yolo_nms_op_number:
        return {op.yolo_nms_op().image_height(), op.yolo_nms_op().image_width()};
    case NmsOp::yolov8_nms_op_number:
        return {op.yolov8_nms_op().image_height(), op.yolov8_nms_op().image_width()};
    case NmsOp::yolox_nms_op_number:
        return {op.yolox_nms_op().image_height(), op.yolox_nms_op().image_width()};
    case NmsOp::ssd_nms_op_number:
        return {op.ssd_nms_op().image_height(), op.ssd_nms_op().image_width()};
    case NmsOp::yolo_seg_op_number:
        return {op.yolo_seg_op().image_height(), op.yolo_seg_op().image_width()};
    default:
        return {0, 0};
    }
}

std::vector<std::string> textOf(const NmsOp &op)
{
    std::vector<std::string> lines{"Op " + std::string(kindOf(op)),
                                   "Name: " + std::string(postProcessName(op))};
    const std::string classes = "Classes: " + std::to_string(op.classes());
    if (op.bbox_decoding_only()) {
        lines.push_back(classes);
    } else {
        lines.push_back("Score threshold: " + fixed(op.nms_score_th(), 3));
        lines.push_back("IoU threshold: " + fixed(op.nms_iou_th(), 2));
        lines.push_back(classes);
        const bool isTotal = op.member() == NmsOp::yolo_seg_op_number;
        const std::uint64_t perClass = op.max_proposals_per_class();
        lines.push_back(isTotal ? "Max bboxes total: " + std::to_string(perClass * op.classes())
                                : "Max bboxes per class: " + std::to_string(perClass));
        if (op.background_removal())
            lines.push_back("Background removal index: " +
                            std::to_string(op.background_removal_index()));
    }
    if (op.member() != NmsOp::iou_op_number) {
        lines.push_back("Image height: " + whole(imageSize(op).first));
        lines.push_back("Image width: " + whole(imageSize(op).second));
    }
    if (op.member() == NmsOp::ssd_nms_op_number) {
        lines.push_back("Centers scales factor: " +
                        std::to_string(op.ssd_nms_op().centers_scale_factor()));
        lines.push_back("Bbox dimension scale factor: " +
                        std::to_string(op.ssd_nms_op().bbox_dimensions_scale_factor()));
        lines.push_back("Normalize boxes: false");
    }
    if (op.member() == NmsOp::yolo_seg_op_number)
        lines.push_back("Mask threshold: " + fixed(op.yolo_seg_op().mask_threshold(), 2));
    return lines;
}

bool haveSameGrid(const OpContext &context, std::initializer_list<std::uint32_t> pads)
{
    const HefStream *first = nullptr;
    for (const std::uint32_t pad : pads) {
        const HefStream *stream = context.stream(pad);
        if (!stream)
            return false;
        if (!first)
            first = stream;
        if (stream->userShape.height != first->userShape.height ||
            stream->userShape.width != first->userShape.width) {
            context.invalid("the branches of one decoder differ in size");
            return false;
        }
    }
    return true;
}

// Of the kinds whose branches have to come in one form, too.
bool haveSameForm(const OpContext &context, std::initializer_list<std::uint32_t> pads)
{
    if (!haveSameGrid(context, pads))
        return false;
    const HefStream &first = *context.stream(*pads.begin());
    for (const std::uint32_t pad : pads)
        if (const HefStream &stream = *context.stream(pad);
            stream.type != first.type || stream.order != first.order) {
            context.invalid("the branches of one decoder differ in form");
            return false;
        }
    return true;
}

// Every decoder's pads exist and agree; returns the number of grid cells times anchors.
std::optional<std::uint64_t> checkDecoders(const NmsOp &op, const OpContext &context)
{
    std::uint64_t cells = 0;
    const auto count = [&](std::uint32_t pad, std::uint64_t anchors) {
        cells += std::uint64_t(context.stream(pad)->userShape.height) *
                 context.stream(pad)->userShape.width * anchors;
    };
    const auto yolo = [&](const auto &decoders) {
        for (const auto &decoder : decoders) {
            const std::size_t anchors = decoder.h().size();
            if (anchors != decoder.w().size()) {
                context.invalid("anchor heights and widths differ in number");
                return false;
            }
            if (!haveSameGrid(context, {decoder.pad_index()}))
                return false;
            count(decoder.pad_index(), anchors);
        }
        return true;
    };
    bool isValid = true;
    switch (op.member()) {
    case NmsOp::yolo_nms_op_number:
        isValid = yolo(op.yolo_nms_op().bbox_decoders());
        break;
    case NmsOp::yolo_seg_op_number:
        isValid = yolo(op.yolo_seg_op().bbox_decoders());
        break;
    case NmsOp::yolov8_nms_op_number:
        for (const auto &decoder : op.yolov8_nms_op().bbox_decoders()) {
            isValid = haveSameForm(context, {decoder.reg_pad_index(), decoder.cls_pad_index()});
            if (isValid && context.stream(decoder.reg_pad_index())->userShape.features % 4 != 0) {
                context.invalid("the box branch has no multiple of four channels");
                isValid = false;
            }
            if (!isValid)
                break;
            count(decoder.reg_pad_index(), 1);
        }
        break;
    case NmsOp::yolox_nms_op_number:
        for (const auto &decoder : op.yolox_nms_op().bbox_decoders())
            isValid =
                isValid && haveSameForm(context, {decoder.reg_pad_index(), decoder.cls_pad_index(),
                                                  decoder.obj_pad_index()});
        break;
    case NmsOp::ssd_nms_op_number:
        for (const auto &decoder : op.ssd_nms_op().bbox_decoders())
            isValid = isValid &&
                      haveSameGrid(context, {decoder.reg_pad_index(), decoder.cls_pad_index()});
        break;
    default:
        break;
    }
    return isValid ? std::optional(cells) : std::nullopt;
}

std::optional<HefVStream> readNmsOp(const NmsOp &op, const OpContext &context, HefHostOp &host)
{
    if (kindOf(op).empty()) {
        context.invalid("unknown NMS step");
        return std::nullopt;
    }
    const auto cells = checkDecoders(op, context);
    if (!cells)
        return std::nullopt;
    host.kind = kindOf(op);
    host.name = postProcessName(op);
    host.text = textOf(op);

    HefVStream v;
    v.type = HefDataType::float32;
    v.quantisation.scale = 1;
    v.fromHostOp = true;
    if (op.bbox_decoding_only()) {
        const bool isYolov5 = op.member() == NmsOp::yolo_nms_op_number;
        if (!isYolov5 && op.member() != NmsOp::yolov8_nms_op_number) {
            context.invalid("this step cannot decode boxes only");
            return std::nullopt;
        }
        v.order = HefOrder::nhwc;
        v.shape = {1, static_cast<std::uint32_t>(*cells), op.classes() + (isYolov5 ? 5 : 4)};
        return v;
    }
    HefNmsShape nms;
    constexpr std::uint64_t most = 1U << 24;
    nms.classes = std::min<std::uint64_t>(op.classes(), most);
    nms.boxesPerClass = std::min<std::uint64_t>(op.max_proposals_per_class(), most);
    v.order = HefOrder::nmsByClass;
    if (op.member() == NmsOp::yolo_seg_op_number) {
        v.order = HefOrder::nmsByteMask;
        const auto [height, width] = imageSize(op);
        const double area = height * width;
        nms.maskArea = area > 0 && area < 1e12 ? area : 0;
        const std::string_view layer = op.yolo_seg_op().proto_info().proto_layer();
        if (std::ranges::find(host.inputs, layer) == host.inputs.end()) {
            context.invalid("the mask prototype layer is no input of the step");
            return std::nullopt;
        }
    } else if (op.background_removal() && nms.classes > 0) {
        --nms.classes;
    }
    v.nms = nms;
    return v;
}

std::optional<HefVStream> readLogitsOp(const Op &op, const OpContext &context, HefHostOp &host,
                                       const HefStream *input, const HefVStream *inputV)
{
    if (op.input_pads().size() != 1 || !input || !inputV) {
        context.invalid("a logits step has one input and one output");
        return std::nullopt;
    }
    const proto::ProtoHEFPad pad = op.output_pads()[0];
    const bool isArgmax = op.logits_op().logits_type() == proto::PROTO_HEF_ARGMAX_TYPE;
    host.kind = isArgmax ? "ARGMAX" : "SOFTMAX";
    host.name = isArgmax ? "Argmax-Post-Process" : "Softmax-Post-Process";
    host.text = {host.kind + " Op", "Name: " + host.name};
    HefVStream v;
    v.fromHostOp = true;
    v.shape = input->userShape;
    v.quantisation = input->quantisation;
    v.order = static_cast<HefOrder>(pad.format_order());
    v.type = static_cast<HefDataType>(pad.format_type());
    if (v.order == HefOrder::automatic) {
        v.order = inputV->order;
        if (isArgmax && v.order != HefOrder::nc)
            v.order = HefOrder::nhw;
    }
    if (v.type == HefDataType::automatic)
        v.type = isArgmax ? input->type : HefDataType::float32;
    if (isArgmax)
        v.shape.features = 1;
    return v;
}

} // namespace

std::vector<HefVStream> readHostOps(const proto::ProtoHEFNetworkGroup &group,
                                    const std::vector<BoundaryEdge> &edges,
                                    HefNetworkGroupView &view, const KeyPath &path,
                                    Findings &findings)
{
    StreamByPad streams;
    std::map<std::uint32_t, const HefVStream *> virtualStreams;
    for (const BoundaryEdge &edge : edges) {
        if (!edge.pad || edge.streams.empty() || edge.vstreams.empty() ||
            edge.streams[0].direction != HefDirection::output)
            continue;
        streams.emplace(*edge.pad, &edge.streams[0]);
        virtualStreams.emplace(*edge.pad, &edge.vstreams[0]);
    }
    std::map<std::uint32_t, std::uint32_t> sourceOfPad;
    for (const auto &edge : group.pad_edges())
        sourceOfPad.emplace(edge.dst(), edge.src());

    std::vector<HefVStream> produced;
    int position = -1;
    for (const Op &op : group.ops()) {
        ++position;
        const std::uint32_t step = op.member();
        if (step == Op::core_op_number)
            continue;
        const KeyPath opPath = path.at("ops", position);
        const OpContext context{streams, opPath, findings};
        HefHostOp host;
        const HefStream *firstInput = nullptr;
        const HefVStream *firstInputV = nullptr;
        bool hasInputs = true;
        for (const auto &pad : op.input_pads()) {
            const auto source = sourceOfPad.find(pad.index());
            const HefStream *stream =
                source == sourceOfPad.end() ? nullptr : context.stream(source->second, "edge");
            if (!stream) {
                if (source == sourceOfPad.end())
                    findings.error(findings.at("hef.pad-unknown", opPath)
                                       .with("pad", std::int64_t(pad.index()))
                                       .with("by", std::string("edge")));
                hasInputs = false;
                break;
            }
            host.inputs.push_back(stream->name);
            if (!firstInput) {
                firstInput = stream;
                firstInputV = virtualStreams.at(source->second);
            }
        }
        if (!hasInputs)
            continue;
        if (op.output_pads().size() != 1) {
            context.invalid("a host step has one output");
            continue;
        }
        std::optional<HefVStream> v;
        if (step == Op::nms_op_number)
            v = readNmsOp(op.nms_op(), context, host);
        else if (step == Op::logits_op_number)
            v = readLogitsOp(op, context, host, firstInput, firstInputV);
        else
            context.invalid("unknown step");
        if (!v)
            continue;
        v->name = op.output_pads()[0].name();
        v->direction = HefDirection::output;
        v->network = firstInput ? firstInput->network : 0;
        host.output = v->name;
        view.hostOps.push_back(std::move(host));
        produced.push_back(std::move(*v));
    }
    return produced;
}

} // namespace hefstudio
