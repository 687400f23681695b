// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/conversion.h"

#include "base/diagnostic_json.h"
#include "base/hash.h"
#include "base/thread_pool.h"
#include "base/version.h"
#include "device/device_model.h"
#include "engine/calibration_run.h"
#include "engine/float_engine.h"
#include "heads/head_metadata.h"
#include "hef/fence.h"
#include "hef/hef_metadata.h"
#include "hef/hef_reader.h"
#include "onnx/input_contract.h"
#include "pipeline/calibration_check.h"
#include "pipeline/calibration_stage.h"
#include "pipeline/conversion_metadata.h"
#include "pipeline/har_assembly.h"
#include "pipeline/hef_assembly.h"
#include "pipeline/prepared_network.h"
#include "pipeline/quantize_stage.h"
#include "pipeline/stage_runner.h"
#include "profile/profile.h"
#include "program/encode.h"
#include "program/program.h"
#include "quantize/equalise.h"

#include <algorithm>
#include <cmath>
#include <sys/resource.h>

namespace hefstudio {
namespace {

const std::vector<std::string> stageNames{"import", "rewrite",  "calibrate", "quantize",
                                          "map",    "generate", "write"};

constexpr std::size_t equalisationSamples = 16;
constexpr std::size_t randomSamples = 64;

// What `hefc profile` can answer from the finished file.
constexpr int recordedBatches[] = {1, 2, 4, 8, 16};

std::string count(std::size_t number, const char *thing)
{
    return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}

std::uint64_t peakRssBytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

// Lines of the labels file, without line ends; a trailing empty line does not count.
Result<std::vector<std::string>> readLabels(const std::filesystem::path &file)
{
    std::vector<std::string> labels;
    if (file.empty())
        return labels;
    auto text = readTextFile(file, {.maxBytes = 1 << 20});
    if (!text)
        return passOn(std::move(text));
    std::size_t at = 0;
    while (at < text->size()) {
        const auto end = std::min(text->find('\n', at), text->size());
        std::string line = text->substr(at, end - at);
        if (line.ends_with('\r'))
            line.pop_back();
        labels.push_back(std::move(line));
        at = end + 1;
    }
    return labels;
}

// What must be right before any work starts: cheap, and all of it at once.
Result<void> checkSettings(const ConversionSettings &settings, const std::filesystem::path &output)
{
    Diagnostics faults;
    const auto collect = [&faults](auto &&result) {
        if (!result)
            faults.insert(faults.end(), result.error().begin(), result.error().end());
    };
    if (settings.backend == BackendKind::vendor)
        faults.push_back(Diagnostic("pipeline.backend-unavailable"));
    if (settings.calibration.empty())
        faults.push_back(Diagnostic("pipeline.no-calibration"));
    collect(findDevice(settings.arch));
    collect(checkWritable(output));
    if (!settings.archive.empty())
        collect(checkWritable(settings.archive));
    if (!faults.empty())
        return fail(std::move(faults));
    return {};
}

class BuiltinConversion {
public:
    BuiltinConversion(const ConversionSettings &settings, std::stop_token stop,
                      const EventSink &sink)
        : m_settings(settings),
          m_output(settings.output.empty() ? defaultOutput(settings.model) : settings.output),
          m_group(emulationGroupName(settings.model.stem().string())),
          m_run(stageNames, std::move(stop), sink),
          m_sink(m_run.sink())
    {
    }

