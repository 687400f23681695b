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
#include "pipeline/kept_stage.h"
#include "pipeline/stage_digest.h"
#include "pipeline/stage_runner.h"
#include "pipeline/stage_store.h"
#include "pipeline/vendor_conversion.h"
#include "profile/profile.h"
#include "program/encode.h"
#include "program/program.h"
#include "quantize/equalise.h"

#include <algorithm>
#include <cmath>
#include <sys/resource.h>

namespace hefstudio {
namespace {

std::vector<std::string> stageNames(const ConversionOptions &options)
{
    if (options.frozen)
        return {"import", "rewrite", "restore", "map", "generate", "write"};
    return {"import", "rewrite", "calibrate", "quantize", "map", "generate", "write"};
}

constexpr std::size_t equalisationSamples = 16;
constexpr std::size_t randomSamples = 64;

// What `hefc profile` can answer from the finished file.
constexpr int recordedBatches[] = {1, 2, 4, 8, 16};

std::string count(std::size_t number, const char *thing)
{
    return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
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
Result<void> checkSettings(const ConversionSettings &settings, const std::filesystem::path &output,
                           const ConversionOptions &options)
{
    Diagnostics faults;
    const auto collect = [&faults](auto &&result) {
        if (!result)
            faults.insert(faults.end(), result.error().begin(), result.error().end());
    };
    if (settings.calibration.empty() && !options.frozen)
        faults.push_back(Diagnostic("pipeline.no-calibration"));
    collect(findDevice(settings.arch));
    if (options.writesFiles) {
        collect(checkWritable(output));
        if (!settings.archive.empty())
            collect(checkWritable(settings.archive));
    }
    if (!faults.empty())
        return fail(std::move(faults));
    return {};
}

class BuiltinConversion {
public:
    BuiltinConversion(const ConversionSettings &settings, const ConversionOptions &options,
                      std::stop_token stop, const EventSink &sink)
        : m_settings(settings),
          m_options(options),
          m_output(settings.output.empty() ? defaultOutput(settings.model) : settings.output),
          m_group(emulationGroupName(settings.model.stem().string())),
          m_run(stageNames(options), std::move(stop), sink),
          m_sink(m_run.sink())
    {
    }

    Result<ConversionResult> run()
    {
        if (auto ready = checkSettings(m_settings, m_output, m_options); !ready)
            return passOn(std::move(ready));
        m_device = *findDevice(m_settings.arch);
        if (m_options.cache || m_options.fillsLock)
            m_build = buildDigest();
        using Stage = Result<void> (BuiltinConversion::*)();
        std::vector<Stage> stages{&BuiltinConversion::import, &BuiltinConversion::rewrite};
        if (m_options.frozen)
            stages.push_back(&BuiltinConversion::restore);
        else
            stages.insert(stages.end(),
                          {&BuiltinConversion::calibrate, &BuiltinConversion::quantize});
        stages.insert(stages.end(), {&BuiltinConversion::map, &BuiltinConversion::generate,
                                     &BuiltinConversion::write});
        for (const Stage stage : stages)
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
        if (m_options.fillsLock)
            lockStage("import", graphDigest(*m_imported.graph()));
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
        if (m_options.cache || m_options.fillsLock)
            m_graphDigest = digestOfParts({graphDigest(*m_deviceGraph), plansDigest(m_plans.inputs)});
        if (m_options.fillsLock)
            lockStage("rewrite", m_graphDigest);
        if (m_options.frozen)
            return {}; // its ledger has the rows
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
        if (m_options.frozen)
            return rewriteAsFrozen();
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

    // With the input plans as they were made when there were pictures.
    Result<std::shared_ptr<const Graph>> rewriteAsFrozen()
    {
        auto cut = cutForDevice(m_imported, m_settings);
        if (!cut)
            return passOn(std::move(cut));
        m_cut = std::move(*cut);
        m_plans.inputs = m_options.frozen->plans;
        if (m_plans.inputs.size() != m_cut.device->inputs.size())
            return frozenMisfit("it is of a network with other inputs");
        for (std::size_t i = 0; i < m_plans.inputs.size(); ++i) {
            const auto &tensor = m_cut.device->tensor(m_cut.device->inputs[i]);
            if (m_plans.inputs[i].inputName != tensor.name || m_plans.inputs[i].shape != tensor.shape)
                return frozenMisfit("it is of a network with other inputs");
        }
        return rewriteForDevice(m_cut.device, m_plans, m_settings.verifyPasses, m_run.stop(),
                                m_sink);
    }

    std::unexpected<Diagnostics> frozenMisfit(std::string what) const
    {
        return fail(Diagnostic("recipe.frozen-damaged").with("what", std::move(what)));
    }

    Result<void> restore()
    {
        auto done = m_run.run(
            [&]() -> Result<std::shared_ptr<const QuantizedGraph>> {
                auto quantized = decodeQuantized(m_options.frozen->quantized, m_deviceGraph);
                auto decisions = decodeDecisions(m_options.frozen->decisions);
                if (!quantized || !decisions)
                    return frozenMisfit("its numbers do not fit the network");
                m_decisions = std::move(*decisions);
                return quantized;
            },
            [](const auto &quantized) {
                return count(quantized->layers.size(), "layer") + " as they were locked";
            });
        if (!done)
            return passOn(std::move(done));
        m_run.replaceLedger(m_options.frozen->ledger);
        m_sampleCount = m_options.frozen->samples;
        useQuantized(*done);
        return {};
    }

    void useQuantized(std::shared_ptr<const QuantizedGraph> quantized)
    {
        m_quantized = std::move(quantized);
        for (const auto &tensor : m_quantized->tensors)
            m_bits.push_back(tensor.bits);
        if (m_options.fillsLock)
            lockStage("quantize", sha256Hex(encodeQuantized(*m_quantized)));
    }

    void lockStage(const char *stage, std::string digest)
    {
        m_stageDigests.push_back({stage, std::move(digest)});
    }

    CalibrationRequest calibrationRequest() const
    {
        return {.graph = m_deviceGraph,
                .set = *m_set,
                .plans = m_plans,
                .onBadImage = m_settings.onBadImage,
                .threads = m_settings.threads,
                .isa = instructionSetFromName(m_settings.isa),
                .rehearsalSamples = equalisationSamples,
                .keepInputs = m_settings.preset != Preset::fast,
                .digests = m_set->isArray() ? decltype(CalibrationRequest::digests)()
                                            : std::span(std::as_const(m_calibrationFiles))};
    }

    Result<void> calibrate()
    {
        auto done = m_run.run([&] { return calibrateOrRemember(); },
                              [](const CalibratedNetwork &calibrated) {
                                  return count(calibrated.outcome.samples.size(), "sample");
                              });
        if (!done)
            return passOn(std::move(done));
        m_calibration = std::move(*done);
        m_sampleCount = m_calibration->outcome.samples.size();
        if (m_options.fillsLock)
            lockStage("calibrate", sha256Hex(encodeCalibrated(*m_calibration)));
        return {};
    }

    Result<CalibratedNetwork> calibrateOrRemember()
    {
        if (m_options.cache || m_options.fillsLock) {
            auto files = calibrationDigests(*m_set, m_run.stop());
            if (!files)
                return passOn(std::move(files));
            m_calibrationFiles = std::move(*files);
        }
        if (m_options.cache) {
            auto key = calibrationKey();
            if (!key)
                return passOn(std::move(key));
            m_calibrationKey = std::move(*key);
        }
        return keptOr<CalibratedNetwork>(
            m_run, m_options.cache, {"calibrate", m_calibrationKey},
            [&](const EventSink &sink) { return calibrateNow(sink); }, encodeCalibrated,
            [&](std::span<const std::byte> bytes) {
                return decodeCalibrated(bytes, *m_deviceGraph);
            });
    }

    // Everything that shapes the statistics. The first sample stands for the decoder too: another
    // version of an image library shows in its pixels.
    Result<std::string> calibrationKey()
    {
        std::string files;
        for (const auto &[name, digest] : m_calibrationFiles)
            files += digest + " " + name + "\n";
        auto request = calibrationRequest();
        request.rehearsalSamples = 1;
        const auto first = loadRehearsalInputs(request, m_run.stop());
        std::string pixels;
        if (first)
            for (const Tensor &input : first->front())
                pixels += sha256Hex(input.bytes());
        else if (first.error().front().id == "cancelled")
            return std::unexpected(first.error());
        return digestOfParts(
            {m_build, effectiveInstructionSet(), m_settings.isa, m_graphDigest, files, pixels,
             m_set->isRandom() ? "noise " + std::to_string(m_settings.seed) : "",
             m_settings.onBadImage == BadImagePolicy::skip ? "skip" : "stop"});
    }

    // A few samples tell how unlike the channels are; the network is equalised by that, and then
    // all samples are seen once.
    Result<CalibratedNetwork> calibrateNow(const EventSink &sink)
    {
        CalibrationRequest request = calibrationRequest();
        auto rehearsal = runCalibration(request, m_run.stop(), sink);
        if (!rehearsal)
            return std::unexpected(rehearsal.error());
        auto equalised = equaliseChannels(*m_deviceGraph, rehearsal->statistics.channels);
        send(sink, LedgerEntry{
                       {"equalisation", LedgerRow::automatic,
                        count(static_cast<std::size_t>(equalised.tensors), "value"),
                        equalised.tensors > 0
                            ? "their channels are of unlike magnitude; their readers' weights take it"
                            : "no value between layers with weights has channels of unlike "
                              "magnitude"}});
        m_rehearsalInputs = std::move(rehearsal->inputs);
        request.scales = equalised.scales;
        request.rehearsalSamples = 0;
        request.keepInputs = false;
        auto outcome = runCalibration(request, m_run.stop(), sink);
        if (!outcome)
            return std::unexpected(outcome.error());
        return CalibratedNetwork{std::move(*outcome), std::move(equalised.scales),
                                 std::move(rehearsal->statistics.channels)};
    }

    Result<void> quantize()
    {
        auto done = m_run.run([&] { return quantizeOrRemember(); },
                              [](const QuantizeOutcome &outcome) {
                                  return count(outcome.table.size(), "layer") + " in integers";
                              });
        if (!done)
            return passOn(std::move(done));
        m_decisions = std::move(done->table);
        m_rehearsalInputs.clear();
        useQuantized(done->quantized);
        if (m_options.fillsLock)
            m_frozen = encodeFrozen({.plans = m_plans.inputs,
                                     .ledger = m_run.ledger(),
                                     .samples = m_sampleCount,
                                     .decisions = encodeDecisions(m_decisions),
                                     .quantized = encodeQuantized(*m_quantized)});
        return {};
    }

    Result<QuantizeOutcome> quantizeOrRemember()
    {
        const auto encode = [](const QuantizeOutcome &outcome) {
            return encodeFrozen({.plans = {},
                                 .ledger = {},
                                 .samples = 0,
                                 .decisions = encodeDecisions(outcome.table),
                                 .quantized = encodeQuantized(*outcome.quantized)});
        };
        const auto decode =
            [&](std::span<const std::byte> bytes) -> std::optional<QuantizeOutcome> {
            const auto frozen = decodeFrozen(bytes, "");
            if (!frozen)
                return std::nullopt;
            auto quantized = decodeQuantized(frozen->quantized, m_deviceGraph);
            auto decisions = decodeDecisions(frozen->decisions);
            if (!quantized || !decisions)
                return std::nullopt;
            return QuantizeOutcome{std::move(quantized), std::move(*decisions)};
        };
        return keptOr<QuantizeOutcome>(
            m_run, m_options.cache, {"quantize", quantizeKey()},
            [&](const EventSink &sink) { return quantizeNow(sink); }, encode, decode);
    }

    std::string quantizeKey() const
    {
        std::string choices(presetName(m_settings.preset));
        for (const auto &[layer, choice] : m_settings.layers)
            choices += "\n" + layer + "\n" + std::to_string(choice.bits.value_or(0)) + " " +
                       choice.observer.value_or("");
        for (const auto &end : m_cut.ends)
            choices += "\n" + std::string(endNodeRoleName(end.role));
        return digestOfParts({m_calibrationKey, choices});
    }

    Result<QuantizeOutcome> quantizeNow(const EventSink &sink)
    {
        // They were kept by the calibration, unless that came from the cache.
        if (m_settings.preset != Preset::fast && m_rehearsalInputs.empty()) {
            auto inputs = loadRehearsalInputs(calibrationRequest(), m_run.stop());
            if (!inputs)
                return passOn(std::move(inputs));
            m_rehearsalInputs = std::move(*inputs);
        }
        return runQuantization({.graph = m_deviceGraph,
                                .statistics = m_calibration->outcome.statistics,
                                .plans = m_plans,
                                .ends = m_cut.ends,
                                .channelScales = m_calibration->scales,
                                .samples = m_rehearsalInputs,
                                .sampleChannels = m_calibration->rehearsalChannels,
                                .settings = m_settings},
                               m_run.stop(), sink);
    }

    Result<void> map()
    {
        auto done = m_run.run(
            [&] {
                return keptOr<Mapping>(
                    m_run, m_options.cache, {"map", mappingKey()},
                    [&](const EventSink &sink) {
                        return mapToDevice(
                            *m_quantized->graph, m_bits, m_device,
                            {.contexts = m_settings.contexts, .seed = m_settings.seed},
                            m_run.stop(), sink);
                    },
                    encodeMapping,
                    [&](std::span<const std::byte> bytes) {
                        return decodeMapping(bytes, *m_quantized->graph);
                    });
            },
            [](const Mapping &mapping) { return count(mapping.contexts.size(), "context"); });
        if (!done)
            return passOn(std::move(done));
        m_mapping = std::move(*done);
        if (m_options.fillsLock)
            lockStage("map", sha256Hex(encodeMapping(m_mapping)));
        const auto contexts = std::to_string(m_mapping.contexts.size());
        m_run.enter(
            {"contexts", m_settings.contexts ? std::to_string(*m_settings.contexts) : "automatic",
             contexts,
             m_settings.contexts ? "" : "the fastest predicted mapping on " + m_device.title});
        m_run.enter({"partition iterations", "automatic", std::to_string(m_mapping.iterations),
                     "until new execution orders did not help; the seed repeats them"});
        return {};
    }

    // Weights do not move a partition, but the graph's digest is at hand.
    std::string mappingKey() const
    {
        if (!m_options.cache)
            return {};
        std::string facts = m_device.id + " " + std::to_string(m_settings.contexts.value_or(0)) +
                            " " + std::to_string(m_settings.seed);
        for (const int bits : m_bits)
            facts += bits == 8 ? "b" : "w";
        return digestOfParts({m_build, m_graphDigest, facts});
    }

    Result<void> generate()
    {
        auto done = m_run.run([&] { return generateNow(); },
                              [](const Bytes &bytes) { return count(bytes.size(), "byte"); });
        if (!done)
            return passOn(std::move(done));
        m_bytes = std::move(*done);
        if (m_options.fillsLock)
            lockStage("generate", sha256Hex(m_bytes));
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
                                            .calibrationSamples = m_sampleCount,
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
                if (auto written = writeFiles(); !written)
                    return passOn(std::move(written));
                return sha256Hex(m_bytes);
            },
            [&](const std::string &) { return m_output.filename().string(); });
        if (!done)
            return passOn(std::move(done));
        m_sha256 = *done;
        return {};
    }

    Result<void> writeFiles() const
    {
        if (!m_options.writesFiles)
            return {};
        if (auto written = writeFileAtomically(m_output, m_bytes); !written)
            return written;
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
        report.peakRssBytes = peakMemoryOfProcess();
        report.lock = {.toolVersion = toolVersion,
                       .build = m_build,
                       .isa = effectiveInstructionSet(),
                       .modelSha256 = sha256HexOfFile(m_settings.model).value_or(""),
                       .labelsSha256 = m_settings.labels.empty()
                                           ? std::string()
                                           : sha256HexOfFile(m_settings.labels).value_or(""),
                       .calibration = lockedFiles(),
                       .frozenFile = {},
                       .frozenSha256 = {},
                       .stages = m_stageDigests,
                       .effective = m_run.ledger(),
                       .resultSha256 = m_sha256};
        result.frozen = std::move(m_frozen);
        send(m_sink, ConversionFinished{m_output.string(), m_sha256, m_bytes.size(), true});
        return result;
    }

    // Pictures that were used; of an array, its file.
    std::vector<std::pair<std::string, std::string>> lockedFiles() const
    {
        if (!m_calibration || !m_set || m_set->isArray())
            return m_calibrationFiles;
        return m_calibration->outcome.samples;
    }

    const ConversionSettings &m_settings;
    const ConversionOptions &m_options;
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
    std::optional<CalibratedNetwork> m_calibration;
    std::size_t m_sampleCount = 0;
    std::vector<std::vector<Tensor>> m_rehearsalInputs;
    std::string m_build, m_graphDigest, m_calibrationKey;
    std::vector<std::pair<std::string, std::string>> m_calibrationFiles;
    std::vector<StageDigest> m_stageDigests;
    Bytes m_frozen;
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

std::uint64_t peakMemoryOfProcess()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

Result<ConversionResult> convert(const ConversionSettings &settings, std::stop_token stop,
                                 const EventSink &sink, const ConversionOptions &options)
{
    if (settings.backend == BackendKind::vendor)
        return convertWithVendor(settings, options.vendor, std::move(stop), sink);
    return BuiltinConversion(settings, options, std::move(stop), sink).run();
}

std::string reportJson(const ConversionResult &result, const ConversionSettings &settings)
{
    using Json = nlohmann::ordered_json;
    const auto &report = result.report;
    Json json;
    json["tool"] = {{"name", toolName}, {"version", toolVersion}};
    json["model"] = settings.model.filename().string();
    json["arch"] = settings.arch;
    json["emulation"] = report.isEmulation;
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
    if (!report.vendorJson.empty())
        if (auto vendor = parseJson(report.vendorJson, "vendor"))
            json["vendor"] = std::move(*vendor);
    return jsonText(json) + "\n";
}

} // namespace hefstudio
