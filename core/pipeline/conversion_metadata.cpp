// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/conversion_metadata.h"

#include "base/diagnostic_json.h"
#include "pipeline/stream_layout.h"

#include <chrono>
#include <cstdio>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::int64_t> streamDims(const Shape &onnx)
{
    const StreamShape shape = streamShape(onnx);
    if (shape.isVector)
        return {1, shape.features};
    return {1, shape.height, shape.width, shape.features};
}

std::vector<MetadataAxis> axesOf(const std::vector<std::int64_t> &dims)
{
    if (dims.size() == 2)
        return {{"batch", dims[0]}, {"num_features", dims[1]}};
    return {{"batch", dims[0]}, {"height", dims[1]}, {"width", dims[2]}, {"num_features", dims[3]}};
}

// What the values have been through when they leave the chip.
std::string appliedActivation(const Graph &graph, const TensorInfo &tensor)
{
    if (!tensor.producer.isValid())
        return {};
    const Layer &layer = graph.layer(tensor.producer);
    if (layer.is<Softmax>())
        return "softmax";
    const auto *elementwise = layer.as<Elementwise>();
    const Function function =
        elementwise ? elementwise->function.function : layer.activation.function;
    return function == Function::sigmoid ? "sigmoid" : function == Function::tanh ? "tanh" : "";
}

std::vector<MetadataOutput> plainOutputs(const ConversionFacts &facts)
{
    std::vector<MetadataOutput> outputs;
    const Graph &graph = *facts.quantized.graph;
    for (std::size_t i = 0; i < facts.record.outputs.size(); ++i) {
        const auto &tensor = graph.tensor(graph.outputs[i]);
        const TensorQuantisation &q = facts.quantized.of(tensor.id);
        MetadataOutput output;
        output.name = facts.record.outputs[i].streamName;
        output.shape = streamDims(tensor.shape);
        output.axes = axesOf(output.shape);
        output.dtype = q.bits == 8 ? "uint8" : "uint16";
        output.quantisation = MetadataQuantisation{.scales = {static_cast<double>(q.scale)},
                                                   .zeroPoints = {q.zeroPoint},
                                                   .axis = {},
                                                   .dtype = output.dtype};
        output.activationApplied = appliedActivation(graph, tensor);
        outputs.push_back(std::move(output));
    }
    return outputs;
}

std::string timeText(std::uint64_t milliseconds)
{
    constexpr std::uint64_t latest = 253402300799000; // the year 9999
    const std::chrono::sys_seconds time{
        std::chrono::seconds(std::min(milliseconds, latest) / 1000)};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", int(date.year()),
                  unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                  int(clock.minutes().count()), int(clock.seconds().count()));
    return text;
}

Json converterSection(const ConversionFacts &facts, const std::string &task)
{
    const ConversionRecord &record = facts.record;
    Json json{{"version", record.toolVersion},
              {"timestamp", timeText(facts.settings.createdMs)},
              {"task", task},
              {"emulation", true},
              {"hw_arch", record.arch},
              {"preset", record.preset},
              {"splits_applied", Json::array()},
              {"calibration", facts.settings.calibration.filename().string()},
              {"calibration_samples", facts.calibrationSamples},
              {"end_nodes", Json::array()},
              {"precision", Json::object()},
              {"activation_folded", Json::array()}};
    const Graph &graph = *facts.quantized.graph;
    for (std::size_t i = 0; i < record.outputs.size(); ++i) {
        const auto &tensor = graph.tensor(graph.outputs[i]);
        const auto &output = record.outputs[i];
        json["end_nodes"].push_back(output.name);
        json["precision"][output.name] = facts.quantized.of(tensor.id).bits;
        if (appliedActivation(graph, tensor) == "sigmoid")
            json["activation_folded"].push_back(output.name);
    }
    for (const auto &input : record.inputs) {
        if (!input.isPicture)
            continue;
        json["calibration_geometry"] = {{"resize", resizePolicyName(input.preprocess.resize)},
                                        {"input_shape", streamDims(input.shape)}};
        json["normalization"] = {{"mean", input.normalization.mean},
                                 {"std", input.normalization.std}};
    }
    return json;
}

} // namespace

Result<ModelMetadata> describeConversion(const ConversionFacts &facts)
{
    const ConversionRecord &record = facts.record;
    ModelMetadata metadata;
    if (!facts.headDocument.empty()) {
        auto head = parseMetadata(facts.headDocument, record.model);
        if (!head)
            return head;
        metadata = std::move(*head);
    }
    metadata.name = record.model;
    metadata.labels = record.labels;
    if (record.inputs.size() == 1) {
        const auto &input = record.inputs.front();
        metadata.input.shape = streamDims(input.shape);
        metadata.input.axes = axesOf(metadata.input.shape);
        if (input.isPicture)
            metadata.input.camera = colorOrderName(input.preprocess.color);
    }
    if (metadata.outputs.empty())
        metadata.outputs = plainOutputs(facts);
    const bool isOneVector =
        metadata.outputs.size() == 1 && metadata.outputs.front().shape.size() == 2;
    if (metadata.task.empty() && isOneVector &&
        metadata.outputs.front().shape[1] == std::int64_t(record.labels.size()))
        metadata.task = "classify";
    metadata.converter = jsonText(converterSection(facts, metadata.task), -1);
    return metadata;
}

} // namespace hefstudio
