// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_metadata.h"

#include "base/diagnostic_json.h"
#include "hef/hef_reader.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

// The distribution of YOLOv5u, 8, 9, 11 and 12: 16 bins for each of four sides.
constexpr std::int64_t dflFeatures = 64;

std::string dtypeOf(HefDataType type)
{
    switch (type) {
    case HefDataType::uint16:
        return "uint16";
    case HefDataType::float32:
        return "float32";
    default:
        return "uint8";
    }
}

bool isVector(HefOrder order)
{
    return order == HefOrder::nc;
}

std::vector<std::int64_t> shapeOf(const HefVStream &stream)
{
    if (isVector(stream.order))
        return {1, stream.shape.features};
    return {1, stream.shape.height, stream.shape.width, stream.shape.features};
}

std::vector<MetadataAxis> axesOf(const std::vector<std::int64_t> &shape, const std::string &last)
{
    if (shape.size() == 2)
        return {{"batch", shape[0]}, {last, shape[1]}};
    return {{"batch", shape[0]}, {"height", shape[1]}, {"width", shape[2]}, {last, shape[3]}};
}

MetadataOutput physical(const HefVStream &stream)
{
    MetadataOutput output;
    output.name = stream.name;
    output.shape = shapeOf(stream);
    output.axes = axesOf(output.shape, "num_features");
    output.dtype = dtypeOf(stream.type);
    const HefQuantisation &q = stream.quantisation;
    if (stream.type == HefDataType::float32 || !(q.scale > 0))
        return output;
    MetadataQuantisation quantisation{.dtype = output.dtype};
    // Some files give every channel its own scale; one number says it where they are all alike.
    const bool isVaried = std::ranges::any_of(q.scales, [&](double s) { return s != q.scales[0]; });
    if (isVaried && q.scales.size() == stream.shape.features) {
        quantisation.scales = q.scales;
        for (const double zeroPoint : q.zeroPoints)
            quantisation.zeroPoints.push_back(std::llround(zeroPoint));
        if (quantisation.zeroPoints.size() != q.scales.size())
            quantisation.zeroPoints.assign(q.scales.size(), std::llround(q.zeroPoint));
        quantisation.axis = std::int64_t(output.shape.size()) - 1;
    } else {
        quantisation.scales = {static_cast<double>(q.scale)};
        quantisation.zeroPoints = {std::llround(q.zeroPoint)};
    }
    output.quantisation = std::move(quantisation);
    return output;
}

// Values that can only be a sigmoid's.
bool isUnitRange(const HefQuantisation &q)
{
    return q.limitLow == 0 && q.limitHigh <= 1.0F && q.limitHigh > 0.9F;
}

// Outputs of one grid, by what they must hold.
struct Scale {
    const HefVStream *boxes = nullptr;
    const HefVStream *scores = nullptr;
    const HefVStream *extra = nullptr;
};

struct Head {
    std::map<std::int64_t, Scale> scales; // by stride
    const HefVStream *protos = nullptr;
    std::string extraType; // "mask_coefs", "landmarks", empty
    std::string task = "detection";
};

// Each grid must hold one output of 64 channels and one of another width, the same in all grids,
// and perhaps a third; with it goes a map of prototypes, or it holds key points.
std::optional<Head> recogniseHead(const HefNetworkGroupView &group)
{
    if (group.inputs.size() != 1 || group.outputs.size() < 4)
        return std::nullopt;
    const HefShape &input = group.inputs.front().shape;
    std::map<std::int64_t, std::vector<const HefVStream *>> grids;
    for (const HefVStream &stream : group.outputs) {
        const HefShape &s = stream.shape;
        if (stream.nms || isVector(stream.order) || s.height == 0 || s.width == 0 ||
            input.height % s.height != 0 || input.width % s.width != 0 ||
            input.height / s.height != input.width / s.width)
            return std::nullopt;
        grids[input.height / s.height].push_back(&stream);
    }
    Head head;
    if (grids.begin()->second.size() == 1) {
        head.protos = grids.begin()->second.front();
        grids.erase(grids.begin());
    }
    if (grids.empty())
        return std::nullopt;
    std::optional<std::uint32_t> classes, extra;
    for (const auto &[stride, streams] : grids) {
        Scale scale;
        for (const HefVStream *stream : streams) {
            const auto features = stream->shape.features;
            if (features == dflFeatures && !scale.boxes)
                scale.boxes = stream;
            else if (head.protos && features == head.protos->shape.features && !scale.extra)
                scale.extra = stream;
            else if (!head.protos && streams.size() == 3 && features > 1 && features % 3 == 0 &&
                     !scale.extra)
                scale.extra = stream; // x, y, visibility
            else if (!scale.scores)
                scale.scores = stream;
            else
                return std::nullopt;
        }
        const bool isWhole = scale.boxes && scale.scores &&
                             (streams.size() == 2) == (scale.extra == nullptr) &&
                             (scale.extra != nullptr || !head.protos);
        if (!isWhole ||
            classes.value_or(scale.scores->shape.features) != scale.scores->shape.features)
            return std::nullopt;
        classes = scale.scores->shape.features;
        const auto width = scale.extra ? scale.extra->shape.features : 0;
        if (extra.value_or(width) != width)
            return std::nullopt;
        extra = width;
        head.scales[stride] = scale;
    }
    if (head.protos) {
        head.extraType = "mask_coefs";
        head.task = "segmentation";
    } else if (*extra > 0) {
        head.extraType = "landmarks";
        head.task = "pose";
    }
    return head;
}

