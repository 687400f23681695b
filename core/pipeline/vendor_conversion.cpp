// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/vendor_conversion.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/version.h"
#include "pipeline/vendor_job.h"
#include "recipe/recipe.h"
#include "vendor/toolchain_search.h"
#include "vendor/vendor_run.h"

#include <algorithm>
#include <chrono>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char *exportStage = "export";
constexpr const char *finishStage = "finish";

// One row of stages over the parts that know nothing of each other: numbers them, times them, and
// keeps what the run lowered.
class VendorStages {
public:
    explicit VendorStages(const EventSink &sink) : m_listener(sink) {}

    EventSink sink()
    {
        return [this](const Event &event) { take(event); };
    }
    void started(const char *stage) { take(StageStarted{stage, 0, 0}); }
    void finished(const char *stage, std::string summary)
    {
        take(StageFinished{stage, 0, std::move(summary), false});
    }
    const Ledger &ledger() const { return m_ledger; }
    const std::vector<StageTime> &times() const { return m_times; }

private:
    static int indexOf(std::string_view stage)
    {
        if (stage == exportStage)
            return 0;
        const auto found = std::ranges::find(vendorStages, stage);
        return 1 + static_cast<int>(found - vendorStages.begin());
    }

    void take(const Event &event)
    {
        constexpr int count = static_cast<int>(vendorStages.size()) + 2;
        if (const auto *started = std::get_if<StageStarted>(&event)) {
            m_start = Clock::now();
            send(m_listener, StageStarted{started->stage, indexOf(started->stage), count});
        } else if (const auto *finished = std::get_if<StageFinished>(&event)) {
            const std::chrono::duration<double> seconds = Clock::now() - m_start;
            m_times.push_back({finished->stage, seconds.count()});
            send(m_listener, StageFinished{finished->stage, seconds.count(), finished->summary,
                                           finished->fromCache});
        } else {
            if (const auto *entry = std::get_if<LedgerEntry>(&event))
                m_ledger.push_back(entry->row);
            send(m_listener, event);
        }
    }

    const EventSink &m_listener;
    Clock::time_point m_start = Clock::now();
    Ledger m_ledger;
    std::vector<StageTime> m_times;
};

std::string figure(double value)
{
    return std::to_string(static_cast<long long>(value + 0.5));
}

Result<FinishedVendorRun> takeResult(const fs::path &job, const fs::path &output,
                                     const std::vector<VendorLayerNoise> &loggedNoise,
                                     VendorStages &stages)
{
    stages.started(finishStage);
    auto result = readVendorResult(job, output.string());
    if (!result)
        return passOn(std::move(result));
    if (result->noise.empty())
        result->noise = loggedNoise;
    const auto sink = stages.sink();
    for (const auto &warning : result->warnings)
        send(sink, DiagnosticRaised{warning});
    if (auto written = writeFileAtomically(output, result->hef); !written)
        return passOn(std::move(written));
    FinishedVendorRun run{.result = std::move(*result),
                          .sha256 = {},
                          .ledger = {},
                          .stages = {}};
    run.sha256 = sha256Hex(run.result.hef);
    std::string summary = output.filename().string();
    for (const auto &row : run.result.comparison)
        summary += ", " + row.what + " " + figure(row.found) + " (predicted " +
                   figure(row.predicted) + ")";
    stages.finished(finishStage, std::move(summary));
    send(sink, ConversionFinished{output.string(), run.sha256, run.result.hef.size(), false});
    run.ledger = stages.ledger();
    run.stages = stages.times();
    return run;
}

Result<FinishedVendorRun> followToTheEnd(const VendorRun &run, const fs::path &output,
                                         const VendorBackend &backend, std::stop_token stop,
                                         VendorStages &stages)
{
    const auto sink = stages.sink();
    const auto end = followVendorRun(run, backend.limit, stop, sink);
    if (!end)
        return std::unexpected(end.error());
    return takeResult(run.job, output, end->facts.noise, stages);
}

LedgerRow toolchainRow(const VendorBackend &backend, const Toolchain &toolchain)
{
    std::string used = toolchain.name;
    if (!toolchain.compilerVersion.empty())
        used += ", compiler " + toolchain.compilerVersion;
    return {"toolchain",
            backend.toolchain.empty() ? std::string(LedgerRow::automatic) : backend.toolchain,
            std::move(used),
            backend.toolchain.empty() ? "the first of the list that serves the chip"
                                      : "the version as it was when the toolchain was added"};
}

} // namespace

fs::path vendorJobFolder(const fs::path &output)
{
    fs::path folder = output;
    folder += ".job";
    return folder;
}

fs::path defaultChipOutput(const fs::path &model)
{
    fs::path output = model;
    return output.replace_extension(".hef");
}

Result<FinishedVendorRun> finishVendorRun(const fs::path &job, const fs::path &output,
                                          const VendorBackend &backend, std::stop_token stop,
                                          const EventSink &sink)
{
    const auto run = attachVendorRun(job);
    if (!run)
        return std::unexpected(run.error());
    VendorStages stages(sink);
    auto finished = followToTheEnd(*run, output, backend, stop, stages);
    std::error_code error;
    // A work folder of `hefc convert` has done its duty; a job of the user's own stays.
    if (finished && fs::equivalent(vendorJobFolder(output), run->job, error) && !error)
        fs::remove_all(run->job, error);
    return finished;
}

