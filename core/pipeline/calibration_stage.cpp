// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/calibration_stage.h"

#include "base/hash.h"
#include "base/thread_pool.h"

#include <algorithm>

namespace hefstudio {
namespace {

// What the published tools calibrate with when nothing is said; fewer make ranges a matter of luck.
constexpr std::size_t wantedSamples = 64;

class CalibrationStage {
public:
    CalibrationStage(const CalibrationRequest &request, const EventSink &sink)
        : m_request(request), m_sink(sink)
    {
    }

    Result<CalibrationOutcome> run(const std::stop_token &stop)
    {
        const bool isRehearsal = m_request.rehearsalSamples > 0;
        if (!isRehearsal)
            reportIgnoredFiles();
        if (auto chosen = chooseSamples(stop); !chosen)
            return passOn(std::move(chosen));
        const std::size_t usable = m_samples.size();
        std::vector<std::size_t> indices = takeShard();
        if (isRehearsal)
            thinOut();
        std::vector<std::string> digests(m_samples.size());
        std::vector<std::vector<Tensor>> kept(m_request.keepInputs ? m_samples.size() : 0);
        auto statistics = collectStatistics(
            m_request.graph, m_samples.size(),
            [&](std::size_t index) -> Result<std::vector<Tensor>> {
                auto digest = digestOf(m_samples[index]);
                if (!digest)
                    return passOn(std::move(digest));
                digests[index] = std::move(*digest);
                auto inputs = loadInputs(m_samples[index]);
                if (inputs && m_request.keepInputs)
                    kept[index] = *inputs;
                return inputs;
            },
            {.threads = m_request.threads,
             .isa = m_request.isa,
             .scales = m_request.scales,
             .nameOf = [&](std::size_t index) { return m_request.set.nameOf(m_samples[index]); }},
            stop,
            isRehearsal ? EventSink() : m_sink);
        if (!statistics)
            return passOn(std::move(statistics));
        CalibrationOutcome outcome{.statistics = std::move(*statistics),
                                   .inputs = std::move(kept),
                                   .sampleIndices = std::move(indices),
                                   .usableSamples = usable};
        for (std::size_t i = 0; i < m_samples.size(); ++i)
            outcome.samples.emplace_back(m_request.set.relativeNameOf(m_samples[i]),
                                         std::move(digests[i]));
        if (!isRehearsal && m_request.shard.count == 1)
            reportCount();
        return outcome;
    }

    Result<std::vector<std::vector<Tensor>>> load(const std::stop_token &stop)
    {
        if (auto usable = chooseSamples(stop); !usable)
            return passOn(std::move(usable));
        thinOut();
        std::vector<std::vector<Tensor>> all;
        for (const std::size_t sample : m_samples) {
            if (stop.stop_requested())
                return fail(Diagnostic("cancelled"));
            auto inputs = loadInputs(sample);
            if (!inputs)
                return passOn(std::move(inputs));
            all.push_back(std::move(*inputs));
        }
        return all;
    }

private:
    void reportIgnoredFiles()
    {
        const auto &ignored = m_request.set.ignoredFiles();
        if (!ignored.empty())
            send(m_sink,
                 DiagnosticRaised{Diagnostic("calib.not-a-picture",
                                             Place{.file = ignored.front().parent_path().string()})
                                      .with("count", static_cast<std::int64_t>(ignored.size()))
                                      .with("first", ignored.front().filename().string())
                                      .as(Severity::warning)});
    }

