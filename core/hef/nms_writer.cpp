// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/nms_writer.h"

#include <cmath>

namespace hefstudio {
namespace {

class NmsWriter {
public:
    NmsWriter(const HefNmsStep &step, const std::map<std::string, std::uint32_t> &pads,
              edit::ProtoHEFNetworkGroup group)
        : m_step(step),
          m_pads(pads),
          m_group(group),
          m_next(static_cast<std::uint32_t>(pads.size()))
    {
    }

    Result<void> write()
    {
        const auto op = m_group.add_ops();
        op.set_name(m_step.outputName);
        const auto nms = op.mutable_nms_op();
        nms.set_nms_score_th(m_step.scoreThreshold);
        nms.set_nms_iou_th(m_step.iouThreshold);
        nms.set_max_proposals_per_class(m_step.maximumPerClass);
        nms.set_classes(m_step.classes);
        nms.set_background_removal(m_step.hasBackground);
        switch (m_step.kind) {
        case HefNmsStep::Kind::yolov8:
            fillYolov8(nms.mutable_yolov8_nms_op(), op);
            break;
        case HefNmsStep::Kind::yolox:
            fillYolox(nms.mutable_yolox_nms_op(), op);
            break;
        case HefNmsStep::Kind::ssd:
            fillSsd(nms.mutable_ssd_nms_op(), op);
            break;
        }
        const auto output = op.add_output_pads();
        output.set_index(m_next++);
        output.set_name(m_step.outputName);
        output.set_format_order(proto::PROTO__FORMAT__ORDER__HAILO_NMS);
        const auto shape = output.mutable_nms_shape();
        shape.set_number_of_classes(m_step.classes - (m_step.hasBackground ? 1 : 0));
        shape.set_max_bboxes_per_class(m_step.maximumPerClass);
        shape.set_bbox_size(boxBytes);
        shape.set_division_factor(1);
        if (!m_missing.empty())
            return fail(
                Diagnostic("hef.content-invalid")
                    .with("reason", "the NMS step reads '" + m_missing + "', which is no output"));
        return {};
    }

private:
    static constexpr std::uint32_t boxBytes = 20; // five floats: two corners and the score

    // An input pad of the step behind the core op's pad of that stream; gives the latter.
    std::uint32_t read(const std::string &stream, edit::ProtoHEFOp op)
    {
        const auto source = m_pads.find(stream);
        if (source == m_pads.end()) {
            m_missing = stream;
            return 0;
        }
        const auto pad = op.add_input_pads();
        pad.set_index(m_next);
        pad.set_name(stream);
        const auto edge = m_group.add_pad_edges();
        edge.set_src(source->second);
        edge.set_dst(m_next++);
        return source->second;
    }

    template<class Op> void fillImage(Op to) const
    {
        to.set_image_height(m_step.imageHeight);
        to.set_image_width(m_step.imageWidth);
    }

    void fillYolov8(edit::ProtoHEFYolov8NmsOp to, edit::ProtoHEFOp op)
    {
        fillImage(to);
        to.set_input_division_factor(1);
        to.set_regression_length(m_step.regressionLength);
        for (const auto &decoder : m_step.decoders) {
            const auto one = to.add_bbox_decoders();
            one.set_stride(decoder.stride);
            one.set_reg_pad_index(read(decoder.boxes, op));
            one.set_cls_pad_index(read(decoder.classes, op));
        }
    }

    void fillYolox(edit::ProtoHEFYoloxNmsOp to, edit::ProtoHEFOp op)
    {
        fillImage(to);
        for (const auto &decoder : m_step.decoders) {
            const auto one = to.add_bbox_decoders();
            one.set_stride(decoder.stride);
            one.set_reg_pad_index(read(decoder.boxes, op));
            one.set_obj_pad_index(read(decoder.objectness, op));
            one.set_cls_pad_index(read(decoder.classes, op));
        }
    }

    void fillSsd(edit::ProtoHEFSSDNmsOp to, edit::ProtoHEFOp op)
    {
        fillImage(to);
        // Divisors of what the network gives: ten for a variance of 0.1.
        to.set_centers_scale_factor(divisor(m_step.variances[0]));
        to.set_bbox_dimensions_scale_factor(divisor(m_step.variances[1]));
        to.set_ty(m_step.isYFirst ? 0 : 1);
        to.set_tx(m_step.isYFirst ? 1 : 0);
        to.set_th(m_step.isYFirst ? 2 : 3);
        to.set_tw(m_step.isYFirst ? 3 : 2);
        for (const auto &decoder : m_step.decoders) {
            const auto one = to.add_bbox_decoders();
            for (const auto &anchor : decoder.anchors) {
                one.add_w(static_cast<float>(anchor[0] / m_step.imageWidth));
                one.add_h(static_cast<float>(anchor[1] / m_step.imageHeight));
            }
            one.set_reg_pad_index(read(decoder.boxes, op));
            one.set_cls_pad_index(read(decoder.classes, op));
        }
    }

    static std::uint32_t divisor(double variance)
    {
        return variance > 0 && variance <= 1 ? static_cast<std::uint32_t>(std::lround(1 / variance))
                                             : 1;
    }

    const HefNmsStep &m_step;
    const std::map<std::string, std::uint32_t> &m_pads;
    edit::ProtoHEFNetworkGroup m_group;
    std::uint32_t m_next;
    std::string m_missing;
};

} // namespace

Result<void> writeNmsStep(const HefNmsStep &step, const std::map<std::string, std::uint32_t> &pads,
                          edit::ProtoHEFNetworkGroup group)
{
    return NmsWriter(step, pads, group).write();
}

} // namespace hefstudio
