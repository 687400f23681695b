// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/model_check.h"

#include "base/diagnostic_json.h"

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

Json portJson(const ModelFacts::Port &port)
{
    return {{"name", port.name}, {"shape", port.shape.dims()}};
}

Json fitJson(const ChipFit &fit)
{
    return {{"arch", fit.device},
            {"contexts", fit.contexts},
            {"predicted_fps", fit.predictedFps},
            {"weight_bytes", fit.weightBytes},
            {"weight_memory_bytes", fit.weightMemoryBytes}};
}

Json factsJson(const ModelFacts &facts)
{
    Json json{{"producer", facts.producer},
              {"opset", facts.opset},
              {"static_shape", facts.isStatic},
              {"batch", facts.batch},
              {"inputs", Json::array()},
              {"outputs", Json::array()},
              {"layers", facts.layers},
              {"parameters", facts.parameters},
              {"multiply_accumulates", facts.multiplyAccumulates},
              {"attention_blocks", facts.attentionBlocks},
              {"attention_share", facts.attentionShare},
              {"attention_heavy", facts.isAttentionHeavy},
              {"largest_map", portJson(facts.largestMap)}};
    for (const auto &input : facts.inputs)
        json["inputs"].push_back(portJson(input));
    for (const auto &output : facts.outputs)
        json["outputs"].push_back(portJson(output));
    return json;
}

// {"task": {"value": "detect", "evidence": "metadata 'task'"}, …}: what nobody states is absent.
Json contractJson(const InputContract &contract)
{
    Json json = Json::object();
    const auto put = [&json](const char *key, const auto &fact) {
        if (fact)
            json[key] = {{"value", fact->value}, {"evidence", fact->evidence}};
    };
    put("labels", contract.labels);
    put("task", contract.task);
    put("image_size", contract.imageSize);
    put("stride", contract.stride);
    put("end2end", contract.endToEnd);
    put("keypoint_shape", contract.keypointShape);
    put("color", contract.color);
    put("resize", contract.resize);
    put("exporter", contract.exporter);
    if (contract.normalization)
        json["normalization"] = {{"value",
                                  {{"mean", contract.normalization->value.mean},
                                   {"std", contract.normalization->value.std}}},
                                 {"evidence", contract.normalization->evidence}};
    return json;
}

Json preflightJson(const Preflight &preflight)
{
    Json json{{"measure", preflightMeasureName(preflight.measure)},
              {"pictures", preflight.pictures},
              {"trials", Json::array()}};
    for (const auto &trial : preflight.trials)
        json["trials"].push_back({{"normalize", normalizationText(trial.normalization)},
                                  {"color", colorOrderName(trial.color)},
                                  {"stated", trial.isStated},
                                  {"found", trial.found},
                                  {"confidence", trial.confidence}});
    return json;
}

} // namespace

std::string checkJson(const ModelCheck &check)
{
    Json json{{"supported", check.isSupported},
              {"operators", Json::array()},
              {"end_nodes", Json::array()},
              {"nodes", Json::array()}};
    for (const auto &row : check.operators) {
        Json verdicts = Json::object();
        for (const auto &[verdict, count] : row.nodes)
            verdicts[std::string(verdictName(verdict))] = count;
        json["operators"].push_back({{"op", row.op},
                                     {"count", row.count},
                                     {"verdict", verdictName(row.verdict)},
                                     {"verdicts", std::move(verdicts)}});
    }
    for (const auto &end : check.ends)
        json["end_nodes"].push_back({{"node", end.node},
                                     {"role", endNodeRoleName(end.role)},
                                     {"stride", end.stride},
                                     {"shape", end.shape.dims()},
                                     {"reason", end.reason}});
    for (const auto &node : check.nodes)
        json["nodes"].push_back({{"node", node.node},
                                 {"op", node.op},
                                 {"verdict", verdictName(node.verdict)},
                                 {"reason", node.reason}});
    if (check.facts)
        json["model"] = factsJson(*check.facts);
    json["contract"] = contractJson(check.contract);
    if (check.fit)
        json["fit"] = fitJson(*check.fit);
    json["fits"] = Json::array();
    for (const auto &fit : check.fits)
        json["fits"].push_back(fitJson(fit));
    if (!check.recommendedDevice.empty())
        json["recommended_arch"] = check.recommendedDevice;
    if (check.preflight)
        json["preflight"] = preflightJson(*check.preflight);
    json["diagnostics"] = toJson(check.diagnostics);
    return jsonText(json);
}

} // namespace hefstudio