MetadataOutput logical(const Head &head, const HefVStream *Scale::*role, const std::string &type)
{
    MetadataOutput parent;
    parent.name = type;
    parent.type = type;
    parent.decoder = "ultralytics";
    std::int64_t cells = 0;
    std::int64_t index = 0;
    bool isApplied = true;
    for (const auto &[stride, scale] : head.scales) {
        const HefVStream &stream = *(scale.*role);
        MetadataOutput child = physical(stream);
        child.type = type;
        child.stride = std::array{double(stride), double(stride)};
        child.scaleIndex = index++;
        if (type == "scores") {
            child.axes.back().key = "num_classes";
            isApplied = isApplied && isUnitRange(stream.quantisation);
        }
        cells += std::int64_t(stream.shape.height) * stream.shape.width;
        parent.children.push_back(std::move(child));
    }
    const std::int64_t features = type == "boxes" ? 4 : parent.children.front().shape.back();
    parent.shape = {1, features, cells};
    parent.axes = {{"batch", 1},
                   {type == "boxes"    ? "box_coords"
                    : type == "scores" ? "num_classes"
                                       : "num_features",
                    features},
                   {"num_boxes", cells}};
    if (type == "boxes") {
        parent.encoding = "dfl";
        parent.isNormalised = false;
    }
    if (type == "scores") {
        parent.scoreFormat = "per_class";
        if (isApplied)
            for (MetadataOutput &child : parent.children)
                child.activationApplied = "sigmoid";
        else
            parent.activationRequired = "sigmoid";
    }
    return parent;
}

void describeOutputs(const HefNetworkGroupView &group, ModelMetadata &metadata, Json &converter)
{
    if (const auto head = recogniseHead(group)) {
        metadata.task = head->task;
        metadata.nms = "class_agnostic";
        metadata.outputs.push_back(logical(*head, &Scale::boxes, "boxes"));
        metadata.outputs.push_back(logical(*head, &Scale::scores, "scores"));
        if (!head->extraType.empty())
            metadata.outputs.push_back(logical(*head, &Scale::extra, head->extraType));
        if (head->protos) {
            MetadataOutput protos = physical(*head->protos);
            protos.type = "protos";
            protos.axes.back().key = "num_protos";
            metadata.outputs.push_back(std::move(protos));
        }
        converter["outputs_guessed"] = true;
        return;
    }
    for (const HefVStream &stream : group.outputs) {
        MetadataOutput output = physical(stream);
        if (stream.nms) {
            output.type = "detections";
            output.shape = {1, std::int64_t(stream.nms->classes * stream.nms->boxesPerClass), 5};
            output.axes = {};
            output.quantisation.reset();
            output.dtype = "float32";
            metadata.task = "detection";
        }
        metadata.outputs.push_back(std::move(output));
    }
    const bool isOneVector = group.outputs.size() == 1 && isVector(group.outputs[0].order);
    if (isOneVector && metadata.task.empty()) {
        metadata.task = "classify";
        converter["outputs_guessed"] = true;
    }
}

} // namespace

ModelMetadata describeHef(const Hef &hef)
{
    ModelMetadata metadata;
    if (hef.groups().empty())
        return metadata;
    const HefNetworkGroupView &group = hef.groups().front();
    metadata.name = group.name;
    if (group.inputs.size() == 1) {
        metadata.input.shape = shapeOf(group.inputs.front());
        metadata.input.axes = axesOf(metadata.input.shape, "num_features");
        if (metadata.input.shape.back() == 3)
            metadata.input.camera = "rgb";
        else if (metadata.input.shape.back() == 1)
            metadata.input.camera = "grey";
    }
    Json converter{{"hw_arch", std::string(hef.arch().productName())},
                   {"version", hef.sdkVersion()}};
    describeOutputs(group, metadata, converter);
    metadata.converter = jsonText(converter, -1);
    return metadata;
}

} // namespace hefstudio