Result<FinishedVendorRun> importVendorRun(const fs::path &job, const fs::path &output,
                                          const EventSink &sink)
{
    VendorStages stages(sink);
    std::vector<VendorLayerNoise> noise;
    // Its log, where it came along, tells what the run lowered.
    if (const auto log = readTextFile(vendorResultsFolder(job) / "console.log",
                                      {.maxBytes = std::uint64_t(256) << 20})) {
        VendorLogTracker tracker(stages.sink());
        tracker.feed(*log);
        tracker.finish();
        noise = tracker.facts().noise;
    }
    return takeResult(job, output, noise, stages);
}

Result<void> completeRecipe(const fs::path &file, const FinishedVendorRun &run,
                            const Toolchain &toolchain)
{
    auto recipe = readRecipe(file);
    if (!recipe)
        return passOn(std::move(recipe));
    const auto model = sha256HexOfFile(recipe->settings.model);
    if (!model)
        return std::unexpected(model.error());
    if (*model != run.result.sourceModelSha256)
        return fail(Diagnostic("vendor.result-of-another-job", Place{.file = file.string()})
                        .with("what", std::string("model")));
    recipe->lock = RecipeLock{.toolVersion = toolVersion,
                              .isa = {},
                              .modelSha256 = *model,
                              .calibration = run.result.calibration,
                              .effective = run.ledger,
                              .resultSha256 = run.sha256,
                              .compiler = run.result.compiler,
                              .imageDigest = toolchain.imageDigest};
    return writeRecipe(file, *recipe);
}

Result<ConversionResult> convertWithVendor(const ConversionSettings &settings,
                                           const VendorBackend &backend, std::stop_token stop,
                                           const EventSink &sink)
{
    const fs::path output =
        settings.output.empty() ? defaultChipOutput(settings.model) : settings.output;
    const fs::path job = vendorJobFolder(output);
    const auto arch = vendorChip(settings.arch);
    if (!arch)
        return std::unexpected(arch.error());
    const auto known = readToolchains(backend.listFile.empty() ? toolchainListFile()
                                                               : backend.listFile);
    if (!known)
        return std::unexpected(known.error());
    const auto toolchain = chooseToolchain(*known, backend.toolchain, *arch);
    if (!toolchain)
        return std::unexpected(toolchain.error());
    for (const auto &file : {output, settings.archive})
        if (!file.empty())
            if (auto writable = checkWritable(file); !writable)
                return passOn(std::move(writable));
    // Before its files are replaced under a compiler that reads them.
    if (isVendorRunActive(job))
        return fail(Diagnostic("vendor.run-active", Place{.file = job.string()}));
    VendorRunRequest request{.job = job,
                             .toolchain = *toolchain,
                             .isRootless = false,
                             .usesGpu = backend.usesGpu,
                             .resumes = true};
    if (toolchain->isContainer()) {
        const auto engine = probeEngine(toolchain->kind, stop);
        if (!engine.isRunning)
            return fail(Diagnostic("vendor.engine-unusable")
                            .with("engine", std::string(toolchainKindName(toolchain->kind)))
                            .with("reason", engine.isInstalled ? engine.trouble
                                                               : std::string("not installed")));
        request.isRootless = engine.isRootless;
    }

    VendorStages stages(sink);
    const auto listener = stages.sink();
    send(listener, LedgerEntry{toolchainRow(backend, *toolchain)});
    auto exported = exportVendorJob(settings, job, stop, listener);
    if (!exported)
        return passOn(std::move(exported));
    for (const auto &warning : exported->warnings)
        send(listener, DiagnosticRaised{warning});
    const auto run = startVendorRun(request);
    if (!run)
        return std::unexpected(run.error());
    auto finished = followToTheEnd(*run, output, backend, stop, stages);
    if (!finished)
        return passOn(std::move(finished));
    if (!settings.archive.empty() && !finished->result.archive.empty()) {
        const auto archive = readFile(finished->result.archive);
        if (!archive)
            return std::unexpected(archive.error());
        if (auto written = writeFileAtomically(settings.archive, *archive); !written)
            return passOn(std::move(written));
    }
    std::error_code error; // a folder that stays costs space, not the result
    fs::remove_all(job, error);

    ConversionResult result{.file = output, .report = {}};
    auto &report = result.report;
    report.isEmulation = false;
    report.stages = std::move(finished->stages);
    report.ledger = finished->ledger;
    report.outputs = finished->result.outputs;
    report.contexts = finished->result.contexts;
    report.predictedFps = finished->result.compilerFps;
    report.bytes = finished->result.hef.size();
    report.sha256 = finished->sha256;
    report.peakRssBytes = peakMemoryOfProcess();
    report.vendorJson = vendorResultJson(finished->result, -1);
    report.lock = {.toolVersion = toolVersion,
                   .isa = {},
                   .modelSha256 = exported->sourceModelSha256,
                   .calibration = exported->calibrationFiles,
                   .effective = report.ledger,
                   .resultSha256 = finished->sha256,
                   .compiler = finished->result.compiler,
                   .imageDigest = toolchain->imageDigest};
    return result;
}

} // namespace hefstudio
