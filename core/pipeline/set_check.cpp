// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/set_check.h"

#include "base/diagnostic_json.h"
#include "calibration/repair.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <set>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::size_t> allOf(const CalibrationSet &set)
{
    std::vector<std::size_t> samples(set.size());
    std::iota(samples.begin(), samples.end(), std::size_t(0));
    return samples;
}

// Which samples the network is shown: an even choice of the set, and those whose colours speak most
// against their order.
struct Shown {
    std::vector<std::size_t> samples; // sorted
    std::vector<std::size_t> even;
};

Shown chooseShown(const SetLooks &looks)
{
    constexpr std::size_t most = 48; // of each kind
    const std::size_t count = looks.samples.size();
    Shown shown;
    for (std::size_t i = 0; i < std::min(most, count); ++i)
        shown.even.push_back(i * count / std::min(most, count));
    std::vector<std::size_t> suspects;
    for (std::size_t i = 0; i < count; ++i)
        if (looks.samples[i].measures && looks.samples[i].measures->colorOrder < 0)
            suspects.push_back(i);
    std::ranges::sort(suspects, {}, [&](std::size_t i) {
        return looks.samples[i].measures->colorOrder;
    });
    suspects.resize(std::min(most, suspects.size()));
    std::set<std::size_t> all(shown.even.begin(), shown.even.end());
    all.insert(suspects.begin(), suspects.end());
    shown.samples.assign(all.begin(), all.end());
    return shown;
}

class Check {
public:
    Check(const CalibrationSet &set, const SetCheckOptions &options, const EventSink &sink)
        : m_set(set), m_options(options), m_sink(sink)
    {
    }

    Result<SetCheck> run(const std::stop_token &stop)
    {
        const auto start = std::chrono::steady_clock::now();
        std::optional<NetworkInput> network;
        if (!m_options.settings.model.empty()) {
            auto opened = networkInputFor(m_set, m_options.settings);
            if (!opened)
                return passOn(std::move(opened));
            network = std::move(*opened);
        }
        auto looks = lookAtSet(m_set, m_options.threads, stop, m_sink);
        if (!looks)
            return passOn(std::move(looks));
        SetCheck check{.looks = std::move(*looks), .findings = {}, .weighed = {}};
        SetLooks reference;
        JudgeOptions how;
        if (network)
            how.inputs = network->expected;
        if (!m_options.reference.empty()) {
            auto seen = lookAtReference(stop);
            if (!seen)
                return passOn(std::move(seen));
            reference = std::move(*seen);
            how.reference = &reference;
        }
        check.findings = judge(m_set, check.looks, allOf(m_set), how);
        if (network)
            if (auto weighed = weigh(check, *network, stop); !weighed)
                return passOn(std::move(weighed));
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        check.seconds = seconds.count();
        return check;
    }

private:
    Result<SetLooks> lookAtReference(const std::stop_token &stop)
    {
        const auto set = CalibrationSet::open(m_options.reference);
        if (!set)
            return std::unexpected(set.error());
        return lookAtSet(*set, m_options.threads, stop, m_sink);
    }

    // What the network finds decides where the colours alone could only suspect.
    Result<void> weigh(SetCheck &check, const NetworkInput &network, const std::stop_token &stop)
    {
        const bool hasForm = std::ranges::any_of(check.findings, [](const Finding &finding) {
            return finding.diagnostic.id == "calib.layout-nchw" ||
                   finding.diagnostic.id.ends_with("-mismatch");
        });
        if (hasForm || network.plans.inputs.size() != 1)
            return {};
        const Shown shown = chooseShown(check.looks);
        const auto evidence = weighForms(network.network, m_set, network.plans, shown.samples,
                                         m_options.threads, stop);
        if (!evidence)
            return std::unexpected(evidence.error());
        if (evidence->empty())
            return {};
        check.weighed = evidence->size();
        std::vector<FormEvidence> even;
        for (const FormEvidence &each : *evidence)
            if (std::ranges::binary_search(shown.even, each.sample))
                even.push_back(each);
        Diagnostics whole = judgeForms(even, m_set, network.plans.inputs.front());
        const bool isWholeSwapped = std::ranges::any_of(
            whole, [](const Diagnostic &d) { return d.id == "calib.channel-order"; });
        if (isWholeSwapped) {
            std::erase_if(check.findings, [](const Finding &finding) {
                return finding.diagnostic.id == "calib.channel-order-suspected";
            });
        } else {
            judgeSingles(check, *evidence);
        }
        std::vector<Finding> found;
        for (Diagnostic &diagnostic : whole)
            found.push_back({std::move(diagnostic), {}});
        const auto notes = std::ranges::find_if(check.findings, [](const Finding &finding) {
            return finding.diagnostic.severity == Severity::note;
        });
        check.findings.insert(notes, found.begin(), found.end());
        return {};
    }

    // Single pictures whose colours and whose findings both speak for the other order.
    void judgeSingles(SetCheck &check, const std::vector<FormEvidence> &evidence)
    {
        std::vector<std::size_t> samples;
        for (const FormEvidence &each : evidence) {
            const auto &measures = check.looks.samples[each.sample].measures;
            constexpr double muchMore = 1.25;
            constexpr double least = 0.4;
            constexpr double leaning = -0.05;
            if (measures && measures->colorOrder < leaning &&
                each.swapped > each.asGiven * muchMore && each.swapped - each.asGiven > least)
                samples.push_back(each.sample);
        }
        if (samples.empty())
            return;
        Finding finding{Diagnostic("calib.channel-order-samples",
                                   Place{.file = m_set.source().string()})
                            .as(Severity::warning)
                            .with("count", static_cast<std::int64_t>(samples.size()))
                            .with("first", m_set.relativeNameOf(samples.front()))
                            .withFix({"leave-out-samples",
                                      {{"finding", "calib.channel-order-samples"},
                                       {"count", std::to_string(samples.size())}}}),
                        samples};
        check.findings.insert(check.findings.begin(), std::move(finding));
    }