    Result<ConversionResult> run()
    {
        if (auto ready = checkSettings(m_settings, m_output); !ready)
            return passOn(std::move(ready));
        m_device = *findDevice(m_settings.arch);
        for (auto stage :
             {&BuiltinConversion::import, &BuiltinConversion::rewrite,
              &BuiltinConversion::calibrate, &BuiltinConversion::quantize, &BuiltinConversion::map,
              &BuiltinConversion::generate, &BuiltinConversion::write})
            if (auto done = (this->*stage)(); !done)
                return passOn(std::move(done));
        return finish();
    }

private:
    Result<void> import()
    {
        auto imported = m_run.run(
            [&] { return importModel(m_settings.model, m_settings.inputShapes); },
            [](const ImportedModel &model) {
                return count(model.graph()->layers.size(), "layer") + ", " +
                       count(static_cast<std::size_t>(parameterCount(*model.graph())),
                             "parameter") +
                       (model.prefix.isWhole() ? ""
                                               : "; " + count(model.prefix.leftOut.size(), "node") +
                                                     " at the end left to the host");
            });
        if (!imported)
            return passOn(std::move(imported));
        m_imported = std::move(*imported);
        // The user may still want the part before: then the end nodes are named.
        if (!m_imported.blocking.empty() && m_settings.endNodes.empty())
            return fail(m_imported.prefix.refused);
        return {};
    }

    Result<void> rewrite()
    {
        auto done = m_run.run(
            [&] { return rewriteNow(); },
            [&](const std::shared_ptr<const Graph> &graph) {
                return std::to_string(m_imported.graph()->layers.size()) + " → " +
                       count(graph->layers.size(), "layer") +
                       (m_cut.host || !m_imported.prefix.isWhole() ? ", the rest on the host" : "");
            });
        if (!done)
            return passOn(std::move(done));
        m_deviceGraph = *done;
        m_run.enter({"arch", m_settings.arch, m_device.id,
                     m_settings.arch == m_device.id ? "" : "the chip of this board"});
        m_run.enter({"preset", std::string(presetName(m_settings.preset)),
                     std::string(presetName(m_settings.preset)), ""});
        m_run.enter(m_cut.endNodesRow);
        if (m_cut.headRow)
            m_run.enter(*m_cut.headRow);
        for (const auto &row : m_plans.ledger)
            m_run.enter(row);
        return {};
    }

    Result<std::shared_ptr<const Graph>> rewriteNow()
    {
        auto labels = readLabels(m_settings.labels);
        if (!labels)
            return passOn(std::move(labels));
        m_labels = std::move(*labels);
        const auto contract = readInputContract(m_imported.graph()->metadata, m_settings.model);
        if (m_settings.labels.empty() && contract.labels)
            m_labels = contract.labels->value;
        auto set = m_settings.calibration == randomCalibration
                       ? Result<CalibrationSet>(
                             CalibrationSet::random(randomSamples, m_settings.seed))
                       : CalibrationSet::open(m_settings.calibration);
        if (!set)
            return passOn(std::move(set));
        m_set = std::move(*set);
        auto cut = cutForDevice(m_imported, m_settings);
        if (!cut)
            return passOn(std::move(cut));
        m_cut = std::move(*cut);
        auto plans = planInputs(*m_cut.device, *m_set, m_settings);
        if (!plans)
            return passOn(std::move(plans));
        m_plans = std::move(*plans);
        if (auto fits = checkCalibration(*m_set, m_plans, m_settings, m_sink); !fits)
            return passOn(std::move(fits));
        if (auto seen = checkChannelOrder(m_cut, *m_set, m_plans, m_run.stop(), m_sink); !seen)
            return passOn(std::move(seen));
        return rewriteForDevice(m_cut.device, m_plans, m_settings.verifyPasses, m_run.stop(),
                                m_sink);
    }

    Result<void> calibrate()
    {
        auto done = m_run.run([&] { return calibrateNow(); },
                              [](const CalibrationOutcome &outcome) {
                                  return count(outcome.samples.size(), "sample");
                              });
        if (!done)
            return passOn(std::move(done));
        m_calibration = std::move(*done);
        return {};
    }

