// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/vendor_job.h"

#include "base/hash.h"
#include "base/version.h"
#include "calibration/calibration_set.h"
#include "device/device_model.h"
#include "heads/head_metadata.h"
#include "hef/model_metadata.h"
#include "mapping/mapping.h"
#include "onnx/input_contract.h"
#include "pipeline/input_plan.h"
#include "pipeline/prepare_model.h"
#include "pipeline/prepared_network.h"
#include "profile/profile.h"
#include "vendor/alls_commands.h"
#include "vendor/toolchain.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

constexpr std::size_t randomSamples = 64; // as in a built-in conversion
constexpr int boardedChipBatch = 1;

// A name in small letters without blanks and punctuation, as boards are compared.
std::string bareName(std::string_view name)
{
    std::string bare;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z')
            bare += static_cast<char>(c - 'A' + 'a');
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            bare += c;
    }
    return bare;
}

VendorNetworkTraits traitsOf(const Graph &graph)
{
    VendorNetworkTraits traits;
    bool hasNormalization = false;
    for (const auto &layer : graph.layers) {
        const bool isProduct = layer.is<MatMul>() && layer.inputs.size() == 2 &&
                               !graph.tensor(layer.inputs[0]).isConstant() &&
                               !graph.tensor(layer.inputs[1]).isConstant();
        traits.hasAttention = traits.hasAttention || isProduct;
        hasNormalization = hasNormalization || layer.is<LayerNormalization>();
    }
    traits.hasTokens = traits.hasAttention && hasNormalization;
    return traits;
}

// What our own mapping says of the network, for chips it knows. A network that does not map here
// may still compile there: no prediction is no fault.
std::optional<VendorPrediction> predict(const PreparedModel &prepared, const InputPlans &plans,
                                        const std::string &arch,
                                        const ConversionSettings &settings,
                                        const std::stop_token &stop)
{
    const auto device = findDevice(arch);
    if (!device)
        return std::nullopt;
    const auto graph = rewriteForDevice(prepared.device, plans, false, stop, {});
    if (!graph)
        return std::nullopt;
    const std::vector<int> bits((*graph)->tensors.size(), 8);
    const auto mapping =
        mapToDevice(**graph, bits, *device, {.contexts = settings.contexts, .seed = settings.seed},
                    stop, {});
    if (!mapping)
        return std::nullopt;
    const int batches[] = {boardedChipBatch};
    const Profile profile = estimate(**graph, bits, *mapping, *device, batches);
    double bytes = 0;
    for (const auto &context : profile.contexts)
        bytes += double(context.weightBytes) * device->configurationBytesPerWeightByte +
                 context.utilisation.control * device->controlUnits() *
                     device->configurationBytesPerControlUnit;
    return VendorPrediction{.contexts = static_cast<int>(profile.contexts.size()),
                            .framesPerSecond = profile.framesPerSecond.at(boardedChipBatch),
                            .configBytes = static_cast<std::uint64_t>(bytes)};
}

Result<std::vector<std::string>> labelsOf(const PreparedModel &prepared,
                                          const ConversionSettings &settings)
{
    if (settings.labels.empty()) {
        const auto contract = readInputContract(prepared.device->metadata, settings.model);
        return contract.labels ? contract.labels->value : std::vector<std::string>();
    }
    const auto text = readTextFile(settings.labels, {.maxBytes = 1 << 20});
    if (!text)
        return std::unexpected(text.error());
    return labelsFromText(*text);
}

std::string metadataText(const PreparedModel &prepared, const InputPlans &plans,
                         const ConversionSettings &settings, std::vector<std::string> labels)
{
    ModelMetadata metadata;
    metadata.name = settings.model.stem().string();
    metadata.labels = std::move(labels);
    const auto contract = readInputContract(prepared.device->metadata, settings.model);
    if (contract.task)
        metadata.task = contract.task->value;
    if (plans.inputs.size() == 1 && plans.inputs.front().isPicture)
        metadata.input.camera = colorOrderName(plans.inputs.front().preprocess.color);
    return metadataJson(metadata);
}

VendorJobOutput describeOutput(const TensorInfo &tensor, const EndNodeProposal *end,
                               const ConversionSettings &settings)
{
    VendorJobOutput output{.name = tensor.name,
                           .node = tensor.name,
                           .role = std::string(endNodeRoleName(EndNodeRole::output)),
                           .shape = tensor.shape,
                           .activation = {}};
    if (!end)
        return output;
    output.node = end->node;
    output.role = endNodeRoleName(end->role);
    output.stride = end->stride;
    // Presets state 16 bits for what becomes coordinates, accurate for scores too.
    const bool isBox = end->role == EndNodeRole::box;
    const bool isScore = end->role == EndNodeRole::classes || end->role == EndNodeRole::objectness;
    if ((isBox && settings.preset != Preset::fast) ||
        (isScore && settings.preset == Preset::accurate))
        output.bits = 16;
    return output;
}