    const CalibrationSet &m_set;
    const SetCheckOptions &m_options;
    const EventSink &m_sink;
};

Json spreadJson(std::vector<double> values)
{
    std::ranges::sort(values);
    const auto at = [&values](double share) {
        const double value =
            values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
        return std::round(value * 1000) / 1000;
    };
    return {{"least", at(0)}, {"median", at(0.5)}, {"most", at(1)}};
}

Json statisticsJson(const SetLooks &looks)
{
    std::vector<double> widths, heights, brightness, contrast, blur, color;
    for (const SampleLook &look : looks.samples) {
        if (!look.measures)
            continue;
        const PictureMeasures &m = *look.measures;
        widths.push_back(m.width);
        heights.push_back(m.height);
        brightness.push_back(m.mean);
        contrast.push_back(m.contrast);
        blur.push_back(m.blur);
        color.push_back(m.colorOrder);
    }
    Json json = Json::object();
    if (widths.empty())
        return json;
    json["width"] = spreadJson(std::move(widths));
    json["height"] = spreadJson(std::move(heights));
    json["brightness"] = spreadJson(std::move(brightness));
    json["contrast"] = spreadJson(std::move(contrast));
    json["blur"] = spreadJson(std::move(blur));
    json["color_order"] = spreadJson(std::move(color));
    return json;
}

Json classesJson(const SetLabels &labels)
{
    std::size_t count = labels.names.size();
    for (const auto &classes : labels.classes)
        if (classes && !classes->empty())
            count = std::max(count, static_cast<std::size_t>(classes->back()) + 1);
    std::vector<std::int64_t> pictures(count);
    for (const auto &classes : labels.classes)
        if (classes)
            for (const int index : *classes)
                ++pictures[static_cast<std::size_t>(index)];
    Json list = Json::array();
    for (std::size_t i = 0; i < count; ++i)
        list.push_back({{"index", i},
                        {"name", labels.nameOf(static_cast<int>(i))},
                        {"pictures", pictures[i]}});
    return list;
}

} // namespace

Result<NetworkInput> networkInputFor(const CalibrationSet &set, const ConversionSettings &settings)
{
    auto imported = importModel(settings.model, settings.inputShapes);
    if (!imported)
        return passOn(std::move(imported));
    auto cut = cutForDevice(*imported, settings);
    if (!cut)
        return passOn(std::move(cut));
    auto plans = planInputs(*cut->device, set, settings);
    if (!plans)
        return passOn(std::move(plans));
    auto expected = expectedInputs(*plans, settings);
    return NetworkInput{std::move(*cut), std::move(*plans), std::move(expected)};
}

bool SetCheck::isFine() const
{
    return std::ranges::all_of(findings, [](const Finding &finding) {
        return finding.diagnostic.severity == Severity::note;
    });
}

Result<SetCheck> checkSet(const CalibrationSet &set, const SetCheckOptions &options,
                          std::stop_token stop, const EventSink &sink)
{
    return Check(set, options, sink).run(stop);
}

Result<std::vector<Fix>> repairSet(const CalibrationSet &set, const SetCheckOptions &options,
                                   const std::filesystem::path &target, std::stop_token stop,
                                   const EventSink &sink)
{
    std::vector<Fix> made;
    CalibrationSet current = set;
    // Each round sees what the one before hid; layout, range and colours make three.
    constexpr int rounds = 4;
    for (int round = 0; round < rounds; ++round) {
        const auto check = checkSet(current, options, stop, sink);
        if (!check)
            return std::unexpected(check.error());
        std::vector<Fix> fixes;
        for (const Finding &finding : check->findings)
            for (const Fix &fix : finding.diagnostic.fixes)
                if (isRepair(fix) &&
                    std::ranges::find(fixes, fix.kind, &Fix::kind) == fixes.end())
                    fixes.push_back(fix);
        if (fixes.empty())
            break;
        // The file being read is mapped; the new one takes its name when it is whole.
        if (auto written = repairArray(current, fixes, target, stop, sink); !written)
            return passOn(std::move(written));
        made.insert(made.end(), fixes.begin(), fixes.end());
        auto reopened = CalibrationSet::open(target);
        if (!reopened)
            return passOn(std::move(reopened));
        current = std::move(*reopened);
    }
    return made;
}

std::string setCheckJson(const CalibrationSet &set, const SetCheck &check)
{
    Json json{{"source", set.source().string()},
              {"kind", set.isArray() ? "array" : "pictures"},
              {"samples", set.size()},
              {"fine", check.isFine()},
              {"allows",
               {{"calibration", set.size() >= samplesToCalibrate},
                {"tuning", set.size() >= samplesToTune}}},
              {"findings", Json::array()}};
    for (const Finding &finding : check.findings) {
        Json entry = toJson(finding.diagnostic);
        entry["samples"] = Json::array();
        for (const std::size_t sample : finding.samples)
            entry["samples"].push_back(set.relativeNameOf(sample));
        json["findings"].push_back(std::move(entry));
    }
    json["statistics"] = statisticsJson(check.looks);
    if (check.looks.labels)
        json["classes"] = classesJson(*check.looks.labels);
    if (check.weighed)
        json["weighed_by_network"] = *check.weighed;
    json["seconds"] = check.seconds;
    return jsonText(json);
}

} // namespace hefstudio