    // A few samples tell how unlike the channels are; the network is equalised by that, and then
    // all samples are seen once.
    Result<CalibrationOutcome> calibrateNow()
    {
        CalibrationRequest request{.graph = m_deviceGraph,
                                   .set = *m_set,
                                   .plans = m_plans,
                                   .onBadImage = m_settings.onBadImage,
                                   .threads = m_settings.threads,
                                   .isa = instructionSetFromName(m_settings.isa),
                                   .rehearsalSamples = equalisationSamples,
                                   .keepInputs = m_settings.preset != Preset::fast};
        auto rehearsal = runCalibration(request, m_run.stop(), m_sink);
        if (!rehearsal)
            return std::unexpected(rehearsal.error());
        auto equalised = equaliseChannels(*m_deviceGraph, rehearsal->statistics.channels);
        m_run.enter(
            {"equalisation", LedgerRow::automatic,
             count(static_cast<std::size_t>(equalised.tensors), "value"),
             equalised.tensors > 0
                 ? "their channels are of unlike magnitude; their readers' weights take it"
                 : "no value between layers with weights has channels of unlike magnitude"});
        m_channelScales = equalised.scales;
        request.scales = std::move(equalised.scales);
        m_rehearsalInputs = std::move(rehearsal->inputs);
        m_rehearsalChannels = std::move(rehearsal->statistics.channels);
        request.rehearsalSamples = 0;
        request.keepInputs = false;
        return runCalibration(request, m_run.stop(), m_sink);
    }

    Result<void> quantize()
    {
        auto done = m_run.run(
            [&] {
                return runQuantization({.graph = m_deviceGraph,
                                        .statistics = m_calibration->statistics,
                                        .plans = m_plans,
                                        .ends = m_cut.ends,
                                        .channelScales = m_channelScales,
                                        .samples = m_rehearsalInputs,
                                        .sampleChannels = m_rehearsalChannels,
                                        .settings = m_settings},
                                       m_run.stop(), m_sink);
            },
            [](const QuantizeOutcome &outcome) {
                return count(outcome.table.size(), "layer") + " in integers";
            });
        if (!done)
            return passOn(std::move(done));
        m_quantized = done->quantized;
        m_decisions = std::move(done->table);
        m_rehearsalInputs.clear();
        for (const auto &tensor : m_quantized->tensors)
            m_bits.push_back(tensor.bits);
        return {};
    }

    Result<void> map()
    {
        auto done = m_run.run(
            [&] {
                return mapToDevice(*m_quantized->graph, m_bits, m_device,
                                   {.contexts = m_settings.contexts, .seed = m_settings.seed},
                                   m_run.stop(), m_sink);
            },
            [](const Mapping &mapping) { return count(mapping.contexts.size(), "context"); });
        if (!done)
            return passOn(std::move(done));
        m_mapping = std::move(*done);
        const auto contexts = std::to_string(m_mapping.contexts.size());
        m_run.enter(
            {"contexts", m_settings.contexts ? std::to_string(*m_settings.contexts) : "automatic",
             contexts,
             m_settings.contexts ? "" : "the fastest predicted mapping on " + m_device.title});
        m_run.enter({"partition iterations", "automatic", std::to_string(m_mapping.iterations),
                     "until new execution orders did not help; the seed repeats them"});
        return {};
    }

    Result<void> generate()
    {
        auto done = m_run.run([&] { return generateNow(); },
                              [](const Bytes &bytes) { return count(bytes.size(), "byte"); });
        if (!done)
            return passOn(std::move(done));
        m_bytes = std::move(*done);
        return {};
    }

