// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/hef_assembly.h"

#include "base/version.h"
#include "pipeline/stream_layout.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

class EdgeMaker {
public:
    EdgeMaker(const QuantizedGraph &quantized, const Mapping &mapping, const std::string &group)
        : m_quantized(quantized), m_graph(*quantized.graph), m_mapping(mapping), m_group(group)
    {
    }

    HefContext contextOf(const MappedContext &context) const
    {
        HefContext result;
        for (const auto id : context.inputs)
            result.edges.push_back(isNetworkInput(id) ? edge(id, HefEdge::Direction::hostToDevice,
                                                             HefEdge::Kind::boundary)
                                                      : arrival(id, context));
        for (const auto id : context.outputs) {
            const auto readers = laterReaders(id, context);
            if (!readers.empty()) {
                auto leaving =
                    edge(id, HefEdge::Direction::deviceToHost, HefEdge::Kind::interContext);
                leaving.connectedContexts = readers;
                result.edges.push_back(std::move(leaving));
            }
            if (m_graph.isOutput(id))
                result.edges.push_back(
                    edge(id, HefEdge::Direction::deviceToHost, HefEdge::Kind::boundary));
        }
        return result;
    }

private:
    bool isNetworkInput(TensorId id) const
    {
        return std::ranges::find(m_graph.inputs, id) != m_graph.inputs.end();
    }

    std::vector<int> laterReaders(TensorId id, const MappedContext &producer) const
    {
        std::vector<int> readers;
        for (const auto &context : m_mapping.contexts)
            if (producer.id < context.id &&
                std::ranges::find(context.inputs, id) != context.inputs.end())
                readers.push_back(static_cast<int>(context.id.index()));
        return readers;
    }

    HefEdge arrival(TensorId id, const MappedContext &reader) const
    {
        auto arriving = edge(id, HefEdge::Direction::hostToDevice, HefEdge::Kind::interContext);
        for (const auto &context : m_mapping.contexts)
            if (context.id < reader.id &&
                std::ranges::find(context.outputs, id) != context.outputs.end())
                arriving.connectedContexts = {static_cast<int>(context.id.index())};
        return arriving;
    }

    HefEdge edge(TensorId id, HefEdge::Direction direction, HefEdge::Kind kind) const
    {
        const auto &tensor = m_graph.tensor(id);
        const auto &quantisation = m_quantized.of(id);
        const auto shape = streamShape(tensor.shape);
        return {.name = streamName(m_group, tensor.name),
                .direction = direction,
                .kind = kind,
                .height = shape.height,
                .width = shape.width,
                .features = shape.features,
                .isVector = shape.isVector,
                .dataBytes = quantisation.bits / 8,
                .scale = quantisation.scale,
                .zeroPoint = static_cast<float>(quantisation.zeroPoint),
                .limitLow = quantisation.real(0),
                .limitHigh = quantisation.real(quantisation.maximum()),
                .connectedContexts = {}};
    }

    const QuantizedGraph &m_quantized;
    const Graph &m_graph;
    const Mapping &m_mapping;
    const std::string &m_group;
};

} // namespace

Result<EmulationHefContent> assembleHef(HefParts parts)
{
    const Graph &graph = *parts.quantized->graph;
    EmulationHefContent content;
    content.chip = parts.mapping.device == "hailo8" ? HefChip::hailo8 : HefChip::hailo8l;
    content.groupName = parts.groupName;
    content.toolVersion = toolVersion;
    content.timestampMs = parts.timestampMs;
    content.framesPerSecond = parts.framesPerSecond;
    content.latencySeconds = parts.mapping.predictedFrameMs / 1000;
    const EdgeMaker edges(*parts.quantized, parts.mapping, parts.groupName);
    for (const auto &context : parts.mapping.contexts)
        content.contexts.push_back(edges.contextOf(context));
    for (const auto id : graph.outputs) {
        const auto name = streamName(parts.groupName, graph.tensor(id).name);
        if (!parts.nms || std::ranges::find(parts.nms->inputs, name) == parts.nms->inputs.end())
            content.sortedOutputs.push_back(name);
    }
    if (parts.nms) {
        content.sortedOutputs.push_back(parts.nms->output);
        content.hostSteps.push_back(std::move(*parts.nms));
    }
    content.blobs = std::move(parts.blobs);
    return content;
}