// The prepared model's nodes that the recipe gives 16 bits, by layer or by ONNX node.
std::vector<std::string> sixteenBitNodes(const Graph &graph, const ConversionSettings &settings)
{
    std::vector<std::string> nodes;
    for (const auto &[name, choice] : settings.layers) {
        if (choice.bits != 16)
            continue;
        const auto found = std::ranges::find_if(graph.layers, [&](const Layer &layer) {
            return layer.name == name ||
                   std::ranges::find(layer.origin, name) != layer.origin.end();
        });
        nodes.push_back(found == graph.layers.end() ? name : found->name);
    }
    return nodes;
}

Result<void> describeCalibration(const CalibrationSet &set, const std::stop_token &stop,
                                 VendorJob &job)
{
    for (std::size_t i = 0; i < set.pictures().size(); ++i) {
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        auto digest = sha256HexOfFile(set.pictures()[i]);
        if (!digest)
            return passOn(std::move(digest));
        job.calibrationFiles.emplace_back(set.relativeNameOf(i), std::move(*digest));
    }
    if (set.isArray() && !set.isRandom()) {
        auto digest = sha256HexOfFile(set.source());
        if (!digest)
            return passOn(std::move(digest));
        job.calibrationFiles.emplace_back(set.source().filename().string(), std::move(*digest));
    }
    return {};
}

// Warnings of the lint go to whoever listens; the script itself is taken as the user wrote it.
Result<void> takeOwnScript(const std::filesystem::path &file, const EventSink &sink, VendorJob &job)
{
    if (file.empty())
        return {};
    auto script = readAlls(file);
    if (!script)
        return passOn(std::move(script));
    if (auto fit = checkOwnScript(*script, file); !fit)
        return fit;
    for (auto &warning : lintAlls(*script, file))
        send(sink, DiagnosticRaised{std::move(warning)});
    job.ownScript = std::move(*script);
    return {};
}

} // namespace

Result<std::string> vendorChip(const std::string &name)
{
    const auto device = findDevice(name);
    if (device)
        return device->id;
    const std::string bare = bareName(name);
    if (bare == "aihat2" || bare == "raspberrypiaihat2")
        return std::string("hailo10h");
    if (toolchainFacts().knowsChip(bare))
        return bare;
    return std::unexpected(device.error());
}

Result<VendorNms> vendorNms(const HeadLayout &head, const ConversionSettings &settings)
{
    const auto unsupported = [&] {
        Diagnostic refusal("convert.nms-unsupported");
        refusal.arguments.emplace_back("coding", std::string(boxCodingName(head.boxes)));
        refusal.fixes.push_back(Fix{"set-option", {{"--nms", "none"}}});
        return fail(std::move(refusal));
    };
    if (head.scales.empty())
        return unsupported();
    const HeadScale &first = head.scales.front();
    const HeadPart *classes = first.part(HeadRole::classes);
    if (!classes || !first.part(HeadRole::box))
        return unsupported();
    const bool isPlain = first.parts.size() == 2;
    VendorNms nms{.metaArch = {},
                  .scoreThreshold = settings.nmsScore,
                  .iouThreshold = settings.nmsIou,
                  .boxesPerClass = settings.nmsPerClass,
                  .classes = head.classes + (head.hasBackground ? 1 : 0),
                  .hasBackground = head.hasBackground,
                  .height = head.inputHeight,
                  .width = head.inputWidth,
                  .decoders = {}};
    if (head.boxes == BoxCoding::distribution && isPlain && classes->hasSigmoid) {
        nms.metaArch = "yolov8";
        nms.regressionLength = head.bins;
    } else if (head.boxes == BoxCoding::centreExp && head.scores == ScoreRule::product &&
               head.cellOffset == 0 && first.parts.size() == 3) {
        nms.metaArch = "yolox";
    } else if (head.boxes == BoxCoding::priorOffsets && isPlain && classes->hasSigmoid &&
               head.variances[0] > 0 && head.variances[1] > 0) {
        nms.metaArch = "ssd";
        nms.centreFactor = std::round(1 / head.variances[0]);
        nms.sizeFactor = std::round(1 / head.variances[1]);
    } else {
        return unsupported();
    }
    for (const HeadScale &scale : head.scales) {
        VendorNms::Decoder decoder{.stride = static_cast<std::int64_t>(scale.strideX)};
        const auto output = [&](HeadRole role) {
            const HeadPart *part = scale.part(role);
            return part ? head.tensors[part->tensor].name : std::string();
        };
        decoder.boxes = output(HeadRole::box);
        decoder.classes = output(HeadRole::classes);
        decoder.objectness = output(HeadRole::objectness);
        for (const auto &anchor : scale.anchors) {
            decoder.anchorWidths.push_back(anchor[0] / head.inputWidth);
            decoder.anchorHeights.push_back(anchor[1] / head.inputHeight);
        }
        nms.decoders.push_back(std::move(decoder));
    }
    return nms;
}