    // All samples; with `skip`, those that can be loaded. Looking first costs one decoding more,
    // but the pass that counts then never has to start again.
    Result<void> chooseSamples(const std::stop_token &stop)
    {
        const auto &set = m_request.set;
        std::vector<Diagnostics> faults(set.size());
        if (m_request.onBadImage == BadImagePolicy::skip && !set.isArray()) {
            ThreadPool pool(m_request.threads);
            if (!pool.forEach(
                    set.size(),
                    [&](std::size_t index, int) {
                        if (auto image = loadImage(set.pictures()[index]); !image)
                            faults[index] = std::move(image.error());
                    },
                    stop))
                return fail(Diagnostic("cancelled"));
        }
        for (std::size_t i = 0; i < set.size(); ++i) {
            if (faults[i].empty())
                m_samples.push_back(i);
            else if (m_request.rehearsalSamples == 0)
                send(m_sink,
                     DiagnosticRaised{Diagnostic("calib.skipped-picture", faults[i].front().place)
                                          .as(Severity::warning)});
        }
        if (m_samples.empty())
            return fail(Diagnostic("calib.empty", Place{.file = set.source().string()})
                            .with("ignored", static_cast<std::int64_t>(set.size())));
        return {};
    }

    // Which of the usable samples stay.
    std::vector<std::size_t> takeShard()
    {
        std::vector<std::size_t> indices, kept;
        for (std::size_t i = m_request.shard.index; i < m_samples.size();
             i += m_request.shard.count) {
            indices.push_back(i);
            kept.push_back(m_samples[i]);
        }
        m_samples = std::move(kept);
        return indices;
    }

    void thinOut()
    {
        const std::size_t count = std::min(m_request.rehearsalSamples, m_samples.size());
        std::vector<std::size_t> kept;
        for (std::size_t i = 0; i < count; ++i)
            kept.push_back(m_samples[i * m_samples.size() / count]);
        m_samples = std::move(kept);
    }

    Result<std::string> digestOf(std::size_t sample) const
    {
        if (m_request.set.isArray())
            return std::string();
        if (sample < m_request.digests.size() && !m_request.digests[sample].second.empty())
            return m_request.digests[sample].second;
        return sha256HexOfFile(m_request.set.pictures()[sample]);
    }

    Result<std::vector<Tensor>> loadInputs(std::size_t sample) const
    {
        std::vector<Tensor> inputs;
        for (const auto &plan : m_request.plans.inputs) {
            auto raw = m_request.set.load(sample, plan.inputName, plan.shape, plan.preprocess);
            if (!raw)
                return passOn(std::move(raw));
            inputs.push_back(raw->toFloat32());
        }
        return inputs;
    }

    void reportCount()
    {
        const auto used = m_samples.size();
        LedgerRow row{"calibration", std::to_string(m_request.set.size()) + " samples",
                      std::to_string(used) + " samples", ""};
        if (used < m_request.set.size())
            row.why = std::to_string(m_request.set.size() - used) + " could not be decoded";
        if (used < wantedSamples)
            row = {"calibration", std::to_string(wantedSamples) + " samples or more", row.used,
                   "the set holds no more; ranges from few samples may clip what comes later"};
        if (m_request.set.isRandom()) {
            row = {"calibration", std::to_string(wantedSamples) + " pictures",
                   row.used + " of noise",
                   "asked with --calib random: ranges, biases and accuracy are those of noise"};
            send(m_sink,
                 DiagnosticRaised{Diagnostic("calib.random").as(Severity::warning)});
        }
        send(m_sink, LedgerEntry{row});
    }

    const CalibrationRequest &m_request;
    const EventSink &m_sink;
    std::vector<std::size_t> m_samples; // indices into the set
};

} // namespace

InstructionSet instructionSetFromName(std::string_view name)
{
    return name == "avx2"     ? InstructionSet::avx2
           : name == "avx512" ? InstructionSet::avx512
                              : InstructionSet::automatic;
}

Result<CalibrationOutcome> runCalibration(const CalibrationRequest &request, std::stop_token stop,
                                          const EventSink &sink)
{
    return CalibrationStage(request, sink).run(stop);
}

Result<std::vector<std::vector<Tensor>>> loadRehearsalInputs(const CalibrationRequest &request,
                                                             std::stop_token stop)
{
    const EventSink silent;
    return CalibrationStage(request, silent).load(stop);
}

} // namespace hefstudio