    Result<Bytes> generateNow()
    {
        const Profile profile =
            estimate(*m_quantized->graph, m_bits, m_mapping, m_device, recordedBatches);
        m_fps = profile.framesPerSecond.at(1);
        const auto program = buildProgram(*m_quantized, m_mapping);
        if (!program)
            return std::unexpected(program.error());
        HefParts parts{.quantized = m_quantized,
                       .mapping = m_mapping,
                       .blobs = {},
                       .groupName = m_group,
                       .timestampMs = m_settings.createdMs,
                       .framesPerSecond = m_fps};
        parts.blobs.push_back({std::string(hefProgramResourceName), encodeProgram(*program)});
        ConversionRecord record{.toolVersion = toolVersion,
                                .model = m_settings.model.stem().string(),
                                .arch = m_device.id,
                                .preset = std::string(presetName(m_settings.preset)),
                                .inputs = {},
                                .outputs = {},
                                .hostOutputs = {},
                                .labels = m_labels,
                                .ledger = m_run.ledger(),
                                .headJson = {},
                                .channelFactors = {},
                                .profileJson = profileJson(profile)};
        describePorts(*m_quantized, m_plans, m_cut.ends, m_group, record);
        if (m_cut.head)
            record.headJson = headMetadata(*m_cut.head, outputPorts(*m_quantized, m_group));
        auto host = hostRemainder(m_imported, m_cut);
        if (!host)
            return passOn(std::move(host));
        if (!host->onnx.empty()) {
            record.hostOutputs = host->outputs;
            m_hostOutputs = std::move(host->outputs);
            parts.blobs.push_back({std::string(hostGraphResourceName), std::move(host->onnx)});
        }
        parts.blobs.push_back({std::string(recordResourceName), [&] {
                                   const auto text = recordJson(record);
                                   const auto bytes = asBytes(text);
                                   return Bytes(bytes.begin(), bytes.end());
                               }()});
        if (m_settings.nms == HostNms::hailort) {
            if (!m_cut.head)
                return fail(Diagnostic("detect.no-head", Place{.file = m_settings.model.string()}));
            auto step =
                nmsStep(*m_cut.head, outputPorts(*m_quantized, m_group), m_settings, m_group);
            if (!step)
                return passOn(std::move(step));
            parts.nms = std::move(*step);
        }
        auto content = assembleHef(std::move(parts));
        if (!content)
            return passOn(std::move(content));
        auto bytes = emulationHefBytes(*content);
        if (!bytes)
            return bytes;
        return sealMetadata(std::move(*bytes), record);
    }

    // The file is a ZIP with its labels and decoding facts as well; the program runs without.
    Result<Bytes> sealMetadata(Bytes bytes, const ConversionRecord &record) const
    {
        auto metadata = describeConversion({.quantized = *m_quantized,
                                            .record = record,
                                            .settings = m_settings,
                                            .calibrationSamples = m_calibration->samples.size(),
                                            .headDocument = record.headJson});
        if (!metadata)
            return passOn(std::move(metadata));
        const auto hef = Hef::fromBytes(std::move(bytes), m_output.string());
        if (!hef)
            return std::unexpected(hef.error());
        return attachMetadata(*hef, {.model = std::move(*metadata), .labels = {}});
    }

    // Nothing reaches the disk that our own reader does not open or that a device might start.
    Result<void> write()
    {
        auto done = m_run.run(
            [&]() -> Result<std::string> {
                const auto name = m_output.string();
                if (auto fence = checkFence(m_bytes, name); !fence) {
                    Diagnostic open("pipeline.fence-open", Place{.file = name});
                    open.notes = std::move(fence.error());
                    return fail(std::move(open));
                }
                if (auto opened = Hef::fromBytes(m_bytes, name); !opened)
                    return passOn(std::move(opened));
                if (auto written = writeFileAtomically(m_output, m_bytes); !written)
                    return passOn(std::move(written));
                if (auto written = writeArchive(); !written)
                    return passOn(std::move(written));
                return sha256Hex(m_bytes);
            },
            [&](const std::string &) { return m_output.filename().string(); });
        if (!done)
            return passOn(std::move(done));
        m_sha256 = *done;
        return {};
    }

    Result<void> writeArchive() const
    {
        if (m_settings.archive.empty())
            return {};
        const auto bytes = optimizedArchive(
            m_cut.device, *m_quantized, m_settings.model.stem().string(), m_device.id);
        if (!bytes)
            return std::unexpected(bytes.error());
        return writeFileAtomically(m_settings.archive, *bytes);
    }

