// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/bundle_model.h"

#include "base/diagnostic_json.h"
#include "hef/hef_reader.h"

#include <algorithm>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

Json objectOf(const std::string &text)
{
    Json json = Json::parse(text, nullptr, false);
    return json.is_object() ? json : Json::object();
}

double numberIn(const Json &json, const char *key, double otherwise)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_number() ? found->get<double>() : otherwise;
}

// Keys outside the schema that our own files carry where a family differs from the usual.
void readOwnKeys(const MetadataOutput &output, BundleModel &model)
{
    const Json own = objectOf(output.otherKeys);
    if (output.type == "boxes")
        model.cellOffset = numberIn(own, "cell_offset", model.cellOffset);
    if (output.type == "landmarks" && own.contains("keypoints") && own["keypoints"].is_object()) {
        model.keyPointFactor = numberIn(own["keypoints"], "factor", model.keyPointFactor);
        model.keyPointOffset = numberIn(own["keypoints"], "cell_offset", model.keyPointOffset);
    }
}

void addQuantisation(const MetadataOutput &output, BundleModel &model)
{
    if (!output.quantisation || output.quantisation->scales.size() != 1 || output.name.empty())
        return;
    const auto &zeroPoints = output.quantisation->zeroPoints;
    model.quantisation.push_back({output.name, output.quantisation->scales.front(),
                                  zeroPoints.empty() ? 0 : zeroPoints.front()});
}

// Every scale must have boxes and scores, else nothing can be decoded.
void keepWholeScales(std::map<double, BundleScale> scales, BundleModel &model)
{
    for (auto &[stride, scale] : scales)
        if (!scale.outputs.contains("boxes") || !scale.outputs.contains("scores"))
            return;
    for (auto &[stride, scale] : scales)
        model.scales.push_back(std::move(scale));
}

} // namespace

BundleModel bundleModel(const ModelMetadata &metadata, const Hef &hef)
{
    BundleModel model;
    const HefNetworkGroupView &group = hef.groups().front();
    const HefShape &input = group.inputs.front().shape;
    model.height = input.height;
    model.width = input.width;
    model.channels = input.features;
    model.colourOrder = metadata.input.camera.empty() ? "rgb" : metadata.input.camera;
    model.labels = metadata.labels;
    model.task = metadata.task;
    model.isClassAware = metadata.nms == "class_aware";
    if (metadata.decoderVersion == "yolo26") { // key points without the factor of the older heads
        model.keyPointFactor = 1;
        model.keyPointOffset = 0.5;
    }
    model.hasRuntimeNms =
        std::ranges::any_of(group.outputs, [](const HefVStream &s) { return s.nms.has_value(); });
    model.isGuessed = objectOf(metadata.converter).contains("outputs_guessed");
    std::map<double, BundleScale> scales;
    bool isDecodable = true;
    for (const MetadataOutput &output : metadata.outputs) {
        readOwnKeys(output, model);
        addQuantisation(output, model);
        if (output.type == "protos")
            model.protos = output.name;
        if (output.type == "boxes") {
            // A missing encoding counts as dfl, as EdgeFirst's runtime takes it.
            model.boxesAreDistributions = output.encoding.empty() || output.encoding == "dfl";
            isDecodable =
                isDecodable && (model.boxesAreDistributions || output.encoding == "direct");
        }
        if (output.type == "objectness")
            isDecodable = false;
        const bool isScored = output.type == "scores" || metadata.outputs.size() == 1;
        if (isScored && !output.activationRequired.empty())
            model.scoreActivation = output.activationRequired;
        for (const MetadataOutput &child : output.children) {
            addQuantisation(child, model);
            if (output.type == "scores" && !child.activationRequired.empty())
                model.scoreActivation = child.activationRequired;
            if (!child.stride || (*child.stride)[0] != (*child.stride)[1])
                continue;
            BundleScale &scale = scales[(*child.stride)[0]];
            scale.stride = (*child.stride)[0];
            scale.outputs[child.type.empty() ? output.type : child.type] = child.name;
        }
    }
    if (isDecodable)
        keepWholeScales(std::move(scales), model);
    return model;
}

} // namespace hefstudio