Result<ExportedJob> exportVendorJob(const ConversionSettings &settings,
                                    const std::filesystem::path &folder, std::stop_token stop,
                                    const EventSink &sink)
{
    if (settings.calibration.empty())
        return fail(Diagnostic("pipeline.no-calibration"));
    const auto arch = vendorChip(settings.arch);
    if (!arch)
        return std::unexpected(arch.error());
    auto set = settings.calibration == randomCalibration
                   ? Result<CalibrationSet>(CalibrationSet::random(randomSamples, settings.seed))
                   : CalibrationSet::open(settings.calibration);
    if (!set)
        return passOn(std::move(set));
    VendorJob job;
    if (auto taken = takeOwnScript(settings.vendor.script, sink, job); !taken)
        return passOn(std::move(taken));
    auto prepared = prepareModel(settings.model,
                                 {.inputShapes = settings.inputShapes,
                                  .startNodes = settings.startNodes,
                                  .endNodes = settings.endNodes,
                                  .verify = settings.verifyPasses},
                                 stop, sink);
    if (!prepared)
        return passOn(std::move(prepared));
    const Graph &graph = *prepared->graph;
    const auto plans = planInputs(graph, *set, settings);
    if (!plans)
        return std::unexpected(plans.error());
    auto labels = labelsOf(*prepared, settings);
    if (!labels)
        return passOn(std::move(labels));

    job.network = vendorNetworkName(settings.model.stem().string());
    job.arch = *arch;
    job.preset = settings.preset;
    job.choices = settings.vendor;
    job.choices.mustFitOneContext = job.choices.mustFitOneContext || settings.contexts == 1;
    job.traits = traitsOf(graph);
    job.onnx = std::move(prepared->onnx);
    job.hostOnnx = std::move(prepared->host);
    for (const auto &plan : plans->inputs)
        job.inputs.push_back({plan.inputName, plan.shape, plan.isPicture, plan.normalization});
    for (std::size_t i = 0; i < graph.outputs.size(); ++i)
        job.outputs.push_back(
            describeOutput(graph.tensor(graph.outputs[i]),
                           i < prepared->ends.size() ? &prepared->ends[i] : nullptr, settings));
    job.sixteenBitNodes = sixteenBitNodes(graph, settings);
    if (prepared->head && prepared->head->tensors.size() == job.outputs.size()) {
        // The layout names the values as they were cut; the job's files name the outputs.
        HeadLayout &head = *prepared->head;
        std::vector<OutputPort> ports;
        for (std::size_t i = 0; i < job.outputs.size(); ++i) {
            head.tensors[i].name = job.outputs[i].name;
            ports.push_back({job.outputs[i].name, job.outputs[i].bits == 16 ? "uint16" : "uint8"});
        }
        job.headJson = headMetadata(head, ports);
    }
    if (settings.nms == HostNms::hailort) {
        if (job.headJson.empty())
            return fail(Diagnostic("detect.no-head", Place{.file = settings.model.string()}));
        auto nms = vendorNms(*prepared->head, settings);
        if (!nms)
            return passOn(std::move(nms));
        job.nms = std::move(*nms);
    }
    job.metadataJson = metadataText(*prepared, *plans, settings, std::move(*labels));
    job.prediction = predict(*prepared, *plans, *arch, settings, stop);
    job.sourceModel = settings.model.filename().string();
    job.sourceModelSha256 = sha256HexOfFile(settings.model).value_or(std::string());
    if (auto described = describeCalibration(*set, stop, job); !described)
        return passOn(std::move(described));
    job.samples = set->size();
    job.load = [&](std::size_t sample, const VendorJobInput &input) -> Result<Tensor> {
        const auto plan = std::ranges::find(plans->inputs, input.name, &InputPlan::inputName);
        return set->load(sample, input.name, input.shape, plan->preprocess);
    };
    job.ledger = plans->ledger;
    for (auto &row : vendorEffortLedger(job))
        job.ledger.push_back(std::move(row));
    if (job.nms)
        job.ledger.push_back({"nms", "hailort", "hailort",
                              "scores below " + std::to_string(job.nms->scoreThreshold) +
                                  " never leave the chip's HEF: the threshold is baked in"});
    for (const auto &row : job.ledger)
        send(sink, LedgerEntry{row});

    const auto total = static_cast<std::int64_t>(job.samples * job.inputs.size());
    std::int64_t done = 0;
    send(sink, StageStarted{"export", 0, 1});
    if (auto written = writeJobBundle(folder, job, stop,
                                      [&](std::size_t) {
                                          send(sink, StageProgress{"export", ++done, total, {}});
                                      });
        !written)
        return std::unexpected(written.error());
    send(sink, StageFinished{"export", 0, std::to_string(job.samples) + " samples", false});
    return ExportedJob{.network = job.network,
                       .arch = job.arch,
                       .samples = job.samples,
                       .prediction = job.prediction,
                       .sourceModelSha256 = job.sourceModelSha256,
                       .calibrationFiles = std::move(job.calibrationFiles),
                       .ledger = job.ledger,
                       .warnings = std::move(prepared->warnings)};
}

} // namespace hefstudio
