// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef_forms.h"

#include "hef_world.h"

namespace hefstudio::test {

namespace {

using enum HefEdge::Direction;

EmulationHefContent plain(HefChip chip)
{
    EmulationHefContent content = singleContext(chip);
    content.groupName = "form_emulation";
    content.contexts = {{{boundary("form_emulation/input", hostToDevice, 64, 64, 3)}}};
    content.sortedOutputs.clear();
    return content;
}

HefEdge output(const char *name, std::int64_t height, std::int64_t width, std::int64_t features)
{
    return boundary(std::string("form_emulation/") + name, deviceToHost, height, width, features);
}

HefEdge list(const char *name, std::uint32_t classes, std::uint32_t boxes)
{
    HefEdge edge = output(name, 1, 1, 1);
    edge.nms = HefOnChipNms{.classes = classes, .boxesPerClass = boxes};
    return edge;
}

} // namespace

EmulationHefContent formOfLayouts(HefChip chip)
{
    EmulationHefContent content = plain(chip);
    auto &edges = content.contexts[0].edges;
    edges.push_back(boundary("form_emulation/second", hostToDevice, 8, 8, 1));
    const auto add = [&](const char *name, HefEdge::Order order, HefEdge edge) {
        edge.name = std::string("form_emulation/") + name;
        edge.order = order;
        edge.originalNames = {std::string("/model/") + name, "other"};
        content.sortedOutputs.push_back(edge.name);
        edges.push_back(std::move(edge));
    };
    add("nhwc", HefEdge::Order::nhwc, output("", 4, 6, 3));
    HefEdge wide = output("", 4, 6, 3);
    wide.dataBytes = 2;
    add("nhcw", HefEdge::Order::nhcw, wide);
    add("nc", HefEdge::Order::nc, output("", 1, 1, 9));
    add("nhw", HefEdge::Order::nhw, output("", 4, 6, 1));
    add("fcr", HefEdge::Order::fcr, output("", 4, 6, 9));
    add("f8cr", HefEdge::Order::f8cr, output("", 4, 6, 9));
    return content;
}

EmulationHefContent formOfScales(HefChip chip)
{
    EmulationHefContent content = plain(chip);
    HefEdge edge = output("scaled", 4, 8, 3);
    edge.scales = {0.5, 0.25, 0.125};
    edge.zeroPoints = {1, 2, 3};
    content.contexts[0].edges.push_back(edge);
    content.sortedOutputs = {edge.name};
    return content;
}

EmulationHefContent formOfDdr(HefChip chip)
{
    EmulationHefContent content = plain(chip);
    HefEdge out = boundary("detour", deviceToHost, 16, 16, 8);
    out.kind = HefEdge::Kind::ddr;
    out.connectedContexts = {0};
    out.hostRows = 12;
    HefEdge back = out;
    back.direction = hostToDevice;
    content.contexts[0].edges.push_back(output("end", 4, 8, 3));
    content.contexts[0].edges.push_back(out);
    content.contexts[0].edges.push_back(back);
    content.sortedOutputs = {"form_emulation/end"};
    return content;
}

EmulationHefContent formOfLists(HefChip chip)
{
    EmulationHefContent content = plain(chip);
    content.contexts[0].edges.push_back(list("nms", 80, 100));
    content.sortedOutputs = {"form_emulation/nms"};
    return content;
}

EmulationHefContent formOfMergedLists(HefChip chip)
{
    EmulationHefContent content = plain(chip);
    for (const std::uint32_t part : {0U, 1U}) {
        HefEdge edge = list(part == 0 ? "nms0" : "nms1", 4, 20);
        edge.nms->mergedInto = "form_emulation/all";
        edge.nms->part = part;
        content.contexts[0].edges.push_back(edge);
    }
    content.contexts[0].edges.push_back(output("other", 4, 8, 3));
    content.mergedLists = {{"form_emulation/all", 8, 20}};
    content.sortedOutputs = {"form_emulation/other", "form_emulation/all"};
    return content;
}

EmulationHefContent formOfStep(HefChip chip, HefNmsStep::Kind kind, bool onlyDecodes)
{
    using Kind = HefNmsStep::Kind;
    EmulationHefContent content = plain(chip);
    auto &edges = content.contexts[0].edges;
    HefNmsStep nms{.kind = kind,
                   .scoreThreshold = 0.3,
                   .iouThreshold = 0.6,
                   .classes = 4,
                   .boxesPerClass = 9,
                   .onlyDecodes = onlyDecodes,
                   .imageHeight = 64,
                   .imageWidth = 64};
    HefHostStep step{.output = "form_emulation/host"};
    const auto add = [&](const HefEdge &edge) {
        edges.push_back(edge);
        step.inputs.push_back(edge.name);
        return edge.name;
    };
    if (kind == Kind::iou) {
        add(list("boxes", 4, 9));
    } else {
        HefDecoder decoder;
        decoder.stride = 8;
        decoder.boxes = add(output("boxes", 8, 8, kind == Kind::yolov8 ? 64 : 24));
        if (kind == Kind::yolov8 || kind == Kind::yolox || kind == Kind::ssd)
            decoder.classes = add(output("classes", 8, 8, 8));
        if (kind == Kind::yolox)
            decoder.objectness = add(output("objectness", 8, 8, 8));
        if (kind == Kind::yolov5 || kind == Kind::yolov5Seg) {
            decoder.anchorHeights = {10, 20};
            decoder.anchorWidths = {12, 24};
        }
        if (kind == Kind::ssd) {
            decoder.anchorHeights = {0.25, 0.5};
            decoder.anchorWidths = {0.125, 0.5};
            nms.centerScale = 10;
            nms.dimensionScale = 5;
            nms.background = 0;
        }
        if (kind == Kind::yolov5Seg) {
            nms.prototypes = add(output("prototypes", 16, 16, 32));
            nms.prototypeCount = 32;
            nms.prototypeStride = 4;
            nms.maskThreshold = 0.5;
        }
        nms.decoders = {decoder};
    }
    step.step = nms;
    content.hostSteps = {step};
    content.sortedOutputs = {"form_emulation/host"};
    return content;
}

EmulationHefContent formOfLogits(HefChip chip, HefLogitsStep step)
{
    EmulationHefContent content = plain(chip);
    content.contexts[0].edges.push_back(output("logits", 4, 8, 5));
    content.hostSteps = {{"form_emulation/host", {"form_emulation/logits"}, step}};
    content.sortedOutputs = {"form_emulation/host"};
    return content;
}

std::vector<std::pair<std::string, EmulationHefContent>> allForms()
{
    using Kind = HefNmsStep::Kind;
    std::vector<std::pair<std::string, EmulationHefContent>> all;
    for (const HefChip chip : {HefChip::hailo8, HefChip::hailo8l}) {
        const std::string suffix = chip == HefChip::hailo8 ? "-8" : "-8l";
        const auto add = [&](const char *name, EmulationHefContent content) {
            all.emplace_back(name + suffix, std::move(content));
        };
        add("single", singleContext(chip));
        add("three", threeContexts(chip));
        add("layouts", formOfLayouts(chip));
        add("scales", formOfScales(chip));
        add("ddr", formOfDdr(chip));
        add("lists", formOfLists(chip));
        add("merged", formOfMergedLists(chip));
        add("yolov5", formOfStep(chip, Kind::yolov5, false));
        add("yolov5-boxes", formOfStep(chip, Kind::yolov5, true));
        add("yolov8", formOfStep(chip, Kind::yolov8, false));
        add("yolov8-boxes", formOfStep(chip, Kind::yolov8, true));
        add("yolox", formOfStep(chip, Kind::yolox, false));
        add("ssd", formOfStep(chip, Kind::ssd, false));
        add("iou", formOfStep(chip, Kind::iou, false));
        add("yolov5seg", formOfStep(chip, Kind::yolov5Seg, false));
        add("argmax", formOfLogits(chip, HefLogitsStep::argmax));
        add("softmax", formOfLogits(chip, HefLogitsStep::softmax));
    }
    return all;
}

} // namespace hefstudio::test