void describePorts(const QuantizedGraph &quantized, const InputPlans &plans,
                   const std::vector<EndNodeProposal> &ends, const std::string &group,
                   ConversionRecord &record)
{
    const Graph &graph = *quantized.graph;
    for (const auto &plan : plans.inputs)
        record.inputs.push_back({plan.inputName, streamName(group, plan.inputName), plan.shape,
                                 plan.isPicture, plan.normalization, plan.preprocess});
    for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
        const auto &tensor = graph.tensor(graph.outputs[i]);
        ConversionRecord::OutputRecord output{.name = tensor.name,
                                              .streamName = streamName(group, tensor.name),
                                              .shape = tensor.shape,
                                              .role = {},
                                              .stride = 0,
                                              .reason = {}};
        if (i < ends.size()) {
            output.role = endNodeRoleName(ends[i].role);
            output.stride = ends[i].stride;
            output.reason = ends[i].reason;
        }
        record.outputs.push_back(std::move(output));
    }
    for (const auto &tensor : graph.tensors) {
        const auto factors = scalesOf(quantized.channelScales, tensor.id.index());
        if (std::ranges::any_of(factors, [](float factor) { return factor != 1; }))
            record.channelFactors.emplace_back(tensor.name,
                                               std::vector<float>(factors.begin(), factors.end()));
    }
}

std::vector<OutputPort> outputPorts(const QuantizedGraph &quantized, const std::string &group)
{
    std::vector<OutputPort> ports;
    for (const auto id : quantized.graph->outputs) {
        const auto &quantisation = quantized.of(id);
        ports.push_back({streamName(group, quantized.graph->tensor(id).name),
                         quantisation.bits == 8 ? "uint8" : "uint16",
                         static_cast<double>(quantisation.scale), quantisation.zeroPoint});
    }
    return ports;
}

// The schema's SSD step has divisors of what the network gives: ten for a variance of 0.1.
std::uint32_t divisorOf(double variance)
{
    return variance > 0 && variance <= 1 ? static_cast<std::uint32_t>(std::lround(1 / variance)) : 1;
}

std::optional<HefNmsStep::Kind> nmsKindOf(const HeadLayout &head)
{
    const HeadScale &first = head.scales.front();
    const bool hasProbabilities = first.part(HeadRole::classes)->hasSigmoid;
    const bool isPlain = first.parts.size() == 2;
    const bool isYolox = head.boxes == BoxCoding::centreExp && head.scores == ScoreRule::product &&
                         head.cellOffset == 0 && first.parts.size() == 3;
    if (!hasProbabilities)
        return std::nullopt;
    if (head.boxes == BoxCoding::distribution && isPlain)
        return HefNmsStep::Kind::yolov8;
    if (isYolox)
        return HefNmsStep::Kind::yolox;
    if (head.boxes == BoxCoding::priorOffsets && isPlain)
        return HefNmsStep::Kind::ssd;
    return std::nullopt;
}

Result<HefHostStep> nmsStep(const HeadLayout &head, std::span<const OutputPort> ports,
                            const ConversionSettings &settings, const std::string &group)
{
    const auto kind = nmsKindOf(head);
    if (!kind) {
        Diagnostic refusal("convert.nms-unsupported");
        refusal.arguments.emplace_back("coding", std::string(boxCodingName(head.boxes)));
        refusal.fixes.push_back(Fix{"set-option", {{"--nms", "none"}}});
        return fail(std::move(refusal));
    }
    HefNmsStep step;
    step.kind = *kind;
    step.scoreThreshold = settings.nmsScore;
    step.iouThreshold = settings.nmsIou;
    step.boxesPerClass = static_cast<std::uint32_t>(settings.nmsPerClass);
    step.classes = static_cast<std::uint32_t>(head.classes + (head.hasBackground ? 1 : 0));
    if (head.hasBackground)
        step.background = 0;
    step.imageWidth = static_cast<double>(head.inputWidth);
    step.imageHeight = static_cast<double>(head.inputHeight);
    step.regressionLength = static_cast<std::uint32_t>(head.bins);
    step.centerScale = divisorOf(head.variances[0]);
    step.dimensionScale = divisorOf(head.variances[1]);
    step.isYFirst = head.isYFirst;
    HefHostStep hostStep{.output = streamName(group, "nms"), .inputs = {}, .step = {}};
    for (const HeadScale &scale : head.scales) {
        HefDecoder decoder;
        decoder.stride = static_cast<std::uint32_t>(scale.strideX);
        for (const auto &anchor : scale.anchors) { // fractions of the picture
            decoder.anchorWidths.push_back(anchor[0] / step.imageWidth);
            decoder.anchorHeights.push_back(anchor[1] / step.imageHeight);
        }
        const auto take = [&](HeadRole role, std::string &name) {
            const HeadPart *part = scale.part(role);
            if (!part)
                return;
            name = ports[part->tensor].name;
            hostStep.inputs.push_back(name);
        };
        take(HeadRole::box, decoder.boxes);
        take(HeadRole::classes, decoder.classes);
        take(HeadRole::objectness, decoder.objectness);
        step.decoders.push_back(std::move(decoder));
    }
    hostStep.step = std::move(step);
    return hostStep;
}

} // namespace hefstudio