    ConversionResult finish()
    {
        ConversionResult result{.file = m_output, .report = {}};
        auto &report = result.report;
        report.stages = m_run.times();
        report.ledger = m_run.ledger();
        report.decisions = m_decisions;
        for (const auto id : m_quantized->graph->outputs)
            report.outputs.push_back(m_quantized->graph->tensor(id).name);
        report.hostOutputs = m_hostOutputs;
        report.contexts = static_cast<int>(m_mapping.contexts.size());
        report.layers = static_cast<int>(m_quantized->graph->layers.size());
        report.predictedFps = m_fps;
        report.bytes = m_bytes.size();
        report.sha256 = m_sha256;
        report.peakRssBytes = peakRssBytes();
        report.lock = {.toolVersion = toolVersion,
                       .isa = effectiveInstructionSet(),
                       .modelSha256 = sha256HexOfFile(m_settings.model).value_or(""),
                       .calibration = m_calibration->samples,
                       .effective = m_run.ledger(),
                       .resultSha256 = m_sha256};
        send(m_sink, ConversionFinished{m_output.string(), m_sha256, m_bytes.size(), true});
        return result;
    }

    const ConversionSettings &m_settings;
    std::filesystem::path m_output;
    std::string m_group;
    StageRunner m_run;
    EventSink m_sink;
    DeviceModel m_device;
    std::vector<std::string> m_labels;
    ImportedModel m_imported;
    std::shared_ptr<const Graph> m_deviceGraph;
    std::optional<CalibrationSet> m_set;
    CutNetwork m_cut;
    InputPlans m_plans;
    std::optional<CalibrationOutcome> m_calibration;
    ChannelScales m_channelScales;
    std::vector<std::vector<Tensor>> m_rehearsalInputs;
    std::vector<ChannelStatistics> m_rehearsalChannels;
    std::vector<LayerDecision> m_decisions;
    std::shared_ptr<const QuantizedGraph> m_quantized;
    std::vector<int> m_bits;
    Mapping m_mapping;
    std::vector<std::string> m_hostOutputs;
    double m_fps = 0;
    Bytes m_bytes;
    std::string m_sha256;
};

} // namespace

std::filesystem::path defaultOutput(const std::filesystem::path &model)
{
    return model.parent_path() / (model.stem().string() + ".emulation.hef");
}

Result<ConversionResult> convert(const ConversionSettings &settings, std::stop_token stop,
                                 const EventSink &sink)
{
    return BuiltinConversion(settings, std::move(stop), sink).run();
}

std::string reportJson(const ConversionResult &result, const ConversionSettings &settings)
{
    using Json = nlohmann::ordered_json;
    const auto &report = result.report;
    Json json;
    json["tool"] = {{"name", toolName}, {"version", toolVersion}};
    json["model"] = settings.model.filename().string();
    json["arch"] = settings.arch;
    json["emulation"] = true;
    json["stages"] = Json::array();
    for (const auto &stage : report.stages)
        json["stages"].push_back({{"name", stage.name}, {"seconds", stage.seconds}});
    json["ledger"] = Json::array();
    for (const auto &row : report.ledger)
        json["ledger"].push_back(
            {{"setting", row.setting}, {"asked", row.asked}, {"used", row.used}, {"why", row.why}});
    json["layer_table"] = Json::array();
    for (const auto &row : report.decisions) {
        Json entry{{"layer", row.layer},
                   {"kind", row.kind},
                   {"bits", row.bits},
                   {"observer", row.observer},
                   {"range", {row.low, row.high}},
                   {"equalised", row.isEqualised}};
        if (!row.rounding.empty()) {
            entry["rounding"] = row.rounding;
            entry["bias_correction"] = row.biasCorrection;
        }
        if (std::isfinite(row.outputSnr))
            entry["output_snr_db"] = row.outputSnr;
        if (!row.why.empty())
            entry["why"] = row.why;
        json["layer_table"].push_back(std::move(entry));
    }
    json["contexts"] = report.contexts;
    json["layers"] = report.layers;
    json["outputs"] = report.outputs;
    json["host_outputs"] = report.hostOutputs;
    json["predicted_fps"] = report.predictedFps;
    json["result"] = {{"file", result.file.filename().string()},
                      {"sha256", report.sha256},
                      {"bytes", report.bytes}};
    json["peak_rss_bytes"] = report.peakRssBytes;
    return jsonText(json) + "\n";
}

} // namespace hefstudio
