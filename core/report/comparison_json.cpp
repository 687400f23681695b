// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/diagnostic_json.h"
#include "report/comparison.h"

#include <cmath>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

// Six significant places; what is not a number becomes null.
Json number(double value)
{
    if (!std::isfinite(value))
        return nullptr;
    return std::round(value * 1e6) / 1e6;
}

Json signalJson(const SignalComparison &signal)
{
    return {{"snr_db", number(signal.snrDb())},
            {"psnr_db", number(signal.psnrDb())},
            {"cosine", number(signal.cosine())},
            {"worst",
             {{"index", signal.worst().index},
              {"truth", number(signal.worst().truth)},
              {"found", number(signal.worst().found)}}},
            {"values", signal.count()},
            {"not_finite", signal.notFinite()}};
}

Json layerJson(const LayerComparison &layer)
{
    const auto &worst = layer.accumulated.worst();
    return {
        {"name", layer.name},
        {"origin", layer.origin},
        {"kind", layer.kind},
        {"bits", layer.bits},
        {"snr_isolated_db", number(layer.isolated.snrDb())},
        {"snr_accumulated_db", number(layer.accumulated.snrDb())},
        {"cosine", number(layer.accumulated.cosine())},
        {"worst",
         {{"index", worst.index}, {"truth", number(worst.truth)}, {"found", number(worst.found)}}},
        {"clipped_fraction", number(layer.clippedFraction)}};
}

// An output as the fixed form of layers: what reaches it has gone through everything.
Json outputJson(const OutputComparison &output)
{
    Json json{{"name", output.name},
              {"snr_isolated_db", nullptr},
              {"snr_accumulated_db", number(output.signal.snrDb())}};
    json.update(signalJson(output.signal));
    return json;
}

Json outputsJson(const std::vector<OutputComparison> &outputs)
{
    Json list = Json::array();
    for (const auto &output : outputs)
        list.push_back(outputJson(output));
    return list;
}

Json intervalJson(const Interval &interval)
{
    return {number(interval.low), number(interval.high)};
}

Json precisionJson(const AveragePrecision &precision)
{
    return {{"map50", number(precision.at50)},
            {"map50_interval", intervalJson(precision.at50Interval)},
            {"map50_95", number(precision.all)},
            {"map50_95_interval", intervalJson(precision.allInterval)},
            {"classes", precision.classes}};
}

Json detectionJson(const DetectionComparison &detection)
{
    const auto &kept = detection.retained;
    Json json{{"map_retained", number(kept.at50)},
              {"map_retained_interval", intervalJson(kept.at50Interval)},
              {"map50_95_retained", number(kept.all)},
              {"map50_95_retained_interval", intervalJson(kept.allInterval)},
              {"matched_fraction", number(detection.matches.matchedFraction)},
              {"matched_fraction_interval", intervalJson(detection.matches.matchedInterval)},
              {"mean_iou", number(detection.matches.meanIou)},
              {"truth_boxes", detection.matches.truthBoxes},
              {"truth_score", detection.truthScore},
              {"match_truth_score", detection.matchTruthScore},
              {"match_found_score", detection.matchFoundScore}};
    if (detection.floatOnLabels && detection.foundOnLabels) {
        json["labels"] = {{"float", precisionJson(*detection.floatOnLabels)},
                          {"hef", precisionJson(*detection.foundOnLabels)}};
        if (detection.floatOnLabels->at50 > 0)
            json["labels"]["ap50_ratio"] =
                number(detection.foundOnLabels->at50 / detection.floatOnLabels->at50);
    }
    return json;
}

Json confidenceJson(const Confidence &confidence)
{
    return {{"expected_calibration_error", number(confidence.calibrationError)},
            {"temperature", number(confidence.temperature)},
            {"expected_calibration_error_at_temperature", number(confidence.calibrationErrorAfter)},
            {"accuracy", number(confidence.accuracy)}};
}

Json hefJson(const HefComparison &hef)
{
    Json json{{"file", hef.file.substr(hef.file.find_last_of('/') + 1)}, {"predicted", true}};
    json["layers"] = Json::array();
    for (const auto &layer : hef.layers)
        json["layers"].push_back(layerJson(layer));
    json["outputs"] = hef.outputs() ? outputsJson(*hef.outputs()) : Json::array();
    json["rungs"] = Json::array();
    for (const auto &rung : hef.rungs)
        json["rungs"].push_back({{"name", rung.name}, {"outputs", outputsJson(rung.outputs)}});
    if (hef.detection)
        json["detection"] = detectionJson(*hef.detection);
    if (hef.classification)
        json["classification"] = {{"top1_agreement", number(hef.classification->agreement.top1)},
                                  {"top5_agreement", number(hef.classification->agreement.top5)},
                                  {"truth", hef.classification->truth},
                                  {"confidence_float", confidenceJson(hef.classification->before)},
                                  {"confidence_hef", confidenceJson(hef.classification->after)}};
    if (hef.segmentation)
        json["segmentation"] = {{"mean_iou", number(hef.segmentation->meanIou())},
                                {"pixel_agreement", number(hef.segmentation->pixelAgreement())}};
    json["first_bad_layer"] = nullptr;
    if (hef.firstBad) {
        Json proposals = Json::array();
        for (const auto &proposal : hef.firstBad->proposals) {
            Json values = Json::object();
            for (const auto &[key, value] : proposal.fix.values)
                values[key] = value;
            proposals.push_back({{"text", proposal.text},
                                 {"fix", {{"kind", proposal.fix.kind}, {"values", values}}}});
        }
        json["first_bad_layer"] = {{"name", hef.firstBad->layer},
                                   {"reason", hef.firstBad->reason},
                                   {"proposals", proposals}};
    }
    json["score"] = {{"name", hef.scoreName()}, {"value", number(hef.score())}};
    return json;
}

} // namespace

std::string comparisonJson(const Comparison &comparison)
{
    Json json{{"model", comparison.model.substr(comparison.model.find_last_of('/') + 1)},
              {"pictures", comparison.pictures},
              {"layer_pictures", comparison.layerPictures}};
    // The first file stands at the root, where tools look for it.
    if (!comparison.hefs.empty())
        json.update(hefJson(comparison.hefs.front()));
    if (comparison.hefs.size() > 1) {
        json["hefs"] = Json::array();
        for (const auto &hef : comparison.hefs)
            json["hefs"].push_back(hefJson(hef));
        json["verdict"] = comparison.verdict;
    }
    json["remarks"] = toJson(comparison.remarks);
    return jsonText(json) + "\n";
}

} // namespace hefstudio
